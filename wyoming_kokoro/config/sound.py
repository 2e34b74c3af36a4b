"""How text is read, and how it sounds to a listener."""

from dataclasses import dataclass
from pathlib import Path

from wyoming_kokoro.config.options import (
    LISTENING,
    SPEAKING,
    number,
    off_or_number,
    one_of,
    option,
    path,
    switch,
)


def sample_rate(text: str) -> int:
    """Accept one of the sample rates that players use."""
    return int(one_of("16000", "22050", "24000", "48000")(text))


@dataclass(frozen=True)
class SoundOptions:
    """Options of pronunciation, pauses, loudness and sample rate."""

    detect_language: bool = option(
        False,
        "speak sentences in Hindi, Japanese or Chinese script by a voice of that language, where "
        "the request names no voice",
        switch,
        "BOOL",
        commands=(*SPEAKING, "phonemize"),
    )
    lexicon: Path | None = option(
        None,
        "file of words and how to say them; of itself lexicon.txt in the data directory",
        path,
        "FILE",
        commands=(*SPEAKING, "phonemize"),
    )
    sentence_pause: float = option(
        0.3, "silence after a sentence, in seconds", number(0, 5), "SECONDS", commands=SPEAKING
    )
    tail_silence: float = option(
        0.0,
        "silence after the last sentence, in seconds; for players that cut endings off",
        number(0, 5),
        "SECONDS",
        commands=SPEAKING,
    )
    lead_silence: float = option(
        0.0,
        "silence before the first sound, in seconds; for players that swallow the start",
        number(0, 5),
        "SECONDS",
        commands=SPEAKING,
    )
    sample_rate: int = option(
        24_000,
        "sample rate of what Wyoming clients get, in hertz: 16000, 22050, 24000 (the model's own) "
        "or 48000. Home Assistant converts nothing for satellites that play just that: 22050 for "
        "Wyoming satellites, 16000 for ESPHome speakers and VoIP",
        sample_rate,
        "HERTZ",
        commands=LISTENING,
    )
    loudness: float | None = option(
        -23.0,
        "how loud all voices are, in LUFS, -40 to -10; off leaves each as the model makes it",
        off_or_number(-40, -10),
        "LUFS",
        commands=SPEAKING,
    )
