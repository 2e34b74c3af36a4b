"""The harmonic source of Kokoro's generator, in numpy: a pitch curve and noise in, the source's
spectrum out, of a sentence at once or of any of its frames.

The neural source-filter model (Wang et al., 2019) as kokoro's `SourceModuleHnNSF` has it: sines at
the pitch and its overtones where the voice sounds, noise everywhere, merged to one wave, of which
the generator reads the short-time spectrum. The noise of a sample depends on seed and place alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.plan import VOICED_HERTZ, Floats
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE

HARMONICS = 9
"""Sines in the harmonic source: the fundamental and eight overtones, each with its own noise."""

SINE_AMPLITUDE = 0.1
VOICED_NOISE = 0.003
"""Deviation of the noise where there are sines."""

UNVOICED_NOISE = SINE_AMPLITUDE / 3
"""Deviation of the noise where there are none."""


def source_noise(seed: int, frames: range, columns: int = HARMONICS) -> npt.NDArray[np.float32]:
    """Return standard normal noise for `frames`: float32, shape (600 * len(frames), columns).

    A sample's noise depends on the seed and on its position in the sentence only, not on which
    frames are asked for: Philox4x64 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2,
    3", 2011), keyed by the seed modulo 2**64, with the frame's number in the second word of its
    counter; a frame draws far fewer than the 2**64 blocks that the first word counts.
    """
    noise = np.empty((len(frames), FRAME_SAMPLES, columns), np.float32)
    for row, frame in zip(noise, frames, strict=True):
        bits = np.random.Philox(key=seed % 2**64, counter=[0, frame, 0, 0])
        np.random.Generator(bits).standard_normal(dtype=np.float32, out=row)
    return noise.reshape(-1, columns)


@dataclass(frozen=True, slots=True, eq=False)
class HarmonicSource:
    """The source of one checkpoint."""

    weight: Floats
    """Share of the fundamental and of each overtone in the wave, (harmonics,)."""

    bias: float

    step_samples: int
    """Samples for which a value of the pitch curve holds."""

    size: int
    """Samples in a column of the spectrum."""

    hop: int
    """Samples between columns."""

    def of_sentence(self, pitch: Floats, seed: int) -> "SentenceSource":
        """Return the source of a sentence with this pitch in hertz, (steps,)."""
        return SentenceSource(self, pitch, seed, *self._cycles(pitch))

    def spectrum(self, pitch: Floats, noise: Floats) -> Floats:
        """Return magnitudes, then phases, of the wave: (size + 2, samples / hop + 1).

        `pitch` in hertz is (steps,) and `noise` is standard normal, (samples,).
        """
        return _spectrum(self.wave(pitch, noise), self.size, self.hop)

    def wave(self, pitch: Floats, noise: Floats) -> Floats:
        """Return the wave, (samples,); arguments as `spectrum` has them."""
        return self.merged(pitch, *self._cycles(pitch), noise)

    def merged(self, pitch: Floats, starts: Floats, rises: Floats, noise: Floats) -> Floats:
        """Return the wave, (samples,), of successive steps and the noise there; `starts` and
        `rises` are what `_cycles` has for these steps and one more.

        kokoro adds noise to each sine before they are merged; normal noise, merged, is normal
        noise again, as loud as the weights are long, and is drawn only once here.
        """
        voiced = np.repeat(pitch > VOICED_HERTZ, self.step_samples)
        length = np.linalg.norm(self.weight)
        deviation = np.where(voiced, length * VOICED_NOISE, length * UNVOICED_NOISE)
        wave = np.where(voiced, self._sines(starts, rises), 0) + deviation * noise + self.bias
        return np.asarray(np.tanh(wave), np.float32)

    def _cycles(self, pitch: Floats) -> tuple[Floats, Floats]:
        """Return where the sines are in the middle of the step before each step, and by how much
        they rise from there to the middle of the step, in cycles: (harmonics, steps + 1) both, for
        the half step behind the last as well.

        A step's frequency, folded into 0 to 1 cycles a sample, adds up to the phase at the step's
        middle; between the middles of two steps the phase is a line, before the first and after
        the last it stands still (kokoro's `SineGen`: torch's linear interpolation, corners not
        aligned). Phases add up in float64 and lose their whole cycles before they are rounded, so
        that the error does not grow with the length of the sentence.
        """
        harmonics = np.arange(1, len(self.weight) + 1)[:, None]
        frequency = np.mod(pitch.astype(np.float64) / SAMPLE_RATE * harmonics, 1)
        middles = np.cumsum(frequency * self.step_samples, axis=1)
        starts = np.concatenate([middles[:, :1], middles], axis=1)
        rises = np.diff(starts, axis=1, append=middles[:, -1:]).astype(np.float32)
        return (starts - np.rint(starts)).astype(np.float32), rises

    def _sines(self, starts: Floats, rises: Floats) -> Floats:
        """Return the weighted sum of the sines, (samples,): one after another, so that a sample
        does not depend on how many are made at once, as it would in a product of matrices."""
        part = (np.arange(self.step_samples, dtype=np.float32) + 0.5) / self.step_samples
        half = self.step_samples // 2
        total = np.zeros(self.step_samples * (starts.shape[1] - 1), np.float32)
        for weight, start, rise in zip(self.weight, starts, rises, strict=True):
            cycles = (start[:, None] + rise[:, None] * part).reshape(-1)[half:-half]
            total += np.float32(SINE_AMPLITUDE) * weight * np.sin(np.float32(2 * np.pi) * cycles)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class SentenceSource:
    """The source of one sentence, whose spectrum is made of the frames that are asked for: the
    listener need not wait for that of the others."""

    source: HarmonicSource

    pitch: Floats
    seed: int
    starts: Floats
    rises: Floats

    def __call__(self, frames: range) -> Floats:
        """Return magnitudes, then phases, of `frames`: (22, 120 * len(frames) + 1). They do not
        depend on which others are asked for, bit for bit."""
        steps = FRAME_SAMPLES // self.source.step_samples
        # A column reads what is beside it; at the sentence's ends that is mirrored.
        around = range(max(0, frames.start - 1), min(len(self.pitch) // steps, frames.stop + 1))
        first, stop = steps * around.start, steps * around.stop
        wave = self.source.merged(
            self.pitch[first:stop],
            self.starts[:, first : stop + 1],
            self.rises[:, first : stop + 1],
            source_noise(self.seed, around, columns=1)[:, 0],
        )
        columns = FRAME_SAMPLES // self.source.hop
        begin = columns * (frames.start - around.start)
        spectrum = _spectrum(wave, self.source.size, self.source.hop)
        return spectrum[:, begin : begin + columns * len(frames) + 1]


def _spectrum(wave: Floats, size: int, hop: int) -> Floats:
    """Return magnitudes, then phases, of `torch.stft` with a Hann window: (size + 2, columns).

    Columns are centered on every `hop`-th sample, the wave mirrored at its ends.
    """
    mirrored = np.pad(wave, size // 2, mode="reflect")
    columns = np.lib.stride_tricks.sliding_window_view(mirrored, size)[::hop]
    window = np.hanning(size + 1)[:-1].astype(np.float32)  # periodic
    bins = np.fft.rfft(columns * window, axis=1).T
    return np.concatenate([np.abs(bins), np.angle(bins)]).astype(np.float32)
