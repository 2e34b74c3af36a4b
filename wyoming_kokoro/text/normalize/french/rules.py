"""What only French writes or says: pairs of digits, "19 h 05", "XXIe", genders, elisions."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.figures import ordinal, say_number
from wyoming_kokoro.text.normalize.french.gender import form_of
from wyoming_kokoro.text.normalize.french.words import SPELLER, WORDS
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.romance import rules as romance
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.romance.numbers import counted_rule
from wyoming_kokoro.text.normalize.units import unit_named
from wyoming_kokoro.text.normalize.words import roman_value

_SHORTEST_NOUN = 3


def rules(fr: Locale) -> Iterator[Rule]:
    """Yield the rules of `fr`, the table."""
    yield from _phone_rules(fr)
    yield from _rewriting_rules()
    yield from _name_rules(fr)
    yield Rule(
        "fr.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})(?:\s|(?=½)))?(?:1/2|½)\s"
            r"(?P<noun>(?!des?\b|du\b|par\b|et\b|sur\b)[^\W\d_]{1,24})(?![\w/’'])"
        ),
        lambda found: _say_half(fr, found["whole"], found["noun"]),
    )
    yield from romance.rules(fr, WORDS)
    yield counted_rule(fr, form_of)


def last_rules(fr: Locale) -> Iterator[Rule]:
    """Yield the rules for what all others left."""
    return romance.last_rules(fr, WORDS, SPELLER)


def postprocess(text: str) -> str:
    """Elide "de" before "euros"."""
    text = re.sub(r"\b(millions?|milliards?) de (?=euros?\b)", r"\1 d'", text)
    return re.sub(r"\b([dl]') (?=\w)", r"\1", text)


def _phone_rules(fr: Locale) -> Iterator[Rule]:
    """Yield the rules for telephone numbers, which are said in pairs: "zéro six, douze"."""
    yield Rule(
        "fr.phone",
        re.compile(
            r"(?<![\w.,:/@=-])"
            r"(?:(?:\+|00)(?P<country>33|32|41|352)[ .-]?(?:\(0\)[ .-]?)?(?P<one>[1-9])"
            r"|0(?P<first>[1-9]))(?P<pairs>(?:[ .-]?\d{2}){4})(?![\w%]|[.,:/-]\d)"
        ),
        lambda found: _say_phone(fr, found),
    )
    yield Rule(
        "fr.phone.short",
        re.compile(
            r"(?i)(?<!\w)((?:appele[rz]|compose[rz]|numéro)\s(?:(?:le|au|vert)\s){0,2})"
            r"([13]\d)(\d\d)(?![\w%°€]|[.,:/-]\d|\s[\d€%°])"
        ),
        lambda found: f"{found[1]}{say_number(fr, found[2])} {_say_group(fr, found[3])}",
    )
    yield Rule(
        "fr.phone.free",
        re.compile(r"(?<![\w.,:/@=-])0 ?(8\d\d)[ .]?(\d{3})[ .]?(\d{3})(?![\w%]|[.,:/-]\d)"),
        lambda found: ", ".join(
            (
                f"{say_number(fr, '0')} {say_number(fr, found[1])}",
                *(_say_group(fr, group) for group in found.groups()[1:]),
            )
        ),
    )


def _say_group(fr: Locale, digits: str) -> str:
    """Say a part of a number, zeros first."""
    rest = digits.lstrip("0")
    zeros = [say_number(fr, "0")] * (len(digits) - len(rest))
    return " ".join([*zeros, say_number(fr, rest)] if rest else zeros)


def _say_phone(fr: Locale, found: re.Match[str]) -> str:
    start = (
        f"plus {say_number(fr, found['country'])} {say_number(fr, found['one'])}"
        if found["country"]
        else _say_group(fr, f"0{found['first']}")
    )
    pairs_of = re.findall(r"\d\d", found["pairs"])
    return ", ".join([start, *(_say_group(fr, pair) for pair in pairs_of)])


def _rewriting_rules() -> Iterator[Rule]:
    """Yield the rules that write the French way as the shared rules know it."""
    yield Rule(
        "fr.duration",
        re.compile(
            r"(?i)(?<![\w:.,])(\d{1,3})\s?h(?:eures?)?\s?(\d{1,2})\s?(?:min(?:utes?)?|mn)(?!\w)"
        ),
        lambda found: f"{found[1]} h {int(found[2])} min",
    )
    yield Rule(
        "fr.hours",
        re.compile(
            r"(?<![\w:.,])(\d{1,2}\s?h(?:\s?[0-5]\d)?)\s?[-–]\s?(?=\d{1,2}\s?h(?![\w-]*[a-zà-ÿ]))"
        ),
        lambda found: f"{found[1]} à ",
    )
    yield Rule(
        "fr.clock",
        re.compile(
            r"(?i)(?<![\w:.,])(\d{1,2})\s?h(?:eures?)?\s?([0-5]\d)(?![\w:%°€]|[.,]\d|\s?(?:kW|W|[%°€]|m(?:i?n)?\b))"
        ),
        lambda found: f"{found[1]}:{found[2]}",
    )
    yield Rule(
        "fr.price",
        re.compile(r"(?<![\w.,])(\d{1,6})\s?€\s?(\d{2})(?![\w%]|[.,]\d|\s?[%€°])"),
        lambda found: f"{found[1]},{found[2]} €",
    )
    yield Rule(
        "fr.thousands",
        re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){1,4}(?=(?:,\d\d)?\s?[€$£])"),
        lambda found: found.group().replace(".", ""),
    )


def _name_rules(fr: Locale) -> Iterator[Rule]:
    """Yield the rules for gentlemen, and for places in a row that shared ones do not know."""
    yield Rule(
        "fr.century",
        re.compile(r"(?:(?<=[IVX]e )|(?<=Ier ))s\.(?=\s[^\W_]|[,;:]|(?P<end>\s*\Z))"),
        lambda found: "siècle" if found["end"] is None else "siècle.",
    )
    yield Rule(
        "fr.million",
        re.compile(r"(?<=\d)\s?(M|Mds?)(?=\sd['’e])"),
        lambda found: f" {'million' if found[1] == 'M' else 'milliard'}s",
    )
    yield Rule(
        "fr.minute",
        re.compile(r"(?<=\bla )(\d{1,3})['’′](?!\w)(?:\sminute)?"),
        lambda found: f"{ordinal(fr, int(found[1]), FEMININE)} minute",
    )
    yield Rule("fr.days", re.compile(r"(?<!\w)[JH]-(?=\d{1,3}(?!\w))"), _say_before)
    yield Rule("fr.maitre", re.compile(r"(?<![\w.])Me (?=[A-ZÀ-Ý])"), lambda _: "maître ")
    yield Rule(
        "fr.monsieur",
        re.compile(r"(?<![\w.])M\.\s?(?=[A-ZÀ-Ý]|et\sM(?:me|lle)\b)"),
        lambda _: "monsieur ",
    )
    yield Rule(
        "fr.second",
        re.compile(r"(?<![\w.,])2nd(es?|s?)(?!\w)"),
        lambda found: f"second{found[1]}",
    )
    yield Rule(
        "fr.roman",
        re.compile(
            r"(?<![\w.])(?=[IVX])(?P<value>X{0,3}(?:IX|IV|V?I{0,3}))"
            r"(?:(?P<first>(?<=I)(?:er|re|ère))|(?:e|ème))(?!\w)"
        ),
        lambda found: ordinal(
            fr,
            roman_value(found["value"]),
            FEMININE if (found["first"] or "").endswith("re") else "",
        ),
    )


def _say_before(found: re.Match[str]) -> str:
    return f"{found.group()[0]} moins "


def _say_half(fr: Locale, whole: str | None, word: str) -> str | None:
    """Say "une demi-tasse", "un demi-litre", "deux tasses et demie"."""
    unit = unit_named(fr, word)
    if not unit and len(word) < _SHORTEST_NOUN:
        return None
    noun = (unit.many if int(whole or 1) > 1 else unit.one) if unit else word
    form = unit.form if unit else form_of("", f" {word}")
    if whole:
        return f"{say_number(fr, whole, form)} {noun} et demi{'e' if form else ''}"
    return f"{say_number(fr, '1', form)} demi-{noun}"
