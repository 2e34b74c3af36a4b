"""The inverse short-time Fourier transform as operators, equal to `torch.istft`."""

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.transform import inverse_basis
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value


def inverse_transform(graph: Graph, spectrum: Value, size: int, hop: int) -> Value:
    """Return the samples, (hop * (columns - 1),), of a spectrum as the generator gives it.

    `spectrum` is (1, size + 2, 1, columns): log magnitudes of `size / 2 + 1` bins, then
    numbers whose sines are their phases. The columns are centered on every `hop`-th sample and
    weighted by a Hann window, here and when they overlap; dividing by what the squared windows
    add up to makes the transform exact, also at both ends, where fewer of them overlap.
    """
    log_magnitude, angle = graph.split("Split", spectrum, outputs=2, axis=1, num_outputs=2)
    magnitude, phase = graph.op("Exp", log_magnitude), graph.op("Sin", angle)
    real = graph.op("Mul", magnitude, graph.op("Cos", phase))
    imaginary = graph.op("Mul", magnitude, graph.op("Sin", phase))
    both = graph.op("Concat", real, imaginary, axis=1)
    window = np.hanning(size + 1)[:-1]  # periodic
    samples = _overlap_add(graph, both, inverse_basis(size) * window, hop, "inverse_basis")
    squared = np.square(window)[None]
    weight = _overlap_add(graph, _ones(graph, log_magnitude), squared, hop, "squared_window")
    return graph.op("Squeeze", graph.op("Div", samples, weight), graph.constant([0, 1, 2]))


def _overlap_add(
    graph: Graph, columns: Value, rows: npt.NDArray[np.floating], hop: int, name: str
) -> Value:
    """Lay down `rows`, weighted by `columns`, every `hop` samples, and cut off half a row at each
    end: (batch, 1, 1, hop * (columns - 1)).
    """
    kernel = np.asarray(rows, np.float32)[:, None, None]
    size = kernel.shape[-1]
    return graph.op(
        "ConvTranspose",
        columns,
        graph.constant(kernel, name),
        kernel_shape=[1, size],
        strides=[1, hop],
        pads=[0, size // 2, 0, size // 2],
    )


def _ones(graph: Graph, spectrum: Value) -> Value:
    """Return ones in the shape (1, 1, 1, columns)."""
    columns = graph.op("Shape", spectrum, start=3)
    shape = graph.op("Concat", graph.constant([1, 1, 1]), columns, axis=0)
    return graph.op("Expand", graph.constant([1.0]), shape)
