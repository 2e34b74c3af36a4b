import pytest

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

FR = language_named("fr_FR")


SAID = {
    # Gender
    "1 fuite et 1 appareil": "une fuite et un appareil",
    "51 minutes, 61 secondes, 71 heures": (
        "cinquante et une minutes, soixante et une secondes, soixante et onze heures"
    ),
    "1 kg, 1 t et 21 min": "un kilogramme, une tonne et vingt et une minutes",
    "La zone 1 est armée.": "La zone un est armée.",
    "1 musée, 1 étage": "un musée, un étage",
    "2-3 heures ou 20-21 lampes": "deux à trois heures ou vingt à vingt et une lampes",
    # Numbers
    "80, 81, 91, 200 et 201": (
        "quatre-vingts, quatre-vingt-un, quatre-vingt-onze, deux cents et deux cent un"
    ),
    "1 234 567": ("un million deux cent trente-quatre mille cinq cent soixante-sept"),
    "12\u202f500 pas": "douze mille cinq cents pas",
    "3.141 kWh": "trois virgule cent quarante et un kilowattheures",
    "1.250 €": "mille deux cent cinquante euros",
    "0,05": "zéro virgule zéro cinq",
    "le 81e et la 101e": "le quatre-vingt-unième et la cent unième",
    "le 2nd, la 2nde": "le second, la seconde",
    # Times
    "21h21": "vingt et une heures vingt et une",
    "14:07:30": "quatorze heures sept minutes et trente secondes",
    "7 h 05": "sept heures cinq",
    "8h30 et 12h": "huit heures trente et douze heures",
    "2h15min": "deux heures quinze minutes",
    "7:05 PM": "sept heures cinq du soir",
    "30 min. plus tard": "trente minutes plus tard",
    # Dates
    "mer. 20 nov. 2026": "mercredi vingt novembre deux mille vingt-six",
    "Je vois la mer.": "Je vois la mer.",
    "samedi, 14/07": "samedi, quatorze juillet",
    "lun.-ven.": "lundi à vendredi.",
    # Money
    "5€50": "cinq euros et cinquante centimes",
    "0,89 €": "quatre-vingt-neuf centimes",
    "2 Md€ et 1 M€": "deux milliards d'euros et un million d'euros",
    "3 millions de km": "trois millions de kilomètres",
    # Names and codes
    "M. Le Goff": "monsieur Le Goff",
    "Le Parrain II": "Le Parrain deux",
    "le XIXe siècle": "le dix-neuvième siècle",
    "le code est 0421": "le code est zéro quatre deux un",
    "le 3615 et 0 800 123 456": (
        "le trois mille six cent quinze et zéro huit cents, cent vingt-trois, "
        "quatre cent cinquante-six"
    ),
    "vent NO 20 km/h": "vent nord-ouest vingt kilomètres par heure",
    "8°/15°": "huit à quinze degrés",
    "1m75": "un mètre soixante-quinze",
    "J-3": "J moins trois",
    "saison 2024/2025, p. 12": "saison deux mille vingt-quatre, deux mille vingt-cinq, page douze",
    "3,25 %/an": "trois virgule vingt-cinq pour cent par an",
    "GPU, DPE et RAM": "G P U, D P E et ram",
    "2 c. à s. de sucre": "deux cuillères à soupe de sucre",
    "2 ½ tasses": "deux tasses et demie",
    "le 3/4 de litre": "le trois quarts de litre",
}


@pytest.mark.parametrize("written", SAID)
def test_what_only_french_writes_is_said(written: str) -> None:
    assert normalize(written, FR) == SAID[written]
