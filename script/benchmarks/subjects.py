"""What is measured, each in a process of its own: this package's engines in several precisions, and
two peers.

Every subject speaks the same phonemes with the same weights, on the same number of threads.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from script.benchmarks.figures import resident_mb
from script.benchmarks.floor import Matrices
from wyoming_kokoro.engines.onnx.providers import gpu_is_here

Answer = dict[str, float]
"""Figures by name."""

SENTENCE = (
    "ðə lˈɪvɪŋ ɹˈum ɪz twˈɛnti wˈʌn dᵻɡɹˈiz, ænd ðə wˈɑʃɪŋ məʃˈin "
    "wɪl bi ɹˈɛdi ɪn əbˈWt tˈɛn mˈɪnəts; ɪt ɪz lˈɑkt."
)
"""About 5.6 s with the synthetic weights and voice."""


class Subject(Protocol):
    """Something that speaks phonemes."""

    def first(self, phonemes: str) -> tuple[float, float]:
        """Return seconds until the first samples are there, and until the first audible one is
        heard if they are played at once."""

    def whole(self, phonemes: str) -> float:
        """Make all samples; return their seconds of audio."""


class Ours:
    """The engine of this package, as the pipeline uses it: plan, then breath by breath."""

    def __init__(
        self,
        folder: Path,
        threads: int,
        kind: Literal["native", "onnx"] = "onnx",
        precision: Literal["fp32", "int16", "int8", "fp16"] = "fp32",
    ) -> None:
        from wyoming_kokoro.config import Settings
        from wyoming_kokoro.models.installed import local_checkpoint
        from wyoming_kokoro.synthesis.loading import load_engine
        from wyoming_kokoro.voices.formats import read_voice

        data = folder / "data"
        settings = Settings(data_dir=data, engine=kind, threads=threads, precision=precision)
        self.model = local_checkpoint(folder / "kokoro-v1_0.pth", cache=data / "cache")
        self.engine = load_engine(kind, self.model, settings, lambda: None, {})
        assert self.engine.precision == precision, "it was not learned yet"
        self.pack = read_voice(folder / "voices" / "af_heart.pt", 4 << 20)
        self._pause = settings.sentence_pause
        self._rtf = 0.4

    def first(self, phonemes: str) -> tuple[float, float]:
        """Plan the sentence and voice its first breath."""
        from wyoming_kokoro.synthesis.breaths import voiced_frames

        began = time.perf_counter()
        plan = self._plan(phonemes)
        voiced = voiced_frames(plan, self._pause)
        pcm = self._breath(plan, voiced, voiced.start, None)[1]
        return _heard(time.perf_counter() - began, pcm)

    def whole(self, phonemes: str) -> float:
        """Voice the sentence breath by breath, as a listener gets it, but with all its silence,
        which the others make too."""
        began = time.perf_counter()
        plan, start = self._plan(phonemes), 0
        while start < plan.frames:
            supply = max(0.0, start / 40 - (time.perf_counter() - began)) if start else None
            start, _ = self._breath(plan, range(plan.frames), start, supply)
        seconds = float(plan.frames / 40)
        self._rtf = (time.perf_counter() - began) / seconds
        return seconds

    def _plan(self, phonemes: str) -> Any:
        from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Style
        from wyoming_kokoro.text.pronouncing.tokens import tokenize

        [tokens] = tokenize(Phonemes(phonemes, "", US_ENGLISH), self.model.vocabulary)
        row = self.pack[self.model.version.style_row(tokens)]
        return self.engine.plan(tokens, Style(row, US_ENGLISH, female=True), 1.0, 0)

    def _breath(
        self, plan: Any, voiced: range, start: int, supply: float | None
    ) -> tuple[int, Any]:
        """Return where the breath ends, and its samples."""
        from wyoming_kokoro.synthesis.breaths import next_breath

        shared = self.engine.at_once > 1
        span = next_breath(plan, voiced, start, self._rtf, supply, shared=shared)
        return span.stop, self.engine.voice(plan, span)


class KokoroOnnx:
    """The package kokoro-onnx on a single-file export of the same weights."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from kokoro_onnx import Kokoro

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            str(folder / "single.onnx"), options, providers=["CPUExecutionProvider"]
        )
        vocabulary = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.kokoro = Kokoro.from_session(
            session, str(folder / "voices.npz"), vocab_config={"vocab": vocabulary["vocab"]}
        )

    def first(self, phonemes: str) -> tuple[float, float]:
        """Make the whole sentence: it has no smaller unit."""
        began = time.perf_counter()
        pcm, _ = self._create(phonemes)
        return _heard(time.perf_counter() - began, pcm)

    def whole(self, phonemes: str) -> float:
        """Make the whole sentence."""
        pcm, rate = self._create(phonemes)
        return float(len(pcm) / rate)

    def _create(self, phonemes: str) -> Any:
        return self.kokoro.create(phonemes, "af_heart", is_phonemes=True, trim=False)


class Reference:
    """The reference, kokoro's `KPipeline` over its `KModel` in PyTorch, as they come.

    A pipeline for Spanish: one for English would fetch a model of spaCy's. Phonemes are spoken
    alike by all of them.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from kokoro import KModel, KPipeline

        torch.set_num_threads(threads)
        checkpoint, config = str(folder / "kokoro-v1_0.pth"), str(folder / "config.json")
        repo = "hexgrad/Kokoro-82M"
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = KModel(repo_id=repo, config=config, model=checkpoint).to(device).eval()
        self._pipeline = KPipeline("e", repo_id=repo, model=self.model)
        self._voice = str(folder / "voices" / "af_heart.pt")

    def first(self, phonemes: str) -> tuple[float, float]:
        """Make the whole sentence: it has no smaller unit."""
        began = time.perf_counter()
        pcm = self._create(phonemes)
        return _heard(time.perf_counter() - began, pcm)

    def whole(self, phonemes: str) -> float:
        """Make the whole sentence."""
        return len(self._create(phonemes)) / 24_000

    def _create(self, phonemes: str) -> Any:
        [result] = self._pipeline.generate_from_tokens(phonemes, self._voice)
        return result.audio.numpy()


OURS: dict[str, Callable[[Path, int], Subject]] = {
    "onnx": Ours,
    **(
        {"onnx, fp16": partial(Ours, precision="fp16")}
        if gpu_is_here()
        else {
            f"native, {numbers}": partial(Ours, kind="native", precision=numbers)
            for numbers in ("fp32", "int16", "int8")
        }
    ),
}
PEERS: dict[str, Callable[[Path, int], Subject]] = {"kokoro-onnx": KokoroOnnx, "kokoro": Reference}
SUBJECTS = {**OURS, **PEERS, "floor": Matrices}


def _heard(seconds: float, pcm: Any) -> tuple[float, float]:
    audible = np.abs(pcm) > 0.01
    return seconds, seconds + float(audible.argmax()) / 24_000


def _questions(subject: Subject) -> dict[str, Callable[[], Answer]]:
    """Return what may be asked of a subject; `mixed` is a sentence of any length."""
    random = np.random.default_rng(0)

    def first() -> Answer:
        first, audible = subject.first(SENTENCE)
        return {"first": first, "audible": audible}

    def whole() -> Answer:
        return {"audio": subject.whole(SENTENCE)}

    def mixed() -> Answer:
        return {"audio": subject.whole(SENTENCE[: int(random.integers(8, len(SENTENCE)))])}

    return {"first": first, "whole": whole, "mixed": mixed}


def main() -> None:
    """Load a subject; answer that, and each line of standard input, with a line of JSON: the
    figures, the seconds that it took on the clock and of the processor, and memory (MB)."""
    name, folder, threads = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr  # ONNX Runtime prints what fails
    clock, cpu = time.perf_counter(), time.process_time()
    questions = _questions(SUBJECTS[name](Path(folder), int(threads)))
    answer: Answer = {}
    while True:
        answer["took"] = time.perf_counter() - clock
        answer["worked"] = time.process_time() - cpu
        answer["resident"] = resident_mb()
        answer["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        asked = sys.stdin.readline().strip()
        if not asked:
            return
        clock, cpu = time.perf_counter(), time.process_time()
        answer = questions[asked]()


if __name__ == "__main__":
    main()
