"""A Kokoro checkpoint comes in, its weights by name come out, the same for every version."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.onnx_weights import read_onnx_weights
from wyoming_kokoro.models.tensors import Tensor, read_tensors

COMPONENTS = ("bert", "bert_encoder", "predictor", "text_encoder", "decoder")
"""The parts that every Kokoro checkpoint consists of."""

_LEVEL = "net"
"""v0.19 keeps the components one level down."""

_PREFIX = "module."
"""In front of the names of the released files: torch's DataParallel left it there."""

StateDict = Mapping[str, npt.NDArray[np.float32]]
"""Values by name, `decoder.encode.conv1.bias`. Asking twice may make them twice."""


def is_single_file(checkpoint: Path) -> bool:
    """Tell whether this is a whole model as one graph, made by others."""
    return checkpoint.suffix.lower() == ".onnx"


def read_checkpoint(path: Path) -> StateDict:
    """Return every tensor of the checkpoint at `path`, in any of the released layouts, or what is
    known of those of a single-file export (`.onnx`).

    A weight that is kept by direction and length (`weight_v`, `weight_g`) in released files is the
    product, `weight`, in exports. The file is mapped, not read: values that are float32 there cost
    memory only while in use; those of an export in 8 bits are made when they are asked for.

    Raises:
        BadModelFile: the file is damaged, is no checkpoint, or lacks a component.
    """
    weights = read_onnx_weights(path) if is_single_file(path) else _read_torch(path)
    found = {name.partition(".")[0] for name in weights}
    if missing := [component for component in COMPONENTS if component not in found]:
        raise BadModelFile(
            f"{path} is no Kokoro checkpoint, it has no component {missing[0]!r}; "
            "give the file as it was published"
        )
    return weights


def _read_torch(path: Path) -> StateDict:
    tree = read_tensors(path)
    if isinstance(tree, dict) and isinstance(tree.get(_LEVEL), dict):
        tree = tree[_LEVEL]
    weights: dict[str, npt.NDArray[np.float32]] = {}
    for component in COMPONENTS:
        tensors = tree.get(component) if isinstance(tree, dict) else None
        for name, tensor in tensors.items() if isinstance(tensors, dict) else ():
            if isinstance(tensor, Tensor):
                weights[f"{component}.{str(name).removeprefix(_PREFIX)}"] = tensor.array()
    return weights
