"""A casting with real voice stores and a local hub, around engines that hum."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.engines import HummingEngine
from tests.support.hub import Hub, made_up, release
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.download import fetch
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis import making
from wyoming_kokoro.synthesis.casting import Cast, Casting
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.select import Kind
from wyoming_kokoro.synthesis.voice_lookup import VoiceLookup

NAMES = ("af_bella", "af_heart", "am_adam", "bf_alice", "bf_emma", "ff_siwis", "jf_alpha")


@pytest.fixture(autouse=True)
def no_voices_on_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", "none")


class Loader:
    """Loads a humming engine, and counts; raises what it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.loaded: list[InstalledModel] = []
        self._failures = list(failures)

    def __call__(
        self,
        kind: Kind,
        model: InstalledModel,
        settings: Settings,
        waiting: Callable[[], None],
        verdicts: Verdicts,
    ) -> Engine:
        self.loaded.append(model)
        if self._failures:
            raise self._failures.pop(0)
        return HummingEngine()


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
    contents |= {f"voices/{name}.pt": as_npy(number) for number, name in enumerate(NAMES)}
    version = release(contents)
    hub.publish(version, contents)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(catalog, "VERSIONS", (version, replace(version, name="v0.19")))
    monkeypatch.setattr(making, "fetch", partial(fetch, endpoint=hub.url))
    return version


def as_npy(number: int) -> bytes:
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
