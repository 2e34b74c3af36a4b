"""Standard input and output as a connection: byte streams leave, and nobody else may use them."""

import asyncio
import os
import select
from typing import IO

from wyoming_kokoro.errors import ConfigurationError

_STDIN, _STDOUT, _STDERR = range(3)
"""The descriptors themselves: libraries in C print past `sys.stdout`."""


async def open_stdio(limit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return standard input, with its `limit` for a line, and standard output.

    From here on what the process prints goes to standard error: a stray word between two events
    would end the conversation.

    Raises:
        ConfigurationError: one of them is a file or `/dev/null`, which cannot be waited for.
    """
    taken_input = os.fdopen(os.dup(_STDIN), "rb", buffering=0)
    taken_output = os.fdopen(os.dup(_STDOUT), "wb", buffering=0)
    os.dup2(_STDERR, _STDOUT)
    try:
        _check_waitable(taken_input)
        return await _streams(taken_input, taken_output, limit)
    except (ValueError, PermissionError) as failure:
        taken_input.close()
        taken_output.close()
        raise ConfigurationError(
            "--uri stdio://: standard input and output must be pipes; put `cat FILE |` before, or "
            "`| cat > FILE` behind the command"
        ) from failure


def _check_waitable(taken_input: IO[bytes]) -> None:
    """Raise PermissionError for what asyncio takes for a pipe and then never hears from."""
    with select.epoll() as waiting:
        waiting.register(taken_input, select.EPOLLIN)


async def _streams(
    taken_input: IO[bytes], taken_output: IO[bytes], limit: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=limit)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), taken_input)
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), taken_output
    )
    return reader, asyncio.StreamWriter(transport, protocol, None, loop)
