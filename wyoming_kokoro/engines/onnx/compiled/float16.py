"""A stage of the decoder with its work in float16: its graph in, the same graph out with weights of
half the size. Inputs and outputs stay float32.

`python -m wyoming_kokoro.engines.onnx.compiled.float16 STAGES FOLDER` writes those of STAGES to
FOLDER, as a process of its own.

Sums within an operator are taken in float32 all the same: of a convolution's products, and for the
statistics of an instance normalization (onnxruntime/core/providers/cuda/nn/instance_norm.cc).
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import (
    AttributeProto,
    GraphProto,
    ModelProto,
    NodeProto,
    TensorProto,
    helper,
    numpy_helper,
    shape_inference,
)

from wyoming_kokoro.engines.onnx.compiled.build_once import write_manifest
from wyoming_kokoro.engines.onnx.compiled.halved import HALVED
from wyoming_kokoro.engines.onnx.compiled.subprocess import step_back
from wyoming_kokoro.engines.onnx.graph.builder import Value
from wyoming_kokoro.engines.precision import EXACT

_Type = Literal["float16", "float32"]

_TENSOR = {"float16": TensorProto.FLOAT16, "float32": TensorProto.FLOAT}

_SPECTRUM = "decoder.generator.conv_post"
"""What makes the spectrum of the sound: nothing that follows it is in float16."""

_MOVING = {"Concat", "Identity", "Pad", "Slice", "Split", "Squeeze", "Unsqueeze", "Reshape"}
"""Operators that compute nothing: they take numbers as they come."""

_HALVED_INPUTS = {"statistics"}
"""Inputs of the graph that are turned where they come in: of what moves them there are many."""

_NORMS, _NUMBERS_OF_NORM = {"LayerNormalization"}, 1
"""How many outputs of a layer normalization have the type of its inputs; its statistics are always
float32."""

_NUMBERS_OF_RESIZE = 1
"""How many inputs of a Resize have the type of what it makes; its scales are always float32."""


def to_float16(model: ModelProto) -> None:
    """Turn `model`, a stage of the decoder with its weights in it, to float16.

    Raises:
        ValueError: a weight is too large for float16.
    """
    writer = _HalfWriter(model)
    exact = _exact(model)
    nodes = list(model.graph.node)
    del model.graph.node[:]
    for node in nodes:
        writer.node(node, exact=node.name in exact)
    for output in model.graph.output:
        writer.end(output.name)
    writer.keep_weights()


def _exact(model: ModelProto) -> set[str]:
    """Return the names of the nodes that stay in float32."""
    names = set(EXACT)
    behind: set[Value] = set()
    for node in model.graph.node:
        if node.name == _SPECTRUM or not behind.isdisjoint(node.input):
            names.add(node.name)
            behind.update(node.output)
    return names


class _HalfWriter:
    """Appends nodes to a graph, and between them what turns one type of numbers to another."""

    def __init__(self, model: ModelProto) -> None:
        self._graph = model.graph
        self._weights = {tensor.name: tensor for tensor in model.graph.initializer}
        self._used: dict[Value, TensorProto] = {}
        self._types: dict[Value, _Type] = dict.fromkeys(_floats(model), "float32")
        self._casts: dict[tuple[Value, _Type], Value] = {}
        self._scope = ""
        """Ends the names of what is turned within a branch."""

    def node(self, node: NodeProto, *, exact: bool) -> None:
        """Write `node`, in float32 if it is to be `exact`."""
        kind = self._kind(node, exact=exact)
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                self._branch(attribute.g, kind, exact=exact)
        numbers = _NUMBERS_OF_RESIZE if node.op_type == "Resize" else len(node.input)
        for place, value in enumerate(node.input):
            if value in self._types:
                wanted = kind if place < numbers else "float32"
                node.input[place] = self._as(value, wanted)
            else:
                self._keep(value)
        made = node.output[:_NUMBERS_OF_NORM] if node.op_type in _NORMS else node.output
        self._types |= {value: kind for value in made if value in self._types}
        self._graph.node.append(node)

    def _branch(self, branch: GraphProto, kind: _Type, *, exact: bool) -> None:
        """Write the nodes of a `branch` in their place, and have it return `kind`. What is turned
        there is not known outside."""
        outside, casts, scope = self._graph, dict(self._casts), self._scope
        nodes, (result,) = list(branch.node), branch.output
        del branch.node[:]
        self._graph, self._scope = branch, f"{scope}.{result.name}"
        for node in nodes:
            self.node(node, exact=exact)
        if self._types[result.name] != kind:
            result.name = self._as(result.name, kind)
        result.type.tensor_type.elem_type = _TENSOR[kind]
        self._graph, self._casts, self._scope = outside, casts, scope

    def end(self, output: Value) -> None:
        """Make sure that `output` is in float32."""
        if self._types[output] == "float32":
            return
        (maker,) = (node for node in self._graph.node if output in node.output)
        within = f"{output}.float16"
        maker.output[list(maker.output).index(output)] = within
        self._cast(within, output, "float32")

    def keep_weights(self) -> None:
        """Have the graph hold the weights that its nodes read, and no other."""
        del self._graph.initializer[:]
        self._graph.initializer.extend(self._used.values())

    def _kind(self, node: NodeProto, *, exact: bool) -> _Type:
        if exact:
            return "float32"
        if node.op_type == "If":
            return "float16"
        if not _HALVED_INPUTS.isdisjoint(node.input):
            return "float16"
        read = [self._types[value] for value in node.input if value in self._types]
        if node.op_type in _MOVING and "float16" not in read:
            return "float32"
        return "float16"

    def _as(self, value: Value, wanted: _Type) -> Value:
        """Return `value` in the type `wanted`, under another name where it is turned."""
        if value in self._weights:
            return self._weight(value, wanted)
        if self._types[value] == wanted:
            return value
        if (value, wanted) not in self._casts:
            name = f"{value}.{wanted}{self._scope}"
            self._casts[value, wanted] = self._cast(value, name, wanted)
        return self._casts[value, wanted]

    def _cast(self, value: Value, result: Value, wanted: _Type) -> Value:
        node = helper.make_node("Cast", [value], [result], name=f"{result}.Cast")
        node.attribute.append(helper.make_attribute("to", _TENSOR[wanted]))
        self._graph.node.append(node)
        return result

    def _weight(self, name: Value, wanted: _Type) -> Value:
        if wanted == "float32":
            return self._keep(name)
        result = f"{name}.float16"
        if result not in self._used:
            with np.errstate(over="ignore"):
                values = numpy_helper.to_array(self._weights[name]).astype(np.float16)
            if not np.isfinite(values).all():
                raise ValueError(f"{name} has numbers beyond 65504, which fp16 does not know")
            self._used[result] = numpy_helper.from_array(values, result)
        return result

    def _keep(self, name: Value) -> Value:
        if name in self._weights:
            self._used[name] = self._weights[name]
        return name


def _floats(model: ModelProto) -> Iterable[Value]:
    """Yield all values of `model` that are in float32."""
    inferred = shape_inference.infer_shapes(model, strict_mode=True).graph
    yield from _float_values(inferred)
    for node in inferred.node:
        for attribute in node.attribute:
            yield from _float_values(attribute.g)
    for tensor in inferred.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            yield tensor.name


def _float_values(graph: GraphProto) -> Iterable[Value]:
    for value in (*graph.input, *graph.value_info, *graph.output):
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            yield value.name


def main() -> None:
    """Convert what the command line says."""
    step_back()
    stages, folder = map(Path, sys.argv[1:])
    write_manifest(folder, [_halve(stages / f"{name}.onnx", folder) for name in HALVED])


def _halve(stage: Path, folder: Path) -> Path:
    """Write `stage` in float16 to `folder`, its weights in it."""
    model = onnx.load(stage)
    to_float16(model)
    path = folder / stage.name
    onnx.save(model, path)
    onnx.checker.check_model(path)
    return path


if __name__ == "__main__":
    main()
