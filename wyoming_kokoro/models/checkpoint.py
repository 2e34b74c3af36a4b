"""A Kokoro checkpoint comes in, its weights by name come out, the same for every version."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.tensors import Tensor, read_tensors

COMPONENTS = ("bert", "bert_encoder", "predictor", "text_encoder", "decoder")
"""The parts that every Kokoro checkpoint consists of."""

_LEVEL = "net"
"""v0.19 keeps the components one level down."""

_PREFIX = "module."
"""In front of the names of the released files: torch's DataParallel left it there."""

StateDict = dict[str, npt.NDArray[np.float32]]
"""Values by name, `decoder.encode.conv1.bias`."""


def read_checkpoint(path: Path) -> StateDict:
    """Return every tensor of the checkpoint at `path`, in any of the released layouts.

    The file is mapped, not read: values that are float32 there cost memory only while in use.

    Raises:
        BadModelFile: the file is damaged, is no checkpoint, or lacks a component.
    """
    tree = read_tensors(path)
    if isinstance(tree, dict) and isinstance(tree.get(_LEVEL), dict):
        tree = tree[_LEVEL]
    weights: StateDict = {}
    for component in COMPONENTS:
        tensors = tree.get(component) if isinstance(tree, dict) else None
        if not isinstance(tensors, dict):
            raise BadModelFile(
                f"{path} is no Kokoro checkpoint, it has no component {component!r}; "
                "give the .pth file as it was published"
            )
        for name, tensor in tensors.items():
            if isinstance(tensor, Tensor):
                weights[f"{component}.{str(name).removeprefix(_PREFIX)}"] = tensor.array()
    return weights
