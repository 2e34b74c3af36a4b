"""A model speaks the fixed sentences: casts come in, what was measured of each sentence out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from wyoming_kokoro.check.measures import (
    Silence,
    level,
    level_change,
    level_steps,
    log_mel_distance,
    silence,
)
from wyoming_kokoro.check.texts import Text, texts_in
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.verdict import BREATHS
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan, Tokens
from wyoming_kokoro.synthesis.breaths import heard, next_breath, voiced_frames
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.reading import Phonemizer
from wyoming_kokoro.text.pronouncing.tokens import tokenize

OTHER_NOISE = "other-noise"
"""Subject: the same whole sentence with another seed, the floor that nothing can be nearer than."""

_PAUSE_SECONDS = 0.3
"""Of the silence after a sentence, what is compared."""

ShowStatus = Callable[[str], None]
"""Shows what is being done, for people."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What was measured of a whole sentence."""

    seconds: float
    level: float
    """In dBFS."""
    peak: float
    silence: Silence
    rate: float
    """Syllables a second, from the first sound to the last."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was measured between a sentence made in some way and the whole one, in dB."""

    distance: float
    step: float
    """The largest at a join of breaths."""
    level: float
    """Of all of it; below 0 where it is fainter."""


class Take:
    """A sentence as the engine speaks it whole, for others to be compared with."""

    def __init__(self, plan: Plan, whole: Pcm) -> None:
        self.plan = plan
        self.whole = whole
        self._voiced = voiced_frames(plan, _PAUSE_SECONDS)
        self.heard = self.heard_of(whole)
        self.breaths = list(_breaths(plan, self._voiced))
        """As short as on a slow machine, so that there are as many joins as there may be."""

    def heard_of(self, other: Pcm) -> Pcm:
        """Return what is heard of another take, which has all frames of the plan."""
        return heard(other, self._voiced)

    def in_breaths(self, engine: Engine) -> Pcm:
        """Return what is heard of the sentence when `engine` voices it breath by breath."""
        return np.concatenate([engine.voice(self.plan, breath) for breath in self.breaths])

    def difference(self, pcm: Pcm) -> Difference:
        """Return how far what is heard of the sentence in some way, `pcm`, is from what is heard of
        this take."""
        return Difference(
            distance=log_mel_distance(pcm, self.heard),
            step=max(self.steps(pcm), default=0.0),
            level=level_change(pcm, self.heard),
        )

    def steps(self, pcm: Pcm) -> list[float]:
        """Return the step of the level at each join of breaths, in dB; `pcm` as for `difference`,
        and no breaths need be joined in it."""
        joins = [FRAME_SAMPLES * (breath.stop - self._voiced.start) for breath in self.breaths[:-1]]
        return level_steps(pcm, self.heard, joins)


@dataclass(frozen=True, slots=True)
class Trial:
    """One sentence of one voice."""

    voice: str
    language: str
    text: str
    sound: Sound | None = None
    """None where there is `trouble`."""
    joins: int = 0
    """Of breaths, that were listened to."""
    differences: Mapping[str, Difference] = field(default_factory=dict)
    """By subject."""
    trouble: str = ""
    take: Take | None = None
    """None where there is `trouble`."""


def trials(casts: Sequence[Cast], front_end: Phonemizer, progress: ShowStatus) -> list[Trial]:
    """Let each of `casts` speak the sentences of its language: whole, with another noise, and in
    breaths."""
    parts = [(cast, text) for cast in casts for text in texts_in(cast.language.code)]
    found = []
    for done, (cast, text) in enumerate(parts):
        progress(f"{cast.voice}, sentence {done + 1} of {len(parts)}: {text.text}")
        found.append(_trial(cast, text, front_end))
    return found


def in_breaths(subject: str) -> str:
    """Return the subject of breaths in the reduced precision that is a subject itself."""
    return f"{subject}-{BREATHS}"


def compared(
    found: Sequence[Trial], subject: str, engine: Engine, progress: ShowStatus, *, breaths: bool
) -> list[Trial]:
    """Return the trials with what `engine`, which has the same weights in reduced precision, makes
    of them: whole and, with `breaths`, in breaths where they were made so before.

    Raises:
        SynthesisFailed: it cannot speak one of them.
    """
    made = []
    for done, trial in enumerate(found):
        progress(f"in {subject}, sentence {done + 1} of {len(found)}: {trial.text}")
        made.append(_compared(trial, subject, engine, breaths))
    return made


def _trial(cast: Cast, text: Text, front_end: Phonemizer) -> Trial:
    trial = Trial(cast.voice, cast.language.code, text.text)
    phonemes = front_end.phonemize(text.text, cast.language, cast.notation)
    windows = tokenize(phonemes, cast.vocabulary)
    if not windows:
        trouble = f"the model knows none of its phonemes, {phonemes.symbols}"
        return replace(trial, trouble=trouble)
    try:
        take = _take(cast, windows[0], seed=0)
        return replace(
            trial,
            sound=_measured(take.whole, text),
            joins=len(take.breaths) - 1,
            differences=dict(_differences(cast, take)),
            take=take,
        )
    except SynthesisFailed as error:
        return replace(trial, trouble=str(error))


def _compared(trial: Trial, subject: str, engine: Engine, breaths: bool) -> Trial:
    if trial.take is None:
        return trial
    take = trial.take
    made = {subject: take.difference(take.heard_of(_whole(engine, take.plan)))}
    if breaths and BREATHS in trial.differences:
        made[in_breaths(subject)] = take.difference(take.in_breaths(engine))
    return replace(trial, differences={**trial.differences, **made})


def _take(cast: Cast, tokens: Tokens, seed: int) -> Take:
    plan = cast.engine.plan(tokens, cast.style(tokens), cast.speed, seed)
    return Take(plan, _whole(cast.engine, plan))


def _whole(engine: Engine, plan: Plan) -> Pcm:
    return engine.voice(plan, range(plan.frames))


def _measured(whole: Pcm, text: Text) -> Sound:
    silent = silence(whole)
    sounding = len(whole) / SAMPLE_RATE * (1 - silent.before - silent.after)
    return Sound(
        seconds=len(whole) / SAMPLE_RATE,
        level=level(whole),
        peak=float(np.abs(whole).max()),
        silence=silent,
        rate=text.syllables / sounding if sounding else 0.0,
    )


def _differences(cast: Cast, take: Take) -> Iterator[tuple[str, Difference]]:
    """Yield how far each way to voice a sentence is from the whole one."""
    engine = cast.engine
    yield OTHER_NOISE, take.difference(take.heard_of(_take(cast, take.plan.tokens, seed=1).whole))
    plan = take.plan
    calibrated = not (isinstance(plan, KokoroPlan) and plan.makeshift)
    if plan.divisible and calibrated:  # what is not calibrated yet says nothing of what will be
        yield BREATHS, take.difference(take.in_breaths(engine))


def _breaths(plan: Plan, voiced: range) -> Iterator[range]:
    start = voiced.start
    while start < voiced.stop:
        breath = next_breath(plan, voiced, start, rtf=0, supply=0)
        yield breath
        start = breath.stop
