"""The generator with convolutions in integers: its graph and what was seen on its way in, the same
graph out with most of its work in 8 bits.

A convolution is written as ONNX has it (QDQ): what it reads is quantized, its weights are kept
quantized, what it makes is quantized, and the runtime fuses that to one operator. Steps differ by
channel on both sides: those of the input are folded into the weights, which the runtime, that
knows only one step for all channels, needs not know. So neither a channel's size, nor the factor
that Snake's parameter gives it, costs others their accuracy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import AttributeProto, ModelProto, NodeProto, helper, numpy_helper

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.onnx.graph.builder import Value
from wyoming_kokoro.engines.onnx.graph.pieces import names_read
from wyoming_kokoro.engines.precision import Scheme

_BLOCKS = ("decoder.generator.noise_res.", "decoder.generator.resblocks.")
"""Where the convolutions are that become integers: 98 % of the generator's work. Left are those
that read the source's spectrum, and the one that makes the logarithms of the output's."""

_MARGIN = 1.1
"""Room above what was seen in calibration, for voices and sentences that were not."""

_SMALLEST_STEP = 1 / 32
"""Of a channel, in terms of the largest channel's: another voice may wake a silent one."""

_LEVELS = 255
_MIDDLE = 128


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """The least and the greatest value that each channel of a tensor took."""

    low: Floats
    high: Floats

    def joined(self, other: "Range") -> "Range":
        """Return the range of both."""
        return Range(np.minimum(self.low, other.low), np.maximum(self.high, other.high))


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """What integers of 8 bits stand for: `steps * (integer - zero)`, a step a channel."""

    steps: Floats
    zero: npt.NDArray[Any]
    """A scalar of the integers' type."""

    @property
    def step(self) -> np.float32:
        """The largest channel's."""
        return np.float32(self.steps.max())


def convolutions(model: ModelProto, keep: Sequence[str] = ()) -> list[NodeProto]:
    """Return the convolutions of a generator that become integers, by their modules' paths; those
    at or within a path in `keep` do not.

    Raises:
        ValueError: there is nothing to keep at a path.
    """
    found = [n for n in model.graph.node if n.op_type == "Conv" and n.name.startswith(_BLOCKS)]
    for path in keep:
        if not any(_is_within(node.name, path) for node in found):
            raise ValueError(f"{path} is no module of the generator that has a convolution")
    return [n for n in found if not any(_is_within(n.name, path) for path in keep)]


def watched(model: ModelProto, keep: Sequence[str] = ()) -> list[Value]:
    """Return the tensors whose ranges `to_integers` needs."""
    return [name for n in convolutions(model, keep) for name in (n.input[0], n.output[0])]


def to_integers(
    model: ModelProto, ranges: Mapping[Value, Range], scheme: Scheme, keep: Sequence[str] = ()
) -> None:
    """Turn the convolutions of `model`, a generator with its weights in it, to integers.

    `ranges` are those of the tensors that `watched` names. Modules in `keep` stay as they are.
    """
    writer = _QdqWriter(model, scheme)
    chosen = {node.name for node in convolutions(model, keep)}
    nodes = list(model.graph.node)
    del model.graph.node[:]
    for node in nodes:
        if node.name in chosen:
            writer.convolution(node, ranges[node.input[0]], ranges[node.output[0]])
        else:
            model.graph.node.append(node)
    _drop_unused(model)


class _QdqWriter:
    """Appends nodes and constants to a graph."""

    def __init__(self, model: ModelProto, scheme: Scheme) -> None:
        self._graph = model.graph
        self._scheme = scheme
        self._constants = {tensor.name: tensor for tensor in model.graph.initializer}

    def convolution(self, node: NodeProto, read: Range, made: Range) -> None:
        """Write `node` in integers; `read` and `made` are the ranges of what goes in and out."""
        path = node.name
        weight, bias = (numpy_helper.to_array(self._constants[name]) for name in node.input[1:])
        inner, outer = _input_grid(read, self._scheme), _output_grid(made, self._scheme)
        weight = weight * (inner.steps / inner.step)[:, None, None]
        weight = weight / (outer.steps / outer.step)[:, None, None, None]
        bias = bias / (outer.steps / outer.step)
        columns = self._quantize(f"{path}.in", node.input[0], inner.steps, inner.zero)
        inputs = [
            self._dequantize(f"{path}.in", columns, inner.step, inner.zero),
            *self._weights(path, weight, bias, inner.step),
        ]
        self._append("Conv", inputs, f"{path}.sum", name=path, attributes=node.attribute)
        columns = self._quantize(f"{path}.out", f"{path}.sum", outer.step, outer.zero)
        self._dequantize(f"{path}.each", columns, outer.steps, outer.zero, node.output[0])

    def _weights(
        self, path: str, weight: Floats, bias: Floats, step: np.float32
    ) -> tuple[Value, Value]:
        """Add weights and bias as integers, a step an output channel; return them as floats.

        The bias is added to sums of products, and has their step.
        """
        largest = self._scheme.largest_weight
        reach = np.abs(weight).max(axis=(1, 2, 3))
        steps = np.where(reach > 0, reach / largest, 1).astype(np.float32)
        integers = np.rint(weight / steps[:, None, None, None]).astype(np.int8)
        products = steps * step
        sums = np.rint(bias / products).clip(-(2**31) + 1, 2**31 - 1).astype(np.int32)
        return (
            self._dequantize(
                f"{path}.weights",
                self._constant(f"{path}.weights", integers),
                steps,
                np.int8(0),
                axis=0,
            ),
            self._dequantize(
                f"{path}.biases",
                self._constant(f"{path}.biases", sums),
                products,
                np.int32(0),
                axis=0,
            ),
        )

    def _quantize(
        self, path: str, value: Value, step: npt.ArrayLike, zero: npt.NDArray[Any]
    ) -> Value:
        inputs = [value, *self._grid(f"{path}.quantize", step, zero)]
        return self._append("QuantizeLinear", inputs, f"{path}.integers", axis=1)

    def _dequantize(
        self,
        path: str,
        value: Value,
        step: npt.ArrayLike,
        zero: npt.ArrayLike,
        result: Value = "",
        axis: int = 1,
    ) -> Value:
        inputs = [value, *self._grid(f"{path}.dequantize", step, zero)]
        return self._append("DequantizeLinear", inputs, result or f"{path}.floats", axis=axis)

    def _grid(self, path: str, step: npt.ArrayLike, zero: npt.ArrayLike) -> tuple[Value, Value]:
        steps = np.asarray(step, np.float32)
        zeros = np.broadcast_to(zero, steps.shape)
        return self._constant(f"{path}.step", steps), self._constant(f"{path}.zero", zeros)

    def _constant(self, name: str, values: npt.NDArray[Any]) -> Value:
        self._graph.initializer.append(numpy_helper.from_array(np.array(values), name))
        return name

    def _append(
        self,
        kind: str,
        inputs: Sequence[Value],
        result: Value,
        *,
        name: str = "",
        attributes: Sequence[AttributeProto] = (),
        axis: int | None = None,
    ) -> Value:
        node = helper.make_node(kind, inputs, [result], name=name or f"{result}.{kind}")
        node.attribute.extend(attributes)
        if axis is not None:
            node.attribute.append(helper.make_attribute("axis", axis))
        self._graph.node.append(node)
        return result


def _input_grid(seen: Range, scheme: Scheme) -> _Grid:
    """Return the grid of what a convolution reads.

    All channels have one zero, since its padding with zeros knows only one: that of the range of
    all of them together.
    """
    low, high = np.minimum(seen.low, 0) * _MARGIN, np.maximum(seen.high, 0) * _MARGIN
    zero = int(np.rint(_LEVELS * low.min() / min(low.min() - high.max(), -1e-30)))
    zero = min(max(zero, 1), _LEVELS - 1)
    steps = np.maximum(high / (_LEVELS - zero), -low / zero)
    return _grid(steps, zero, scheme)


def _output_grid(seen: Range, scheme: Scheme) -> _Grid:
    """Return the grid of what a convolution makes, as much above zero as below."""
    reach = np.maximum(np.abs(seen.low), np.abs(seen.high)) * _MARGIN
    return _grid(reach / (_LEVELS - _MIDDLE), _MIDDLE, scheme)


def _grid(steps: npt.NDArray[np.floating], zero: int, scheme: Scheme) -> _Grid:
    """Return a grid whose `zero` is counted from the smallest integer."""
    dtype = np.dtype(scheme.activations)
    least = max(float(steps.max()) * _SMALLEST_STEP, 1e-12)
    smallest = int(np.iinfo(dtype).min)
    return _Grid(np.maximum(steps, least).astype(np.float32), np.array(zero + smallest, dtype))


def _is_within(name: str, path: str) -> bool:
    return f"{name}.".startswith(f"{path}.")


def _drop_unused(model: ModelProto) -> None:
    """Remove the constants that no node reads any more."""
    used = {name for node in model.graph.node for name in names_read(node)}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
