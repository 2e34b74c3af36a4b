"""Loads engines: a model and the settings in, an engine out, which follows what `check` has found
and may ask for voices to calibrate with.
"""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.facts import Facts, facts_of
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.statistics import packaged_table
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import REMEDY, quickest_precision, usable_library
from wyoming_kokoro.engines.native.network import NativeNetwork
from wyoming_kokoro.engines.native.text import text_shape
from wyoming_kokoro.engines.native.weights import generator_shape
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import (
    CalibrationSentence,
    calibration_sentences,
)
from wyoming_kokoro.engines.onnx.compiled.halved import halved_stages
from wyoming_kokoro.engines.onnx.compiled.stages import Stages, prepared_stages
from wyoming_kokoro.engines.onnx.network import onnx_engine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.engines.onnx.single_file import SingleFileEngine
from wyoming_kokoro.engines.precision import Half, Native, chosen_half, chosen_native
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
from wyoming_kokoro.models.checkpoint import is_single_file, read_checkpoint
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

    Takes a second or two, and some more when a model is compiled the first time; `check_cancelled`
    is called now and then meanwhile and may raise to end it. `verdicts` are what settings that say
    `auto` follow.

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
    loader = _Loader(model, settings, check_cancelled)
    try:
        if (kind == "native" or _makes_do(loader, settings)) and _is_known(model, settings):
            return loader.native(_native_precision(settings, verdicts))
        return _load_onnx(loader, settings, verdicts)
    except BadModelFile as error:
        if not is_single_file(model.checkpoint):
            raise
        return _as_one_file(model, settings, error)


def _makes_do(loader: "_Loader", settings: Settings) -> bool:
    """Return whether a device that `auto` chose turns out to be of no use, so that the processor
    does the work."""
    auto = settings.engine == settings.device == "auto" and not settings.provider
    return auto and usable_library() is not None and loader.usable_device() == "cpu"


def _is_known(model: InstalledModel, settings: Settings) -> bool:
    """Return whether the native library is written for the network of `model`.

    Raises:
        ModelUnavailable: it is not, and nothing else may speak.
    """
    try:
        generator_shape(model.architecture)
        text_shape(model.architecture)
    except ModelUnavailable as error:
        if settings.engine == "native":
            raise
        _require_onnx(str(error))
        log.warning("%s: ONNX Runtime speaks", error)
        return False
    return True


def _require_onnx(reason: str) -> None:
    """Return if ONNX Runtime can do what the native engine cannot.

    Raises:
        ModelUnavailable: it is not installed.
    """
    if select.missing("onnx"):
        raise ModelUnavailable(
            f"{reason}; ONNX Runtime can speak with it: {select.REMEDIES['onnx']}"
        )


def _native_precision(settings: Settings, verdicts: Verdicts) -> Native:
    library = usable_library()
    quickest = quickest_precision(library) if library else "fp32"
    return chosen_native(settings.precision, quickest, verdicts)


def _as_one_file(model: InstalledModel, settings: Settings, reason: BadModelFile) -> Engine:
    """Load an export whose weights are not known as the one graph that it is."""
    name = model.checkpoint.name
    if settings.precision not in ("auto", "fp32"):
        raise ConfigurationError(
            f"--precision {settings.precision} cannot be had of {name}, which speaks in the "
            f"numbers that it was published with ({reason}): leave --precision away"
        )
    _require_onnx(f"{name} speaks only as the one graph that it is ({reason})")
    runtime = _runtime(settings)
    engine = SingleFileEngine(model.checkpoint, 1 + max(model.vocabulary.values()), runtime)
    log.info("%s speaks as the one graph that it is, whole sentences: %s", name, reason)
    return engine


def load_to_try(
    model: InstalledModel, settings: Settings, precision: Literal["fp16"] | Native
) -> Engine:
    """Load an engine for a trial of `precision`, whatever was found out about it: natively on the
    processor, or in halves on the device of `settings`.

    Raises:
        ModelUnavailable: it cannot be had, or not be converted, kept or loaded.
    """
    loader = _Loader(model, settings, lambda: None)
    if precision == "fp16":
        return loader.onnx(precision)
    engine = loader.native(precision)
    if engine.precision != precision:
        engine.close()
        raise ModelUnavailable(f"the ranges that {precision} needs are not known of this model yet")
    return engine


def _load_onnx(loader: "_Loader", settings: Settings, verdicts: Verdicts) -> KokoroEngine:
    """Load the engine in what the settings and the verdicts choose. Where `auto` chose, and it
    cannot be had, a warning says so and float32 speaks."""
    device = loader.usable_device()
    half = chosen_half("onnx", settings.precision, device, verdicts)
    try:
        return loader.onnx(half)
    except ModelUnavailable as error:
        if half is None or settings.precision != "auto":
            raise
        log.warning("fp16 was found good here, but cannot be had, and fp32 speaks: %s", error)
    return loader.onnx(None)


class _Loader:
    """Loads a checkpoint; for ONNX Runtime it is compiled first, where it is not yet."""

    def __init__(
        self, model: InstalledModel, settings: Settings, check_cancelled: Callable[[], None]
    ) -> None:
        self._model = model
        self._settings = settings
        self._check_cancelled = check_cancelled

    def native(self, precision: Native) -> KokoroEngine:
        """Return a native engine that computes in `precision`; in fp32 as long as
        the ranges that it needs are not known."""
        library = usable_library()
        if library is None:
            raise ModelUnavailable(f"there is no native library: {REMEDY}")
        facts = facts_of(self._model.architecture, self._weights())
        predictor = self._predictor(facts)
        if precision != "fp32" and predictor.ranges is None:
            log.info(
                "%s needs to know how large the values of this model become, which its first "
                "sentences teach, from the next start on: fp32 speaks until then",
                precision,
            )
            precision = "fp32"
        network = NativeNetwork(
            library,
            self._model.architecture,
            self._weights,
            _threads(self._settings),
            precision,
            predictor.ranges,
        )
        return KokoroEngine(facts, network, predictor)

    def onnx(self, half: Half | None) -> KokoroEngine:
        """Return an engine that runs on ONNX Runtime, its decoder in `half` precision."""
        stages = self._stages()
        if half:
            stages = halved_stages(stages, self._check_cancelled)
        return onnx_engine(stages, self._runtime, self._predictor(stages.facts))

    def usable_device(self) -> str:
        """Return what the stages will run on: a device that is asked for may turn out to be of no
        use only when something is loaded there."""
        if self._runtime.device != "cpu":
            stages = self._stages()
            self._runtime.load(stages.path("prosody"), stages.remedy)
        return self._runtime.device

    @cached_property
    def _runtime(self) -> Runtime:
        return _runtime(self._settings)

    def _stages(self) -> Stages:
        return prepared_stages(
            self._model.checkpoint,
            self._model.sha256(),
            self._model.architecture,
            self._settings.data_dir / "cache",
            self._check_cancelled,
        )

    def _weights(self) -> Weights:
        """Return the weights, read anew, as `NativeNetwork` wants them; those of an export are read
        once: that takes 0.2 s, and it is small."""
        return self._export if is_single_file(self._model.checkpoint) else self._read()

    @cached_property
    def _export(self) -> Weights:
        return self._read()

    def _read(self) -> Weights:
        return Weights(read_checkpoint(self._model.checkpoint))

    def _predictor(self, facts: Facts) -> StatisticsPredictor:
        learned = self._settings.data_dir / "cache" / "statistics" / facts.fingerprint[:16]
        return StatisticsPredictor(packaged_table(facts.fingerprint), learned)


def _runtime(settings: Settings) -> Runtime:
    return Runtime(_threads(settings), settings.device, settings.provider)


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
        log.info("%s, to calibrate with", doing)

    trouble = fetch_sample_voices(model, settings, progress)
    store, packs = voices_of(model, settings), []
    for name in sample_voices(store.names(), model.version.default_voice):
        try:
            packs.append(store.pack(store.resolve(name)))
        except BadVoiceFile as error:
            log.warning("%s; the model is calibrated without it", error)
    if trouble:
        log.warning("the model is calibrated with %d voices only: %s", len(packs), trouble)
    return packs
