"""German: what its own rules do."""

import pytest

from tests.support.languages import GERMAN
from wyoming_kokoro.text.normalize import normalize, say_date, say_ordinal
from wyoming_kokoro.text.reading.sentences import SentenceSplitter


def said(text: str) -> str:
    return normalize(text, GERMAN)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1 Licht", "Ein Licht"),
        ("nur 1 Lampe", "nur eine Lampe"),
        ("für 1 Tag", "für einen Tag"),
        ("seit 1 Tag", "seit einem Tag"),
        ("mit 1 Schlafzimmerlampe", "mit einer Schlafzimmerlampe"),
        ("in 1 h", "in einer Stunde"),
        ("über 1 m", "über einen Meter"),
        ("bei 1 %", "bei einem Prozent"),
        ("Du hast 1 neuen Termin.", "Du hast einen neuen Termin."),
        ("1 Mio. Menschen", "eine Million Menschen"),
        ("1-2 Tage", "ein bis zwei Tage"),
        ("1 von 3", "eins von drei"),
        ("Kanal 1 Das Erste", "Kanal eins Das Erste"),
        ("21 Lampen", "einundzwanzig Lampen"),
        ("101 Punkte", "hunderteins Punkte"),
        ("1 1/2 Stunden", "eineinhalb Stunden"),
    ],
)
def test_one_has_the_gender_and_the_case_of_what_it_counts(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("am 3. Juni", "am dritten Juni"),
        ("der 3. Juni", "der dritte Juni"),
        ("3. Juni", "dritter Juni"),
        ("vom 3. bis 5. Juni", "vom dritten bis fünften Juni"),
        ("am Freitag, 13. März 2026", "am Freitag, dreizehnten März zweitausendsechsundzwanzig"),
        ("am 24.12.", "am vierundzwanzigsten Dezember."),
        ("am 1.5.2020 war", "am ersten Mai zweitausendzwanzig war"),
        ("in der 3. Etage", "in der dritten Etage"),
        ("die Tür der 3. Etage", "die Tür der dritten Etage"),
        ("der 3. Versuch", "der dritte Versuch"),
        ("mein 3. Versuch", "mein dritter Versuch"),
        ("dein 1. Licht", "dein erstes Licht"),
        ("auf 2. Platz", "auf zweitem Platz"),
        ("die 1., 2. und 3. Etage", "die erste, zweite und dritte Etage"),
        ("Platz 3.", "Platz drei."),
        ("Heute ist der 3.", "Heute ist der dritte."),
        ("Ludwig XIV. kam", "Ludwig der vierzehnte kam"),
        ("von Elisabeth II. gebaut", "von Elisabeth der zweiten gebaut"),
        ("Karls V. Reich", "Karls des fünften Reich"),
    ],
)
def test_ordinals_end_as_the_words_around_ask(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("7:05 Uhr", "sieben Uhr fünf"),
        ("um 14.30 Uhr", "um vierzehn Uhr dreißig"),
        ("1 Uhr", "ein Uhr"),
        ("9-17 Uhr", "neun bis siebzehn Uhr"),
        ("7 PM", "sieben Uhr abends"),
        ("2 Std. 15 Min. lang", "zwei Stunden und fünfzehn Minuten lang"),
        ("Version 1.2", "Version eins Punkt zwei"),
        ("1.200,50 €", "tausendzweihundert Euro und fünfzig Cent"),
        ("21.5 °C", "einundzwanzig Komma fünf Grad Celsius"),
        ("5 kHz", "fünf Kilohertz"),
        ("2 TL Salz", "zwei Teelöffel Salz"),
        ("im Jahr 1998", "im Jahr neunzehnhundertachtundneunzig"),
        ("die 80er", "die achtziger"),
    ],
)
def test_times_money_and_measures_are_said_as_in_germany(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    "sentences",
    [
        ("Am 3. Juni ist Feiertag.", "Danach nicht."),
        ("Sie steht auf Platz 3.", "Danach kommt Köln."),
        ("Ich wohne in der 3. Etage.", "Komm vorbei."),
        ("Kauf z. B. Milch, Brot usw.", "Dann komm heim."),
        ("Ludwig II. baute es.", "Es ist schön."),
        ("Die 1., 2. und 3. Etage.", "Ende."),
        ("Hauptstr. 5.", "Das ist hier."),
        ("Prof. Dr. Müller und Fr. Meier kommen.", "Gut."),
        ("Es kostet 4 Mio. Euro.", "Das ist viel."),
        ("Am 24.12. um 18 Uhr.", "Gut."),
        ("Es ist der 3.", "Das ist gut."),
    ],
)
def test_points_of_ordinals_and_abbreviations_end_no_sentence(sentences: tuple[str, ...]) -> None:
    splitter = SentenceSplitter(language="de")
    text = " ".join(sentences)
    assert (*splitter.add(text), *splitter.finish()) == sentences


def test_what_ssml_says_something_is_is_said_so() -> None:
    assert say_ordinal(3, GERMAN) == "dritte"
    assert say_date(3, 6, 2026, GERMAN) == "dritter Juni zweitausendsechsundzwanzig"
