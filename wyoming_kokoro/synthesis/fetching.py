"""Fetches voices: each is fetched once, however many requests wait for it, and the fetch continues
when none of them waits any more.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial

from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

log = logging.getLogger(__name__)


class VoiceFetching:
    """Has `fetch` called in the background with a version and the name of a voice of it."""

    def __init__(self, scheduler: Scheduler, fetch: Callable[[ModelVersion, str], None]) -> None:
        self._scheduler = scheduler
        self._fetch = fetch
        self._coming: dict[tuple[str, str], asyncio.Future[None]] = {}
        """By version and name."""
        self._left: set[tuple[str, str]] = set()
        """Those that somebody has waited for in vain."""

    async def fetched(self, version: ModelVersion, names: Iterable[str], patience: float) -> None:
        """Wait until the packs of these voices are here, `patience` seconds at the most. What has
        failed before is tried again.

        Raises:
            ModelUnavailable: they cannot be had, or are still on their way.
        """
        coming = {name: self._begun(version, name) for name in names}
        await asyncio.wait(coming.values(), timeout=patience)
        for name, one in coming.items():
            if not one.done():
                self._left.add((version.name, name))
                raise ModelUnavailable(f"the voice {name} is still being fetched: ask again soon")
            one.result()

    def _begun(self, version: ModelVersion, name: str) -> asyncio.Future[None]:
        key = version.name, name
        if key not in self._coming:
            work = partial(self._fetch, version, name)
            self._coming[key] = asyncio.ensure_future(self._scheduler.background("voices", work))
            self._coming[key].add_done_callback(partial(self._ended, key))
        return self._coming[key]

    def _ended(self, key: tuple[str, str], coming: asyncio.Future[None]) -> None:
        """Forget one that has come or failed, and tell of it if nobody else may."""
        del self._coming[key]
        error = None if coming.cancelled() else coming.exception()
        if error and key in self._left:
            log.warning("%s", error)
        self._left.discard(key)
