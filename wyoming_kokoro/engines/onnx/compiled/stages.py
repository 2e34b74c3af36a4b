"""The stages of a checkpoint on disk: built once, in a process of its own, and found again.

A folder of stages is named after what it was made from and by, and appears whole or not at all.
"""

import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from wyoming_kokoro.engines.kokoro.facts import Facts
from wyoming_kokoro.engines.kokoro.source import HarmonicSource
from wyoming_kokoro.engines.onnx.compiled.build_once import build_once, read_manifest
from wyoming_kokoro.engines.onnx.compiled.subprocess import run_subprocess
from wyoming_kokoro.errors import BadModelFile, DownloadFailed, ModelUnavailable
from wyoming_kokoro.models.part import storage_failure

log = logging.getLogger(__name__)

StageName = Literal["text", "prosody", "front", "generator"]


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """The stages of one checkpoint, ready to load."""

    folder: Path

    facts: Facts

    instead: Mapping[StageName, Path] = field(default_factory=dict)
    """Stages of reduced precision, to be used in place of those in the folder."""

    precision: str = "fp32"
    """What the decoder computes in; the rest always does in fp32."""

    def path(self, name: StageName) -> Path:
        """Return the graph of a stage; its weights lie beside or in it."""
        return self.instead.get(name, self.folder / f"{name}.onnx")

    @property
    def remedy(self) -> str:
        """What to do about a stage that does not load."""
        return f"delete {self.folder} to build it anew"


def prepared_stages(
    checkpoint: Path,
    sha256: str,
    architecture: Mapping[str, Any],
    cache: Path,
    check_cancelled: Callable[[], None] = lambda: None,
) -> Stages:
    """Return the stages of `checkpoint` from the folder `cache`, building them if they are not
    there, or not as they were written.

    `sha256` is that of the checkpoint and `architecture` its `config.json`. Building takes
    some seconds; `check_cancelled` is called twice a second meanwhile, and may raise to end it.
    Two processes that start at once build once.

    Raises:
        BadModelFile: the checkpoint is damaged or not of this architecture.
        ModelUnavailable: the stages cannot be built or kept; the disk may be full.
    """
    name = f"{sha256[:16]}-{_builder(architecture)[:8]}"
    folder = cache / name

    def build(draft: Path) -> None:
        if folder.exists():
            log.warning("%s is damaged and is built again", folder)
        log.info("compiling %s for this machine", checkpoint.name)
        begin = time.monotonic()
        _run_builder(checkpoint, architecture, draft, check_cancelled)
        for old in cache.glob(f"{sha256[:16]}-*"):  # what other versions of the builder made
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)
        log.info("compiled %s in %.1f s", checkpoint.name, time.monotonic() - begin)

    try:
        return build_once(folder, found_stages, build, cache, check_cancelled)
    except (OSError, DownloadFailed) as error:  # the latter, as the lock tells of a bad disk
        trouble = storage_failure(error, cache) if isinstance(error, OSError) else error
        raise ModelUnavailable(f"{checkpoint.name} could not be compiled: {trouble}") from error


def _builder(architecture: Mapping[str, Any]) -> str:
    """Return a digest of all that stages depend on besides the weights: the architecture, and the
    code of this package."""
    digest = hashlib.sha256(_as_json(architecture).encode())
    for source in builder_sources():
        digest.update(source.read_bytes())
    return digest.hexdigest()


def builder_sources() -> list[Path]:
    """Return the code that what is built depends on: of the network's definition, and of what
    writes it."""
    home = Path(__file__).parent.parent
    return sorted(path for part in ("graph", "compiled") for path in (home / part).glob("*.py"))


def _as_json(architecture: Mapping[str, Any]) -> str:
    return json.dumps(architecture, sort_keys=True, default=dict)


def found_stages(folder: Path) -> Stages | None:
    """Return the stages in `folder`, None where they are not there or not whole."""
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    try:
        source = manifest["source"]
        source["weight"] = np.asarray(source["weight"], np.float32)
        facts = Facts(
            tokens=manifest["tokens"],
            source=HarmonicSource(**source),
            channels=manifest["channels"],
            fingerprint=manifest["fingerprint"],
        )
        return Stages(folder, facts)
    except (ValueError, TypeError, KeyError):
        return None


def _run_builder(
    checkpoint: Path,
    architecture: Mapping[str, Any],
    folder: Path,
    check_cancelled: Callable[[], None],
) -> None:
    """Run the builder as a process of its own; see `__main__`."""
    paths = [str(path.absolute()) for path in (checkpoint, folder)]
    refusals: list[str] = []
    trouble = run_subprocess(
        "wyoming_kokoro.engines.onnx.compiled",
        [*paths, _as_json(architecture)],
        check_cancelled,
        refusals.append,
    )
    if refusals:
        raise BadModelFile(" ".join(refusals))
    if trouble:
        raise ModelUnavailable(
            f"{checkpoint} could not be compiled: {trouble}; see that there is memory for it, and "
            f"room in {folder.parent}"
        )
