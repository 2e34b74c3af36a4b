"""Statistics are predicted from what the plan knows, and the table survives its file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.made_up import made_up_table
from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.regression import COMPONENTS, fit
from wyoming_kokoro.engines.kokoro.statistics import (
    FARTHEST,
    Perceptron,
    StatisticsTable,
    covariates_of,
    packaged_table,
    read_arrays,
    read_table,
)
from wyoming_kokoro.models import catalog

CHANNELS = 30


def made_up_sentences(count: int, voices: int, seed: int = 0) -> tuple[Floats, Floats, list[str]]:
    """Covariates and statistics that hang together in a line, and who spoke."""
    random = np.random.default_rng(seed)
    law = np.random.default_rng(9)
    directions = law.standard_normal((6, 1029)).astype(np.float32)
    slopes = law.standard_normal((6, 2 * CHANNELS)).astype(np.float32) / 20
    own = law.standard_normal((voices, 2 * CHANNELS)).astype(np.float32)
    factors = random.standard_normal((count, 6)).astype(np.float32)
    speakers = random.integers(0, voices, count)
    targets = factors @ slopes + own[speakers]
    means, logs = np.split(targets, 2, axis=1)
    return (
        factors @ directions,
        np.stack([means, np.exp(logs)], axis=1),
        [f"voice {speaker}" for speaker in speakers],
    )


def test_covariates_are_moments_of_the_front_and_of_the_pitch() -> None:
    hidden = np.zeros((512, 8), np.float32)
    hidden[3] = [1, 3] * 4
    pitch = np.array([0, 0, 100, 100, 400, 400, 0, 0], np.float32)
    found = covariates_of(hidden, pitch)
    assert found.shape == (1029,)
    assert found[3] == 2
    assert found[512 + 3] == pytest.approx(0, abs=1e-4)
    frames, log_frames, voiced, mean, deviation = found[-5:]
    assert (frames, voiced) == (4, 0.5)
    assert log_frames == pytest.approx(np.log(4))
    assert mean == pytest.approx(np.log(200))
    assert deviation == pytest.approx(np.log(2))


def test_a_sentence_without_pitch_or_variation_has_finite_covariates() -> None:
    found = covariates_of(np.zeros((512, 2), np.float32), np.zeros(2, np.float32))
    assert np.isfinite(found).all()


def test_the_generator_has_48_places_with_9216_channels() -> None:
    places = norm_places(catalog.architecture("v1.0"))
    assert len(places) == len({place.path for place in places}) == 48
    assert [place.path.removeprefix("decoder.generator.") for place in places[:3]] == [
        "noise_res.0.adain1.0",
        "noise_res.0.adain2.0",
        "noise_res.0.adain1.1",
    ]
    assert places[-1].path == "decoder.generator.resblocks.5.adain2.2"
    ends = [place.channels.stop for place in places]
    assert [place.channels.start for place in places] == [0, *ends[:-1]]
    assert ends[-1] == 9216


def test_what_was_fitted_predicts_sentences_that_it_has_not_seen() -> None:
    table = fit(*made_up_sentences(300, voices=4))
    covariates, statistics, voices = made_up_sentences(20, voices=4, seed=1)
    for row, wanted, voice in zip(covariates, statistics, voices, strict=True):
        found = table.predicted(table.factors(row), table.voices[voice])
        assert np.abs(table.targets(found) - table.targets(wanted)).max() < 0.1


def test_a_table_has_the_directions_that_tell_most_and_not_those_that_vary_most() -> None:
    """With enough sentences: 130 directions that say nothing vary three times as much as the six
    that say all."""
    covariates, statistics, voices = made_up_sentences(1020, voices=4)
    random = np.random.default_rng(5)
    loud = random.standard_normal((130, 1024)).astype(np.float32) * 3
    noise = random.standard_normal((1020, 130)).astype(np.float32) @ loud
    covariates[:, :1024] += noise
    table = fit(covariates[:1000], statistics[:1000], voices[:1000])
    assert len(table.components) == COMPONENTS
    unseen = list(zip(covariates, statistics, voices, strict=True))[1000:]
    errors = [
        np.abs(
            table.targets(table.predicted(table.factors(row), table.voices[voice]))
            - table.targets(wanted)
        ).max()
        for row, wanted, voice in unseen
    ]
    assert np.median(errors) < 0.08, "those that vary most leave 0.14"


def test_targets_and_statistics_are_two_ways_to_say_the_same() -> None:
    _, statistics, _ = made_up_sentences(1, voices=1)
    table = made_up_table(CHANNELS)
    np.testing.assert_allclose(
        table.statistics(table.targets(statistics[0])), statistics[0], rtol=1e-5
    )


def test_covariates_far_from_all_speech_count_no_more_than_the_farthest() -> None:
    table = fit(*made_up_sentences(100, voices=2))
    strange = np.full(1029, 1e6, np.float32)
    factors = table.factors(strange)
    assert np.abs(factors).max() == FARTHEST
    bound = FARTHEST * np.abs(table.slopes).sum(axis=0)
    assert (np.abs(table.sloped(factors, np.zeros_like(factors))) <= bound + 1e-3).all()


def with_perceptron(table: StatisticsTable) -> StatisticsTable:
    """The table with one hidden unit, which sees the first factor beside its voice's center."""
    width = len(table.scale)
    entering = np.zeros((2 * width, 1), np.float32)
    entering[0] = 1
    leaving = np.zeros((1, width), np.float32)
    leaving[0, 1] = 2
    return replace(table, perceptron=Perceptron(entering, np.ones(1, np.float32), leaving))


def test_a_perceptron_corrects_factors_by_how_they_differ_from_their_voices() -> None:
    table = with_perceptron(fit(*made_up_sentences(100, voices=2)))
    factors = np.zeros(len(table.scale), np.float32)
    center = np.full_like(factors, 0.5)
    corrected = factors.copy()
    corrected[1] = 2 * 0.5 / (1 + np.exp(-0.5))
    np.testing.assert_allclose(
        table.sloped(factors, center), corrected @ table.slopes, rtol=1e-4, atol=1e-6
    )


def test_what_is_known_of_a_voice_predicts_the_mean_of_the_sentences_that_told_it() -> None:
    table = with_perceptron(fit(*made_up_sentences(100, voices=2)))
    covariates, statistics, _ = made_up_sentences(3, voices=1, seed=4)
    factors = np.stack([table.factors(row) for row in covariates])
    targets = np.stack([table.targets(one) for one in statistics])
    voice = table.known(factors, targets.mean(axis=0))
    found = [table.targets(table.predicted(row, voice)) for row in factors]
    np.testing.assert_allclose(np.mean(found, axis=0), targets.mean(axis=0), atol=1e-4)


@pytest.mark.parametrize("change", [with_perceptron, lambda table: table])
def test_a_table_survives_its_file(
    change: Callable[[StatisticsTable], StatisticsTable], tmp_path: Path
) -> None:
    table = change(fit(*made_up_sentences(100, voices=2)))
    table.save(tmp_path / "table.npz")
    found = read_table(tmp_path / "table.npz")
    assert found is not None
    assert found.voices.keys() == table.voices.keys()
    assert found.digest == table.digest
    covariates, _, voices = made_up_sentences(1, voices=2, seed=2)
    kept, wanted = (
        one.targets(one.predicted(one.factors(covariates[0]), one.voices[voices[0]]))
        for one in (found, table)
    )
    np.testing.assert_allclose(kept, wanted, atol=3e-2)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_a_file_that_is_no_table_is_none(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "table.npz").write_bytes(content)
    assert read_table(tmp_path / "table.npz") is None


def test_a_table_that_lacks_a_part_is_none(tmp_path: Path) -> None:
    fit(*made_up_sentences(100, voices=2)).save(tmp_path / "whole.npz")
    arrays = read_arrays(tmp_path / "whole.npz")
    for name in arrays.keys() - {"format"}:
        rest = {key: value for key, value in arrays.items() if key != name}
        with (tmp_path / "table.npz").open("wb") as file:
            np.savez(file, allow_pickle=False, **rest)
        assert read_table(tmp_path / "table.npz") is None, name


def test_a_table_of_another_format_is_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "table.npz", format=np.array(0))
    assert read_table(tmp_path / "table.npz") is None


def test_a_model_that_the_package_does_not_know_has_no_table() -> None:
    assert packaged_table("0" * 64) is None
