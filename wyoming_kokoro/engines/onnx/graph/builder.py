"""Writes ONNX graphs: operators go in one after another, a model and its weights file come out."""

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
"""The version of the operators: the first that knows Gelu."""

_IR_VERSION = 9
"""The file format of that time, which older runtimes read too."""

_INLINE_BYTES = 1024
"""Constants up to this size stay in the graph, larger ones go to the weights file."""

_PAGE = 4096
"""Weights begin on pages of the file, so that the runtime can map them instead of copying."""

Value = str
"""The name of a tensor in the graph."""

Size = str | int
"""An axis of an input or output: a name where its length is only known when it runs."""


class Graph:
    """A stage in the making."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._numbers = count()
        self._constants: dict[str, npt.NDArray[Any]] = {}

    def input(self, name: str, *shape: Size, dtype: type[np.generic] = np.float32) -> Value:
        """Declare an input."""
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, value: Value, name: str, *shape: Size) -> None:
        """Declare `value` to be an output, called `name`; all are float32."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def constant(self, values: npt.ArrayLike, name: str | None = None) -> Value:
        """Add a constant; the same `name` again is the same constant. Integers become int64."""
        array = np.asarray(values)
        array = array.astype(np.float32 if array.dtype.kind == "f" else np.int64, copy=False)
        name = name or f"{array.dtype.kind}{array.tolist()}".replace(" ", "")
        self._constants.setdefault(name, array)
        return name

    def op(
        self,
        kind: str,
        *inputs: Value,
        name: str = "",
        **attributes: Any,  # noqa: ANN401  (numbers, strings and lists)
    ) -> Value:
        """Add an operator and return its result, called after the node."""
        (result,) = self.split(kind, *inputs, outputs=1, name=name, **attributes)
        return result

    def split(
        self,
        kind: str,
        *inputs: Value,
        outputs: int,
        name: str = "",
        **attributes: Any,  # noqa: ANN401  (numbers, strings and lists)
    ) -> Sequence[Value]:
        """Add an operator with several results and return them."""
        name = name or f"{kind}_{next(self._numbers)}"
        results = [f"{name}:{index}" for index in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, results, name=name, **attributes))
        return results

    def either(
        self, condition: Value, then: Callable[[], Value], otherwise: Callable[[], Value]
    ) -> Value:
        """Return what `then` makes where `condition`, a boolean, is true, else what `otherwise`
        makes. Both add operators as usual; only those of one are run."""
        branches = {
            name: self._branch(name, make)
            for name, make in (("then_branch", then), ("else_branch", otherwise))
        }
        return self.op("If", condition, **branches)

    def _branch(self, name: str, make: Callable[[], Value]) -> onnx.GraphProto:
        """Return a graph of the operators that `make` adds; it reads what lies around it."""
        outside, self._nodes = self._nodes, []
        result = self.op("Identity", make())
        nodes, self._nodes = self._nodes, outside
        return helper.make_graph(
            nodes, name, [], [helper.make_tensor_value_info(result, TensorProto.FLOAT, None)]
        )

    def save(self, folder: Path) -> list[Path]:
        """Write `<name>.onnx` and `<name>.weights` to `folder` and return their paths."""
        graph_path = folder / f"{self._name}.onnx"
        weights_path = folder / f"{self._name}.weights"
        with weights_path.open("wb") as file:
            tensors = []
            for name, values in self._constants.items():
                if values.nbytes <= _INLINE_BYTES:
                    tensors.append(numpy_helper.from_array(values, name))
                    continue
                file.write(bytes(-file.tell() % _PAGE))
                tensors.append(_reference(name, values, weights_path.name, file.tell()))
                file.write(np.ascontiguousarray(values).data)
        graph = helper.make_graph(
            self._nodes,
            self._name,
            self._inputs,
            self._outputs,
            initializer=tensors,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION
        )
        graph_path.write_bytes(model.SerializeToString())
        onnx.checker.check_model(graph_path)
        return [graph_path, weights_path]


def _reference(name: str, values: npt.NDArray[Any], location: str, offset: int) -> TensorProto:
    """Return a tensor whose values lie in the file `location`."""
    tensor = TensorProto(
        name=name,
        dims=values.shape,
        data_type=helper.np_dtype_to_tensor_dtype(values.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    where = {"location": location, "offset": offset, "length": values.nbytes}
    for key, value in where.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor
