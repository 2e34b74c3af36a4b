"""What the trials come to: measured sentences in, bounds applied, verdicts and plain words out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wyoming_kokoro.check.bounds import JOINED, REDUCED, SOUND_BOUNDS, Allowance
from wyoming_kokoro.check.trial import OTHER_NOISE, Difference, Sound, Trial, in_breaths
from wyoming_kokoro.engines.verdict import BREATHS, Verdict

_REMEDY = (
    "sentences that sound wrong by themselves come of a damaged file, or of a voice of another "
    "model: fetch both again with `wyoming-kokoro download`, or choose another --voice"
)

_JOINS = "the joins of breaths can be heard on this model"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to voice sentences against the whole ones."""

    found: Difference
    """The largest distance, step and change of the level of the sentences: short ones without a
    join, which would flatter a mean, are among them."""
    most: Difference
    """Its bounds."""

    @property
    def passed(self) -> bool:
        """Whether all lie within their bounds."""
        found, most = self.found, self.most
        within = (found.distance <= most.distance, found.step <= most.step)
        return all(within) and abs(found.level) <= most.level

    def __str__(self) -> str:
        return (
            f"log-mel distance {self.found.distance:.2f} dB of at most {self.most.distance:.2f}, "
            f"level step {self.found.step:.2f} dB of at most {self.most.step:.2f}, "
            f"level {self.found.level:+.2f} dB of at most {self.most.level:.2f}"
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a check has found out."""

    floor: Difference | None
    """Of the same sentences with another noise. None where no sentence could be spoken."""
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    """By subject. None of breaths where no sentence was long enough to be cut, or may be."""
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
        for subject in _compared(spoken)
    }
    return Findings(floor, comparisons, (*broken, *_consequences(comparisons)))


def _compared(spoken: Sequence[Trial]) -> list[str]:
    """Return the subjects of which there is something to find out."""
    joins = any(trial.joins for trial in spoken if BREATHS in trial.differences)
    subjects = dict.fromkeys(subject for trial in spoken for subject in trial.differences)
    return [one for one in subjects if one != OTHER_NOISE and (joins or not is_joined(one))]


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


def precision_of(subject: str) -> str:
    """Return what a subject of reduced precision is called for people."""
    return subject.partition("-")[0]


def is_joined(subject: str) -> bool:
    """Tell whether breaths are joined in what a subject is of."""
    return subject in (BREATHS, in_breaths(subject.removesuffix(f"-{BREATHS}")))


def _allowance(subject: str) -> Allowance:
    return JOINED if is_joined(subject) else REDUCED


def _worst(spoken: Sequence[Trial], subject: str) -> Difference:
    """Return the largest distance, step and change of the level, up or down, of all sentences."""
    found = [trial.differences[subject] for trial in spoken if subject in trial.differences]
    return Difference(
        distance=max(one.distance for one in found),
        step=max(one.step for one in found),
        level=max((one.level for one in found), key=abs),
    )


def _comparison(found: Difference, floor: Difference, allowed: Allowance) -> Comparison:
    most = Difference(
        distance=max(floor.distance, allowed.distance),
        step=max(floor.step, allowed.step),
        level=max(abs(floor.level), allowed.level),
    )
    return Comparison(found, most)


def _consequences(comparisons: Mapping[str, Comparison]) -> Iterator[str]:
    """Yield what follows from the comparisons that failed."""
    failed = (precision_of(subject) for subject, found in comparisons.items() if not found.passed)
    for name in dict.fromkeys(failed):
        if name == BREATHS:
            yield (
                f"{_JOINS}: --breaths auto means whole sentences, which are heard later, but "
                "without joins"
            )
        else:
            yield f"{name} can be heard on this model: --precision auto does not use it"
