"""What every engine promises: plan the whole sentence, then voice spans of its frames."""

from contextvars import ContextVar
from typing import Literal, Protocol

from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens

AT_ONCE = 3
"""Calls that an engine answers at once, at the most: two that share the threads, and a third that
may be more urgent than both."""

DUE: ContextVar[float] = ContextVar("due", default=0.0)
"""The moment by which what is asked of an engine in this context is wanted: seconds of
`time.monotonic`.

It travels in the context and not as an argument: who schedules is handed a call to make, not what
the call is made of, and what an engine returns does not depend on it. A thread that runs the call
has to run it in the context of who asked.
"""


class Engine(Protocol):
    """Turns tokens and a style into speech. `plan` and `voice` are called by at most `at_once`
    threads at a time; nothing else is called while they run.

    Of calls that are answered at once, the one that is `DUE` first goes first. What they return
    does not depend on it.
    """

    @property
    def name(self) -> str:
        """`native`, `onnx`, `torch`, `stand-in` ... ."""

    @property
    def device(self) -> str:
        """Where the work is really done: `cpu`, `cuda:0` ... ."""

    @property
    def precision(self) -> str:
        """What most of the work is really computed in: `fp32`, `int16`, `fp16` ... ."""

    @property
    def at_once(self) -> int:
        """How many calls it can answer at once."""

    @property
    def reads(self) -> Literal["tokens", "text"]:
        """Whether it speaks from tokens and a style, or straight from the sentence's text."""

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        """Decide durations, pitch and energy of the whole sentence.

        `style.vector` is float32, (256,). `speed` divides the durations (0.5 to 2.0); `seed`
        chooses the noise, so that the same four arguments give the same samples.

        Raises:
            SynthesisFailed: the sentence cannot be planned.
        """

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Make the samples of exactly the frames of `span`: float32, (600 * len(span),), at 24 kHz.

        A span lies within `range(plan.frames)`. Where the plan is `divisible`, spans voiced in any
        order and joined in theirs are the sentence; from left to right is quickest. All frames in
        one are what the model itself would make of it.

        Raises:
            SynthesisFailed: the output is not finite, or the engine failed on this span.
            TypeError: another engine made the plan.
        """

    def warm_up(self) -> float:
        """Begin a short and a longer sentence, so that the first request is not slower.

        Returns the real-time factor of the longer one: seconds spent for a second of audio.
        """

    def close(self) -> None:
        """Give back memory and devices; nothing may be called after."""
