"""The default engine: Kokoro, planned by the sentence, and voiced in spans of it.

A checkpoint's network enters, whatever runs it; plans of numpy arrays and PCM leave.
"""

from dataclasses import replace
from typing import Literal

import numpy as np

from wyoming_kokoro.engines.kokoro.facts import Facts
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.network import Network, Whole
from wyoming_kokoro.engines.kokoro.plan import (
    TIMBRE_SIZE,
    Floats,
    KokoroPlan,
    voiced_pitch,
)
from wyoming_kokoro.engines.kokoro.sentence import check_sentence, speak_to_nobody
from wyoming_kokoro.engines.kokoro.statistics import covariates_of
from wyoming_kokoro.engines.kokoro.windows import window_around
from wyoming_kokoro.engines.memory import release_memory
from wyoming_kokoro.engines.precision import range_remedy
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens

WHOLE_FRAMES = 200
"""Of a sentence that is made whole as its statistics are not known, at the most: 5 s. One of 44 s
takes 2.5 GB on ONNX Runtime, 0.7 GB natively."""


class KokoroEngine:
    """Kokoro. `facts` and `network` are of one checkpoint; `predictor` predicts the statistics of
    sentences, and learns from those that are voiced whole."""

    reads: Literal["tokens"] = "tokens"

    def __init__(
        self, facts: Facts, network: Network, predictor: StatisticsPredictor | None = None
    ) -> None:
        self._facts = facts
        self._network = network
        self._predictor = predictor or StatisticsPredictor()

    @property
    def name(self) -> str:
        """`native` or `onnx`, after what runs the network."""
        return self._network.name

    @property
    def device(self) -> str:
        """`cpu`, or what ONNX Runtime calls the provider that the network really runs on."""
        return self._network.device

    @property
    def precision(self) -> str:
        """What most of the work is computed in."""
        return self._network.precision

    @property
    def at_once(self) -> int:
        """As many calls as the network answers."""
        return self._network.at_once

    @property
    def lacks(self) -> int:
        """How many whole sentences the model still wants before its statistics can be predicted."""
        return self._predictor.lacks

    @property
    def knows_ranges(self) -> bool:
        """Whether it is known how large the values become that integers may stand for."""
        return self._predictor.ranges is not None

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> KokoroPlan:
        """Run all of the network but the generator on the whole sentence; see `Engine.plan`."""
        check_sentence(tokens, style, self._facts.tokens)
        vector = style.vector.astype(np.float32)
        timbre, prosody = vector[:TIMBRE_SIZE], vector[TIMBRE_SIZE:]
        ids = np.array([0, *tokens.ids, 0], np.int64)
        encoding, spans, features = self._network.text(ids, prosody)
        spans = _finite("duration", spans) / np.float32(speed)
        durations = np.maximum(np.rint(spans), 1).astype(np.int64)
        owners = np.repeat(np.arange(len(ids)), durations)
        curve, energy = self._network.curves(encoding[owners], prosody)
        pitch, energy = voiced_pitch(_finite("pitch", curve)), _finite("energy", energy)
        held = _finite("encoded text", features)[:, owners]
        hidden = _finite("decoder", self._network.front(held, curve, energy, timbre))
        covariates = covariates_of(hidden, pitch)
        plan = KokoroPlan(
            tokens=tokens,
            frames=len(owners),
            durations=durations,
            f0=pitch,
            energy=energy,
            hidden=hidden,
            source=self._facts.source.of_sentence(curve, seed),
            style=vector,
            voice=style.voice,
            covariates=covariates,
            statistics=self._predictor.predicted(style.voice, covariates),
        )
        if plan.divisible or not style.voice or plan.frames <= WHOLE_FRAMES:
            return plan
        return replace(plan, statistics=self._statistics_of_a_part(plan), makeshift=True)

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Have the network make the span; see `Engine.voice`.

        All frames are normalized by their own statistics, and may teach the predictor; so is
        what the plan has no statistics for.
        """
        plan = _own(plan)
        window = window_around(span, plan.frames)
        if span == range(plan.frames):
            return self._voice_whole(plan)
        if plan.divisible:
            return self._checked(self._network.part(plan, span))
        return window.cut(self._checked(self._network.whole(plan, window.frames).samples))

    def observe(self, plan: Plan) -> Whole:
        """Voice the whole sentence by its own statistics."""
        plan = _own(plan)
        return self._network.whole(plan, range(plan.frames))

    def warm_up(self) -> float:
        """Speak to nobody, as much as the network wants."""
        return speak_to_nobody(self, self._network.warm_up_tokens)

    def close(self) -> None:
        """Drop the network, and with it its memory."""
        self._network.close()
        del self._network
        release_memory()

    def _voice_whole(self, plan: KokoroPlan) -> Pcm:
        made = self.observe(plan)
        samples = self._checked(made.samples)
        if self._predictor.wants(plan.voice, plan.frames):
            self._predictor.learn(plan.voice, plan.covariates, made.statistics, made.ranges)
        return samples

    def _statistics_of_a_part(self, plan: KokoroPlan) -> Floats:
        """Return the statistics, (2, channels), of the first part of a sentence that is too long to
        be made whole, of a voice or model that is not known. They are 1.8 to 2.5 dB from the whole
        in log-mel distance, three sentences of three languages; and teach nothing, for the table
        is of whole sentences."""
        return self._network.whole(plan, range(WHOLE_FRAMES)).statistics

    def _checked(self, samples: Pcm) -> Pcm:
        return _finite("audio", samples, range_remedy(self.precision))


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
