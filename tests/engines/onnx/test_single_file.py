"""Kokoro as one ONNX file, in the flavors that are published."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.exports import (
    FLOAT,
    FRAMES_A_TOKEN,
    INT32,
    INT64,
    save,
    write_export,
)
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.engines.onnx.single_file import SingleFileEngine
from wyoming_kokoro.errors import BadModelFile, SynthesisFailed
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Plan, Style, Tokens
from wyoming_kokoro.synthesis.loading import load_engine

TOKENS = Tokens((5, 9, 7), Phonemes("abc", "", US_ENGLISH), "abc")
LEVELS = np.repeat([0, 5, 9, 7, 0], 600 * FRAMES_A_TOKEN) / 100
STYLE = Style(np.full(256, 0.01, np.float32), US_ENGLISH, female=True)


def load(path: Path) -> SingleFileEngine:
    return SingleFileEngine(path, 178, Runtime(1))


def whole(engine: SingleFileEngine, speed: float = 1.0) -> Any:
    plan = engine.plan(TOKENS, STYLE, speed, seed=0)
    return engine.voice(plan, range(plan.frames))


@pytest.mark.parametrize("ids", [("input_ids", INT64), ("tokens", INT64), ("tokens", INT32)])
@pytest.mark.parametrize("style", [(1, 256), (1, 1, 256), (256,)])
@pytest.mark.parametrize("speed", [(FLOAT, (1,)), (INT32, (1,)), (FLOAT, ())])
def test_every_flavor_of_inputs_speaks(
    ids: tuple[str, int], style: Sequence[int], speed: tuple[int, Sequence[int]], tmp_path: Path
) -> None:
    path = write_export(tmp_path / "any.onnx", ids=ids, style=style, speed=speed)
    assert whole(load(path)) == pytest.approx(LEVELS)


def test_durations_are_taken_where_they_are_given_and_true(tmp_path: Path) -> None:
    told = load(write_export(tmp_path / "a.onnx")).plan(TOKENS, STYLE, 1.0, seed=0)
    untold = load(write_export(tmp_path / "b.onnx", durations=False)).plan(TOKENS, STYLE, 1.0, 0)
    lying = load(write_export(tmp_path / "c.onnx", lie=1)).plan(TOKENS, STYLE, 1.0, seed=0)
    assert told.durations.tolist() == [FRAMES_A_TOKEN] * 5
    assert len(untold.durations) == len(lying.durations) == 0
    assert told.frames == untold.frames == lying.frames == 5 * FRAMES_A_TOKEN


def test_spans_are_cut_from_the_whole_and_energy_is_its_level(tmp_path: Path) -> None:
    engine = load(write_export(tmp_path / "any.onnx"))
    plan = engine.plan(TOKENS, STYLE, 1.0, seed=0)
    spans = [range(3), range(3, 4), range(4, plan.frames)]
    joined = np.concatenate([engine.voice(plan, span) for span in spans])
    assert joined == pytest.approx(LEVELS)
    assert plan.energy == pytest.approx(LEVELS[::300])


def test_a_whole_speed_is_rounded_and_never_none_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = load(write_export(tmp_path / "old.onnx", speed=(INT32, (1,))))
    assert "old.onnx takes whole speeds only" in caplog.text
    for speed, level in ((0.5, 1), (1.4, 1), (1.6, 0.5)):
        assert whole(engine, speed) == pytest.approx(LEVELS * level)


def test_a_speed_is_passed_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert whole(load(write_export(tmp_path / "new.onnx")), 0.8) == pytest.approx(LEVELS / 0.8)
    assert not caplog.records


def test_a_graph_that_is_no_kokoro_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    from onnx import helper

    value = helper.make_tensor_value_info("picture", FLOAT, [1])
    seen = helper.make_tensor_value_info("seen", FLOAT, [1])
    node = helper.make_node("Neg", ["picture"], ["seen"])
    path = save(helper.make_graph([node], "eye", [value], [seen]), tmp_path / "eye.onnx", None)
    with pytest.raises(BadModelFile, match=r"no input input_ids or tokens.*only picture"):
        load(path)


def test_what_is_not_finite_is_never_sound(tmp_path: Path) -> None:
    engine = load(write_export(tmp_path / "any.onnx"))
    spoiled = Style(np.full(256, np.nan, np.float32), US_ENGLISH, female=True)
    with pytest.raises(SynthesisFailed, match="not finite"):
        engine.plan(TOKENS, spoiled, 1.0, seed=0)


def test_a_plan_of_another_engine_is_a_mistake(tmp_path: Path) -> None:
    nothing = np.zeros(0, np.float32)
    plan = Plan(TOKENS, 0, np.zeros(0, np.int64), nothing, nothing)
    with pytest.raises(TypeError, match="not of this engine"):
        load(write_export(tmp_path / "any.onnx")).voice(plan, range(0))


def test_a_checkpoint_that_is_one_onnx_file_is_loaded_as_such(tmp_path: Path) -> None:
    model = local_checkpoint(write_export(tmp_path / "kokoro.onnx"))
    settings = Settings(data_dir=tmp_path, threads=1)
    engine = load_engine("onnx", model, settings, lambda: None, {})
    assert (engine.name, engine.device) == ("onnx single-file", "cpu")
    assert engine.warm_up() > 0
    engine.close()
