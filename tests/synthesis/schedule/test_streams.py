"""Several streams at once, through the pipeline in virtual time: whose text pauses, who comes."""

import asyncio

import pytest

from tests.support.engines import HummingEngine, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import Overloaded
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis.pipeline import Pipeline
from wyoming_kokoro.synthesis.schedule.playback import TEXT_PAUSE_SECONDS
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

SENTENCE = "Forty characters are three seconds long."
"""40 characters: 3 s."""

TOOL_CALL = 250.0
"""Seconds that a language model takes to find something out, at the longest."""


class Listener:
    """Hears one request."""

    def __init__(self, pipeline: Pipeline, *text: str | float) -> None:
        self._asked = now()
        self.first: float | None = None
        """Seconds until the first chunk."""
        self.gaps = 0
        """Moments at which it ran dry."""
        self.seconds = 0.0
        """That came so far, silence too."""
        self._dry_at = 0.0
        self.task = asyncio.ensure_future(self._hear(pipeline, *text))

    async def _hear(self, pipeline: Pipeline, *text: str | float) -> None:
        async for chunk in pipeline.speak(Request(), pieces(*text)):
            if self.first is None:
                self.first, self._dry_at = now() - self._asked, now()
            self.gaps += self.left < -1e-9
            self._dry_at = max(self._dry_at, now()) + seconds_of([chunk])
            self.seconds += seconds_of([chunk])

    @property
    def left(self) -> float:
        """Seconds until it runs dry."""
        return self._dry_at - now()


def house(rtf: float) -> Pipeline:
    """A pipeline on a machine of a known speed."""
    engine = HummingEngine(rtf)
    scheduler = Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane(engine))
    scheduler.expect(engine, rtf)
    return humming_pipeline(engine, scheduler=scheduler)


@pytest.mark.parametrize(("rtf", "streams"), [(0.2, 5), (0.8, 2), (2.5, 1)])
@pytest.mark.parametrize("after", [20.0, 60.0])
def test_open_streams_whose_text_pauses_starve_nobody(
    rtf: float, streams: int, after: float
) -> None:
    """The newcomer is heard as soon as on a machine where nobody else is."""

    async def main(streams: int) -> float:
        pipeline = house(rtf)
        for _ in range(streams):
            Listener(pipeline, f"{SENTENCE} And", TOOL_CALL, " so on.")
        await asyncio.sleep(after)
        newcomer = Listener(pipeline, SENTENCE)
        await newcomer.task
        assert newcomer.first is not None
        return newcomer.first

    assert run(main(streams)) == pytest.approx(run(main(0)), abs=0.02)


def test_streams_whose_text_pauses_keep_nobody_waiting_though_they_still_play() -> None:
    """Two fill the machine; both have seconds left when the newcomer comes."""

    async def main() -> tuple[bool, float]:
        pipeline = house(0.5)
        first = Listener(pipeline, " ".join([SENTENCE] * 5) + " And", TOOL_CALL, " so on.")
        await asyncio.sleep(8.5)
        second = Listener(pipeline, f"{SENTENCE} {SENTENCE} And", TOOL_CALL, " so on.")
        await asyncio.sleep(3.5 + TEXT_PAUSE_SECONDS)
        both_play = min(first.left, second.left) > 0.5
        newcomer = Listener(pipeline, SENTENCE)
        await newcomer.task
        assert newcomer.first is not None
        return both_play, newcomer.first

    both_play, first = run(main())
    assert both_play
    assert first == pytest.approx(0.5 * 27 / 40 + 0.02, abs=0.05)


def test_who_is_far_ahead_and_has_more_to_say_is_not_made_to_stutter() -> None:
    async def main() -> tuple[float, int]:
        pipeline = house(0.95)
        reader = Listener(pipeline, " ".join([SENTENCE] * 150))
        await asyncio.sleep(300)
        ahead = reader.left
        await Listener(pipeline, SENTENCE).task
        with pytest.raises(Overloaded):
            await Listener(pipeline, " ".join([SENTENCE] * 20)).task
        await reader.task
        return ahead, reader.gaps

    ahead, gaps = run(main())
    assert ahead > 7.0
    assert gaps == 0


def test_a_stream_whose_text_comes_word_by_word_counts_while_it_is_heard() -> None:
    async def main() -> tuple[float, int]:
        pipeline = house(0.47)
        words = [part for word in (SENTENCE + " ").split(" ") for part in (word + " ", 0.2)]
        streams = [Listener(pipeline, *words * 8) for _ in range(2)]
        await asyncio.sleep(5)
        newcomer = Listener(pipeline, SENTENCE)
        await asyncio.gather(*(listener.task for listener in [*streams, newcomer]))
        assert newcomer.first is not None
        return newcomer.first, sum(stream.gaps for stream in streams)

    first, gaps = run(main())
    assert first > 10
    assert gaps == 0


def test_streams_whose_text_goes_on_at_once_wait_for_one_another_and_hear_no_gap() -> None:
    """Six that rest, of whom two can be spoken to at once; who has to wait hears silence."""

    async def main() -> tuple[int, bool]:
        pipeline, streams = house(0.35), list[Listener]()
        for second in range(6):
            rest = " so on. " + " ".join([SENTENCE] * 3)
            streams.append(Listener(pipeline, f"{SENTENCE} And", 60.0 - second, rest))
            await asyncio.sleep(1)
        await asyncio.gather(*(stream.task for stream in streams))
        return sum(stream.gaps for stream in streams), now() > 60 + 9 + 6 * 9 * 0.35 / 2

    assert run(main()) == (0, True)
