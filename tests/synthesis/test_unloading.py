"""Versions side by side: loaded when wanted, unloaded when idle. Virtual time, real files."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import virtual_time
from tests.support.engines import HummingEngine
from tests.support.hub import made_up, release
from tests.support.virtual_time import VirtualLane
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

CONTENTS = {
    "kokoro-v1_0.pth": made_up(9_000),
    "config.json": b"{}",
    "voices/af_heart.pt": made_up(900),
}


class ClosingEngine(HummingEngine):
    """Remembers whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


class House:
    """Models of two versions whose files are here, and the engines they were loaded into."""

    def __init__(self, settings: Settings, *failures: Exception) -> None:
        self.loaded: list[ClosingEngine] = []
        self.failures = list(failures)
        self.default, self.other = catalog.VERSIONS[:2]
        self.scheduler = Scheduler(Limits(), now=virtual_time.now, lane=lambda _: VirtualLane())
        self.models = ModelPool(settings, self.scheduler, self.load)

    def load(self, *arguments: Any) -> Engine:
        if self.failures:
            raise self.failures.pop(0)
        self.loaded.append(ClosingEngine())
        return self.loaded[-1]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    first = release(CONTENTS)
    versions = (first, replace(first, name="v0.19"))
    monkeypatch.setattr(catalog, "VERSIONS", versions)
    for version in versions:
        _write(ModelFolder(tmp_path, version))
    return Settings(data_dir=tmp_path, engine="onnx", model_ttl=60)


def _write(folder: ModelFolder) -> None:
    for name, content in CONTENTS.items():
        (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.path / name).write_bytes(content)


Story = Callable[[House], Coroutine[Any, Any, None]]


def play(story: Story, settings: Settings, *failures: Exception) -> House:
    """Let a story take place in virtual time."""
    houses = []

    async def main() -> None:
        houses.append(House(settings, *failures))
        await story(houses[0])
        await houses[0].models.close()

    virtual_time.run(main())
    return houses[0]


async def both_ready(house: House) -> None:
    await house.models.ready(house.default)
    await house.models.ready(house.other)


def test_two_versions_are_loaded_at_once_and_the_idle_one_is_unloaded(settings: Settings) -> None:
    async def story(house: House) -> None:
        await both_ready(house)
        await asyncio.sleep(59)
        assert not house.loaded[1].closed
        await asyncio.sleep(2)
        assert house.loaded[1].closed
        await asyncio.sleep(100_000)
        model = await house.models.model(house.default)
        assert model
        assert model.engine is house.loaded[0]

    default, other = play(story, settings).loaded
    assert other.closed
    assert not default.closed


def test_a_version_is_not_unloaded_while_somebody_uses_it(settings: Settings) -> None:
    async def story(house: House) -> None:
        await both_ready(house)
        with ExitStack() as uses:
            model = await house.models.model(house.other)
            assert model
            uses.enter_context(house.models.using(house.other))
            await asyncio.sleep(1000)
            assert not house.loaded[1].closed
        await asyncio.sleep(61)
        assert house.loaded[1].closed

    play(story, settings)


def test_a_version_that_was_unloaded_is_waited_for_when_it_is_wanted_again(
    settings: Settings,
) -> None:
    async def story(house: House) -> None:
        assert await house.models.model(house.other) is None, "the stand-in, the first time"
        await house.models.ready(house.other)
        await asyncio.sleep(61)
        model = await house.models.model(house.other)
        assert model
        assert model.engine is house.loaded[1]

    play(story, settings)


def test_the_default_version_is_unloaded_too_where_that_is_asked_for(settings: Settings) -> None:
    async def story(house: House) -> None:
        await house.models.ready(house.default)
        await asyncio.sleep(121)
        assert house.loaded[0].closed
        assert await house.models.model(house.default) is None, "the stand-in, meanwhile"
        await house.models.ready(house.default)
        model = await house.models.model(house.default)
        assert model
        assert model.engine is house.loaded[1]

    play(story, replace(settings, default_model_ttl=120))


def test_without_a_stand_in_the_default_version_that_was_unloaded_is_waited_for(
    settings: Settings,
) -> None:
    async def story(house: House) -> None:
        await house.models.ready(house.default)
        await asyncio.sleep(121)
        model = await house.models.model(house.default)
        assert model
        assert model.engine is house.loaded[1]

    play(story, replace(settings, default_model_ttl=120, stand_in=False))


def test_a_default_version_that_cannot_be_loaded_again_ends_a_service_that_has_nothing_else(
    settings: Settings,
) -> None:
    async def story(house: House) -> None:
        hopeless = asyncio.ensure_future(house.models.hopeless())
        await house.models.ready(house.default)
        await asyncio.sleep(121)
        house.failures.append(ModelUnavailable("the weights have gone"))
        assert not hopeless.done()
        with pytest.raises(ModelUnavailable, match="have gone"):
            await house.models.model(house.default)
        assert "have gone" in str(await hopeless)

    play(story, replace(settings, default_model_ttl=120, stand_in=False, offline=True))


def test_without_a_time_to_live_nothing_is_unloaded(settings: Settings) -> None:
    async def story(house: House) -> None:
        await both_ready(house)
        await asyncio.sleep(1_000_000)

    assert not any(engine.closed for engine in play(story, replace(settings, model_ttl=0)).loaded)


def test_a_device_that_was_asked_for_and_is_not_there_ends_the_service(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(house: House) -> None:
        why = await house.models.hopeless()
        assert isinstance(why, ConfigurationError)
        assert await house.models.model(house.default) is None

    play(story, settings, ConfigurationError("--device cuda: there is none"))
    assert "--device cuda: there is none" in caplog.text
