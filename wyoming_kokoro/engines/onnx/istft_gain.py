"""The wrong gain of common exports: an ONNX file comes in, the weights that put it right go out.

Files that were exported with kokoro's `CustomSTFT` (`disable_complex=True`) make sound of spectra
by two transposed convolutions, which neither count the bins that a real spectrum leaves out twice
nor divide by the overlap of their windows. Against `torch.istft` (n_fft 20, hop 5) that is a gain
of 0.75 in bins 1 to 9 and of 1.5 in bins 0 and 10: 2.5 dB too quiet, and coloured. The factors
can be taken back in the weights of the convolutions.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.models.onnx_file import Node, OnnxFile

_SIZE, _BINS = 20, 11
"""Samples of a window, and bins of its spectrum."""

_REMEDY = np.array([2 / 3, *[4 / 3] * 9, 2 / 3])[:, None, None]
"""By bin."""

_NEUTRAL = frozenset(
    ("Sub", "Add", "Slice", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Cast", "Flatten")
)
"""What may follow the convolutions without touching the gain. Anything else may be a remedy that
somebody applied already."""

_TOLERANCE = 1e-4
"""Of weights, the largest of which are 0.05: float16 keeps them to 2e-5."""

Kernel = npt.NDArray[np.float32]


def corrected_weights(file: OnnxFile) -> dict[str, npt.NDArray[np.floating[Any]]]:
    """Return the weights to use in place of those in the file, by name; none where its gain is
    right, or where it is not certain that it is wrong."""
    users = [node for node in file.nodes if node.op == "ConvTranspose" and len(node.inputs) > 1]
    found = {}
    for kernel in _kernels():
        named = [node for node in users if _is(file, node.inputs[1], kernel)]
        if len(named) != 1 or not _ends_in_sound(file, named[0]):
            return {}
        name = named[0].inputs[1]
        weights = file.weights[name]
        found[name] = (weights * _REMEDY).astype(weights.dtype)
    return found


def _kernels() -> tuple[Kernel, Kernel]:
    """Return the weights that `CustomSTFT` has for the real and the imaginary part."""
    steps = 2 * np.pi * np.arange(_SIZE) / _SIZE
    window = (0.5 - 0.5 * np.cos(steps)) / _SIZE
    angles = np.arange(_BINS)[:, None] * steps
    real, imaginary = np.cos(angles) * window, np.sin(angles) * window
    return real[:, None].astype(np.float32), imaginary[:, None].astype(np.float32)


def _is(file: OnnxFile, name: str, kernel: Kernel) -> bool:
    weights = file.weights.get(name)
    if weights is None or weights.shape != kernel.shape:
        return False
    return bool(np.abs(weights.astype(np.float32) - kernel).max() < _TOLERANCE)


def _ends_in_sound(file: OnnxFile, node: Node) -> bool:
    """Tell whether nothing on the way from `node` to the end of the graph changes the gain."""
    reached = set(node.outputs)
    for later in file.nodes:  # in the order in which they run
        if reached.isdisjoint(later.inputs):
            continue
        if later.op not in _NEUTRAL:
            return False
        reached.update(later.outputs)
    return True
