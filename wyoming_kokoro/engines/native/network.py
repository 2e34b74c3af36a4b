"""Kokoro's network in the native library: a checkpoint's weights in, what a plan is made of and
samples out, of a sentence at once or of its parts from left to right.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from wyoming_kokoro.engines.base import AT_ONCE, DUE
from wyoming_kokoro.engines.kokoro.network import Ids, Whole
from wyoming_kokoro.engines.kokoro.places import NormPlace, norm_places
from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.kokoro.windows import CONTEXT_FRAMES
from wyoming_kokoro.engines.memory import trim_memory
from wyoming_kokoro.engines.native.front import NativeFront
from wyoming_kokoro.engines.native.generator import NativeGenerator
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary, has_quick_pairs
from wyoming_kokoro.engines.native.prosody import NativeProsody
from wyoming_kokoro.engines.native.text import NativeText
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm

_CODES: Mapping[Native, int] = {"fp32": FLOAT, "int16": INT16, "int8": INT8}

HEADROOM: Mapping[Native, tuple[float, float]] = {
    "fp32": (1.0, 1.0),
    "int16": (2.5, 2.5),
    "int8": (1.2, 0.7),
}
"""By which the largest magnitudes that were seen are multiplied, of the source's blocks and of the
others. Of 16 bits there are enough to spare. Of 8 bits there are not: to cut off the rarest values
is heard less than coarser steps are, but for those of the source. Log-mel distance of four
sentences of the real voice to fp32, by their own statistics and by predicted ones: 0.55 dB and
0.67; with 0.7 for all 0.60 and 1.36, with 1 for the others 0.77 and 0.86, with 0.5 0.54 and 0.85.
"""

FINER = (
    *(f"decoder.generator.resblocks.4.adain{half}.{step}" for step in range(3) for half in (1, 2)),
    "decoder.generator.resblocks.5.adain1.0",
)
"""Where int8 is int16: of the convolutions of the last rate, those where that is heard most for
what they take, a sixth of the work. Without, one Mandarin sentence is over what `check` allows."""

STEP_FRAMES = 20
"""That the library is given at once, half a second: each frame takes 3.8 MB while it is made."""

LEFT_FRAMES = 6
"""What is made of a sentence before the first frame that is wanted: 5.4 frames, of which 3 are what
the widest residual block reads, 1.9 what that of the source does, and 0.5 what follows."""

SOURCE_AHEAD = 2
"""Frames by which the source is further than the front: what reads it looks 5.4 frames ahead."""

LEAST_RANGE = 1e-3
"""Of a channel in which hardly anything was seen."""


class NativeNetwork:
    """A checkpoint's network in the library; see `Network`.

    `read` returns the weights of the whole checkpoint. It is called anew for each part: of a mapped
    file all that was read stays in memory while any of it is kept. The front, which reads most, is
    packed while the least is there. `ranges`
    is the largest magnitude of each channel that the generator's styled convolutions read, (9216,);
    integers need it.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
        ModelUnavailable: the library is not written for this architecture.
        SynthesisFailed: the library refuses.
    """

    name, device = "native", "cpu"
    at_once = AT_ONCE
    warm_up_tokens = (8,)
    """A word or two: nothing is compiled here, nor is memory kept for the next."""

    def __init__(
        self,
        library: NativeLibrary,
        architecture: Mapping[str, Any],
        read: Callable[[], Weights],
        threads: int,
        precision: Native = "fp32",
        ranges: Floats | None = None,
    ) -> None:
        self.precision = precision
        self._threads = threads
        numbers = _whole_precision(library, precision)
        self._front = NativeFront(library, architecture, read(), precision=numbers)
        trim_memory()
        self._prosody = NativeProsody(library, architecture, read(), precision=numbers)
        trim_memory()
        places = [(place, _numbers(place, precision)) for place in norm_places(architecture)]
        if ranges is not None:
            ranges = _kept_ranges(places, ranges)
        self._generator = NativeGenerator(
            library,
            architecture,
            read(),
            ranges=ranges,
            precisions=[_CODES[numbers] for _, numbers in places],
        )
        trim_memory()
        self._text = NativeText(library, architecture, read(), precision=numbers)
        trim_memory()
        self._lock = threading.Lock()
        self._voicings: WeakKeyDictionary[KokoroPlan, _Voicing] = WeakKeyDictionary()

    def text(self, ids: Ids, prosody: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what is read of tokens; see `Network.text`."""
        return self._text.run(ids, prosody, threads=self._threads, due=DUE.get())

    def curves(self, encoding: Floats, prosody: Floats) -> tuple[Floats, Floats]:
        """Return pitch and energy of a whole sentence; see `Network.curves`."""
        return self._prosody.run(encoding, prosody, threads=self._threads, due=DUE.get())

    def front(self, features: Floats, pitch: Floats, energy: Floats, timbre: Floats) -> Floats:
        """Return the hidden columns of a whole sentence; see `Network.front`."""
        hidden = self._front.run(
            features, pitch, energy, timbre, threads=self._threads, due=DUE.get()
        )
        return hidden.T

    def whole(self, plan: KokoroPlan, frames: range) -> Whole:
        """Make `frames` normalized by their own statistics; see `Network.whole`."""
        with self._generator.stream(plan.timbre) as stream:
            samples = stream.push(
                plan.hidden_of(frames).T,
                plan.source(frames).T,
                last=True,
                threads=self._threads,
                due=DUE.get(),
            )
            ranges = stream.ranges() if self.precision == "fp32" else None
            return Whole(samples, stream.statistics(), ranges)

    def part(self, plan: KokoroPlan, span: range) -> Pcm:
        """Return the samples of `span`; see `Network.part`.

        Parts that follow one another are made with nothing computed twice; any other begins anew,
        a few frames before it. The samples are the same in any case, bit for bit.
        """
        with self._lock:
            voicing = self._voicings.pop(plan, None)
        if voicing is None or voicing.next_frame != span.start:
            voicing = _Voicing(self._generator, plan, span.start)
        samples = voicing.make(plan, span.stop, self._threads)
        if voicing.next_frame < plan.frames:
            with self._lock:
                self._voicings[plan] = voicing
        return samples

    def close(self) -> None:
        """Give back the memory, that of sentences on their way too."""
        self._voicings.clear()
        self._generator.close()
        self._front.close()
        self._prosody.close()
        self._text.close()


def _numbers(place: NormPlace, precision: Native) -> Native:
    """Return what the convolution behind an AdaIN is computed in."""
    return "int16" if precision == "int8" and place.path in FINER else precision


def _kept_ranges(places: Sequence[tuple[NormPlace, Native]], ranges: Floats) -> Floats:
    """Return the largest magnitudes that are told from larger ones, (9216,)."""
    kept = np.empty_like(ranges)
    for place, numbers in places:
        channels = slice(place.channels.start, place.channels.stop)
        of_source, other = HEADROOM[numbers]
        kept[channels] = ranges[channels] * np.float32(of_source if place.of_source else other)
    return np.maximum(kept, np.float32(LEAST_RANGE))


def _whole_precision(library: NativeLibrary, precision: Native) -> int:
    """Return what prosody and front are computed in, and of the text what durations do not depend
    on. All that they read is normalized by the sentence, or within 1, so that 16 bits need no
    ranges there; 8 would be too coarse."""
    return INT16 if precision != "fp32" and has_quick_pairs(library) else FLOAT


class _Voicing:
    """A sentence on its way, from left to right, from the frame `start` on."""

    def __init__(self, generator: NativeGenerator, plan: KokoroPlan, start: int) -> None:
        self.next_frame = start
        first = max(0, start - LEFT_FRAMES)
        self._stream = generator.stream(plan.timbre, plan.statistics)
        self._useless = FRAME_SAMPLES * (start - first)
        """Samples that will come before those of the next frame."""
        self._ready: Pcm = np.zeros(0, np.float32)
        """Samples from the next frame on."""
        self._read = first
        """Up to where the stream has what it reads."""
        self._heard = first
        """Up to where it has the source."""

    def make(self, plan: KokoroPlan, stop: int, threads: int) -> Pcm:
        """Return the samples from the next frame up to the frame `stop` of its `plan`."""
        wanted = min(plan.frames, stop + CONTEXT_FRAMES)
        while self._read < wanted:
            self._push(plan, min(wanted, self._read + STEP_FRAMES), threads)
        length = FRAME_SAMPLES * (stop - self.next_frame)
        samples, self._ready = np.split(self._ready, [length])
        self.next_frame = stop
        return samples

    def _push(self, plan: KokoroPlan, read: int, threads: int) -> None:
        last = read == plan.frames
        hidden = plan.hidden_of(range(self._read, read)).T
        source = self._more_source(plan, min(plan.frames, read + SOURCE_AHEAD))
        made = self._stream.push(hidden, source, last=last, threads=threads, due=DUE.get())
        self._read = read
        useless = min(self._useless, len(made))
        self._useless -= useless
        self._ready = np.concatenate([self._ready, made[useless:]])
        if last:
            self._stream.close()

    def _more_source(self, plan: KokoroPlan, stop: int) -> Floats:
        """Return the source's columns from where the stream has them up to the frame `stop`, and
        the one behind the last frame once, at the sentence's end."""
        start, self._heard = self._heard, stop
        columns = plan.source(range(start, stop)).T
        return columns if start < stop == plan.frames else columns[:-1]
