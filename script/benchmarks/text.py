"""The English front end: from nothing to the first sentence, and each one after that, beside the
bare interpreter, the bare reading of the lexicon, and misaki's own front end on spaCy.

spaCy's model is not on the package index. Without it misaki reads words that have no part of
speech, which is less work than it otherwise does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from script.benchmarks.figures import comparison, fresh, progress, table
from tests.support.places import ROOT

REPLIES = ROOT / "tests" / "text" / "normalize" / "replies.en.tsv"
WARM_UP = 20
"""Replies that are read before those that count."""

_FIRST = "The living room is 21.5 °C, and the timer has 5 min left."
_MISAKI = """
import spacy
from misaki import en, espeak
reader = object.__new__(en.G2P)
has_model = spacy.util.is_package("en_core_web_sm")
reader.version, reader.british, reader.unk = None, False, ""
parts = {"enable": ["tok2vec", "tagger"]}
reader.nlp = spacy.load("en_core_web_sm", **parts) if has_model else spacy.blank("en")
reader.lexicon, reader.fallback = en.Lexicon(False), espeak.EspeakFallback(british=False)
"""
_PROGRAMS = {
    "interpreter": "",
    "lexicon": """
import json
from importlib.resources import files
folder = files("misaki") / "data"
kept = [json.loads((folder / f"us_{kind}.json").read_bytes()) for kind in ("gold", "silver")]
""",
    "wyoming-kokoro": f"""
from wyoming_kokoro.speech import US_ENGLISH
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
FrontEnd().phonemize({_FIRST!r}, US_ENGLISH, "misaki")
""",
    "misaki": f"{_MISAKI}reader({_FIRST!r})",
}
_MEMORY = """
import re
from pathlib import Path
print(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""

Figures = dict[str, dict[str, list[float]]]


def measure(rounds: int = 5) -> None:
    """Print what the first sentence costs in a new process, and those after it."""
    starts: Figures = {}
    sentences: Figures = {}
    for _ in progress(range(rounds), "rounds"):
        for name, program in _PROGRAMS.items():
            _keep(starts, name, _first_use(program))
        for name in _READERS:
            _keep(sentences, name, fresh(_each, name))
    _print("In a new process, with the first sentence", starts)
    _print(
        "Each sentence after that, in ms of this process, and of the clock",
        sentences,
    )


def _print(title: str, measured: Figures) -> None:
    figures = list(measured["wyoming-kokoro"])
    print(f"\n{title}")
    print("\n".join(table(measured, figures, 2)))
    print("\n".join(comparison(measured, ["wyoming-kokoro"], "misaki", figures)))


def _keep(kept: Figures, name: str, figures: dict[str, float]) -> None:
    for figure, value in figures.items():
        kept.setdefault(name, {}).setdefault(figure, []).append(value)


def _first_use(program: str) -> dict[str, float]:
    """Return what a new interpreter takes to run `program`, and the memory that it has then."""
    clock, cpu = time.perf_counter(), _cpu_of_children()
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program + _MEMORY],
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        "clock, s": time.perf_counter() - clock,
        "CPU, s": _cpu_of_children() - cpu,
        "resident, MB": int(ran.stdout.split()[-1]) / 1e3,
    }


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _each(name: str) -> dict[str, float]:
    """Return what the replies cost in this process, each of them new to the front end."""
    read = _READERS[name]()
    lines = REPLIES.read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[1] for line in lines if line.startswith("en_US")]
    for text in texts[:WARM_UP]:
        read(text)
    spent, passed = [], []
    for text in texts[WARM_UP:]:
        began, at = time.process_time(), time.perf_counter()
        read(text)
        spent.append(1e3 * (time.process_time() - began))
        passed.append(1e3 * (time.perf_counter() - at))
    figures = {f"p{part}": float(np.percentile(spent, part)) for part in (50, 99)}
    return figures | {"clock p50": float(np.percentile(passed, 50))}


def _ours() -> Callable[[str], Any]:
    from wyoming_kokoro.speech import US_ENGLISH
    from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

    front_end = FrontEnd()
    return lambda text: front_end.phonemize(text, US_ENGLISH, "misaki")


def _isolated() -> Callable[[str], Any]:
    from wyoming_kokoro.config import Limits
    from wyoming_kokoro.speech import US_ENGLISH
    from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd

    front_end = IsolatedFrontEnd(Path("no lexicon"), Limits().reading_seconds)
    return lambda text: front_end.phonemize(text, US_ENGLISH, "misaki")


def _normalizing() -> Callable[[str], Any]:
    from wyoming_kokoro.speech import US_ENGLISH
    from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

    front_end = FrontEnd()
    return lambda text: front_end.spoken(text, US_ENGLISH)


def _misaki() -> Callable[[str], Any]:
    names: dict[str, Any] = {}
    exec(_MISAKI, names)  # noqa: S102 the very program whose start is measured
    return lambda text: names["reader"](text)


_READERS: dict[str, Callable[[], Callable[[str], Any]]] = {
    "normalizing": _normalizing,
    "wyoming-kokoro": _ours,
    "its own process": _isolated,
    "misaki": _misaki,
}
