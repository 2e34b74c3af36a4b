"""When written words are heard, in nine languages; what a plan tells, and what an estimate is."""

import asyncio
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from wyoming_kokoro.speech import US_ENGLISH, Language, Phonemes, Plan, Tokens, language_named
from wyoming_kokoro.synthesis.alignment import spans_of_words
from wyoming_kokoro.synthesis.captions import EARLY_FRAMES, Word, place_words, timed
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd


@cache
def front_end() -> FrontEnd:
    return FrontEnd()


async def at_once(work: Callable[[], list[str]]) -> list[str]:
    return work()


def said_by(text: str, code: str, windows: int = 1) -> dict[str, str]:
    """What says each written word of a text, as phonemes."""
    language = language_named(code)
    phonemes = front_end().phonemize(text, language, "misaki")
    pieces = _cut(phonemes.symbols, windows)
    tokens = [
        Tokens((1,) * len(piece), Phonemes(piece, phonemes.text, language), piece)
        for piece in pieces
    ]
    placed = asyncio.run(place_words(text, language, "misaki", tokens, front_end(), at_once))
    assert len(placed) == windows
    return {
        word: piece[span.start : span.stop]
        for piece, words in zip(pieces, placed, strict=True)
        for word, span in words
    }


def _cut(symbols: str, parts: int) -> list[str]:
    words = symbols.split(" ")
    size = -(-len(words) // parts)
    return [" ".join(words[start : start + size]) for start in range(0, len(words), size)]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en_US", "Dr. Smith paid $5 at 5:30 pm.", {"$5": "fˈIv dˈɑləɹz", "5:30": "fˈIv θˈɜɹTi"}),
        ("en_GB", "The **brown** fox — of 7°C.", {"**brown**": "bɹˈWn", "fox —": "fˈɒks"}),
        ("es_ES", "El 3 de mayo de 2026.", {"3": "tɾˈes", "mayo": "mˈaʝo"}),
        ("fr_FR", "Les enfants ont 21 pommes.", {"enfants": "ɑ̃fˈɑ̃z", "pommes.": "pˈɔm"}),
        ("hi_IN", "आज तापमान 25 डिग्री है।", {"आज": "ˈaːɟ", "25": "pəcːˈiːs"}),
        ("it_IT", "Sono le 15:30 e ci sono gatti.", {"15:30": "kwˈindiʧɪ e trˈenta"}),
        ("ja_JP", "今日は2026年で、東京は晴れです。", {"今日": "kʲoː", "東京": "toːkʲoː"}),
        ("pt_BR", "São 15h30 na loja.", {"15h30": "kˈiŋzj i trˈiŋtæ", "loja.": "lˈɔʒæ"}),
        ("zh_CN", "你好，北京的天气很好。", {"你好，": "ni↓xau↓", "天气": "tʰjɛ→nʨʰi↘"}),
    ],
)
def test_written_words_are_said_by_their_own_sounds(
    code: str, text: str, expected: dict[str, str]
) -> None:
    said = said_by(text, code)
    for word, symbols in expected.items():
        assert said[word].startswith(symbols), said


def test_a_passage_in_two_windows_has_each_word_once() -> None:
    text = "The quick brown fox jumps over the lazy dog today."
    said = said_by(text, "en_US", windows=2)
    assert list(said) == list(dict.fromkeys(text.split()))
    assert said["fox"] == "fˈɑks"
    assert said["lazy"] == "lˈAzi"


def test_words_that_are_read_as_one_are_told_apart() -> None:
    assert spans_of_words(["ʌv", "ðə", "dˈɔɡ"], "əvðə dˈɔɡ") == [
        range(2),
        range(2, 4),
        range(5, 9),
    ]


def test_a_word_that_is_not_heard_has_no_span() -> None:
    assert spans_of_words(["fˈIv", "", "dˈɔɡ"], "fˈIv dˈɔɡ") == [range(4), range(0), range(5, 9)]


@pytest.mark.parametrize("symbols", ["", " ", "a", "aaaa", "ˈˌː"])
def test_nothing_to_align_is_aligned_all_the_same(symbols: str) -> None:
    assert len(spans_of_words(["abc", "d"], symbols)) == 2
    assert spans_of_words([], symbols) == []


def plan_of(symbols: str, *durations: int, quiet: range = range(0)) -> Plan:
    frames = sum(durations)
    energy = np.full(2 * frames, 5.0, np.float32)
    energy[2 * quiet.start : 2 * quiet.stop] = -8.0
    tokens = Tokens((1,) * len(symbols), Phonemes(symbols, symbols, US_ENGLISH), symbols)
    nothing = np.zeros(2 * frames, np.float32)
    return Plan(tokens, frames, np.array(durations, np.int64), nothing, energy)


def seconds(frames: float) -> float:
    return frames / 40


def test_words_share_the_spaces_between_them() -> None:
    plan = plan_of("x yz", 20, 8, 4, 6, 6, 20)
    words = timed([("a", range(1)), ("bc", range(2, 4))], plan, range(plan.frames), at=1.0)
    border = 1.0 + seconds(20 + 8 + 2 - EARLY_FRAMES)
    assert words[0] == Word("a", 1.0 + seconds(20 - EARLY_FRAMES), border)
    assert words[1].start == border


def test_a_word_before_a_pause_ends_where_its_sound_does() -> None:
    plan = plan_of("x, y", 10, 12, 4, 2, 8, 10, quiet=range(16, 28))
    [first, second] = timed([("a,", range(1)), ("b", range(3, 4))], plan, range(46), at=0.0)
    assert first.end == seconds(16)
    assert second.start == seconds(10 + 12 + 4 + 2 - EARLY_FRAMES)


@pytest.mark.parametrize("quiet, is_pause", [(3, False), (6, True)])
def test_a_word_before_a_pause_that_is_not_written_ends_where_its_sound_does(
    quiet: int, is_pause: bool
) -> None:
    plan = plan_of("x y", 10, 14, 4, 8, 10, quiet=range(18, 18 + quiet))
    [first, _] = timed([("a", range(1)), ("b", range(2, 3))], plan, range(46), at=0.0)
    assert first.end == seconds(18 if is_pause else 10 + 14 + 2 - EARLY_FRAMES)


def test_no_word_begins_before_the_speech() -> None:
    plan = plan_of("x y", 1, 8, 2, 8, 10)
    [first, _] = timed([("a", range(1)), ("b", range(2, 3))], plan, range(29), at=1.0)
    assert first.start == 1.0


def test_words_that_are_not_heard_stand_where_the_one_before_ends() -> None:
    plan = plan_of("x y", 10, 8, 2, 8, 10)
    placed = [("15", range(1)), ("€", range(0)), ("b", range(2, 3))]
    words = timed(placed, plan, range(plan.frames), at=0.0)
    assert words[1].start == words[1].end == words[0].end <= words[2].start


def test_words_of_an_engine_without_durations_are_spread_and_say_so() -> None:
    plan = plan_of("", 40)
    bare = Plan(plan.tokens, 40, np.array([], np.int64), plan.f0, plan.energy)
    words = timed([("four", range(0)), ("eighteen", range(0))], bare, range(40), at=2.0)
    assert [word.exact for word in words] == [False, False]
    assert (words[0].start, words[-1].end) == (2.0, 3.0)
    assert words[0].end == pytest.approx(2.0 + 5 / 14)


def test_the_words_of_long_texts_are_placed_in_little_time() -> None:
    language: Language = US_ENGLISH
    text = "word " * 100
    phonemes = front_end().phonemize(text, language, "misaki")
    alone = [front_end().phonemize("word", language, "misaki").symbols] * 100
    spans = spans_of_words(alone, phonemes.symbols)
    assert all(phonemes.symbols[span.start : span.stop] == "wˈɜɹd" for span in spans)
