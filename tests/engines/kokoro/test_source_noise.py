import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.source import source_noise


def test_a_samples_noise_depends_on_its_position_and_not_on_the_frames_asked_for() -> None:
    whole = source_noise(7, range(12))
    assert np.array_equal(source_noise(7, range(4, 9)), whole[4 * 600 : 9 * 600])


def test_the_same_seed_gives_the_same_noise_and_another_seed_another() -> None:
    assert np.array_equal(source_noise(1, range(3)), source_noise(1, range(3)))
    assert (
        abs(np.corrcoef(source_noise(1, range(3)).ravel(), source_noise(2, range(3)).ravel())[0, 1])
        < 0.05
    )


@pytest.mark.parametrize("seed", [0, -1, 2**63, 2**64 + 1, 10**30])
def test_any_integer_is_a_seed(seed: int) -> None:
    assert source_noise(seed, range(1)).shape == (600, 9)


def test_the_noise_is_standard_normal_and_its_harmonics_are_independent() -> None:
    noise = source_noise(3, range(40)).astype(np.float64)
    assert noise.shape == (24_000, 9)
    assert np.abs(noise.mean(axis=0)).max() < 0.03
    assert np.abs(np.cov(noise.T) - np.eye(9)).max() < 0.04
    assert abs((noise**4).mean() - 3) < 0.1


def test_no_frames_have_no_noise() -> None:
    assert source_noise(0, range(0)).shape == (0, 9)
