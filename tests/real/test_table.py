"""The table of statistics in the package: a part of it is made anew from the weights."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="the extra torch is not installed")

from script.tables.observing import NativeObserver, native_engine, sentences_of
from script.tables.reference import ReferenceObserver
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.kokoro.statistics import packaged_table
from wyoming_kokoro.engines.native.decoder import HEADROOM, LEAST_RANGE
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.models.installed import local_checkpoint

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(600)]

VOICES = ("zf_xiaobei",)
SENTENCES = (1, 4, 7)
"""Of each voice, by number: some that are short, and so cost little."""


@pytest.fixture(scope="module")
def engine(near_real: Path, native: None) -> Iterator[OnnxEngine]:
    """The native engine, which tells what it observes."""
    engine = native_engine(near_real, near_real.parent)
    yield engine
    engine.close()


def test_a_part_of_the_table_can_be_made_anew(
    near_real: Path, stages: Callable[[str, bool], Stages], engine: OnnxEngine
) -> None:
    """The intercept of a voice is the mean of what the slopes leave of its sentences; and what
    integers stand for goes as far as any sentence does, with the headroom that it is given."""
    table = packaged_table(stages("v1.0", False).fingerprint)
    assert table is not None
    assert table.ranges is not None
    model = local_checkpoint(near_real)
    for voice in VOICES:
        left = []
        said = sentences_of(model, near_real.parent / "voices", voice, SENTENCES)
        for tokens, style, speed in said:
            plan: KokoroPlan = engine.plan(tokens, style, speed, seed=0)
            whole = engine.observe(plan)
            left.append(table.targets(whole.statistics) - table.sloped(plan.covariates))
            assert whole.ranges is not None
            assert (whole.ranges <= min(HEADROOM["int16"]) * table.ranges + LEAST_RANGE).all()
        means, logs = np.split(np.mean(left, axis=0) - table.intercepts[style.voice], 2)
        assert np.abs(means).mean() < 0.03
        assert 20 / np.log(10) * np.abs(logs).mean() < 0.3


def test_the_reference_observes_what_the_engine_does(near_real: Path, engine: OnnxEngine) -> None:
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
