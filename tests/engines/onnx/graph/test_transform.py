"""The inverse transform against torch's; the one in common exports is 2.5 dB too quiet."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra torch is not installed")

import onnxruntime
import torch

from tests.support.reference import Floats
from wyoming_kokoro.engines.onnx.graph.builder import Graph
from wyoming_kokoro.engines.onnx.graph.transform import inverse_transform

pytestmark = pytest.mark.torch

SIZE, HOP, BINS = 20, 5, 11


@pytest.fixture(scope="module")
def transform(tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    graph = Graph("transform")
    spectrum = graph.input("spectrum", 1, SIZE + 2, 1, "columns")
    graph.output(inverse_transform(graph, spectrum, SIZE, HOP), "samples", "samples")
    path, _ = graph.save(tmp_path_factory.mktemp("transform"))
    return onnxruntime.InferenceSession(path)


def samples_of(transform: onnxruntime.InferenceSession, spectrum: Floats) -> Floats:
    (samples,) = transform.run(None, {"spectrum": spectrum[:, :, None]})
    return np.asarray(samples)


def by_torch(spectrum: Floats) -> Floats:
    magnitude, angle = torch.exp(torch.tensor(spectrum)).chunk(2, 1)[0], spectrum[:, BINS:]
    bins = magnitude * torch.exp(1j * torch.sin(torch.tensor(angle)))
    samples = torch.istft(bins, SIZE, HOP, SIZE, window=torch.hann_window(SIZE))
    return np.asarray(samples)


@pytest.mark.parametrize("columns", [3, 5, 121, 1201])
def test_it_is_torchs_to_the_first_and_last_sample(
    transform: onnxruntime.InferenceSession, columns: int
) -> None:
    random = np.random.default_rng(columns)
    spectrum = random.standard_normal((1, 2 * BINS, columns), dtype=np.float32)
    found, wanted = samples_of(transform, spectrum), by_torch(spectrum)[0]
    assert found.shape == (HOP * (columns - 1),)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("number", range(BINS))
def test_every_bin_is_as_loud_as_torch_makes_it(
    transform: onnxruntime.InferenceSession, number: int
) -> None:
    spectrum = np.full((1, 2 * BINS, 49), -30, np.float32)
    spectrum[:, number] = 0
    spectrum[:, BINS:] = 0.3
    found, wanted = samples_of(transform, spectrum), by_torch(spectrum)
    assert np.linalg.norm(found) / np.linalg.norm(wanted) == pytest.approx(1, abs=1e-5)


def test_windows_are_divided_out(transform: onnxruntime.InferenceSession) -> None:
    """By hand: a first bin of 10 is a constant of 10 / 20; windows that overlap add up to 2, and
    their squares to 1.5."""
    spectrum = np.full((1, 2 * BINS, 30), -30, np.float32)
    spectrum[:, 0], spectrum[:, BINS:] = np.log(10), 0
    inner = samples_of(transform, spectrum)[20:-20]
    np.testing.assert_allclose(inner, 0.5 * 2 / 1.5, rtol=1e-5)
