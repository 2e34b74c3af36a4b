"""espeak-ng in this process: what it says, and what it is given."""

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro import espeak
from wyoming_kokoro.errors import EspeakUnavailable
from wyoming_kokoro.speech import LANGUAGES


def spoken(text: str, voice: str, **prosody: int) -> npt.NDArray[np.float32]:
    """What is said, within -1..1."""
    said = np.frombuffer(espeak.samples(text, voice, **prosody), np.int16)
    return said.astype(np.float32) / np.float32(32_768)


GREETINGS = {
    "en-us": ("Good morning.", "ɡˈʊd mˈɔː͡ɹnɪŋ"),
    "en-gb": ("Good morning.", "ɡˈʊd mˈɔːnɪŋ"),
    "es": ("Buenos días.", "bwˈenos ðˈias"),
    "fr-fr": ("Les amis, bonjour.", "le-z amˈi bɔ̃ʒˈuʁ"),
    "hi": ("नमस्ते।", "nəmˈʌsteː"),
    "it": ("Buongiorno.", "bʊond͡ʒˈɔrno"),
    "ja": ("きょう。", "kʲˈo̞ɯ͡ᵝ"),
    "pt-br": ("Bom dia.", "bˈoŋ d͡ʒˈiæ"),
    "cmn": ("你好。", "ni2χˈɑ͡u2"),
}


@pytest.mark.parametrize(("voice", "text", "expected"), [(v, *t) for v, t in GREETINGS.items()])
def test_every_language_is_read(voice: str, text: str, expected: str) -> None:
    assert espeak.phonemes(text, voice) == expected


def test_every_language_of_the_voices_has_a_voice_here() -> None:
    assert {language.espeak for language in LANGUAGES} == set(GREETINGS)


def test_words_in_another_language_come_without_the_flags_around_them() -> None:
    assert espeak.phonemes("नमस्ते hello", "hi") == "nəmˈʌsteː həlˈə͡ʊ"


def test_numbers_are_read_whole() -> None:
    assert "kˌoma" in espeak.phonemes("21,5 grados", "es")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "\0", "\ud800"])
def test_text_without_words_has_no_phonemes_and_hardly_a_sound(text: str) -> None:
    assert espeak.phonemes(text, "en-us") == ""
    assert np.abs(spoken(text, "en-us")).max(initial=0) < 0.003


def test_what_c_would_stumble_over_is_a_space() -> None:
    plain = espeak.phonemes("one two three four", "en-us")
    assert espeak.phonemes("one\0two\ud800three\x9ffour", "en-us") == plain


def test_text_cannot_command_the_synthesizer() -> None:
    assert espeak.phonemes("one \x01+50S", "en-us") == espeak.phonemes("one +50S", "en-us")
    written = espeak.phonemes("[[h@loU]] <break/>", "en-us")
    assert written != espeak.phonemes("", "en-us")
    assert "bɹˈe͡ɪk" in written


def test_20000_characters_are_read_to_the_end() -> None:
    text = "word " * 3_999 + "house"
    read = espeak.phonemes(text, "en-us").split()
    assert len(read) == 4_000
    assert read[-1] == "hˈa͡ʊs"


@pytest.mark.parametrize("text", ["a" * 400, "a." * 200, "क" * 200, "word " * 20 + "x" * 61])
def test_no_word_over_60_characters_reaches_it_in_one_piece(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def take(text: bytes) -> bytes:
        given.append(text.decode())
        return b""

    monkeypatch.setattr(espeak._started(), "speak", take)
    monkeypatch.setattr(espeak._started(), "clauses", lambda text: [str(take(text))])
    espeak.phonemes(text, "en-us")
    espeak.samples(text, "en-us")
    assert len(given) >= 2
    assert all(len(word) <= 60 for one in given for word in one.split())


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200), st.sampled_from(sorted(GREETINGS)))
def test_any_text_is_read(text: str, voice: str) -> None:
    read = espeak.phonemes(text, voice)
    assert read == " ".join(read.split())
    assert not any(unicodedata.category(symbol).startswith("C") for symbol in read)


def test_the_same_call_gives_the_same_samples_whatever_was_said_between() -> None:
    first = spoken("Good morning to you.", "en-us+michel")
    for voice, (text, _) in GREETINGS.items():
        espeak.samples(text, f"{voice}+f3", rate=300, pitch=80, volume=20)
        espeak.phonemes(text, voice)
    np.testing.assert_array_equal(spoken("Good morning to you.", "en-us+michel"), first)


def test_reading_in_many_voices_does_not_change_the_next_utterance() -> None:
    first = spoken("Good morning to you.", "en-us+michel")
    for _ in range(40):
        for voice, (text, _) in GREETINGS.items():
            espeak.phonemes(text, voice)
    np.testing.assert_array_equal(spoken("Good morning to you.", "en-us+michel"), first)


def test_rate_pitch_and_volume_do_what_they_say() -> None:
    plain = spoken("Good morning to you.", "en-us+michel")
    fast = spoken("Good morning to you.", "en-us+michel", rate=350)
    quiet = spoken("Good morning to you.", "en-us+michel", volume=50)
    high = spoken("Good morning to you.", "en-us+michel", pitch=99)
    assert 0.4 < len(fast) / len(plain) < 0.6
    assert 0.4 < quiet.std() / plain.std() < 0.6
    assert not np.array_equal(high, plain)


def test_eight_threads_get_what_one_thread_gets() -> None:
    calls = [(text, voice) for voice, (text, _) in GREETINGS.items()] * 100
    utterances = [(text, f"{voice}+michel") for text, voice in calls[:90]]
    alone = [espeak.samples(*call) for call in utterances[: len(GREETINGS)]] * 10
    with ThreadPoolExecutor(8) as pool:
        said = pool.map(lambda call: espeak.samples(*call), utterances)
        read = pool.map(lambda call: espeak.phonemes(*call), calls)
        assert list(said) == alone
        assert list(read) == [GREETINGS[voice][1] for _, voice in calls]


MANY_CALLS = """
import psutil
from tests.espeak.test_espeak import GREETINGS
from wyoming_kokoro import espeak

def work(rounds):
    for number in range(rounds):
        for voice, (text, _) in GREETINGS.items():
            espeak.phonemes(f"{text} {number}", voice)
        espeak.samples("Hello.", f"{voice}+michel")
    return psutil.Process().memory_info().rss

before = work(100)
print(work(500) - before)
"""


@pytest.mark.slow
def test_thousands_of_calls_take_no_more_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY_CALLS], capture_output=True, text=True, check=True, timeout=250
    )
    assert int(done.stdout) < 4 * 1024 * 1024


def test_a_voice_that_is_not_there_is_named_and_the_next_one_still_speaks() -> None:
    with pytest.raises(EspeakUnavailable, match="'tlh-qo'"):
        espeak.phonemes("hello", "tlh-qo")
    assert espeak.phonemes("Good morning.", "en-us") == GREETINGS["en-us"][1]


BROKEN = """
import sys
{fault}
from wyoming_kokoro import espeak
from wyoming_kokoro.errors import EspeakUnavailable
for _ in range(2):
    try:
        espeak.phonemes("hello", "en-us")
    except EspeakUnavailable as error:
        print(error)
"""


def complaints(fault: str) -> list[str]:
    """What two calls say, one a line, in a process where espeak-ng is broken by `fault`."""
    done = subprocess.run(
        [sys.executable, "-c", BROKEN.format(fault=fault)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "fault",
    [
        "sys.modules['espeakng_loader'] = None",
        "import espeakng_loader; espeakng_loader.get_library_path = lambda: '/absent.so'",
        "import espeakng_loader; espeakng_loader.get_library_path = lambda: 'libc.so.6'",
        "import espeakng_loader; espeakng_loader.get_data_path = lambda: '/absent'",
    ],
    ids=["no package", "no library", "another library", "no data"],
)
def test_a_broken_installation_is_told_with_its_remedy(fault: str) -> None:
    first, second = complaints(fault)
    assert first == second
    assert "espeak-ng" in first
    assert "pip install --force-reinstall espeakng-loader" in first


def test_data_whose_path_is_too_long_does_not_end_the_process(tmp_path: Path) -> None:
    import espeakng_loader

    long = tmp_path / ("x" * 150) / "espeak-ng-data"
    long.parent.mkdir()
    long.symlink_to(espeakng_loader.get_data_path())
    first, second = complaints(
        f"import espeakng_loader; espeakng_loader.get_data_path = lambda: {str(long)!r}"
    )
    assert first == second
    assert "at most 155 characters" in first
