"""The server as a process: the order of start and stop, signals, exit codes."""

import json
import signal
import socket
import stat
import time
from pathlib import Path

import psutil
import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient, AsyncUnixClient
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeVoice,
)

from tests.support.process import PATIENCE, Program, run_command, running

STAND_IN = ("--engine", "stand-in")
"""The engine that needs no model; most of these tests are not about the engine."""

LONG = "This is a sentence that takes some seconds to say, whoever says it. "


def port_of(program: Program) -> int:
    return int(program.uri.rpartition(":")[2])


async def client_of(program: Program) -> AsyncTcpClient:
    client = AsyncTcpClient("127.0.0.1", port_of(program))
    await client.connect()
    return client


async def read_until(client: AsyncTcpClient | AsyncUnixClient, event_type: str) -> list[Event]:
    events: list[Event] = []
    while not events or events[-1].type != event_type:
        event = await client.read_event()
        assert event is not None, f"closed after {[event.type for event in events]}"
        events.append(event)
    return events


def samples_in(events: list[Event]) -> bytes:
    return b"".join(event.payload or b"" for event in events if AudioChunk.is_type(event.type))


async def test_a_fresh_install_speaks_without_any_model(tmp_path: Path) -> None:
    with running(tmp_path, "--offline") as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Hello, I am here.").event())
        events = await read_until(client, AudioStop().event().type)
        await client.disconnect()
        program.wait_for("spoken: .*engine stand-in")
    assert AudioStart.is_type(events[0].type)
    assert len(set(samples_in(events))) > 100, "speech, not silence"


async def test_describe_is_answered_while_a_request_is_spoken(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        speaking, asking = await client_of(program), await client_of(program)
        await speaking.write_event(Synthesize(LONG * 20).event())
        await speaking.read_event()
        await asking.write_event(Describe().event())
        [event] = await read_until(asking, "info")
        await speaking.disconnect()
        await asking.disconnect()
    [kokoro] = Info.from_event(event).tts
    assert kokoro.name == "kokoro"
    assert kokoro.supports_synthesize_streaming
    voices = {voice.name: voice for voice in kokoro.voices}
    assert voices["af_heart"].description == "Heart (US English, female)"
    assert voices["af_heart"].languages == ["en_US"]
    assert voices["pm_alex"].languages == ["pt_BR"]


async def test_a_stream_as_home_assistant_sends_it_is_spoken_once(tmp_path: Path) -> None:
    voice = SynthesizeVoice(name="bf_emma")
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        lengths = []
        for _ in range(2):
            await client.write_event(SynthesizeStart(voice).event())
            for piece in ("The light is ", "on. The door ", "is shut."):
                await client.write_event(SynthesizeChunk(piece).event())
            whole = "The light is on. The door is shut."
            await client.write_event(Synthesize(whole, voice).event())
            await client.write_event(SynthesizeStop().event())
            events = await read_until(client, "synthesize-stopped")
            types = [event.type for event in events if not AudioChunk.is_type(event.type)]
            assert types == ["audio-start", "audio-stop", "synthesize-stopped"]
            lengths.append(len(samples_in(events)))
        await client.disconnect()
    assert lengths[0] == lengths[1] > 2 * 24_000


KILLERS = ["a." * 200, ".a" * 200, "b.c." * 100, "I." * 200, "क." * 200, "²" * 450]
"""Legal texts that crashed espeak-ng, or the front end."""


async def test_no_text_can_crash_the_server(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        for text in KILLERS:
            for voice in ("af_heart", "ef_dora"):
                client = await client_of(program)
                await client.write_event(Synthesize(text, SynthesizeVoice(name=voice)).event())
                await read_until(client, "audio-start")
                await client.read_event()  # the first sound: all of it was read and spoken
                await client.disconnect()
        client = await client_of(program)
        await client.write_event(Synthesize("Good morning.").event())
        assert len(samples_in(await read_until(client, "audio-stop"))) > 24_000
        await client.disconnect()
        assert program.stop() == 0
    assert "Traceback" not in program.log


async def test_the_death_of_what_reads_costs_no_connection(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Good morning.").event())
        alone = samples_in(await read_until(client, "audio-stop"))
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("Good morning. " + "It is late, " * 3).event())
        await read_until(client, "audio-chunk")
        for worker in psutil.Process(program.process.pid).children():
            worker.kill()
        await client.write_event(SynthesizeChunk("is it not? Good morning to you.").event())
        await client.write_event(SynthesizeStop().event())
        spoken = samples_in(await read_until(client, "synthesize-stopped"))
        await client.disconnect()
    assert len(spoken) > len(alone)
    assert "Traceback" not in program.log


async def test_what_is_spoken_does_not_stand_in_the_log_at_any_level(tmp_path: Path) -> None:
    text = "Zanzibar, **Quagmire** and <sub alias='Xylophone'>Rhubarb</sub>. Kumquat said 5 kWh."
    marked = f"{text} <voice name='Aardvark'>Rhubarb</voice> <lang xml:lang='xx-Yeti'>it</lang>"
    ssml = {"text": f"<speak>{marked}</speak>", "text_format": "ssml"}
    options = ("--log-level", "DEBUG", "--fallback-voice")
    with running(tmp_path, *STAND_IN, *options) as program:
        client = await client_of(program)
        for request in (Synthesize(text).event(), Event("synthesize", ssml)):
            await client.write_event(request)
            await read_until(client, "audio-stop")
        await client.write_event(Event("synthesize", {"text": "Persimmon " * 2_001}))
        [error] = await read_until(client, "error")
        await client.disconnect()
        assert program.stop() == 0
        spoken = [line for line in program.log.splitlines() if "spoken: " in line]
    assert error.data["code"] == "too-large"
    assert len(spoken) == 2
    words = [
        *("zanzibar", "quagmire", "xylophone", "rhubarb", "kumquat", "kilowatt", "persimmon"),
        *("aardvark", "yeti"),
    ]
    assert [word for word in words if word in program.log.lower()] == []


async def test_a_client_that_is_wrong_all_the_time_costs_few_lines_of_log(tmp_path: Path) -> None:
    wrong = '<voice name="nobody">One.</voice> ' * 40
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        began = time.monotonic()
        await client.write_event(Synthesize(f"<speak>{wrong}</speak>").event())
        await read_until(client, AudioStop().event().type)
        await client.disconnect()
        program.wait_for("spoken: ")
        seconds = time.monotonic() - began
    assert 1 <= program.log.count("the voice of the request goes on") <= 11 + seconds


async def test_an_unknown_voice_is_refused_with_the_nearest_names(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Hello.", SynthesizeVoice(name="af_hart")).event())
        [event] = await read_until(client, "error")
        assert await client.read_event() is None
        await client.disconnect()
    assert event.data["code"] == "unknown-voice"
    assert "af_heart" in event.data["text"]


async def test_the_fallback_voice_speaks_for_one_that_does_not_exist(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN, "--fallback-voice") as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Hello.", SynthesizeVoice(name="nobody")).event())
        events = await read_until(client, "audio-stop")
        await client.disconnect()
        program.wait_for("there is no voice 'nobody'.*default voice")
    assert samples_in(events)


async def test_a_unix_socket_is_served_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.sock"
    with running(tmp_path, *STAND_IN, "--uri", f"unix://{path}") as program:
        assert program.uri == f"unix://{path}"
        assert stat.S_ISSOCK(path.stat().st_mode)
        client = AsyncUnixClient(str(path))
        await client.connect()
        await client.write_event(Describe().event())
        await read_until(client, "info")
        await client.disconnect()
        assert program.stop() == 0
    assert not path.exists()


def test_standard_input_and_output_are_served_until_they_end(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN, "--uri", "stdio://") as program:
        answer, _ = program.process.communicate('{"type": "describe"}\n', PATIENCE)
        assert program.process.returncode == 0
    header, _, rest = answer.partition("\n")
    assert json.loads(header)["type"] == "info"
    assert json.loads(rest[: json.loads(header)["data_length"]])["tts"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_with_an_idle_client(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        await client.write_event(Describe().event())
        await read_until(client, "info")
        assert program.stop(number) == 0
        assert await client.read_event() is None
        await client.disconnect()
        assert number.name in program.log
        assert "Traceback" not in program.log


async def test_what_is_being_said_is_finished_before_the_end(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        await client.write_event(Synthesize(LONG * 2).event())
        await client.read_event()
        program.process.send_signal(signal.SIGTERM)
        events = await read_until(client, "audio-stop")
        await client.disconnect()
        assert program.ended() == 0
    assert len(samples_in(events)) > 4 * 48_000


async def test_a_client_that_does_not_read_cannot_hold_the_end_back(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect(("127.0.0.1", port_of(program)))
        request = {"type": "synthesize", "data": {"text": LONG * 200}}
        deaf.sendall(json.dumps(request).encode() + b"\n")
        assert deaf.recv(1)
        began = time.monotonic()
        assert program.stop() == 0
        assert time.monotonic() - began < 15, "the Supervisor would have killed it"
        assert "Traceback" not in program.log


async def test_a_second_interrupt_ends_the_server_at_once(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN) as program:
        client = await client_of(program)
        await client.write_event(Synthesize(LONG * 200).event())
        await client.read_event()
        program.process.send_signal(signal.SIGINT)
        program.wait_for("stopping")
        assert program.stop(signal.SIGINT) == 130
        await client.disconnect()
        assert "Traceback" not in program.log


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--speed", "9"], "--speed is '9', but must be a number from 0.5 to 2"),
        (["--voice", "af_hart"], "--voice af_hart: there is no voice 'af_hart'.*af_heart"),
        (["--uri", "tcp://127.0.0.1"], "tcp://127.0.0.1"),
        (["--blend", "x=af_heart(0)"], "--blend x=af_heart"),
    ],
)
def test_bad_configuration_exits_with_2_and_says_what_is_wrong(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    done = run_command("serve", "--data-dir", str(tmp_path), "--no-zeroconf", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert complaint.split(".*")[0] in done.stderr
    assert complaint.split(".*")[-1] in done.stderr


def test_a_port_that_is_taken_exits_with_2_and_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        uri = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = run_command("serve", "--uri", uri, "--data-dir", str(tmp_path), "--no-zeroconf")
    assert done.returncode == 2
    assert str(taken) not in done.stderr
    assert uri.rpartition(":")[2] in done.stderr


def test_no_model_no_network_and_no_stand_in_exits_with_3(tmp_path: Path) -> None:
    with running(tmp_path, "--no-stand-in", "--offline") as program:
        assert program.ended() == 3
        assert "wyoming-kokoro download" in program.log
        assert "Traceback" not in program.log


HANGING = """
import threading
from wyoming_kokoro import config
from wyoming_kokoro.cli import main as cli, commands
from wyoming_kokoro.engines.standin import StandInEngine
StandInEngine.plan = lambda *_: threading.Event().wait()
commands.Limits = lambda: config.Limits(engine_watchdog_seconds=0.2)
cli.main()
"""


async def test_an_engine_that_hangs_exits_with_4(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN, program=HANGING) as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Hello.").event())
        [event] = await read_until(client, "error")
        await client.disconnect()
        assert event.data["code"] == "synthesis-failed"
        assert program.ended() == 4


STUMBLING = """
from wyoming_kokoro.cli import main as cli
from wyoming_kokoro.engines.standin import StandInEngine
StandInEngine.plan = lambda *_: 1 // 0
cli.main()
"""


async def test_a_fault_of_ours_is_logged_as_one_with_its_traceback_once(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN, program=STUMBLING) as program:
        client = await client_of(program)
        await client.write_event(Synthesize("Hello.").event())
        [event] = await read_until(client, "error")
        await client.disconnect()
        program.wait_for("internal-error: voice af_heart")
        assert program.stop() == 0
        assert event.data["code"] == "internal-error"
        assert program.log.count("Traceback") == program.log.count("ZeroDivisionError") == 1
        assert "cancelled: " not in program.log


UNPREPARED = """
from wyoming_kokoro.cli import main as cli
from wyoming_kokoro.synthesis.casting import Casting
Casting._read_something = lambda *_: 1 // 0
cli.main()
"""


async def test_why_preparing_failed_is_logged_and_the_server_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, *STAND_IN, program=UNPREPARED) as program:
        program.wait_for("not everything could be prepared: .*by zero")
        program.wait_for("Traceback")
        client = await client_of(program)
        await client.write_event(Synthesize("Hello.").event())
        await read_until(client, "audio-stop")
        await client.disconnect()
        assert program.stop() == 0
