"""Speech from text over the Wyoming protocol, made by Kokoro-82M while it is being sent."""

import os

__version__ = "0.1.0"

# A thread of numpy's OpenBLAS waits in a loop for some 30 ms after each product of matrices, on a
# core that the engines have use for; all that is multiplied here with numpy is small. It is read
# when numpy is first imported, which nothing does before this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
