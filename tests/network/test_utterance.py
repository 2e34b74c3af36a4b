"""Text that is iterated over while it arrives."""

import asyncio

import pytest

from wyoming_kokoro.errors import TooLarge
from wyoming_kokoro.network.utterance import Utterance
from wyoming_kokoro.speech import Request


async def test_pieces_come_in_order_as_they_arrive_and_end_for_good() -> None:
    utterance = Utterance(Request(), streamed=True, characters=100)
    utterance.add("one ")
    first = await anext(utterance)
    awaited = asyncio.ensure_future(anext(utterance))
    utterance.add("two")
    utterance.end()
    assert [first, await awaited] == ["one ", "two"]
    for _ in range(2):
        assert [piece async for piece in utterance] == []


async def test_the_limit_is_on_all_pieces_together() -> None:
    utterance = Utterance(Request(), streamed=True, characters=5)
    utterance.add("abc")
    utterance.add("de")
    with pytest.raises(TooLarge, match="5 characters"):
        utterance.add("f")
