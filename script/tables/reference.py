"""What is observed of a sentence, by kokoro's own model in PyTorch, on a GPU if there is one: there
thousands of sentences take minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.statistics import covariates_of
from wyoming_kokoro.engines.torch.engine import TorchEngine
from wyoming_kokoro.speech import Style, Tokens

_EPSILON = 1e-5
"""That InstanceNorm adds to variances."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """A sentence that was made whole."""

    frames: int
    covariates: Floats
    """What its statistics are predicted from, (1029,)."""
    statistics: Floats
    """Means and deviations of what the generator's AdaINs read, (2, 9216)."""


class ReferenceObserver:
    """The model of a checkpoint; it makes sentences whole and tells what its generator read.

    Its covariates are those of the engine that the package speaks with; its statistics are as near
    to that one's as those of another noise are, for its source has a noise of its own.
    `checkpoint` and `architecture` are as `load_model` takes them.
    """

    def __init__(self, checkpoint: Path, architecture: Mapping[str, Any]) -> None:
        self._engine = TorchEngine(checkpoint, architecture)
        self._moments: dict[str, Any] = {}
        self._hidden: Any = None
        self._places = [place.path for place in norm_places(architecture)]
        model = self._engine._model
        for path in self._places:
            model.get_submodule(path).register_forward_pre_hook(self._watch(path))
        model.decoder.generator.register_forward_pre_hook(self._keep_hidden)

    @property
    def device(self) -> str:
        """Where the model is: `cpu`, or `cuda:0`."""
        return self._engine.device

    def observe(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Observed:
        """Make a sentence whole; see `Engine.plan` for what it takes."""
        import torch

        plan = self._engine.plan(tokens, style, speed, seed)
        self._engine.voice(plan, range(plan.frames))
        moments = torch.cat([self._moments[path] for path in self._places], dim=1)
        return Observed(
            plan.frames,
            covariates_of(self._hidden.cpu().numpy(), plan.f0),
            np.asarray(moments.cpu().numpy(), np.float32),
        )

    def close(self) -> None:
        """Drop the model."""
        self._engine.close()

    def _watch(self, path: str) -> Any:
        def keep(_: object, inputs: tuple[Any, ...]) -> None:
            import torch

            signal = inputs[0][0]
            variance, mean = torch.var_mean(signal, dim=1, correction=0)
            self._moments[path] = torch.stack([mean, torch.sqrt(variance + _EPSILON)])

        return keep

    def _keep_hidden(self, _: object, inputs: tuple[Any, ...]) -> None:
        self._hidden = inputs[0][0]
