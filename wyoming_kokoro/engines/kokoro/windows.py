"""Which frames the decoder is run on to voice a span of them: enough around it that nothing of
the span is spoiled by an edge, and enough in all that AdaIN's statistics mean something.
"""

from dataclasses import dataclass

from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm

FRONT_CONTEXT = 10
"""Frames to each side that the decoder's front reads."""

GENERATOR_CONTEXT = 5
"""Frames to each side that the generator reads: 4.5, measured."""

STATISTICS_FRAMES = 40
"""Frames that a window holds at least, the sentence's padding not counted: a second, the least
that statistics over time are taken from. In training they came from crops of a few seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """The frames that are run to voice a span; all of them are the sentence's."""

    span: range

    front: range
    """Frames that the decoder's front is run on."""

    generator: range
    """Frames of its output, all exact, that the generator is run on."""

    @property
    def kept(self) -> tuple[int, int]:
        """First and end column, two a frame, of the front's output that the generator reads."""
        first = self.front.start
        return 2 * (self.generator.start - first), 2 * (self.generator.stop - first)

    def cut(self, samples: Pcm) -> Pcm:
        """Return the span's own samples, (600 * len(span),), of the generator's, as a copy."""
        begin = FRAME_SAMPLES * (self.span.start - self.generator.start)
        return samples[begin : begin + FRAME_SAMPLES * len(self.span)].copy()


def window_around(span: range, content: range, frames: int, step: int = 1) -> Window:
    """Return what to run for `span` of a sentence of `frames`.

    `content` is the sentence without its padding. A short window grows to the right first, where
    the speech goes on, then to the left; in the same way its length becomes a multiple of `step`,
    but never with anything except the sentence's own frames, which AdaIN's statistics would tell.
    """
    first = max(0, span.start - GENERATOR_CONTEXT)
    last = min(frames, span.stop + GENERATOR_CONTEXT)
    last = max(last, min(max(first, content.start) + STATISTICS_FRAMES, content.stop))
    first = min(first, max(min(last, content.stop) - STATISTICS_FRAMES, content.start))
    first, last = _grown(first, last, frames, -(last - first) % step)
    front = range(max(0, first - FRONT_CONTEXT), min(frames, last + FRONT_CONTEXT))
    return Window(span, front, range(first, last))


def _grown(first: int, last: int, frames: int, lack: int) -> tuple[int, int]:
    """Return the window with up to `lack` frames more, to the right first."""
    grown = min(frames, last + lack)
    return max(0, first - (lack - (grown - last))), grown
