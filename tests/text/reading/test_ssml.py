from dataclasses import replace

import pytest

from wyoming_kokoro.text.passage import Manner, Passage, Pause, SayAs, Span
from wyoming_kokoro.text.reading.reader import TextReader
from wyoming_kokoro.text.reading.ssml import DEEPEST, LONGEST_WHOLE

Read = list[Passage | Pause]


def read(text: str) -> Read:
    reader = TextReader("ssml")
    return reader.add(text) + reader.finish()


def spans(text: str) -> list[Span]:
    """Spans of all passages, the space between them left out."""
    passages = [part for part in read(text) if isinstance(part, Passage)]
    found = [span for passage in passages for span in passage.spans if span.text.strip()]
    return [replace(span, text=span.text.strip()) for span in found]


def texts(text: str) -> list[str]:
    """Sentences of all passages, and a bar for each pause."""
    found = (part.text if isinstance(part, Passage) else "|" for part in read(text))
    return [sentence for part in found for sentence in part.splitlines()]


def in_manner(text: str, manner: Manner) -> Passage:
    return Passage((Span(text),), manner)


@pytest.mark.parametrize("name", ["speak", "p", "s", "li"])
def test_structure_ends_sentences(name: str) -> None:
    assert texts(f"a<{name}>b c</{name}>d") == ["a", "b c", "d"]


def test_lines_of_a_document_are_no_sentences() -> None:
    assert texts("<speak>\n  Hello\n  you.\n</speak>") == ["Hello   you."]


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 0.5),
        ("time='1s'", 1),
        ("time='+1.5s'", 1.5),
        ("time=' 250 ms '", 0.25),
        ("time='.5s'", 0.5),
        ("time='1h'", 0.5),
        ("time='99s'", 10),
        ("strength='weak'", 0.25),
        ("strength='strong'", 1),
        ("strength='x-strong'", 1.5),
        ("strength='odd'", 0.5),
        ("strength='strong' time='2s'", 2),
    ],
)
def test_a_break_is_a_pause(attributes: str, seconds: float) -> None:
    assert read(f"a<break {attributes}/>b")[1] == Pause(seconds)
    assert read(f"a<break {attributes}></break>b") == read(f"a<break {attributes}/>b")


@pytest.mark.parametrize("attributes", ["strength='none'", "strength='x-weak'", "time='0s'"])
def test_a_break_of_no_length_breaks_nothing(attributes: str) -> None:
    assert texts(f"a <break {attributes}/>b") == ["a b"]


@pytest.mark.parametrize(
    ("rate", "factor"),
    [
        ("slow", 0.75),
        ("x-slow", 0.5),
        ("fast", 1.25),
        ("x-fast", 1.6),
        ("medium", 1),
        ("default", 1),
        ("80%", 0.8),
        ("+10%", 1.1),
        ("-25%", 0.75),
        ("1.2", 1.2),
        ("+0.5", 1.5),
        ("400%", 2),
        ("0", 0.5),
        ("-900%", 0.5),
        ("brisk", 1),
        ("", 1),
    ],
)
def test_prosody_sets_the_rate_within_bounds(rate: str, factor: float) -> None:
    assert read(f"<prosody rate='{rate}'>a</prosody>") == [in_manner("a", Manner(rate=factor))]


def test_rates_within_one_another_multiply() -> None:
    found = read("<prosody rate='80%'>a <prosody rate='125%'>b</prosody> c</prosody> d")
    rates = [part.manner.rate for part in found if isinstance(part, Passage)]
    assert rates == pytest.approx([0.8, 1.0, 0.8, 1.0])


def test_pitch_and_volume_leave_the_text_alone() -> None:
    assert read("<prosody pitch='high' volume='loud'>a</prosody>") == read("a")


@pytest.mark.parametrize(
    ("attributes", "manner"),
    [
        ("name='bf_emma'", Manner(voice="bf_emma")),
        ("name='af_heart(2)+bf_emma'", Manner(voice="af_heart(2)+bf_emma")),
        ("language='fr-FR'", Manner(language="fr_FR")),
        ("languages='ja'", Manner(language="ja")),
        ("xml:lang='it'", Manner(language="it")),
        ("language='tlh'", Manner()),
        ("gender='female'", Manner()),
    ],
)
def test_a_voice_speaks_what_is_in_its_element(attributes: str, manner: Manner) -> None:
    assert read(f"<voice {attributes}>Hi you</voice>") == [in_manner("Hi you", manner)]


def test_voices_take_turns_within_a_sentence() -> None:
    found = read("She said <voice name='bf_emma'>no</voice>, he <voice name='am_adam'>yes</voice>!")
    voices = [(part.text, part.manner.voice) for part in found if isinstance(part, Passage)]
    assert voices == [("She said", None), ("no,", "bf_emma"), ("he", None), ("yes!", "am_adam")]


def test_what_is_in_another_language_stays_in_its_sentence() -> None:
    [passage] = read("I say <lang xml:lang='fr-FR'>bonjour mes amis</lang>, ok.")
    assert passage == Passage(
        (Span("I say "), Span("bonjour mes amis", language="fr_FR"), Span(", ok."))
    )


def test_the_language_of_a_document_leaves_its_country_to_the_voice() -> None:
    assert spans("<speak xml:lang='en-US'>a</speak>") == [Span("a", language="en")]
    assert spans("<p xml:lang='es_ES'>a</p>") == [Span("a", language="es")]


def test_a_language_that_no_voice_speaks_is_left_out() -> None:
    assert spans("<lang xml:lang='tlh'>nuqneH</lang>") == [Span("nuqneH")]


@pytest.mark.parametrize("level", ["level='strong'", "level='moderate'", ""])
def test_emphasis_is_marked(level: str) -> None:
    assert spans(f"a <emphasis {level}>b</emphasis>") == [Span("a"), Span("b", emphatic=True)]


@pytest.mark.parametrize("level", ["none", "reduced"])
def test_emphasis_can_be_taken_back(level: str) -> None:
    text = f"<emphasis>a <emphasis level='{level}'>b</emphasis></emphasis>"
    assert spans(text) == [Span("a", emphatic=True), Span("b")]


@pytest.mark.parametrize("alphabet", ["alphabet='ipa'", "alphabet='IPA'", ""])
def test_phonemes_are_kept_with_their_word(alphabet: str) -> None:
    assert spans(f"<phoneme {alphabet} ph='niːv'>St. Niamh</phoneme>.") == [
        Span("St. Niamh", ipa="niːv"),
        Span("."),
    ]
    assert spans(f"<phoneme {alphabet} ph='niːv'/>") == [Span("niːv", ipa="niːv")]


@pytest.mark.parametrize("attributes", ["alphabet='x-sampa' ph='ni:v'", "ph=''", "ph='123'", ""])
def test_phonemes_that_cannot_be_spoken_give_way_to_the_word(attributes: str) -> None:
    assert spans(f"<phoneme {attributes}>Niamh</phoneme>") == [Span("Niamh")]


def test_an_alias_is_said_instead() -> None:
    assert texts("The <sub alias='World  Wide Web'>W. W. W.</sub> is up.") == [
        "The World  Wide Web is up."
    ]
    assert texts("<sub alias='a &amp; b'/>") == ["a & b"]
    assert texts("<sub>a</sub>") == ["a"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("characters", "characters"),
        ("spell-out", "characters"),
        ("verbatim", "characters"),
        ("digits", "digits"),
        ("cardinal", "cardinal"),
        ("ordinal", "ordinal"),
        ("date", "date"),
        ("time", "time"),
        ("telephone", "telephone"),
        ("fraction", "fraction"),
    ],
)
def test_say_as_names_what_a_text_is(name: str, kind: SayAs) -> None:
    text = f"<say-as interpret-as='{name}'>1. 2. 3</say-as>"
    assert spans(text) == [Span("1. 2. 3", say_as=kind)]


def test_a_date_may_have_its_order_said() -> None:
    text = "<say-as interpret-as='date' format='dmy'>1/2/2026</say-as>"
    assert spans(text) == [Span("1/2/2026", say_as="date", date_format="dmy")]


@pytest.mark.parametrize("attributes", ["interpret-as='currency'", "interpret-as='unit'", ""])
def test_say_as_of_other_kinds_leaves_the_text_alone(attributes: str) -> None:
    assert spans(f"<say-as {attributes}>$5</say-as>") == [Span("$5")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<audio src='x'>ding</audio> <mark name='m'/>b", ["ding b"]),
        ("<amazon:effect name='whispered'>a b</amazon:effect>", ["a b"]),
        ("a</voice></s>b</speak>c", ["a", "b", "c"]),
        ("<voice name='x'><prosody rate='fast'>a b", ["a b"]),
        ("<phoneme ph='x'>a <break/> b", ["a", "|", "b"]),
        ("<phoneme ph='x'>a <p>b</p></phoneme> c", ["a", "b", "c"]),
        ("<phoneme ph='x'>a <sub alias='y'>b</sub> c", ["a y c"]),
        ("<sub alias='y'>never closed", ["never closed"]),
        ("<speak>a <b", ["a <b"]),
        ("<speak>a & b &eacute; &lol; &lt;", ["a & b é  <"]),
        ("<speak>AT&T; R&D", ["AT&T; R&D"]),
        ("<speak>a <prosody rate=slow>b</prosody>", ["a", "b"]),
        ("<speak><metadata><x>by me</x></metadata>a b", ["a b"]),
        ("<speak>", []),
        ("", []),
    ],
)
def test_mistakes_cost_no_words(text: str, said: list[str]) -> None:
    assert texts(text) == said


def test_closing_an_element_closes_those_within() -> None:
    found = read("<voice name='x'><prosody rate='fast'>a</voice> b")
    assert [part.manner for part in found if isinstance(part, Passage)] == [
        Manner(voice="x", rate=1.25),
        Manner(),
    ]


def test_closing_what_surrounds_a_word_completes_the_word() -> None:
    assert spans("<emphasis><phoneme ph='x'>a</emphasis>") == [Span("a", ipa="x", emphatic=True)]


def test_an_element_for_one_word_that_goes_on_was_not_closed() -> None:
    long = "word " * LONGEST_WHOLE
    assert texts(f"<sub alias='x'>{long}</sub>") == [long.strip()]


def test_elements_nest_only_so_deep() -> None:
    deep = "<prosody rate='90%'>" * 5_000 + "a" + "</prosody>" * 5_000 + "b"
    found = read(deep)
    assert [part.text for part in found if isinstance(part, Passage)] == ["a", "b"]
    assert found[1] == Passage((Span("b"),))
    depth = DEEPEST + 1
    unbounded = read("<emphasis>" * depth + "a" + "</emphasis>" * depth + "b")
    assert unbounded == [Passage((Span("a", emphatic=True), Span("b")))]


@pytest.mark.parametrize("kind", ["ordinal", "date", "characters"])
def test_an_element_for_a_word_with_nothing_in_it_says_nothing(kind: str) -> None:
    assert texts(f"o<say-as interpret-as='{kind}'></say-as>") == ["o"]
    assert texts(f"o<p><say-as interpret-as='{kind}'> </p>n") == ["o", "n"]
