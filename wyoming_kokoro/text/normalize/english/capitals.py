"""Words in capitals as they are said: those of a heading, and names that are not spelled."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.capitals import READABLE, is_in_heading
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import words
from wyoming_kokoro.text.normalize.words import is_roman

_SHORT = frozenset(
    words(
        """
        IN IS IT ON OF TO AT BY OR AN AS BE DO GO HE IF ME MY NO SO UP WE AM THE AND FOR ARE BUT NOT
        YOU ALL CAN HAD HER WAS ONE OUR OUT DAY GET HAS HIM HIS HOW MAN NEW NOW OLD SEE TWO WAY WHO
        DID ITS LET PUT SAY SHE TOO USE LOW OFF RED HOT DRY WET FAN BED CAR BOX AIR GAS OIL SET RUN
        END TOP KEY TEA BAG LID PET CAT DOG MAY WHY YES TRY ANY BAD BIG CUT EAT FAR FIX FUN HIT ICE
        JOB LEG LIE LOT MIX NET OWN PAY RAN SAD SAT SIT SIX SKY SUN TEN TIE WIN WON YET HUB APP BUS
        TAP ZOO MOM DAD KID BOY SON ASK ADD AGO AIM ART
        """
    )
)
"""Words that are no abbreviations in a heading."""

_SPELLED = frozenset(
    words(
        """
        HVAC MQTT HTTP HTTPS HTML JSON RTSP RTMP IEEE UCLA USDA ACLU ASAP IMEI NCAA ESPN AARP YMCA
        UTC GMT EST PST CST CET COVID BBQ SSID HDMI UHD RSVP DIY FAQ ATM CEO AWOL USAF USMC IOS
        OPEC AMOLED
        """
    )
) - {"COVID", "OPEC", "AMOLED"}

_NAME = re.compile(r"[B-DF-HJ-NP-TV-XZ]?[AEIOU][B-DF-HJ-NP-TV-XZ][AEIOU]{1,2}")
"""Of four: IKEA, NATO, ROKU."""


def rules() -> Iterator[Rule]:
    """Yield the rule, which must be tried before others put words in small letters."""
    yield Rule(
        "en.capitals", re.compile(r"[A-Z](?<![\w.&'’/_-].)[A-Z]{1,19}(?![\w&/_]|[.-]\w)"), _say
    )


def _say(found: re.Match[str]) -> str | None:
    word = found.group()
    if word in _SPELLED or is_roman(word):
        return None
    if is_in_heading(found, 0.2):
        if len(word) < 4:
            return word.lower() if word in _SHORT else None
        return word.lower() if READABLE.fullmatch(word) else None
    pattern = READABLE if len(word) > 4 else _NAME
    return word.capitalize() if len(word) > 3 and pattern.fullmatch(word) else None
