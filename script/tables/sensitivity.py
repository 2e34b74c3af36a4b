"""By how much errors of predicted statistics are heard: a checkpoint and voices in, a figure for
each target out. Needs PyTorch.

Figures are squared gradients of what is measured, the mean of random directions of it (Hutchinson,
1989): of the log-mel spectrum, and of how the level changes from one fifth of a second to the next
(`check/measures.py`). A sentence takes one to three minutes of two cores.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from script.tables.loudness import SENTENCES
from tests.support.speaking import RealVoice, Sentence
from wyoming_kokoro.check import measures
from wyoming_kokoro.engines.kokoro.places import NormPlace, norm_places
from wyoming_kokoro.engines.kokoro.plan import TIMBRE_SIZE, Floats
from wyoming_kokoro.engines.torch.engine import TorchEngine
from wyoming_kokoro.speech import Style, language_of_voice
from wyoming_kokoro.voices.packs import pack_key, style_vector

if TYPE_CHECKING:
    from torch import Tensor

DIRECTIONS = 4
"""Of each measure that are looked into, for each sentence."""

_EPSILON = 1e-5
"""That InstanceNorm adds to variances."""

_SIZE, _HOP = 1024, 300
_RANGE, _SILENT = 1e-7, 1e-3
_STEP, _SHIFT = measures.STEP_SAMPLES, measures.STEP_SAMPLES // 4


def sensitivity(checkpoint: Path, voices: Iterable[str]) -> tuple[Floats, Floats]:
    """Return how sensitive distance and steps are to each target, (2 * channels,) each, in what
    these `voices` say; they lie beside the `checkpoint`."""
    real = RealVoice(checkpoint)
    generator = _Generator(checkpoint, real)
    random = np.random.default_rng(0)
    distances: list[Floats] = []
    steps: list[Floats] = []
    for number, voice in enumerate(voices):
        sounds = generator.measured(voice, SENTENCES[voice[0]][number % len(SENTENCES[voice[0]])])
        for found, into in zip(sounds, (distances, steps), strict=True):
            into.extend(generator.gradient(found, random) ** 2 for _ in range(DIRECTIONS))
        sys.stderr.write(f"\r{number + 1}: {voice}")
    return np.mean(distances, axis=0), np.mean(steps, axis=0)


def weights_of(
    distance: Floats, steps: Floats, errors: Floats, places: Sequence[NormPlace]
) -> Floats:
    """Return how much each target's error is to count, (2 * channels,): so that what a table's
    squared `errors` add to the distance and what they add to steps count alike. Half of a target's
    figure is the mean of its place's, since few sentences were looked into."""
    even_distance, even_steps = (_even(one, places) for one in (distance, steps))
    squared = even_distance / (even_distance @ errors) + even_steps / (even_steps @ errors)
    return np.asarray(np.sqrt(squared), np.float32)


def _even(figures: Floats, places: Sequence[NormPlace]) -> Floats:
    found = []
    for half in np.split(figures, 2):
        pieces = [half[place.channels.start : place.channels.stop] for place in places]
        found += [(piece + piece.mean()) / 2 for piece in pieces]
    return np.concatenate(found)


class _Generator:
    """kokoro's own, whose statistics can be moved."""

    def __init__(self, checkpoint: Path, real: RealVoice) -> None:
        self._real = real
        self._engine = TorchEngine(checkpoint, real.model.architecture, "cpu")
        self._paths = [place.path for place in norm_places(real.model.architecture)]
        self._moves: dict[str, tuple[Any, Any]] = {}
        model = self._engine._model
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        for path in self._paths:
            model.get_submodule(path).norm.register_forward_hook(self._movable(path))

    def measured(self, voice: str, text: str) -> "tuple[Tensor, Tensor]":
        """Have a voice say `text` whole; return its log-mel spectrum and its changes of level."""
        import torch

        language = language_of_voice(voice)
        assert language
        tokens, pack = (
            self._real.tokens(Sentence(voice, language.code, text)),
            self._real.pack(voice),
        )
        vector = style_vector(pack, self._real.model.version.style_row(tokens))
        style = Style(vector, language, voice[1] == "f", pack_key(pack))
        plan = self._engine.plan(tokens, style, 1.0, 0)
        inputs = (plan.features, plan.curve, plan.energy, plan.style[:TIMBRE_SIZE])
        with torch.enable_grad(), self._engine._source.planned(self._engine._tensor(plan.source)):
            audio = self._engine._model.decoder(*map(self._engine._tensor, inputs))[0, 0]
            return _log_mel(audio), _level_changes(audio)

    def gradient(self, values: "Tensor", random: np.random.Generator) -> Floats:
        """Return the gradient of `values`, each of them times 1 or -1 at random, with respect to
        all targets, (2 * channels,); its mean square is that of their errors' sum of squares."""
        import torch

        signs = torch.tensor(random.choice([-1.0, 1.0], tuple(values.shape)), dtype=values.dtype)
        total = (values * signs).sum() / values.numel() ** 0.5
        moves = [self._moves[path] for path in self._paths]
        leaves = [mean for mean, _ in moves] + [deviation for _, deviation in moves]
        found = torch.autograd.grad(total, leaves, retain_graph=True)
        return np.concatenate([one.numpy().ravel() for one in found])

    def _movable(self, path: str) -> Any:
        def normalize(module: Any, inputs: "tuple[Tensor, ...]", _: object) -> "Tensor":
            import torch

            signal = inputs[0]
            variance, mean = torch.var_mean(signal.detach(), dim=2, correction=0, keepdim=True)
            deviation = torch.sqrt(variance + _EPSILON)
            of_mean, of_deviation = (
                torch.zeros(1, signal.shape[1], 1, requires_grad=True) for _ in range(2)
            )
            self._moves[path] = of_mean, of_deviation
            normal = signal - (mean + deviation * of_mean)
            normal = normal / (deviation * torch.exp(of_deviation))
            weight, bias = (one[None, :, None] for one in (module.weight, module.bias))
            return cast("Tensor", normal * weight + bias)

        return normalize


def _log_mel(audio: "Tensor") -> "Tensor":
    """Return `audio` as `log_mel_distance` sees it, in dB, (columns, bands)."""
    import torch

    window = torch.hann_window(_SIZE)
    spectrum = torch.stft(audio, _SIZE, _HOP, window=window, return_complex=True).abs() ** 2
    powers = spectrum.T @ torch.tensor(measures.mel_filters(), dtype=spectrum.dtype)
    return 10 * torch.log10(torch.clamp(powers, min=float(powers.detach().max()) * _RANGE))


def _level_changes(audio: "Tensor") -> "Tensor":
    """Return by how many dB each fifth of a second is louder than the one before."""
    import torch

    square = (audio**2)[None, None]
    powers = torch.nn.functional.avg_pool1d(square, _STEP, _SHIFT)[0, 0]
    levels = 10 * torch.log10(torch.clamp(powers, min=float(square.detach().mean()) * _SILENT))
    return levels[_STEP // _SHIFT :] - levels[: -(_STEP // _SHIFT)]
