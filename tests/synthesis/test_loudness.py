"""All voices are made as loud as one another: by the table, or by what they have said."""

import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.engines import HummingEngine, OneVoice, humming_pipeline, pieces
from tests.support.virtual_time import run
from tests.support.voice_files import pack
from wyoming_kokoro.audio.limiter import CEILING
from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Request
from wyoming_kokoro.synthesis import loudness as module
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.loudness import (
    ENOUGH_SENTENCES,
    SENTENCES_FOR_KNOWN,
    STAND_IN_LUFS,
    TYPICAL_LUFS,
    Loudness,
    VoiceLoudness,
)
from wyoming_kokoro.voices.packs import as_pack, pack_key

VOICE, KNOWN = as_pack(pack(seed=1)), as_pack(pack(seed=2))
CHECKPOINT = "c0ffee"


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of one released voice."""
    monkeypatch.setattr(module, "released_loudness", lambda: {pack_key(KNOWN): -29.0})


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "loudness.json"


def sentence(lufs: float, seconds: float = 3.0) -> Pcm:
    noise = np.random.default_rng(0).normal(0, 0.05, round(seconds * SAMPLE_RATE))
    pcm = noise.astype(np.float32)
    return pcm * np.float32(10 ** ((lufs - loudness(pcm)) / 20))


def decibels(voice: VoiceLoudness) -> float:
    return 20 * float(np.log10(voice.gain))


def say(record: Path, *sentences: Pcm, voice: Pcm = VOICE, released: bool = False) -> Loudness:
    """All voices at -23 LUFS, after one has said so much."""
    levels = Loudness(-23, record)
    for pcm in sentences:
        learn = levels.of(voice, CHECKPOINT, released=released).learn
        assert learn
        learn(pcm)
    return levels


def test_a_released_voice_is_as_loud_as_its_table_says_and_never_changes(record: Path) -> None:
    known = Loudness(-23, record).of(KNOWN, CHECKPOINT, released=True)
    assert decibels(known) == pytest.approx(6)
    assert known.learn is None


def test_off_leaves_voices_as_they_are(record: Path) -> None:
    levels = Loudness(None, record)
    for voice in (levels.of(KNOWN, CHECKPOINT, released=True), levels.of_stand_in()):
        assert voice.gain == 1
        assert voice.learn is None


def test_a_voice_that_nobody_knows_is_taken_for_a_typical_one(record: Path) -> None:
    unknown = Loudness(-23, record).of(VOICE, CHECKPOINT, released=True)
    assert decibels(unknown) == pytest.approx(-23 - TYPICAL_LUFS)


def test_the_stand_in_has_a_loudness_of_its_own(record: Path) -> None:
    assert decibels(Loudness(-23, record).of_stand_in()) == pytest.approx(-23 - STAND_IN_LUFS)


def test_a_blend_or_a_user_s_voice_teaches_how_loud_it_is(record: Path) -> None:
    levels = say(record, sentence(-30))
    assert decibels(levels.of(VOICE, CHECKPOINT, released=True)) == pytest.approx(7, abs=0.1)
    levels = say(record, sentence(-28))
    assert decibels(levels.of(VOICE, CHECKPOINT, released=True)) == pytest.approx(6, abs=0.1)


def test_what_was_learned_outlasts_a_restart_and_is_of_one_checkpoint(record: Path) -> None:
    say(record, sentence(-30))
    again = Loudness(-23, record)
    assert decibels(again.of(VOICE, CHECKPOINT, released=False)) == pytest.approx(7, abs=0.1)
    for voice, checkpoint in ((VOICE, "another"), (VOICE * 2, CHECKPOINT)):
        unknown = again.of(voice, checkpoint, released=False)
        assert decibels(unknown) == pytest.approx(-23 - TYPICAL_LUFS)


@pytest.mark.parametrize("pcm", [sentence(-30, 1.9), np.zeros(72_000, np.float32)])
def test_short_sentences_and_silence_teach_nothing(record: Path, pcm: Pcm) -> None:
    levels = say(record, pcm)
    unknown = levels.of(VOICE, CHECKPOINT, released=False)
    assert decibels(unknown) == pytest.approx(-23 - TYPICAL_LUFS)
    assert not record.exists()


def test_another_checkpoint_s_voice_is_believed_after_three_sentences(record: Path) -> None:
    before = say(record, *[sentence(-20)] * (SENTENCES_FOR_KNOWN - 1), voice=KNOWN)
    assert decibels(before.of(KNOWN, CHECKPOINT, released=False)) == pytest.approx(6)
    after = say(record, sentence(-20), voice=KNOWN)
    assert decibels(after.of(KNOWN, CHECKPOINT, released=False)) == pytest.approx(-3, abs=0.1)


def test_learning_comes_to_an_end(record: Path) -> None:
    levels = say(record, *[sentence(-30)] * ENOUGH_SENTENCES)
    assert levels.of(VOICE, CHECKPOINT, released=False).learn is None


def test_a_voice_is_not_made_louder_without_bound(record: Path) -> None:
    levels = say(record, sentence(-60))
    assert decibels(levels.of(VOICE, CHECKPOINT, released=False)) == pytest.approx(20)


def test_the_record_is_bounded(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VOICES", 3)
    levels = Loudness(-23, record)
    for number in range(5):
        learn = levels.of(VOICE, str(number), released=False).learn
        assert learn
        learn(sentence(-30))
    kept = [key.partition("/")[0] for key in json.loads(record.read_text())]
    assert kept == ["2", "3", "4"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"a": 1}', '{"a": [5, 1]}', '{"a": [-20, 99]}', '{"a": ["x", 1]}']
)
def test_a_damaged_record_is_no_trouble(record: Path, content: str) -> None:
    record.parent.mkdir()
    record.write_text(content)
    levels = say(record, sentence(-30))
    assert decibels(levels.of(VOICE, CHECKPOINT, released=False)) == pytest.approx(7, abs=0.1)


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    levels = say(tmp_path / "cache" / "loudness.json", sentence(-30))
    assert decibels(levels.of(VOICE, CHECKPOINT, released=False)) == pytest.approx(7, abs=0.1)


class LearningVoice(OneVoice):
    """A voice whose loudness is another each time that somebody asks."""

    def __init__(self, engine: HummingEngine, *gains: float) -> None:
        super().__init__(engine)
        self._gains = list(gains)
        self.learned: list[float] = []

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        cast = await super().cast(replace(request, voice=None), uses)
        return replace(cast, loudness=VoiceLoudness("hum", self._gains.pop(0), self._learn))

    def _learn(self, pcm: Pcm) -> None:
        self.learned.append(float(np.abs(pcm).max()))


SENTENCE = "Forty characters are three seconds long."


async def amplitudes(voice: OneVoice, text: AsyncIterator[str]) -> set[float]:
    """The greatest amplitude of each second."""
    speech = humming_pipeline(HummingEngine(), voice=voice).speak(Request(text_format="ssml"), text)
    sound = b"".join([chunk async for chunk in speech])
    pcm = np.abs(np.frombuffer(sound, "<i2") / 32_767)
    return {round(float(part.max()), 2) for part in np.array_split(pcm, len(pcm) // SAMPLE_RATE)}


def test_a_voice_is_as_loud_as_its_gain_says_and_teaches_what_the_engine_made() -> None:
    voice = LearningVoice(HummingEngine(), 0.5)
    assert run(amplitudes(voice, pieces(f"{SENTENCE} {SENTENCE}"))) == {0.25}
    assert voice.learned == [0.5, 0.5]


def test_the_loudness_of_a_voice_never_changes_within_a_request() -> None:
    voice = LearningVoice(HummingEngine(), 0.5, 1.0, 1.5)
    text = f'<speak>{SENTENCE}<voice name="x">{SENTENCE}</voice> {SENTENCE}</speak>'
    assert run(amplitudes(voice, pieces(text))) == {0.25}
    assert run(amplitudes(voice, pieces(SENTENCE))) == {0.75}


def test_what_would_be_too_loud_does_not_clip() -> None:
    voice = LearningVoice(HummingEngine(), 4.0)
    assert run(amplitudes(voice, pieces(SENTENCE))) == {round(CEILING, 2)}
