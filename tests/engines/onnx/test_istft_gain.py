"""The wrong gain of common exports is recognized, and put right, by the weights that cause it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.exports import write_faulty_stft
from wyoming_kokoro.engines.onnx.istft_gain import corrected_weights
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.models.onnx_file import read_onnx

pytestmark = pytest.mark.torch

NAMES = ("weight_backward_real", "weight_backward_imag")
COLUMNS = 41


@pytest.fixture(scope="module")
def weights() -> tuple[Any, Any]:
    """As kokoro has them."""
    pytest.importorskip("kokoro", reason="the fault is that of kokoro's CustomSTFT")
    from kokoro.custom_stft import CustomSTFT

    stft = CustomSTFT(filter_length=20, hop_length=5, win_length=20)
    return stft.weight_backward_real.numpy(), stft.weight_backward_imag.numpy()


def sound_of(path: Path, replaced: Any, spectrum: Any) -> Any:
    session = Runtime(1).load(path, "", replaced)
    parts = {"real": spectrum.real, "imaginary": spectrum.imag}
    inputs = {name: np.ascontiguousarray(part[None], np.float32) for name, part in parts.items()}
    return session.run(**inputs)[0][10:-10]


def test_with_the_weights_put_right_the_sound_is_that_of_torch(
    weights: tuple[Any, Any], tmp_path: Path
) -> None:
    import torch  # its own inverse STFT is the yardstick

    wave = torch.tensor(
        np.random.default_rng(0).standard_normal(5 * (COLUMNS - 1)), dtype=torch.float32
    )
    window = torch.hann_window(20)
    spectrum = torch.stft(wave, 20, 5, 20, window, return_complex=True)
    truth = torch.istft(spectrum, 20, 5, 20, window).numpy()
    path = write_faulty_stft(tmp_path / "stft.onnx", weights)
    right = corrected_weights(read_onnx(path))
    assert set(right) == set(NAMES)
    inner = slice(20, -20)
    assert np.abs(sound_of(path, right, spectrum.numpy()) - truth)[inner].max() < 1e-4
    assert np.abs(sound_of(path, None, spectrum.numpy()) - truth)[inner].max() > 0.1


def test_half_precision_is_put_right_as_well(weights: tuple[Any, Any], tmp_path: Path) -> None:
    halves = tuple(part.astype(np.float16) for part in weights)
    right = corrected_weights(read_onnx(write_faulty_stft(tmp_path / "half.onnx", halves)))
    assert right[NAMES[0]].dtype == np.float16
    assert right[NAMES[0]][1] == pytest.approx(weights[0][1] * 4 / 3, abs=1e-4)


def test_what_is_right_already_or_not_certainly_wrong_is_left_alone(
    weights: tuple[Any, Any], tmp_path: Path
) -> None:
    path = write_faulty_stft(tmp_path / "stft.onnx", weights)
    right = corrected_weights(read_onnx(path))
    repaired = write_faulty_stft(tmp_path / "a.onnx", (right[NAMES[0]], right[NAMES[1]]))
    scaled = write_faulty_stft(tmp_path / "b.onnx", weights, after="Mul")
    strange = write_faulty_stft(tmp_path / "c.onnx", (weights[0][:, :, ::-1], weights[1] * 2))
    assert [corrected_weights(read_onnx(p)) for p in (repaired, scaled, strange)] == [{}] * 3
