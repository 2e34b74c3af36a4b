"""A model speaks the fixed sentences: casts come in, what was measured of each sentence out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.onnx_engine import OnnxEngine
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan, Tokens
from wyoming_kokoro.synthesis.breaths import Joiner, heard, next_breath, voiced_frames
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.check.measures import (
    Silence,
    level,
    level_steps,
    log_mel_distance,
    silence,
)
from wyoming_kokoro.synthesis.check.texts import TEXTS, Text
from wyoming_kokoro.text.phonemes import FrontEnd
from wyoming_kokoro.text.tokens import tokenize

OTHER_NOISE = "other-noise"
"""Subject: the same whole sentence with another seed, the floor that nothing can be nearer than."""

_PAUSE_SECONDS = 0.3
"""Of the silence after a sentence, what is compared."""

Progress = Callable[[int, int, str], None]
"""Told how many sentences are done, of how many, and which is next."""


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


@dataclass(frozen=True, slots=True)
class Trial:
    """One sentence of one voice."""

    voice: str
    language: str
    text: str
    sound: Sound | None = None
    """None where there is `trouble`."""
    differences: Mapping[str, Difference] = field(default_factory=dict)
    """By subject."""
    trouble: str = ""


def trials(
    casts: Sequence[Cast], front_end: FrontEnd, reduced: Mapping[str, Engine], progress: Progress
) -> list[Trial]:
    """Let each of `casts` speak the sentences of its language, in every way that is compared.

    `reduced` are engines of the same weights in reduced precision, by the name of the scheme.
    """
    parts = [(cast, text) for cast in casts for text in TEXTS[cast.language.code]]
    found = []
    for done, (cast, text) in enumerate(parts):
        progress(done, len(parts), f"{cast.voice}: {text.text}")
        found.append(_trial(cast, text, front_end, reduced))
    progress(len(parts), len(parts), "")
    return found


def _trial(cast: Cast, text: Text, front_end: FrontEnd, reduced: Mapping[str, Engine]) -> Trial:
    facts = cast.voice, cast.language.code, text.text
    phonemes = front_end.phonemize(text.text, cast.language, cast.version.notation)
    windows = tokenize(phonemes, cast.vocabulary)
    if not windows:
        return Trial(*facts, trouble=f"the model knows none of its phonemes, {phonemes.symbols}")
    try:
        plan, whole = _spoken(cast, windows[0], seed=0)
        sound = _measured(whole, text)
        differences = dict(_differences(cast, plan, whole, reduced))
    except SynthesisFailed as error:
        return Trial(*facts, trouble=str(error))
    return Trial(*facts, sound, differences)


def _spoken(cast: Cast, tokens: Tokens, seed: int) -> tuple[Plan, Pcm]:
    """Return the plan of a sentence, and all of it as the model itself makes it."""
    plan = cast.engine.plan(tokens, cast.style(tokens), cast.speed, seed)
    return plan, _whole(cast.engine, plan)


def _whole(engine: Engine, plan: Plan) -> Pcm:
    return engine.voice([(plan, range(plan.frames))])[0]


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


def _differences(
    cast: Cast, plan: Plan, whole: Pcm, reduced: Mapping[str, Engine]
) -> Iterator[tuple[str, Difference]]:
    """Yield how far each way to voice `plan` is from `whole`, over what a listener would hear.

    Breaths are as short as on a slow machine, so that there are as many joins as there may be.
    """
    voiced = voiced_frames(plan, _PAUSE_SECONDS)
    breaths = list(_breaths(plan, voiced))
    joins = [FRAME_SAMPLES * (breath.stop - voiced.start) for breath in breaths[:-1]]
    wanted = heard(whole, voiced)

    def difference(pcm: Pcm) -> Difference:
        steps = level_steps(pcm, wanted, joins)
        return Difference(log_mel_distance(pcm, wanted), max(steps, default=0.0))

    engine = cast.engine
    _, noisy = _spoken(cast, plan.tokens, seed=1)
    yield OTHER_NOISE, difference(heard(noisy, voiced))
    yield BREATHS, difference(_joined(engine, plan, breaths))
    if isinstance(engine, OnnxEngine):
        engine.whole_front = True
        try:
            yield WHOLE_FRONT, difference(_joined(engine, plan, breaths))
        finally:
            engine.whole_front = False
    for scheme, other in reduced.items():
        yield scheme, difference(heard(_whole(other, plan), voiced))


def _breaths(plan: Plan, voiced: range) -> Iterator[range]:
    start = voiced.start
    while start < voiced.stop:
        breath = next_breath(plan, voiced, start, rtf=0)
        yield breath
        start = breath.stop


def _joined(engine: Engine, plan: Plan, breaths: Sequence[range]) -> Pcm:
    """Return the breaths, voiced one by one and joined as listeners hear them."""
    joiner, last = Joiner(), breaths[-1]
    spans = [*(range(breath.start, breath.stop + 1) for breath in breaths[:-1]), last]
    pieces = [engine.voice([(plan, span)])[0] for span in spans]
    return np.concatenate(
        [joiner.join(pcm, last=span is last) for pcm, span in zip(pieces, spans, strict=True)]
    )
