import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.passage import Span
from wyoming_kokoro.text.pronouncing.lexicon import (
    LARGEST_FILE,
    MOST_REPORTS,
    BadLine,
    UserLexicon,
    parse_line,
)

US, GB, ES, HI, JA = map(language_named, ("en_US", "en_GB", "es_ES", "hi_IN", "ja_JP"))

Write = Callable[[str], UserLexicon]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_lexicon(text: str) -> UserLexicon:
        file = tmp_path / "lexicon.txt"
        file.write_text(text, encoding="utf-8")
        return UserLexicon(file)

    return write_lexicon


def say(lexicon: UserLexicon, text: str, language: str = "en_US") -> str:
    """The text with IPA between slashes."""
    spans = lexicon.spans(text, language_named(language))
    return "".join(f"/{span.ipa}/" if span.ipa else span.text for span in spans)


@pytest.mark.parametrize(
    ("entry", "text", "said"),
    [
        ("Niamh = Neev", "Niamh and NIAMH, niamh's", "Neev and Neev, Neev's"),
        ("GIF = /dʒɪf/", "A GIF.", "A /dʒɪf/."),
        ("living room = lounge", "The Living  room is on", "The lounge is on"),
        ("O’Shea = oh shay", "Ms O'Shea", "Ms oh shay"),
        ("C# = see sharp", "I like C#.", "I like see sharp."),
        ("°dH = German degrees", "12 °dH", "12 German degrees"),
        ("a=b", "a A", "b b"),
        # whole words only
        ("cat = kat", "concat cats cat2 cat", "concat cats cat2 kat"),
        ("cat = kat", "cat-flap sensor.cat_flap", "kat-flap sensor.kat_flap"),
        ("né = nay", "née ne\u0301e né", "née ne\u0301e nay"),
        # capitals within a word count
        ("US = United States", "tell us of the US", "tell us of the United States"),
        ("IoT = I o T", "iot IoT", "iot I o T"),
        ("iPhone = eye phone", "iPhone iphone", "eye phone iphone"),
        # what was put in is not looked at again
        ("a = a a", "a b", "a a b"),
    ],
)
def test_words_are_said_as_the_file_has_it(write: Write, entry: str, text: str, said: str) -> None:
    assert say(write(entry), text) == said


def test_ipa_keeps_the_word_it_is_for(write: Write) -> None:
    assert write("Niamh = /niːv/").spans("Hi Niamh!", US) == [
        Span("Hi "),
        Span("Niamh", ipa="niːv"),
        Span("!"),
    ]


def test_the_longest_phrase_goes_first(write: Write) -> None:
    lexicon = write("Home = A\nHome Assistant OS = C\nHome Assistant = B")
    assert say(lexicon, "Home Assistant OS, Home Assistant, Home") == "C, B, A"


def test_a_line_may_be_for_one_language(write: Write) -> None:
    lexicon = write("x = all\nen: x = english\nen-GB: x = british\nes: y = ye")
    assert [say(lexicon, "x y", code) for code in ("en_US", "en_GB", "es_ES", "fr_FR")] == [
        "english y",
        "british y",
        "all ye",
        "all y",
    ]


def test_of_two_lines_for_one_word_the_later_holds(write: Write) -> None:
    assert say(write("x = one\nX = two"), "x") == "two"


def test_writing_without_spaces_has_no_word_boundaries(write: Write) -> None:
    assert say(write("東雲 = しののめ"), "東雲駅は東雲です", "ja_JP") == "しののめ駅はしののめです"
    assert say(write("WiFi = ワイファイ"), "WiFiです", "ja_JP") == "ワイファイです"


def test_vowel_signs_belong_to_their_word(write: Write) -> None:
    assert say(write("राम = x"), "राम रामी रामायण राम।", "hi_IN") == "x रामी रामायण x।"


def test_comments_and_empty_lines_are_nothing(write: Write) -> None:
    lexicon = write("\ufeff# a = b\n\n  # c = d\n#e = f\ng = h # why\r\ni = j#k\n")
    assert say(lexicon, "a c e g i") == "a c e h j#k"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Niamh", "write a word, ="),
        ("= Neev", "write a word, ="),
        ("Niamh =", "write a word, ="),
        ("xx: Niamh = Neev", "no voice speaks 'xx'"),
        ("en: = Neev", "no word after en:"),
        ("Niamh = /niːv", "between two slashes"),
        ("Niamh = //", "between two slashes"),
        ("Niamh = /12/", "between two slashes"),
        ("Niamh = /n@v/", "no voice has a sound for @ in /n@v/"),
        ("N" * 101 + " = Neev", "may have 100 characters"),
        ("Niamh = " + "N" * 301, "may have 100 characters"),
    ],
)
def test_a_mistake_is_explained(line: str, complaint: str) -> None:
    with pytest.raises(BadLine, match=re.escape(complaint)):
        parse_line(line.encode())


def test_mistakes_are_named_by_line_and_leave_the_others_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_bytes("a = b\nnonsense\nc = \xe9\n".encode("latin-1") + b"e = f\n")
    assert say(UserLexicon(file), "a c e") == "b c f"
    assert "lexicon.txt, line 2: write a word, =" in caplog.text
    assert "lexicon.txt, line 3: is not UTF-8" in caplog.text


def test_a_file_of_mistakes_does_not_flood_the_log(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    say(write("nonsense\n" * 500), "a")
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == MOST_REPORTS + 1
    assert "500 lines have mistakes" in caplog.text


def test_a_changed_file_holds_from_the_next_sentence_on(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.txt"
    lexicon = UserLexicon(file)
    assert say(lexicon, "a") == "a"
    file.write_text("a = b")
    assert say(lexicon, "a") == "b"
    draft = tmp_path / "draft"
    draft.write_text("a = c")
    draft.replace(file)
    assert say(lexicon, "a") == "c"
    file.unlink()
    assert say(lexicon, "a") == "a"


def test_a_file_is_read_once_for_each_change(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lexicon = write("a = b\nnonsense")
    for _ in range(3):
        say(lexicon, "a")
    assert caplog.text.count("1 pronunciations") == caplog.text.count("line 2") == 1


def test_a_file_that_is_too_large_leaves_things_as_they_were(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_text("a = b")
    lexicon = UserLexicon(file)
    assert say(lexicon, "a") == "b"
    file.write_text("a = c\n" + "#" * LARGEST_FILE)
    assert say(lexicon, "a") == "b"
    assert "larger than" in caplog.text


def test_a_folder_in_its_place_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert say(UserLexicon(tmp_path), "a") == "a"
    assert "cannot read pronunciations" in caplog.text


def test_a_file_too_new_to_tell_by_its_size_is_told_by_its_time(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_text("a = b")
    lexicon = UserLexicon(file)
    say(lexicon, "a")
    file.write_text("a = c")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    assert say(lexicon, "a") == "c"


@given(st.binary(max_size=60))
def test_no_line_is_too_odd_to_be_read(line: bytes) -> None:
    try:
        entry = parse_line(line)
    except BadLine:
        return
    assert entry is None or entry.phrase


@given(st.text())
def test_text_without_entries_stays_as_it_is(text: str) -> None:
    lexicon = UserLexicon(Path("/nonexistent/lexicon.txt"))
    assert "".join(span.text for span in lexicon.spans(text, US)) == text
