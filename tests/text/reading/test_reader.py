from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wyoming_kokoro.text.passage import LONGEST_PAUSE_SECONDS, Passage, Pause
from wyoming_kokoro.text.reading.composer import ALL_PAUSES_SECONDS
from wyoming_kokoro.text.reading.reader import TextReader
from wyoming_kokoro.text.reading.sentences import SentenceSplitter
from wyoming_kokoro.text.unspoken import without_unspoken

Read = list[Passage | Pause]

TOKENS = (
    *" .!?\n'\"[]()/>&:x1é。",
    *("Hello ", "Dr. ", "to you. ", "[pause:1s]", "[pause:", "[Niamh](/niːv/)", "[a](/b"),
    *("<break/>", "<break time='20ms'/>", "<p>", "</p>", "<s>", "</speak>", "<x>"),
    *("<prosody rate='slow'>", "</prosody>", "<voice name='bf_emma'>", "</voice>", "&amp;"),
    *("<phoneme ph='a'>", "</phoneme>", "<say-as interpret-as='date'>", "</say-as>"),
    *("<think>", "</think>", "<|im_end|>", "<|im_start|>assistant", "[INST]", "[[həˈləʊ]]"),
    *("<emphasis>", "</emphasis>", "<lang xml:lang='fr'>", "</lang>"),
)
TAGGED = st.lists(st.sampled_from(TOKENS)).map("".join)
PIECES = st.lists(
    st.sampled_from([*TOKENS, "<", "<!--", "-->", "<sub alias='El. S.'>", "</sub>"])
).map("".join)


def read(text: str, sizes: Sequence[int] = (1 << 20,), text_format: str = "text") -> Read:
    reader = TextReader(text_format)
    found, start, turn = Read(), 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        found += reader.add(text[start : start + size])
        start, turn = start + size, turn + 1
    return found + reader.finish()


def words(found: Read) -> list[str]:
    return [part.text if isinstance(part, Passage) else f"{part.seconds:g} s" for part in found]


@pytest.mark.parametrize(
    "text", ["<speak>a <b>c</speak>", " \n<speak\n>a c</speak>", "<?xml version='1.0'?><p>a c</p>"]
)
def test_ssml_is_known_by_how_it_starts(text: str) -> None:
    assert words(read(text)) == ["a c"]


@pytest.mark.parametrize(
    "text", ["<speaker> is loud", "I say <speak> so", "< x", "<speak", "<spea", "<?xm", "[pause:x]"]
)
def test_anything_else_is_plain_text(text: str) -> None:
    assert words(read(text)) == [text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>Hm. So?</think>It is noon. All is well.", ["It is noon.\nAll is well."]),
        ("<think>Hm.</think><speak>It is <break/> noon</speak>", ["It is", "0.5 s", "noon"]),
        ("It is noon.<|im_end|>", ["It is noon."]),
        ("<think>It is noon, all over the world.", ["It is noon, all over the world."]),
        ("all over the world</think>It is noon.", ["all over the world It is noon."]),
    ],
)
def test_what_models_write_for_nobody_to_hear_is_left_out(text: str, said: list[str]) -> None:
    assert words(read(text)) == said


def test_reasoning_is_kept_back_until_it_ends_however_long_the_pause() -> None:
    reader = TextReader()
    assert reader.add("<think>The user wants it. So it ") + reader.idle(long=True) == []
    assert words(reader.add("be.</think>It is noon.") + reader.idle()) == ["It is noon."]


def test_ssml_may_be_announced() -> None:
    assert words(read("one <break/> two", text_format="ssml")) == ["one", "0.5 s", "two"]
    assert words(read("one <break/> two")) == ["one <break/> two"]


def test_passages_come_as_soon_as_they_are_finished() -> None:
    reader = TextReader()
    assert words(reader.add("The lamp is on. The fan")) == []
    assert words(reader.add(" is off")) == ["The lamp is on."]
    assert words(reader.add(".")) == []
    assert words(reader.idle()) == ["The fan is off."]
    assert words(reader.add(" [pause:1s] Bye")) == ["1 s"]
    assert words(reader.finish()) == ["Bye"]


def test_a_pause_lasts_ten_seconds_at_most() -> None:
    assert read("[pause:900s]") == [Pause(LONGEST_PAUSE_SECONDS)]
    assert read("[pause:0s][pause:0ms]") == []


def test_all_pauses_of_a_text_have_an_end() -> None:
    found = read("[pause:10s]" * 1_000)
    assert sum(part.seconds for part in found if isinstance(part, Pause)) == ALL_PAUSES_SECONDS


@pytest.mark.parametrize("text_format", ["text", "ssml"])
@given(text=PIECES, sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_what_is_read_does_not_depend_on_how_the_text_was_cut(
    text_format: str, text: str, sizes: list[int]
) -> None:
    whole = read(text, text_format=text_format)
    assert read(text, [1], text_format) == whole
    assert read(text, sizes, text_format) == whole


@given(st.one_of(st.text(), PIECES))
def test_plain_text_without_marks_is_its_sentences(text: str) -> None:
    text = text.replace("[", " ").replace("(//", " ").lstrip().removeprefix("<")
    assume(without_unspoken(text) == text)
    splitter = SentenceSplitter()
    sentences = splitter.add(text) + splitter.finish()
    said = [sentence for sentence in sentences if any(map(str.isalnum, sentence))]
    assert [sentence for found in words(read(text)) for sentence in found.split("\n")] == said


@pytest.mark.parametrize("text_format", ["text", "ssml"])
@given(text=st.text())
def test_no_text_is_too_odd_to_be_read(text_format: str, text: str) -> None:
    for part in read(text, text_format=text_format):
        assert isinstance(part, Pause) or part.spans


@given(PIECES)
def test_a_mark_takes_no_words_with_it(text: str) -> None:
    said = "".join(words(read(text.replace("<", ""))))
    assert [said.count(word) for word in ("Hello", "Dr", "Niamh")] == [
        text.count(word) for word in ("Hello", "Dr", "Niamh")
    ]


@given(TAGGED)
def test_markup_takes_no_words_with_it(text: str) -> None:
    said = "".join(words(read(text, text_format="ssml")))
    assert said.count("Hello") == without_unspoken(text).count("Hello")


@pytest.mark.slow
@pytest.mark.parametrize("text_format", ["text", "ssml"])
@pytest.mark.parametrize("unit", ["<", "[", "[a](", "<p>", "<s><p>", "<voice name='a'>b", "&", "]"])
def test_a_text_of_the_longest_length_is_read(unit: str, text_format: str) -> None:
    text = (unit * 20_000)[:20_000]
    assert read(text, [1], text_format) == read(text, text_format=text_format)
