"""The table of statistics in the package: a part of it is made anew from the weights."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="the extra torch is not installed")

from script.tables import perceptron
from script.tables.observing import NativeObserver, native_engine, sentences_of
from script.tables.reference import ReferenceObserver
from script.tables.sensitivity import sensitivity, weights_of
from tests.engines.kokoro.test_statistics import made_up_sentences
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.kokoro.regression import fit
from wyoming_kokoro.engines.kokoro.statistics import packaged_table
from wyoming_kokoro.engines.native.network import HEADROOM, LEAST_RANGE
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.models.installed import local_checkpoint

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(600)]

VOICES = ("zf_xiaobei",)
SENTENCES = (1, 4, 7)
"""Of each voice, by number: some that are short, and so cost little."""


@pytest.fixture(scope="module")
def engine(near_real: Path, native: None) -> Iterator[KokoroEngine]:
    """The native engine, which tells what it observes."""
    engine = native_engine(near_real, near_real.parent)
    yield engine
    engine.close()


def test_a_part_of_the_table_can_be_made_anew(
    near_real: Path, stages: Callable[[str, bool], Stages], engine: KokoroEngine
) -> None:
    """The intercept of a voice is the mean of what the slopes leave of its sentences; and what
    integers stand for goes as far as any sentence does, with the headroom that it is given."""
    table = packaged_table(stages("v1.0", False).facts.fingerprint)
    assert table is not None
    assert table.ranges is not None
    model = local_checkpoint(near_real)
    for voice in VOICES:
        factors, targets = [], []
        said = sentences_of(model, near_real.parent / "voices", voice, SENTENCES)
        for tokens, style, speed in said:
            plan: KokoroPlan = engine.plan(tokens, style, speed, seed=0)
            whole = engine.observe(plan)
            factors.append(table.factors(plan.covariates))
            targets.append(table.targets(whole.statistics))
            assert whole.ranges is not None
            assert (whole.ranges <= min(HEADROOM["int16"]) * table.ranges + LEAST_RANGE).all()
        known = table.voices[style.voice]
        left = [
            wanted - table.sloped(row, known.center)
            for row, wanted in zip(factors, targets, strict=True)
        ]
        means, logs = np.split(np.mean(left, axis=0) - known.intercept, 2)
        assert np.abs(means).mean() < 0.03
        assert 20 / np.log(10) * np.abs(logs).mean() < 0.3


def test_the_reference_observes_what_the_engine_does(near_real: Path, engine: KokoroEngine) -> None:
    """But for the noise: a tenth of a deviation, as between two seeds."""
    model, voices = local_checkpoint(near_real), near_real.parent / "voices"
    reference = ReferenceObserver(near_real, model.architecture)
    [(tokens, style, speed)] = sentences_of(model, voices, VOICES[0], [1])
    wanted = NativeObserver(engine).observe(tokens, style, speed, 0)
    found = reference.observe(tokens, style, speed, 0)
    assert found.frames == wanted.frames
    np.testing.assert_allclose(found.covariates, wanted.covariates, atol=1e-4)
    means, deviations = wanted.statistics
    assert np.abs((found.statistics[0] - means) / deviations).mean() < 0.01
    assert np.abs(np.log(found.statistics[1] / deviations)).mean() < 0.01
    reference.close()


def test_a_perceptron_takes_up_what_a_line_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a voice has slopes of its own."""
    monkeypatch.setattr(perceptron, "UNITS", 64)
    covariates, statistics, voices = made_up_sentences(600, voices=2)
    louder = np.array([voice == "voice 1" for voice in voices])
    logs = np.log(statistics[:, 1])
    logs[louder] += 0.5 * np.abs(logs[louder] - logs[louder].mean(axis=0))
    statistics[:, 1] = np.exp(logs)
    linear = fit(covariates, statistics, voices)
    weigh = np.ones_like
    bent = perceptron.fit_with_perceptron(covariates, statistics, voices, weigh)
    targets = np.stack([linear.targets(one) for one in statistics])
    before, after = (
        perceptron.squared_errors(table, covariates, targets, voices).mean()
        for table in (linear, bent)
    )
    assert after < before * 0.75


def test_sensitivity_tells_by_how_much_an_error_is_heard(
    near_real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More in the blocks of the signal than in those of its source, as was found by trying."""
    monkeypatch.setattr("script.tables.sensitivity.DIRECTIONS", 1)
    monkeypatch.setattr("script.tables.sensitivity.SENTENCES", {"z": ["好。"]})
    distance, steps = sensitivity(near_real, VOICES)
    places = norm_places(local_checkpoint(near_real).architecture)
    source = np.concatenate([np.full(len(place.channels), place.of_source) for place in places])
    source = np.concatenate([source, source])
    for found in (distance, steps):
        assert found.shape == (2 * 9216,)
        assert found[~source].mean() > 5 * found[source].mean() > 0
    weights = weights_of(distance, steps, np.ones(2 * 9216, np.float32), places)
    assert weights[~source].mean() > 2 * weights[source].mean()
