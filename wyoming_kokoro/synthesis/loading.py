"""Loads engines: a model and the settings in, an engine out, which follows what `check` has found
and may ask for voices to calibrate with.
"""

import logging
from collections.abc import Callable, Sequence

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.statistics import packaged_table
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import (
    CalibrationSentence,
    calibration_sentences,
)
from wyoming_kokoro.engines.onnx.compiled.halved import halved_stages
from wyoming_kokoro.engines.onnx.compiled.reduced import log_calibration, reduced_stages
from wyoming_kokoro.engines.onnx.compiled.stages import prepared_stages
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.engines.onnx.single_file import SingleFileEngine
from wyoming_kokoro.engines.precision import Precision, Reduction, chosen_half, chosen_reduction
from wyoming_kokoro.engines.threads import usable_cores
from wyoming_kokoro.engines.torch.engine import TorchEngine
from wyoming_kokoro.engines.torch.model import choose_device
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import (
    BadModelFile,
    BadVoiceFile,
    ConfigurationError,
    ModelUnavailable,
)
from wyoming_kokoro.models.checkpoint import is_single_file
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.sample_voices import fetch_sample_voices, sample_voices, voices_of
from wyoming_kokoro.voices.packs import Pack, pack_key

log = logging.getLogger(__name__)


def load_engine(
    kind: select.Kind,
    model: InstalledModel,
    settings: Settings,
    check_cancelled: Callable[[], None],
    verdicts: Verdicts,
) -> Engine:
    """Load the weights of `model` into an engine of this kind.

    Takes seconds, and some more when a model is compiled the first time, or a minute when int8 is
    calibrated; `check_cancelled` is called now and then meanwhile and may raise to end it.
    `verdicts` are what settings that say `auto` follow.

    Raises:
        ModelUnavailable: the weights cannot be loaded.
        ConfigurationError: the device asked for is not there.
    """
    if kind == "stand-in":
        raise ConfigurationError("the stand-in speaks without a model")
    if kind == "torch":
        device = choose_device(settings.device)
        half = chosen_half("torch", settings.precision, device, {})
        return TorchEngine(model.checkpoint, model.architecture, device, _threads(settings), half)
    runtime = Runtime(_threads(settings), settings.device, settings.provider)
    try:
        loader = _OnnxLoader(model, settings, runtime, check_cancelled)
    except BadModelFile as error:
        if not is_single_file(model.checkpoint):
            raise
        return _as_one_file(model, settings, runtime, error)
    return _load_onnx(loader, settings, verdicts)


def _as_one_file(
    model: InstalledModel, settings: Settings, runtime: Runtime, reason: BadModelFile
) -> Engine:
    """Load an export whose weights are not known as the one graph that it is."""
    name = model.checkpoint.name
    if settings.precision not in ("auto", "fp32"):
        raise ConfigurationError(
            f"--precision {settings.precision} cannot be had of {name}, which speaks in the "
            f"numbers that it was published with ({reason}): leave --precision away"
        )
    engine = SingleFileEngine(model.checkpoint, 1 + max(model.vocabulary.values()), runtime)
    log.info("%s speaks as the one graph that it is, whole sentences: %s", name, reason)
    return engine


def load_to_try(
    model: InstalledModel,
    settings: Settings,
    precision: Precision,
    on_line: Callable[[str], None] = log_calibration,
) -> Engine:
    """Load an engine for a trial of `precision`, whatever was found out about it: in integers on
    the processor, else on the device of `settings`.

    `on_line` is told how far the calibration is, if there is to be one.

    Raises:
        ModelUnavailable: it cannot be calibrated or converted, kept or loaded.
    """
    runtime = (
        Runtime(_threads(settings))
        if isinstance(precision, Reduction)
        else Runtime(_threads(settings), settings.device, settings.provider)
    )
    return _OnnxLoader(model, settings, runtime, lambda: None).load(precision, on_line)


def _load_onnx(loader: "_OnnxLoader", settings: Settings, verdicts: Verdicts) -> OnnxEngine:
    """Load the engine in what the settings and the verdicts choose. Where `auto` chose, and it
    cannot be had, a warning says so and float32 speaks."""
    device = loader.usable_device()
    chosen = chosen_half("onnx", settings.precision, device, verdicts)
    precision = chosen or chosen_reduction(settings.precision, device, verdicts)
    try:
        return loader.load(precision)
    except (ModelUnavailable, BadVoiceFile) as error:
        if precision is None or settings.precision != "auto":
            raise
        name = "int8" if device == "cpu" else "fp16"
        log.warning("%s was found good here, but cannot be had, and fp32 speaks: %s", name, error)
    return loader.load(None)


class _OnnxLoader:
    """Loads the stages of a checkpoint on one device, compiling them first where they are not."""

    def __init__(
        self,
        model: InstalledModel,
        settings: Settings,
        runtime: Runtime,
        check_cancelled: Callable[[], None],
    ) -> None:
        self._model = model
        self._settings = settings
        self._runtime = runtime
        self._check_cancelled = check_cancelled
        self._stages = prepared_stages(
            model.checkpoint,
            model.sha256(),
            model.architecture,
            settings.data_dir / "cache",
            check_cancelled,
        )

    def usable_device(self) -> str:
        """Return what the stages will run on: a device that is asked for may turn out to be of no
        use only when something is loaded there."""
        if self._runtime.device != "cpu":
            remedy = f"delete {self._stages.folder} to build it anew"
            self._runtime.load(self._stages.path("prosody"), remedy)
        return self._runtime.device

    def load(
        self, precision: Precision, on_line: Callable[[str], None] = log_calibration
    ) -> OnnxEngine:
        """Return an engine whose decoder computes in `precision`; `on_line` is as for
        `reduced_stages`."""
        stages = self._stages
        if isinstance(precision, Reduction):
            stages = reduced_stages(
                stages, precision, self._sentences, self._check_cancelled, on_line
            )
        elif precision:
            stages = halved_stages(stages, self._check_cancelled)
        learned = self._settings.data_dir / "cache" / "statistics" / stages.fingerprint[:16]
        predictor = StatisticsPredictor(packaged_table(stages.fingerprint), learned)
        return OnnxEngine(stages, self._runtime, predictor)

    def _sentences(self) -> Sequence[CalibrationSentence]:
        return sentences_to_calibrate_with(self._model, self._settings, self._check_cancelled)


def _threads(settings: Settings) -> int:
    return settings.threads or usable_cores()


def sentences_to_calibrate_with(
    model: InstalledModel,
    settings: Settings,
    check_cancelled: Callable[[], None],
    least: int = 0,
) -> list[CalibrationSentence]:
    """Return sentences in the sample voices of `model`, at least so many where there is a voice."""
    packs = packs_to_calibrate_with(model, settings, check_cancelled)
    return calibration_sentences(model, {pack_key(pack): pack for pack in packs}, least)


def packs_to_calibrate_with(
    model: InstalledModel, settings: Settings, check_cancelled: Callable[[], None]
) -> list[Pack]:
    """Return the sample voices of `model`, fetched first where that may be; what cannot be had
    is left out, and a warning tells of it."""

    def progress(doing: str) -> None:
        check_cancelled()
        log.info("%s, to calibrate int8 with", doing)

    trouble = fetch_sample_voices(model, settings, progress)
    store, packs = voices_of(model, settings), []
    for name in sample_voices(store.names(), model.version.default_voice):
        try:
            packs.append(store.pack(store.resolve(name)))
        except BadVoiceFile as error:
            log.warning("%s; int8 is calibrated without it", error)
    if trouble:
        log.warning("int8 is calibrated with %d voices only: %s", len(packs), trouble)
    return packs
