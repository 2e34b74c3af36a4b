"""How an option is declared: one row says what it is for, and what a value of it may be.

What reads a value returns what a text means, or raises ValueError saying what is allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EVERYWHERE = ("serve", "work", "read", "say", "voices", "phonemize", "download", "check")
SPEAKING = ("serve", "work", "read", "say")
ENGINE = ("serve", "work", "read", "say", "check")
MODEL = ("serve", "work", "read", "say", "voices", "download", "check")
LISTENING = ("serve", "front")


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the option table: how a setting is spelled, read and explained."""

    help: str
    read: Callable[[str], Any]
    """Returns the value that a text means, or raises ValueError saying what is allowed. Values of
    an options.json are read in the same way, through `str()`."""
    metavar: str
    commands: tuple[str, ...] = ("serve",)
    repeated: bool = False
    """Given any number of times; the setting is a tuple."""


def option(
    default: Any, help_text: str, read: Callable[[str], Any], metavar: str, **row: Any
) -> Any:
    """Declare a field of a frozen dataclass as an option; a `default` that can be called makes the
    default value."""
    metadata = {"option": Option(help_text, read, metavar, **row)}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


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


def off_or_number(low: float, high: float) -> Callable[[str], float | None]:
    """Accept a number from `low` to `high`, or that there is to be none."""
    read_number = number(low, high)

    def read(text: str) -> float | None:
        if text.lower() in ("off", "no", "false"):  # a bare off in YAML arrives as false
            return None
        try:
            return read_number(text)
        except ValueError as error:
            raise ValueError(f"off or {error}") from None

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
