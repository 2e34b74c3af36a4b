"""What the catalog says of the released models, compared with what the hub says."""

import json
from typing import Any

import pytest

from tests.support.places import SHARED_DIR
from wyoming_kokoro.errors import ConfigurationError, UnknownVoice
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import VERSIONS, ModelVersion, describe, version_named
from wyoming_kokoro.speech import MAX_PHONEMES, US_ENGLISH, Phonemes, Tokens

FACTS = SHARED_DIR / "models"

needs_facts = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the hub's records (../shared/models) are not at hand"
)
every_version = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def tokens(symbols: str, known: int) -> Tokens:
    return Tokens(tuple(range(1, known + 1)), Phonemes(symbols, "words", US_ENGLISH))


@needs_facts
@every_version
def test_every_released_file_is_listed_with_its_size_and_sha256(version: ModelVersion) -> None:
    released = json.loads((FACTS / "manifest.json").read_text(encoding="utf-8"))[version.name]
    listed = {
        file.path: {"size": file.size, "sha256": file.sha256}
        for file in version.files(version.voices)
    }
    assert listed == {p: f for p, f in released["files"].items() if not p.endswith(".onnx")}
    assert version.repo == released["hub_repo"]
    assert version.folder == released.get("folder", "")
    assert released["revision"].split()[0] == version.revision


@needs_facts
@pytest.mark.parametrize("name", ["v1.0", "v1.1-zh"])
def test_vocabulary_and_architecture_are_those_of_the_released_config(name: str) -> None:
    released: dict[str, Any] = json.loads(
        (FACTS / f"config-{name}.json").read_text(encoding="utf-8")
    )
    assert catalog.vocabulary(name) == released.pop("vocab")
    assert catalog.architecture(name) == released


@needs_facts
def test_the_vocabulary_of_v0_19_is_the_released_one() -> None:
    text = (FACTS / "vocab-v0.19.json").read_text(encoding="utf-8")
    assert catalog.vocabulary("v0.19") == json.loads(text)


def test_v0_19_has_the_dimensions_of_v1_0() -> None:
    assert catalog.architecture("v0.19") == catalog.architecture("v1.0")


@every_version
def test_tokens_fit_the_network(version: ModelVersion) -> None:
    architecture = catalog.architecture(version.name)
    assert max(catalog.vocabulary(version.name).values()) < architecture["n_token"]
    assert architecture["plbert"]["max_position_embeddings"] == MAX_PHONEMES + 2


def test_the_number_of_voices_is_the_published_one() -> None:
    assert {v.name: len(v.voices) for v in VERSIONS} == {"v1.0": 54, "v1.1-zh": 103, "v0.19": 11}


@every_version
def test_every_voice_is_described_and_the_default_one_is_among_them(version: ModelVersion) -> None:
    assert all(map(describe, version.voices))
    assert version.default_voice in version.voices


@pytest.mark.parametrize(
    ("name", "language", "female", "description"),
    [
        ("af_heart", "en_US", True, "Heart (US English, female)"),
        ("bm_george", "en_GB", False, "George (British English, male)"),
        ("zf_001", "zh_CN", True, "Voice 001 (Mandarin Chinese, female)"),
        ("pm_santa", "pt_BR", False, "Santa (Brazilian Portuguese, male)"),
        ("af", "en_US", True, "Default (US English, female)"),
    ],
)
def test_a_voice_is_described_by_its_name(
    name: str, language: str, female: bool, description: str
) -> None:
    voice = describe(name)
    assert voice is not None
    assert (voice.name, voice.language.code, voice.female) == (name, language, female)
    assert voice.description == description


@pytest.mark.parametrize("name", ["", "a", "kitchen", "xf_who", "ax_who", "af_", "af-heart"])
def test_a_name_unlike_kokoros_tells_nothing(name: str) -> None:
    assert describe(name) is None


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("en_GB-jarvis-medium", "en_GB"),
        ("en-gb_jarvis", "en_GB"),
        ("EN_gb.Jarvis", "en_GB"),
        ("fr_FR-siwis-low", "fr_FR"),
        ("pt-BR-faber", "pt_BR"),
        ("zh_CN", "zh_CN"),
        ("en_AU-sheila", "en_US"),  # nobody speaks Australian; English is nearer than anything
    ],
)
def test_a_name_that_begins_with_a_language_tag_tells_its_language(
    name: str, language: str
) -> None:
    voice = describe(name)
    assert voice is not None
    assert (voice.name, voice.language.code, voice.female) == (name, language, None)
    assert voice.description == f"{name} ({voice.language.name})"


@pytest.mark.parametrize("name", ["de_DE-thorsten", "en_GBjarvis", "en_GB2", "english", "my_en_GB"])
def test_what_is_no_language_tag_of_a_known_language_tells_nothing(name: str) -> None:
    assert describe(name) is None


@every_version
def test_no_released_voice_is_taken_for_a_language_tag(version: ModelVersion) -> None:
    for name in version.voices:
        voice = describe(name)
        assert voice is not None
        assert (voice.name, voice.language.letter) == (name, name[0])


def test_voices_of_another_version_than_the_default_carry_its_name() -> None:
    bella, default = describe("af_bella", "v0.19"), describe("af", "v0.19")
    assert bella is not None
    assert default is not None
    assert (bella.name, bella.description) == (
        "v0.19/af_bella",
        "Bella (US English, female, v0.19)",
    )
    assert default.description == "Default (US English, female, v0.19)"


@pytest.mark.parametrize("name", ["v1.0", "v1.1-zh"])
def test_a_v1_style_row_is_the_number_of_phonemes_less_one(name: str) -> None:
    version = version_named(name)
    assert version.style_row(tokens("hˈɛlO", 3)) == 4
    assert version.style_row(tokens("a" * 510, 510)) == 509 == version.pack_rows - 1


def test_a_v0_19_style_row_is_the_number_of_tokens() -> None:
    version = version_named("v0.19")
    assert version.style_row(tokens("həlˈoʊ", 5)) == 5
    assert version.style_row(tokens("a" * 510, 510)) == 510 == version.pack_rows - 1


@every_version
def test_no_sentence_falls_outside_of_a_voice_pack(version: ModelVersion) -> None:
    assert version.style_row(tokens("", 0)) == 0
    assert version.style_row(tokens("a" * 2000, 2000)) == version.pack_rows - 1


def test_a_voice_is_needed_once_however_often_it_is_named() -> None:
    files = version_named("v1.0").files(["af_heart", "bm_george", "af_heart"])
    assert [file.path for file in files] == [
        "kokoro-v1_0.pth",
        "config.json",
        "voices/af_heart.pt",
        "voices/bm_george.pt",
    ]


def test_v0_19_needs_no_config() -> None:
    assert [f.path for f in version_named("v0.19").files([])] == ["kokoro-v0_19.pth"]


def test_a_version_is_known_in_any_case() -> None:
    assert version_named("V1.1-ZH") is version_named("v1.1-zh")


def test_an_unknown_version_is_refused_naming_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"'v2'; there are v1\.0, v1\.1-zh, v0\.19"):
        version_named("v2")


def test_an_unknown_voice_is_refused_naming_the_version() -> None:
    with pytest.raises(UnknownVoice, match=r"v1\.0 was not released with a voice 'af_hart'"):
        version_named("v1.0").voice_file("af_hart")


def test_facts_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        catalog.vocabulary("v1.0")["a"] = 1  # type: ignore[index]  # that it cannot is the test
    with pytest.raises(TypeError):
        version_named("v1.0").voices["me"] = version_named("v1.0").checkpoint  # type: ignore[index]  # the same
