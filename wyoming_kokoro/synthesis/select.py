"""Which engine speaks: from what was asked for and what is installed to a loaded engine."""

import logging
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.precision import check_half, chosen_half, chosen_reduction
from wyoming_kokoro.engines.threads import usable_cores
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdicts
from wyoming_kokoro.errors import BadVoiceFile, ConfigurationError, ModelUnavailable
from wyoming_kokoro.models.installed import InstalledModel, is_single_file

if TYPE_CHECKING:
    from wyoming_kokoro.engines.onnx.compiled.stages import Stages
    from wyoming_kokoro.engines.onnx.sessions import Runtime

log = logging.getLogger(__name__)

Kind = Literal["onnx", "torch", "stand-in"]

Breathing = Literal["breaths", "whole-front", "whole"]
"""How sentences are voiced: in breaths, each by itself; in breaths, but with the decoder's front on
the whole sentence; whole."""

_NEEDS = {"onnx": ("onnxruntime", "onnx"), "torch": ("kokoro", "torch")}
"""The packages that an engine is made of."""

_REMEDIES = {
    "onnx": "pip install onnxruntime onnx",
    "torch": "pip install 'wyoming-kokoro[torch]'",
}


def choose(settings: Settings) -> tuple[Kind, str]:
    """Return the engine to use for the model, and why; loads nothing.

    Raises:
        ConfigurationError: the engine or the device asked for is not installed, or it cannot do
            what another setting asks for.
    """
    kind, why = _choose(settings)
    if asked := next(_for_onnx_alone(kind, settings), None):
        remedy = "use --engine onnx" if settings.engine == kind else _REMEDIES["onnx"]
        raise ConfigurationError(
            f"{asked} is for the engine onnx, and {kind} is to speak ({why}): "
            f"{remedy}, or leave {asked} away"
        )
    if kind == "onnx":
        _try_onnx(settings)
    if kind == "torch":
        check_half(kind, settings.precision, settings.device)
    return kind, why


def _for_onnx_alone(kind: Kind, settings: Settings) -> Iterator[str]:
    """Yield the settings that an engine of this kind cannot follow."""
    if kind == "onnx":
        return
    if settings.precision == "int8":
        yield "--precision int8"
    if settings.provider:
        yield f"--provider {settings.provider}"
    if kind == "stand-in" and settings.precision in ("fp16", "bf16"):
        yield f"--precision {settings.precision}"
    if kind == "stand-in" and settings.device == "cuda":
        yield "--device cuda"
    if kind == "torch" and settings.checkpoint and is_single_file(settings.checkpoint):
        yield f"--checkpoint {settings.checkpoint}"


def _try_onnx(settings: Settings) -> None:
    """Return if ONNX Runtime has the device and can do there what is asked for.

    Raises:
        ConfigurationError: it has not, or cannot.
    """
    precision, file = settings.precision, settings.checkpoint
    reduced = precision not in ("auto", "fp32")
    if reduced and file and is_single_file(file):
        raise ConfigurationError(
            f"--precision {precision} cannot be had of {file}, which has the numbers that it was "
            "published with: give --checkpoint a .pth file, or leave --precision away"
        )
    if reduced or settings.device == "cuda" or settings.provider:
        from wyoming_kokoro.engines.onnx.sessions import Runtime

        runtime = Runtime(1, settings.device, settings.provider)  # refuses what is not installed
        check_half("onnx", precision, runtime.device)
        chosen_reduction(precision, runtime.device, {})


def _choose(settings: Settings) -> tuple[Kind, str]:
    if settings.engine == "stand-in":
        return "stand-in", "it was asked for"
    if settings.engine != "auto":
        _require(settings.engine)
        return settings.engine, "it was asked for"
    if not _missing("onnx"):
        return "onnx", "it is the best that is installed"
    if not _missing("torch"):
        return "torch", "onnxruntime is not installed"
    return "stand-in", f"no other is installed ({_REMEDIES['onnx']})"


def load(
    kind: Kind,
    model: InstalledModel,
    settings: Settings,
    waiting: Callable[[], None],
    packs: Callable[[], Sequence[Floats]] = tuple,
    verdicts: Verdicts | None = None,
) -> Engine:
    """Load the weights of `model` into an engine of this kind.

    Takes seconds, and some more when a model is compiled the first time, or a minute when int8 is
    calibrated; `waiting` is called now and then meanwhile and may raise to end it. `packs` gives
    voices to calibrate with, (rows, 256) each; `verdicts` are what settings that say `auto` follow.

    Raises:
        ModelUnavailable: the weights cannot be loaded.
        ConfigurationError: the device asked for is not there.
    """
    threads = settings.threads or usable_cores()
    if kind == "onnx":
        from wyoming_kokoro.engines.onnx.sessions import Runtime

        runtime = Runtime(threads, settings.device, settings.provider)
        if is_single_file(model.checkpoint):
            from wyoming_kokoro.engines.onnx.single_file import SingleFileEngine

            symbols = 1 + max(model.vocabulary.values())
            return SingleFileEngine(model.checkpoint, symbols, runtime)
        return _load_onnx(model, settings, runtime, waiting, packs, verdicts or {})
    if kind == "torch":
        from wyoming_kokoro.engines.torch.engine import TorchEngine
        from wyoming_kokoro.engines.torch.model import choose_device

        device = choose_device(settings.device)
        half = chosen_half("torch", settings.precision, device, {})
        return TorchEngine(model.checkpoint, model.architecture, device, threads, half)
    raise ConfigurationError("the stand-in speaks without a model")


def breathing(kind: Kind, settings: Settings, verdicts: Verdicts) -> Breathing:
    """Return how sentences are voiced: as `--breaths` says, or as was found best for the model."""
    if settings.breaths != "auto":
        return "breaths" if settings.breaths == "on" else "whole"
    found, front = verdicts.get(BREATHS), verdicts.get(WHOLE_FRONT)
    if found is None or found.passed:
        return "breaths"
    return "whole-front" if kind == "onnx" and front and front.passed else "whole"


def _load_onnx(
    model: InstalledModel,
    settings: Settings,
    runtime: "Runtime",
    waiting: Callable[[], None],
    packs: Callable[[], Sequence[Floats]],
    verdicts: Verdicts,
) -> Engine:
    from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import sentences
    from wyoming_kokoro.engines.onnx.compiled.halved import halved_stages
    from wyoming_kokoro.engines.onnx.compiled.reduced import reduced_stages
    from wyoming_kokoro.engines.onnx.compiled.stages import prepared_stages
    from wyoming_kokoro.engines.onnx.engine import OnnxEngine

    def engine(stages: "Stages") -> OnnxEngine:
        loaded = OnnxEngine(stages, runtime)
        loaded.whole_front = breathing("onnx", settings, verdicts) == "whole-front"
        return loaded

    cache = settings.data_dir / "cache"
    stages = prepared_stages(model.checkpoint, model.sha256(), model.architecture, cache, waiting)
    _prove(runtime, stages)
    precision, device = settings.precision, runtime.device
    try:
        if chosen_half("onnx", precision, device, verdicts):
            return engine(halved_stages(stages, waiting))
        if reduction := chosen_reduction(precision, device, verdicts):
            return engine(
                reduced_stages(stages, reduction, lambda: sentences(model, packs()), waiting)
            )
    except (ModelUnavailable, BadVoiceFile) as error:
        if precision != "auto":
            raise
        name = "int8" if device == "cpu" else "fp16"
        log.warning("%s was found good here, but cannot be had, and fp32 speaks: %s", name, error)
    return engine(stages)


def _prove(runtime: "Runtime", stages: "Stages") -> None:
    """Have `runtime` find out whether its device can be used: what is chosen next depends on it."""
    if runtime.device != "cpu":
        runtime.load(stages.path("prosody"), f"delete {stages.folder} to build it anew")


def _missing(kind: str) -> list[str]:
    return [name for name in _NEEDS[kind] if find_spec(name) is None]


def _require(kind: str) -> None:
    if missing := _missing(kind):
        raise ConfigurationError(
            f"--engine {kind} needs the package {missing[0]}: {_REMEDIES[kind]}"
        )
