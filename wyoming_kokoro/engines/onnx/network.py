"""Kokoro's network on ONNX Runtime: stages come in, what a plan is made of and samples go out."""

import numpy as np

from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.network import Ids, Whole
from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.engines.kokoro.sentence import WARM_UP_TOKENS
from wyoming_kokoro.engines.kokoro.windows import window_around
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.speech import Pcm

GPU_STEP_FRAMES = 20
"""What the length of a window is a multiple of on anything but the processor, where the sentence
has that many frames: half a second. Kernels are chosen, or compiled, anew for each new length."""


class OnnxNetwork:
    """The network of `stages`, on `runtime`; see `Network`.

    Raises:
        ConfigurationError: the device asked for cannot be used.
        ModelUnavailable: the stages do not load.
    """

    name = "onnx"
    at_once = 1
    warm_up_tokens = WARM_UP_TOKENS

    def __init__(self, stages: Stages, runtime: Runtime) -> None:
        self.precision = stages.precision
        self._runtime = runtime
        self._channels = stages.facts.channels
        self._text = runtime.load(stages.path("text"), stages.remedy)
        self._prosody = runtime.load(stages.path("prosody"), stages.remedy)
        self._front = runtime.load(stages.path("front"), stages.remedy)
        self._generator = runtime.load(stages.path("generator"), stages.remedy)

    @property
    def device(self) -> str:
        """See `Network.device`."""
        return self._runtime.device

    def text(self, ids: Ids, prosody: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what is read of tokens; see `Network.text`."""
        encoding, durations, features = self._text.run(ids=ids, style=prosody[None])
        return encoding, durations, features

    def curves(self, encoding: Floats, prosody: Floats) -> tuple[Floats, Floats]:
        """Return pitch and energy of a whole sentence; see `Network.curves`."""
        pitch, energy = self._prosody.run(encoding=encoding, style=prosody[None])
        return pitch, energy

    def front(self, features: Floats, pitch: Floats, energy: Floats, timbre: Floats) -> Floats:
        """Return the hidden columns of a whole sentence; see `Network.front`."""
        (hidden,) = self._front.run(
            features=features, pitch=pitch, energy=energy, style=timbre[None]
        )
        return hidden

    def whole(self, plan: KokoroPlan, frames: range) -> Whole:
        """Make `frames` normalized by their own statistics; see `Network.whole`."""
        return self._generate(plan, frames, None)

    def part(self, plan: KokoroPlan, span: range) -> Pcm:
        """Run the generator on a window around the span; see `Network.part`."""
        step = 1 if self._runtime.device == "cpu" else GPU_STEP_FRAMES
        window = window_around(span, plan.frames, step)
        return window.cut(self._generate(plan, window.frames, plan.statistics).samples)

    def close(self) -> None:
        """Drop the sessions."""
        del self._text, self._prosody, self._front, self._generator

    def _generate(self, plan: KokoroPlan, frames: range, given: Floats | None) -> Whole:
        """Return the samples of `frames`; `given` are the statistics to normalize by, None for
        their own, which are observed."""
        own = given is None
        samples, observed = self._generator.run(
            hidden=plan.hidden_of(frames),
            source=plan.source(frames),
            style=plan.timbre[None],
            statistics=np.ones((2, self._channels), np.float32) if own else given,
            own=np.array(own),
        )
        return Whole(samples, observed)


def onnx_engine(
    stages: Stages, runtime: Runtime, predictor: StatisticsPredictor | None = None
) -> KokoroEngine:
    """Return the engine whose network is that of `stages`, on `runtime`; see `OnnxNetwork`."""
    return KokoroEngine(stages.facts, OnnxNetwork(stages, runtime), predictor)
