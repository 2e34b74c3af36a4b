"""The model versions of this server: fetched, loaded and warmed up in the background.

A version is prepared when it is first wanted; the default one at the start. Until it is ready,
and whenever it cannot be had, the stand-in speaks, or requests wait, as the settings say. One
that nobody has used for a while gives its memory back, the default one only where that is asked
for. It is loaded again when it is wanted again, which is waited for; in place of the default one
the stand-in speaks meanwhile, if there is to be one.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.errors import (
    ConfigurationError,
    KokoroError,
    ModelUnavailable,
    ShuttingDown,
)
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.calibrating import calibrate
from wyoming_kokoro.synthesis.fetching import VoiceFetching
from wyoming_kokoro.synthesis.idleness import Idleness
from wyoming_kokoro.synthesis.loading import load_engine
from wyoming_kokoro.synthesis.making import Load, LoadedModel, Maker, VerdictsOn
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.versions import Versions

log = logging.getLogger(__name__)

RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Pauses before the tries after the first; the last one is for all that follow."""


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
    changing: bool = False
    """Whether it is about to be ready again, with other weights."""
    unloadable: bool = False
    """Whether the other weights are here and did not load."""
    task: asyncio.Task[None] | None = None
    calibration: asyncio.Task[None] | None = None

    def stop_calibration(self) -> None:
        """Have nothing more be spoken to nobody."""
        if self.calibration:
            self.calibration.cancel()


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
        self._slots: dict[str, _Slot] = {}
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
        slots = {} if self.kind == "stand-in" else self._slots
        resting = [{"version": name, "state": "unloaded"} for name in self._unloaded - slots.keys()]
        return [*(self._state_of(name, slot) for name, slot in slots.items()), *resting]

    @property
    def speaks(self) -> bool:
        """Whether the default version does, or the stand-in alone is to."""
        name = self.default_version.name
        if self.kind == "stand-in" or name in self._unloaded:  # which is loaded when it is wanted
            return True
        return name in self._slots and self._slots[name].ready.done()

    def _state_of(self, name: str, slot: _Slot) -> dict[str, Any]:
        if slot.ready.done():
            return {"version": name, "state": "ready", **slot.ready.result().facts}
        state = "failed" if slot.trouble.done() else "loading"
        detail = str(slot.trouble.result()) if slot.trouble.done() else self._maker.doing
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
            if version.name in self._unloaded:
                trouble, slot.refusal = self._unloaded[version.name]
                slot.trouble = slot.trouble if trouble.done() else trouble
            if self.kind != "stand-in":
                slot.task = asyncio.create_task(self._prepare(version, slot))
        return slot

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
        slot = self._slot(version)
        waits = self._here_only or not self._settings.stand_in
        is_default = version.name == self.default_version.name
        was_here = version.name in self._unloaded and not is_default
        if waits or slot.changing or was_here:
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

    async def close(self) -> None:
        """Stop preparing; a download on its way ends and is taken up at the next start."""
        self._maker.stop()
        for slot in self._slots.values():
            if slot.idleness:
                slot.idleness.stop()
            slot.stop_calibration()
            if slot.task:
                slot.task.cancel()
                await asyncio.gather(slot.task, return_exceptions=True)

    async def _prepare(self, version: ModelVersion, slot: _Slot) -> None:
        """Try until the version is ready, with the weights that it is to have in the end."""
        starts = await self._start(version, slot)
        if starts and self._maker.alone:
            return
        for pause in _pauses():
            trouble = await self._tried(version, slot)
            if trouble is None:
                return
            if slot.unloadable and slot.ready.done():  # each try would silence the starter
                log.error("%s; the starter speaks until the next start", trouble)
                return
            starts = starts or await self._start(version, slot, although_here=True)
            meanwhile = "the starter speaks" if starts else self._meanwhile
            if not starts:
                self._fail(slot, trouble)
            if isinstance(trouble, ConfigurationError):
                log.error("%s", trouble)
                return
            if self._here_only:
                log.warning("%s; %s", trouble, meanwhile)
                return
            temporary = isinstance(trouble, ModelUnavailable) and trouble.temporary
            wait = pause if temporary else RETRY_SECONDS[-1]
            log.warning("%s; %s meanwhile, it is tried again in %g s", trouble, meanwhile, wait)
            await asyncio.sleep(wait)

    async def _start(
        self, version: ModelVersion, slot: _Slot, *, although_here: bool = False
    ) -> bool:
        """Have the starter speak until the released weights do, if it is to; return whether it
        does."""
        background, maker = self._scheduler.background, self._maker
        try:
            find = partial(maker.starter, version, although_here=although_here)
            model = await background(f"fetching {version.name}", find)
            if model is None:
                return False
            loaded = await background("loading", partial(maker.load, version, model))
        except KokoroError as error:
            log.warning("the starter cannot speak: %s", error)
            return False
        self._hand_out(version, loaded, slot)
        log.info("%s speaks with the starter's weights, in 8 bits", version.name)
        return True

    async def _tried(self, version: ModelVersion, slot: _Slot) -> KokoroError | None:
        """Make the version ready, or tell why that cannot be done."""
        try:
            await (self._change(version, slot) if slot.ready.done() else self._make(version, slot))
        except KokoroError as error:
            return error
        except Exception as error:
            log.exception("loading %s failed", version.name)
            return ModelUnavailable(f"{version.name} does not load: {error}")
        return None

    def _fail(self, slot: _Slot, trouble: KokoroError) -> None:
        if slot.trouble.done():
            slot.trouble = asyncio.Future()
        slot.trouble.set_result(trouble)
        if isinstance(trouble, ConfigurationError):
            slot.refusal.set_result(trouble)

    @property
    def _meanwhile(self) -> str:
        return "the stand-in speaks" if self._may_stand_in else "requests are refused"

    def _hand_out(self, version: ModelVersion, model: LoadedModel, slot: _Slot) -> None:
        """Declare a version ready, and wait for it to be of no more use."""
        engine = model.engine
        is_default, settings = version.name == self.default_version.name, self._settings
        patience = settings.default_model_ttl if is_default else settings.model_ttl
        slot.idleness = Idleness(patience, partial(self._unload, version.name, engine, patience))
        slot.ready.set_result(model)
        self._scheduler.expect(engine, model.rtf)
        facts = (version.name, engine.name, engine.device, engine.precision, model.rtf)
        log.info("%s is ready: engine %s on %s in %s, RTF %.2f", *facts)
        if model.calibration and isinstance(engine, OnnxEngine):
            slot.calibration = asyncio.create_task(self._calibrate(engine, model.calibration))

    async def _calibrate(
        self, engine: OnnxEngine, sentences: Callable[[], Sequence[CalibrationSentence]]
    ) -> None:
        """Have a model learn while nobody speaks what its sentences can be divided by."""
        try:
            found = await self._scheduler.background("calibration", sentences)
            await calibrate(self._scheduler, engine, found)
        except KokoroError as error:
            log.warning("the model is not calibrated, and speaks whole sentences: %s", error)

    def _unload(self, name: str, engine: Engine, patience: float) -> None:
        """Take a version that nobody uses out of memory, after the breath that may still be in
        the making for somebody who has gone."""
        log.info("%s is unloaded: unused for %d s", name, patience)
        slot = self._slots.pop(name)
        slot.stop_calibration()
        if slot.task:
            slot.task.cancel()  # which may be fetching other weights for it
        self._unloaded[name] = slot.trouble, slot.refusal
        closing = asyncio.create_task(self._scheduler.retire(engine))
        self._unloading.add(closing)
        closing.add_done_callback(self._unloaded_now)

    def _unloaded_now(self, closing: asyncio.Task[None]) -> None:
        self._unloading.discard(closing)
        error = None if closing.cancelled() else closing.exception()
        if error and not isinstance(error, ShuttingDown):
            log.error("an engine did not close", exc_info=error)

    async def _make(self, version: ModelVersion, slot: _Slot) -> None:
        """Fetch what is missing, beside other versions; then load, one after the other, so
        that none needs memory or the processor while another is loaded and its speed measured."""
        background, maker = self._scheduler.background, self._maker
        model = await background(f"fetching {version.name}", partial(maker.files, version))
        loaded = await background("loading", partial(maker.load, version, model))
        self._hand_out(version, loaded, slot)

    async def _change(self, version: ModelVersion, slot: _Slot) -> None:
        """Have the released weights speak in place of the starter's.

        Only one of them is in memory at a time, and none while the released ones are compiled,
        which takes as much. Requests that come then wait, once there are none that the starter
        still speaks for.
        """
        background, maker = self._scheduler.background, self._maker
        model = await background(f"fetching {version.name}", partial(maker.files, version))
        log.info("the weights of %s change, as soon as nothing is being spoken", version.name)
        if slot.idleness:
            await slot.idleness.unused()
            slot.idleness.stop()
        slot.stop_calibration()
        slot.changing, before = True, slot.ready.result()
        slot.ready = asyncio.Future()
        try:
            await self._scheduler.retire(before.engine)
            loaded = await background("loading", partial(maker.load, version, model))
        except Exception as error:
            slot.unloadable = True
            if not await self._start(version, slot, although_here=True):
                self._fail(slot, ModelUnavailable(f"{version.name} does not load: {error}"))
            raise
        finally:
            slot.changing = False
        self._hand_out(version, loaded, slot)
        log.info("%s speaks with the released weights", version.name)


def _pauses() -> Iterator[float]:
    yield from RETRY_SECONDS
    while True:
        yield RETRY_SECONDS[-1]
