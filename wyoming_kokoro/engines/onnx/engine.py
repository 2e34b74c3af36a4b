"""The default engine: Kokoro on ONNX Runtime, planned by the sentence and voiced in spans of it.

The stages of a checkpoint enter; plans of numpy arrays and PCM leave.
"""

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from wyoming_kokoro.engines.base import AT_ONCE, DUE
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.plan import (
    TIMBRE_SIZE,
    Floats,
    KokoroPlan,
    voiced_pitch,
)
from wyoming_kokoro.engines.kokoro.sentence import check_sentence, speak_to_nobody
from wyoming_kokoro.engines.kokoro.source import source_noise
from wyoming_kokoro.engines.kokoro.statistics import covariates_of
from wyoming_kokoro.engines.kokoro.windows import window_around
from wyoming_kokoro.engines.memory import release_memory
from wyoming_kokoro.engines.onnx.budget import ThreadBudget
from wyoming_kokoro.engines.onnx.compiled.stages import StageName, Stages
from wyoming_kokoro.engines.onnx.lanes import PieceRunner, bottlenecks, lanes_for
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Runtime
from wyoming_kokoro.engines.precision import range_remedy
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens

GPU_STEP_FRAMES = 20
"""What the length of a window is a multiple of on anything but the processor, where the sentence
has that many frames: half a second. Kernels are chosen, or compiled, anew for each new length."""


WHOLE_FRAMES = 200
"""Of a sentence that is made whole as its statistics are not known, at the most: 5 s. One of 44 s
takes 2.5 GB."""


class OnnxEngine:
    """Kokoro on ONNX Runtime.

    `stages` are those of a checkpoint, `runtime` is what they run on, and `predictor` predicts
    the statistics of sentences, and learns from those that are voiced whole.

    Raises:
        ConfigurationError: the device asked for cannot be used.
        ModelUnavailable: the stages do not load.
    """

    name = "onnx"
    reads: Literal["tokens"] = "tokens"

    def __init__(
        self, stages: Stages, runtime: Runtime, predictor: StatisticsPredictor | None = None
    ) -> None:
        self._stages = stages
        self._runtime = runtime
        self._text = self._load("text")
        self._prosody = self._load("prosody")
        self._front = self._load("front")
        self._generator = self._load_generator()
        self._threads = ThreadBudget(runtime.threads)
        self._channels = stages.channels
        self._predictor = predictor or StatisticsPredictor()

    @property
    def device(self) -> str:
        """`cpu`, or what ONNX Runtime calls the provider that the stages really run on."""
        return self._runtime.device

    @property
    def precision(self) -> str:
        """What the decoder computes in."""
        return self._stages.precision

    @property
    def at_once(self) -> int:
        """More than one where the generator runs in pieces: those of the call that is due first
        go first, and those of the others fill what it leaves."""
        return AT_ONCE if isinstance(self._generator, PieceRunner) else 1

    @property
    def lacks(self) -> int:
        """How many whole sentences the model still wants before its statistics can be predicted."""
        return self._predictor.lacks

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> KokoroPlan:
        """Run all stages but the generator on the whole sentence, and make its source; see
        `Engine.plan`.

        The text stage gives, for tokens with a padding before and after: the encoding (tokens,
        640), the frames of each at speed 1 (tokens,), and the decoder's features (512, tokens).
        """
        check_sentence(tokens, style, self._stages.tokens)
        vector = style.vector.astype(np.float32)
        timbre, prosody = vector[None, :TIMBRE_SIZE], vector[None, TIMBRE_SIZE:]
        ids = np.array([0, *tokens.ids, 0], np.int64)
        with self._threads.call(DUE.get()) as call:
            encoding, spans, features = call.run(self._text, ids=ids, style=prosody)
            spans = _finite("duration", spans) / np.float32(speed)
            durations = np.maximum(np.rint(spans), 1).astype(np.int64)
            owners = np.repeat(np.arange(len(ids)), durations)
            curve, energy = call.run(self._prosody, encoding=encoding[owners], style=prosody)
            held = _finite("encoded text", features)[:, owners]
            (hidden,) = call.run(
                self._front, features=held, pitch=curve, energy=energy, style=timbre
            )
        pitch = voiced_pitch(_finite("pitch", curve))
        covariates = covariates_of(_finite("decoder", hidden), pitch)
        noise = source_noise(seed, range(len(owners)), columns=1)[:, 0]
        plan = KokoroPlan(
            tokens=tokens,
            frames=len(owners),
            durations=durations,
            f0=pitch,
            energy=_finite("energy", energy),
            hidden=hidden,
            source=self._stages.source.spectrum(curve, noise),
            style=vector,
            voice=style.voice,
            covariates=covariates,
            statistics=self._predictor.predicted(style.voice, covariates),
        )
        if plan.divisible or not style.voice or plan.frames <= WHOLE_FRAMES:
            return plan
        return replace(plan, statistics=self._statistics_of_a_part(plan), makeshift=True)

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Run the generator on a window around the span; see `Engine.voice`.

        All frames are normalized by their own statistics, and may teach the predictor; so is
        what the plan has no statistics for.
        """
        plan = _own(plan)
        whole = span == range(plan.frames)
        if whole and self._predictor.wants(plan.voice, plan.frames):
            samples, statistics = self.observe(plan)
            self._predictor.learn(plan.voice, plan.covariates, statistics)
            return samples
        window = window_around(span, plan.frames, 1 if self.device == "cpu" else GPU_STEP_FRAMES)
        given = None if whole else plan.statistics
        return window.cut(self._generate(plan, window.frames, given)[0])

    def observe(self, plan: Plan) -> tuple[Pcm, Floats]:
        """Voice the whole sentence; return its samples, and its own statistics, (2, 9216)."""
        plan = _own(plan)
        return self._generate(plan, range(plan.frames), None, observe=True)

    def warm_up(self) -> float:
        """Speak something short and something longer to nobody."""
        return speak_to_nobody(self)

    def close(self) -> None:
        """Drop the sessions, and with them their memory."""
        if isinstance(self._generator, PieceRunner):
            self._generator.close()
        del self._text, self._prosody, self._front, self._generator
        release_memory()

    def _statistics_of_a_part(self, plan: KokoroPlan) -> Floats:
        """Return the statistics, (2, channels), of the first part of a sentence that is too long to
        be made whole, of a voice or model that is not known. They are 1.8 to 2.5 dB from the whole
        in log-mel distance, three sentences of three languages; and teach nothing, for the table
        is of whole sentences."""
        return self._generate(plan, range(WHOLE_FRAMES), None, observe=True)[1]

    def _generate(
        self, plan: KokoroPlan, frames: range, given: Floats | None, *, observe: bool = False
    ) -> tuple[Pcm, Floats]:
        """Return the samples of `frames`, (600 * frames,), and what is observed of the signal;
        `given` are the statistics to normalize by, None for its own."""
        inputs = {
            "hidden": plan.hidden_of(frames),
            "source": plan.source_of(frames),
            "style": plan.timbre[None],
            "statistics": np.ones((2, self._channels), np.float32) if given is None else given,
            "own": np.array(given is None),
            "observe": np.array(observe),
        }
        with self._threads.call(DUE.get()) as call:
            generator = self._generator
            if isinstance(generator, PieceRunner):
                samples, observed = generator.run(call, **inputs)
            else:
                samples, observed = call.run(generator, **inputs)
        return _finite("audio", samples, range_remedy(self.precision)), observed

    def _load(self, name: StageName) -> OnnxSession:
        return self._runtime.load(self._stages.path(name), self._remedy)

    def _load_generator(self) -> OnnxSession | PieceRunner:
        """Load the generator: in pieces where several threads are to share its work."""
        lanes, threads = lanes_for(self._runtime.threads)
        pieces = self._stages.pieces
        if self.device != "cpu" or lanes == 1 or not pieces:
            return self._load("generator")
        load = partial(self._runtime.load, remedy=self._remedy)
        sessions = [load(piece, threads=threads) for piece in pieces]
        alone = {sessions[place]: load(pieces[place]) for place in bottlenecks(sessions)}
        return PieceRunner(sessions, lanes, alone)

    @property
    def _remedy(self) -> str:
        return f"delete {self._stages.folder} to build it anew"


def _own(plan: Plan) -> KokoroPlan:
    if not isinstance(plan, KokoroPlan):
        raise TypeError(f"this engine made no {type(plan).__name__}")
    return plan


def _finite(what: str, values: Floats, remedy: str = "") -> Floats:
    """Return `values`, of any shape; `remedy` is what to try besides.

    Raises:
        SynthesisFailed: one is infinite or no number.
    """
    if not np.isfinite(values).all():
        raise SynthesisFailed(
            f"the model's {what} is not finite; its files may be damaged: "
            f"fetch them again with `wyoming-kokoro download`{remedy}"
        )
    return values
