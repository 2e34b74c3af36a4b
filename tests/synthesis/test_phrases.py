"""What was spoken is kept on disk, and heard again without being made."""

import logging
import os
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.engines import HummingEngine, OneVoice, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import now, run
from tests.support.voice_files import pack
from wyoming_kokoro.speech import Pcm, Request
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.loudness import VoiceLoudness
from wyoming_kokoro.synthesis.phrases import PhraseCache
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.voices.packs import as_pack

SECOND = 48_008
"""Bytes of a file of a second."""

SENTENCE = "Forty characters are three seconds long."


def noise(seed: int = 0, seconds: float = 1.0) -> Pcm:
    samples = np.random.default_rng(seed).uniform(-1, 1, round(24_000 * seconds))
    return samples.astype(np.float32)


def kept(cache: PhraseCache, *phrases: str) -> list[bool]:
    return [cache.get(phrase) is not None for phrase in phrases]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_phrase_comes_back_as_it_was_heard_also_after_a_restart(tmp_path: Path) -> None:
    pcm = noise()
    PhraseCache(tmp_path / "new", 100_000).keep(("a", 1), pcm)
    again = PhraseCache(tmp_path / "new", 100_000)
    found = again.get(("a", 1))
    assert found is not None
    np.testing.assert_allclose(found, pcm, atol=0.5 / 32_767 + 1e-7)
    np.testing.assert_array_equal(np.rint(found * 32_767), np.rint(pcm * 32_767))
    assert again.get(("a", 2)) is None


def test_the_files_are_bounded_and_what_was_not_heard_for_longest_goes_first(
    tmp_path: Path,
) -> None:
    cache = PhraseCache(tmp_path, 3 * SECOND)
    for phrase in "abc":
        cache.keep(phrase, noise())
    assert cache.get("a") is not None
    cache.keep("d", noise())
    assert kept(cache, *"abcd") == [True, False, True, True]
    assert sum(file.stat().st_size for file in files(tmp_path)) == 3 * SECOND
    cache.keep("too long", noise(seconds=4))
    assert kept(cache, *"acd", "too long") == [True, True, True, False]


def test_the_order_and_a_smaller_bound_hold_after_a_restart(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path, 3 * SECOND)
    for age, phrase in enumerate("abc"):
        cache.keep(phrase, noise())
        [new] = [file for file in files(tmp_path) if file.stat().st_mtime > 1e9]
        os.utime(new, (age, age))
    cache.get("a")
    assert kept(PhraseCache(tmp_path, 2 * SECOND), *"abc") == [True, False, True]
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "gone", "odd"])
def test_a_damaged_file_is_told_and_made_again(damage: str, tmp_path: Path) -> None:
    PhraseCache(tmp_path, 100_000).keep("a", noise())
    [file] = files(tmp_path)
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    damaged: dict[str, bytes | bytearray]
    damaged = {"cut": content[:-7], "changed": content, "emptied": b"", "odd": content[:9]}
    cache = PhraseCache(tmp_path, 100_000)
    assert kept(cache, "b") == [False]
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(damaged[damage])
    assert kept(cache, "a") == [False]
    assert files(tmp_path) == []
    cache.keep("a", noise())
    assert kept(cache, "a") == [True]


def test_what_cannot_be_written_is_told_once_and_leaves_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = PhraseCache(tmp_path / "file", 100_000)
    for phrase in "ab":
        cache.keep(phrase, noise())
    assert kept(cache, *"ab") == [False, False]
    assert len(caplog.records) == 1
    assert "what is spoken cannot be kept in" in caplog.text


def test_what_a_killed_process_left_behind_is_removed_and_other_files_are_not(
    tmp_path: Path,
) -> None:
    draft, mine = tmp_path / f"{'a' * 64}.1.tmp", tmp_path / "notes.txt"
    fresh = tmp_path / f"{'b' * 64}.2.tmp"
    for file in (draft, mine, fresh):
        file.write_bytes(bytes(1000))
    os.utime(draft, (0, 0))
    assert PhraseCache(tmp_path, 1).get("a") is None
    assert files(tmp_path) == [fresh, mine]


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_jumps_costs_nothing_that_was_kept(
    years: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most the draft of another process, which keeps that sentence at another time."""
    before = PhraseCache(tmp_path, 100_000)
    before.keep("a", noise())
    jumped = time.time() + years * 365 * 86_400
    monkeypatch.setattr(time, "time", lambda: jumped)
    assert kept(before, "a", "b") == [True, False]
    after = PhraseCache(tmp_path, 100_000)
    after.keep("b", noise(1))
    assert kept(after, "a", "b") == [True, True]


class _Reader(HummingEngine):
    """Hums from tokens, as the real engines do."""

    reads: Any = "tokens"


class _Voice(OneVoice):
    """A voice with a pack, which may be changed between requests."""

    def __init__(self, engine: HummingEngine, **changes: Any) -> None:
        super().__init__(engine)
        self.changes: dict[str, Any] = {"pack": as_pack(pack(1)), **changes}

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        vocabulary = {chr(letter): letter for letter in range(32, 0x3000)}
        cast = replace(await super().cast(request, uses), vocabulary=vocabulary)
        return replace(cast, **self.changes)


def speak(
    engine: HummingEngine, voice: _Voice, folder: Path, *requests: Request, text: str = SENTENCE
) -> list[list[tuple[float, bytes]]]:
    """Speak the same text again and again; return chunks, each with the time since its request."""

    async def main() -> list[list[tuple[float, bytes]]]:
        phrases = PhraseCache(folder, 10_000_000)
        pipeline = humming_pipeline(engine, voice=voice, pauses=Pauses(), phrases=phrases)
        said = []
        for request in requests:
            begun = now()
            chunks = pipeline.speak(request, pieces(text))
            said.append([(now() - begun, chunk) async for chunk in chunks])
        return said

    return run(main())


def test_what_is_said_again_is_not_made_again_and_is_heard_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = _Reader()
    with caplog.at_level(logging.INFO, "wyoming_kokoro"):
        first, second = speak(engine, _Voice(engine), tmp_path, Request(), Request())
    assert engine.spoken == [SENTENCE]
    assert b"".join(chunk for _, chunk in second) == b"".join(chunk for _, chunk in first)
    assert first[0][0] > 0.1
    assert second[0][0] == 0
    lines = [line for line in caplog.messages if line.startswith("spoken")]
    assert ["kept 0" in lines[0], "kept 1" in lines[1]] == [True, True]
    assert "RTF 0.000" in lines[1]


def test_only_the_sentences_that_were_spoken_before_are_taken_from_disk(tmp_path: Path) -> None:
    engine = _Reader()
    voice = _Voice(engine)
    speak(engine, voice, tmp_path, Request())
    other = "This one is of another kind altogether."
    [said] = speak(engine, voice, tmp_path, Request(), text=f"{SENTENCE} {other}")
    assert engine.spoken == [SENTENCE, other]
    assert seconds_of(chunk for _, chunk in said) == pytest.approx(6.0, abs=0.2)


@pytest.mark.parametrize(
    "change",
    [
        {"speed": 1.1},
        {"pack": as_pack(pack(2))},
        {"model": "another checkpoint, engine or precision"},
        {"in_breaths": False},
        {"loudness": VoiceLoudness(gain=0.5)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_would_sound_otherwise_is_made(change: dict[str, Any], tmp_path: Path) -> None:
    engine = _Reader()
    speak(engine, _Voice(engine), tmp_path, Request())
    speak(engine, _Voice(engine, **change), tmp_path, Request())
    assert engine.spoken == [SENTENCE] * 2


def test_another_seed_is_another_sound(tmp_path: Path) -> None:
    engine = _Reader()
    speak(engine, _Voice(engine), tmp_path, Request(), Request(seed=1), Request(seed=1))
    assert engine.spoken == [SENTENCE] * 2


@pytest.mark.parametrize(
    "change",
    [{"pack": None}, {"loudness": VoiceLoudness(learn=lambda _pcm: None)}],
    ids=["stand-in", "a voice that is still being learned"],
)
def test_what_will_sound_better_later_is_not_kept(change: dict[str, Any], tmp_path: Path) -> None:
    engine = _Reader()
    speak(engine, _Voice(engine, **change), tmp_path, Request(), Request())
    assert engine.spoken == [SENTENCE] * 2
    assert files(tmp_path) == []
