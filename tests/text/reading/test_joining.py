"""Sentences of a few phonemes are spoken together with a neighbor."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.passage import Passage, Pause
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.reading.joining import LONGEST, SHORT, phonemes_in
from wyoming_kokoro.text.reading.reader import TextReader

LONG = "The lamp in the kitchen is on."
OTHER = "It will rain this afternoon."

Read = list[Passage | Pause]

TEXTS = st.lists(
    st.sampled_from(
        [
            *("Yes.", "No!", "OK?", "Hm… ", "J. ", "U.S. ", "1. ", "5.", "好。", "हाँ।", "🎉"),
            *(" ", "\n", "\n- ", " although", " The", "e.g. ", "word ", LONG, OTHER, "[pause:1s]"),
        ]
    ),
    max_size=30,
).map("".join)


def spoken(found: Read) -> list[str]:
    """What is spoken as one, its sentences parted by a bar, and what is silence."""
    return [
        part.text.replace("\n", "|") if isinstance(part, Passage) else f"{part.seconds:g} s"
        for part in found
    ]


def read(text: str, sizes: Sequence[int] = (1 << 20,), text_format: str = "text") -> list[str]:
    reader, found, start, turn = TextReader(text_format), Read(), 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        found += reader.add(text[start : start + size])
        start, turn = start + size, turn + 1
    return spoken(found + reader.finish())


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("OK.", ["OK."]),
        ("No. I can't.", ["No.|I can't."]),
        (f"Sure! {LONG}", [f"Sure!|{LONG}"]),
        (f"{LONG} Enjoy!", [f"{LONG}|Enjoy!"]),
        (f"{LONG} OK? {OTHER}", [f"{LONG}|OK?", OTHER]),
        (f"{LONG} {OTHER}", [LONG, OTHER]),
        (f"{LONG}\nTips:\n{OTHER}", [LONG, f"Tips:|{OTHER}"]),
        ("1. Wash.\n2. Dry.", ["1. Wash.|2. Dry."]),
        ("- milk\n- eggs\n- tea", ["- milk|- eggs|- tea"]),
        (f"好。\n{LONG}", ["好。", LONG]),
        (f"---\n{LONG} 🎉\n***\nBye!", [f"{LONG}|Bye!"]),
        ("好的。灯已经打开了，温度是二十度。", ["好的。|灯已经打开了，温度是二十度。"]),
        ("はい。電気をつけました。", ["はい。|電気をつけました。"]),
        (f"Yes. [pause:1s] {LONG}", ["Yes.", "1 s", LONG]),
        (f"{LONG} [pause:1s] Yes.", [LONG, "1 s", "Yes."]),
    ],
)
def test_a_short_sentence_is_spoken_with_its_neighbor(text: str, together: list[str]) -> None:
    assert read(text) == together


@pytest.mark.parametrize(
    "element",
    [
        "voice name='bf_emma'",
        "prosody rate='slow'",
        "lang xml:lang='fr'",
        "emphasis",
        "voice language='ja'",
    ],
)
def test_a_short_sentence_is_not_joined_to_one_that_is_said_in_another_way(element: str) -> None:
    name = element.partition(" ")[0]
    text = f"<speak><{element}>Yes.</{name}> {LONG} <{element}>Yes.</{name}></speak>"
    assert read(text) == ["Yes.", LONG, "Yes."]


def test_sentences_and_paragraphs_of_a_document_are_company_for_one_another() -> None:
    assert read(f"<speak><p>Yes.</p><p><s>{LONG}</s></p></speak>") == [f"Yes.|{LONG}"]


def test_many_short_sentences_are_spoken_a_few_seconds_at_a_time() -> None:
    together = read("Yes. No! " * 100)
    assert sum(part.count("|") + 1 for part in together) == 200
    assert max(map(phonemes_in, together)) <= LONGEST
    assert min(map(phonemes_in, together)) >= SHORT


@given(TEXTS, st.lists(st.integers(1, 15), min_size=1, max_size=5))
def test_company_does_not_depend_on_how_the_text_was_cut(text: str, sizes: list[int]) -> None:
    assert read(text, sizes) == read(text, [1]) == read(text)


@given(TEXTS)
def test_nobody_is_short_and_alone_who_has_a_neighbor(text: str) -> None:
    groups = read(text.replace("好。", "").replace("हाँ।", "").replace("[pause:1s]", ""))
    short = [phonemes_in(group) < SHORT for group in groups]
    assert not any(short[:-1])


def test_a_finished_sentence_waits_no_longer_than_its_neighbor_could_be_short() -> None:
    reader = TextReader()
    assert spoken(reader.add(f"{LONG} It will r")) == []
    assert spoken(reader.add("ain")) == [LONG]


def test_nothing_need_wait_for_text_that_does_not_come() -> None:
    reader = TextReader()
    assert spoken(reader.add("Sure! I have")) == []
    assert spoken(reader.release()) == ["Sure!"]
    assert spoken(reader.add(" turned it on. ") + reader.release()) == ["I have turned it on."]
    assert spoken(reader.add("OK.") + reader.idle()) == ["OK."]
    assert reader.finish() == []


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a. ", "1. ", " .", "好。", "\n.", "Yes. "])
def test_the_longest_text_is_joined_in_linear_time(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    assert read(text, [1]) == read(text)


def test_what_has_no_end_gets_a_full_stop_before_the_next() -> None:
    front_end, english = FrontEnd(), language_named("en")
    [passage] = together("No.\n5 lamps\n(2)\nYes! ")
    assert front_end.spoken(passage.spans, english) == "No. five lamps. (two). Yes!"
    symbols = front_end.phonemize(passage.spans, english, "misaki").symbols
    assert symbols == "nˈO. fˈIv lˈæmps. (tˈu). jˈɛs!"


def together(text: str) -> list[Passage]:
    reader = TextReader()
    return [part for part in reader.add(text) + reader.finish() if isinstance(part, Passage)]


def test_what_is_joined_is_no_longer_than_a_sentence_may_be() -> None:
    text = f"({'.' * 990}a.\n" * 19
    passages = [part for part in TextReader().add(text) if isinstance(part, Passage)]
    assert len(passages) > 10
    assert all(len(passage.text) <= 1000 for passage in passages)
