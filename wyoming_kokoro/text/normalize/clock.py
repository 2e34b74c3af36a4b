"""Times of day and durations said in words."""

import re
import sys
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    count,
    is_near,
    number_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_SPAN = r"\s?[-–—]\s?"


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for times, then durations."""
    yield from _clock_rules(locale)
    if locale.units.durations:
        yield _duration_rule(locale)


def _clock_rules(locale: Locale) -> Iterator[Rule]:
    separator = f"[{re.escape(locale.clock.separators)}]"
    half = rf"(?:{locale.clock.am}|{locale.clock.pm})(?!\w)"
    swallowed = rf"(?:\s?(?:{locale.clock.swallowed})(?!\w))?" if locale.clock.swallowed else ""
    time = rf"\d{{1,2}}{separator}[0-5]\d(?::[0-5]\d)?(?![:\d]|\.\d)(?:\s?{half})?{swallowed}"
    hour = rf"\d{{1,2}}\s?{half}{swallowed}"
    if locale.clock.timer_words:
        yield _timer_rule(locale)
    yield Rule(
        "clock.span",
        re.compile(rf"(?i)(?<![\w:.,])({time}|{hour}|\d{{1,2}}){_SPAN}({time}|{hour})"),
        partial(_say_clock_span, locale),
    )
    yield Rule(
        "clock",
        re.compile(rf"(?i)(?<![\w:.,])(?:{time}|{hour})"),
        partial(_say_time, locale),
    )


def _say_clock_span(locale: Locale, found: re.Match[str]) -> str | None:
    start = (
        cardinal(locale, int(found[1])) if found[1].isdecimal() else _say_clock(locale, found[1])
    )
    end = _say_clock(locale, found[2])
    template = locale.clock.span or locale.span
    return template.format(start=start, end=end) if start and end else None


def _say_time(locale: Locale, found: re.Match[str]) -> str | None:
    """Say a time; the point of its `a.m.` stays where it ends the sentence too."""
    words = _say_clock(locale, found.group())
    ends = found.group().endswith(".") and not found.string[found.end() :].strip(" \"'”’)»")
    return f"{words}." if words and ends else words


def _say_clock(locale: Locale, text: str) -> str | None:
    """Say `7:05 AM`, `14:00` or `9 pm`."""
    hour, *rest = map(int, re.findall(r"\d+", text))
    minute = rest[0] if rest else 0
    second = rest[1] if len(rest) > 1 else None
    half = _half(locale, text)
    if hour > 24 or (hour == 24 and minute) or (half and not hour):
        return None
    return locale.clock.say(hour, minute, second, half if hour < 13 else "")


def _timer_rule(locale: Locale) -> Rule:
    """Return the rule for `00:05:00` where a word says that it is a duration."""
    context = re.compile(rf"(?i)(?<!\w)(?:{locale.clock.timer_words})(?!\w)")

    def say(found: re.Match[str]) -> str | None:
        if not is_near(context, found):
            return None
        parts = [
            (int(digits), unit)
            for digits, unit in zip(found.groups(), ("h", "min", "s"), strict=True)
        ]
        spoken = [part for part in parts if part[0]] or parts[-1:]
        return _join(locale, [_say_part(locale, str(number), unit) for number, unit in spoken])

    return Rule(
        "clock.timer", re.compile(r"(?<![\w:.,])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\w:])"), say
    )


def _half(locale: Locale, text: str) -> str:
    for half, pattern in (("am", locale.clock.am), ("pm", locale.clock.pm)):
        if re.search(rf"(?i)(?<![^\W\d])(?:{pattern})(?!\w)", text):
            return half
    return ""


def _duration_rule(locale: Locale) -> Rule:
    signs = "|".join(sorted(map(re.escape, locale.units.durations), key=len, reverse=True))
    part = rf"{number_pattern(locale)}\s?(?:{signs})(?![^\W\d])"
    return Rule(
        "duration",
        re.compile(rf"{NO_DIGIT_BEFORE}{part}(?:,?\s?{part})++"),
        partial(_say_duration, locale),
    )


def _say_duration(locale: Locale, found: re.Match[str]) -> str:
    """Say parts that get smaller as one duration; others are several: "5 min, 10 min"."""
    signs = locale.units.durations
    order = list(dict.fromkeys(signs.values()))
    said, run, smallest = "", list[tuple[str, str, str]](), -1
    for part in re.finditer(rf"(,?\s?)(({number_pattern(locale)})\s?([^\W\d]+))", found.group()):
        unit = signs[part[4]]
        too_many = part[3].isdecimal() and int(part[3]) >= _MOST_OF.get(unit, sys.maxsize)
        if run and (order.index(unit) <= smallest or (too_many and "," in part[1])):
            said, run = said + _said_run(locale, run) + part[1], []
        run.append((part[2], part[3], unit))
        smallest = order.index(unit)
    return said + _said_run(locale, run)


_MOST_OF = {"min": 60, "s": 60}
"""Of the unit after a larger one: "1 min, 90 s" are two times."""


def _said_run(locale: Locale, run: list[tuple[str, str, str]]) -> str:
    """Say the parts of one duration; a single one is left to the rule for units."""
    if len(run) == 1:
        return run[0][0]
    return _join(locale, [_say_part(locale, digits, unit) for _, digits, unit in run])


def _join(locale: Locale, parts: list[str]) -> str:
    *first, last = parts
    return f"{' '.join(first)}{locale.units.last}{last}" if first else last


def _say_part(locale: Locale, digits: str, unit: str) -> str:
    number, name = count(locale, digits, locale.units.exact[unit])
    return locale.units.said.format(number=number, unit=name)
