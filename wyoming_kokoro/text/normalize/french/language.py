"""French: the words for figures and signs.

Times of day are said as "dix-neuf heures cinq" and "douze heures", which is right in any sentence;
"midi", "minuit", "et quart" and "et demie" are not. Points in numbers are decimal signs, for so
raw states have them; thousands are written with spaces.
"""

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.french.rules import last_rules, postprocess, rules
from wyoming_kokoro.text.normalize.french.units import UNITS
from wyoming_kokoro.text.normalize.french.words import (
    ABBREVIATIONS,
    ACRONYMS,
    COUNTED,
    MONEY,
    NAME_WORDS,
    SIGNS,
    WORDS,
)
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Figure, Numbers, is_below_two
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import numbered, pairs, words


def _say_date(day: int, month: int, year: int | None) -> str:
    words = f"{_say_day(day)} {_MONTHS[month - 1]}"
    return f"{words} {cardinal(FR, year)}" if year else words


def _say_day(day: int) -> str:
    return "premier" if day == 1 else cardinal(FR, day)


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "dix-neuf heures cinq", "sept heures du matin"."""
    words = _say_count(hour, "heure")
    if minute or second:
        words += f" {_say_count(minute, 'minute') if second else cardinal(FR, minute, FEMININE)}"
    if second:
        words += f" et {_say_count(second, 'seconde')}"
    return f"{words} {_half_of_day(hour, half)}" if half else words


def _say_count(number: int, noun: str) -> str:
    plural = "" if is_below_two(Figure(str(number))) else "s"
    return f"{cardinal(FR, number, FEMININE)} {noun}{plural}"


def _half_of_day(hour: int, half: str) -> str:
    if half == "am":
        return "du matin"
    return "de l'après-midi" if hour % 12 < 6 else "du soir"


def _say_fraction(number: int, total: int) -> str:
    names = {2: "demi", 3: "tiers", 4: "quart"}
    name = names.get(total) or ordinal(FR, total)
    plural = "" if number == 1 or name.endswith("s") else "s"
    return f"{cardinal(FR, number)} {name}{plural}"


_MONTHS = words(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
_MONTH_SIGNS = numbered(
    "jan/janv fév/févr/fev/fevr mar avr mai juin jui/juil aoû/aout sep/sept oct nov déc/dec"
)
_DAYS = words("lundi mardi mercredi jeudi vendredi samedi dimanche")

FR: Locale = Locale(
    numbers=Numbers(
        language="fr",
        cardinals={"": "spellout-cardinal-masculine", FEMININE: "spellout-cardinal-feminine"},
        ordinals={"": "spellout-ordinal-masculine", FEMININE: "spellout-ordinal-feminine"},
        years="spellout-cardinal-masculine",
        # CLDR has "quatre-vingt-et-unième", and "vingt-et-un" as the reform of 1990 writes it.
        respell={
            "quatre-vingt-et-": "quatre-vingt-",
            "cent-et-": "cent ",
            "mille-et-": "mille ",
            "-et-": " et ",
        },
        decimals=",.",
        groups=" \u00a0\u202f",
        point="virgule",
        fraction_as_number=True,
        is_one=is_below_two,
        ordinal_signs={
            **dict.fromkeys(
                ("er", "ers", "e", "es", "è", "ème", "èmes", "eme", "ième", "ieme"), ""
            ),
            **dict.fromkeys(("re", "res", "ère", "ères", "ere"), FEMININE),
        },
    ),
    dates=Dates(
        months=_MONTHS,
        month_signs=_MONTH_SIGNS,
        order="dmy",
        say=_say_date,
        day=_say_day,
        day_signs="er|ᵉʳ",
        short_before="|".join(("le", "du", "au", *(f"{day},?" for day in _DAYS))),
        weekdays=_DAYS,
        decade=lambda first: f"années {cardinal(FR, first)}",
    ),
    clock=Clock(
        say=_say_clock,
        separators=":h",
        timer_words=r"minuteurs?|minuterie|restante?s?|reste|durée|chronomètre|écoulée?s?",
        swallowed=r"h(?:eures?)?",
    ),
    units=UNITS,
    money=MONEY,
    minus="moins",
    plus="plus",
    span="{start} à {end}",
    score="{start} à {end}",
    score_words=r"scores?|gagn\w+|perd\w*|match|victoire|défaite|mènent?|menait|battu\w*|but\w*|nul",
    ratio="{start} pour {end}",
    rating="{number} sur {total}",
    fractions={(1, 2): "un demi"},
    fraction=_say_fraction,
    over="{number} sur {total}",
    mixed="{whole} et {fraction}",
    mixed_fractions={(1, 2): "demi"},
    fractioned="de|du|d'",
    signs=SIGNS,
    power={
        "2": "{base} au carré",
        "3": "{base} au cube",
        "": "{base} puissance {exponent}",
    },
    times="{number} fois",
    times_form=FEMININE,
    by="{start} par {end}",
    number_sign="numéro",
    dot="point",
    at="arobase",
    slash="slash",
    dash="tiret",
    colon="deux-points",
    hashtag="hashtag",
    read_endings=frozenset(["me"]),
    version_point="point",
    ip_in_numbers=True,
    star="étoile",
    hash="dièse",
    asterisk="astérisque",
    longest_unbroken=8,
    announcing=WORDS.codes,
    linking=WORDS.linked,
    compass=pairs("N: nord, S: sud, E: est, O: ouest, W: ouest"),
    factorial="factorielle {number}",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    name_words=NAME_WORDS,
    roman_cardinals=COUNTED,
    postprocess=postprocess,
    rules=rules,
    last_rules=last_rules,
)
