import pytest

from wyoming_kokoro.text.passage import Manner, Passage, Pause, Span, seconds_named
from wyoming_kokoro.text.reading.reader import TextReader


def read(text: str) -> list[Passage | Pause]:
    reader = TextReader()
    return reader.add(text) + reader.finish()


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        ("[pause:0.5s]", 0.5),
        ("[pause:500ms]", 0.5),
        ("[pause: 2 s]", 2),
        ("[PAUSE:1S]", 1),
        ("[pause:3]", 3),
        ("[pause:60s]", 10),
    ],
)
def test_a_pause_is_silence_between_passages(mark: str, seconds: float) -> None:
    assert read(f"Breathe in {mark} and out.") == [
        Passage((Span("Breathe in"),)),
        Pause(seconds),
        Passage((Span("and out."),)),
    ]


def test_another_voice_speaks_between_its_marks() -> None:
    text = (
        "She says: [voice:bf_emma]Hello. [VOICE: am_adam@1.1 ]Hi there! "
        "[/voice]Bye. [/ voice] I left."
    )
    assert read(text) == [
        Passage((Span("She says:"),)),
        Passage((Span("Hello."),), Manner(voice="bf_emma")),
        Passage((Span("Hi there!"),), Manner(voice="am_adam@1.1")),
        Passage((Span("Bye."),), Manner(voice="bf_emma")),
        Passage((Span("I left."),)),
    ]


def test_a_voice_without_an_end_goes_on_and_an_end_without_a_voice_is_not_read() -> None:
    assert read("One[/voice] day. [voice:bf_emma]It rains. It pours.") == [
        Passage((Span("One day."),)),
        Passage((Span("It rains."), Span("\n"), Span("It pours.")), Manner(voice="bf_emma")),
    ]


def test_voices_that_are_begun_without_end_are_bounded() -> None:
    text = "".join(f"[voice:v{number}]" for number in range(500)) + "Hi."
    assert read(f"{text}[/voice] {'[/voice]' * 498}Ho.[/voice] Hum.") == [
        Passage((Span("Hi."),), Manner(voice="v7")),
        Passage((Span("Ho."),), Manner(voice="v0")),
        Passage((Span("Hum."),)),
    ]


def test_a_word_may_come_with_how_it_is_said() -> None:
    assert read("Ask [Dr. Niamh](/ˈniːv/)'s son, if he is here. He is not at home now.") == [
        Passage((Span("Ask "), Span("Dr. Niamh", ipa="ˈniːv"), Span("'s son, if he is here."))),
        Passage((Span("He is not at home now."),)),
    ]


@pytest.mark.parametrize(
    "written", ["[[ˈniːv]]", "[[ ˈniːv ]]", "(//ˈniːv//)", "[Niamh](//ˈniːv//)", "[Niamh](/ˈniːv/)"]
)
def test_sounds_may_be_written_as_in_other_programs(written: str) -> None:
    [passage] = read(f"Ask {written} now.")
    assert isinstance(passage, Passage)
    assert [span.ipa for span in passage.spans] == ["", "ˈniːv", ""]


@pytest.mark.parametrize("text", ["See [[Home]] now", "See [[Café]] now", "a (//b//) c", "(//x"])
def test_the_name_of_a_page_is_no_sound(text: str) -> None:
    assert read(text) == [Passage((Span(text),))]


def test_a_word_said_twice_is_two_spans() -> None:
    word = Span("Cu", ipa="ku")
    assert read("[Cu](/ku/)[Cu](/ku/) [Cu](/ku/)") == [Passage((word, word, Span(" "), word))]


@pytest.mark.parametrize(
    "text",
    [
        "See [the docs](https://a.io/x) now",
        "See [the docs](/local/page.html) now",
        "See [the docs](/2/) now",
        "See [the docs](/a-b/) now",
        "An ![image](/pict/) now",
        "A [link][1] and [one] more",
        "[pause:soon] [pause:-1s] [pause:] [pause]",
        "[[pause:x]] [a](/b",
        "[a](/b) [a](/b/ c) [](/a/)",
        "[a",
    ],
)
def test_everything_else_in_brackets_is_left_to_be_cleaned(text: str) -> None:
    assert read(text) == [Passage((Span(text),))]


def test_marks_may_touch_other_brackets() -> None:
    assert read("b[[pause:1s]a") == [Passage((Span("b["),)), Pause(1), Passage((Span("a"),))]
    assert read("[x[Cu](/ku/)") == [Passage((Span("[x"), Span("Cu", ipa="ku")))]


@pytest.mark.parametrize(
    "duration", ["", "s", "1h", "-1s", "1.s", "1e3s", "٣s", "9999999s", "1 0s"]
)
def test_what_is_no_duration_has_no_seconds(duration: str) -> None:
    assert seconds_named(duration) is None
