"""The front end in its own process: what is read, and what becomes of a passage that fails."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.faulty import faulty
from tests.support.languages import ALL
from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.speech import US_ENGLISH, Language, language_named
from wyoming_kokoro.text.passage import Span
from wyoming_kokoro.text.pronouncing.installed import is_installed
from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

SECONDS = 20.0

KILLERS = ["a." * 200, ".a" * 200, "b.c." * 100, "I." * 200, "क." * 200, "(" + "." * 990 + "a"]
"""Texts that have killed espeak-ng, or kept a pattern busy for seconds."""

PASSAGE = (
    Span("Turn "),
    Span("Niamh", ipa="niːv"),
    Span("'s lamp to 21.5 °C, "),
    Span("bonjour", language="fr"),
    Span("!", emphatic=True),
)


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedFrontEnd]:
    lexicon = tmp_path_factory.mktemp("data") / "lexicon.txt"
    with closing(IsolatedFrontEnd(lexicon, SECONDS)) as front_end:
        yield front_end


def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float) -> IsolatedFrontEnd:
    """A front end that fails on texts which name a fault."""
    front_end = IsolatedFrontEnd(tmp_path / "lexicon.txt", seconds)
    worker = faulty("front_end", str(tmp_path / "lexicon.txt"), "[]")
    monkeypatch.setattr(front_end, "_worker", worker)
    return front_end


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_it_reads_what_the_front_end_reads(front_end: IsolatedFrontEnd, language: Language) -> None:
    if not is_installed(language):
        with pytest.raises(UnknownLanguage, match="pip install"):
            front_end.phonemize(PASSAGE, language, "misaki")
        return
    here = FrontEnd()
    assert front_end.phonemize(PASSAGE, language, "misaki") == here.phonemize(
        PASSAGE, language, "misaki"
    )
    assert front_end.readable("Москва 12", language) == here.readable("Москва 12", language)


def test_it_reads_the_users_lexicon(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_text("Niamh = Neev\nthis is no line\n")
    with closing(IsolatedFrontEnd(file, SECONDS)) as front_end, caplog.at_level(logging.INFO):
        read = front_end.phonemize("Niamh.", US_ENGLISH, "misaki")
        assert read == FrontEnd(UserLexicon(file)).phonemize("Niamh.", US_ENGLISH, "misaki")
        assert "lexicon.txt, line 2: write a word" in caplog.text
        file.write_text("Niamh = Bob")
        assert front_end.phonemize("Niamh.", US_ENGLISH, "misaki").text == "Bob."


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_no_text_can_crash_the_process(front_end: IsolatedFrontEnd, language: Language) -> None:
    if not is_installed(language):
        pytest.skip(f"the packages that read {language.name} are not installed")
    for text in KILLERS:
        front_end.phonemize(text, language, "misaki")
        front_end.readable(text, language)
    assert front_end.phonemize("one", language, "misaki").symbols


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("abort!", "SIGABRT"),
        ("hang!", "did not answer in time"),
        ("grow!", "MemoryError"),
        ("raise!", "ValueError"),
    ],
)
def test_a_passage_that_fails_is_read_in_the_plain(
    fault: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with closing(failing(monkeypatch, tmp_path, 2.0 if fault == "hang!" else SECONDS)) as front_end:
        front_end.phonemize("Loaded.", US_ENGLISH, "misaki")
        read = front_end.phonemize(fault, US_ENGLISH, "misaki")
        assert read.text == fault.removesuffix("!")
        assert read.symbols
        assert f"a passage of {len(fault)} characters is read in the plain" in caplog.text
        assert told in caplog.text
        assert fault not in caplog.text
        assert [piece.text for piece in front_end.readable(fault, US_ENGLISH)] == [read.text]


def test_a_passage_that_fails_in_the_plain_too_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        "wyoming_kokoro.text.pronouncing.isolated._plain", lambda _spans: Span("abort!")
    )
    with closing(failing(monkeypatch, tmp_path, SECONDS)) as front_end:
        assert front_end.phonemize("raise!", US_ENGLISH, "misaki").symbols == ""
        assert "a passage of 6 characters is skipped" in caplog.text
        assert front_end.readable("abort!", US_ENGLISH) == []
        assert front_end.phonemize("one", US_ENGLISH, "misaki").symbols


@pytest.mark.parametrize(
    ("code", "text", "read"),
    [
        ("en_US", "<b>It's</b> 21.5 °C, (now)", "b It s b two one five degrees Celsius now"),
        ("es_ES", "a1b" + "x" * 61, f"a un b{'x' * 29} {'x' * 30} xx"),
        ("hi_IN", "नमस्ते। 5.", "नमस्ते पाँच"),
    ],
)
def test_the_plain_reading_knows_letters_and_digits_alone(
    code: str,
    text: str,
    read: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(failing(monkeypatch, tmp_path, SECONDS)) as front_end:
        spans = (Span("raise!"), Span("unheard", said=True), Span(text))
        spoken = front_end.phonemize(spans, language_named(code), "misaki").text
    assert spoken.removeprefix("raise").strip() == read
