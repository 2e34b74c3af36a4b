"""What the trials come to: measured sentences in, bounds applied, verdicts and plain words out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict
from wyoming_kokoro.synthesis.check.trial import OTHER_NOISE, Difference, Sound, Trial


@dataclass(frozen=True, slots=True)
class Bound:
    """Within what a figure must lie."""

    what: str
    least: float
    most: float
    unit: str
    reason: str

    def breach(self, value: float) -> str:
        """Return how `value` lies outside, "" if it does not."""
        if self.least <= value <= self.most:
            return ""
        side, limit = ("below", self.least) if value < self.least else ("above", self.most)
        return f"{self.what} is {value:.3g}{self.unit}, {side} {limit:g}{self.unit}: {self.reason}"


SOUND_BOUNDS = (
    Bound("level", -36, -10, " dBFS", "speech is made for about -23 dBFS (EBU R 128)"),
    Bound("peak", 0.01, 1, "", "beyond 1 samples are clipped, and far below nothing is said"),
    Bound("silence before", 0, 0.5, "", "a voice pauses about half a second before it speaks"),
    Bound("silence within", 0, 0.4, "", "pauses within a sentence are short"),
    Bound("silence after", 0, 0.5, "", "a voice is done about half a second after it has spoken"),
    Bound(
        "rate",
        2.5,
        12,
        " syllables/s",
        "languages are spoken with 5 to 8 (Pellegrino, Coupé and Marsico, 2011)",
    ),
)
"""Of every whole sentence."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """By how many dB something may differ from the whole sentence, if another noise does not make
    more of a difference already."""

    distance: float
    step: float
    reason: str


JOINED = Allowance(
    distance=1.5,
    step=3.0,
    reason="statistics predicted to 0.6 dB were taken for the same voice, fixed ones at 3.5 dB "
    "were not (Kokoro-Hexagon); levels of syllables change by more than 3 dB all the time",
)
"""Of sentences in breaths."""

REDUCED = Allowance(
    distance=1.0,
    step=1.0,
    reason="a decoder in bfloat16, 0.2 dB off, sounds the same; one in int8 with a scale for each "
    "tensor, 2 dB off, hisses (kokoro-rust); a change of level by 1 dB is just noticed",
)
"""Of whole sentences in reduced precision."""

_REMEDY = (
    "sentences that sound wrong by themselves come of a damaged file, or of a voice of another "
    "model: fetch both again with `wyoming-kokoro download`, or choose another --voice"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to voice sentences against the whole ones."""

    found: Difference
    """The largest distance and step of the sentences: short ones without a join, which would
    flatter a mean, are among them."""
    most: Difference
    """Its bounds."""

    @property
    def passed(self) -> bool:
        """Whether both lie within their bounds."""
        return self.found.distance <= self.most.distance and self.found.step <= self.most.step

    def __str__(self) -> str:
        return (
            f"log-mel distance {self.found.distance:.2f} dB of at most {self.most.distance:.2f}, "
            f"level step {self.found.step:.2f} dB of at most {self.most.step:.2f}"
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a check has found out."""

    floor: Difference | None
    """Of the same sentences with another noise. None where no sentence could be spoken."""
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    """By subject."""
    broken: tuple[str, ...] = ()
    """What is wrong, in words; nothing if all is well."""

    def verdicts(self) -> dict[str, Verdict]:
        """Return what is to be kept, by subject."""
        return {
            subject: Verdict(comparison.passed, str(comparison))
            for subject, comparison in self.comparisons.items()
        }


def findings(trials: Sequence[Trial]) -> Findings:
    """Return what `trials` come to. Ways to voice are compared over the sentences that sound."""
    spoken = [trial for trial in trials if trial.sound]
    broken = [complaint for trial in trials for complaint in _complaints(trial)]
    if broken:
        broken.append(_REMEDY)
    if not spoken:
        return Findings(None, broken=tuple(broken))
    floor = _worst(spoken, OTHER_NOISE)
    comparisons = {
        subject: _comparison(_worst(spoken, subject), floor, _allowance(subject))
        for subject in spoken[0].differences
        if subject != OTHER_NOISE
    }
    return Findings(floor, comparisons, (*broken, *_consequences(comparisons)))


def _complaints(trial: Trial) -> Iterator[str]:
    """Yield what is wrong with a sentence by itself."""
    where = f"{trial.voice}, “{trial.text}”"
    if trial.sound is None:
        yield f"{where}: {trial.trouble}"
        return
    for bound, value in zip(SOUND_BOUNDS, figures(trial.sound), strict=True):
        if breach := bound.breach(value):
            yield f"{where}: {breach}"


def figures(sound: Sound) -> tuple[float, ...]:
    """Return the figures of a sentence in the order of `SOUND_BOUNDS`."""
    silent = sound.silence
    return sound.level, sound.peak, silent.before, silent.within, silent.after, sound.rate


def _allowance(subject: str) -> Allowance:
    return JOINED if subject in (BREATHS, WHOLE_FRONT) else REDUCED


def _worst(spoken: Sequence[Trial], subject: str) -> Difference:
    """Return the largest distance and the largest step of all sentences."""
    found = [trial.differences[subject] for trial in spoken]
    return Difference(max(one.distance for one in found), max(one.step for one in found))


def _comparison(found: Difference, floor: Difference, allowed: Allowance) -> Comparison:
    most = Difference(max(floor.distance, allowed.distance), max(floor.step, allowed.step))
    return Comparison(found, most)


def _consequences(comparisons: Mapping[str, Comparison]) -> Iterator[str]:
    """Yield what follows from the comparisons that failed."""
    for subject, found in comparisons.items():
        if found.passed or subject == WHOLE_FRONT:
            continue
        if subject != BREATHS:
            yield f"int8 ({subject}) can be heard on this model: fp32 is used from now on"
        elif WHOLE_FRONT in comparisons and comparisons[WHOLE_FRONT].passed:
            yield (
                "the joins of breaths can be heard on this model: the decoder's front is run on "
                "whole sentences from now on, where they cannot"
            )
        else:
            yield (
                "the joins of breaths can be heard on this model: whole sentences are used "
                "from now on"
            )
