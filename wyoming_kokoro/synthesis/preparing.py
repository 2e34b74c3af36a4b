"""One model version on its way: fetched, loaded and warmed up in the background, tried again where
that fails, and unloaded when nobody has used it for a while.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.errors import ConfigurationError, KokoroError, ModelUnavailable
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis.calibrating import calibrate
from wyoming_kokoro.synthesis.making import LoadedModel, Maker
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

log = logging.getLogger(__name__)

RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Pauses before the tries after the first; the last one is for all that follow."""


class Idleness:
    """Waits for something to be idle for `patience` seconds, from now on; for ever if that is 0.

    `on_idle` is called by the event loop, and only while there is no user.
    """

    def __init__(self, patience: float, on_idle: Callable[[], None] = lambda: None) -> None:
        self._patience = patience
        self._on_idle = on_idle
        self._users = 0
        self._none = asyncio.Event()
        self._none.set()
        self._timer: asyncio.TimerHandle | None = None
        self._wait()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Return a context in which there is a user."""
        self._users += 1
        self._none.clear()
        self.stop()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._none.set()
                self._wait()

    async def unused(self) -> None:
        """Wait until there is no user; there is none when this returns."""
        while self._users:
            await self._none.wait()

    def stop(self) -> None:
        """Wait no more, until a user comes and goes."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        if self._patience:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience, self._on_idle)


class Preparation:
    """Makes a version ready, with the weights that it is to have in the end."""

    def __init__(
        self,
        version: ModelVersion,
        maker: Maker,
        scheduler: Scheduler,
        patience: float,
        on_idle: Callable[[Engine], None],
        meanwhile: str,
        *,
        once: bool,
    ) -> None:
        """`on_idle` is called when nobody has used it for `patience` seconds, unless that is 0.
        `meanwhile` tells what becomes of requests until it is ready. What cannot be fetched is
        tried again, unless it is tried only `once`."""
        self.version = version
        self._maker = maker
        self._scheduler = scheduler
        self._patience = patience
        self._on_idle = on_idle
        self._meanwhile = meanwhile
        self._once = once
        self.ready: asyncio.Future[LoadedModel] = asyncio.Future()
        self.trouble: asyncio.Future[KokoroError] = asyncio.Future()
        """Why the latest try failed; done once one has."""
        self.refusal: asyncio.Future[KokoroError] = asyncio.Future()
        """Why no try can succeed with these settings."""
        self.idleness: Idleness | None = None
        """Of the version, once it is ready."""
        self.changing = False
        """Whether it is about to be ready again, with other weights."""
        self.task: asyncio.Task[None] | None = None
        self._unloadable = False
        """Whether the other weights are here and did not load."""
        self._calibration: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to prepare it."""
        self.task = asyncio.create_task(self._prepare())

    def stop(self) -> None:
        """Prepare no more, nor wait for it to be idle, and have nothing be spoken to nobody."""
        if self.idleness:
            self.idleness.stop()
        self._stop_calibration()
        if self.task:
            self.task.cancel()

    def _stop_calibration(self) -> None:
        if self._calibration:
            self._calibration.cancel()

    async def _prepare(self) -> None:
        """Try until the version is ready, with the weights that it is to have in the end."""
        starts = await self._start()
        if starts and self._maker.alone:
            return
        for pause in _pauses():
            trouble = await self._tried()
            if trouble is None:
                return
            if self._unloadable and self.ready.done():  # each try would silence the starter
                log.error("%s; the starter speaks until the next start", trouble)
                return
            starts = starts or await self._start(although_here=True)
            meanwhile = "the starter speaks" if starts else self._meanwhile
            if not starts:
                self._fail(trouble)
            if isinstance(trouble, ConfigurationError):
                log.error("%s", trouble)
                return
            if self._once:
                log.warning("%s; %s", trouble, meanwhile)
                return
            temporary = isinstance(trouble, ModelUnavailable) and trouble.temporary
            wait = pause if temporary else RETRY_SECONDS[-1]
            log.warning("%s; %s meanwhile, it is tried again in %g s", trouble, meanwhile, wait)
            await asyncio.sleep(wait)

    async def _start(self, *, although_here: bool = False) -> bool:
        """Have the starter speak until the released weights do, if it is to; return whether it
        does."""
        find = partial(self._maker.starter, self.version, although_here=although_here)
        try:
            model = await self._scheduler.background(f"fetching {self.version.name}", find)
            if model is None:
                return False
            loaded = await self._loaded(model)
        except KokoroError as error:
            log.warning("the starter cannot speak: %s", error)
            return False
        self._hand_out(loaded)
        log.info("%s speaks with the starter's weights, in 8 bits", self.version.name)
        return True

    async def _tried(self) -> KokoroError | None:
        """Make the version ready, or tell why that cannot be done."""
        try:
            await (self._change() if self.ready.done() else self._make())
        except KokoroError as error:
            return error
        except Exception as error:
            log.exception("loading %s failed", self.version.name)
            return ModelUnavailable(f"{self.version.name} does not load: {error}")
        return None

    def _fail(self, trouble: KokoroError) -> None:
        if self.trouble.done():
            self.trouble = asyncio.Future()
        self.trouble.set_result(trouble)
        if isinstance(trouble, ConfigurationError):
            self.refusal.set_result(trouble)

    def _hand_out(self, model: LoadedModel) -> None:
        """Declare a version ready, and wait for it to be of no more use."""
        engine = model.engine
        self.idleness = Idleness(self._patience, partial(self._on_idle, engine))
        self.ready.set_result(model)
        self._scheduler.expect(engine, model.rtf)
        facts = (self.version.name, engine.name, engine.device, engine.precision, model.rtf)
        log.info("%s is ready: engine %s on %s in %s, RTF %.2f", *facts)
        if model.calibration and isinstance(engine, KokoroEngine):
            self._calibration = asyncio.create_task(self._calibrate(engine, model.calibration))

    async def _calibrate(
        self, engine: KokoroEngine, sentences: Callable[[], Sequence[CalibrationSentence]]
    ) -> None:
        """Have a model learn while nobody speaks what its sentences can be divided by."""
        try:
            found = await self._scheduler.background("calibration", sentences)
            await calibrate(self._scheduler, engine, found)
        except KokoroError as error:
            log.warning("the model is not calibrated, and speaks whole sentences: %s", error)

    async def _make(self) -> None:
        """Fetch what is missing, beside other versions; then load, one after the other, so
        that none needs memory or the processor while another is loaded and its speed measured."""
        self._hand_out(await self._loaded(await self._fetched()))

    async def _fetched(self) -> InstalledModel:
        find = partial(self._maker.files, self.version)
        return await self._scheduler.background(f"fetching {self.version.name}", find)

    async def _loaded(self, model: InstalledModel) -> LoadedModel:
        load = partial(self._maker.load, self.version, model)
        return await self._scheduler.background("loading", load)

    async def _change(self) -> None:
        """Have the released weights speak in place of the starter's.

        Only one of them is in memory at a time, and none while the released ones are loaded, which
        takes as much. Requests that come then wait, once there are none that the starter still
        speaks for.
        """
        model = await self._fetched()
        log.info("the weights of %s change, as soon as nothing is being spoken", self.version.name)
        if self.idleness:
            await self.idleness.unused()
            self.idleness.stop()
        self._stop_calibration()
        self.changing, before = True, self.ready.result()
        self.ready = asyncio.Future()
        try:
            await self._scheduler.retire(before.engine)
            loaded = await self._loaded(model)
        except Exception as error:
            self._unloadable = True
            if not await self._start(although_here=True):
                self._fail(ModelUnavailable(f"{self.version.name} does not load: {error}"))
            raise
        finally:
            self.changing = False
        self._hand_out(loaded)
        log.info("%s speaks with the released weights", self.version.name)


def _pauses() -> Iterator[float]:
    yield from RETRY_SECONDS
    while True:
        yield RETRY_SECONDS[-1]
