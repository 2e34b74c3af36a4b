"""Who speaks: what requests may say of the voice, with real voice stores and a local hub."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.casting import house, hub, no_voices_on_board, settings, version
from tests.support.hub import Fault, Hub
from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.config import Settings
from wyoming_kokoro.errors import (
    EspeakUnavailable,
    ModelUnavailable,
)
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Phonemes, Tokens
from wyoming_kokoro.synthesis.loudness import STAND_IN_LUFS, VoiceLoudness
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

__all__ = ["hub", "no_voices_on_board", "settings", "version"]  # fixtures


def tokens(length: int) -> Tokens:
    from wyoming_kokoro.speech import US_ENGLISH

    return Tokens((1,) * length, Phonemes("a" * length, "", US_ENGLISH))


async def test_a_request_without_a_voice_is_spoken_by_the_default_one(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        cast = await home.cast()
    assert (cast.voice, cast.language.code, cast.female, cast.speed) == (
        "af_heart",
        "en_US",
        True,
        1.0,
    )


async def test_the_style_is_the_row_for_the_sentences_length(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        cast = await home.cast("am_adam")
        style = cast.style(tokens(42))
    assert style.vector == pytest.approx(np.full(256, 2 + 0.041), abs=1e-5)
    assert not style.female


async def test_a_blend_is_the_weighted_mean_with_its_speed(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        cast = await home.cast("af_heart(3)+bf_emma(1)@1.25")
        style = cast.style(tokens(1))
    assert style.vector == pytest.approx(np.full(256, (3 * 1 + 4) / 4), abs=1e-5)
    assert (cast.language.code, cast.speed) == ("en_US", 1.25)


async def test_speeds_together_stay_within_what_the_model_can_do(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(replace(settings, speed=2.0), version, hub) as home:
        assert (await home.cast("af_heart@1.5")).speed == 2.0


async def test_a_voice_that_is_not_here_is_fetched_for_the_request(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        assert not home.casting.voices.is_here("am_adam")
        assert (await home.cast("am_adam")).pack is not None
        assert home.casting.voices.is_here("am_adam")
    assert hub.times_asked("voices/am_adam.pt") == 1


async def test_the_stand_in_speaks_for_a_voice_that_cannot_be_fetched(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.spoil(version, "voices/bf_alice.pt", *[Fault("status", status=404)] * 9)
    async with house(settings, version, hub) as home:
        cast = await home.cast("bf_alice")
    assert (cast.engine.reads, cast.pack, cast.language.code) == ("text", None, "en_GB")


async def test_without_a_stand_in_a_voice_that_cannot_be_fetched_is_an_error(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.spoil(version, "voices/bf_alice.pt", *[Fault("status", status=404)] * 9)
    async with house(replace(settings, stand_in=False), version, hub) as home:
        with pytest.raises(ModelUnavailable, match="bf_alice"):
            await home.cast("bf_alice")


async def test_the_default_and_the_preloaded_voices_are_fetched_early_and_the_rest_is_named(
    settings: Settings, version: ModelVersion, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(settings, preload_voices=("nobody", "am_adam"))
    async with house(settings, version, hub) as home:
        await home.casting.prepare(FrontEnd())
        assert home.casting.voices.is_here("af_heart")
        assert home.casting.voices.is_here("am_adam")
    [warning] = [line for line in caplog.messages if "not ready" in line]
    assert warning.startswith("the voice nobody is not ready: there is no voice 'nobody'")


async def test_a_voice_of_the_model_that_is_ready_is_spoken_while_another_version_comes(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        hub.spoil(version, "kokoro-v1_0.pth", Fault("stall", after=100))
        assert (await home.cast("v0.19/af_bella")).engine.reads == "text"
        cast = await home.cast("am_adam")
        hub.resume.set()
    assert (cast.engine.reads, cast.voice) == ("tokens", "am_adam")


async def test_a_front_end_that_is_not_ready_keeps_no_model_and_no_voice_from_coming(
    settings: Settings,
    version: ModelVersion,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def unready(*_: object) -> None:
        raise EspeakUnavailable("espeak-ng does not load")

    monkeypatch.setattr(FrontEnd, "phonemize", unready)
    async with house(settings, version, hub, ready=False) as home:
        await home.casting.prepare(FrontEnd())
        assert await home.models.model(version) is not None
        assert home.casting.voices.is_here("af_heart")
    assert "the front end is not ready: espeak-ng does not load" in caplog.messages


async def test_a_voice_that_has_spoken_is_as_loud_as_asked_from_the_next_request_on(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(replace(settings, loudness=-20.0), version, hub) as home:
        first = await home.cast("af_heart+bf_emma")
        assert first.loudness.learn
        first.loudness.learn(noise(-30))
        second, other = await home.cast("af_heart+bf_emma@1.2"), await home.cast("af_heart")
    assert second.loudness.gain == pytest.approx(10 ** (10 / 20), rel=0.01)
    assert other.loudness.gain == first.loudness.gain != second.loudness.gain
    assert (settings.data_dir / "cache" / "loudness.json").exists()


async def test_without_a_loudness_voices_are_as_the_model_makes_them(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(replace(settings, loudness=None), version, hub) as home:
        assert (await home.cast()).loudness == VoiceLoudness()


async def test_the_stand_in_is_as_loud_as_asked(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    quiet = replace(settings, engine="stand-in", loudness=STAND_IN_LUFS - 6)
    async with house(quiet, version, hub, ready=False) as home:
        cast = await home.cast()
    assert cast.loudness.gain == pytest.approx(0.5, rel=0.01)
    assert cast.loudness.learn is None


def noise(lufs: float) -> Pcm:
    """Three seconds that are so loud."""
    pcm = np.random.default_rng(0).normal(0, 0.1, 3 * SAMPLE_RATE).astype(np.float32)
    return pcm * np.float32(10 ** ((lufs - loudness(pcm)) / 20))


async def test_a_voice_that_cannot_be_had_is_replaced_by_the_one_on_board_of_its_language(
    settings: Settings,
    version: ModelVersion,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", version.name)
    async with house(settings, version, hub) as home:
        hub.files = {path: content for path, content in hub.files.items() if "alice" not in path}
        cast = await home.cast("bf_alice@1.2")
        assert (cast.voice, cast.speed, cast.engine.name) == ("bf_emma@1.2", 1.2, "humming")
        assert "bf_emma speaks instead" in caplog.text
        refusing = replace(settings, stand_in=False)
    async with house(refusing, version, hub) as home:
        with pytest.raises(ModelUnavailable, match="bf_alice"):
            await home.cast("bf_alice")
