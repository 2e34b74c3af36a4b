"""Which frames the generator is run on to voice a span of them: enough around it that nothing of
the span is spoiled by an edge.
"""

from dataclasses import dataclass

from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm

CONTEXT_FRAMES = 5
"""Frames to each side that the generator reads: 4.5, measured."""


@dataclass(frozen=True, slots=True)
class Window:
    """The frames that are run to voice a span; all of them are the sentence's."""

    span: range

    frames: range

    def cut(self, samples: Pcm) -> Pcm:
        """Return the span's own samples, (600 * len(span),), of the window's, as a copy."""
        begin = FRAME_SAMPLES * (self.span.start - self.frames.start)
        return samples[begin : begin + FRAME_SAMPLES * len(self.span)].copy()


def window_around(span: range, frames: int, step: int = 1) -> Window:
    """Return what to run for `span` of a sentence of `frames`: for all frames the whole sentence.

    A window's length becomes a multiple of `step`, where the sentence has that many frames: it
    grows to the right first, then to the left.

    Raises:
        ValueError: `span` is empty, has gaps, or leaves the sentence.
    """
    if span.step != 1 or not 0 <= span.start < span.stop <= frames:
        raise ValueError(f"{span} is no span of a sentence of {frames} frames")
    first, last = max(0, span.start - CONTEXT_FRAMES), min(frames, span.stop + CONTEXT_FRAMES)
    lack = -(last - first) % step
    grown = min(frames, last + lack)
    return Window(span, range(max(0, first - (lack - (grown - last))), grown))
