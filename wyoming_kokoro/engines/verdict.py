"""What `wyoming-kokoro check` found out about a model on this machine: kept in the cache folder,
followed by the settings that say `auto`.

A verdict counts for what it was found out about and by: the checkpoint, the code that voices, and
the yardstick, which is a digest of whatever decides a check. Where one of them is another, it
counts no more, and the log tells to check again.
"""

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

BREATHS = "breaths"
"""Subject: sentences that are voiced in breaths."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something that is faster sounds as good as what it stands for."""

    passed: bool

    reason: str
    """What was measured, in words."""


Verdicts = Mapping[str, Verdict]
"""By subject: `BREATHS`, or a type of numbers, `int8`, `fp16-cuda`."""


def kept_verdicts(cache_folder: Path, sha256: str, yardstick: str) -> Verdicts:
    """Return what was found out about the checkpoint with this sha256; nothing where it was not
    checked, or was by another engine or yardstick, of which a warning tells."""
    content = _read(_file(cache_folder, sha256))
    if not content:
        return {}
    if content.get("measured by") != _measured_by(yardstick):
        log.warning(
            "what `wyoming-kokoro check` found out about this model was measured by another "
            "version of this program and counts no more: run it again. Until then settings that "
            "say auto are as on a model that was never checked"
        )
        return {}
    return _verdicts(content)


def keep_verdicts(cache_folder: Path, sha256: str, yardstick: str, verdicts: Verdicts) -> None:
    """Keep `verdicts` in place of what was found out about their subjects before. What other
    engines or yardsticks found out is forgotten.

    Raises:
        OSError: they cannot be written.
    """
    file, measured_by = _file(cache_folder, sha256), _measured_by(yardstick)
    before = _read(file)
    known = _verdicts(before) if before.get("measured by") == measured_by else {}
    kept = {**known, **verdicts}
    content = {
        "measured by": measured_by,
        "verdicts": {subject: asdict(kept[subject]) for subject in sorted(kept)},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    draft.replace(file)


def _file(cache_folder: Path, sha256: str) -> Path:
    return cache_folder / "verdicts" / f"{sha256}.json"


def _read(file: Path) -> dict[str, Any]:
    """Return what `file` holds; nothing where it is missing or damaged."""
    with contextlib.suppress(OSError, ValueError):
        content = json.loads(file.read_text(encoding="utf-8"))
        return content if isinstance(content, dict) else {}
    return {}


def _verdicts(content: Mapping[str, Any]) -> dict[str, Verdict]:
    """Return the verdicts in a file; none where it is damaged."""
    with contextlib.suppress(KeyError, TypeError, AttributeError):
        return {subject: Verdict(**found) for subject, found in content["verdicts"].items()}
    return {}


def _measured_by(yardstick: str) -> dict[str, str]:
    return {"engine": _engine_version(), "yardstick": yardstick}


@cache
def _engine_version() -> str:
    """Return a digest of the code that builds and voices, and of its tables: what was found out
    about others is no proof."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*")):
        if source.suffix in (".py", ".cpp", ".h", ".npz"):
            digest.update(source.read_bytes())
    return digest.hexdigest()
