"""What `wyoming-kokoro check` found out about a model on this machine: kept in the cache folder,
followed by the settings that say `auto`.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

BREATHS = "breaths"
"""Subject: sentences that are voiced in breaths, the decoder's front on each breath alone."""

WHOLE_FRONT = "breaths-whole-front"
"""Subject: sentences that are voiced in breaths, the decoder's front on the whole sentence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something that is faster sounds as good as what it stands for."""

    passed: bool

    reason: str
    """What was measured, in words."""

    keep: tuple[str, ...] = ()
    """Of reduced precision: the generator's modules that it passed without, as
    `decoder.generator.resblocks.5`."""


def verdict(cache_folder: Path, sha256: str, subject: str) -> Verdict | None:
    """Return what was found out about `subject`, None if that was not checked by this engine.

    `sha256` is that of the checkpoint; a subject is `BREATHS`, `WHOLE_FRONT`, or the name of a
    scheme of reduced precision.
    """
    return _read(_file(cache_folder, sha256)).get(subject)


def keep_verdicts(cache_folder: Path, sha256: str, verdicts: Mapping[str, Verdict]) -> None:
    """Keep `verdicts` by subject, in place of what was found out about these before. What older
    engines found out is forgotten.

    Raises:
        OSError: they cannot be written.
    """
    file = _file(cache_folder, sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {**_read(file), **verdicts}
    content = {subject: asdict(kept[subject]) for subject in sorted(kept)}
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    draft.replace(file)
    for old in file.parent.glob(f"{sha256[:16]}-*.json"):
        if old != file:
            old.unlink(missing_ok=True)


def _file(cache_folder: Path, sha256: str) -> Path:
    return cache_folder / "verdicts" / f"{sha256[:16]}-{_engine_version()[:8]}.json"


def _read(file: Path) -> dict[str, Verdict]:
    """Return the verdicts in `file`; none where it is missing or damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        content = json.loads(file.read_text(encoding="utf-8"))
        return {
            subject: Verdict(**{**found, "keep": tuple(found.get("keep", ()))})
            for subject, found in content.items()
        }
    return {}


@cache
def _engine_version() -> str:
    """Return a digest of the code that voices: what was found out about other code is no proof."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
