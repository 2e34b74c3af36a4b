"""The reference engine: kokoro's own model on CPU or CUDA, its forward pass split in two.

Tokens and a style enter; plans of numpy arrays and PCM leave, and no tensor. `torch` is imported
only when an engine is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import TIMBRE_SIZE, Floats, voiced_pitch
from wyoming_kokoro.engines.kokoro.sentence import check_sentence, speak_to_nobody
from wyoming_kokoro.engines.kokoro.source import source_noise
from wyoming_kokoro.engines.memory import release_memory
from wyoming_kokoro.engines.precision import Half, range_remedy
from wyoming_kokoro.engines.torch.model import Device, halve, load_model
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import FRAME_SAMPLES, STYLE_SIZE, Pcm, Plan, Style, Tokens

if TYPE_CHECKING:
    from kokoro.istftnet import Generator
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class TorchPlan(Plan):
    """A sentence as Kokoro's predictor leaves it, ready for its decoder."""

    curve: Floats
    """Pitch as predicted, shape (2 * frames,): `f0` before its unvoiced values were set to 0."""

    features: Floats
    """Encoded phonemes, each held for its duration: shape (512, frames)."""

    source: Floats
    """Magnitudes, then phases, of the harmonic source's short-time spectrum (n_fft 20, hop 5):
    shape (22, 120 * frames + 1)."""

    style: Floats
    """Shape (256,): timbre, then prosody."""

    @property
    def divisible(self) -> bool:
        """Never: the model takes its statistics from what it is run on."""
        return False


class TorchEngine:
    """Kokoro in PyTorch, the yardstick of the engine that runs without it.

    `checkpoint` and `architecture` are as `load_model` takes them, and its errors are raised.
    `threads` bounds torch's threads in the whole process; None leaves torch's own choice.
    `half` is what the decoder's convolutions compute in, None for float32.
    """

    name = "torch"
    at_once = 1
    reads: Literal["tokens"] = "tokens"

    def __init__(
        self,
        checkpoint: Path,
        architecture: Mapping[str, Any],
        device: Device = "auto",
        threads: int | None = None,
        half: Half | None = None,
    ) -> None:
        self._model = load_model(checkpoint, architecture, device)
        if half:
            halve(self._model, half)
        self.precision = half or "fp32"
        self._device = self._model.device
        self._symbols = int(architecture["n_token"])
        self._source = _Source(self._model.decoder.generator)
        if threads is not None:
            import torch

            torch.set_num_threads(threads)

    @property
    def device(self) -> str:
        """`cpu`, or `cuda:0`."""
        return str(self._device)

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> TorchPlan:
        """Run all of the model but its decoder on the whole sentence; see `Engine.plan`."""
        import torch

        check_sentence(tokens, style, self._symbols)
        vector = style.vector.astype(np.float32)
        with _inference(f"planning {len(tokens.ids)} tokens"):
            ids = torch.tensor([[0, *tokens.ids, 0]], device=self._device)
            prosody = self._tensor(vector[STYLE_SIZE // 2 :])
            encoded, durations = self._durations(ids, prosody, speed)
            # Which token each frame belongs to; kokoro multiplies by its one-hot matrix instead.
            owners = torch.repeat_interleave(durations)
            aligned = encoded[:, owners].transpose(1, 2)
            curve, energy = self._model.predictor.F0Ntrain(aligned, prosody)
            features = self._model.text_encoder(ids, *_unpadded(ids))[..., owners]
            pitch = _finite("pitch", curve[0])
            source = self._source.spectrum(curve, seed)
            return TorchPlan(
                tokens=tokens,
                frames=len(owners),
                durations=durations.cpu().numpy(),
                f0=voiced_pitch(pitch),
                energy=_finite("energy", energy[0]),
                curve=pitch,
                features=_finite("features", features[0]),
                source=_finite("source", source[0]),
                style=vector,
            )

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Run the model's decoder on the whole sentence; see `Engine.voice`."""
        if not isinstance(plan, TorchPlan):
            raise TypeError(f"a {type(plan).__name__} is not of this engine's making")
        with _inference(f"voicing {plan.frames} frames"):
            audio = _finite("audio", self._decode(plan), range_remedy(self.precision))
        return audio[FRAME_SAMPLES * span.start : FRAME_SAMPLES * span.stop]

    def warm_up(self) -> float:
        """Speak something short and something longer to nobody."""
        return speak_to_nobody(self)

    def close(self) -> None:
        """Drop the model, and what CUDA keeps in reserve."""
        import torch

        del self._model, self._source
        torch.cuda.empty_cache()
        release_memory()

    def _durations(self, ids: Tensor, prosody: Tensor, speed: float) -> tuple[Tensor, Tensor]:
        """Return the predictor's encoding, (1, tokens, 640), and each token's frames, (tokens,)."""
        import torch

        predictor = self._model.predictor
        lengths, padding = _unpadded(ids)
        context = self._model.bert(ids, attention_mask=(~padding).int())
        projected = self._model.bert_encoder(context).transpose(1, 2)
        encoded = predictor.text_encoder(projected, prosody, lengths, padding)
        hidden, _ = predictor.lstm(encoded)
        frames = torch.sigmoid(predictor.duration_proj(hidden)).sum(-1)[0] / speed
        _finite("durations", frames)
        return encoded, torch.round(frames).clamp(min=1).long()

    def _decode(self, plan: TorchPlan) -> Tensor:
        """Return the samples of all frames, (600 * frames,)."""
        inputs = (plan.features, plan.curve, plan.energy, plan.style[:TIMBRE_SIZE])
        with self._source.planned(self._tensor(plan.source)):
            audio: Tensor = self._model.decoder(*map(self._tensor, inputs))
        return audio[0, 0]

    def _tensor(self, array: Floats) -> Tensor:
        """Return a copy of `array` on the device, as a batch of one."""
        import torch

        return torch.tensor(array[None], device=self._device)


class _Source:
    """The part of the generator that makes the harmonic source, taken out of it.

    Left alone, the generator would make a source from the pitch of the window it is run on, with
    a phase and noise of its own. So its modules are kept here to make the whole sentence's source
    once, and the generator meets this object in their place, which hands it the window's piece.
    The rest of its forward pass is untouched.
    """

    def __init__(self, generator: Generator) -> None:
        self._upsample = generator.f0_upsamp
        self._sines = generator.m_source
        self._stft = generator.stft
        self._planned: Any = None
        # torch lets nothing but a module replace a module: delete first.
        del generator.f0_upsamp, generator.m_source, generator.stft
        generator.f0_upsamp = lambda pitch: pitch
        generator.m_source = lambda pitch: (pitch, None, None)
        generator.stft = self

    def spectrum(self, curve: Tensor, seed: int) -> Tensor:
        """Return magnitudes and phases, (1, 22, 120 * frames + 1), of a pitch (1, 2 * frames)."""
        import torch

        pitch = self._upsample(curve[:, None]).transpose(1, 2)
        noise = source_noise(seed, range(pitch.shape[1] // FRAME_SAMPLES))
        with _noise_is(torch.tensor(noise[None], device=pitch.device)):
            wave, _, _ = self._sines(pitch)
        return torch.cat(self._stft.transform(wave.transpose(1, 2).squeeze(1)), dim=1)

    @contextmanager
    def planned(self, spectrum: Tensor) -> Iterator[None]:
        """Give the generator `spectrum` for its source."""
        self._planned = spectrum
        try:
            yield
        finally:
            self._planned = None

    def transform(self, _: Tensor) -> tuple[Tensor, Tensor]:
        """Called by the generator for its source: return its magnitudes and phases."""
        magnitudes, phases = self._planned.chunk(2, dim=1)
        return magnitudes, phases

    def inverse(self, magnitudes: Tensor, phases: Tensor) -> Tensor:
        """Called by the generator for its output: return the samples."""
        samples: Tensor = self._stft.inverse(magnitudes, phases)
        return samples


def _noise_is(noise: Tensor) -> AbstractContextManager[object]:
    """Return a context in which `torch.randn_like` gives `noise`, shape (1, samples, 9).

    kokoro draws its source's noise with it from torch's global generator: once like the sines,
    and once more, (1, samples, 1), for a noise that the generator never uses. This is torch's own
    hook around its functions; it holds for this thread and leaves all global state alone.
    """
    from torch import randn_like
    from torch.overrides import TorchFunctionMode

    class GivenNoise(TorchFunctionMode):
        def __torch_function__(
            self,
            func: Callable[..., object],
            types: Sequence[type],
            args: tuple[Any, ...] = (),
            kwargs: dict[str, Any] | None = None,
        ) -> object:
            if func is randn_like:
                return noise[..., : args[0].shape[-1]]
            return func(*args, **(kwargs or {}))

    return GivenNoise()


@contextmanager
def _inference(doing: str) -> Iterator[None]:
    """Run torch without gradients, in full float32 and repeatably, and tell its failures."""
    import torch

    exact = torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False)
    try:
        with exact, torch.inference_mode():
            yield
    except RuntimeError as error:
        raise SynthesisFailed(f"torch failed at {doing}: {error}") from error


def _unpadded(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Return lengths, (1,), and padding mask, (1, tokens), of one sentence that fills its batch."""
    import torch

    return torch.tensor([ids.shape[1]]), torch.zeros_like(ids, dtype=torch.bool)


def _finite(what: str, tensor: Tensor, remedy: str = "") -> Floats:
    """Return `tensor` as an array; `remedy` is what to try besides.

    Raises:
        SynthesisFailed: a value is infinite or no number.
    """
    array: Floats = tensor.cpu().numpy()
    if not np.isfinite(array).all():
        raise SynthesisFailed(
            f"the model's {what} is not finite: its checkpoint or the voice is damaged{remedy}"
        )
    return array
