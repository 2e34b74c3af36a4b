"""The starter speaks until the released weights are here; then they do, between two requests."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.models.test_starter import CONTENT, install
from tests.support.engines import HummingEngine
from tests.support.hub import Fault, Hub
from tests.synthesis.test_model_pool import CONTENTS, hub, version
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models import starter
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.select import Kind

__all__ = ["hub", "version"]  # fixtures

RELEASED = CONTENTS["kokoro-v1_0.pth"]
SECONDS = 20.0  # to fail by, never to wait for


class Loader:
    """Loads humming engines, and notes what of, in which order, and how many are open."""

    def __init__(self, *failures: Exception | None) -> None:
        self.events: list[str] = []
        self.open = 0
        self._loop = asyncio.get_running_loop()
        self._grown = asyncio.Event()
        self._failures = list(failures)

    def __call__(
        self,
        kind: Kind,
        model: InstalledModel,
        settings: Settings,
        waiting: Callable[[], None],
        verdicts: Verdicts,
    ) -> Engine:
        failure = self._failures.pop(0) if self._failures else None
        if failure:
            raise failure
        self.open += 1
        assert self.open == 1, "two engines at a time"
        self.note(f"load {_name(model)}")
        return _Engine(self)

    def note(self, event: str) -> None:
        self.events.append(event)
        self._loop.call_soon_threadsafe(self._grown.set)

    async def seen(self, event: str, times: int = 1) -> None:
        """Wait until this was done so often."""
        async with asyncio.timeout(SECONDS):
            while self.events.count(event) < times:
                self._grown.clear()
                await self._grown.wait()


class _Engine(HummingEngine):
    def __init__(self, loader: Loader) -> None:
        super().__init__()
        self._loader = loader

    def close(self) -> None:
        self._loader.open -= 1
        self._loader.note("close")
        super().close()


def _name(model: InstalledModel) -> str:
    content = model.checkpoint.read_bytes()
    return {CONTENT: "starter", RELEASED: "released"}[content]


@pytest.fixture
def settings(tmp_path: Path, version: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a machine that has the starter installed."""
    install(tmp_path / "packages", CONTENT, monkeypatch)
    monkeypatch.setattr(starter, "_WEIGHTS_OF", version.checkpoint.sha256)
    return Settings(data_dir=tmp_path / "data", engine="onnx")


@asynccontextmanager
async def pool(
    settings: Settings, loader: Loader, *, here_only: bool = False
) -> AsyncIterator[ModelPool]:
    scheduler = Scheduler(Limits())
    models = ModelPool(settings, scheduler, loader, here_only=here_only)
    try:
        yield models
    finally:
        await models.close()
        scheduler.close()


class Log(logging.Handler):
    """What the pool logs, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._grown = asyncio.Event()
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
        self._loop.call_soon_threadsafe(self._grown.set)

    async def line(self, text: str) -> None:
        """Wait for a line that has this text."""
        async with asyncio.timeout(SECONDS):
            while not any(text in line for line in self._lines):
                self._grown.clear()
                await self._grown.wait()


@pytest.fixture
async def log(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Log]:
    name, handler = "wyoming_kokoro.synthesis.preparing", Log()
    caplog.set_level(logging.INFO, name)
    logging.getLogger(name).addHandler(handler)
    yield handler
    logging.getLogger(name).removeHandler(handler)


async def test_the_weights_change_between_two_requests(
    settings: Settings, version: ModelVersion, hub: Hub, log: Log
) -> None:
    hub.spoil(version, "kokoro-v1_0.pth", Fault("stall", after=1000))
    loader = Loader()
    async with pool(settings, loader) as models:
        first = await models.ready(version)
        assert loader.events == ["load starter"]
        with models.using(version):
            hub.resume.set()
            await log.line("the weights of v1.0 change")
            assert await models.model(version) is first, "who comes meanwhile has the starter too"
            assert loader.events == ["load starter"]
        await loader.seen("load released")
        second = await models.model(version)
    assert second not in (None, first)
    assert loader.events == ["load starter", "close", "load released"]


async def test_a_request_that_comes_during_the_change_waits_for_it(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    loader, retiring, held = Loader(), asyncio.Event(), asyncio.Event()
    hub.spoil(version, "kokoro-v1_0.pth", Fault("stall", after=1000))
    async with pool(settings, loader) as models:
        first = await models.ready(version)
        retire = models._scheduler.retire

        async def slowly(engine: Engine) -> None:
            retiring.set()
            await held.wait()
            await retire(engine)

        models._scheduler.retire = slowly  # type: ignore[method-assign]  # the moment in between
        hub.resume.set()
        await asyncio.wait_for(retiring.wait(), SECONDS)
        asking = asyncio.create_task(models.model(version))
        await asyncio.wait([asking], timeout=0)
        assert not asking.done()
        held.set()
        second = await asyncio.wait_for(asking, SECONDS)
    assert second not in (None, first), "neither the robot nor what is closed"


async def test_offline_the_starter_stays(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    loader = Loader()
    async with pool(replace(settings, offline=True), loader) as models:
        await models.ready(version)
        await asyncio.wait_for(models._preparations[version.name].task, SECONDS)  # type: ignore[arg-type]
    assert loader.events == ["load starter"]
    assert hub.asked == []


async def test_what_was_fetched_before_speaks_at_once(
    settings: Settings, version: ModelVersion
) -> None:
    async with pool(replace(settings, weights="released", stand_in=False), Loader()) as models:
        assert await models.model(version) is not None
    loader = Loader()
    async with pool(replace(settings, offline=True), loader) as models:
        await models.ready(version)
    assert loader.events == ["load released"]


async def test_the_starter_is_all_there_is_where_it_is_asked_for(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    loader = Loader()
    async with pool(replace(settings, weights="starter"), loader) as models:
        await models.ready(version)
    assert loader.events == ["load starter"]
    assert hub.asked == []


async def test_where_the_released_weights_are_asked_for_the_starter_is_silent(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    hub.files.clear()
    loader = Loader()
    async with pool(replace(settings, weights="released"), loader) as models:
        await models.settled(version)
        assert await models.model(version) is None
    assert loader.events == []


async def test_a_hub_that_cannot_be_reached_leaves_the_starter_speaking_and_is_told_of(
    settings: Settings,
    version: ModelVersion,
    hub: Hub,
    log: Log,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub.files.clear()
    async with pool(settings, Loader()) as models:
        assert models.may_fetch
        await models.ready(version)
        await log.line("the starter speaks meanwhile")
        assert not models.may_fetch
        assert await models.model(version) is not None
    assert "the starter speaks meanwhile" in caplog.text
    assert "stand-in" not in caplog.text


async def test_released_weights_that_do_not_load_leave_the_starter_speaking_until_the_next_start(
    settings: Settings,
    version: ModelVersion,
    log: Log,
    caplog: pytest.LogCaptureFixture,
) -> None:
    loader = Loader(None, BadModelFile("kokoro-v1_0.pth lacks decoder.encode"))
    async with pool(settings, loader) as models:
        await models.ready(version)
        await log.line("the starter speaks until the next start")
        assert loader.events[-2:] == ["close", "load starter"]
        await models.ready(version)
        assert await models.model(version) is not None
    assert "lacks decoder.encode; the starter speaks until the next start" in caplog.text
    assert "tried again" not in caplog.text


async def test_a_starter_that_does_not_load_leaves_the_way_to_the_released_weights(
    settings: Settings, version: ModelVersion, caplog: pytest.LogCaptureFixture
) -> None:
    loader = Loader(ModelUnavailable("there is no memory"))
    async with pool(settings, loader) as models:
        await models.ready(version)
    assert loader.events == ["load released"]
    assert "the starter cannot speak: there is no memory" in caplog.text


async def test_here_alone_the_starter_is_waited_for_and_nothing_is_fetched(
    settings: Settings, version: ModelVersion, hub: Hub
) -> None:
    async with pool(settings, Loader(), here_only=True) as models:
        assert await models.model(version) is not None
    assert hub.asked == []
