"""Whether the nodes of a fleet are alike: Home Assistant takes what it is told of a server for its
entities, and rebuilds them whenever that differs, as it would with every node that answers.
"""

import logging
from collections.abc import Iterable

from wyoming.info import Info

from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network.client import describe

_LOG = logging.getLogger(__name__)

_NAMED = 8
"""Voices in a line of the log."""


def differences(mine: Info, theirs: Info) -> list[str]:
    """Return in what two answers to `describe` differ, for people; nothing if in nothing."""
    if mine.to_dict() == theirs.to_dict():
        return []
    told = []
    versions = _versions(mine), _versions(theirs)
    if versions[0] != versions[1]:
        told.append(f"the version is {versions[0]} here and {versions[1]} there")
    here, there = _voices(mine), _voices(theirs)
    for where, names in (("only here", here - there), ("only there", there - here)):
        if names:
            told.append(f"{where}: {_some(names)}")
    return told or ["the voices have other languages or descriptions"]


async def warn_of_differences(uri: str, mine: Info) -> None:
    """Log a warning if who answers at `uri`, another node or the balancer, describes itself in
    another way than `mine`."""
    try:
        theirs = await describe(uri)
    except KokoroError as error:
        _LOG.info("nobody of the fleet answers yet, so nothing is compared: %s", error)
        return
    told = differences(mine, theirs)
    for difference in told:
        _LOG.warning("the fleet at %s differs from this node: %s", uri, difference)
    if not told:
        _LOG.info("the fleet at %s describes itself as this node does", uri)


def _versions(info: Info) -> str:
    return ", ".join(str(program.version) for program in info.tts)


def _voices(info: Info) -> set[str]:
    return {voice.name for program in info.tts for voice in program.voices}


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return ", ".join(ordered[:_NAMED]) + more
