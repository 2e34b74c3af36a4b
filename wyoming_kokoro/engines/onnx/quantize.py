"""`python -m wyoming_kokoro.engines.onnx.quantize STAGES FOLDER`: writes the generator in integers
to FOLDER, as the `request.json` there asks, as a process of its own.

It lets the model speak, watches the range of all that the convolutions read and make, and says
after each sentence how far it is. Ranges are all that it keeps: its memory is that of an engine.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from wyoming_kokoro.engines.onnx.compiled.build_once import write_manifest
from wyoming_kokoro.engines.onnx.compiled.reduced import GENERATOR, REQUEST
from wyoming_kokoro.engines.onnx.compiled.stages import Stages, found_stages
from wyoming_kokoro.engines.onnx.compiled.subprocess import step_back
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.onnx.graph.builder import Value
from wyoming_kokoro.engines.onnx.graph.integers import Range, to_integers, watched
from wyoming_kokoro.engines.onnx.graph.pieces import write_pieces
from wyoming_kokoro.engines.onnx.sessions import Array, OnnxSession, Runtime
from wyoming_kokoro.engines.precision import SCHEMES
from wyoming_kokoro.engines.threads import usable_cores
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.speech import STYLE_SIZE, US_ENGLISH, Phonemes, Style, Tokens

_WATCHED = "watched.onnx"

_SPAN_FRAMES = 100
"""A sentence is voiced in spans of about this length: 2.5 s, as speech is once it flows."""


class _Watching(Runtime):
    """Makes sessions, of which the generator's notes the ranges of `tensors`."""

    def __init__(self, tensors: Sequence[Value]) -> None:
        super().__init__(usable_cores())
        self._tensors = tensors
        self.ranges: dict[Value, Range] = {}

    def load(
        self,
        path: Path,
        remedy: str,
        weights: Mapping[str, Array] | None = None,
        threads: int | None = None,
    ) -> OnnxSession:
        """Return a session; see `Runtime.load`."""
        session = super().load(path, remedy, weights, threads)
        return _Watched(session, self._note) if path.name == _WATCHED else session

    def _note(self, extremes: Sequence[Array]) -> None:
        for name, low, high in zip(self._tensors, extremes[::2], extremes[1::2], strict=True):
            seen = Range(low, high)
            known = self.ranges.get(name, seen)
            self.ranges[name] = known.joined(seen)


class _Watched(OnnxSession):
    """A generator that hands all that it makes, besides the samples, to `note`."""

    def __init__(self, generator: OnnxSession, note: Callable[[Sequence[Array]], None]) -> None:
        self._generator = generator
        self._note = note
        self.inputs, self.outputs = generator.inputs, generator.outputs[:2]
        self.threads = generator.threads

    @property
    def provider(self) -> str:
        """What it runs on."""
        return self._generator.provider

    def run(self, **inputs: Array) -> list[Array]:
        """Return the samples and statistics; see `OnnxSession.run`."""
        samples, statistics, *extremes = self._generator.run(**inputs)
        self._note(extremes)
        return [samples, statistics]


def main() -> None:
    """Quantize what the command line says."""
    step_back()
    stages, folder = map(Path, sys.argv[1:])
    found = found_stages(stages)
    if found is None:
        raise ModelUnavailable(f"{stages} holds no stages")
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    quantize(found, folder, **request)


def quantize(
    stages: Stages, folder: Path, scheme: str, keep: list[str], sentences: list[dict[str, Any]]
) -> None:
    """Write the generator of `stages` in integers to `folder`, with a manifest.

    `scheme` is the name of one; modules in `keep` stay as they are; `sentences`, of `ids` and
    `style`, are spoken to see the ranges.
    """
    ranges = _ranges(stages, keep, sentences, folder / _WATCHED)
    model = onnx.load(stages.path("generator"))
    chosen = next(known for known in SCHEMES if known.name == scheme)
    to_integers(model, ranges, chosen, keep)
    path = folder / GENERATOR
    weights = path.with_suffix(".weights")
    onnx.save(model, path, save_as_external_data=True, location=weights.name)
    onnx.checker.check_model(path)
    write_manifest(folder, [path, weights, *write_pieces(path)])


def _ranges(
    stages: Stages,
    keep: Sequence[str],
    sentences: Sequence[Mapping[str, Any]],
    path: Path,
) -> dict[Value, Range]:
    """Return the ranges of what convolutions read and make while `sentences` are spoken.

    The graph that shows them is kept at `path` meanwhile, with a copy of its weights beside it.
    """
    generator = stages.path("generator")
    weights = Path(shutil.copy(generator.with_suffix(".weights"), path.parent))
    model = onnx.load(generator, load_external_data=False)
    runtime = _Watching(watched(model, keep))
    _show(model, watched(model, keep))
    path.write_bytes(model.SerializeToString())
    engine = OnnxEngine(replace(stages, instead={"generator": path}), runtime)
    for number, sentence in enumerate(sentences, 1):
        _speak(engine, sentence, seed=number)
        sys.stdout.write(f"{number} of {len(sentences)} sentences\n")
        sys.stdout.flush()
    engine.close()
    path.unlink()
    weights.unlink()
    return runtime.ranges


def _show(model: ModelProto, tensors: Sequence[Value]) -> None:
    """Give `model` two more outputs for each of `tensors`: the extremes of its channels."""
    axes = numpy_helper.from_array(np.array([0, 2, 3]), "all but channels")
    model.graph.initializer.append(axes)
    for name in tensors:
        for kind in ("ReduceMin", "ReduceMax"):
            result = f"{name}.{kind}"
            node = helper.make_node(kind, [name, axes.name], [result], name=result, keepdims=0)
            model.graph.node.append(node)
            output = helper.make_tensor_value_info(result, TensorProto.FLOAT, ["channels"])
            model.graph.output.append(output)


def _speak(engine: OnnxEngine, sentence: Mapping[str, Any], seed: int) -> None:
    """Voice a sentence in spans of equal length."""
    tokens = Tokens(tuple(sentence["ids"]), Phonemes("", "", US_ENGLISH))
    vector = np.array(sentence["style"], np.float32).reshape(STYLE_SIZE)
    plan = engine.plan(tokens, Style(vector, US_ENGLISH, female=True), 1.0, seed)
    parts = max(1, round(plan.frames / _SPAN_FRAMES))
    edges = [plan.frames * part // parts for part in range(parts + 1)]
    for begin, end in pairwise(edges):
        engine.voice(plan, range(begin, end))


if __name__ == "__main__":
    main()
