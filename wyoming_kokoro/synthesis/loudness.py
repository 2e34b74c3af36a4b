"""How loud each voice is by nature, and by what factor it is made as loud as the others.

Of released voices a table tells it. Others, blends among them, teach it by the sentences that they
speak, which is remembered by checkpoint and by voice.
"""

import contextlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from wyoming_kokoro.audio import gain_for
from wyoming_kokoro.audio.loudness import SILENT_LUFS, loudness
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm
from wyoming_kokoro.voices.loudness import released_loudness
from wyoming_kokoro.voices.packs import Pack, pack_key

LEAST_SECONDS = 2.0
"""Of a sentence that teaches how loud a voice is; shorter ones differ by decibels."""

ENOUGH_SENTENCES = 10
"""After which nothing more is learned. The mean of so many is right within a quarter of a
decibel."""

SENTENCES_FOR_KNOWN = 3
"""That a released voice must have spoken with another checkpoint before they count for more than
what the table says."""

STAND_IN_LUFS = -21.7
"""Of the stand-in: the mean of its two voices, which are alike within half a decibel."""

TYPICAL_LUFS = -23.9
"""Of a voice that nothing is known of yet: about the mean of the released ones."""

MOST_DECIBELS = 20.0
"""By which a voice is made louder or fainter, at the most."""

MOST_VOICES = 1000
"""That are remembered; the one that was learned of longest ago goes first."""


@dataclass(frozen=True, slots=True)
class VoiceLoudness:
    """How a voice is made as loud as it should be."""

    key: str = ""
    """Which voice of which model this is."""

    gain: float = 1.0

    learn: Callable[[Pcm], None] | None = None
    """Takes note of a sentence as the engine made it; None where enough is known. Takes some
    milliseconds, and may be called by any thread."""


AS_MADE = VoiceLoudness()
"""Nothing is changed."""


class Loudness:
    """Brings all voices to one loudness. Any thread may ask."""

    def __init__(self, target: float | None, record: Path) -> None:
        """`target` is in LUFS, None to leave voices as they are. The file `record`, which need not
        exist, remembers what was learned."""
        self._target = target
        self._learned = _Learned(record)

    def of(self, pack: Pack, checkpoint: str, *, released: bool) -> VoiceLoudness:
        """Return the loudness of a voice with the checkpoint that has this sha256; `released` tells
        whether its weights are the released ones, which the table was made for."""
        if self._target is None:
            return AS_MADE
        voice = pack_key(pack)
        known, key = released_loudness().get(voice), f"{checkpoint}/{voice}"
        if known is not None and released:
            return VoiceLoudness(key, self._gain(known))
        mean, sentences = self._learned.of(key)
        if sentences < (1 if known is None else SENTENCES_FOR_KNOWN):
            mean = TYPICAL_LUFS if known is None else known
        learn = partial(self._learn, key) if sentences < ENOUGH_SENTENCES else None
        return VoiceLoudness(key, self._gain(mean), learn)

    def of_stand_in(self) -> VoiceLoudness:
        """Return the loudness of the stand-in."""
        if self._target is None:
            return AS_MADE
        return VoiceLoudness("stand-in", self._gain(STAND_IN_LUFS))

    def _gain(self, lufs: float) -> float:
        decibels = (self._target or 0.0) - lufs
        return gain_for(min(max(decibels, -MOST_DECIBELS), MOST_DECIBELS))

    def _learn(self, key: str, sentence: Pcm) -> None:
        if len(sentence) < LEAST_SECONDS * SAMPLE_RATE:
            return
        lufs = loudness(sentence)
        if lufs > SILENT_LUFS:
            self._learned.add(key, lufs)


class _Learned:
    """Mean loudness and number of sentences by voice, kept in a file."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._voices = self._read()

    def of(self, key: str) -> tuple[float, int]:
        """Return the mean in LUFS, and of how many sentences."""
        return self._voices.get(key, (0.0, 0))

    def add(self, key: str, lufs: float) -> None:
        """Learn of another sentence, if more are wanted."""
        with self._lock:
            mean, sentences = self.of(key)
            if sentences >= ENOUGH_SENTENCES:
                return
            learned = ((mean * sentences + lufs) / (sentences + 1), sentences + 1)
            voices = {**self._read(), **self._voices}
            voices.pop(key, None)
            self._voices = dict([*voices.items(), (key, learned)][-MOST_VOICES:])
            with contextlib.suppress(OSError):  # a full or read-only disk: learned anew next time
                self._write()

    def _read(self) -> dict[str, tuple[float, int]]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            return {key: _checked(*learned) for key, learned in record.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # no record, or a damaged one

    def _write(self) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        draft = self._record.with_name(f"{self._record.name}.{os.getpid()}.tmp")
        try:
            draft.write_text(json.dumps(self._voices, indent=1), encoding="utf-8")
            draft.replace(self._record)
        finally:
            draft.unlink(missing_ok=True)


def _checked(mean: Any, sentences: Any) -> tuple[float, int]:  # noqa: ANN401 of a file
    """Return what was learned of a voice.

    Raises:
        ValueError: nobody has learned this.
    """
    if not (SILENT_LUFS <= float(mean) <= 0 and 0 < int(sentences) <= ENOUGH_SENTENCES):
        raise ValueError(f"a voice of {mean} LUFS after {sentences} sentences")
    return float(mean), int(sentences)
