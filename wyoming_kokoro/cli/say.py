"""The command `say`: text from the command line or standard input in, sound out as it is made."""

import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from math import inf
from typing import BinaryIO

from wyoming_kokoro.app import wiring
from wyoming_kokoro.cli.sinks import Sink
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import BadRequest, ConfigurationError
from wyoming_kokoro.speech import SAMPLE_RATE, Plan, Request
from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.synthesis.schedule.lanes import ThreadLane


async def say_here(settings: Settings, arguments: Namespace, sink: Sink) -> None:
    """Speak in this process, with the model if its files are here.

    Raises:
        KokoroError: it cannot be spoken.
    """
    limits = replace(Limits(), seconds_ahead=inf)  # a file need not wait, and a player holds back
    show, tell = (_show, _tell) if arguments.phonemes else (lambda _plan: None, None)
    parts = wiring.wire(settings, limits, on_plan=show, here_only=True)
    parts.front_end.start()
    request = Request(settings.voice or None, arguments.language, seed=arguments.seed)
    lane = ThreadLane("sound")
    try:
        await lane.run(partial(sink.begin, SAMPLE_RATE, 1))
        async with aclosing(parts.pipeline.speak(request, _text(arguments), tell)) as speech:
            async for pcm in speech:
                await lane.run(partial(sink.write, pcm))
    finally:
        lane.close()
        await parts.close()


async def say_there(settings: Settings, arguments: Namespace, sink: Sink) -> None:
    """Speak through the server at `--uri`.

    Raises:
        KokoroError: the server cannot be reached, or says why it cannot speak this.
    """
    from wyoming_kokoro.network import client

    request = Request(_voice(settings), arguments.language)
    info = await client.describe(arguments.server)
    streaming = any(program.supports_synthesize_streaming for program in info.tts)
    lane = ThreadLane("sound")
    try:
        speaking = client.speak(arguments.server, _text(arguments), request, streaming=streaming)
        async with speaking as speech:
            await lane.run(partial(sink.begin, speech.rate, speech.channels))
            async for pcm in speech:
                await lane.run(partial(sink.write, pcm))
    finally:
        lane.close()


async def _text(arguments: Namespace) -> AsyncIterator[str]:
    """Yield the text of the command line, or standard input line by line."""
    if arguments.text:
        yield _spoken(" ".join(arguments.text))
        return
    read, lane = standard_input().readline, ThreadLane("stdin")
    try:
        while line := await lane.run(read):
            yield _decoded(line)
    finally:
        lane.close()


def _spoken(text: str) -> str:
    """Return a text of the command line, where what is no text arrives as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest("the text is not in the encoding of the locale, mostly UTF-8") from None
    return text


def standard_input() -> BinaryIO:
    """Return the bytes of standard input.

    Raises:
        ConfigurationError: it is closed.
    """
    if sys.stdin is None:  # as `<&-` makes it, whatever the type says
        raise ConfigurationError("standard input is closed: give it a file, a pipe or a terminal")
    return sys.stdin.buffer


def _decoded(line: bytes) -> str:
    """Return a line of standard input as text, in the encoding of the locale."""
    try:
        return line.decode(sys.stdin.encoding)
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"standard input is no text in {sys.stdin.encoding.upper()} ({error.reason}): "
            "convert it first, as iconv does"
        ) from None


def _voice(settings: Settings) -> str | None:
    """Return the voice to ask a server for; the protocol has no other place for a speed."""
    if settings.speed == 1.0:
        return settings.voice or None
    if not settings.voice:
        raise ConfigurationError("--speed with --uri needs --voice: it is sent as part of its name")
    return f"{settings.voice}@{settings.speed:g}"


def _show(plan: Plan) -> None:
    """Print what is spoken, and how it is pronounced."""
    spoken = plan.tokens.phonemes
    print(f"{spoken.text}\n  {spoken.symbols or '(read by the stand-in)'}", file=sys.stderr)


def _tell(words: Sequence[Word]) -> None:
    """Print when each word is heard."""
    for word in words:
        estimate = "" if word.exact else " (estimated)"
        print(f"  {word.start:6.2f} - {word.end:6.2f} s  {word.text}{estimate}", file=sys.stderr)
