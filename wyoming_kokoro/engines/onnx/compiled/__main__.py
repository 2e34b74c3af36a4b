"""`python -m wyoming_kokoro.engines.onnx.compiled CHECKPOINT FOLDER ARCHITECTURE`, of which
the third is JSON: builds the stages as a process of its own, which takes what the others leave of
the processor and gives its memory back by ending.

It says nothing when it is done, or one line on standard output that tells what is wrong with the
files it was given. Anything else it says is a fault of its own.
"""

import json
import sys
from pathlib import Path

from wyoming_kokoro.engines.onnx.compiled.build import build
from wyoming_kokoro.engines.onnx.compiled.subprocess import step_back
from wyoming_kokoro.errors import BadModelFile


def main() -> None:
    """Build what the command line says."""
    step_back()
    checkpoint, folder, architecture = sys.argv[1:]
    try:
        build(Path(checkpoint), json.loads(architecture), Path(folder))
    except BadModelFile as error:
        sys.stdout.write(f"{error}\n")


if __name__ == "__main__":
    main()
