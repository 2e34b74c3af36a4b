"""Abbreviations, acronyms and Roman numerals said in words."""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_ROMAN = r"(?=[IVXL])(?:X?L|(?!.L))X{0,3}(?:IX|IV|V?I{0,3})(?![\w'’]|\.\w)"
_TITLES = (
    "cmdr cpt maj pres messrs capt col gen gov hon lt rep rev sen sgt mt ft mr mrs ms mx dr drs "
    "dra dre "
    "sr sra srta mme mlle mgr sig sigg dott ing geom avv arch eng prof"
)
_SHORTENED = (
    "jr sr co corp inc ltd llc bros dept al opt obs ap apt apto appt bat bât app av bd bldg rm "
    "ste sq ln "
    "pkwy rd ave blvd hwy min max avg hr hrs mins sec secs tel tél temp ref réf viz resp esp "
    "excl incl "
    "env aprox approx cf ca circ vs etc ecc ex núm núms nr nro vol vols fig figs cap caps chap "
    "chaps ch "
    "pg pag pagg pág págs art arts tab int ext sect secc seç séc sécs eq rif moy máx mín pers "
    "ét dpto "
    "depto ud uds vd vds lbs oz tbsp tsp gal yd mi xíc col colh cda cdas cdta cdtas"
)
_NEVER_LAST = frozenset(["cap.", "art."])
"""What is a word where nothing follows."""

_BEGINNINGS = (
    "The|It|This|That|These|Those|And|But|He|She|We|They|You|In|On|At|If|When|Then|An|There|Please|Is|"
    "Are|Do|So|Now|My|Your|Our|For|To|What|How|Why|Who|Yes|No|Let|Here|Also|After|El|La|Los|Las|Un|"
    "Una|Le|Les|Une|Des|Il|Elle|Lo|Gli|Os|As|Um|Uma|Es|Se|De|Para|Ahora|Ora|Agora"
)
"""What begins a sentence rather than the name of somebody with an initial."""

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for names in letters and figures, and for Roman numerals."""
    if locale.acronyms:
        acronyms = "|".join(sorted(map(re.escape, locale.acronyms), key=len, reverse=True))
        yield Rule(
            "acronym",
            re.compile(rf"(?<![\w.])(?:{acronyms})(?![\w]|\.\w)"),
            lambda found: locale.acronyms[found.group()],
        )
    yield Rule(
        "roman.item",
        re.compile(r"(?<![^\s(,;])(?!mix|mi\b|di\b|vi\b)([ivx]{1,5})\)(?=\s)"),
        partial(_say_item, locale),
    )
    if locale.roman_ordinals:
        yield Rule(
            "roman.ordinal",
            re.compile(rf"(?<!\w)({locale.roman_ordinals}) ({_ROMAN})"),
            lambda found: _say_place(locale, found[1], found[2]),
        )
    if locale.roman_cardinals:
        yield Rule(
            "roman.cardinal",
            re.compile(rf"(?<!\w)({locale.roman_cardinals}) ({_ROMAN})"),
            lambda found: f"{found[1]} {cardinal(locale, roman_value(found[2]))}",
        )


def _say_item(locale: Locale, found: re.Match[str]) -> str | None:
    """Say the number of `ii)`; of `i)`, `v)` and `x)` only in a list with others or at first."""
    numeral = found[1].upper()
    if not is_roman(numeral):
        return None
    start, end = max(0, found.start() - 200), found.end() + 200
    if numeral in "IVX" and not found.start():
        return f"{cardinal(locale, roman_value(numeral))})"
    if len(numeral) == 1 and not re.compile(r"(?<!\w)[ivx]{2,5}\)").search(
        found.string, start, end
    ):
        return None
    return f"{cardinal(locale, roman_value(numeral))})"


def point_rule() -> Rule:
    """Return the rule that takes the point off what is shortened and was not written out, where the
    sentence goes on: it would be read as its end."""
    shortened = frozenset(_SHORTENED.split())
    titles = frozenset(_TITLES.split())

    def say(found: re.Match[str]) -> str | None:
        word = found[1].lower()
        goes_on = word in titles or (word in shortened and found[2])
        return found[1] if goes_on else None

    return Rule(
        "point",
        re.compile(r"(?<![\w.])([^\W\d_]{2,9}+)\.(?=,?\s(?:([a-zß-ÿ\d])|\w))"),
        say,
    )


def initial_rule(locale: Locale) -> Rule:
    """Return the rule for the letters of names, whose point is no full stop: "J. K. Rowling"."""
    english = locale.numbers.language == "en"  # where A alone would be an article
    return Rule(
        "initial",
        re.compile(
            r"([A-ZÀ-Þ])(?<![\w.'’].)\.(?:(?<=[A-ZÀ-Þ] [A-ZÀ-Þ]\.)(?=\s[a-zß-ÿ])"
            r"|\s(?=(?:(?:and|et|e|y)\s)?[A-ZÀ-Þ](?:\.|[a-zß-ÿ'’]{2}))"
            rf"(?!(?:{_BEGINNINGS})(?![\w'’])))"
        ),
        lambda found: "A-" if found[1] == "A" and english else f"{found[1]} ",
    )


def roman_sign_rule() -> Rule:
    """Return the rule for numerals that have a sign of their own, U+2160 and after: as letters
    behind a name or the like, for they may order, else as figures."""
    return Rule(
        "roman.sign",
        re.compile(r"[\u2160-\u217f]{1,4}"),
        _write_roman,
    )


def _write_roman(found: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFKC", found.group()).upper()
    word = re.search(
        r"(?<!\w)(\w)\w*+\s\Z", found.string[max(0, found.start() - 30) : found.start()]
    )
    if word and word[1].isupper() and set(letters) <= _ROMAN_VALUES.keys():
        return letters
    return f" {sum(int(unicodedata.numeric(sign, 0)) for sign in found.group())} "


def is_roman(numeral: str) -> bool:
    """Say whether `numeral` is a Roman one below ninety as it is written today."""
    return re.fullmatch(r"(?:X?L|(?!.L))X{0,3}(?:IX|IV|V?I{0,3})", numeral) is not None


def roman_value(numeral: str) -> int:
    """Return the value of a Roman numeral below ninety."""
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )


def _say_place(locale: Locale, name: str, numeral: str) -> str:
    value = roman_value(numeral)
    number = (ordinal if value <= locale.last_roman_ordinal else cardinal)(locale, value)
    return f"{name} {locale.roman_ordinal.format(number=number)}"


def abbreviation_rule(locale: Locale) -> Rule:
    """Return the rule that writes abbreviations out; at the end of a sentence its point stays."""
    words = {**locale.abbreviations}
    for written, word in locale.abbreviations.items():
        words.setdefault(written[:1].upper() + written[1:], word[:1].upper() + word[1:])
    written = "|".join(
        re.escape(short) + (r"(?![\w])" if short[-1].isalnum() else "")
        for short in sorted(words, key=len, reverse=True)
    )

    def say(found: re.Match[str]) -> str | None:
        word = words[found.group()]
        rest = found.string[found.end() :]
        following = rest.strip(" .\"'”’)»")
        if found.group() in _NEVER_LAST and (not following or following[0].isupper()):
            return None
        if found.group().endswith(".") and not rest.strip(" \"'”’)»"):
            return f"{word}."
        spaced = rest[:1].isalnum()
        return f"{word} " if spaced else word

    return Rule("abbreviation", re.compile(rf"(?<![\w.])(?:{written})"), say)
