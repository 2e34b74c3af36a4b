"""A speech recogniser in a process of its own: PCM in, texts out.

Apart from the tests because its native libraries now and then crash when such a process ends. It
gets samples, not files: the newest reader of files does not work with `faster-whisper` everywhere.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import numpy as np
import soxr

from tests.support.index_files import recogniser_folder
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

Size = Literal["base", "tiny.en"]
"""Whisper for all languages, 74 million parameters; or for English alone, 39 million."""

HEARD_RATE = 16_000
"""Samples a second that Whisper takes."""

PROMPTS = {"zh": "以下是普通话的句子。"}
"""What is taken to come before: without it Mandarin may be written in traditional characters."""

LISTENED_AS = {"hi": "ur"}
"""Hindi is understood well as Urdu, which is the same language to the ear, and hardly as Hindi; it
comes back in Urdu's letters."""


class Recogniser:
    """The running process. Takes `threads` threads; 30 s of sound cost as much as one."""

    def __init__(self, size: Size = "base", threads: int = 1) -> None:
        command = [sys.executable, "-m", "tests.support.recogniser"]
        self._process = subprocess.Popen(
            [*command, str(recogniser_folder(size)), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        )

    def hear(self, pcm: Pcm, language: str) -> str:
        """Return what is said in `pcm`, 24 kHz; `language` is one of two letters, or a code such
        as `en_GB`."""
        return str(self._ask(pcm, language))

    def _ask(self, pcm: Pcm, language: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        samples = at_16_khz(pcm)
        asked = {
            "samples": len(samples),
            "language": language.partition("_")[0],
        }
        self._process.stdin.write(json.dumps(asked).encode() + b"\n" + samples.tobytes())
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the recogniser ended; its standard error says why"
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def at_16_khz(pcm: Pcm) -> Pcm:
    """Return `pcm`, 24 kHz, at the rate that speech is judged at, within -1..1."""
    resampled: Pcm = soxr.resample(pcm.astype(np.float32), SAMPLE_RATE, HEARD_RATE)
    clipped: Pcm = np.clip(resampled, -1, 1).astype(np.float32)
    return clipped


def main() -> None:
    """Answer until standard input ends."""
    folder, threads = Path(sys.argv[1]), int(sys.argv[2])
    whisper = importlib.import_module("faster_whisper")
    model = whisper.WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=threads
    )
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        samples = np.frombuffer(sys.stdin.buffer.read(4 * asked["samples"]), np.float32)
        heard = _transcript(model, samples, asked["language"])
        sys.stdout.write(json.dumps(heard) + "\n")
        sys.stdout.flush()


def _transcript(model: Any, samples: Pcm, language: str) -> str:
    """Return what `model` hears, the same each time: at other temperatures it would draw lots."""
    segments, _ = model.transcribe(
        samples,
        language=LISTENED_AS.get(language, language),
        beam_size=5,
        temperature=0.0,
        initial_prompt=PROMPTS.get(language),
        condition_on_previous_text=False,
        without_timestamps=True,
    )
    return "".join(segment.text for segment in segments)


if __name__ == "__main__":
    main()
