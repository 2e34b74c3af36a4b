"""The stand-in: that words come out, in the right language, sex, speed and loudness."""

import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.faulty import faulty
from wyoming_kokoro import espeak
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.standin import StandInEngine
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import (
    FRAME_SAMPLES,
    LANGUAGES,
    US_ENGLISH,
    Language,
    Pcm,
    Phonemes,
    Plan,
    Style,
    Tokens,
)

SENTENCES = {
    "en_US": "Good morning, the light in the kitchen is on.",
    "en_GB": "Good morning, the bath is half full.",
    "es_ES": "Buenos días, la luz de la cocina está encendida.",
    "fr_FR": "Bonjour, la lumière de la cuisine est allumée.",
    "hi_IN": "नमस्ते, रसोई की बत्ती जल रही है।",
    "it_IT": "Buongiorno, la luce della cucina è accesa.",
    "ja_JP": "おはよう、だいどころの でんきが ついています。",
    "pt_BR": "Bom dia, a luz da cozinha está acesa.",
    "zh_CN": "早上好,厨房的灯开着。",
}

ENGINE = StandInEngine()


@pytest.fixture(scope="module", autouse=True)
def _end() -> Iterator[None]:
    yield
    ENGINE.close()


def planned(
    text: str,
    language: Language = US_ENGLISH,
    *,
    female: bool = True,
    speed: float = 1.0,
    engine: Engine = ENGINE,
) -> Plan:
    tokens = Tokens((), Phonemes("", text, language))
    style = Style(np.zeros(256, np.float32), language, female)
    return engine.plan(tokens, style, speed, seed=0)


def voiced(plan: Plan) -> Pcm:
    return ENGINE.voice(plan, range(plan.frames))


def spoken(
    text: str, language: Language = US_ENGLISH, *, female: bool = True, speed: float = 1.0
) -> Pcm:
    return voiced(planned(text, language, female=female, speed=speed))


def audible(pcm: Pcm) -> slice:
    places = np.flatnonzero(np.abs(pcm) > 0.003)
    return slice(places[0], places[-1])


def pitch(pcm: Pcm) -> float:
    """Median fundamental in hertz of the windows that repeat themselves."""
    found = []
    for window in np.lib.stride_tricks.sliding_window_view(pcm, 1_024)[::600]:
        echo = np.correlate(window, window, "full")[1_023:]
        lag = 60 + int(np.argmax(echo[60:400]))
        if echo[0] > 1 and echo[lag] > 0.6 * echo[0]:
            found.append(24_000 / lag)
    return float(np.median(found))


both_sexes = pytest.mark.parametrize("female", [True, False], ids=["female", "male"])
all_languages = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)


def test_it_is_an_engine_that_reads_text() -> None:
    engine: Engine = ENGINE
    engine.warm_up()
    assert (engine.name, engine.device, engine.reads) == ("stand-in", "cpu", "text")


@both_sexes
@all_languages
def test_what_it_says_is_what_espeak_says(language: Language, female: bool) -> None:
    variant, tone, volume = ("miguel", 99, 60) if female else ("michel", 50, 85)
    said = espeak.samples(
        SENTENCES[language.code], f"{language.espeak}+{variant}", pitch=tone, volume=volume
    )
    samples = np.frombuffer(said, np.int16).astype(np.float32) / np.float32(32_768)
    heard = spoken(SENTENCES[language.code], language, female=female)
    assert correlation(stretched(samples), heard) > 0.99


def stretched(said: Pcm) -> npt.NDArray[np.float64]:
    """`said` at 24 kHz, band-limited, by another way than the engine's."""
    spectrum = np.fft.rfft(said, -(-len(said) // 147) * 147)
    length = (len(spectrum) - 1) * 2
    return np.fft.irfft(spectrum, round(length * 160 / 147)) * 160 / 147


def correlation(a: npt.NDArray[np.float64], b: Pcm) -> float:
    """Correlation at the shift where it is greatest."""
    size = len(a) + len(b)
    cross = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(cross.max() / np.sqrt((a**2).sum() * (b.astype(np.float64) ** 2).sum()))


ANSWERS = [
    "the light in the kitchen is on",
    "good morning everybody",
    "open the window and close the door",
    "it is a beautiful day today",
    "there are three messages for you",
    "the washing machine has finished",
    "please call me tomorrow morning",
    "the light in the bedroom is off",
    "good evening everybody",
    "close the window and open the door",
    "it is a terrible night tonight",
    "the back door is open",
    "the front door is closed",
    "there are seven letters for you",
    "the dish washer has started",
    "please do not call me today",
]


@both_sexes
@pytest.mark.parametrize("answer", ANSWERS[:5])
def test_a_recognizer_of_natural_speech_tells_what_was_said(answer: str, female: bool) -> None:
    sphinx = pytest.importorskip("pocketsphinx", reason="needs the extra dev: pocketsphinx")
    import soxr

    decoder = sphinx.Decoder(samprate=16_000, loglevel="FATAL", lm=None)
    choices = " | ".join(ANSWERS)
    decoder.add_jsgf_string("answers", f"#JSGF V1.0; grammar answers; public <answer> = {choices};")
    decoder.activate_search("answers")
    pause = np.zeros(3_200, np.float32)
    heard = np.concatenate(
        [pause, soxr.resample(spoken(f"{answer}.", female=female), 24_000, 16_000), pause]
    )
    decoder.start_utt()
    decoder.process_raw((heard * 32_767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    assert decoder.hyp().hypstr == answer


@all_languages
def test_women_speak_higher_than_men(language: Language) -> None:
    sentence = SENTENCES[language.code]
    assert pitch(spoken(sentence, language, female=True)) > 160
    assert pitch(spoken(sentence, language, female=False)) < 135


@both_sexes
@all_languages
def test_it_is_as_loud_as_speech_should_be_and_never_clips(
    language: Language, female: bool
) -> None:
    pcm = spoken(SENTENCES[language.code], language, female=female)
    assert -23 < 20 * np.log10(pcm[audible(pcm)].std()) < -18
    assert np.abs(pcm).max() < 0.85


@all_languages
def test_it_sounds_at_once_and_pauses_a_fifth_of_a_second(language: Language) -> None:
    pcm = spoken(SENTENCES[language.code], language)
    part = audible(pcm)
    assert part.start <= 0.011 * 24_000
    assert 0.2 <= (len(pcm) - part.stop) / 24_000 <= 0.24


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_speed_divides_the_duration(speed: float) -> None:
    plain = audible(spoken(SENTENCES["en_US"]))
    changed = audible(spoken(SENTENCES["en_US"], speed=speed))
    ratio = (plain.stop - plain.start) / (changed.stop - changed.start)
    assert ratio == pytest.approx(speed, rel=0.06)


def test_the_same_arguments_give_the_same_samples_whatever_came_between() -> None:
    first = spoken(SENTENCES["en_US"])
    for language in LANGUAGES:
        spoken(SENTENCES[language.code], language, female=False, speed=1.3)
    np.testing.assert_array_equal(spoken(SENTENCES["en_US"]), first)


def test_spans_in_any_order_are_the_sentence() -> None:
    plan = planned(SENTENCES["en_US"])
    ends = [0, 1, 30, 31, plan.frames]
    spans = [range(start, stop) for start, stop in itertools.pairwise(ends)]
    parts = [ENGINE.voice(plan, span) for span in reversed(spans)]
    assert [len(part) for part in parts] == [FRAME_SAMPLES * len(span) for span in reversed(spans)]
    np.testing.assert_array_equal(np.concatenate(parts[::-1]), voiced(plan))


def test_a_plan_says_how_loud_each_half_frame_is() -> None:
    plan = planned(SENTENCES["en_US"])
    assert plan.energy.shape == plan.f0.shape == (2 * plan.frames,)
    assert plan.energy.dtype == plan.f0.dtype == np.float32
    assert plan.durations.shape == (0,)
    pcm = voiced(plan)
    for half in (0, 20, 2 * plan.frames - 1):
        power = np.mean(pcm[300 * half : 300 * (half + 1)].astype(np.float64) ** 2)
        assert plan.energy[half] == pytest.approx(np.sqrt(power), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("text", ["", "...", " — ", "\0", "\ud800"])
def test_text_without_words_is_a_short_silence(text: str) -> None:
    plan = planned(text)
    assert plan.frames == 8
    assert not voiced(plan).any()


def test_voicing_leaves_the_plan_alone() -> None:
    plan = planned("Hello.")
    voiced(plan)[:] = 9
    assert np.abs(voiced(plan)).max() < 1


def test_a_plan_of_another_engine_is_refused() -> None:
    nothing = np.zeros(0, np.float32)
    plan = Plan(planned("x").tokens, 0, np.zeros(0, np.int64), nothing, nothing)
    with pytest.raises(TypeError, match="not of this engine's making"):
        ENGINE.voice(plan, range(0))


def test_without_espeak_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "espeakng_loader.py").write_text("raise ImportError('it is not here')")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    with closing(StandInEngine()) as engine:
        engine.warm_up()
        with pytest.raises(SynthesisFailed, match=r"it is not here.*reinstall"):
            planned("Hello.", engine=engine)


def test_a_passage_that_kills_espeak_is_skipped_and_the_next_one_spoken(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(StandInEngine()) as engine, closing(faulty("speech")) as worker:
        monkeypatch.setattr(engine, "_espeak", worker)
        plan = planned("abort!", engine=engine)
        assert plan.frames == 8
        assert "a passage of 6 characters is skipped" in caplog.text
        assert "SIGABRT" in caplog.text
        assert planned("Good morning.", engine=engine).frames > 8
