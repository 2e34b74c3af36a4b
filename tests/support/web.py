"""A server over HTTP: the program with the stand-in, or the server around a speaker that hums."""

import io
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import av
import httpx
import numpy as np

from tests.support.process import Program
from tests.support.speakers import VOICES, Speaker
from wyoming_kokoro.config import Limits
from wyoming_kokoro.job import Ask, Job
from wyoming_kokoro.jobs.usable import JobsUnavailable
from wyoming_kokoro.models.catalog import VERSIONS
from wyoming_kokoro.network.listener import listen
from wyoming_kokoro.speech import LANGUAGES, SAMPLE_RATE, Pcm
from wyoming_kokoro.synthesis.figures import Figures
from wyoming_kokoro.web.guard import Access, Guard
from wyoming_kokoro.web.metrics import metrics
from wyoming_kokoro.web.server import WebServer
from wyoming_kokoro.web.service import JobKeeper, OwnFiles, Service
from wyoming_kokoro.web.site import Site

T = TypeVar("T")

LOCAL = Access("", ingress_only=False, supervisor=None)
"""Loopback, without a key."""

UNHURRIED = """
from wyoming_kokoro import config
from wyoming_kokoro.cli import main as cli, commands
commands.Limits = lambda: config.Limits(http_requests_a_second=1e6, http_burst=10**6{more})
cli.main()
"""
"""The program, for tests that ask more often than anybody may; in `{more}` is room for others."""

SERVING = ("--engine", "stand-in", "--http", "tcp://127.0.0.1:0")
PATIENCE = 60.0


def http_of(program: Program) -> str:
    """Where a program listens for HTTP."""
    return program.wait_for(r"HTTP at (http://\S+)")[1]


async def _at_once(work: Callable[[], T]) -> T:
    return work()


def status() -> dict[str, Any]:
    return {"models": [], "streams": 0, "queued": 0, "stand_in": False}


class NoJobs:
    """Keeps no jobs, and says so."""

    async def add(self, ask: Ask) -> Job:
        raise JobsUnavailable("there are none here")

    async def get(self, job: str) -> Job | None:
        raise JobsUnavailable("there are none here")

    async def latest(self, user: str | None, limit: int) -> list[Job]:
        raise JobsUnavailable("there are none here")

    async def remove(self, job: str) -> bool:
        raise JobsUnavailable("there are none here")

    async def read(self, job: str, name: str) -> tuple[int, AsyncGenerator[bytes, None]] | None:
        raise JobsUnavailable("there are none here")


@asynccontextmanager
async def web_serving(
    folder: Path,
    speaker: Speaker | None = None,
    limits: Limits | None = None,
    access: Access = LOCAL,
    *,
    ready: bool = True,
    jobs: JobKeeper | None = None,
) -> AsyncIterator[tuple[WebServer, httpx.AsyncClient]]:
    """Run the server alone, with a client; whoever is left at the end is aborted."""
    limits, figures = limits or Limits(), Figures()
    service = Service(
        speaker=speaker or Speaker(),
        limits=limits,
        voices=lambda: VOICES,
        versions={version.name: version.default_voice for version in VERSIONS},
        languages=LANGUAGES,
        status=status,
        is_ready=lambda: ready,
        metrics=metrics(figures, status),
        elsewhere=_at_once,
        encoding=_at_once,
        own=OwnFiles(folder / "lexicon.txt", folder / "voices", 510),
        jobs=jobs or NoJobs(),
    )
    server = WebServer(Guard(Site(service), access, limits, figures.refuse), limits)
    await server.start("tcp://127.0.0.1:0", listen)
    url = server.addresses[0].replace("tcp://", "http://")
    try:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            yield server, client
    finally:
        await server.drain(0)


def decoded(sound: bytes) -> Pcm:
    """What a player hears in a file of any format: mono, 24 kHz."""
    with av.open(io.BytesIO(sound), "r") as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)
