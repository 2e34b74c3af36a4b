"""Services for a `Worker` that fail as native code does, when the request asks for it."""

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from wyoming_kokoro import espeak
from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.isolation.process import Handler
from wyoming_kokoro.isolation.worker import Worker
from wyoming_kokoro.text.pronouncing import isolated


def faulty(
    service: str, *arguments: str, memory_mb: int = 1024, idle_seconds: float | None = None
) -> Worker:
    """Return a worker with a service of this file."""
    memory = memory_mb * 1024 * 1024
    return Worker(
        f"{__name__}:{service}", *arguments, memory_bytes=memory, idle_seconds=idle_seconds
    )


def echo(_busy: Callable[[], None]) -> Handler:
    """Answer with the request, unless it asks for a fault."""

    def answer(request: Any) -> Any:
        fail(str(request))
        return request

    return answer


def front_end(busy: Callable[[], None], lexicon: str, known: str) -> Handler:
    """The front end, which fails on texts that name a fault and punctuation after it."""
    read = isolated.service(busy, lexicon, known)

    def answer(request: Any) -> Any:
        [[[text, *_], *_], *_] = request
        fail(text)
        return read(request)

    return answer


def speech(busy: Callable[[], None]) -> Handler:
    """What speaks for the stand-in, and fails on texts that name a fault."""
    speak = espeak.service(busy)

    def answer(request: Any) -> Any:
        fail(request[0])
        return speak(request)

    return answer


def slow_to_load(busy: Callable[[], None], seconds: str) -> Handler:
    """Load something at the first request, for so long, and say so."""

    def answer(request: Any) -> Any:
        busy()
        time.sleep(float(seconds))
        return request

    return answer


def fail(fault: str) -> None:
    """Do what `fault` names, if it names one."""
    if fault == "abort!":
        os.abort()
    if fault == "hang!":
        while True:
            time.sleep(60)
    if fault == "grow!":
        bytearray(16 * 1024**3)
    if fault == "raise!":
        raise ValueError(fault)
    if fault == "refuse!":
        raise UnknownLanguage("nobody reads that")
    if fault == "exit!":
        os._exit(0)
    if fault == "print!":
        print("to a client", flush=True)  # noqa: T201 what a library may do


def logging_service(_busy: Callable[[], None]) -> Handler:
    """Say something to the log with every request."""

    def answer(request: Any) -> Any:
        logging.getLogger("somewhere").warning("mind the %s", "gap")
        return request

    return answer
