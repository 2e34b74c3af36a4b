"""What the table of statistics is made from: a checkpoint and voices in, sentences spoken whole and
what was observed of each out.

The texts are the replies that the tests read in nine languages, one or several at a time, at speeds
from 0.5 to 2. Each voice speaks as often as any other, in its own language. What is observed goes
to a folder and is taken up where it was left.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from script.tables.reference import Observed, ReferenceObserver
from tests.support.places import ROOT
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.facts import Facts, facts_of
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import installed_library
from wyoming_kokoro.engines.native.network import NativeNetwork
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.checkpoint import read_checkpoint
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.speech import Language, Style, Tokens, language_of_voice
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.packs import pack_key, style_vector
from wyoming_kokoro.voices.store import VoiceStore

_REPLIES = ROOT / "tests" / "text" / "normalize"

_LENGTHS = ((0.78, 8, 45), (0.17, 45, 110), (0.05, 110, 510))
"""Shares of sentences by their tokens, from and to."""

_COMMON_SPEEDS = (1.0, 1.0, 1.0, 0.9, 1.1)
_USUAL_SHARE = 0.6
"""Of sentences at one of these speeds; the others are anywhere from 0.5 to 2."""

LONGEST_FRAMES = 240
"""Of a sentence whose largest values count: 6 s, 0.1 GB."""

_META, _ROWS = "sentences.jsonl", "observed.f32"


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Sentences that were spoken, a row each."""

    voices: list[str]
    facts: list[dict[str, Any]]
    covariates: Floats
    """(sentences, 1029)."""
    statistics: Floats
    """(sentences, 2, 9216)."""


def read_observations(folder: Path) -> Observations:
    """Return what `observe` has put in `folder`."""
    facts = [json.loads(line) for line in (folder / _META).read_text().splitlines()]
    rows = np.fromfile(folder / _ROWS, np.float32)
    width = facts[0]["covariates"] + facts[0]["statistics"]
    rows = rows[: len(facts) * width].reshape(len(facts), width)
    split = facts[0]["covariates"]
    return Observations(
        [fact["voice"] for fact in facts],
        facts,
        rows[:, :split],
        rows[:, split:].reshape(len(facts), 2, -1),
    )


def observe(
    checkpoint: Path, voices: Path, folder: Path, numbers: range, *, reference: bool = False
) -> None:
    """Have the model at `checkpoint` speak the sentences of these `numbers` in the voices of the
    folder `voices`, natively on one thread or by kokoro's own model, the `reference`; put what is
    observed in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model = local_checkpoint(checkpoint, version_named("v1.0"), folder)
    observer = (
        ReferenceObserver(checkpoint, model.architecture)
        if reference
        else NativeObserver(native_engine(checkpoint, folder))
    )
    names = sorted(VoiceStore(model.version.name, (), None, None, (voices,)).names())
    done = len((folder / _META).read_text().splitlines()) if (folder / _META).exists() else 0
    with (folder / _META).open("a") as meta, (folder / _ROWS).open("ab") as rows:
        for number in numbers[done:]:
            voice = names[number % len(names)]
            [(tokens, style, speed)] = sentences_of(model, voices, voice, [number])
            seen = observer.observe(tokens, style, speed, number)
            np.concatenate([seen.covariates, seen.statistics.reshape(-1)]).tofile(rows)
            rows.flush()
            facts = {
                "voice": voice,
                "speed": speed,
                "tokens": len(tokens.ids),
                "frames": seen.frames,
                "covariates": seen.covariates.size,
                "statistics": seen.statistics.size,
            }
            meta.write(json.dumps(facts) + "\n")
            meta.flush()
            sys.stderr.write(f"\r{number + 1} of {numbers.stop} sentences")
    observer.close()


class NativeObserver:
    """The engine that the package speaks with; see `ReferenceObserver`."""

    def __init__(self, engine: KokoroEngine) -> None:
        self._engine = engine

    def observe(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Observed:
        """Make a sentence whole; see `Engine.plan` for what it takes."""
        plan = self._engine.plan(tokens, style, speed, seed)
        return Observed(plan.frames, plan.covariates, self._engine.observe(plan).statistics)

    def close(self) -> None:
        """Give back the memory."""
        self._engine.close()


def largest_values(checkpoint: Path, voices: Path, folder: Path, numbers: Iterable[int]) -> Floats:
    """Have the model at `checkpoint` speak the sentences of these `numbers` natively in the voices
    of the folder `voices`, on one thread; return the largest magnitude of each channel that the
    styled convolutions read, (9216,)."""
    model = local_checkpoint(checkpoint, version_named("v1.0"), folder)
    engine = native_engine(checkpoint, folder)
    names = sorted(VoiceStore(model.version.name, (), None, None, (voices,)).names())
    largest = np.zeros(1, np.float32)
    for number in numbers:
        [(tokens, style, speed)] = sentences_of(model, voices, names[number % len(names)], [number])
        plan = engine.plan(tokens, style, speed, seed=number)
        if plan.frames > LONGEST_FRAMES:
            continue
        ranges = engine.observe(plan).ranges
        assert ranges is not None
        largest = np.maximum(largest, ranges)
        sys.stderr.write(f"\r{number}")
    engine.close()
    return largest


def native_engine(checkpoint: Path, folder: Path) -> KokoroEngine:
    """Return the native engine in fp32, on one thread."""
    library = installed_library()
    assert library, "script/native compiles it"
    model = local_checkpoint(checkpoint, version_named("v1.0"), folder)
    weights = Weights(read_checkpoint(checkpoint))
    network = NativeNetwork(library, model.architecture, lambda: weights, threads=1)
    return KokoroEngine(facts_of(model.architecture, weights), network)


def facts_at(checkpoint: Path, folder: Path) -> Facts:
    """Return the facts of `checkpoint`."""
    model = local_checkpoint(checkpoint, version_named("v1.0"), folder)
    return facts_of(model.architecture, Weights(read_checkpoint(checkpoint)))


def sentences_of(
    model: InstalledModel, folder: Path, voice: str, numbers: Iterable[int] = count()
) -> Iterator[tuple[Tokens, Style, float]]:
    """Yield tokens, style and speed of the sentences of these `numbers`, said by a `voice` of the
    folder."""
    store, front_end = VoiceStore(model.version.name, (), None, None, (folder,)), _front_end()
    pack = store.pack(store.resolve(voice))
    for number in numbers:
        choice = random.Random(number)
        language = language_of_voice(voice)
        assert language, voice
        tokens = _tokens(model, front_end, language, choice)
        vector = style_vector(pack, model.version.style_row(tokens))
        usual = choice.random() < _USUAL_SHARE
        speed = choice.choice(_COMMON_SPEEDS) if usual else 2 ** choice.uniform(-1, 1)
        yield tokens, Style(vector, language, female=True, voice=pack_key(pack)), speed


@cache
def _front_end() -> FrontEnd:
    return FrontEnd()


def _tokens(
    model: InstalledModel, front_end: FrontEnd, language: Language, choice: random.Random
) -> Tokens:
    """Return as many replies as come to a length drawn at random."""
    _, least, most = choice.choices(_LENGTHS, [share for share, _, _ in _LENGTHS])[0]
    wanted = choice.uniform(least, most)
    replies = _replies(language)
    short = [text for text in replies if len(text) <= wanted] or [min(replies, key=len)]
    text = choice.choice(short)
    while True:
        phonemes = front_end.phonemize(text, language, model.version.notation)
        pieces = tokenize(phonemes, model.vocabulary)
        if pieces and (len(pieces) > 1 or len(pieces[0].ids) >= 0.8 * wanted):
            return pieces[0]
        text = f"{text} {choice.choice(short)}"


def _replies(language: Language) -> list[str]:
    path = _REPLIES / f"replies.{language.code[:2]}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines if line and not line.startswith("#")]
