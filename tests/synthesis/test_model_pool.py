"""Models on their way: fetched from a local hub, loaded, warmed up, tried again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from tests.support.casting import Loader
from tests.support.hub import Fault, Hub, made_up, release
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import (
    BadModelFile,
    ConfigurationError,
    DownloadFailed,
    ModelUnavailable,
)
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.download import fetch
from wyoming_kokoro.synthesis import making
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

SECONDS = 20.0  # to fail by, never to wait for

CONTENTS = {
    "kokoro-v1_0.pth": made_up(50_000, seed=1),
    "config.json": b"{}",
    "voices/af_heart.pt": made_up(5_000, seed=2),
    "voices/bm_george.pt": made_up(5_000, seed=3),
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Hub() as hub:
        monkeypatch.setattr(making, "fetch", partial(fetch, endpoint=hub.url))
        yield hub
    huggingface_hub.close_session()


@pytest.fixture
def version(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    version = release(CONTENTS)
    hub.publish(version, CONTENTS)
    monkeypatch.setattr(catalog, "VERSIONS", (version,))
    return version


@pytest.fixture
def versions(
    version: ModelVersion, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> tuple[ModelVersion, ModelVersion]:
    """Two, with the same files at different addresses."""
    other = replace(version, name="v0.19", revision="f" * 40)
    hub.publish(other, CONTENTS)
    monkeypatch.setattr(catalog, "VERSIONS", (version, other))
    return version, other


@asynccontextmanager
async def preparing(
    settings: Settings, loader: Loader, *, here_only: bool = False
) -> AsyncIterator[tuple[ModelPool, Scheduler]]:
    scheduler = Scheduler(Limits())
    models = ModelPool(settings, scheduler, loader, here_only=here_only)
    try:
        yield models, scheduler
    finally:
        await models.close()
        scheduler.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, engine="onnx")


async def test_the_stand_in_speaks_until_the_model_is_ready(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    loader = Loader()
    hub.spoil(version, "kokoro-v1_0.pth", Fault("stall", after=1000))
    async with preparing(settings, loader) as (models, _):
        assert await models.model(version) is None
        assert not loader.loaded
        hub.resume.set()
        await models.ready(version)
        model = await models.model(version)
    assert model is not None
    assert model.engine.name == "humming"
    assert loader.loaded[0].checkpoint.read_bytes() == CONTENTS["kokoro-v1_0.pth"]


async def test_without_a_stand_in_requests_wait_for_the_model(
    settings: Settings, version: ModelVersion
) -> None:
    async with preparing(replace(settings, stand_in=False), Loader()) as (models, _):
        assert await models.model(version) is not None


async def test_without_a_stand_in_a_model_that_cannot_be_had_is_an_error(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.files.clear()
    async with preparing(replace(settings, stand_in=False), Loader()) as (models, _):
        with pytest.raises(ModelUnavailable, match=r"kokoro-v1_0\.pth"):
            await models.model(version)


async def test_a_model_is_fetched_and_loaded_once_however_many_ask(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    loader = Loader()
    async with preparing(replace(settings, stand_in=False), loader) as (models, _):
        found = await asyncio.gather(*(models.model(version) for _ in range(5)))
    assert len(loader.loaded) == hub.times_asked("kokoro-v1_0.pth") == 1
    assert len(set(map(id, found))) == 1


async def test_a_passing_failure_is_tried_again_with_back_off(
    settings: Settings,
    version: ModelVersion,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("wyoming_kokoro.synthesis.preparing.RETRY_SECONDS", (0.01, 0.02, 0.03))
    hub.spoil(version, "kokoro-v1_0.pth", *[Fault("status", status=503)] * 12)
    async with preparing(settings, Loader()) as (models, _):
        await models.ready(version)
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert warnings
    assert all("the stand-in speaks meanwhile" in line for line in warnings)
    assert "tried again in 0.01 s" in warnings[0]


async def test_a_model_file_that_does_not_load_leaves_the_service_running(
    settings: Settings, version: ModelVersion, caplog: pytest.LogCaptureFixture
) -> None:
    loader = Loader(BadModelFile("kokoro-v1_0.pth lacks decoder.encode"))
    async with preparing(settings, loader) as (models, _):
        await models.settled(version)
        assert await models.model(version) is None
    assert "lacks decoder.encode" in caplog.text
    assert "tried again in 900 s" in caplog.text


async def test_a_bug_in_loading_is_logged_and_does_not_end_the_service(
    settings: Settings, version: ModelVersion, caplog: pytest.LogCaptureFixture
) -> None:
    async with preparing(replace(settings, stand_in=False), Loader(ZeroDivisionError())) as (m, _):
        with pytest.raises(ModelUnavailable, match="does not load"):
            await m.model(version)
    assert "Traceback" in caplog.text


async def test_offline_nothing_is_asked_of_the_hub(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    offline = replace(settings, offline=True, stand_in=False)
    async with preparing(offline, Loader()) as (models, _):
        with pytest.raises(ModelUnavailable, match="wyoming-kokoro download"):
            await models.model(version)
        error = await models.hopeless()
    assert isinstance(error, ModelUnavailable)
    assert hub.asked == []


async def test_what_is_here_is_waited_for_and_what_is_not_is_not_fetched(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with preparing(settings, Loader(), here_only=True) as (models, _):
        assert await models.model(version) is None
        assert hub.asked == []
    async with preparing(replace(settings, stand_in=False), Loader()) as (models, _):
        await models.model(version)
    async with preparing(settings, Loader(), here_only=True) as (models, _):
        assert await models.model(version) is not None


async def test_a_voice_is_fetched_when_it_is_asked_for(
    settings: Settings, version: ModelVersion
) -> None:
    async with preparing(settings, Loader()) as (models, _):
        await models.fetch_voices(version, ("bm_george",), SECONDS)
        file = models.folder(version).voices / "bm_george.pt"
    assert file.read_bytes() == CONTENTS["voices/bm_george.pt"]


async def test_a_local_checkpoint_is_loaded_and_said_to_be_no_official_file(
    settings: Settings, version: ModelVersion, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    file = settings.data_dir / "tuned.pth"
    file.write_bytes(b"weights")
    (settings.data_dir / "config.json").write_text(_config())
    loader = Loader()
    settings = replace(settings, checkpoint=(("", file),), stand_in=False)
    async with preparing(settings, loader) as (models, _):
        await models.model(models.default_version)
    assert loader.loaded[0].checkpoint == file
    assert "tuned.pth is no official model file" in caplog.text
    assert hub.asked == []


async def test_closing_ends_a_download_and_keeps_what_came(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.spoil(version, "kokoro-v1_0.pth", Fault("stall", after=1000))
    async with preparing(settings, Loader()) as (models, _):
        assert await models.model(version) is None
        assert await asyncio.to_thread(hub.came.wait, 10)
    hub.resume.set()
    assert not models.folder(version).checkpoint.exists()


def test_an_engine_that_is_not_installed_is_refused_with_the_remedy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wyoming_kokoro.synthesis.select.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'wyoming-kokoro\[torch\]'"):
        ModelPool(replace(settings, engine="torch"), Scheduler(Limits()))


def _config() -> str:
    import json

    version: Mapping[str, Any] = catalog.architecture("v1.0")
    return json.dumps({**version, "vocab": dict(catalog.vocabulary("v1.0"))})


async def test_a_voice_that_several_ask_for_is_fetched_once(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.spoil(version, "voices/bm_george.pt", Fault("stall", after=1000))
    async with preparing(settings, Loader()) as (models, _):
        asking = [
            asyncio.ensure_future(models.fetch_voices(version, ("bm_george", "af_heart"), SECONDS))
            for _ in range(5)
        ]
        assert await asyncio.to_thread(hub.came.wait, 10)
        asking.pop().cancel()  # who gives up takes nothing from the others
        hub.resume.set()
        await asyncio.gather(*asking)
        here = (models.folder(version).voices / "bm_george.pt").read_bytes()
    assert here == CONTENTS["voices/bm_george.pt"]
    assert hub.times_asked("bm_george.pt") == hub.times_asked("af_heart.pt") == 1


async def test_a_voice_that_could_not_be_fetched_is_tried_again_by_the_next_who_asks(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.spoil(version, "voices/bm_george.pt", Fault("status", status=404))
    async with preparing(settings, Loader()) as (models, _):
        results = await asyncio.gather(
            *(models.fetch_voices(version, ("bm_george",), SECONDS) for _ in range(3)),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [DownloadFailed] * 3
        assert hub.times_asked("bm_george.pt") == 1
        await models.fetch_voices(version, ("bm_george",), SECONDS)
        assert hub.times_asked("bm_george.pt") == 2


async def test_a_voice_comes_while_another_version_is_downloaded(
    settings: Settings,
    versions: tuple[ModelVersion, ModelVersion],
    hub: Hub,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = versions
    hub.spoil(second, "kokoro-v1_0.pth", Fault("stall", after=1000))
    async with preparing(settings, Loader()) as (models, _):
        assert await models.model(second) is None
        assert await asyncio.to_thread(hub.came.wait, 10)
        await asyncio.wait_for(models.fetch_voices(first, ("bm_george",), SECONDS), 10)
        assert await models.model(second) is None
        hub.resume.set()
    assert "tried again" not in caplog.text


async def test_a_version_is_loaded_while_another_is_downloaded(
    settings: Settings,
    versions: tuple[ModelVersion, ModelVersion],
    hub: Hub,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = versions
    hub.spoil(second, "kokoro-v1_0.pth", Fault("stall", after=1000))
    async with preparing(settings, Loader()) as (models, _):
        assert await models.model(second) is None
        assert await asyncio.to_thread(hub.came.wait, 10)
        await asyncio.wait_for(models.ready(first), 10)
        assert await models.model(second) is None
        hub.resume.set()
    assert "tried again" not in caplog.text
