"""Kokoro's prosody and decoder on ONNX Runtime: the stages `prosody`, `front` and `generator` in,
samples out.
"""

import numpy as np

from wyoming_kokoro.engines.kokoro.decoder import Whole
from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.engines.kokoro.windows import window_around
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.speech import Pcm

GPU_STEP_FRAMES = 20
"""What the length of a window is a multiple of on anything but the processor, where the sentence
has that many frames: half a second. Kernels are chosen, or compiled, anew for each new length."""


class OnnxDecoder:
    """The decoder of `stages`, on `runtime`; see `Decoder`.

    Raises:
        ConfigurationError: the device asked for cannot be used.
        ModelUnavailable: the stages do not load.
    """

    name = "onnx"
    at_once = 1

    def __init__(self, stages: Stages, runtime: Runtime) -> None:
        self.precision = stages.precision
        self._runtime = runtime
        self._channels = stages.channels
        self._prosody = runtime.load(stages.path("prosody"), stages.remedy)
        self._front = runtime.load(stages.path("front"), stages.remedy)
        self._generator = runtime.load(stages.path("generator"), stages.remedy)

    def curves(self, encoding: Floats, prosody: Floats) -> tuple[Floats, Floats]:
        """Return pitch and energy of a whole sentence; see `Decoder.curves`."""
        pitch, energy = self._prosody.run(encoding=encoding, style=prosody[None])
        return pitch, energy

    def front(self, features: Floats, pitch: Floats, energy: Floats, timbre: Floats) -> Floats:
        """Return the hidden columns of a whole sentence; see `Decoder.front`."""
        (hidden,) = self._front.run(
            features=features, pitch=pitch, energy=energy, style=timbre[None]
        )
        return hidden

    def whole(self, plan: KokoroPlan, frames: range) -> Whole:
        """Make `frames` normalized by their own statistics; see `Decoder.whole`."""
        return self._generate(plan, frames, None)

    def part(self, plan: KokoroPlan, span: range) -> Pcm:
        """Run the generator on a window around the span; see `Decoder.part`."""
        step = 1 if self._runtime.device == "cpu" else GPU_STEP_FRAMES
        window = window_around(span, plan.frames, step)
        return window.cut(self._generate(plan, window.frames, plan.statistics).samples)

    def close(self) -> None:
        """Drop the sessions."""
        del self._prosody, self._front, self._generator

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
