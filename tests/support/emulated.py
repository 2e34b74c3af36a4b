"""`python emulated.py GRAPH INPUT OUTPUT`: runs a graph on the array in a file, on one thread.

A program of its own, so that another processor can be emulated around it.
"""

import sys

import numpy as np
import onnxruntime


def main() -> None:
    graph, source, target = sys.argv[1:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(graph, options)
    (output,) = session.run(None, {"x": np.load(source)})
    np.save(target, output)


if __name__ == "__main__":
    main()
