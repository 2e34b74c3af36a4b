"""The chain, in virtual time: text as it comes, speech when the listener should have it."""

import asyncio
import logging
from contextlib import aclosing
from itertools import groupby

import pytest

from tests.support.engines import (
    HummingEngine,
    RememberingVoice,
    humming_pipeline,
    pieces,
    seconds_of,
)
from tests.support.virtual_time import now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import SynthesisFailed, UnknownVoice
from wyoming_kokoro.speech import Pcm, Plan, Request
from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.synthesis.reading import IN_ONE_GO_SECONDS
from wyoming_kokoro.synthesis.sound import Pauses

SENTENCE = "Forty characters are three seconds long."
"""40 characters: 120 frames, 3 s."""

FIRST_BREATH = 0.01 + 0.2 * 20 / 40
"""Seconds until the first breath is made: the plan, and 20 frames."""

CHUNK = 2 * 24_000 // 20
"""Bytes of 50 ms."""


async def timed(engine: HummingEngine, *text: str | float) -> list[tuple[float, bytes]]:
    """Speak; return each chunk with the time at which it came."""
    pipeline = humming_pipeline(engine)
    return [(now(), chunk) async for chunk in pipeline.speak(Request(), pieces(*text))]


def is_silent(chunk: bytes) -> bool:
    return not any(chunk)


def test_a_sentence_is_spoken_in_chunks_of_50_ms() -> None:
    engine = HummingEngine()
    chunks = [chunk for _, chunk in run(timed(engine, SENTENCE))]
    assert seconds_of(chunks) == 3.0
    shorter = [chunk for chunk in chunks if len(chunk) != CHUNK]
    assert max(map(len, chunks)) == CHUNK
    assert len(shorter) <= engine.breaths, "only the end of a breath"


def test_the_first_sentence_sounds_while_the_text_still_comes() -> None:
    async def main() -> list[tuple[float, bytes]]:
        return await timed(HummingEngine(), SENTENCE + " And", 5.0, " this comes late.")

    first, _ = run(main())[0]
    assert first == pytest.approx(IN_ONE_GO_SECONDS + FIRST_BREATH)


def test_a_whole_sentence_does_not_wait_for_the_next_ones_first_letter() -> None:
    first, _ = run(timed(HummingEngine(), SENTENCE, 5.0, " The next."))[0]
    assert first == pytest.approx(0.2 + FIRST_BREATH)


def spoken_of(*text: str | float) -> tuple[float, list[str]]:
    """When the first chunk came, and what was spoken as one."""
    engine = HummingEngine()
    first, _ = run(timed(engine, *text))[0]
    return first, engine.spoken


def test_a_short_sentence_is_spoken_with_the_next_if_that_is_here() -> None:
    assert spoken_of("Sure! ", SENTENCE)[1] == [f"Sure! {SENTENCE}"]
    assert spoken_of(*"Sure! ", *SENTENCE)[1] == [f"Sure! {SENTENCE}"]
    assert spoken_of(SENTENCE, " Enjoy!")[1] == [f"{SENTENCE} Enjoy!"]


def test_the_first_sound_waits_for_no_neighbor() -> None:
    first, spoken = spoken_of("Sure! It", 0.05, " is on.")
    assert first == pytest.approx(IN_ONE_GO_SECONDS + spoken_of("Sure!")[0])
    assert spoken == ["Sure!", "It is on."]
    first, spoken = spoken_of(SENTENCE + " Enj", 0.05, "oy!")
    assert first == pytest.approx(IN_ONE_GO_SECONDS + FIRST_BREATH)
    assert spoken == [SENTENCE, "Enjoy!"]


def test_messages_that_are_sent_in_one_go_are_one_text() -> None:
    assert spoken_of(SENTENCE + " Enjoy!", IN_ONE_GO_SECONDS / 2)[1] == [f"{SENTENCE} Enjoy!"]


def test_a_short_sentence_waits_for_its_neighbor_while_there_is_something_to_hear() -> None:
    started: list[str | float] = [SENTENCE + " ", 0.1]
    assert spoken_of(*started, "Fine. And", 0.1, f" {SENTENCE}")[1][1:] == [f"Fine. And {SENTENCE}"]
    slow = [word for letter in "and so on" * 9 for word in (letter, 0.1)]
    assert spoken_of(*started, "Fine. And ", *slow)[1][:2] == [SENTENCE, "Fine."]


def test_a_listener_never_has_more_than_8_seconds_ahead() -> None:
    chunks = run(timed(HummingEngine(), " ".join([SENTENCE] * 8)))
    begun, sent = chunks[0][0], 0.0
    for at, chunk in chunks:
        sent += seconds_of([chunk])
        assert sent - (at - begun) <= 8.0 + 0.05 + 1e-9
    assert chunks[-1][0] - begun == pytest.approx(24.0 - 8.0, abs=0.1)


def test_a_gap_in_the_text_is_filled_with_silence_just_in_time() -> None:
    chunks = run(timed(HummingEngine(), SENTENCE, 20.0, " " + SENTENCE))
    begun, sent = chunks[0][0], 0.0
    for at, chunk in chunks:
        left = sent - (at - begun)
        assert left > -1e-9, "the listener ran dry"
        if is_silent(chunk):
            assert left + seconds_of([chunk]) <= 0.25 + 1e-9
        sent += seconds_of([chunk])
    speech = [chunk for _, chunk in chunks if not is_silent(chunk)]
    assert seconds_of(speech) == 6.0


def test_silence_is_not_sent_before_anything_has_sounded() -> None:
    chunks = run(timed(HummingEngine(), 30.0, SENTENCE))
    assert not any(is_silent(chunk) for _, chunk in chunks)
    assert chunks[0][0] == pytest.approx(30.0 + FIRST_BREATH)


def test_an_engine_slower_than_speech_starts_late_enough_to_go_on_without_a_gap() -> None:
    async def main() -> list[tuple[float, bytes]]:
        pipeline = humming_pipeline(HummingEngine(rtf=1.5))
        for _ in range(2):  # the first time it is not yet known how slow it is
            begun, text = now(), pieces(" ".join([SENTENCE] * 3))
            chunks = [(now() - begun, c) async for c in pipeline.speak(Request(), text)]
        return chunks

    chunks = run(main())
    begun, sent = chunks[0][0], 0.0
    for at, chunk in chunks:
        assert sent - (at - begun) > -1e-9, "the listener ran dry"
        assert not is_silent(chunk)
        sent += seconds_of([chunk])
    assert begun < 9.0, "it need not wait for all of it, either"


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "**", "<br/>", "..."])
def test_text_without_words_yields_nothing(text: str) -> None:
    assert run(timed(HummingEngine(), text)) == []


def test_work_stops_at_the_next_breath_when_the_listener_has_gone() -> None:
    async def main() -> list[str]:
        engine = HummingEngine()
        pipeline = humming_pipeline(engine)
        text = " ".join(f"{SENTENCE[:-1]} {number}." for number in range(20))
        async with aclosing(pipeline.speak(Request(), pieces(text))) as speech:
            await anext(speech)
        spoken = len(engine.spoken)
        await asyncio.sleep(60)
        assert len(engine.spoken) == spoken
        return engine.spoken

    assert len(run(main())) <= 3


def test_at_most_two_breaths_are_made_ahead_of_a_slow_socket() -> None:
    async def main() -> int:
        engine = HummingEngine()
        pipeline = humming_pipeline(engine)
        text = " ".join(f"{SENTENCE[:-1]} {number}." for number in range(20))
        async with aclosing(pipeline.speak(Request(), pieces(text))) as speech:
            await anext(speech)
            await asyncio.sleep(60)
            return engine.breaths

    # One is being sent, two lie ready, and one waits for room.
    assert run(main()) == 4


def test_what_was_made_before_a_failure_is_still_heard() -> None:
    async def main() -> float:
        engine = HummingEngine()
        engine.fails_at = "This one fails."
        heard: list[bytes] = []
        with pytest.raises(ZeroDivisionError):
            async for chunk in humming_pipeline(engine).speak(
                Request(), pieces(f"{SENTENCE} This one fails. {SENTENCE}")
            ):
                heard.append(chunk)  # noqa: PERF401 what came before the error is what counts
        return seconds_of(heard)

    assert run(main()) == 3.0


def test_two_listeners_are_served_in_turn_and_neither_runs_dry() -> None:
    async def main() -> list[list[tuple[float, bytes]]]:
        pipeline = humming_pipeline(HummingEngine())

        async def listen() -> list[tuple[float, bytes]]:
            chunks = pipeline.speak(Request(), pieces(" ".join([SENTENCE] * 4)))
            return [(now(), chunk) async for chunk in chunks]

        return list(await asyncio.gather(listen(), listen()))

    for chunks in run(main()):
        begun, sent = chunks[0][0], 0.0
        for at, chunk in chunks:
            assert sent - (at - begun) > -1e-9
            sent += seconds_of([chunk])
        assert sent == pytest.approx(12.0)


def test_silence_of_the_engine_is_an_error_and_the_next_request_is_spoken() -> None:
    class Silent(HummingEngine):
        def voice(self, plan: Plan, span: range) -> Pcm:
            return super().voice(plan, span) * (len(self.spoken) > 1)

    async def main() -> int:
        pipeline = humming_pipeline(Silent())
        with pytest.raises(SynthesisFailed, match="made no sound of a sentence"):
            async for _ in pipeline.speak(Request(), pieces(SENTENCE)):
                pass
        return len([chunk async for chunk in pipeline.speak(Request(), pieces(SENTENCE))])

    assert run(main()) >= 60


def test_one_line_is_logged_for_each_request_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "wyoming_kokoro"):
        run(timed(HummingEngine(), SENTENCE))
    [record] = caplog.records
    line = record.getMessage()
    for part in ("spoken", "hum", "40 characters", "first audio 110 ms", "3.00 s", "humming"):
        assert part in line
    assert "RTF 0.20" in line
    assert "Forty" not in line


def test_a_request_that_cannot_be_spoken_is_logged_with_its_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        pipeline = humming_pipeline(HummingEngine(), refusal=UnknownVoice("no such voice"))
        with pytest.raises(UnknownVoice):
            async for _ in pipeline.speak(Request(), pieces(SENTENCE)):
                pass

    with caplog.at_level(logging.INFO, "wyoming_kokoro"):
        run(main())
    assert "unknown-voice" in caplog.text


def test_sentences_are_cut_where_the_limit_says() -> None:
    async def main() -> list[str]:
        engine = HummingEngine()
        pipeline = humming_pipeline(engine, Limits(sentence_characters=100))
        async for _ in pipeline.speak(Request(), pieces("word " * 100)):
            pass
        return engine.spoken

    spoken = run(main())
    assert max(map(len, spoken)) <= 100
    assert " ".join(spoken).split() == ["word"] * 100


def lengths(chunks: list[tuple[float, bytes]]) -> list[tuple[bool, float]]:
    """Runs of sound (True) and silence, in seconds."""
    runs = groupby((chunk for _, chunk in chunks), key=is_silent)
    return [(not silent, seconds_of(list(run))) for silent, run in runs]


def test_a_pause_mark_is_silence_of_that_length() -> None:
    runs = lengths(run(timed(HummingEngine(), f"{SENTENCE} [pause:1.5s] {SENTENCE}")))
    assert runs == [(True, 3.0), (False, 1.5), (True, 3.0)]


def test_ssml_chooses_pace_and_pauses() -> None:
    text = f'<speak><prosody rate="200%">{SENTENCE}</prosody><break time="1s"/>{SENTENCE}</speak>'
    runs = lengths(run(timed(HummingEngine(), text)))
    assert runs == [(True, 1.5), (False, 1.0), (True, 3.0)]


def test_silence_after_the_last_sentence_is_a_setting() -> None:
    async def main() -> list[tuple[float, bytes]]:
        pipeline = humming_pipeline(HummingEngine(), pauses=Pauses(tail=0.5))
        return [(now(), chunk) async for chunk in pipeline.speak(Request(), pieces(SENTENCE))]

    assert lengths(run(main())) == [(True, 3.0), (False, 0.5)]


def test_silence_before_the_first_sound_is_a_setting_and_comes_once() -> None:
    async def main() -> list[tuple[float, bytes]]:
        pipeline = humming_pipeline(HummingEngine(), pauses=Pauses(lead=0.5))
        text = pieces(f"{SENTENCE} {SENTENCE}")
        return [(now(), chunk) async for chunk in pipeline.speak(Request(), text)]

    assert lengths(run(main())) == [(False, 0.5), (True, 6.0)]


def test_a_voice_that_markup_asks_for_in_vain_is_logged_and_the_text_still_spoken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = f'<speak>{SENTENCE} <voice name="nobody">{SENTENCE}</voice></speak>'
    chunks = run(timed(HummingEngine(), text))
    assert seconds_of([chunk for _, chunk in chunks]) == 6.0
    assert "unknown-voice; the voice of the request goes on" in caplog.text
    assert "nobody" not in caplog.text


def test_sentences_in_another_script_are_spoken_by_a_voice_of_that_language() -> None:
    async def main(request: Request, text: str) -> list[str | None]:
        voice = RememberingVoice(HummingEngine())
        pipeline = humming_pipeline(HummingEngine(), voice=voice, detect_language=True)
        async for _ in pipeline.speak(request, pieces(text)):
            pass
        return voice.languages

    mixed = "今日は晴れです。 And now in English."
    assert run(main(Request(), mixed)) == [None, "ja_JP"]
    assert run(main(Request(language="en_US"), mixed)) == ["en_US"]
    assert run(
        main(Request(), "全部屋消灯完了、外出準備完了。明日はとても晴れた日になりそうです。")
    ) == [
        None,
        "ja_JP",
        "ja_JP",
    ]
    assert run(main(Request(), "客厅的灯开着，外面下雨。")) == [None, "zh_CN"]


def test_a_request_that_is_not_paced_has_everything_as_soon_as_it_is_made() -> None:
    async def main() -> tuple[float, float]:
        pipeline = humming_pipeline(HummingEngine(rtf=0.1))
        request = Request(paced=False)
        chunks = [chunk async for chunk in pipeline.speak(request, pieces(f"{SENTENCE} " * 20))]
        return now(), seconds_of(chunks)

    took, seconds = run(main())
    assert seconds == pytest.approx(60, rel=0.02)
    assert took < 0.15 * seconds


def test_a_request_that_is_not_paced_is_not_held_back_on_a_slow_machine() -> None:
    async def main() -> float:
        pipeline = humming_pipeline(HummingEngine(rtf=2.0))
        speech = pipeline.speak(Request(paced=False), pieces(f"{SENTENCE} " * 5))
        async with aclosing(speech):
            await anext(speech)
            return now()

    assert run(main()) < 2.5


def test_speech_is_faster_by_the_rate_of_its_request() -> None:
    async def main() -> list[float]:
        lengths = []
        for rate in (0.5, 1.0, 2.0):
            pipeline = humming_pipeline(HummingEngine())
            speech = pipeline.speak(Request(rate=rate), pieces(SENTENCE))
            lengths.append(seconds_of([chunk async for chunk in speech]))
        return lengths

    assert run(main()) == [6.0, 3.0, 1.5]


def test_words_are_told_before_their_sound_and_follow_one_another() -> None:
    async def main() -> tuple[list[Word], float, list[int]]:
        words: list[Word] = []
        known: list[int] = []
        pipeline = humming_pipeline(HummingEngine())
        text = pieces(f"{SENTENCE} ", "And two more words.")
        chunks = []
        async for chunk in pipeline.speak(Request(), text, words.extend):
            chunks.append(chunk)
            known.append(len(words))
        return words, seconds_of(chunks), known

    words, seconds, known = run(main())
    assert [word.text for word in words] == f"{SENTENCE} And two more words.".split()
    assert known[0] == len(SENTENCE.split())
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= seconds + 0.01
    assert not words[0].exact, "an engine without durations estimates"
