"""When a text that streams in is spoken, in virtual time: pauses, and what may come in them."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest

from tests.support.engines import HummingEngine, humming_pipeline, pieces
from tests.support.virtual_time import now, run
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis.pipeline import IDLE_SECONDS
from wyoming_kokoro.synthesis.reading import LONG_SECONDS, Reading
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.reading.reader import TextReader

Timed = list[tuple[float, str]]

SENTENCE = "The lamp in the kitchen is on."


def read(*text: str | float, patience: float | None = None) -> Timed:
    """When each passage of a text comes; a number is a pause in seconds.

    `patience` is what a listener always has left to hear, None for one who hears nothing yet.
    """

    async def main() -> Timed:
        reading = Reading(pieces(*text), TextReader(), IDLE_SECONDS)
        items = reading.items(lambda: patience)
        return [(now(), item.text) async for item in items if isinstance(item, Passage)]

    return run(main())


def first(said: Timed) -> tuple[float, str]:
    return round(said[0][0], 6), said[0][1]


def test_a_finished_sentence_is_spoken_at_a_pause() -> None:
    assert first(read(SENTENCE, 5.0, "It is warm.")) == (IDLE_SECONDS, SENTENCE)


@pytest.mark.parametrize("text", ["See example.com.", "Open the file config.", "(It is late."])
def test_what_may_be_part_of_an_address_is_spoken_when_the_pause_is_long(text: str) -> None:
    assert first(read(text, LONG_SECONDS - 0.1, " Bye.")) == (1.4, f"{text}\nBye.")
    assert first(read(text, 10.0, " Good night to you.")) == (LONG_SECONDS, text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("See [docs](https://docs.", "example.com/a)."),
        ("Add herbs, i.", "e. thyme."),
        ("It is 5 p.", " m. now."),
        ("See No.", " 7."),
        ("It is 21.", "5 degrees."),
        ("Look at `light.", "kitchen`."),
    ],
)
def test_what_is_open_waits_for_the_rest_however_long(text: str, rest: str) -> None:
    assert read(text, 60.0, rest) == [(60.0, text + rest)]
    assert read(text, 60.0, rest, patience=0.5) == [(60.0, text + rest)]


@pytest.mark.parametrize(
    "spaces", [[" "], [" ", 0.05] * 40, ["  ", 0.15, "\t", 0.15, " "], [0.1, " ", 5.0, " "]]
)
def test_a_lone_space_delays_no_sentence(spaces: Sequence[str | float]) -> None:
    said = read('He said "yes."', 0.1, *spaces, 5.0, SENTENCE)
    assert first(said) == (IDLE_SECONDS, 'He said "yes."')
    said = read("See the file config", ".", 0.1, *spaces, 5.0, SENTENCE)
    assert said[0][0] <= LONG_SECONDS


@pytest.mark.parametrize("spaces", [[" "], [" ", 0.05] * 40, [0.3, " ", 2.0, " "]])
def test_a_lone_space_ends_no_sentence(spaces: Sequence[str | float]) -> None:
    for text, rest in (("I will look", "it up now."), ("It is 5 p.", "m. or so now.")):
        said = [" ".join(said.split()) for _, said in read(text, *spaces, 5.0, rest)]
        assert said == [f"{text} {rest}"]


def test_a_lone_space_is_no_text() -> None:
    async def main() -> int:
        reading = Reading(pieces("It is", " ", " on.", *" " * 1000), TextReader(), IDLE_SECONDS)
        async for _ in reading.items(lambda: None):
            pass
        return reading.characters

    assert run(main()) == len("It is on.")


def test_who_hears_the_last_of_it_waits_for_no_pause() -> None:
    said = read(SENTENCE, 5.0, "It is warm.", patience=0.05)
    assert first(said) == (0.05, SENTENCE)
    assert first(read("See a.io.", 5.0, patience=0.05)) == (LONG_SECONDS, "See a.io.")


def test_silence_goes_on_while_a_likely_end_is_waited_for() -> None:
    async def main() -> list[tuple[float, bool]]:
        reading = Reading(pieces("See example.com.", 3.0, " Bye."), TextReader(), IDLE_SECONDS)
        return [(now(), item is None) async for item in reading.items(lambda: 0.25)]

    items = run(main())
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(items)]
    assert max(gaps) <= 0.25 + 1e-9
    assert [at for at, silent in items if not silent] == pytest.approx([LONG_SECONDS, 3.0])


def test_an_address_in_pieces_is_spoken_as_one_address() -> None:
    """Language models on slow machines take a fifth of a second for every token."""
    text = "See [docs](https://docs.example.com/a). It is at example.com, in config.yaml."
    slow = [part for token in text.split(".") for part in (0.3, token, 0.3, ".")][:-2]

    async def main() -> str:
        engine = HummingEngine()
        async for _ in humming_pipeline(engine).speak(Request(), pieces(*slow, ".")):
            pass
        return " ".join(engine.spoken)

    words = "See docs. It is at example. dot com, in config dot yaml."
    assert run(main()).replace(".", "") == words.replace(".", "")


def test_while_the_first_sentence_is_spoken_it_is_known_whether_that_was_all() -> None:
    async def main(*text: str | float) -> bool:
        reading = Reading(pieces(*text), TextReader(), IDLE_SECONDS)
        await anext(reading.items(lambda: None))
        await asyncio.sleep(0)
        return reading.is_whole

    assert run(main(f"{SENTENCE} {SENTENCE}"))
    assert not run(main(f"{SENTENCE} {SENTENCE}", 5.0, "It is warm."))
