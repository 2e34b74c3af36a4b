"""What only Italian writes, and what its words do to those that follow."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    cardinal,
    is_near,
    ordinal,
    say_digits,
)
from wyoming_kokoro.text.normalize.italian import times
from wyoming_kokoro.text.normalize.italian.gender import (
    ELIDED,
    FEMININE,
    form_before,
    form_of_acronym,
)
from wyoming_kokoro.text.normalize.italian.words import SPELLER, WORDS
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.romance import rules as romance
from wyoming_kokoro.text.normalize.romance.numbers import agreeing_rule
from wyoming_kokoro.text.normalize.tables import words
from wyoming_kokoro.text.normalize.units import unit_named
from wyoming_kokoro.text.normalize.words import roman_value

_ORDERED = re.compile(
    r"pian[oi]|post[oi]|turn[oi]|giorn[oi]|ann[oi]|tentativ[oi]|livell[oi]|compleann[oi]|secol[oi]|"
    r"anniversari[oi]|class[ei]|element[oi]|volt[ae]|fil[ae]|capitol[oi]|binari[oi]|episodi[oi]|"
    r"trimestr[ei]|semestr[ei]|tempo|set|gol|classificat[oa]|minut[oi]|or[ae]"
)
_ABOUT_WARMTH = re.compile(
    r"(?:est|int)ern[oi]|centigradi|previst[oi]|impostat[oi]|percepit[oi]|attual[ei]|Celsius"
)
_NUMBER = r"-?\d+(?:[.,]\d+)?"
_PREPOSITIONS = (
    "in|per|di|a|ogni|circa|con|su|entro|dopo|altri|altre|ultimi|ultime|prossimi|prossime|"
    "i|gli|le|dei|delle|nei|nelle|sui|nel|del"
)


def rules(it: Locale) -> Iterator[Rule]:
    """Yield the rules of `it`, the table."""
    yield from _digit_rules(it)
    yield from times.rules(it)
    yield from _ordinal_rules(it)
    yield _half_rule(it)
    yield from _span_rules()
    yield from _sign_rules(it)
    yield from romance.rules(it, WORDS)
    yield agreeing_rule(it, lambda noun, plural: form_before(noun, plural) or form_of_acronym(noun))


def last_rules(it: Locale) -> Iterator[Rule]:
    """Yield the rules for what all others left."""
    return romance.last_rules(it, WORDS, SPELLER)


def postprocess(text: str) -> str:
    """Elide articles before vowels, and say one o'clock and midnight as Italian does."""
    for pattern, mended in _MENDED:
        text = pattern.sub(mended, text)
    return text


def _with_its_article(found: re.Match[str]) -> str:
    return "Il primo" if found[1] == "L" else "il primo"


_Words = str | Callable[[re.Match[str]], str]
_MENDED: tuple[tuple[re.Pattern[str], _Words], ...] = (
    (re.compile(r"\b([Uu]n') (?=\w)"), r"\1"),
    (re.compile(r"\b[Ss]ono (?:le )?(?:ore )?mezzanotte\b"), "È mezzanotte"),
    (re.compile(r"\b([Aa]|[Dd]a)lle (?:ore )?mezzanotte\b"), r"\1 mezzanotte"),
    (re.compile(r"\b(?:le|ore) mezzanotte\b"), "mezzanotte"),
    (re.compile(r"\b[Ss]ono le una\b"), "È l'una"),
    (re.compile(r"\b([Ll]|(?:[Aa]|[Dd]a|[Dd]e|[Nn]e|[Ss]u)ll)e una\b"), r"\1'una"),
    (re.compile(r"\b([Ll])'primo\b"), _with_its_article),
    (re.compile(r"\b([Aa]|[Dd]a|[Dd]e|[Nn]e|[Ss]u)ll'primo\b"), r"\1l primo"),
    (re.compile(r"\bil (?=ott[ao]|undic|uno\b)"), "l'"),
    (re.compile(r"\bIl (?=ott[ao]|undic|uno\b)"), "L'"),
    (re.compile(r"\b([Aa]|[Dd]a|[Dd]e|[Nn]e|[Ss]u)l (?=ott[ao]|undic|uno\b)"), r"\1ll'"),
)


def _digit_rules(it: Locale) -> Iterator[Rule]:
    yield Rule(
        "it.phone",
        re.compile(
            r"(?<![\w.,:/+-])(?<!\+\d\d[ -])(?:3\d{2}[ -]?\d{3}[ -]?\d{3,4}|3\d{2}[ -]\d{6,7}"
            r"|0\d{1,3}[ /-]\d{3,8}(?:[ -]\d{2,4}){0,2}|8(?:00|40|48)[ -]?\d{3}[ -]?\d{3})"
            r"(?![\w%°]|\s?[€$%°]|[.,:/-]\d)"
        ),
        partial(_say_phone, it),
    )
    yield Rule(
        "it.thousands",
        re.compile(r"(?<![\w.,-])(\d{1,3})\s?mila\b"),
        lambda found: cardinal(it, int(found[1]) * 1000),
    )


def _say_phone(it: Locale, found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found.group())
    if len(groups) == 1:
        number = groups[0]
        groups = [number[:3], number[3:6], number[6:]]
    return ", ".join(say_digits(it, group) for group in groups)


def _ordinal_rules(it: Locale) -> Iterator[Rule]:
    yield Rule(
        "it.ordinal",
        re.compile(
            r"(?<![\w.,-])(?P<number>\d{1,4})(?P<sign>\.?[ºª]|°|\^)(?!\w|\s?[CF]\b|-?\d)"
            r"(?=(?:\s(?P<noun>[^\W\d_]+))?)"
        ),
        partial(_say_ordinal, it),
    )
    yield Rule(
        "it.queen",
        re.compile(
            r"(?<!\w)((?:Elisabetta|Caterina|Margherita|Cristina|Maria|Giovanna|Anna)\s)"
            r"(IV|V|I{1,3})(?![\w'’]|\.\w)"
        ),
        lambda found: found[1] + ordinal(it, roman_value(found[2]), FEMININE),
    )
    yield Rule(
        "it.century",
        re.compile(
            r"(?<![\w.])(?=[IVX])(X{0,2}(?:IX|IV|V?I{0,3}))\ssec\.(?=\s[^\W_]|(?P<end>\s*\Z))"
        ),
        lambda found: (
            f"{ordinal(it, roman_value(found[1]))} secolo{'' if found['end'] is None else '.'}"
        ),
    )
    yield Rule(
        "it.edition",
        re.compile(
            r"(?<![\w.])([IVX]{1,6})(?=\s(?:([Gg]uerra|[Rr]epubblica|[Ee]dizione|[Cc]lasse|[Ll]egislatura)"
            r"|[Ss]ecolo|[Cc]ongresso|[Ff]estival|[Mm]unicipio|[Pp]iano|[Cc]oncilio|[Rr]eich|[Gg]rado)\b)"
        ),
        partial(_say_edition, it),
    )


def _say_ordinal(it: Locale, found: re.Match[str]) -> str | None:
    """Say an ordinal, or leave the degrees that are written with the same sign."""
    number, sign, noun = int(found["number"]), found["sign"].lstrip("."), found["noun"] or ""
    if sign in "ª^":
        return ordinal(it, number, FEMININE)
    before = found.string[max(0, found.start() - 12) : found.start()]
    if number <= _LAST_PLACE and _in_list(found):
        return ordinal(it, number)
    ordered = _ORDERED.fullmatch(noun) or (
        number <= _LAST_PLACE
        and not _ABOUT_WARMTH.match(noun)
        and (
            _BEFORE_PLACES.search(before)
            or _AFTER_PLACES.match(found.string, found.end())
            or (_BEFORE_ORDINALS.search(before) and (sign == "º" or form_before(noun)))
        )
    )
    if not ordered:
        return f"{found['number']}°" if sign == "º" else None
    feminine = form_before(noun) in (FEMININE, ELIDED)
    return ordinal(it, number, FEMININE if feminine else "")


def _in_list(found: re.Match[str]) -> bool:
    """Say whether it is a place in a list: "2°: 250 €", "1° Rossi, 2° Bianchi"."""
    following = found.string[found.end() : found.end() + 2]
    return following[:1] == ":" or (following[1:].isupper() and is_near(_FIRST_PLACE, found))


_FIRST_PLACE = re.compile(r"(?<!\d)1[°º](?:\s[A-Z]|:)")
_LAST_PLACE = 20
_AFTER_PLACES = re.compile(r" su (?:un totale di )?\d| in classifica\b")
_BEFORE_PLACES = re.compile(r"(?i)(?<!\w)(?:arriv\w+|finit[oa]|classificat[oa]|sei) \Z")
_BEFORE_ORDINALS = re.compile(r"(?i)(?:(?<!\w)(?:il|del|al|dal|nel|sul|quell[oa]|è) |l')\Z")


def _say_edition(it: Locale, found: re.Match[str]) -> str | None:
    if not re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})", found[1]):
        return None
    return ordinal(it, roman_value(found[1]), FEMININE if found[2] else "")


def _half_rule(it: Locale) -> Rule:
    return Rule(
        "it.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})\s?)?(?:(?<!\d)1/2|½)\s?"
            r"(?P<noun>[^\W\d_]+[²³]?)(?![\w/'’]|\.\w)"
        ),
        partial(_say_half, it),
    )


def _say_half(it: Locale, found: re.Match[str]) -> str | None:
    """Say "mezz'ora", "mezzo chilo", "due ore e mezza"."""
    noun = unit_named(it, found["noun"]) or _counted(found["noun"], bool(found["whole"]))
    if not noun.form:
        return None
    feminine = noun.form in (FEMININE, ELIDED)
    if not found["whole"]:
        if noun.form == ELIDED:
            return f"mezz'{noun.one}"
        return f"mezz{'a' if feminine else 'o'} {noun.one}"
    whole = int(found["whole"])
    counted = noun.one if whole == 1 else noun.many
    return f"{cardinal(it, whole, noun.form)} {counted} e mezz{'a' if feminine else 'o'}"


def _counted(word: str, plural: bool) -> Noun:
    """Return what is counted as a noun with both its numbers, from its plural or its singular."""
    if not plural or word[-1] not in "ei":
        return Noun(word, word, form_before(word))
    one = word[:-1] + ("a" if word.endswith("e") else "o")
    return Noun(one, word, form_before(one))


def _span_rules() -> Iterator[Rule]:
    yield Rule(
        "it.score",
        re.compile(
            r"(?<!\w)([A-Z][a-zà-ÿ]++ [012]?\d)[-–](?=[012]?\d(?:\s[A-Z]|\s?[.,;!?](?:\s|\Z)|\Z))"
        ),
        r"{0[1]} a ".format,
    )
    end = r"\s?[-–]\s?(?=\d)(?!\d{1,4}[-/])"
    yield Rule(
        "it.from",
        re.compile(rf"(?i)(?<!\w)((da|dal)\s{_NUMBER}){end}"),
        lambda found: f"{found[1]} a{'l' if found[2][2:] else ''} ",
    )
    yield Rule(
        "it.about",
        re.compile(rf"(?i)(?<!\w)((?:{_PREPOSITIONS})\s{_NUMBER}){end}(?!\d+\s?[-–])"),
        lambda found: f"{found[1]}, ",
    )


def _sign_rules(it: Locale) -> Iterator[Rule]:
    yield Rule(
        "it.accent",
        re.compile(
            r"(?:(?<![\w'’])|(?<=[A-Za-z]['’]))(?P<word>(?:[cCnNsS]|[dD]ov|[cC]o[ms])['’]e|[eE]|[A-Za-z]{1,20}[aeiou])"
            r"['’](?!\w)"
        ),
        _say_accent,
    )
    yield Rule(
        "it.million",
        re.compile(r"(?<=\d)\s?([Mm]l[nd]|mrd)\.?(?=\sd['’i])"),
        lambda found: " milioni" if found[1].lower() == "mln" else " miliardi",
    )
    yield Rule(
        "it.minute",
        re.compile(
            r"(?<=[adnAD][ael]l )(\d{1,3})['’′](?!\w)|(?<=\b[aA]l )(\d{1,3})['’′](?!\w)|"
            r"(?<=ll['’])(\d{1,3})['’′](?!\w)"
        ),
        lambda found: ordinal(it, int(found[1] or found[2] or found[3])),
    )
    yield Rule(
        "it.number",
        re.compile(r"(?<!\w)[Nn](?:\.?[º°]|r?\.)\s?(?=\d|d['’i])"),
        lambda _: "numero ",
    )
    yield Rule("it.resolution", re.compile(r"(?<![\w.,])(\d{1,2})K(?!\w)"), r"{0[1]} cappa".format)


_ACCENTS = str.maketrans("aeiouAEIOU", "àèìòùÀÈÌÒÙ")
_ACUTE = re.compile(r"(?i)(?:ch|trent|ventitr|s|n)e\Z")
_APOCOPES = frozenset(words("po mo be va da di fa sta to te ve de coi dei nei sui ca vo so"))
"""Words that lose their end before an apostrophe: "un po'", "da' retta"."""


def _say_accent(found: re.Match[str]) -> str | None:
    """Write "E'", "citta'" and "perche'" with the accents that their apostrophes stand for."""
    word = found["word"]
    if word.lower() in _APOCOPES or _quoted(found):
        return None
    accent = "é" if _ACUTE.search(word) else word[-1].translate(_ACCENTS)
    return word[:-1] + accent


def _quoted(found: re.Match[str]) -> bool:
    """Say whether the apostrophe ends a quotation that another has begun."""
    before = found.string[max(0, found.start() - 80) : found.start()]
    return re.search(r"(?<!\w)['‘](?=[^\W\d])[^'’]*+\Z", before) is not None
