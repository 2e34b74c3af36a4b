"""The harmonic source against kokoro's modules, in their float32 and in float64."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="the extra torch is not installed")

import torch
from kokoro.istftnet import SourceModuleHnNSF, TorchSTFT

from tests.support.reference import Floats
from wyoming_kokoro.engines.kokoro.source import HarmonicSource, source_noise

pytestmark = pytest.mark.torch

STEP, SIZE, HOP = 300, 20, 5


@pytest.fixture(scope="module")
def module() -> Any:
    torch.manual_seed(0)
    return SourceModuleHnNSF(24_000, STEP, 8, voiced_threshod=10).eval()


@pytest.fixture
def source(module: Any) -> HarmonicSource:
    weight = module.l_linear.weight.detach().numpy()[0]
    return HarmonicSource(weight, module.l_linear.bias.item(), STEP, SIZE, HOP)


def noise_for(pitch: Floats) -> Floats:
    random = np.random.default_rng(1)
    return random.standard_normal((len(pitch) * STEP, 9), dtype=np.float32)


def merged(source: HarmonicSource, noise: Floats) -> Floats:
    """The one noise that stands for that of each harmonic."""
    return np.asarray(noise @ (source.weight / np.linalg.norm(source.weight)))


def by_kokoro(module: Any, pitch: Floats, noise: Floats, dtype: torch.dtype) -> Floats:
    steps = torch.tensor(pitch, dtype=dtype).repeat_interleave(STEP)[None, :, None]
    with computing_in(dtype), pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "randn_like", lambda like: noise_like(like, noise))
        wave, _, _ = module.to(dtype)(steps)
    module.float()
    return np.asarray(wave.detach()[0, :, 0])


def noise_like(like: torch.Tensor, noise: Floats) -> torch.Tensor:
    return torch.tensor(noise, dtype=like.dtype)[None, :, : like.shape[2]]


@contextmanager
def computing_in(dtype: torch.dtype) -> Iterator[None]:
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


def gliding(seconds: float) -> Floats:
    """A voice that glides, voiced throughout."""
    steps = np.arange(int(seconds * 80))
    return (160 + 60 * np.sin(steps / 17)).astype(np.float32)


def speaking() -> Floats:
    """A voice with pauses, in which the predicted pitch may fall below zero."""
    pitch = gliding(2)
    pitch[:7], pitch[30:50], pitch[90:97], pitch[-5:] = 0, -4, 9.9, 3
    return pitch


@pytest.mark.parametrize("seconds", [0.0125, 0.1, 3])
def test_voiced_speech_is_true(source: HarmonicSource, module: Any, seconds: float) -> None:
    pitch = gliding(seconds)
    noise = noise_for(pitch)
    truth = by_kokoro(module, pitch, noise, torch.float64)
    assert np.abs(source.wave(pitch, merged(source, noise)) - truth).max() < 1e-4


def test_pauses_are_true(source: HarmonicSource, module: Any) -> None:
    pitch = speaking()
    noise = noise_for(pitch)
    truth = by_kokoro(module, pitch, noise, torch.float64)
    assert np.abs(source.wave(pitch, merged(source, noise)) - truth).max() < 1e-4


def test_kokoros_own_float32_is_near(source: HarmonicSource, module: Any) -> None:
    pitch = speaking()
    noise = noise_for(pitch)
    theirs = by_kokoro(module, pitch, noise, torch.float32)
    assert np.abs(source.wave(pitch, merged(source, noise)) - theirs).max() < 1e-2


def test_half_a_minute_is_as_true_as_a_second(source: HarmonicSource, module: Any) -> None:
    pitch = gliding(30)
    noise = noise_for(pitch)
    truth = by_kokoro(module, pitch, noise, torch.float64)
    error = np.abs(source.wave(pitch, merged(source, noise)) - truth)
    assert error[-24_000:].max() < 1e-4


def test_the_spectrum_is_torchs(source: HarmonicSource) -> None:
    pitch = speaking()
    noise = merged(source, noise_for(pitch))
    magnitude, phase = np.split(source.spectrum(pitch, noise), 2)
    wave = torch.tensor(source.wave(pitch, noise))[None]
    their_magnitude, their_phase = (
        np.asarray(part[0]) for part in TorchSTFT(20, 5, 20).transform(wave)
    )
    assert magnitude.shape == their_magnitude.shape == (11, len(pitch) * STEP // HOP + 1)
    np.testing.assert_allclose(magnitude, their_magnitude, atol=1e-5)
    # A phase means something where there is a magnitude, and pi and -pi mean the same.
    audible = magnitude > 1e-3
    assert np.abs(np.exp(1j * phase) - np.exp(1j * their_phase))[audible].max() < 1e-3
    first_and_last = phase[[0, -1]], their_phase[[0, -1]]
    np.testing.assert_allclose(*first_and_last, atol=1e-6)


def test_noise_is_loud_between_words_and_low_within(source: HarmonicSource) -> None:
    pitch = np.repeat(np.array([0, 200], np.float32), 400)
    noise = np.random.default_rng(0).standard_normal(len(pitch) * STEP).astype(np.float32)
    silent = np.zeros_like(noise)
    # tanh and the bias are undone: what is left is the merged wave.
    wave, still = (np.arctanh(source.wave(pitch, each)) for each in (noise, silent))
    half = len(noise) // 2
    length = np.linalg.norm(source.weight)
    assert np.std((wave - still)[:half]) == pytest.approx(length * 0.1 / 3, rel=0.02)
    assert np.std((wave - still)[half:]) == pytest.approx(length * 0.003, rel=0.02)
    assert np.ptp(still[:half]) == 0


def test_any_frames_have_the_bits_that_they_have_in_the_whole(source: HarmonicSource) -> None:
    pitch = speaking()
    total = len(pitch) * STEP // 600
    sentence = source.of_sentence(pitch, seed=3)
    whole = sentence(range(total))
    noise = source_noise(3, range(total), columns=1)[:, 0]
    assert whole.tobytes() == source.spectrum(pitch, noise).tobytes()
    for start, stop in ((0, 1), (0, 7), (1, 2), (5, 38), (total - 3, total), (9, 9)):
        expected = np.ascontiguousarray(whole[:, 120 * start : 120 * stop + 1])
        assert sentence(range(start, stop)).tobytes() == expected.tobytes()
