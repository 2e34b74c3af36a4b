"""The nodes of an export come in; which weights each of them uses, and how they are made, goes out.

The quantized operators are ONNX's ConvInteger and MatMulInteger and ONNX Runtime's
DynamicQuantizeLSTM, as its `quantize_dynamic` writes them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import ClassVar

from wyoming_kokoro.models.onnx_file import Constant, Node, OnnxFile
from wyoming_kokoro.models.onnx_values import (
    Recipe,
    as_float,
    column,
    dequantized,
    gates_in_order,
    like,
    of_direction,
    one_bias,
    permuted,
    turned,
)

Parts = Iterator[tuple[str, Recipe]]
"""What a node tells of its module: `weight`, `bias` and the like."""

_KEEPING = ("Identity", "Cast", "Reshape", "Unsqueeze")
"""Operators that keep the values of a constant; a bias is reshaped for where it is added."""

_USERS = 64
"""Nodes that are remembered to use a value: enough for those that follow a layer."""

_STEPS = 8
"""Nodes between a weight and what belongs to it, at most; exports have five."""


class Graph:
    """The nodes of an export, and which of them make and use a value."""

    def __init__(self, file: OnnxFile) -> None:
        self.nodes = file.nodes
        self._constants = file.weights
        self._maker = {value: node for node in file.nodes for value in node.outputs}
        self._users: dict[str, list[Node]] = defaultdict(list)
        for node in file.nodes:
            for value in node.inputs:
                if len(self._users[value]) < _USERS:
                    self._users[value].append(node)

    def uses_weights(self, node: Node) -> bool:
        """Tell whether `node` may be one that uses weights of its own."""
        return node.op in self._READERS

    def parts(self, node: Node) -> Parts:
        """Yield the weights of the module of `node` that this one uses."""
        yield from self._READERS[node.op](self, node)

    def _convolution(self, node: Node) -> Parts:
        yield from self._given("weight", _input(node, 1))
        yield from self._given("bias", _input(node, 2))

    def _gemm(self, node: Node) -> Parts:
        turned = node.numbers.get("transB", (0,)) != (0,)
        yield from self._given("weight", _input(node, 1), turn=not turned)
        yield from self._given("bias", _input(node, 2))

    def _matmul(self, node: Node) -> Parts:
        yield from self._given("weight", _input(node, 1), turn=True)
        yield from self._bias_after(node)

    def _bias_after(self, node: Node) -> Parts:
        """Yield the bias that is added next, or within the activation that follows."""
        for user in self._users_of(node):
            if user.op in ("Add", "FastGelu", "BiasGelu"):
                for value in user.inputs:
                    yield from self._given("bias", value)

    def _norm(self, node: Node) -> Parts:
        first = 2 if node.op == "SkipLayerNormalization" else 1
        yield from self._given("weight", _input(node, first))
        yield from self._given("bias", _input(node, first + 1))

    def _snake(self, node: Node) -> Parts:
        """Yield the rate of a residual block's sine: its sines run in the order of their numbers,
        two a dilation."""
        number = int(re.sub(r"\D", "", node.name.rpartition("/")[2]) or 0)
        rate = self._maker.get(_input(node, 0))
        if rate is not None and rate.op == "Mul":
            for value in rate.inputs:
                yield from self._given(f"alpha{number % 2 + 1}.{number // 2}", value)

    def _embedding(self, node: Node) -> Parts:
        table = self._constants.get(_input(node, 0))
        if table is None or table.dtype.kind == "f":
            yield from self._given("weight", _input(node, 0))
            return
        dequantizing = self._dequantizing_after(node)
        if dequantizing is not None:
            scale, zero = (self._constants.get(_input(dequantizing, place)) for place in (1, 2))
            if scale is not None:
                yield "weight", partial(dequantized, table, scale, zero)

    def _dequantizing_after(self, node: Node) -> Node | None:
        """Return what makes floats of rows of a table; they may be turned before."""
        for _ in range(_STEPS):
            users = self._users_of(node)
            if found := next((user for user in users if user.op == "DequantizeLinear"), None):
                return found
            turning = next((user for user in users if user.op in (*_KEEPING, "Transpose")), None)
            if turning is None:
                return None
            node = turning
        return None

    def _integer(self, node: Node) -> Parts:
        """Yield the weight and bias of a quantized layer.

        Its product goes through `Cast, Mul by the scales, Add the bias`, and the scales are
        `Mul(activation's, weight's)`. Older versions of ONNX Runtime add a convolution's bias
        first, divided by the scales.
        """
        weight, zero = (self._constants.get(_input(node, place)) for place in (1, 3))
        if weight is None:
            return
        for user in self._users_of(node):
            product = user
            if user.op == "Add":
                yield from self._divided_bias(user)
                product = next(iter(self._users_of(user)), user)
            scaled = next(iter(self._users_of(product)), product)
            scale = self._weight_scale(scaled)
            if scale is None:
                continue
            turn = node.op == "MatMulInteger"
            per = scale if turn or not scale.ndim else column(scale, weight.ndim)
            yield "weight", partial(dequantized, weight, per, like(per, zero), turn=turn)
            yield from self._bias_after(scaled)

    def _weight_scale(self, scaled: Node) -> Constant | None:
        """Return the constant in the product of scales that `scaled` multiplies with."""
        if scaled.op != "Mul":
            return None
        for value in scaled.inputs:
            scales = self._maker.get(value)
            if scales is not None and scales.op == "Mul":
                for factor in scales.inputs:
                    if factor in self._constants:
                        return self._constants[factor]
        return None

    def _divided_bias(self, add: Node) -> Parts:
        for value in add.inputs:
            maker = self._maker.get(value)
            for _ in range(_STEPS):
                if maker is None:
                    break
                if maker.op == "Div":
                    yield from self._given("bias", _input(maker, 0))
                    break
                maker = self._maker.get(_input(maker, 0))

    def _lstm(self, node: Node) -> Parts:
        """Yield torch's weights of both directions; ONNX keeps both in one."""
        bias = self._constant(_input(node, 3))
        for way, suffix in enumerate(("", "_reverse")):
            for place, part in ((1, "ih"), (2, "hh")):
                if recipe := self._gates(node, place, way):
                    yield f"weight_{part}_l0{suffix}", partial(gates_in_order, recipe)
                if bias:
                    yield f"bias_{part}_l0{suffix}", partial(one_bias, bias, way, place - 1)

    def _gates(self, node: Node, place: int, way: int) -> Recipe | None:
        """Return an LSTM's weights in one direction, (4 * hidden, inputs); those of ONNX Runtime's
        DynamicQuantizeLSTM are kept with their axes exchanged."""
        if node.op == "LSTM":
            recipe = self._constant(_input(node, place))
            return partial(of_direction, recipe, way) if recipe else None
        values, scale, zero = (
            self._constants.get(_input(node, at)) for at in (place, 6 + 2 * place, 7 + 2 * place)
        )
        if values is None or scale is None:
            return None
        scale = scale.reshape(len(values), 1, -1)
        zero = like(scale, zero)
        one_zero = zero[way] if zero is not None and zero.shape == scale.shape else zero
        return partial(dequantized, values[way], scale[way], one_zero, turn=True)

    def _given(self, part: str, value: str, *, turn: bool = False) -> Parts:
        """Yield `value` as that part, if it is a constant; `turn` exchanges its axes."""
        recipe = self._constant(value)
        if recipe is not None:
            yield part, partial(turned, recipe) if turn else recipe

    def _constant(self, value: str, steps: int = _STEPS) -> Recipe | None:
        """Return how to make a value that depends on constants alone, None if it does not."""
        if value in self._constants:
            return partial(as_float, self._constants[value])
        maker = self._maker.get(value)
        if maker is None or not steps:
            return None
        if maker.op == "DequantizeLinear":
            return self._dequantizing(maker)
        inner = self._constant(_input(maker, 0), steps - 1)
        if inner is None or maker.op in _KEEPING:
            return inner
        if maker.op == "Transpose":
            return partial(permuted, inner, maker.numbers.get("perm"))
        return None

    def _dequantizing(self, node: Node) -> Recipe | None:
        values, scale, zero = (self._constants.get(_input(node, place)) for place in range(3))
        if values is None or scale is None:
            return None
        if scale.size > 1:
            axis = node.numbers.get("axis", (1,))[0]
            shape = [1] * values.ndim
            shape[axis] = scale.size
            scale = scale.reshape(shape)
        return partial(dequantized, values, scale, like(scale, zero))

    def _users_of(self, node: Node) -> list[Node]:
        return [user for value in node.outputs for user in self._users[value]]

    _READERS: ClassVar[Mapping[str, Callable[["Graph", Node], Parts]]] = {
        "Conv": _convolution,
        "ConvTranspose": _convolution,
        "ConvInteger": _integer,
        "Gemm": _gemm,
        "MatMul": _matmul,
        "MatMulInteger": _integer,
        "Gather": _embedding,
        "LSTM": _lstm,
        "DynamicQuantizeLSTM": _lstm,
        "LayerNormalization": _norm,
        "InstanceNormalization": _norm,
        "SkipLayerNormalization": _norm,
        "Sin": _snake,
    }
    """By operator. Not of one graph: it would keep itself, and the file, in memory."""


def _input(node: Node, place: int) -> str:
    return node.inputs[place] if place < len(node.inputs) else ""
