"""A graph in pieces: each operator that has weights is in one, and together they are the whole."""

from collections import Counter
from collections.abc import Callable

import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

import numpy as np
import onnx

from tests.support.reference import random_style, sentence
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.speech import Pcm

pytestmark = pytest.mark.torch


def test_every_convolution_is_in_one_piece(stages: Callable[[str, bool], Stages]) -> None:
    built = stages("v1.0", True)
    whole = onnx.load(built.path("generator"), load_external_data=False)
    pieces = [onnx.load(path, load_external_data=False) for path in built.pieces]
    wanted = [node.name for node in whole.graph.node if node.op_type.startswith("Conv")]
    found = [n.name for p in pieces for n in p.graph.node if n.op_type.startswith("Conv")]
    assert Counter(found) == Counter(wanted)
    assert len(pieces) == 27  # 3 steps of 8 residual blocks, 2 rises of the rate, and the samples


def test_a_piece_reads_what_is_given_or_was_made_before_it(
    stages: Callable[[str, bool], Stages],
) -> None:
    built = stages("v1.0", True)
    whole = onnx.load(built.path("generator"), load_external_data=False).graph
    known = {value.name for value in whole.input}
    for path in built.pieces:
        piece = onnx.load(path, load_external_data=False).graph
        assert {value.name for value in piece.input} <= known
        known |= {value.name for value in piece.output}
    assert {value.name for value in whole.output} <= known


@pytest.fixture(scope="module")
def whole(
    stages: Callable[[str, bool], Stages],
) -> tuple[list[tuple[KokoroPlan, range]], list[Pcm]]:
    """Spans of a sentence, and what the whole graph makes of them."""
    engine = OnnxEngine(stages("v1.0", True), Runtime(1))
    plan = engine.plan(sentence(30), random_style(), 1.0, seed=5)
    spans = [range(plan.frames), range(10, 50), range(20, 60)]
    items = [(plan, span) for span in spans]
    made = [engine.voice(plan, span) for span in spans]
    engine.close()
    return items, made


@pytest.mark.parametrize("threads", [2, 3, 4])
def test_side_by_side_the_pieces_make_what_the_whole_graph_makes(
    stages: Callable[[str, bool], Stages],
    whole: tuple[list[tuple[KokoroPlan, range]], list[Pcm]],
    threads: int,
) -> None:
    engine = OnnxEngine(stages("v1.0", True), Runtime(threads))
    for (plan, span), truth in zip(*whole, strict=True):
        made = engine.voice(plan, span)
        assert np.abs(made - truth).max() <= 1e-4 * np.abs(truth).max()
    engine.close()
