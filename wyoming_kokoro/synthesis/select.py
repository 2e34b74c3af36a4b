"""Which engine speaks, and how: settings, what is installed and what `check` has found in, the kind
of engine and of breathing out. Nothing is loaded here.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.precision import check_half, chosen_reduction
from wyoming_kokoro.engines.verdict import BREATHS, Verdicts
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models import starter
from wyoming_kokoro.models.catalog import version_named

Kind = Literal["onnx", "torch", "stand-in"]

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
    check_weights(settings)
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


def check_weights(settings: Settings) -> None:
    """Return if the weights asked for can be had.

    Raises:
        ConfigurationError: they are not installed, or another setting asks for others.
    """
    if settings.weights != "starter":
        return
    if settings.checkpoint:
        raise ConfigurationError(
            "--weights starter and --checkpoint name different weights: leave one of them away"
        )
    if not starter.serves(version_named(settings.model)):
        raise ConfigurationError(
            f"--weights starter is for the model v1.0, not {settings.model}: leave it away"
        )
    starter.require(settings.data_dir)


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


def _try_onnx(settings: Settings) -> None:
    """Return if ONNX Runtime has the device and can do there what is asked for.

    Raises:
        ConfigurationError: it has not, or cannot.
    """
    precision = settings.precision
    reduced = precision not in ("auto", "fp32")
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


def in_breaths(settings: Settings, verdicts: Verdicts) -> bool:
    """Return whether sentences are voiced piece by piece, where the engine can: as `--breaths`
    says, or as was found good for the model."""
    if settings.breaths != "auto":
        return settings.breaths == "on"
    found = verdicts.get(BREATHS)
    return found is None or found.passed


def _missing(kind: str) -> list[str]:
    return [name for name in _NEEDS[kind] if find_spec(name) is None]


def _require(kind: str) -> None:
    if missing := _missing(kind):
        raise ConfigurationError(
            f"--engine {kind} needs the package {missing[0]}: {_REMEDIES[kind]}"
        )
