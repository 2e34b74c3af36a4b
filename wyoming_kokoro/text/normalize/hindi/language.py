"""Hindi: the words for figures and signs."""

from wyoming_kokoro.text.normalize.figures import cardinal
from wyoming_kokoro.text.normalize.hindi.rules import last_rules, rules
from wyoming_kokoro.text.normalize.hindi.words import (
    ABBREVIATIONS,
    ACRONYMS,
    MONEY,
    MONTHS,
    UNITS,
    spell,
)
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Form, Numbers
from wyoming_kokoro.text.normalize.tables import numbered, pairs

_DAY_HALVES = ((4, "रात"), (12, "सुबह"), (16, "दोपहर"), (20, "शाम"), (24, "रात"))
"""The hour at which a part of the day ends."""

_HUNDRED = 100
_FRACTIONS = {
    (1, 2): "आधा",
    (1, 3): "एक तिहाई",
    (2, 3): "दो तिहाई",
    (1, 4): "एक चौथाई",
    (3, 4): "तीन चौथाई",
}


def _inflect(words: str, number: int, form: Form) -> str:
    """Say 100 as "सौ", which CLDR spells "एक सौ"."""
    del form
    return "सौ" if number == _HUNDRED else words


def _say_date(day: int, month: int, of_year: int | None) -> str:
    said = f"{cardinal(IN, day)} {MONTHS[month - 1]}"
    return f"{said} {_say_year(of_year)}" if of_year else said


def _say_year(number: int) -> str:
    """Say years of other centuries than ours by the hundred: "उन्नीस सौ सैंतालीस"."""
    hundreds, rest = divmod(number, 100)
    if not 11 <= hundreds <= 19:
        return cardinal(IN, number)
    return f"{cardinal(IN, hundreds)} सौ {cardinal(IN, rest) if rest else ''}".rstrip()


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "सात बजे", "सात बजकर पाँच मिनट", "शाम पाँच बजे"."""
    said = ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
        said = next(name for end, name in _DAY_HALVES if hour < end) + " "
        hour = hour % 12 or 12
    elif hour == 0:
        said, hour = "रात ", 12
    said += cardinal(IN, hour)
    if not minute and not second:
        return f"{said} बजे"
    said += f" बजकर {cardinal(IN, minute)} मिनट"
    return f"{said} {cardinal(IN, second)} सेकंड" if second else said


_MONTH_SIGNS = {
    **numbered(
        """
        जनवरी/जन फ़रवरी/फरवरी/फ़र/फर मार्च अप्रैल मई जून जुलाई अगस्त/अग सितंबर/सितम्बर/सित
        अक्टूबर/अक्तूबर/अक्टू नवंबर/नवम्बर/नव दिसंबर/दिसम्बर/दिस
        """
    ),
    **numbered(
        """
        january/jan february/feb march/mar april/apr may june/jun july/jul august/aug
        september/sep october/oct november/nov december/dec
        """
    ),
}

IN: Locale = Locale(
    numbers=Numbers(
        language="hi",
        cardinals={"": "spellout-cardinal"},
        ordinals={"": "spellout-ordinal-masculine"},
        year=_say_year,
        inflect=_inflect,
        respell={"ानबे": "ानवे"},
        groups=",",
        grouped=r"[1-9]\d{0,2}(?:,\d{2,3}){0,4},\d{3}(?!,?\d)",
        point="दशमलव",
    ),
    dates=Dates(
        months=MONTHS,
        month_signs=_MONTH_SIGNS,
        order="dmy",
        say=_say_date,
        month_first=True,
        day=lambda number: cardinal(IN, number),
    ),
    clock=Clock(say=_say_clock, swallowed="बजे"),
    units=UNITS,
    money=MONEY,
    minus="माइनस",
    plus="प्लस",
    span="{start} से {end}",
    score="{start} {end}",
    ratio="{start} अनुपात {end}",
    rating="{total} में से {number}",
    fractions=_FRACTIONS,
    fraction=lambda number, total: f"{cardinal(IN, number)} बटा {cardinal(IN, total)}",
    over="{number} बटा {total}",
    mixed="{whole} सही {fraction}",
    signs=pairs(
        """
        =: बराबर, &: और, ×: गुणा, ÷: भाग, ±: प्लस माइनस, <: से कम, >: से ज़्यादा, ≤: से कम या बराबर,
        ≥: से ज़्यादा या बराबर, ≈: लगभग, ≠: बराबर नहीं, √: वर्गमूल, +: प्लस, ∞: अनंत, π: पाई,
        °: डिग्री, @: एट, ~: लगभग, µ: माइक्रो, μ: माइक्रो, €: यूरो, £: पाउंड, $: डॉलर, ¥: येन,
        ₹: रुपये, §: धारा, ^: कैरट, №: नंबर, ‰: प्रति हज़ार, *: स्टार, \\: बैकस्लैश, ¢: सेंट,
        ₿: बिटकॉइन, Ω: ओम, Δ: डेल्टा
        """
    ),
    power={"2": "{base} का वर्ग", "3": "{base} का घन", "": "{base} की घात {exponent}"},
    times="{number} गुना",
    by="{start} गुणा {end}",
    number_sign="नंबर",
    dot="डॉट",
    at="एट",
    slash="स्लैश",
    dash="डैश",
    colon="कोलन",
    hashtag="हैशटैग",
    version_point="पॉइंट",
    roman_cardinals="अध्याय|भाग|कक्षा|खंड|अंक|सीज़न|सीजन|चरण",
    star="स्टार",
    hash="हैश",
    announcing=(
        "OTP|ओटीपी|PIN|(?:पिन ?)?कोड|पिन|पासवर्ड|ऑर्डर|आर्डर|पीएनआर|PNR|खाता|पार्सल|ट्रैकिंग|बुकिंग|संदर्भ|"
        "आधार|गाड़ी|कार्ड|ट्रेन|फ़्लाइट|फ्लाइट|उड़ान|टिकट|पिनकोड"
    ),
    linking="है|नंबर|संख्या|कोड|आईडी|ID|सं",
    compass=pairs("N: उत्तर, S: दक्षिण, E: पूर्व, W: पश्चिम"),
    factorial="{number} फैक्टोरियल",
    emergency="कॉल|डायल|नंबर|फ़ोन|फोन",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    letters=spell,
    rules=lambda hi: rules(lambda number: cardinal(hi, number), _say_year),
    last_rules=lambda hi: last_rules(lambda number: cardinal(hi, number)),
)
