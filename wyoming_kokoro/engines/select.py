"""Which engine speaks: from what was asked for and what is installed to a loaded engine."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.plan import Floats
from wyoming_kokoro.engines.precision import chosen_reduction
from wyoming_kokoro.engines.threads import usable_cores
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, verdict
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models.installed import SINGLE_FILE, InstalledModel

if TYPE_CHECKING:
    from wyoming_kokoro.engines.sessions import Runtime

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
        ConfigurationError: the engine or the device asked for is not installed.
    """
    kind, why = _choose(settings)
    if kind == "onnx" and (settings.device == "cuda" or settings.provider):
        from wyoming_kokoro.engines.sessions import Runtime

        Runtime(1, settings.device, settings.provider)  # refuses what is not installed
    return kind, why


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
) -> Engine:
    """Load the weights of `model` into an engine of this kind.

    Takes seconds, and some more when a model is compiled the first time, or a minute when int8 is
    calibrated; `waiting` is called now and then meanwhile and may raise to end it. `packs` gives
    voices to calibrate with, (rows, 256) each.

    Raises:
        ModelUnavailable: the weights cannot be loaded.
        ConfigurationError: the device asked for is not there.
    """
    threads = settings.threads or usable_cores()
    single = model.checkpoint.suffix.lower() == SINGLE_FILE
    if kind == "onnx":
        from wyoming_kokoro.engines.sessions import Runtime

        runtime = Runtime(threads, settings.device, settings.provider)
        if single:
            from wyoming_kokoro.engines.single_file import SingleFileEngine

            symbols = 1 + max(model.vocabulary.values())
            return SingleFileEngine(model.checkpoint, symbols, runtime)
        return _load_onnx(model, settings, runtime, waiting, packs)
    if single:
        raise ConfigurationError(f"{model.checkpoint} needs the engine onnx: use --engine onnx")
    if kind == "torch":
        from wyoming_kokoro.engines.torch_engine import TorchEngine

        return TorchEngine(model.checkpoint, model.architecture, settings.device, threads)
    raise ConfigurationError("the stand-in speaks without a model")


def breathing(kind: Kind, model: InstalledModel, settings: Settings) -> Breathing:
    """Return how sentences are voiced: as `--breaths` says, or as was found best for the model.

    May read the whole checkpoint once, to tell which it is.
    """
    if settings.breaths != "auto":
        return "breaths" if settings.breaths == "on" else "whole"
    cache, sha256 = settings.data_dir / "cache", model.sha256()
    found = verdict(cache, sha256, BREATHS)
    if found is None or found.passed:
        return "breaths"
    front = verdict(cache, sha256, WHOLE_FRONT)
    return "whole-front" if kind == "onnx" and front and front.passed else "whole"


def _load_onnx(
    model: InstalledModel,
    settings: Settings,
    runtime: "Runtime",
    waiting: Callable[[], None],
    packs: Callable[[], Sequence[Floats]],
) -> Engine:
    from wyoming_kokoro.engines.graph.reduced import reduced_stages
    from wyoming_kokoro.engines.graph.rehearsal import sentences
    from wyoming_kokoro.engines.graph.stages import prepared_stages
    from wyoming_kokoro.engines.onnx_engine import OnnxEngine

    cache = settings.data_dir / "cache"
    sha256 = model.sha256()
    reduction = chosen_reduction(settings.precision, runtime.device, cache, sha256)
    stages = prepared_stages(model.checkpoint, sha256, model.architecture, cache, waiting)
    if reduction:
        stages = reduced_stages(stages, reduction, lambda: sentences(model, packs()), waiting)
    engine = OnnxEngine(stages, runtime)
    engine.whole_front = breathing("onnx", model, settings) == "whole-front"
    return engine


def _missing(kind: str) -> list[str]:
    return [name for name in _NEEDS[kind] if find_spec(name) is None]


def _require(kind: str) -> None:
    if missing := _missing(kind):
        raise ConfigurationError(
            f"--engine {kind} needs the package {missing[0]}: {_REMEDIES[kind]}"
        )
