import pytest

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

IT = language_named("it_IT")


def said(text: str) -> str:
    return normalize(text, IT)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1 luce", "una luce"),
        ("1 ora", "un'ora"),
        ("1 dispositivo", "un dispositivo"),
        ("1 zaino", "uno zaino"),
        ("1 problema", "un problema"),
        ("1 stazione", "una stazione"),
        ("1 amica", "un'amica"),
        ("1 su 3", "uno su tre"),
        ("21 luci", "ventuno luci"),
        ("1 h", "un'ora"),
        ("1 kWh", "un chilowattora"),
        ("1.000.000 €", "un milione di euro"),
        ("5mila euro", "cinquemila euro"),
    ],
)
def test_one_agrees_with_what_it_counts(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("al 80%", "all'ottanta per cento"),
        ("Il 8 marzo", "L'otto marzo"),
        ("dal 8 al 11", "dall'otto all'undici"),
        ("il 1 maggio", "il primo maggio"),
        ("dell'1 gennaio", "del primo gennaio"),
        ("Sono le 1:30.", "È l'una e trenta."),
        ("alle 1:05", "all'una e cinque"),
        ("alle 00:00", "a mezzanotte"),
        ("Sono le ore 00:00.", "È mezzanotte."),
    ],
)
def test_articles_give_way_to_what_follows(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Sono le 7:05.", "Sono le sette e cinque."),
        ("alle 14.30", "alle quattordici e trenta"),
        ("alle 6:30 AM", "alle sei e trenta del mattino"),
        ("10:00–11:30", "dalle dieci alle undici e trenta"),
        ("dalle 9:00-17:00", "dalle nove alle diciassette"),
        ("10-15 minuti", "da dieci a quindici minuti"),
        ("tra 10-15 minuti", "tra dieci e quindici minuti"),
        ("in 10-15 minuti", "in dieci, quindici minuti"),
        ("20-22 novembre", "dal venti al ventidue novembre"),
        ("alle 5 l'allarme", "alle cinque l'allarme"),
    ],
)
def test_times_and_ranges_are_said_with_their_words(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3° piano", "terzo piano"),
        ("21° fuori", "ventuno gradi fuori"),
        ("la 2ª porta", "la seconda porta"),
        ("1° maggio", "primo maggio"),
        ("Luigi XIV", "Luigi quattordicesimo"),
        ("Elisabetta II", "Elisabetta seconda"),
        ("XXI secolo", "ventunesimo secolo"),
    ],
)
def test_places_are_told_from_degrees_and_letters(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("TV", "ti vu"),
        ("USB", "u esse bi"),
        ("RAI", "rai"),
        ("LA LUCE", "la luce"),
        ("versione 1.2", "versione uno punto due"),
        ("L'IP", "L'i pi"),
    ],
)
def test_capitals_and_loanwords_are_said_as_in_italy(written: str, spoken: str) -> None:
    assert said(written) == spoken
