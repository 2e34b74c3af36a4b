"""Whatever the order of events, every accepted request ends exactly once."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wyoming.event import Event, async_read_event

from tests.support.speakers import Speaker, event, open_raw, serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.network.server import Server
from wyoming_kokoro.network.wire import encode

TEXTS = st.sampled_from(["hello", "one two three", "", " ", "fail", "hello crash"])
EVENTS = (
    st.sampled_from(["describe", "ping", "synthesize-start", "synthesize-stop", "whatever"]).map(
        event
    )
    | st.builds(lambda text: event("synthesize", text=text), TEXTS)
    | st.builds(lambda text: event("synthesize-chunk", text=text), TEXTS)
    | st.just(event("synthesize", text=5))
)
STREAMS = st.lists(TEXTS, max_size=3).map(
    lambda texts: [
        event("synthesize-start"),
        *(event("synthesize-chunk", text=text) for text in texts),
        event("synthesize", text="".join(texts)),
        event("synthesize-stop"),
    ]
)
CONVERSATIONS = st.lists(STREAMS | EVENTS.map(lambda one: [one]), max_size=6).map(
    lambda parts: [each for part in parts for each in part]
)

LETTERS = {"audio-start": "(", "audio-chunk": ".", "audio-stop": ")", "synthesize-stopped": "|"}
ENDINGS = {"synthesize": ")", "synthesize-start": ")|"}


@dataclass
class Expected:
    """What the protocol says about a conversation."""

    accepted: list[str] = field(default_factory=list)
    """Types of the requests, in order."""
    side_answers: int = 0
    """How many of `info` and `pong`."""
    fails: bool = False

    @classmethod
    def of(cls, conversation: list[Event]) -> "Expected":
        expected, in_stream = cls(), False
        for each in conversation:
            text = each.data.get("text", "")
            match each.type:
                case "describe" | "ping":
                    expected.side_answers += 1
                case "synthesize" if not in_stream:
                    expected.accepted.append(each.type)
                    expected.fails |= not isinstance(text, str) or is_doomed(text)
                case "synthesize-start":
                    expected.accepted.append(each.type)
                    in_stream = True
                case "synthesize-chunk" | "synthesize-stop":
                    expected.fails |= not in_stream or is_doomed(text)
                    in_stream &= each.type == "synthesize-chunk"
        return expected


def is_doomed(text: str) -> bool:
    return "fail" in text or "crash" in text


def check(conversation: list[Event], answers: list[Event]) -> None:
    expected = Expected.of(conversation)
    side = [each for each in answers if each.type in ("info", "pong")]
    audio = "".join(LETTERS[each.type] for each in answers if each.type in LETTERS)
    errors = [each for each in answers if each.type == "error"]
    assert len(side) + len(audio) + len(errors) == len(answers)
    complete = [r"\(\.+" + re.escape(ENDINGS[kind]) for kind in expected.accepted]
    if expected.fails:
        assert len(errors) == 1
        assert answers[-1] is errors[0]
        # Some of the first are complete, the next may have begun, the others never are heard of.
        assert any(
            re.fullmatch("".join(complete[:done]) + r"(\(\.*)?", audio)
            for done in range(len(complete) + 1)
        )
    else:
        assert errors == []
        assert re.fullmatch("".join(complete), audio)
        assert len(side) == expected.side_answers


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def server(runner: asyncio.Runner) -> Iterator[Server]:
    context = serving(Speaker(), Limits(queued_requests_a_connection=99))
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


async def converse(server: Server, conversation: list[Event], piece: int) -> list[Event]:
    reader, writer = await open_raw(server)
    sent = b"".join(map(encode, conversation))
    for start in range(0, len(sent), piece):
        writer.write(sent[start : start + piece])
        await asyncio.sleep(0)
    writer.write_eof()
    answers = []
    while (answer := await async_read_event(reader)) is not None:
        answers.append(answer)
    writer.close()
    return answers


@settings(max_examples=300, deadline=None)
@given(conversation=CONVERSATIONS, piece=st.sampled_from([40, 200, 10_000]))
def test_every_accepted_request_ends_exactly_once(
    runner: asyncio.Runner, server: Server, conversation: list[Event], piece: int
) -> None:
    answers = runner.run(converse(server, conversation, piece))
    check(conversation, answers)
    assert server._waiting() == 0  # nothing is left behind
