"""How the text of an option becomes its value: each reader returns it, or raises ValueError saying
what is allowed. Values of an options.json are read the same way, through `str()`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the option table: how a setting is spelled, read and explained."""

    help: str
    read: Callable[[str], Any]
    metavar: str
    commands: tuple[str, ...] = ("serve",)
    repeated: bool = False
    """Given any number of times; the setting is a tuple."""


def one_of(*choices: str) -> Callable[[str], str]:
    """Accept these words only, in any case; the value is as written here."""
    written = {choice.lower(): choice for choice in choices}

    def read(text: str) -> str:
        if text.lower() not in written:
            raise ValueError("one of " + ", ".join(choices))
        return written[text.lower()]

    return read


def number(low: float, high: float) -> Callable[[str], float]:
    """Accept a number from `low` to `high`."""
    allowed = f"a number from {low:g} to {high:g}"

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(allowed) from None
        if not low <= value <= high:
            raise ValueError(allowed)
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Accept a whole number from `low` to `high`."""
    allowed = f"a whole number from {low} to {high}"

    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(allowed)
        return int(text)

    return read


def switch(text: str) -> bool:
    """Accept yes or no, in the usual spellings."""
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise ValueError("true or false")
    return words[text.lower()]


def words(text: str) -> tuple[str, ...]:
    """Accept names separated by commas or spaces."""
    return tuple(text.replace(",", " ").split())


def blend(text: str) -> tuple[str, str]:
    """Accept `name=voices`, as in `kitchen=af_heart(2)+bf_emma(1)@1.1`."""
    name, equals, voices = (part.strip() for part in text.partition("="))
    if not (name and equals and voices):
        raise ValueError("NAME=VOICES, as in kitchen=af_heart(2)+bf_emma(1)@1.1")
    return name, voices


def address(text: str) -> str:
    """Accept a URI that a Wyoming server can listen on; its scheme in any case."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in ("tcp", "unix", "stdio"):
        raise ValueError("tcp://HOST:PORT, unix://PATH or stdio://")
    return f"{scheme.lower()}://{rest}"


def some_text(text: str) -> str:
    """Accept anything but nothing."""
    if not text.strip():
        raise ValueError("some text")
    return text


def path(text: str) -> Path:
    """Accept a path; `~` is the home directory."""
    if "\0" in text:  # which JSON can hold, and no path
        raise ValueError("a path")
    try:
        return Path(some_text(text)).expanduser()
    except RuntimeError:
        raise ValueError("a path; nobody here has that home directory") from None
