"""A check as people read it and as programs do: findings in, lines or values for JSON out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT
from wyoming_kokoro.synthesis.check.findings import (
    JOINED,
    REDUCED,
    SOUND_BOUNDS,
    Comparison,
    Findings,
)
from wyoming_kokoro.synthesis.check.trial import OTHER_NOISE, Difference, Trial

_Row = tuple[str, ...]

_NAMES = {
    OTHER_NOISE: "another noise (the floor)",
    BREATHS: "in breaths",
    WHOLE_FRONT: "in breaths, front whole",
}
"""Of subjects, for people; others are schemes of int8."""


def as_lines(trials: Sequence[Trial], findings: Findings) -> Iterator[str]:
    """Yield the report for people, line by line."""
    yield "Whole sentences"
    yield from _table(
        ("voice", "length", "level", "peak", "NaN", "silence before, within, after", "rate", ""),
        [_sound_row(trial) for trial in trials],
    )
    bounds = (f"{b.what} {b.least:g} to {b.most:g}{b.unit}" for b in SOUND_BOUNDS)
    yield "  Bounds: " + ", ".join(bounds) + "."
    yield ""
    if findings.floor:
        yield "Against the whole sentence, the worst of all, in dB"
        yield from _table(
            ("", "log-mel distance", "at most", "level step at joins", "at most", ""),
            [
                _difference_row(_NAMES[OTHER_NOISE], findings.floor),
                *map(_row, findings.comparisons.items()),
            ],
        )
        yield (
            "  Bounds: what another noise does, but at least "
            f"{JOINED.distance:g} and {JOINED.step:g} dB for breaths, "
            f"{REDUCED.distance:g} and {REDUCED.step:g} dB for reduced precision."
        )
        yield ""
    yield from (f"! {complaint}" for complaint in findings.broken)
    if not findings.broken:
        yield "All is within its bounds."


def as_json(trials: Sequence[Trial], findings: Findings) -> dict[str, Any]:
    """Return the report as values for JSON."""
    return {
        "passed": not findings.broken,
        "broken": list(findings.broken),
        "sentences": [asdict(trial) for trial in trials],
        "floor": asdict(findings.floor) if findings.floor else None,
        "comparisons": {
            subject: {**asdict(comparison), "passed": comparison.passed}
            for subject, comparison in findings.comparisons.items()
        },
        "bounds": [asdict(bound) for bound in SOUND_BOUNDS],
        "allowances": {"breaths": asdict(JOINED), "precision": asdict(REDUCED)},
    }


def _sound_row(trial: Trial) -> _Row:
    sound = trial.sound
    if sound is None:
        return (trial.voice, *["-"] * 6, trial.text)
    silent = sound.silence
    return (
        trial.voice,
        f"{sound.seconds:.1f} s",
        f"{sound.level:.1f} dBFS",
        f"{sound.peak:.2f}",
        "none",  # an engine raises SynthesisFailed where there is one
        f"{silent.before:.0%}, {silent.within:.0%}, {silent.after:.0%}",
        f"{sound.rate:.1f} syllables/s",
        trial.text,
    )


def _difference_row(name: str, found: Difference, most: Difference | None = None) -> _Row:
    limits = (f"{most.distance:.2f}", f"{most.step:.2f}") if most else ("", "")
    return name, f"{found.distance:.2f}", limits[0], f"{found.step:.2f}", limits[1], ""


def _row(item: tuple[str, Comparison]) -> _Row:
    subject, comparison = item
    row = _difference_row(
        _NAMES.get(subject, f"in int8 ({subject})"), comparison.found, comparison.most
    )
    return *row[:-1], "good" if comparison.passed else "TOO MUCH"


def _table(heads: _Row, rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of a table, its columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()
