"""All of Kokoro's network, whatever runs it: tokens come in, what a plan is made of and samples go
out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.speech import Pcm

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A sentence that was made at once, and what was observed in it."""

    samples: Pcm
    """Shape (600 * frames,)."""

    statistics: Floats
    """What it was normalized by, its own: shape (2, 9216)."""

    ranges: Floats | None = None
    """Largest magnitude of each channel that the generator's styled convolutions read, (9216,);
    None where they are not watched."""


class Network(Protocol):
    """A checkpoint's network: text, curves, front, then generator. Called by at most
    `at_once` threads at a time; of their calls, the one that is `DUE` first goes first."""

    @property
    def name(self) -> str:
        """`native` or `onnx`."""

    @property
    def device(self) -> str:
        """`cpu`, or what ONNX Runtime calls the provider that it really runs on."""

    @property
    def precision(self) -> str:
        """What most of the work is computed in."""

    @property
    def at_once(self) -> int:
        """How many calls it can answer at once."""

    @property
    def warm_up_tokens(self) -> Sequence[int]:
        """How long the sentences are that it makes before it is ready."""

    def text(self, ids: Ids, prosody: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what is read of tokens `ids`, with the padding before and after them: the encoding
        (tokens, 640), the frames of each at speed 1 and before rounding (tokens,), and the
        decoder's features (512, tokens). `prosody` is the half of the style for it, (128,).
        """

    def curves(self, encoding: Floats, prosody: Floats) -> tuple[Floats, Floats]:
        """Return pitch in hertz and energy of a whole sentence, (2 * frames,) both.

        `encoding` is (frames, 640), `prosody` is the half of the style for it, (128,).
        """

    def front(self, features: Floats, pitch: Floats, energy: Floats, timbre: Floats) -> Floats:
        """Return what the generator reads of a whole sentence, (512, 2 * frames).

        `features` is (512, frames), `pitch` and `energy` are (2 * frames,), `timbre` is (128,).
        """

    def whole(self, plan: KokoroPlan, frames: range) -> Whole:
        """Make `frames` of a plan as if they were a sentence, normalized by its own statistics."""

    def part(self, plan: KokoroPlan, span: range) -> Pcm:
        """Return the samples of `span`, (600 * len(span),), as they are in the whole sentence where
        that is normalized by the statistics of `plan`, which has them."""

    def close(self) -> None:
        """Give back memory and devices; nothing may be called after."""
