"""Voices are taught by their first whole sentences, models by a hundred of them."""

from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from tests.engines.kokoro.test_statistics import CHANNELS, made_up_sentences
from tests.support.made_up import made_up_table
from wyoming_kokoro.engines.kokoro import learning
from wyoming_kokoro.engines.kokoro.learning import (
    SHORTEST_FRAMES,
    TABLE_SENTENCES,
    TAUGHT_SENTENCES,
    StatisticsPredictor,
)

LONG = 200


def test_a_voice_of_the_table_is_predicted_and_wants_nothing(tmp_path: Path) -> None:
    predictor = StatisticsPredictor(made_up_table(CHANNELS, ["a"]), tmp_path)
    covariates, _, _ = made_up_sentences(1, voices=1)
    found = predictor.predicted("a", covariates[0])
    assert found is not None
    assert found.shape == (2, CHANNELS)
    assert not predictor.wants("a", LONG)
    assert predictor.lacks == 0


def test_one_to_three_sentences_teach_a_voice(tmp_path: Path) -> None:
    predictor = StatisticsPredictor(made_up_table(CHANNELS), tmp_path)
    covariates, statistics, _ = made_up_sentences(TAUGHT_SENTENCES, voices=1)
    assert predictor.predicted("b", covariates[0]) is None
    for row, observed in zip(covariates, statistics, strict=True):
        assert predictor.wants("b", LONG)
        predictor.learn("b", row, observed)
        assert predictor.predicted("b", row) is not None
    assert not predictor.wants("b", LONG)
    assert predictor.predicted("c", covariates[0]) is None
    mean = np.log(statistics[:, 1]).mean(axis=0)
    found = predictor.predicted("b", covariates[0])
    assert found is not None
    np.testing.assert_allclose(np.log(found[1]), mean, atol=1e-5)


def test_what_was_learned_is_known_after_a_restart(tmp_path: Path) -> None:
    table = made_up_table(CHANNELS)
    covariates, statistics, _ = made_up_sentences(2, voices=1)
    first = StatisticsPredictor(table, tmp_path)
    for row, observed in zip(covariates, statistics, strict=True):
        first.learn("b", row, observed)
    again = StatisticsPredictor(table, tmp_path)
    found, wanted = again.predicted("b", covariates[0]), first.predicted("b", covariates[0])
    assert found is not None
    assert wanted is not None
    np.testing.assert_array_equal(found, wanted)
    again.learn("b", covariates[0], statistics[0])
    assert not again.wants("b", LONG)


def test_a_model_without_a_table_learns_one_from_its_sentences_also_across_restarts(
    tmp_path: Path,
) -> None:
    covariates, statistics, voices = made_up_sentences(TABLE_SENTENCES, voices=3)
    for number in range(TABLE_SENTENCES):
        if number % 50 == 0:
            predictor = StatisticsPredictor(None, tmp_path)
        assert predictor.lacks == TABLE_SENTENCES - number
        assert predictor.predicted(voices[0], covariates[0]) is None
        assert predictor.wants(voices[number], LONG)
        predictor.learn(voices[number], covariates[number], statistics[number])
    for one in (predictor, StatisticsPredictor(None, tmp_path)):
        assert one.lacks == 0
        assert not one.wants(voices[0], LONG)
        found = one.predicted(voices[0], covariates[0])
        assert found is not None
        np.testing.assert_allclose(found, statistics[0], rtol=0.1, atol=0.1)
        assert one.wants("a new one", LONG)
    assert [path.name for path in tmp_path.iterdir()] == ["table.npz"]


@pytest.mark.parametrize(("voice", "frames"), [("b", SHORTEST_FRAMES - 1), ("", LONG)])
def test_a_word_or_a_voice_without_a_pack_teaches_nothing(voice: str, frames: int) -> None:
    assert not StatisticsPredictor(made_up_table(CHANNELS)).wants(voice, frames)


def test_what_is_not_finite_teaches_nothing() -> None:
    predictor = StatisticsPredictor(made_up_table(CHANNELS))
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    predictor.learn("b", covariates[0], statistics[0] * np.nan)
    assert predictor.predicted("b", covariates[0]) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_learned_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.npz").write_bytes(content)
    (tmp_path / "table.npz").write_bytes(content)
    (tmp_path / "observed.npz").write_bytes(content)
    covariates, _, _ = made_up_sentences(1, voices=1)
    predictor = StatisticsPredictor(made_up_table(CHANNELS), tmp_path)
    assert predictor.predicted("b", covariates[0]) is None
    assert StatisticsPredictor(None, tmp_path).lacks == TABLE_SENTENCES


def test_what_another_table_taught_a_voice_is_learned_anew(tmp_path: Path) -> None:
    """An update of the package may bring a better table for the same model."""
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    table = made_up_table(CHANNELS)
    StatisticsPredictor(table, tmp_path).learn("b", covariates[0], statistics[0])
    assert StatisticsPredictor(table, tmp_path).predicted("b", covariates[0]) is not None
    other = StatisticsPredictor(replace(table, units=2 * table.units), tmp_path)
    assert other.predicted("b", covariates[0]) is None
    assert other.wants("b", LONG)


def test_an_intercept_of_another_generator_is_learned_anew(tmp_path: Path) -> None:
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    StatisticsPredictor(made_up_table(CHANNELS), tmp_path).learn("b", covariates[0], statistics[0])
    other = StatisticsPredictor(made_up_table(CHANNELS + 1), tmp_path)
    assert other.predicted("b", covariates[0]) is None


WIDTH = len(made_up_table(CHANNELS).scale)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("factors", np.zeros((1, WIDTH + 1), np.float32)),
        ("factors", np.zeros((0, WIDTH), np.float32)),
        ("factors", np.zeros((TAUGHT_SENTENCES + 1, WIDTH), np.float32)),
        ("factors", np.full((1, WIDTH), np.nan, np.float32)),
        ("factors", np.full((1, WIDTH), "one")),
        ("targets", np.zeros(2 * CHANNELS + 1, np.float32)),
        ("targets", np.full(2 * CHANNELS, np.inf, np.float32)),
    ],
)
def test_what_does_not_fit_in_a_file_is_learned_anew(
    name: str, values: np.ndarray, tmp_path: Path
) -> None:
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    table = made_up_table(CHANNELS)
    StatisticsPredictor(table, tmp_path).learn("b", covariates[0], statistics[0])
    with np.load(tmp_path / "b.npz") as arrays:
        kept = dict(arrays)
    assert StatisticsPredictor(table, tmp_path).predicted("b", covariates[0]) is not None
    with (tmp_path / "b.npz").open("wb") as file:
        np.savez(file, allow_pickle=False, **{**kept, name: values})
    other = StatisticsPredictor(table, tmp_path)
    assert other.predicted("b", covariates[0]) is None
    assert other.wants("b", LONG)


def test_a_full_disk_costs_a_warning_and_no_speech(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    predictor = StatisticsPredictor(made_up_table(CHANNELS), tmp_path)
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    with mock.patch("numpy.savez", side_effect=OSError(28, "No space left")):
        predictor.learn("b", covariates[0], statistics[0])
    assert "what was learned of a voice is not kept" in caplog.text
    assert "No space left" in caplog.text
    assert predictor.predicted("b", covariates[0]) is not None
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_asks_for_ever_new_blends_fills_neither_memory_nor_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MOST_VOICES", 5)
    predictor = StatisticsPredictor(made_up_table(CHANNELS), tmp_path)
    covariates, statistics, _ = made_up_sentences(1, voices=1)
    for number in range(20):
        assert predictor.wants(f"blend {number}", LONG)
        predictor.learn(f"blend {number}", covariates[0], statistics[0])
        assert predictor.predicted(f"blend {number}", covariates[0]) is not None
        assert predictor.predicted(f"asked for {number}", covariates[0]) is None
    assert len(predictor._taught) == 5
    assert len(list(tmp_path.iterdir())) == 5
    assert predictor.predicted("blend 19", covariates[0]) is not None
    assert predictor.predicted("blend 0", covariates[0]) is None


def test_the_largest_values_are_known_once_there_is_a_table_also_across_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are what integers stand for; a sentence of which they were not watched adds nothing."""
    monkeypatch.setattr(learning, "TABLE_SENTENCES", 4)
    covariates, statistics, voices = made_up_sentences(4, voices=1)
    seen = [np.full(CHANNELS, value, np.float32) for value in (2, 5, 3)]
    for number, ranges in enumerate([*seen, None]):
        predictor = StatisticsPredictor(None, tmp_path)
        assert predictor.ranges is None
        predictor.learn(voices[number], covariates[number], statistics[number], ranges)
    for one in (predictor, StatisticsPredictor(None, tmp_path)):
        assert one.ranges is not None
        assert (one.ranges == 5).all()
