"""What a checkpoint may declare of its languages, and what is told of a mistake."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.own_checkpoint import GERMAN, own_checkpoint
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models.catalog import describe, foreign_language
from wyoming_kokoro.models.languages import (
    LARGEST_FILE,
    MOST_LANGUAGES,
    NOTHING_DECLARED,
    Declared,
    Readable,
    declared_beside,
)

READABLE = Readable({"de", "sv", "nl", "pt"}, {"de", "sv", "pt_PT"})


def declared(folder: Path, *languages: Any) -> Declared:
    return declared_beside(own_checkpoint(folder, [*languages]), READABLE)


def test_a_checkpoint_without_the_file_declares_nothing(tmp_path: Path) -> None:
    assert declared_beside(own_checkpoint(tmp_path / "own"), READABLE) is NOTHING_DECLARED


def test_what_is_not_written_follows_from_the_code(tmp_path: Path) -> None:
    [german] = declared(tmp_path / "own", GERMAN).languages
    assert (german.code, german.letter, german.name) == ("de_DE", "d", "German")
    assert (german.espeak, german.locale, german.notation) == ("de", "de", "misaki")


def test_all_that_may_be_written_counts(tmp_path: Path) -> None:
    dutch = {
        "code": "nl_BE",
        "name": "Flemish",
        "letter": "v",
        "reader": "espeak",
        "espeak": "nl",
        "notation": "espeak",
        "replace": {"ɣ": "x", "ʏ": ""},
        "locale": "sv",
    }
    [language] = declared(tmp_path / "own", dutch).languages
    assert language.replaced == (("ɣ", "x"), ("ʏ", ""))
    assert (language.espeak, language.notation, language.locale) == ("nl", "espeak", "sv")


def test_a_language_whose_numbers_nobody_knows_leaves_them_to_espeak(tmp_path: Path) -> None:
    dutch = {"code": "nl_NL", "name": "Dutch", "letter": "n"}
    [language] = declared(tmp_path / "own", dutch).languages
    assert language.locale == ""


def test_misaki_reads_what_it_knows_under_another_letter(tmp_path: Path) -> None:
    english = {"code": "en_GB", "name": "Scots English", "letter": "s", "reader": "misaki"}
    [language] = declared(tmp_path / "own", english).languages
    assert (language.code, language.letter, language.notation) == ("en_GB", "s", "")


def test_voices_are_of_a_language_by_their_letter_or_by_the_file(tmp_path: Path) -> None:
    portuguese = {"code": "pt_PT", "name": "Portuguese", "voices": ["pf_joana", "Rui"]}
    found = declared(tmp_path / "own", GERMAN, portuguese)
    codes = {}
    for name in ("df_anna", "pf_joana", "Rui", "pf_dora", "af_heart"):
        voice = describe(name, "de", found)
        assert voice is not None
        codes[name] = voice.language.code
    assert list(codes.values()) == ["de_DE", "pt_PT", "pt_PT", "pt_BR", "en_US"]
    assert foreign_language("df_anna", found) == ""
    assert foreign_language("df_anna") == "d"
    assert foreign_language("af_me") == "", "like Kokoro's own, though af is a language as well"
    anna = describe("df_anna", "de", found)
    assert anna is not None
    assert (anna.name, anna.description) == ("de/df_anna", "Anna (German, female, de)")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "must be JSON in UTF-8"),
        ("[]", "it must be"),
        ('{"languages": []}', "with 1 to 16 languages"),
        ('{"languages": [], "extra": 1}', "it must be"),
        ('{"languages": [{"code": "de_DE", "code": "sv_SE"}]}', "'code' twice"),
        ("[" * 60_000, "JSON"),
        (json.dumps({"languages": [GERMAN] * (MOST_LANGUAGES + 1)}), "1 to 16"),
        (" " * (LARGEST_FILE + 1), f"larger than {LARGEST_FILE} bytes"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str, told: str) -> None:
    checkpoint = own_checkpoint(tmp_path / "own", content)
    with pytest.raises(ConfigurationError, match=r"languages\.json: ") as refused:
        declared_beside(checkpoint, READABLE)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"code": "german"}, "code is 'german', but must be language and country, as de_DE"),
        ({"code": None}, "code is missing"),
        ({"code": 7}, "code is '7'"),
        ({"name": ""}, "name is ''"),
        ({"name": "a\x00b"}, "name must be letters on one line"),
        ({"letter": "dd"}, "letter is 'dd', but must be one small letter"),
        ({"letter": ""}, "neither letter nor voices"),
        ({"reader": "phonemizer"}, "reader is 'phonemizer', but must be one of espeak, misaki"),
        ({"reader": "misaki"}, "misaki, which reads en_US, en_GB, ja_JP, zh_CN and not de_DE"),
        ({"espeak": "../../etc"}, "espeak is '../../etc'"),
        ({"espeak": "xx"}, "espeak-ng has no voice 'xx'"),
        ({"notation": "ipa"}, "notation is 'ipa', but must be one of misaki, espeak"),
        ({"locale": "xx"}, "the numbers of 'xx' are not known here; leave it away"),
        ({"replace": ["a"]}, "replace must be an object"),
        ({"replace": {"a": 1}}, "replace: 'a' must be a phoneme"),
        ({"replace": {"": "b"}}, "replace: '' must be a phoneme"),
        ({"replace": {"a": "b" * 9}}, "at most 8 signs"),
        ({"voices": "df_anna"}, "voices must be a list"),
        ({"voices": ["../df_anna"]}, "'../df_anna' cannot be a voice's name"),
        ({"voice": "df_anna"}, "'voice' is no key; keys are code, espeak, letter"),
    ],
)
def test_a_mistake_is_named_with_its_file_its_entry_and_what_is_allowed(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    entry = {key: value for key, value in {**GERMAN, **change}.items() if value is not None}
    with pytest.raises(ConfigurationError) as refused:
        declared(tmp_path / "own", entry)
    message = str(refused.value)
    assert message.startswith(str(tmp_path / "own" / "languages.json"))
    assert "languages[1]: " in message
    assert told in message


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"letter": "e"}, "languages[2]: code 'de_DE' is there twice"),
        ({"code": "sv_SE"}, "languages[2]: letter 'd' is that of another language too"),
        (
            {"code": "sv_SE", "letter": "s", "voices": ["anna"]},
            "languages[2]: voices: 'anna' speaks another language already",
        ),
    ],
)
def test_two_languages_do_not_share_code_letter_or_voice(
    tmp_path: Path, second: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        declared(tmp_path / "own", {**GERMAN, "voices": ["anna"]}, {**GERMAN, **second})
    assert told in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GERMAN, "voices", "replace", "locale"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(entry=JSON)
def test_no_declaration_is_too_odd_for_a_clear_answer(
    tmp_path_factory: pytest.TempPathFactory, entry: object
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "languages.json").write_text(json.dumps({"languages": [entry]}))
    try:
        assert declared_beside(folder / "model.pth", READABLE).languages
    except ConfigurationError as error:
        assert "languages[1]" in str(error)
