"""Several checkpoints at once: which speaks, by language and by name."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.casting import TokenLoader
from tests.support.engines import HummingEngine
from tests.support.own_checkpoint import GERMAN, own_checkpoint
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, UnknownLanguage, UnknownVoice
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis.casting import Casting
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.pronouncing import Pronouncer
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.versions import Versions
from wyoming_kokoro.synthesis.voice_lookup import VoiceLookup
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

SWEDISH = {"code": "sv_SE", "name": "Swedish", "letter": "s"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A released model whose files are not here, and two checkpoints of users."""
    german = own_checkpoint(tmp_path / "german", [GERMAN])
    swedish = own_checkpoint(tmp_path / "swedish", [SWEDISH], ["sf_elsa"])
    return Settings(
        data_dir=tmp_path / "data",
        engine="onnx",
        offline=True,
        checkpoint=(("de", german), ("Nordic", swedish)),
    )


@asynccontextmanager
async def casting_of(settings: Settings) -> AsyncIterator[tuple[Casting, TokenLoader]]:
    scheduler, loader = Scheduler(Limits()), TokenLoader()
    models = ModelPool(settings, scheduler, loader)
    try:
        voices = VoiceLookup(settings, Limits(), models)
        yield Casting(settings, voices, models, scheduler, HummingEngine()), loader
    finally:
        await models.close()
        scheduler.close()


async def test_voices_of_all_checkpoints_are_offered_with_their_languages(
    settings: Settings,
) -> None:
    async with casting_of(settings) as (casting, _):
        offered = {voice.name: voice for voice in casting.voices.offered()}
    own = {name: voice.language.code for name, voice in offered.items() if "/" in name}
    assert own == {"de/df_anna": "de_DE", "de/dm_jonas": "de_DE", "Nordic/sf_elsa": "sv_SE"}
    assert offered["de/dm_jonas"].description == "Jonas (German, male, de)"
    assert offered["af_heart"].language.code == "en_US"


@pytest.mark.parametrize(
    ("voice", "language", "speaks", "code"),
    [
        (None, "de", "de/df_anna", "de_DE"),
        (None, "de-AT", "de/df_anna", "de_DE"),
        (None, "sv_SE", "Nordic/sf_elsa", "sv_SE"),
        ("de/dm_jonas", None, "de/dm_jonas", "de_DE"),
        ("DE/dm_jonas@1.2", None, "de/dm_jonas@1.2", "de_DE"),
        (None, "en", "af_heart", "en_US"),
        (None, None, "af_heart", "en_US"),
    ],
)
async def test_a_checkpoint_is_chosen_by_language_or_by_its_name(
    settings: Settings, voice: str | None, language: str | None, speaks: str, code: str
) -> None:
    async with casting_of(settings) as (casting, loader):
        cast = await casting.cast(Request(voice, language), ExitStack())
        if "/" in speaks:
            version = casting.voices._version(speaks.partition("/")[0])
            await casting._models.ready(version)
            cast = await casting.cast(Request(voice, language), ExitStack())
            assert cast.pack is not None
            assert [model.checkpoint for model in loader.loaded] == [version.own]
    assert (cast.voice, cast.language.code) == (speaks, code)


async def test_what_nobody_speaks_is_told_with_what_there_is(settings: Settings) -> None:
    async with casting_of(settings) as (casting, _):
        with pytest.raises(UnknownLanguage, match=r"zh_CN, de_DE, sv_SE"):
            casting.reader(Request(language="nl"))
        with pytest.raises(UnknownVoice, match=r"called 'fr'; there are v1\.0, de, Nordic"):
            casting.reader(Request("fr/ff_anne"))
        with pytest.raises(UnknownVoice, match="did you mean df_anna"):
            casting.reader(Request("de/df_anne"))


async def test_how_a_text_would_be_read_follows_the_checkpoint(settings: Settings) -> None:
    async with casting_of(settings) as (casting, _):
        declared = casting._models.versions.declared
        front_end = FrontEnd(languages=casting._models.versions.languages)
        pronouncer = Pronouncer(settings, front_end, casting.reader, declared)
        german = pronouncer.answer("Am 3. Juni um 7:05 Uhr.", "de", None)
        mixed = pronouncer.answer(
            '<speak>It is <lang xml:lang="de-DE">1 Uhr</lang>.</speak>', None, None
        )
    assert german["normalized"] == "Am dritten Juni um sieben Uhr fünf."
    assert "dɾˈɪtən" in german["phonemes"]
    assert mixed["normalized"] == "It is ein Uhr."


async def test_one_checkpoint_in_place_of_the_released_one_speaks_its_own_language(
    tmp_path: Path,
) -> None:
    own = own_checkpoint(tmp_path / "own", [GERMAN], ["anna", "dm_jonas", "af_mine"])
    settings = Settings(data_dir=tmp_path, engine="onnx", checkpoint=(("", own),))
    async with casting_of(settings) as (casting, _):
        offered = {voice.name: voice.language.code for voice in casting.voices.offered()}
        assert offered["anna"] == "de_DE"  # for its name tells no other language
        assert offered["dm_jonas"] == "de_DE"
        assert offered["af_mine"] == "en_US"
        _, language = casting.reader(Request())
    assert language.code == "de_DE"
    assert Versions(settings).default.default_voice == "dm_jonas"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("v1.0",), "that is the name of a released model; choose another name"),
        (("Kokoro",), "that is the name of a released model"),
        (("de", "DE"), "--checkpoint de= is there twice; give one of them another name"),
        (("", ""), "--checkpoint without a name is there twice"),
    ],
)
def test_names_of_checkpoints_are_free_and_distinct(
    settings: Settings, names: tuple[str, ...], told: str
) -> None:
    [(_, file), _] = settings.checkpoint
    with pytest.raises(ConfigurationError, match=told):
        Versions(replace(settings, checkpoint=tuple((name, file) for name in names)))


def test_a_checkpoint_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    missing = replace(settings, checkpoint=(("de", tmp_path / "absent.pth"),))
    with pytest.raises(ConfigurationError, match=r"de=.*absent\.pth: that is not a file; give"):
        Versions(missing)
