"""Which voices there are, by name and by language, with real voice stores and a local hub."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.casting import (
    as_bytes,
    as_npy,
    house,
    hub,
    no_voices_on_board,
    settings,
    version,
)
from tests.support.hub import Hub
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import (
    ConfigurationError,
    UnknownLanguage,
    UnknownVoice,
)
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.synthesis import voice_lookup
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.voice_lookup import VoiceLookup
from wyoming_kokoro.voices import blend
from wyoming_kokoro.voices import store as store_module

__all__ = ["hub", "no_voices_on_board", "settings", "version"]  # fixtures


async def test_a_configured_blend_is_a_voice_like_any_other(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    settings = replace(settings, blend=(("kitchen", "bf_emma(2)+bf_alice(1)@1.1"),), speed=1.2)
    async with house(settings, version, hub) as home:
        cast = await home.cast("kitchen")
        offered = {voice.name: voice for voice in home.casting.voices.offered()}
    assert cast.language.code == offered["kitchen"].language.code == "en_GB"
    assert cast.speed == pytest.approx(1.1 * 1.2)


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en_US", "af_heart"),
        ("en", "af_heart"),
        ("en-GB", "bf_emma"),
        ("fr_FR", "ff_siwis"),
        ("fr", "ff_siwis"),
        ("fr_CA", "ff_siwis"),
    ],
)
async def test_a_language_without_a_voice_is_spoken_by_one_that_speaks_it(
    language: str, voice: str, settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        assert (await home.cast(language=language)).voice == voice


async def test_a_language_that_nobody_speaks_is_refused(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        with pytest.raises(UnknownLanguage, match="nl_NL"):
            await home.cast(language="nl_NL")
        with pytest.raises(UnknownLanguage, match="no voice for Italian: choose another model"):
            await home.cast(language="it_IT")


async def test_an_unknown_voice_is_refused_unless_there_is_to_be_a_fallback(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        for name in ("af_hart", "v9/af_heart", "../../etc/passwd", ""):
            if name:
                with pytest.raises(UnknownVoice):
                    await home.cast(name)
    async with house(replace(settings, fallback_voice=True), version, hub) as home:
        assert (await home.cast("af_hart")).voice == "af_heart"


async def test_voices_of_languages_that_cannot_be_read_are_not_offered(
    settings: Settings, version: ModelVersion, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "wyoming_kokoro.text.pronouncing.installed._PACKAGES", {"ja_JP": ("ja", ("absent",))}
    )
    async with house(settings, version, hub) as home:
        assert "jf_alpha" not in {voice.name for voice in home.casting.voices.offered()}
        with pytest.raises(UnknownLanguage, match=r"wyoming-kokoro\[ja\]"):
            await home.cast("jf_alpha")
        with pytest.raises(UnknownLanguage, match=r"wyoming-kokoro\[ja\]"):
            await home.cast(language="ja_JP")


async def test_a_users_voice_appears_without_a_restart(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        with pytest.raises(UnknownVoice):
            await home.cast("bm_uncle")
        folder = home.data_dir / "voices"
        folder.mkdir()
        (folder / "bm_uncle.bin").write_bytes(as_bytes(7))
        cast = await home.cast("bm_uncle")
        assert "bm_uncle" in {voice.name for voice in home.casting.voices.offered()}
    assert cast.pack is not None
    assert cast.pack[0, 0] == 7
    assert (cast.language.code, cast.female) == ("en_GB", False)


async def test_the_folders_are_looked_at_as_often_for_many_voices_as_for_one(
    settings: Settings, version: ModelVersion, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    scandir = os.scandir

    def noted(folder: Path) -> Any:
        looked.append(folder)
        return scandir(folder)

    async with house(settings, version, hub) as home:
        folder = home.data_dir / "voices"
        folder.mkdir()
        times = []
        for number in (1, 4):
            for index in range(number):
                (folder / f"mine-{index}.npy").write_bytes(as_npy(7))
            home.casting.voices.offered()
            with monkeypatch.context() as patched:
                patched.setattr(os, "scandir", noted)
                looked.clear()
                assert len([v for v in home.casting.voices.offered() if "mine" in v.name]) == number
                times.append(len(looked))
    assert times[0] == times[1]


@pytest.mark.parametrize(
    ("voice", "language", "looks"),
    [
        ("af_heart", None, 1),
        ("af_heart(2)+bf_emma(1)@1.1", None, 1),
        ("kitchen", None, 1),
        (None, None, 1),
        (None, "en_US", 1),
        (None, "en_GB", 2),  # at the default voice, then at all that speak the language
    ],
)
async def test_the_name_of_a_voice_is_parsed_once_a_request_and_each_folder_looked_at_once(
    voice: str | None,
    language: str | None,
    looks: int,
    settings: Settings,
    version: ModelVersion,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[str] = []
    looked: list[Path] = []
    parse, scandir = blend.parse, os.scandir

    def noted_name(text: str, parts: int) -> blend.VoiceSpec:
        parsed.append(text)
        return parse(text, parts)

    def noted_folder(folder: Path) -> Any:
        looked.append(folder)
        return scandir(folder)

    settings = replace(settings, blend=(("kitchen", "af_heart+bf_emma@1.1"),))
    async with house(settings, version, hub) as home:
        (home.data_dir / "voices").mkdir()
        await home.cast(voice, language)  # what is not here is fetched
        for module in (blend, voice_lookup, store_module):
            monkeypatch.setattr(module, "parse", noted_name)
        monkeypatch.setattr(os, "scandir", noted_folder)
        await home.cast(voice, language)
    folders = [home.data_dir / "models" / version.name / "voices", home.data_dir / "voices"]
    assert (len(parsed), looked) == (1, folders * looks)


async def test_another_version_is_named_before_the_voice(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        cast = await home.cast("v0.19/af_bella")
    assert (cast.version.name, cast.voice) == ("v0.19", "v0.19/af_bella")


def test_a_default_voice_that_does_not_exist_is_a_bad_setting(
    settings: Settings, version: ModelVersion
) -> None:
    scheduler = Scheduler(Limits())
    settings = replace(settings, voice="af_hart")
    voices = VoiceLookup(settings, Limits(), ModelPool(settings, scheduler))
    with pytest.raises(ConfigurationError, match=r"--voice af_hart.*af_heart"):
        voices.check()
    scheduler.close()


async def test_what_cannot_be_fetched_is_not_offered(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        await home.cast("bf_emma")
        assert "bf_alice" in {voice.name for voice in home.casting.voices.offered()}
    async with house(replace(settings, offline=True), version, hub) as home:
        assert {voice.name for voice in home.casting.voices.offered()} == {"af_heart", "bf_emma"}
