"""A speech recogniser in a process of its own: `{"file", "language"}` lines in, texts as JSON out.

Apart from the tests because its native libraries now and then crash when such a process ends.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path

MODEL = "small"
PROMPTS = {"zh": "以下是普通话的句子。"}
"""Without it Mandarin may be written in traditional characters."""


class Recogniser:
    """The running process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.recogniser"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self, file: Path, language: str) -> str:
        """Return what is said in a WAV file."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"file": str(file), "language": language}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the recogniser ended; its standard error says why"
        return str(json.loads(answer))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Answer until standard input ends. The model is fetched when that is done first."""
    whisper = importlib.import_module("faster_whisper")
    model = whisper.WhisperModel(MODEL, device="cpu", compute_type="int8")
    for line in sys.stdin:
        asked = json.loads(line)
        language = asked["language"]
        segments, _ = model.transcribe(
            asked["file"], language=language, beam_size=5, initial_prompt=PROMPTS.get(language)
        )
        sys.stdout.write(json.dumps("".join(segment.text for segment in segments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
