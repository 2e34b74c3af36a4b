"""The server as a process from its first moment on: signals, and what the event loop never does."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wyoming.client import AsyncClient
from wyoming.info import Describe, Info

from tests.support.process import running
from tests.support.voice_files import pack, write_pt

STAND_IN = ("--engine", "stand-in")


WHILE_LOADING = """
import os, signal
from wyoming_kokoro.cli import main as cli, commands
commands.COMMANDS["serve"] = lambda *_: os.kill(os.getpid(), signal.{signal})
cli.main()
"""

WHILE_WIRING = """
import os, signal
from wyoming_kokoro.app import serving
from wyoming_kokoro.cli import main as cli
wire = serving.wire
def signalled(*arguments, **options):
    os.kill(os.getpid(), signal.{signal})
    return wire(*arguments, **options)
serving.wire = signalled
cli.main()
"""

WHILE_ANNOUNCING = """
import asyncio, logging, os, signal
from wyoming_kokoro.app import serving
from wyoming_kokoro.cli import main as cli
class Discovery:
    async def start(self, addresses):
        os.kill(os.getpid(), signal.{signal})
        await asyncio.Event().wait()
    async def stop(self):
        logging.getLogger("wyoming_kokoro").info("goodbye")
serving._discovery = lambda *_: Discovery()
cli.main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("program", [WHILE_LOADING, WHILE_WIRING, WHILE_ANNOUNCING])
def test_a_signal_during_the_start_ends_the_server_with_0(
    tmp_path: Path, program: str, number: signal.Signals
) -> None:
    source = program.format(signal=number.name)
    with running(tmp_path, *STAND_IN, program=source) as started:
        assert started.ended() == 0
        assert "Traceback" not in started.log
        assert ("goodbye" in started.log) == (program == WHILE_ANNOUNCING)


async def test_a_signal_during_the_start_leaves_no_socket_behind(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.sock"
    source = WHILE_ANNOUNCING.format(signal="SIGTERM")
    with running(tmp_path, *STAND_IN, "--uri", f"unix://{path}", program=source) as started:
        assert started.ended() == 0
        assert f"listening at unix://{path}" in started.log
    assert not path.exists()


NO_FILES_ON_THE_LOOP = """
import builtins, io, os, threading
from wyoming_kokoro.cli import main as cli
from wyoming_kokoro.network import server
start, serving = server.Server.start, threading.Event()
async def started(self, uri):
    await start(self, uri)
    serving.set()
server.Server.start = started
def watched(call):
    def checked(*arguments, **options):
        if serving.is_set() and threading.current_thread() is threading.main_thread():
            raise AssertionError("a file on the event loop")
        return call(*arguments, **options)
    return checked
for module, name in [(os, "scandir"), (os, "listdir"), (os, "stat"), (os, "lstat"), (os, "open"),
                     (io, "open"), (builtins, "open")]:
    setattr(module, name, watched(getattr(module, name)))
cli.main()
"""


async def test_describe_is_answered_without_a_look_at_files_and_knows_added_voices_soon(
    tmp_path: Path,
) -> None:
    with running(tmp_path, *STAND_IN, program=NO_FILES_ON_THE_LOOP) as program:
        client = AsyncClient.from_uri(program.uri)
        await client.connect()
        known = []
        for step in ("now", "no longer", ""):
            await client.write_event(Describe().event())
            event = await client.read_event()
            assert event is not None
            known.append({voice.name for voice in Info.from_event(event).tts[0].voices})
            if step == "now":
                (tmp_path / "voices").mkdir()
                write_pt(tmp_path / "voices" / "en_GB-jarvis-medium.pt", pack())
            elif step:
                (tmp_path / "voices" / "en_GB-jarvis-medium.pt").unlink()
            if step:
                await asyncio.to_thread(program.wait_for, f"{step} offered: en_GB-jarvis-medium")
        await client.disconnect()
        assert program.stop() == 0
        assert "on the event loop" not in program.log
    assert known[1] - known[0] == {"en_GB-jarvis-medium"}
    assert known[2] == known[0]


THREADS_OF_NUMPY = """
import os
import wyoming_kokoro.engines.native.network
import numpy
numpy.ones((600, 600)) @ numpy.ones((600, 600))
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.parametrize(("asked", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "3"}, 3)])
def test_numpy_starts_no_threads_of_its_own_unless_they_are_asked_for(
    asked: dict[str, str], threads: int
) -> None:
    """They would wait for the next product in a loop, on cores that the engines have use for."""
    environment = {n: v for n, v in os.environ.items() if n != "OPENBLAS_NUM_THREADS"} | asked
    command = [sys.executable, "-c", THREADS_OF_NUMPY]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert int(done.stdout) == min(threads, len(os.sched_getaffinity(0)))
