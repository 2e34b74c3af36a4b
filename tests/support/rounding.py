"""What a graph in float16 makes on a GPU, computed on the processor: a graph in, one out in float32
that rounds all that the other keeps in float16.

ONNX Runtime has no float16 for x86 processors. It computes in float32 there, and takes most of the
casts away that would round what lies between two operators.
"""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, shape_inference

_FACTOR = "rounding.factor"
_SPLIT = np.array(2**13 + 1, np.float32)
"""Leaves 11 of 24 bits of a significand (Veltkamp, 1968)."""


def rounded(model: ModelProto) -> ModelProto:
    """Return `model` with float32 in place of float16, and its results rounded to 11 bits."""
    model = shape_inference.infer_shapes(model, strict_mode=True)
    halves = {
        value.name
        for value in model.graph.value_info
        if value.type.tensor_type.elem_type == TensorProto.FLOAT16
    }
    assert halves
    nodes = list(model.graph.node)
    del model.graph.node[:]
    for node in nodes:
        _compute_in_float32(node)
        made = [value for value in node.output if value in halves]
        for value in made:
            node.output[list(node.output).index(value)] = f"{value}.all"
        model.graph.node.append(node)
        for value in made:
            model.graph.node.extend(_rounding(f"{value}.all", value))
    weights = [_as_float32(tensor) for tensor in model.graph.initializer]
    del model.graph.initializer[:], model.graph.value_info[:]
    model.graph.initializer.extend([*weights, numpy_helper.from_array(_SPLIT, _FACTOR)])
    return model


def _compute_in_float32(node: NodeProto) -> None:
    """Have a node make no float16, nor any within its branches, whose results are rounded."""
    if node.op_type == "Cast":
        node.attribute[0].i = TensorProto.FLOAT
    for attribute in node.attribute:
        for inner in attribute.g.node:
            _compute_in_float32(inner)
        for value in (*attribute.g.output, *attribute.g.value_info):
            if value.type.tensor_type.elem_type == TensorProto.FLOAT16:
                value.type.tensor_type.elem_type = TensorProto.FLOAT


def _rounding(value: str, result: str) -> list[NodeProto]:
    steps = [
        ("Mul", [value, _FACTOR], f"{value}.large"),
        ("Sub", [f"{value}.large", value], f"{value}.rest"),
        ("Sub", [f"{value}.large", f"{value}.rest"], result),
    ]
    return [helper.make_node(kind, read, [made]) for kind, read, made in steps]


def _as_float32(tensor: TensorProto) -> TensorProto:
    if tensor.data_type != TensorProto.FLOAT16:
        return tensor
    return numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), tensor.name)
