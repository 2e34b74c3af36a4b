"""Which engine speaks, and how: settings, what is installed and what `check` has found in, the kind
of engine and of breathing out. Nothing is loaded here.
"""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.native import library
from wyoming_kokoro.engines.precision import check_half
from wyoming_kokoro.engines.verdict import BREATHS, Verdicts
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models import starter
from wyoming_kokoro.models.catalog import version_named

Kind = Literal["native", "onnx", "torch", "stand-in"]
"""`native` and `onnx` are one engine on two networks: that of `engines/native`, and the one that
ONNX Runtime runs."""

_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    "onnx": ("onnxruntime", "onnx"),
    "torch": ("kokoro", "torch"),
}
"""The packages that an engine is made of. The native one needs its library alone, and those of ONNX
Runtime only for models that it is not written for."""

REMEDIES: Mapping[Kind, str] = {
    "native": library.REMEDY,
    "onnx": "pip install onnxruntime onnx",
    "torch": "pip install 'wyoming-kokoro[torch]'",
}
"""What to do where an engine is not installed."""


def choose(settings: Settings) -> tuple[Kind, str]:
    """Return the engine to use for the model, and why; loads no model.

    Raises:
        ConfigurationError: the engine or the device asked for is not installed, or it cannot do
            what another setting asks for.
    """
    check_weights(settings)
    kind, why = _choose(settings)
    for asked, able in _beyond(kind, settings):
        raise ConfigurationError(
            f"{asked} is for the engine {able}, and {kind} is to speak ({why}): "
            f"{_way_out(kind, able, settings)}, or leave {asked} away"
        )
    match kind:
        case "native":
            check_half("onnx", settings.precision, "cpu")
        case "onnx":
            _try_onnx(settings)
        case "torch":
            check_half("torch", settings.precision, settings.device)
    return kind, why


def check_weights(settings: Settings) -> None:
    """Return if the weights asked for can be had.

    Raises:
        ConfigurationError: they are not installed, or another setting asks for others.
    """
    if settings.weights != "starter":
        return
    if settings.own_checkpoint:
        raise ConfigurationError(
            "--weights starter and --checkpoint name different weights: leave one of them away"
        )
    if not starter.serves(version_named(settings.model)):
        raise ConfigurationError(
            f"--weights starter is for the model v1.0, not {settings.model}: leave it away"
        )
    starter.require(settings.data_dir)


def _beyond(kind: Kind, settings: Settings) -> Iterator[tuple[str, Kind]]:
    """Yield the settings that an engine of this kind cannot follow, each with one that can."""
    precision = settings.precision
    if kind != "native" and precision in ("int8", "int16"):
        yield f"--precision {precision}", "native"
    if kind != "onnx" and settings.provider:
        yield f"--provider {settings.provider}", "onnx"
    if kind == "stand-in" and precision in ("fp16", "bf16"):
        yield f"--precision {precision}", "onnx"
    if kind in ("native", "stand-in") and settings.device == "cuda":
        yield "--device cuda", "onnx"


def _way_out(kind: Kind, able: Kind, settings: Settings) -> str:
    """Return what to do so that the engine that is `able` speaks."""
    if settings.engine == kind:
        return f"use --engine {able}"
    if able == "native" and not _on_processor(settings):
        return "use --precision fp16 or auto there, or --device cpu without a --provider"
    return REMEDIES[able]


def _try_onnx(settings: Settings) -> None:
    """Return if ONNX Runtime has the device and can do there what is asked for.

    Raises:
        ConfigurationError: it has not, or cannot.
    """
    precision = settings.precision
    if precision not in ("auto", "fp32") or settings.device == "cuda" or settings.provider:
        check_half("onnx", precision, _device(settings))


def _device(settings: Settings) -> str:
    """Return what ONNX Runtime would run on.

    Raises:
        ConfigurationError: what was asked for is not installed.
    """
    from wyoming_kokoro.engines.onnx.sessions import Runtime

    return Runtime(1, settings.device, settings.provider).device


def _choose(settings: Settings) -> tuple[Kind, str]:
    if settings.engine == "stand-in":
        return "stand-in", "it was asked for"
    if settings.engine != "auto":
        _require(settings.engine)
        return settings.engine, "it was asked for"
    on_processor = _on_processor(settings)
    if on_processor and library.usable_library() is not None:
        return "native", "it is the best that is installed"
    if not missing("onnx"):
        return "onnx", (
            "the native engine is not installed, or not for this processor"
            if on_processor
            else f"the model runs on {settings.provider or 'cuda'}"
        )
    if not missing("torch"):
        return "torch", "onnxruntime is not installed"
    return "stand-in", f"no other is installed ({REMEDIES['onnx']})"


def _on_processor(settings: Settings) -> bool:
    """Tell whether the model is to run on the processor."""
    if settings.provider or settings.device != "auto":
        return not settings.provider and settings.device == "cpu"
    return bool(missing("onnx")) or _device(settings) == "cpu"


def in_breaths(settings: Settings, verdicts: Verdicts) -> bool:
    """Return whether sentences are voiced piece by piece, where the engine can: as `--breaths`
    says, or as was found good for the model."""
    if settings.breaths != "auto":
        return settings.breaths == "on"
    found = verdicts.get(BREATHS)
    return found is None or found.passed


def missing(kind: Kind) -> list[str]:
    """Return the packages that an engine of this kind needs and that are not installed."""
    return [name for name in _NEEDS.get(kind, ()) if find_spec(name) is None]


def _require(kind: Kind) -> None:
    if packages := missing(kind):
        raise ConfigurationError(
            f"--engine {kind} needs the package {packages[0]}: {REMEDIES[kind]}"
        )
    if kind == "native" and library.usable_library() is None:
        raise ConfigurationError(f"--engine native cannot be had here: {library.REMEDY}")
