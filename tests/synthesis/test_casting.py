"""Who speaks: what requests may say of the voice, with real voice stores and a local hub."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.engines import HummingEngine
from tests.support.hub import Fault, Hub, made_up, release
from tests.synthesis.test_model_pool import Loader
from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import (
    ConfigurationError,
    EspeakUnavailable,
    ModelUnavailable,
    UnknownLanguage,
    UnknownVoice,
)
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.download import fetch
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Phonemes, Request, Tokens
from wyoming_kokoro.synthesis import making, voice_lookup
from wyoming_kokoro.synthesis.casting import Cast, Casting
from wyoming_kokoro.synthesis.loudness import STAND_IN_LUFS, VoiceLoudness
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.voice_lookup import VoiceLookup
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.voices import blend
from wyoming_kokoro.voices import store as store_module

NAMES = ("af_bella", "af_heart", "am_adam", "bf_alice", "bf_emma", "ff_siwis", "jf_alpha")


@pytest.fixture(autouse=True)
def no_voices_on_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", "none")


class TokenEngine(HummingEngine):
    """One that needs voice packs."""

    reads: Any = "tokens"


class TokenLoader(Loader):
    def __call__(self, *arguments: Any) -> TokenEngine:
        super().__call__(*arguments)
        return TokenEngine()


def pack_of(number: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A pack whose rows tell their voice and their number."""
    rows = np.arange(510, dtype=np.float32)[:, None] / 1000 + number
    return np.broadcast_to(rows, (510, 256)).astype(np.float32)


def as_bytes(number: int) -> bytes:
    return pack_of(number).tobytes()


@dataclass
class House:
    """A casting, and what it is made of."""

    casting: Casting
    models: ModelPool
    version: ModelVersion
    hub: Hub
    data_dir: Path

    async def cast(self, voice: str | None = None, language: str | None = None) -> Cast:
        return await self.casting.cast(Request(voice, language), ExitStack())


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture
def version(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    contents = {"kokoro-v1_0.pth": made_up(9_000), "config.json": b"{}"}
    # Raw packs serve as well as the released .pt: readers go by content but for .bin.
    contents |= {f"voices/{name}.pt": _npy(number) for number, name in enumerate(NAMES)}
    version = release(contents)
    hub.publish(version, contents)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(catalog, "VERSIONS", (version, replace(version, name="v0.19")))
    monkeypatch.setattr(making, "fetch", partial(fetch, endpoint=hub.url))
    return version


def _npy(number: int) -> bytes:
    import io

    content = io.BytesIO()
    np.save(content, pack_of(number))
    return content.getvalue()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, engine="onnx")


@asynccontextmanager
async def house(
    settings: Settings, version: ModelVersion, hub: Hub, *, ready: bool = True
) -> AsyncIterator[House]:
    scheduler = Scheduler(Limits())
    models = ModelPool(settings, scheduler, TokenLoader())
    voices = VoiceLookup(settings, Limits(), models)
    casting = Casting(settings, voices, models, scheduler, HummingEngine())
    try:
        if ready:
            await models.ready(version)
        yield House(casting, models, version, hub, settings.data_dir)
    finally:
        await models.close()
        scheduler.close()


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


async def test_a_configured_blend_is_a_voice_like_any_other(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    settings = replace(settings, blend=(("kitchen", "bf_emma(2)+bf_alice(1)@1.1"),), speed=1.2)
    async with house(settings, version, hub) as home:
        cast = await home.cast("kitchen")
        offered = {voice.name: voice for voice in home.casting.voices.offered()}
    assert cast.language.code == offered["kitchen"].language.code == "en_GB"
    assert cast.speed == pytest.approx(1.1 * 1.2)


async def test_speeds_together_stay_within_what_the_model_can_do(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(replace(settings, speed=2.0), version, hub) as home:
        assert (await home.cast("af_heart@1.5")).speed == 2.0


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
                (folder / f"mine-{index}.npy").write_bytes(_npy(7))
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


async def test_what_cannot_be_fetched_is_not_offered(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with house(settings, version, hub) as home:
        await home.cast("bf_emma")
        assert "bf_alice" in {voice.name for voice in home.casting.voices.offered()}
    async with house(replace(settings, offline=True), version, hub) as home:
        assert {voice.name for voice in home.casting.voices.offered()} == {"af_heart", "bf_emma"}
