"""What a client may call a voice: its text comes in, a frozen VoiceSpec goes out.

    [version/]name[(weight)] {+ or , name[(weight)]} [@speed]

`af_heart`, `v0.19/af_bella`, `af_heart(2)+bf_emma(1)`, `af_heart,af_bella@1.1`. Weights are shares
of the whole and 1 where left out, so that a plain `a,b` is the mean, as in the reference. Spaces
between the parts do not matter. Nothing here looks at files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wyoming_kokoro.errors import UnknownVoice
from wyoming_kokoro.voices.packs import Pack

MAX_CHARACTERS = 600
"""Of a voice's text: eight parts with the longest names, and room to spare."""

SPEEDS = (0.5, 2.0)
"""Slowest and fastest."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
"""A voice's name, and a version's: never a path, never a part of the grammar."""

_SPACED_MARK = re.compile(r" ?([+,/()@]) ?")
_PART = re.compile(rf"(?:({NAME.pattern})/)?({NAME.pattern})(?:\(([^()]+)\))?")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}")

_ALLOWED = (
    "a voice is a name (af_heart), a blend (af_heart(2)+bf_emma(1)), either with a "
    f"speed of {SPEEDS[0]} to {SPEEDS[1]} behind it (af_heart@1.1)"
)


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """A voice, a blend of voices, and how fast it speaks."""

    version: str | None
    """Model version that was named, None where it was not."""

    parts: tuple[tuple[str, float], ...]
    """Names as written, each once, with their shares of the whole (sum 1)."""

    speed: float = 1.0

    @property
    def leading(self) -> str:
        """The part with the greatest share, the first of equals: it decides the language."""
        return max(self.parts, key=lambda part: part[1])[0]

    def __str__(self) -> str:
        """Return the canonical text, which parses to an equal spec."""
        top = max(weight for _, weight in self.parts)
        parts = [_part_text(name, weight / top) for name, weight in self.parts]
        version = f"{self.version}/" if self.version else ""
        speed = f"@{_shortest(self.speed)}" if self.speed != 1.0 else ""
        return f"{version}{'+'.join(parts)}{speed}"


def parse(text: str, max_parts: int) -> VoiceSpec:
    """Return what `text` asks for, whether or not such voices exist.

    Raises:
        UnknownVoice: the text is no voice, a number is out of range, or there are more than
            `max_parts` parts.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnknownVoice(f"a voice's name of {len(text):,} characters is too long; {_ALLOWED}")
    body, at, speed = _SPACED_MARK.sub(r"\1", " ".join(text.split())).partition("@")
    written = re.split("[+,]", body)
    if len(written) > max_parts:
        raise UnknownVoice(f"a blend has at most {max_parts} voices, not {len(written)}")
    parsed = [_parse_part(part) for part in written]
    versions = {version for version, _, _ in parsed if version}
    if len(versions) > 1:
        raise UnknownVoice(f"a blend is of one model version, not of {' and '.join(versions)}")
    weights: dict[str, float] = {}
    for _, name, weight in parsed:
        weights[name] = weights.get(name, 0.0) + weight
    return VoiceSpec(
        next(iter(versions), None), _shares(weights), _parse_speed(speed) if at else 1.0
    )


def bounded_speed(speed: float) -> float:
    """Return `speed`, or the nearest that there is."""
    return min(max(speed, SPEEDS[0]), SPEEDS[1])


def mix(packs: Sequence[Pack], weights: Sequence[float]) -> Pack:
    """Return the weighted mean of voice packs, which need not be of one length.

    A shorter pack goes on with its last row, as `style_vector` does, so that blending and taking
    a row may be exchanged.
    """
    rows = max(len(pack) for pack in packs)
    total = np.zeros((rows, packs[0].shape[1]), dtype=np.float64)
    for pack, weight in zip(packs, weights, strict=True):
        total[: len(pack)] += weight * pack
        total[len(pack) :] += weight * pack[-1]
    mixed = (total / sum(weights)).astype(np.float32)
    mixed.flags.writeable = False
    return mixed


def _part_text(name: str, weight: float) -> str:
    shown = _shortest(weight)
    return name if shown == "1" else f"{name}({shown})"


def _shortest(number: float) -> str:
    """Return `number` in the six decimals that are understood, without zeros at the end."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _parse_part(text: str) -> tuple[str | None, str, float]:
    """Return version, name and weight of one part."""
    part = _PART.fullmatch(text)
    if part is None:
        raise UnknownVoice(f"{text[:40]!r} is no voice; {_ALLOWED}")
    version, name, weight = part.groups()
    return version, name, 1.0 if weight is None else _parse_weight(weight)


def _parse_weight(text: str) -> float:
    weight = float(text) if _NUMBER.fullmatch(text) else 0.0
    if not weight:
        raise UnknownVoice(f"a voice's weight is a number above 0, as 2 or 0.5, not {text[:40]!r}")
    return weight


def _parse_speed(text: str) -> float:
    slowest, fastest = SPEEDS
    speed = float(text) if _NUMBER.fullmatch(text) else 0.0
    if not slowest <= speed <= fastest:
        raise UnknownVoice(f"a voice's speed is {slowest} to {fastest}, not {text[:40]!r}")
    return speed


def _shares(weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the weights with a sum of 1.

    They are first rounded relative to the greatest, in the steps of the canonical text, which
    therefore says them exactly.
    """
    top = max(weights.values())
    rounded = {name: max(round(weight / top, 6), 1e-6) for name, weight in weights.items()}
    total = sum(rounded.values())
    return tuple((name, weight / total) for name, weight in rounded.items())
