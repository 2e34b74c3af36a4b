"""Loads engines: a model and the settings in, an engine out, which follows what `check` has found
and may ask for voices to calibrate with.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.precision import Reduction
from wyoming_kokoro.engines.threads import usable_cores
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.sample_voices import fetch_handful, handful, voices_of
from wyoming_kokoro.voices.packs import Pack

if TYPE_CHECKING:
    from wyoming_kokoro.engines.onnx.compiled.stages import Stages

log = logging.getLogger(__name__)


_MANNERS: Mapping[select.Breathing, str] = {
    "breaths": "in breaths",
    "whole-front": "in breaths, with the decoder's front on the whole: check has found that best",
    "whole": "whole",
}
"""How sentences are voiced, for the log."""


def are_voiced_in_breaths(
    version: ModelVersion, kind: select.Kind, settings: Settings, verdicts: Verdicts
) -> bool:
    """Return whether the sentences of `version` are voiced piece by piece; the log tells how."""
    breathing = select.breathing(kind, settings, verdicts)
    log.info("%s: sentences are voiced %s", version.name, _MANNERS[breathing])
    return breathing != "whole"


def load_engine(
    kind: select.Kind,
    model: InstalledModel,
    settings: Settings,
    waiting: Callable[[], None],
    verdicts: Verdicts,
) -> Engine:
    """Load an engine; see `select.load`."""
    packs = partial(packs_to_calibrate_with, model, settings, waiting)
    return select.load(kind, model, settings, waiting, packs, verdicts)


def load_in_integers(
    model: InstalledModel, settings: Settings, reduction: Reduction, told: Callable[[str], None]
) -> Engine:
    """Load an engine in integers for a trial on the processor, whatever was found out about it.

    `told` hears how far the calibration is, if there is to be one.

    Raises:
        ModelUnavailable: it cannot be calibrated, kept or loaded.
    """
    from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import Spoken, sentences
    from wyoming_kokoro.engines.onnx.compiled.reduced import reduced_stages
    from wyoming_kokoro.engines.onnx.engine import OnnxEngine
    from wyoming_kokoro.engines.onnx.sessions import Runtime

    def spoken() -> Sequence[Spoken]:
        return sentences(model, packs_to_calibrate_with(model, settings, lambda: None))

    reduced = reduced_stages(_stages(model, settings), reduction, spoken, told=told)
    return OnnxEngine(reduced, Runtime(settings.threads or usable_cores()))


def load_in_halves(model: InstalledModel, settings: Settings) -> Engine:
    """Load an engine in fp16 for a trial on its device, whatever was found out about it.

    Raises:
        ModelUnavailable: it cannot be converted, kept or loaded.
    """
    from wyoming_kokoro.engines.onnx.compiled.halved import halved_stages
    from wyoming_kokoro.engines.onnx.engine import OnnxEngine
    from wyoming_kokoro.engines.onnx.sessions import Runtime

    threads = settings.threads or usable_cores()
    halved = halved_stages(_stages(model, settings))
    return OnnxEngine(halved, Runtime(threads, settings.device, settings.provider))


def _stages(model: InstalledModel, settings: Settings) -> "Stages":
    from wyoming_kokoro.engines.onnx.compiled.stages import prepared_stages

    cache = settings.data_dir / "cache"
    return prepared_stages(model.checkpoint, model.sha256(), model.architecture, cache)


def packs_to_calibrate_with(
    model: InstalledModel, settings: Settings, waiting: Callable[[], None]
) -> list[Pack]:
    """Return a handful of voices of `model`, fetched first where that may be; what cannot be had
    is left out, and a warning tells of it."""

    def progress(doing: str) -> None:
        waiting()
        log.info("%s, to calibrate int8 with", doing)

    trouble = fetch_handful(model, settings, progress)
    store, packs = voices_of(model, settings), []
    for name in handful(store.names(), model.version.default_voice):
        try:
            packs.append(store.pack(store.resolve(name)))
        except BadVoiceFile as error:
            log.warning("%s; int8 is calibrated without it", error)
    if trouble:
        log.warning("int8 is calibrated with %d voices only: %s", len(packs), trouble)
    return packs
