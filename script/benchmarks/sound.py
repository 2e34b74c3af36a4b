"""How the ways to voice a sentence sound beside the whole sentence in fp32 on ONNX Runtime, on the
real voice: by the measures of `check`, by a speech recogniser and by DNSMOS. All voice the same
plan.

The sentences are those of `sound.tsv`, on which nothing was trained. None of the figures is a time:
they are the same on every machine but for the last digits.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from script.benchmarks.figures import progress
from script.benchmarks.hearing import HEADS, Judged, Judges, grouped, rows
from script.benchmarks.speaking import real_voice, sentences
from script.benchmarks.weights import FOLDER
from tests.support.index_files import starter_file
from tests.support.speaking import RealVoice, Sentence, whole
from wyoming_kokoro.check.trial import Take
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.speech import Pcm

WHOLE, NOISE, BREATHS, PEER = "whole, fp32", "another noise", "in breaths", "kokoro-onnx, int8"

NATIVE: tuple[Native, ...] = ("fp32", "int16", "int8")


def measure(
    voices: int = 14, each: int = 3, threads: int = 2, native: int = 1, judges: int = 1
) -> None:
    """Print a table by way, and for those that differ from the whole, by language and by voice."""
    voice = real_voice(threads)
    chosen = sentences(voice, voices, each)
    engines = {numbers: voice.native(numbers) for numbers in NATIVE if native}
    peer = KokoroOnnx(voice, threads)
    found: list[Judged] = []
    with closing(Judges(bool(judges), threads)) as both:
        for sentence in progress(chosen, "sentences"):
            take = voice.take(sentence)
            ways = _ways(voice, sentence, take, engines, peer)
            found += [both.judge(way, sentence, take, pcm) for way, pcm in ways]
    _print(found)


def _ways(
    voice: RealVoice,
    sentence: Sentence,
    take: Take,
    engines: Mapping[Native, Engine | None],
    peer: "KokoroOnnx",
) -> Iterator[tuple[str, Pcm]]:
    """Yield what is heard of a sentence, way by way."""
    yield WHOLE, take.heard
    yield NOISE, take.heard_of(whole(voice.engine, voice.plan(sentence, seed=1)))
    yield BREATHS, take.in_breaths(voice.engine)
    for numbers, engine in engines.items():
        if engine:
            yield f"native, {numbers}", take.heard_of(whole(engine, take.plan))
            yield f"native, {numbers}, in breaths", take.in_breaths(engine)
    yield PEER, peer.speak(sentence)


class KokoroOnnx:
    """The package kokoro-onnx as it comes, on the file that the weights were taken from."""

    def __init__(self, voice: RealVoice, threads: int) -> None:
        import onnxruntime
        from kokoro_onnx import Kokoro

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            str(starter_file()), options, providers=["CPUExecutionProvider"]
        )
        no_voices = FOLDER / "near-real" / "none.npz"
        np.savez(no_voices, allow_pickle=False)
        self._voice = voice
        self._kokoro: Any = Kokoro.from_session(
            session, str(no_voices), vocab_config={"vocab": dict(voice.model.vocabulary)}
        )

    def speak(self, sentence: Sentence) -> Pcm:
        """Return the same phonemes, as this package speaks them."""
        symbols = self._voice.tokens(sentence).symbols
        pack = self._voice.pack(sentence.voice)[:, None]
        pcm, _ = self._kokoro.create(symbols, pack, is_phonemes=True)
        return np.asarray(pcm, np.float32)


def _print(found: Sequence[Judged]) -> None:
    spoken = {one.sentence for one in found}
    voices, languages = ({getattr(one, name) for one in spoken} for name in ("voice", "language"))
    print(f"{len(spoken)} sentences of {len(voices)} voices in {len(languages)} languages", "")
    print(*rows(HEADS, grouped(found, lambda one: one.way)), "", sep="\n")
    for way in dict.fromkeys(one.way for one in found):
        if way == WHOLE:
            continue
        those = [one for one in found if one.way == way]
        print(way, *rows(HEADS, grouped(those, lambda one: one.sentence.language)), "", sep="\n")
        print(way, *rows(HEADS, grouped(those, lambda one: one.sentence.voice)), "", sep="\n")
