"""The model versions of this server: fetched, loaded and warmed up in the background.

A version is prepared when it is first wanted; the default one at the start. Until it is ready,
and whenever it cannot be had, the stand-in speaks, or requests wait, as the settings say. One
that nobody has used for a while gives its memory back, the default one only where that is asked
for. It is loaded again when it is wanted again, which is waited for; in place of the default one
the stand-in speaks meanwhile, if there is to be one.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import (
    KokoroError,
    ModelUnavailable,
    ShuttingDown,
)
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.fetching import VoiceFetching
from wyoming_kokoro.synthesis.loading import load_engine
from wyoming_kokoro.synthesis.making import Load, LoadedModel, Maker, VerdictsOn
from wyoming_kokoro.synthesis.preparing import Preparation
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.versions import Versions

log = logging.getLogger(__name__)


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
        self.versions = Versions(settings)
        self._settings = settings
        self._scheduler = scheduler
        self._here_only = here_only
        self._preparations: dict[str, Preparation] = {}
        self._unloaded: dict[str, tuple[asyncio.Future[KokoroError], ...]] = {}
        """Trouble and refusal of versions that were unloaded: somebody may wait for either."""
        self._unloading: set[asyncio.Task[None]] = set()
        self.kind, self.why = select.choose(settings)
        self._maker = Maker(self.kind, settings, load, verdicts_on, here_only=here_only)
        self._voices = VoiceFetching(scheduler, self._maker.voice)

    @property
    def default_version(self) -> ModelVersion:
        """The version of voices that name none."""
        return self.versions.default

    @property
    def states(self) -> list[dict[str, Any]]:
        """What there is to tell about each version that was wanted, for people and programs."""
        known = {} if self.kind == "stand-in" else self._preparations
        resting = [{"version": name, "state": "unloaded"} for name in self._unloaded - known.keys()]
        return [*(self._state_of(name, one) for name, one in known.items()), *resting]

    @property
    def speaks(self) -> bool:
        """Whether the default version does, or the stand-in alone is to."""
        name = self.default_version.name
        if self.kind == "stand-in" or name in self._unloaded:  # which is loaded when it is wanted
            return True
        return name in self._preparations and self._preparations[name].ready.done()

    def _state_of(self, name: str, preparation: Preparation) -> dict[str, Any]:
        if preparation.ready.done():
            return {"version": name, "state": "ready", **preparation.ready.result().facts}
        failed = preparation.trouble.done()
        state = "failed" if failed else "loading"
        detail = str(preparation.trouble.result()) if failed else self._maker.doing
        return {"version": name, "state": state, "detail": detail}

    def folder(self, version: ModelVersion) -> ModelFolder:
        """Return where the files of `version` are kept."""
        return self._maker.folder(version)

    @property
    def may_fetch(self) -> bool:
        """Whether files that are not here can be had, as far as is known."""
        return self._maker.reaches_hub and not self._settings.offline

    async def settled(self, version: ModelVersion) -> None:
        """Wait until `version` is ready, or a try to make it so has failed."""
        preparation = self._preparation(version)
        either: list[asyncio.Future[Any]] = [preparation.ready, preparation.trouble]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)

    async def ready(self, version: ModelVersion) -> LoadedModel:
        """Wait until `version` is ready, however long that takes, and return it."""
        return await asyncio.shield(self._preparation(version).ready)

    def _preparation(self, version: ModelVersion) -> Preparation:
        """Return where `version` is prepared; begin with it, unless that has begun."""
        preparation = self._preparations.get(version.name)
        if preparation is None:
            preparation = self._preparations[version.name] = self._new(version)
            if version.name in self._unloaded:
                trouble, preparation.refusal = self._unloaded[version.name]
                preparation.trouble = preparation.trouble if trouble.done() else trouble
            if self.kind != "stand-in":
                preparation.begin()
        return preparation

    def _new(self, version: ModelVersion) -> Preparation:
        is_default, settings = version.name == self.default_version.name, self._settings
        patience = settings.default_model_ttl if is_default else settings.model_ttl
        return Preparation(
            version,
            self._maker,
            self._scheduler,
            patience,
            partial(self._unload, version.name, patience),
            "the stand-in speaks" if self._may_stand_in else "requests are refused",
            once=self._here_only,
        )

    async def model(self, version: ModelVersion) -> LoadedModel | None:
        """Return `version` if it is ready, None where the stand-in is to speak.

        Where there is to be no stand-in, it is waited for until it is ready or fails; so is
        another version than the default one that was unloaded, and one whose weights change, which
        takes a few seconds.

        Raises:
            ModelUnavailable: it cannot be had, and there is to be no stand-in.
        """
        if self.kind == "stand-in":
            if self._may_stand_in:
                return None
            raise self._no_engine()
        preparation = self._preparation(version)
        waits = self._here_only or not self._settings.stand_in
        is_default = version.name == self.default_version.name
        was_here = version.name in self._unloaded and not is_default
        if waits or preparation.changing or was_here:
            await self.settled(version)
        if preparation.ready.done():
            return preparation.ready.result()
        if not self._settings.stand_in and preparation.trouble.done():
            raise preparation.trouble.result()
        return None

    def using(self, version: ModelVersion) -> AbstractContextManager[None]:
        """Return a context in which `version`, whose model was just handed out, stays loaded."""
        idleness = self._preparations[version.name].idleness
        return idleness.used() if idleness else nullcontext()

    async def hopeless(self) -> KokoroError:
        """Wait until it is certain that nothing will ever be spoken; return why.

        That is so where there is to be no stand-in, and no engine either; or nothing may be
        fetched, and the default model does not load from what is here. A device that was asked
        for and cannot be used counts as well, whoever might stand in.
        """
        if self.kind == "stand-in" and not self._may_stand_in:
            return self._no_engine()
        preparation = self._preparation(self.default_version)
        if not self._settings.stand_in and self._settings.offline:
            return await asyncio.shield(preparation.trouble)
        return await asyncio.shield(preparation.refusal)

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

    async def close(self) -> None:
        """Stop preparing; a download on its way ends and is taken up at the next start."""
        self._maker.stop()
        for preparation in self._preparations.values():
            preparation.stop()
            if preparation.task:
                await asyncio.gather(preparation.task, return_exceptions=True)

    def _unload(self, name: str, patience: float, engine: Engine) -> None:
        """Take a version that nobody uses out of memory, after the breath that may still be in
        the making for somebody who has gone."""
        log.info("%s is unloaded: unused for %d s", name, patience)
        preparation = self._preparations.pop(name)
        preparation.stop()  # it may be fetching other weights
        self._unloaded[name] = preparation.trouble, preparation.refusal
        closing = asyncio.create_task(self._scheduler.retire(engine))
        self._unloading.add(closing)
        closing.add_done_callback(self._unloaded_now)

    def _unloaded_now(self, closing: asyncio.Task[None]) -> None:
        self._unloading.discard(closing)
        error = None if closing.cancelled() else closing.exception()
        if error and not isinstance(error, ShuttingDown):
            log.error("an engine did not close", exc_info=error)
