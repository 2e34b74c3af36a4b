"""Which engine speaks: from what was asked for and what is installed to a loaded engine."""

from importlib.util import find_spec
from typing import Literal

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models.installed import InstalledModel

Kind = Literal["torch", "stand-in"]


def choose(settings: Settings) -> tuple[Kind, str]:
    """Return the engine to use for the model, and why; loads nothing.

    Raises:
        ConfigurationError: the engine asked for is not installed.
    """
    if settings.engine == "stand-in":
        return "stand-in", "it was asked for"
    missing = [name for name in ("kokoro", "torch") if find_spec(name) is None]
    if not missing:
        return "torch", "it was asked for" if settings.engine == "torch" else "it is installed"
    if settings.engine == "torch":
        raise ConfigurationError(
            f"--engine torch needs the package {missing[0]}: "
            "install it with pip install 'wyoming-kokoro[torch]'"
        )
    return "stand-in", f"{missing[0]} is not installed (pip install 'wyoming-kokoro[torch]')"


def load(kind: Kind, model: InstalledModel, settings: Settings) -> Engine:
    """Load the weights of `model` into an engine of this kind; takes seconds.

    Raises:
        ModelUnavailable: the weights cannot be loaded.
        ConfigurationError: the device asked for is not there.
    """
    if kind == "torch":
        from wyoming_kokoro.engines.torch_engine import TorchEngine

        threads = settings.threads or None
        return TorchEngine(model.checkpoint, model.architecture, settings.device, threads)
    raise ConfigurationError("the stand-in speaks without a model")
