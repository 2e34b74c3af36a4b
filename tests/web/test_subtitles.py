"""Subtitles: cues that can be read, and files that players take."""

import re
from itertools import pairwise

import pytest

from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.web.subtitles import LONGEST_CHARACTERS, LONGEST_SECONDS, bare, subtitles


def words(text: str, seconds: float = 0.25) -> list[Word]:
    return [Word(word, n * seconds, (n + 1) * seconds) for n, word in enumerate(text.split())]


def test_webvtt_and_subrip_are_written_as_their_players_read_them() -> None:
    said = [Word("Good", 0.0, 0.25), Word("morning.", 3599.5, 3661.0015)]
    assert subtitles(said[:1], "vtt") == "WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.250\nGood\n"
    assert subtitles(said[1:], "srt") == "1\n00:59:59,500 --> 01:01:01,002\nmorning.\n"


def test_a_cue_ends_with_its_sentence_and_after_a_pause() -> None:
    said = [*words("One. Two three"), Word("four", 5.0, 5.2)]
    texts = re.findall(r"\n([^\n]+)\n(?:\n|\Z)", subtitles(said, "srt"))
    assert texts == ["One.", "Two three", "four"]


def test_no_cue_is_longer_than_people_can_read() -> None:
    lines = subtitles(words("word " * 400), "srt").split("\n\n")
    for cue in lines:
        _, times, text = cue.strip().split("\n")
        start, end = (_seconds(time) for time in times.split(" --> "))
        assert len(text) <= LONGEST_CHARACTERS
        assert end - start <= LONGEST_SECONDS


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.replace(",", ".").split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def test_cues_follow_one_another() -> None:
    times = re.findall(r"\d\d:\d\d:\d\d\.\d{3}", subtitles(words("a b. c d. " * 9), "vtt"))
    assert all(one <= other for one, other in pairwise(times))


def test_nothing_in_a_text_is_taken_for_markup() -> None:
    told = subtitles(words("<b>a</b> & --> NOTE"), "vtt")
    assert told.count("-->") == 1
    assert "&lt;b>a&lt;/b> &amp; →" in told


def test_languages_without_spaces_get_none() -> None:
    said = [Word("今天", 0, 1), Word("天气", 1, 2), Word("OK", 2, 3), Word("好。", 3, 4)]
    assert "今天天气 OK 好。" in subtitles(said, "vtt")


@pytest.mark.parametrize(
    ("written", "word"),
    [("Hello,", "Hello"), ("**two**", "two"), ("«mot»", "mot"), ("5%.", "5%"), ("…", "…")],
)
def test_a_word_is_bare_of_the_marks_around_it(written: str, word: str) -> None:
    assert bare(written) == word


def test_no_words_are_a_file_all_the_same() -> None:
    assert subtitles([], "vtt") == "WEBVTT\n"
