from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.languages import ALL
from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import US_ENGLISH, Language, language_named
from wyoming_kokoro.text.passage import Passage, SayAs, Span
from wyoming_kokoro.text.pronouncing.installed import is_installed
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.pronouncing.script import with_placeholders, without_placeholders
from wyoming_kokoro.text.reading.reader import TextReader

FRONT_END = FrontEnd()
GB = language_named("en_GB")

SPANS = st.lists(
    st.builds(
        Span,
        st.text(max_size=10),
        ipa=st.sampled_from(["", "niːv", "x"]),
        say_as=st.sampled_from([None, "characters", "date"]),
        language=st.sampled_from([None, "en", "fr", "es_ES"]),
        emphatic=st.booleans(),
    ),
    max_size=5,
)


def read(text: str, language: Language = US_ENGLISH, front_end: FrontEnd = FRONT_END) -> str:
    """Phonemes of a marked text."""
    reader = TextReader()
    parts = [*reader.add(text), *reader.finish()]
    passages = [part for part in parts if isinstance(part, Passage)]
    return " ".join(front_end.phonemize(p.spans, language, "misaki").symbols for p in passages)


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("Ask [Niamh](/ˈniːv/).", "ˈæsk nˈiv."),
        ("Ask **[Niamh](/ˈniːv/)**, please!", "ˈæsk nˈiv, plˈiz!"),
        ("- [Niamh](/ˈniːv/) knows", "nˈiv nˈOz"),
        ("[Niamh](/ˈniːv/)'s dog", "nˈivz dˈɔɡ"),
        ("[Jack](/ˈdʒæk/)'s dog", "ʤˈæks dˈɔɡ"),
        ("“[Niamh](/ˈniːv/)?”", "“nˈiv?”"),
        ("[a](/ˈniːv/)[b](/ˈniːv/)", "nˈivnˈiv"),
    ],
)
def test_fixed_phonemes_stand_among_those_of_the_text(text: str, symbols: str) -> None:
    assert read(text) == symbols


@pytest.mark.parametrize("language", ALL)
def test_fixed_phonemes_stand_in_every_language(language: Language) -> None:
    if not is_installed(language):
        pytest.skip(f"the packages that read {language.name} are not installed")
    symbols = read("2, [Kokoro](/kokoɾo/). 3", language)
    fixed = "kɔkɔTɔ" if language.code.startswith("en") else "kokoɾo"
    before, _, after = symbols.partition(f", {fixed}. ")
    assert before
    assert after
    assert set(symbols) <= vocabulary("v1.0").keys()


def test_what_cannot_be_spoken_of_a_pronunciation_leaves_the_word() -> None:
    assert FRONT_END.phonemize((Span("lamp", ipa="ㄔ"),), US_ENGLISH, "misaki").symbols == "lˈæmp"


def test_a_span_in_another_language_is_read_in_that_one() -> None:
    spans = (Span("I say "), Span("bonjour", language="fr"), Span("."))
    assert FRONT_END.phonemize(spans, US_ENGLISH, "misaki").symbols == "ˌI sˈA bɔ̃ʒˈuʁ."


def test_a_bare_language_is_the_voices_own_kind_of_it() -> None:
    def said(language: str | None) -> str:
        return FRONT_END.phonemize((Span("hot", language=language),), GB, "misaki").symbols

    assert said("en") == said(None) == "hˈɒt"
    assert said("en_US") == "hˈɑt"


def test_emphasis_stresses_a_word_that_has_no_stress() -> None:
    spans = (Span("a bit "), Span("of", emphatic=True), Span(" it"))
    assert "ˈʌv" in FRONT_END.phonemize(spans, US_ENGLISH, "misaki").symbols


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("led", "characters", "L E D"),
        ("Bath", "characters", "B eh T H"),
        ("2026", "digits", "two zero two six"),
        ("1984", "cardinal", "one thousand nine hundred eighty four"),
        ("22", "ordinal", "twenty second"),
        ("7:05", "time", "seven oh five"),
        ("555-0199", "telephone", "five five five, zero one nine nine"),
    ],
)
def test_what_an_author_says_a_text_is_decides_how_it_is_said(
    text: str, kind: SayAs, said: str
) -> None:
    assert FRONT_END.spoken((Span(text, say_as=kind),), US_ENGLISH) == said


def test_a_date_is_said_in_the_order_that_its_author_names() -> None:
    spoken = [
        FRONT_END.spoken((Span("1/2/2026", say_as="date", date_format=order),), US_ENGLISH)
        for order in ("dmy", "mdy")
    ]
    assert "February" in spoken[0]
    assert "January" in spoken[1]


def test_users_words_are_said_their_way(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_text("Niamh = /ˈniːv/\nwifi = radio\n", encoding="utf-8")
    front_end = FrontEnd(UserLexicon(file))
    assert read("**Niamh**'s wifi.", front_end=front_end) == "nˈivz ɹˈAdiO."
    assert front_end.spoken("**Niamh**'s wifi.", US_ENGLISH) == "Niamh's radio."
    emphatic = (Span("Niamh", emphatic=True), Span(" "), Span("Niamh", say_as="characters"))
    assert front_end.phonemize(emphatic, US_ENGLISH, "misaki").symbols.startswith("nˈiv ˈɛn ˌI ˈA")


@pytest.mark.parametrize("spans", [(), (Span("… "),), (Span("**"), Span(" !", emphatic=True))])
def test_a_passage_without_words_has_no_phonemes(spans: tuple[Span, ...]) -> None:
    assert FRONT_END.phonemize(spans, US_ENGLISH, "misaki").symbols == ""


@given(SPANS)
def test_any_spans_have_phonemes_that_the_model_knows(spans: list[Span]) -> None:
    read = FRONT_END.phonemize(spans, US_ENGLISH, "misaki")
    assert set(read.symbols) <= vocabulary("v1.0").keys()


def test_text_in_the_letters_that_keep_places_is_not_mistaken_for_one() -> None:
    word = Span("Niamh", ipa="x")
    spans = [Span("a\U00010600\U00010601"), word, Span("\U00010600\U00010600b")]
    assert without_placeholders(with_placeholders(spans), spans) == [Span("a"), word, Span("b")]


def test_a_passage_may_have_more_spans_than_a_sentence_has_characters() -> None:
    spans = [Span(str(number), ipa="x") for number in range(2_000)]
    assert without_placeholders(with_placeholders(spans), spans) == spans


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en_US", "lamp {} door"),
        ("es_ES", "casa {} mesa"),
        ("fr_FR", "maison {} table"),
        ("it_IT", "casa {} tavolo"),
        ("pt_BR", "casa {} mesa"),
        ("hi_IN", "घर {} मेज़"),
    ],
)
def test_no_sign_of_markup_is_called_by_its_name(language: str, words: str) -> None:
    spoken = language_named(language)
    plain = FRONT_END.phonemize(words.format(""), spoken, "misaki").symbols
    for sign in ("*", "**", "***", "_", "#", "##", "|", "`", "·", "•", "¶", "†", "★", "→", "※"):
        read = FRONT_END.phonemize(words.format(sign), spoken, "misaki").symbols
        assert read.replace(",", "") == plain, sign


@pytest.mark.parametrize("span", [Span("\x1b", ipa="n"), Span("1\x07", say_as="ordinal")])
def test_control_characters_of_a_word_do_not_come_out(span: Span) -> None:
    read = FRONT_END.phonemize((span,), US_ENGLISH, "misaki")
    assert not [char for char in read.text + read.symbols if char < " "]
