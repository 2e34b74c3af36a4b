"""The model versions of this server: fetched, loaded and warmed up in the background.

A version is prepared when it is first wanted; the default one at the start. Until it is ready,
and whenever it cannot be had, the stand-in speaks, or requests wait, as the settings say. One
that nobody has used for a while gives its memory back, all but the default one: nobody should
wait for that. It is loaded again when it is wanted again, which is waited for.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import (
    ConfigurationError,
    KokoroError,
    ModelUnavailable,
    ShuttingDown,
)
from wyoming_kokoro.models.catalog import ModelVersion, version_named
from wyoming_kokoro.models.download import fetch, progress_log
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel, installed, local_checkpoint
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.fetching import VoiceFetching
from wyoming_kokoro.synthesis.loading import load_engine
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

log = logging.getLogger(__name__)

RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Pauses before the tries after the first; the last one is for all that follow."""

Load = Callable[[select.Kind, InstalledModel, Settings, Callable[[], None], Verdicts], Engine]
VerdictsOn = Callable[[InstalledModel, Settings], Verdicts]


class Idleness:
    """Waits for something to be idle for `patience` seconds, from now on; for ever if that is 0.

    `on_idle` is called by the event loop, and only while there is no user.
    """

    def __init__(self, patience: float, on_idle: Callable[[], None]) -> None:
        self._patience = patience
        self._on_idle = on_idle
        self._users = 0
        self._timer: asyncio.TimerHandle | None = None
        self._wait()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Return a context in which there is a user."""
        self._users += 1
        self.stop()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._wait()

    def stop(self) -> None:
        """Wait no more, until a user comes and goes."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        if self._patience:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience, self._on_idle)


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A version that is ready to speak."""

    version: ModelVersion
    engine: Engine
    vocabulary: Mapping[str, int]
    rtf: float
    """Real-time factor at its warm-up."""
    in_breaths: bool = True
    """Whether its sentences are voiced piece by piece."""


@dataclass(eq=False)
class _Slot:
    """A version on its way."""

    ready: asyncio.Future[LoadedModel] = field(default_factory=asyncio.Future)
    trouble: asyncio.Future[KokoroError] = field(default_factory=asyncio.Future)
    """Why the latest try failed; done once one has."""
    refusal: asyncio.Future[KokoroError] = field(default_factory=asyncio.Future)
    """Why no try can succeed with these settings."""
    idleness: Idleness | None = None
    """Of the version, once it is ready."""
    task: asyncio.Task[None] | None = None


class ModelPool:
    """Prepares versions and hands them out."""

    def __init__(
        self,
        settings: Settings,
        scheduler: Scheduler,
        load: Load = load_engine,
        verdicts_on: VerdictsOn = lambda _model, _settings: {},
        *,
        here_only: bool = False,
    ) -> None:
        """`verdicts_on` tells what was found out about how a model sounds here. With `here_only`,
        models are not fetched, and one that is here is waited for."""
        self._settings = settings
        self._scheduler = scheduler
        self._load_engine = load
        self._verdicts_on = verdicts_on
        self._here_only = here_only
        self._slots: dict[str, _Slot] = {}
        self._unloaded: set[str] = set()
        self._unloading: set[asyncio.Task[None]] = set()
        self._voices = VoiceFetching(scheduler, self._fetch_voice)
        self._closing = False
        self.kind, self.why = select.choose(settings)

    @property
    def default_version(self) -> ModelVersion:
        """The version of voices that name none."""
        return version_named(self._settings.model)

    def folder(self, version: ModelVersion) -> ModelFolder:
        """Return where the files of `version` are kept."""
        return ModelFolder(self._settings.data_dir, version)

    async def settled(self, version: ModelVersion) -> None:
        """Wait until `version` is ready, or a try to make it so has failed."""
        slot = self._slot(version)
        either: list[asyncio.Future[Any]] = [slot.ready, slot.trouble]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)

    async def ready(self, version: ModelVersion) -> LoadedModel:
        """Wait until `version` is ready, however long that takes, and return it."""
        return await asyncio.shield(self._slot(version).ready)

    def _slot(self, version: ModelVersion) -> _Slot:
        """Return where `version` is prepared; begin with it, unless that has begun."""
        slot = self._slots.get(version.name)
        if slot is None:
            slot = self._slots[version.name] = _Slot()
            if self.kind != "stand-in":
                slot.task = asyncio.create_task(self._prepare(version, slot))
        return slot

    async def model(self, version: ModelVersion) -> LoadedModel | None:
        """Return `version` if it is ready, None where the stand-in is to speak.

        Where there is to be no stand-in, it is waited for until it is ready or fails; so is a
        version that was unloaded, which takes no more than a few seconds.

        Raises:
            ModelUnavailable: it cannot be had, and there is to be no stand-in.
        """
        if self.kind == "stand-in":
            if self._may_stand_in:
                return None
            raise self._no_engine()
        slot = self._slot(version)
        waits = self._here_only or not self._settings.stand_in
        if waits or version.name in self._unloaded:
            await self.settled(version)
        if slot.ready.done():
            return slot.ready.result()
        if not self._settings.stand_in and slot.trouble.done():
            raise slot.trouble.result()
        return None

    def using(self, version: ModelVersion) -> AbstractContextManager[None]:
        """Return a context in which `version`, whose model was just handed out, stays loaded."""
        idleness = self._slots[version.name].idleness
        return idleness.used() if idleness else nullcontext()

    async def hopeless(self) -> KokoroError:
        """Wait until it is certain that nothing will ever be spoken; return why.

        That is so where there is to be no stand-in, and no engine either; or nothing may be
        fetched, and the default model does not load from what is here. A device that was asked
        for and cannot be used counts as well, whoever might stand in.
        """
        if self.kind == "stand-in" and not self._may_stand_in:
            return self._no_engine()
        slot = self._slot(self.default_version)
        if not self._settings.stand_in and self._settings.offline:
            return await asyncio.shield(slot.trouble)
        return await asyncio.shield(slot.refusal)

    @property
    def _may_stand_in(self) -> bool:
        return self._settings.stand_in or self._settings.engine == "stand-in"

    def _no_engine(self) -> ModelUnavailable:
        return ModelUnavailable(f"there is no engine that could speak: {self.why}")

    async def fetch_voices(
        self, version: ModelVersion, names: Iterable[str], patience: float
    ) -> None:
        """Fetch the packs of these voices; see `VoiceFetching.fetched`."""
        await self._voices.fetched(version, names, patience)

    def _fetch_voice(self, version: ModelVersion, name: str) -> None:
        """Fetch the pack of a voice. Runs in the background."""
        file, offline = version.voice_file(name), self._settings.offline
        fetch(
            self.folder(version),
            [file],
            progress=lambda *_: self._check_cancelled(),
            offline=offline,
        )

    async def close(self) -> None:
        """Stop preparing; a download on its way ends and is taken up at the next start."""
        self._closing = True
        for slot in self._slots.values():
            if slot.idleness:
                slot.idleness.stop()
            if slot.task:
                slot.task.cancel()
                await asyncio.gather(slot.task, return_exceptions=True)

    async def _prepare(self, version: ModelVersion, slot: _Slot) -> None:
        """Try until the version is ready."""
        for pause in _pauses():
            try:
                model = await self._make(version)
            except KokoroError as error:
                trouble = error
            except Exception as error:
                log.exception("loading %s failed", version.name)
                trouble = ModelUnavailable(f"{version.name} does not load: {error}")
            else:
                self._hand_out(version, model, slot)
                return
            if slot.trouble.done():
                slot.trouble = asyncio.Future()
            slot.trouble.set_result(trouble)
            if isinstance(trouble, ConfigurationError):
                log.error("%s", trouble)
                slot.refusal.set_result(trouble)
                return
            meanwhile = "the stand-in speaks" if self._may_stand_in else "requests are refused"
            if self._here_only:
                log.warning("%s; %s", trouble, meanwhile)
                return
            temporary = isinstance(trouble, ModelUnavailable) and trouble.temporary
            wait = pause if temporary else RETRY_SECONDS[-1]
            log.warning("%s; %s meanwhile, it is tried again in %g s", trouble, meanwhile, wait)
            await asyncio.sleep(wait)

    def _hand_out(self, version: ModelVersion, model: LoadedModel, slot: _Slot) -> None:
        """Declare a version ready, and wait for it to be of no more use."""
        engine = model.engine
        if version != self.default_version:
            unload = partial(self._unload, version.name, engine)
            slot.idleness = Idleness(self._settings.model_ttl, unload)
        slot.ready.set_result(model)
        self._scheduler.expect(engine, model.rtf)
        facts = (version.name, engine.name, engine.device, engine.precision, model.rtf)
        log.info("%s is ready: engine %s on %s in %s, RTF %.2f", *facts)

    def _unload(self, name: str, engine: Engine) -> None:
        """Take a version that nobody uses out of memory, after the breath that may still be in
        the making for somebody who has gone."""
        log.info("%s is unloaded: unused for %d s", name, self._settings.model_ttl)
        del self._slots[name]
        self._unloaded.add(name)
        closing = asyncio.create_task(self._scheduler.retire(engine))
        self._unloading.add(closing)
        closing.add_done_callback(self._unloaded_now)

    def _unloaded_now(self, closing: asyncio.Task[None]) -> None:
        self._unloading.discard(closing)
        error = None if closing.cancelled() else closing.exception()
        if error and not isinstance(error, ShuttingDown):
            log.error("an engine did not close", exc_info=error)

    async def _make(self, version: ModelVersion) -> LoadedModel:
        """Fetch what is missing, beside other versions; then load, one after the other, so
        that none needs memory or the processor while another is loaded and its speed measured."""
        background = self._scheduler.background
        model = await background(f"fetching {version.name}", partial(self._files, version))
        return await background("loading", partial(self._load, version, model))

    def _load(self, version: ModelVersion, model: InstalledModel) -> LoadedModel:
        """Load and warm up. Runs in the background."""
        log.info("loading %s (%s)", model.checkpoint.name, version.name)
        verdicts = self._verdicts_on(model, self._settings)
        engine = self._load_engine(
            self.kind, model, self._settings, self._check_cancelled, verdicts
        )
        in_breaths = select.in_breaths(self._settings, verdicts)
        how = "in breaths, where that is possible" if in_breaths else "whole"
        log.info("%s: sentences are voiced %s", version.name, how)
        return LoadedModel(model.version, engine, model.vocabulary, engine.warm_up(), in_breaths)

    def _files(self, version: ModelVersion) -> InstalledModel:
        if self._settings.checkpoint and version == self.default_version:
            cache = self._settings.data_dir / "cache"
            model = local_checkpoint(self._settings.checkpoint, self.default_version, cache)
            if not model.official:
                log.warning("%s is no official model file", model.checkpoint)
            return model
        folder = self.folder(version)
        wanted = version.files([version.default_voice])
        offline = self._settings.offline or self._here_only
        fetch(folder, wanted, progress=self._progress(), offline=offline)
        return installed(folder)

    def _check_cancelled(self) -> None:
        """Return if what takes long is to go on.

        Raises:
            ShuttingDown: it is not.
        """
        if self._closing:
            raise ShuttingDown("the server is stopping")

    def _progress(self) -> Callable[[int, int, str], None]:
        tell = progress_log(log.info)

        def progress(done: int, total: int, path: str) -> None:
            self._check_cancelled()
            tell(done, total, path)

        return progress


def _pauses() -> Iterator[float]:
    yield from RETRY_SECONDS
    while True:
        yield RETRY_SECONDS[-1]
