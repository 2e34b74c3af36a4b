"""A graph cut into pieces that run side by side: a graph on disk in, its pieces beside it out.

Some operators of a runtime keep one thread busy however many it has, and none keeps all of them
busy all the time. Two pieces that do not wait for one another do, with half the threads each.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx
from onnx import AttributeProto, ModelProto, NodeProto, ValueInfoProto

from wyoming_kokoro.engines.onnx.graph.builder import ENDS, Value


def write_pieces(graph: Path) -> list[Path]:
    """Cut `graph` at the ends that were marked when it was written; return the pieces' paths.

    They share its weights file.
    """
    model = onnx.load(graph, load_external_data=False)
    paths = []
    for number, piece in enumerate(_cut(model)):
        path = graph.with_suffix(f".{number:02}.onnx")
        path.write_bytes(piece.SerializeToString())
        onnx.checker.check_model(path)
        paths.append(path)
    return paths


def _cut(model: ModelProto) -> Iterator[ModelProto]:
    """Yield a piece for each marked end, then one for the outputs.

    What several pieces need that is no end, such as a reshaped input, each makes for itself.
    """
    given = {value.name: value for value in model.graph.input}
    for ends in _ends(model):
        yield _piece(model, given, ends)
        given |= {end.name: end for end in ends}
    yield _piece(model, given, list(model.graph.output))


def _ends(model: ModelProto) -> list[list[ValueInfoProto]]:
    marks = {entry.key: entry.value for entry in model.metadata_props}.get(ENDS, "[]")
    known = {value.name: value for value in model.graph.value_info}
    return [[known[name] for name in names] for names in json.loads(marks)]


def _piece(
    model: ModelProto, given: dict[Value, ValueInfoProto], results: Sequence[ValueInfoProto]
) -> ModelProto:
    """Return the part of `model` that makes `results` from what is `given`."""
    nodes, read = _needed(model, given, {value.name for value in results})
    piece = ModelProto()
    piece.CopyFrom(model)
    for field in ("node", "input", "output", "initializer", "value_info"):
        piece.graph.ClearField(field)
    piece.ClearField("metadata_props")
    piece.graph.node.extend(nodes)
    piece.graph.input.extend(value for name, value in given.items() if name in read)
    piece.graph.output.extend(results)
    piece.graph.initializer.extend(t for t in model.graph.initializer if t.name in read)
    return piece


def _needed(
    model: ModelProto, given: dict[Value, ValueInfoProto], wanted: set[Value]
) -> tuple[list[NodeProto], set[Value]]:
    """Return the nodes that make what is `wanted`, in their order, and all that they read."""
    nodes: list[NodeProto] = []
    read: set[Value] = set()
    missing = set(wanted)
    for node in reversed(model.graph.node):
        if missing.isdisjoint(node.output):
            continue
        nodes.append(node)
        reads = names_read(node)
        read |= reads
        missing |= reads - given.keys()
    return nodes[::-1], read


def names_read(node: NodeProto) -> set[Value]:
    """Return all values that `node` reads, those that its branches take from around them too."""
    names = set(node.input)
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            made = {name for inner in attribute.g.node for name in inner.output}
            names |= {name for inner in attribute.g.node for name in names_read(inner)} - made
    return names
