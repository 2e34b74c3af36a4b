import pytest

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

ES = language_named("es_ES")


def said(text: str) -> str:
    return normalize(text, ES)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("21 luces", "veintiuna luces"),
        ("1 puerta", "una puerta"),
        ("1 sensor", "un sensor"),
        ("31 días", "treinta y un días"),
        ("1 problema", "un problema"),
        ("200 canciones", "doscientas canciones"),
        ("200.000 personas", "doscientas mil personas"),
        ("1 de 3", "uno de tres"),
        ("1 millón de euros", "un millón de euros"),
        ("1.000.000 €", "un millón de euros"),
        ("21 kWh", "veintiún kilovatios hora"),
        ("21 h", "veintiuna horas"),
    ],
)
def test_a_number_agrees_with_what_it_counts(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Son las 7:05.", "Son las siete y cinco."),
        ("Son las 1:30.", "Es la una y media."),
        ("Son las 14:30 h.", "Son las catorce treinta."),
        ("Son las 00:00.", "Son las cero horas."),
        ("A las 8:15 p. m.", "A las ocho y cuarto de la tarde."),
        ("a las 14.30", "a las catorce treinta"),
        ("a las 21", "a las veintiuna"),
        ("10:00–11:30", "de diez a once y media"),
        ("8h30", "ocho horas y treinta minutos"),
    ],
)
def test_times_of_day_are_said_on_either_clock(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3º piso", "tercer piso"),
        ("la 2ª planta", "la segunda planta"),
        ("21º en el salón", "veintiún grados en el salón"),
        ("quedó 3º", "quedó tercero"),
        ("11.º", "undécimo"),
        ("Luis XIV y Felipe VI", "Luis catorce y Felipe sexto"),
        ("los siglos XV y XVI", "los siglos quince y dieciséis"),
        ("II Guerra Mundial", "Segunda Guerra Mundial"),
    ],
)
def test_places_are_told_from_degrees_and_letters(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1.250,5", "mil doscientos cincuenta coma cinco"),
        ("0.125", "cero coma ciento veinticinco"),
        ("10 482 pasos", "diez mil cuatrocientos ochenta y dos pasos"),
        ("$1,234.56", "mil doscientos treinta y cuatro dólares con cincuenta y seis centavos"),
        ("1.234.567", "un millón doscientos treinta y cuatro mil quinientos sesenta y siete"),
        ("20.11.2026", "veinte de noviembre de dos mil veintiséis"),
        ("versión 1.21", "versión uno punto veintiuno"),
        ("hoy, 20/11", "hoy, veinte de noviembre"),
        ("3 m x 4 m", "tres metros por cuatro metros"),
    ],
)
def test_points_and_commas_mean_what_they_do_in_spain(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("TV", "te uve"),
        ("HDMI", "hache de eme i"),
        ("ONU", "onu"),
        ("LA LUZ", "la luz"),
        ("ALERTA", "alerta"),
        ("USB", "u ese be"),
        ("4K", "cuatro ka"),
        ("2 GB", "dos gigabytes"),
    ],
)
def test_capitals_and_loanwords_are_said_as_in_spain(written: str, spoken: str) -> None:
    assert said(written) == spoken
