"""Floats to the bytes that listeners get."""

import numpy as np
import pytest

from wyoming_kokoro import audio


def test_samples_become_16_bit_little_endian() -> None:
    pcm = np.array([0, 1, -1, 0.5, 1 / 32_767], np.float32)
    assert audio.to_int16(pcm) == b"\x00\x00\xff\x7f\x01\x80\x00\x40\x01\x00"


def test_what_is_too_loud_is_clipped_and_never_wraps() -> None:
    pcm = np.array([1.0001, 7, -1.5, np.inf, -np.inf], np.float32)
    samples = np.frombuffer(audio.to_int16(pcm), "<i2")
    assert samples.tolist() == [32_767, 32_767, -32_767, 32_767, -32_767]


def test_rounding_is_to_the_nearest() -> None:
    pcm = np.linspace(-1, 1, 10_001, dtype=np.float32)
    samples = np.frombuffer(audio.to_int16(pcm), "<i2")
    assert np.abs(samples - pcm.astype(np.float64) * 32_767).max() < 0.51


def test_no_samples_are_no_bytes_and_no_chunks() -> None:
    data = audio.to_int16(np.zeros(0, np.float32))
    assert data == b""
    assert list(audio.chunks(data, 0.05)) == []


def test_silence_has_its_length() -> None:
    assert audio.to_int16(audio.silence(0.05)) == bytes(2 * 1_200)


@pytest.mark.parametrize("samples", [1, 1_199, 1_200, 1_201, 24_000])
def test_chunks_are_whole_samples_and_together_everything(samples: int) -> None:
    data = np.arange(samples, dtype="<i2").tobytes()
    pieces = list(audio.chunks(data, 0.05))
    assert b"".join(pieces) == data
    assert all(len(piece) == 2_400 for piece in pieces[:-1])
    assert 0 < len(pieces[-1]) <= 2_400
