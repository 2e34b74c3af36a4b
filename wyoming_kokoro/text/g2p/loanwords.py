"""Words of other languages in, spelled so that espeak-ng reads them as natives say them.

espeak-ng reads such words by the rules of the sentence's language, "gigabytes" as "gigabitchies",
or in English, with sounds that a voice of another language never learned.
"""

import re
from collections.abc import Mapping
from functools import cache

_BYTES = ("", "kilo", "mega", "giga", "tera", "peta", "mebi", "gibi", "tebi")

_IN_CONTEXT: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "fr_FR": (
        # No liaison before these.
        (re.compile(r"(?i)\b(quatre-vin)gt(?=-(?:un|huit|onze)\b)"), r"\1"),
        (re.compile(r"(?i)\b(à|de|par|sur|vers|dans|depuis) l['’]est\b"), r"\1 l'este"),
        (re.compile(r"(?i)\bl['’]est(?= d(?:e|u|es)\b)"), "l'este"),
    ),
}
"""What is read otherwise only where it stands."""

_RESPELLED: Mapping[str, Mapping[str, str]] = {
    "es_ES": {
        "bluetooth": "blutuz",
        "e-mail": "ímeil",
        "email": "ímeil",
        "esphome": "i ese pi jom",
        "home assistant": "jom asístant",
        "online": "onlain",
        "router": "rúter",
        "routers": "rúters",
        "smart": "esmart",
        "spotify": "espotifai",
        "streaming": "estrímin",
        "youtube": "yutub",
        "zigbee": "zigbi",
        **{
            f"{prefix}byte{plural}": f"{prefix}bait{plural}"
            for prefix in _BYTES
            for plural in ("", "s")
        },
    },
    "it_IT": {
        "router": "rùter",
        "spotify": "Spotifài",
        "streaming": "strìming",
        "wifi": "Wi-Fi",
        "zigbee": "zigbi",
        **{f"{prefix}byte": f"{prefix}bàit" for prefix in (*_BYTES, "chilo")},
    },
    "fr_FR": {
        "bluetooth": "bloutousse",
        "e-mail": "imèle",
        "e-mails": "imèles",
        "email": "imèle",
        "emails": "imèles",
        "google": "gougueul",
        "streaming": "strimigne",
        "wifi": "ouifi",
        "youtube": "youtoube",
        "zigbee": "zigbi",
    },
    "pt_BR": {
        "bluetooth": "blutúfi",
        "streaming": "istrímin",
        "timer": "táimer",
        "timers": "táimers",
        "wi-fi": "uai-fai",
        "wifi": "uai-fai",
        "youtube": "iutúbi",
        **{
            f"{prefix}byte{plural}": f"{prefix}baite{plural}"
            for prefix in ("", "quilo", "kilo", "mega", "giga", "tera", "peta")
            for plural in ("", "s")
        },
    },
}
"""By language: words in lower case, and what they are to be read as."""


def respell(text: str, language: str) -> str:
    """Return `text`, in the language of the code `language`, with its loanwords respelled."""
    for pattern, spelling in _IN_CONTEXT.get(language, ()):
        text = pattern.sub(spelling, text)
    words = _RESPELLED.get(language)
    if not words:
        return text
    return _pattern(language).sub(lambda found: words[found.group().lower()], text)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(_RESPELLED[language], key=len, reverse=True)
    return re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])")
