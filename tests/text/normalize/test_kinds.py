"""What is misread easily, a file of it for each language, read as a request is."""

from pathlib import Path

import pytest

from tests.support.languages import ALL, GERMAN
from tests.support.spoken import heard, rows, stops_within, unmarked
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.pronouncing.installed import is_installed
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

FRONT_END = FrontEnd()
CODES = ("en", "es", "fr", "it", "pt", "de", "hi", "ja", "zh")


def misread(language: Language, text: str, forms: list[str]) -> str:
    """How `text` is read if that is as none of `forms` sounds, or with a full stop too many."""
    read, *wanted = (heard(FRONT_END, said, language) for said in (text, *forms))
    alike = [one for one in wanted if unmarked(one) == unmarked(read)]
    return "" if alike and stops_within(read) <= max(map(stops_within, alike)) else read


@pytest.mark.parametrize("code", CODES)
def test_what_is_misread_easily_sounds_as_people_say_it(code: str) -> None:
    if not is_installed(language_named(code, ALL)):
        pytest.skip(f"the packages of extra `{code}` are missing")
    wrong, total = [], 0
    for row in rows(Path(__file__).with_name(f"kinds.{code}.tsv")):
        *named, text, spoken = row
        language = language_named(named[0] if named else code, ALL)
        if read := misread(language, text, spoken.split("||")):
            wrong.append(f"{text} -> {read}")
        total += 1
    assert total >= 35
    assert not wrong, "\n".join(wrong)


def test_every_language_has_a_file_of_it() -> None:
    assert {language.code[:2] for language in (*LANGUAGES, GERMAN)} == set(CODES)
