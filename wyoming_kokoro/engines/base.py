"""What every engine promises: plan the whole sentence, then voice spans of its frames."""

from collections.abc import Sequence
from typing import Literal, Protocol

from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens


class Engine(Protocol):
    """Turns tokens and a style into speech. Called by one thread at a time, never by two."""

    @property
    def name(self) -> str:
        """`stand-in`, `torch` or `onnx`."""

    @property
    def device(self) -> str:
        """Where the work is really done: `cpu`, `cuda:0` ... ."""

    @property
    def precision(self) -> str:
        """What most of the work is really computed in: `fp32`, `int8`, `fp16` ... ."""

    @property
    def reads(self) -> Literal["tokens", "text"]:
        """Whether it speaks from tokens and a style, or straight from the sentence's text."""

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        """Decide durations, pitch and energy of the whole sentence.

        `speed` divides the durations (0.5 to 2.0); `seed` chooses the noise, so that the same
        four arguments give the same samples.

        Raises:
            SynthesisFailed: the sentence cannot be planned.
        """

    def voice(self, items: Sequence[tuple[Plan, range]]) -> list[Pcm]:
        """Make the samples of exactly those frames: `600 * len(span)` for each `(plan, span)`.

        Spans lie within `range(plan.frames)`. Items of one length may run as a batch. The spans
        of a plan, voiced in any order and joined in theirs, are the whole sentence.

        Raises:
            SynthesisFailed: the output is not finite, or the engine failed on these items.
        """

    def warm_up(self) -> float:
        """Begin a short and a longer sentence, so that the first request is not slower.

        Returns the real-time factor of the longer one: seconds spent for a second of audio.
        """

    def close(self) -> None:
        """Give back memory and devices; nothing may be called after."""
