"""Several clients at once, who connect, ask, hang up and vanish in any order: every accepted
request ends exactly once, and nothing of one reaches another."""

import asyncio

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule
from wyoming.event import Event, async_read_event

from tests.network.test_endings import CONVERSATIONS, check
from tests.support.speakers import Speaker, event, open_raw, serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.network.wire import encode


class _Client:
    """A connection, and what was said on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.said: list[Event] = []

    async def say(self, events: list[Event], piece: int) -> None:
        self.said += events
        sent = b"".join(map(encode, events))
        for start in range(0, len(sent), piece):
            self.writer.write(sent[start : start + piece])
            await asyncio.sleep(0)

    async def hang_up(self) -> list[Event]:
        """Say no more; return all answers."""
        self.writer.write_eof()
        answers = []
        while (answer := await async_read_event(self.reader)) is not None:
            answers.append(answer)
        self.writer.close()
        return answers


class ManyClients(RuleBasedStateMachine):
    """Does what clients may do."""

    clients: Bundle[_Client] = Bundle("clients")

    @initialize()
    def start(self) -> None:
        self.runner = asyncio.Runner()
        self.limits = Limits(queued_requests=999, queued_requests_a_connection=99)
        self.serving = serving(Speaker(), self.limits)
        self.server = self.runner.run(self.serving.__aenter__())
        self.open: set[_Client] = set()

    @rule(target=clients)
    def connect(self) -> _Client:
        client = _Client(*self.runner.run(open_raw(self.server)))
        self.open.add(client)
        return client

    @rule(client=clients, conversation=CONVERSATIONS, piece=st.sampled_from([30, 10_000]))
    def say(self, client: _Client, conversation: list[Event], piece: int) -> None:
        self.runner.run(client.say(conversation, piece))

    @rule(client=consumes(clients))
    def say_half_an_event(self, client: _Client) -> None:
        self.runner.run(client.say([], 1))
        client.writer.write(b'{"type": "desc')
        self._vanish(client)

    @rule(client=consumes(clients))
    def hang_up(self, client: _Client) -> None:
        if client in self.open:
            self.open.discard(client)
            check(client.said, self.runner.run(client.hang_up()))

    @rule(client=consumes(clients))
    def vanish(self, client: _Client) -> None:
        self._vanish(client)

    def _vanish(self, client: _Client) -> None:
        self.open.discard(client)
        client.writer.transport.abort()

    @rule()
    def somebody_else_is_answered(self) -> None:
        async def ask() -> list[Event]:
            client = _Client(*await open_raw(self.server))
            await client.say([event("describe"), event("synthesize", text="one two")], 10_000)
            return await client.hang_up()

        types = [answer.type for answer in self.runner.run(ask())]
        assert sorted(types) == sorted(["info", "audio-start", *["audio-chunk"] * 2, "audio-stop"])

    def teardown(self) -> None:
        for client in self.open:
            check(client.said, self.runner.run(client.hang_up()))
        self.runner.run(self._quiet())
        self.runner.run(self.serving.__aexit__(None, None, None))
        self.runner.close()

    async def _quiet(self) -> None:
        """Wait until nothing is left behind."""
        async with asyncio.timeout(20):
            while self.server._sessions:  # noqa: ASYNC110 the server tells nobody
                await asyncio.sleep(0)
        assert self.server._waiting() == 0


ManyClients.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestManyClients = ManyClients.TestCase
