"""What a check says, as people read it and as programs do: findings in, lines or JSON out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wyoming_kokoro.check.bounds import (
    JOINED,
    LEVEL,
    PEAK,
    RATE,
    REDUCED,
    SILENCE_AFTER,
    SILENCE_BEFORE,
    SILENCE_WITHIN,
    SOUND_BOUNDS,
    Allowance,
)
from wyoming_kokoro.check.findings import Comparison, Findings, is_joined, precision_of
from wyoming_kokoro.check.trial import OTHER_NOISE, Difference, Trial
from wyoming_kokoro.engines.verdict import BREATHS

_Row = tuple[str, ...]

_NAMES = {
    OTHER_NOISE: "another noise (the floor)",
    BREATHS: "in breaths",
}
"""Of subjects, for people; others are of reduced precision."""

_HEADS = (
    *("voice", "length", "level", "peak", "invalid samples"),
    *("silence before", "within", "after", "speaking rate", ""),
)

_BOUNDS = (
    *("bound", "", str(LEVEL), str(PEAK), "none"),
    *(str(SILENCE_BEFORE), str(SILENCE_WITHIN), str(SILENCE_AFTER), str(RATE), ""),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says."""

    subject: dict[str, str]
    """What was checked, by name."""
    trials: Sequence[Trial]
    findings: Findings
    notes: Sequence[str] = ()
    """What could not be done, and what was tried in vain."""
    auto: dict[str, str] | None = None
    """What settings that say `auto` mean from now on, by flag."""

    def lines(self) -> list[str]:
        """Return it for people."""
        return [
            *_aligned(self.subject),
            "",
            *_lines(self.trials, self.findings),
            *(f"Note: {note}." for note in self.notes),
            *(f"! {complaint}." for complaint in self.findings.broken),
            *([] if self.findings.broken else ["All is within its bounds."]),
            *self._consequences(),
        ]

    def _consequences(self) -> list[str]:
        if not self.auto:
            return []
        return ["", "This is kept. From the next start on:", *_aligned(self.auto)]

    def values(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        rest = {"notes": list(self.notes), "auto": self.auto or {}}
        return {**self.subject, **_values(self.trials, self.findings), **rest}


def _lines(trials: Sequence[Trial], findings: Findings) -> Iterator[str]:
    """Yield the report for people, line by line."""
    yield "Whole sentences by themselves"
    yield from _table(_HEADS, [*map(_sound_row, trials), _BOUNDS])
    yield ""
    if findings.floor is None:
        return
    joins = sum(trial.joins for trial in trials)
    yield f"What differs from whole sentences in fp32, the worst of all, in dB ({joins} joins)"
    yield from _table(
        ("", "log-mel distance", "at most", "step at joins", "at most", "level", "at most", ""),
        [
            _difference_row(_NAMES[OTHER_NOISE], findings.floor),
            *(_row(subject, found) for subject, found in findings.comparisons.items()),
        ],
    )
    yield "  Another noise is another take of the same sentence, no better and no worse. As much is"
    yield f"  allowed, or {_shown(JOINED)} for breaths, {_shown(REDUCED)}"
    yield "  for faster numbers, whichever is more."
    yield ""


def _values(trials: Sequence[Trial], findings: Findings) -> dict[str, Any]:
    """Return the report as values for JSON."""
    return {
        "passed": not findings.broken,
        "broken": list(findings.broken),
        "sentences": [_trial_values(trial) for trial in trials],
        "floor": asdict(findings.floor) if findings.floor else None,
        "comparisons": {
            subject: {**asdict(comparison), "passed": comparison.passed}
            for subject, comparison in findings.comparisons.items()
        },
        "bounds": [asdict(bound) for bound in SOUND_BOUNDS],
    }


def _trial_values(trial: Trial) -> dict[str, Any]:
    return {
        "voice": trial.voice,
        "language": trial.language,
        "text": trial.text,
        "sound": asdict(trial.sound) if trial.sound else None,
        "joins": trial.joins,
        "differences": {subject: asdict(found) for subject, found in trial.differences.items()},
        "trouble": trial.trouble,
    }


def _sound_row(trial: Trial) -> _Row:
    sound = trial.sound
    if sound is None:
        return (trial.voice, *["-"] * (len(_HEADS) - 2), trial.text)
    silent = sound.silence
    return (
        trial.voice,
        f"{sound.seconds:.1f} s",
        f"{sound.level:.1f} dBFS",
        f"{sound.peak:.2f}",
        "none",  # an engine raises SynthesisFailed where there is one
        f"{silent.before:.0%}",
        f"{silent.within:.0%}",
        f"{silent.after:.0%}",
        f"{sound.rate:.1f} syllables/s",
        trial.text,
    )


def _difference_row(name: str, found: Difference, most: Difference | None = None) -> _Row:
    figures = (f"{found.distance:.2f}", f"{found.step:.2f}", f"{found.level:+.2f}")
    limits = [f"{limit:.2f}" for limit in (most.distance, most.step, most.level)] if most else []
    cells = zip(figures, limits or ("", "", ""), strict=True)
    return name, *(cell for pair in cells for cell in pair), ""


def _shown(allowed: Allowance) -> str:
    return f"{allowed.distance:g}, {allowed.step:g} and {allowed.level:g} dB"


def _row(subject: str, comparison: Comparison) -> _Row:
    manner = "in breaths" if is_joined(subject) else "whole"
    name = _NAMES.get(subject) or f"{manner}, in {precision_of(subject)}"
    row = _difference_row(name, comparison.found, comparison.most)
    return *row[:-1], "good" if comparison.passed else "TOO MUCH"


def _table(heads: _Row, rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of a table, its columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _aligned(facts: dict[str, str]) -> list[str]:
    """Return the facts line by line, their names as wide as the longest."""
    width = max(map(len, facts))
    return [f"  {name:{width}}  {value}" for name, value in facts.items()]
