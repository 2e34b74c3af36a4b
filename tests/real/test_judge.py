"""The judge of sound is speechmos' own, without what that takes besides."""

import importlib
import sys
from types import ModuleType

import numpy as np
import pytest

from tests.support.index_files import NotInstalled, judge_file
from tests.support.judge import rate_at_16_khz
from tests.support.recogniser import HEARD_RATE
from wyoming_kokoro.speech import Pcm


@pytest.fixture
def speechmos(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package's module, with what it imports for other measures left empty."""
    try:
        judge_file()
    except NotInstalled as error:
        pytest.skip(str(error))
    requests = ModuleType("requests")
    requests.session = None  # type: ignore[attr-defined]  # it is imported and not used
    for stub in (ModuleType("librosa"), requests):
        monkeypatch.setitem(sys.modules, stub.__name__, stub)
    module = importlib.import_module("speechmos.dnsmos")
    spectrum = np.zeros((900, 120), np.float32)  # for a rating that is not used
    monkeypatch.setattr(module.DNSMOS, "audio_melspec", lambda *_, **__: spectrum)
    return module


@pytest.mark.parametrize("seconds", [3, 10.5, 11])
def test_ratings_are_those_of_speechmos(seconds: float, speechmos: ModuleType) -> None:
    sound = voice_like(seconds)
    ours, theirs = rate_at_16_khz(sound), speechmos.run(sound, HEARD_RATE)
    assert ours.overall == pytest.approx(theirs["ovrl_mos"], abs=1e-6)
    assert ours.signal == pytest.approx(theirs["sig_mos"], abs=1e-6)
    assert ours.background == pytest.approx(theirs["bak_mos"], abs=1e-6)


def voice_like(seconds: float) -> Pcm:
    """Harmonics that come and go three times a second, and a little noise."""
    time = np.arange(round(seconds * HEARD_RATE)) / HEARD_RATE
    tone = sum(np.sin(2 * np.pi * 150 * n * time) / n for n in range(1, 20))
    hiss = 0.01 * np.random.default_rng(0).standard_normal(len(time))
    swelling = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * time)
    return np.clip(0.2 * tone * swelling + hiss, -1, 1).astype(np.float32)
