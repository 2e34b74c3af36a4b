"""What each SSML element says of the text in it: attributes in, a scope or a meaning out."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.ipa import pronounceable
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, SayAs, Span, seconds_named

_LOGGER = logging.getLogger(__name__)

RATES = (0.5, 2.0)
"""Slowest and fastest that a text may ask for."""

_STRENGTHS = {
    "none": 0.0,
    "x-weak": 0.0,
    "weak": 0.25,
    "medium": 0.5,
    "strong": 1.0,
    "x-strong": 1.5,
}
"""Seconds. The standard leaves them open; a comma makes Kokoro pause about as long as `weak`."""

_RATE_NAMES = {
    "x-slow": 0.5,
    "slow": 0.75,
    "medium": 1.0,
    "default": 1.0,
    "fast": 1.25,
    "x-fast": 1.6,
}
_RATE = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{1,4})?)(%?)", re.ASCII)

_SAY_AS: Mapping[str, SayAs] = {
    **{kind: kind for kind in get_args(SayAs)},
    "spell-out": "characters",
    "verbatim": "characters",
    "letters": "characters",
    "number": "cardinal",
}

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the elements around a text say of it."""

    manner: Manner = AS_REQUESTED
    flow: Span = field(default=Span(""))
    """What a span of the text has besides its text."""

    languages: Sequence[Language] = LANGUAGES
    """Those that the text may name."""


def pause_seconds(attributes: Attributes) -> float:
    """Return how long a `break` is."""
    seconds = seconds_named(attributes.get("time", ""))
    if seconds is not None:
        return seconds
    return _STRENGTHS.get(attributes.get("strength", "").strip(), _STRENGTHS["medium"])


def _part(attributes: Attributes, scope: Scope) -> Scope:
    """`speak`, `p` and `s`. Documents must name their language and mostly name it `en-US`; which
    English is left to the voice."""
    language = _language(re.split("[-_]", attributes.get("xml:lang", ""))[0], scope)
    return _reading_in(language, scope)


def _lang(attributes: Attributes, scope: Scope) -> Scope:
    return _reading_in(_language(attributes.get("xml:lang", ""), scope), scope)


def _reading_in(language: str | None, scope: Scope) -> Scope:
    return replace(scope, flow=replace(scope.flow, language=language or scope.flow.language))


def _prosody(attributes: Attributes, scope: Scope) -> Scope:
    rate = scope.manner.rate * _rate(attributes.get("rate", "").strip())
    rate = min(max(rate, RATES[0]), RATES[1])
    return replace(scope, manner=replace(scope.manner, rate=rate))


def _rate(name: str) -> float:
    """Return the factor that `slow`, `80%`, `+10%` or `1.2` means, 1 where it is none."""
    found = _RATE.fullmatch(name)
    if not found:
        return _RATE_NAMES.get(name, 1.0)
    sign, number, percent = found.groups()
    value = float(number) / (100 if percent else 1)
    return {"": value, "+": 1 + value, "-": 1 - value}[sign]


def _voice(attributes: Attributes, scope: Scope) -> Scope:
    name = attributes.get("name", "").strip() or None
    wanted = attributes.get("language") or attributes.get("languages") or ""
    language = _language(wanted or attributes.get("xml:lang", ""), scope)
    if not name and not language:
        return scope
    manner = replace(scope.manner, voice=name, language=None if name else language)
    return replace(scope, manner=manner, flow=replace(scope.flow, language=None))


def _emphasis(attributes: Attributes, scope: Scope) -> Scope:
    emphatic = attributes.get("level", "moderate").strip() in ("moderate", "strong")
    return replace(scope, flow=replace(scope.flow, emphatic=emphatic))


def _language(name: str, scope: Scope) -> str | None:
    """Return the code of the language that `name` means, None where no voice speaks it."""
    if not name.strip():
        return None
    try:
        language_named(name, scope.languages)
    except UnknownLanguage:  # its message quotes the text
        _LOGGER.debug("an xml:lang that no voice speaks is left out")
        return None
    return name.strip().replace("-", "_")


def _phoneme(attributes: Attributes) -> Callable[[str], Span]:
    ipa = attributes.get("ph", "").strip()
    known = attributes.get("alphabet", "ipa").strip().lower() == "ipa" and pronounceable(ipa)
    return lambda text: Span(text or ipa, ipa=ipa if known else "")


def _sub(attributes: Attributes) -> Callable[[str], Span]:
    alias = attributes.get("alias", "").strip()
    return lambda text: Span(alias or text)


def _unspoken(_: Attributes) -> Callable[[str], Span]:
    return lambda _: Span("")


def _say_as(attributes: Attributes) -> Callable[[str], Span]:
    kind = _SAY_AS.get(attributes.get("interpret-as", "").strip().lower())
    order = attributes.get("format", "").strip().lower() if kind == "date" else ""
    return lambda text: Span(text, say_as=kind, date_format=order)


FLOWS: Mapping[str, Callable[[Attributes, Scope], Scope]] = {
    "speak": _part,
    "p": _part,
    "s": _part,
    "lang": _lang,
    "prosody": _prosody,
    "voice": _voice,
    "emphasis": _emphasis,
}
"""Elements that say something of the text inside of them."""

WHOLES: Mapping[str, Callable[[Attributes], Callable[[str], Span]]] = {
    "phoneme": _phoneme,
    "sub": _sub,
    "say-as": _say_as,
    "metadata": _unspoken,
    "desc": _unspoken,
}
"""Elements that stand for a word or a number, or for nothing that is heard."""
