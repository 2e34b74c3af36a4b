"""Runs the program with a lock around each request, to compare with: arguments in, one reply after
another out.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from wyoming_kokoro.synthesis.pipeline import Pipeline


def main() -> None:
    """Run the program."""
    from wyoming_kokoro.cli.main import main as program

    lock, speak = asyncio.Lock(), Pipeline.speak

    async def one_at_a_time(*arguments: Any, **named: Any) -> AsyncGenerator[bytes]:
        async with lock, aclosing(speak(*arguments, **named)) as chunks:
            async for chunk in chunks:
                yield chunk

    setattr(Pipeline, "speak", one_at_a_time)  # noqa: B010 an assignment would be to a method
    program()
