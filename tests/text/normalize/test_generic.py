"""Languages without rules of their own: what CLDR knows of them, and the table of it."""

import importlib.util
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest
from babel import Locale

from tests.support.languages import DUTCH, SWEDISH, UNKNOWN
from tests.support.places import ROOT
from wyoming_kokoro import espeak
from wyoming_kokoro.speech import LANGUAGES, Language
from wyoming_kokoro.text.normalize import locales, normalize
from wyoming_kokoro.text.normalize.generic import language as generic

EVERYTHING = (
    "14:30, -21,5 °C, 45 %, 1 h, 2 kg, 5 km/h, 12,50 €, 2026-06-03, v1.2.3, 10-15, 3/4, #5."
)


def spoken_in(locale: str) -> Language:
    return Language("xx_XX", "", locale, locale, locale, "misaki")


@pytest.mark.parametrize("locale", sorted(generic.locale_names()))
def test_nothing_is_left_in_figures_of_any_language(locale: str) -> None:
    said = normalize(EVERYTHING, spoken_in(locale))
    assert not any(char.isdecimal() for char in said)


@pytest.mark.parametrize(
    ("locale", "written", "spoken"),
    [
        ("pl", "1 kg, 3 kg, 5 kg", "jeden kilogram, trzy kilogramy, pięć kilogramów"),
        ("pl", "1,5 kg", "jeden przecinek pięć kilograma"),
        ("ru", "21 °C, 22 °C, 25 °C", "двадцать один градус Цельсия, двадцать два градуса Цельсия"),
        ("cs", "2 h", "dva hodiny"),
        ("da", "3. juni 2026", "tredje juni"),
        ("fi", "5 %", "viisi prosenttia"),
        ("hu", "2026-06-03", "kétezerhuszonhat június harmadik"),
        ("pt_PT", "16 km", "dezasseis quilómetros"),
        ("pt_PT", "3 de junho de 2026", "três de junho de dois mil e vinte e seis"),
        ("tr", "5 km", "beş kilometre"),
        ("el", "2 €", "δύο ευρώ"),
    ],
)
def test_plurals_dates_and_units_are_those_of_the_language(
    locale: str, written: str, spoken: str
) -> None:
    assert normalize(written, spoken_in(locale)).startswith(spoken)


def test_what_is_no_amount_is_said_as_everywhere() -> None:
    assert normalize("Versie 2026.11.2 op 10.0.0.7", DUTCH) == (
        "Versie tweeduizendzesentwintig punt elf punt twee op tien punt nul punt nul punt zeven"
    )
    assert normalize("Skriv till a.b@exempel.se!", SWEDISH) == (
        "Skriv till a punkt b snabel a exempel punkt S E!"
    )


def test_numbers_of_a_language_that_cldr_does_not_spell_are_left_to_espeak() -> None:
    assert normalize("Li se 5 è.", UNKNOWN) == "Li se 5 è."


def test_every_language_of_the_table_is_read_by_espeak_and_has_no_rules_of_its_own() -> None:
    known = espeak.voice_names()
    assert len(generic.locale_names()) > 50
    for name in generic.locale_names() - {"no", "pt_PT"}:
        assert name.partition("_")[0] in known, name
    own = {language.code.partition("_")[0] for language in LANGUAGES} | {"de"}
    assert not own & generic.locale_names()
    assert {"de", "sv", "en_US"} <= locales()


@pytest.mark.parametrize("name", ["sv", "nl", "pl", "pt_PT"])
def test_the_table_is_what_cldr_has(name: str) -> None:
    made = script().row(name, Locale.parse(name))
    assert made == generic._table()[name], "script/cldr writes it anew"


def script() -> ModuleType:
    path = str(ROOT / "script" / "cldr")
    spec = importlib.util.spec_from_loader("cldr", SourceFileLoader("cldr", path))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
