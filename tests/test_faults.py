"""What may happen to a machine while the server speaks: memory and disk run out, files go or
change, the machine sleeps. Only the requests concerned fail, and the next one is spoken.

One server meets all of it in turn; the small model speaks. Limits are set on the running process.
"""

import asyncio
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support import synthetic
from tests.support.process import PATIENCE, Program, running
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network.client import speak
from wyoming_kokoro.speech import SAMPLE_RATE, Request

VOICES = ("af_heart", "af_bella", "bm_george")

SENTENCE = "The lamp in the kitchen was switched off at nine o'clock."


@pytest.fixture(scope="module")
def folder(
    checkpoints: Callable[[str, bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A model of one's own with its voices; copies, which may be spoilt."""
    folder = tmp_path_factory.mktemp("model")
    source = checkpoints("v1.0", True)
    for name in (source.name, "config.json"):
        shutil.copy(source.with_name(name), folder / name)
    synthetic.write_voices(folder, VOICES, "v1.0")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(folder: Path, data: Path) -> Iterator[Program]:
    """A server that speaks with it, and keeps what it may."""
    options = ["--checkpoint", str(folder / "kokoro-v1_0.pth"), "--threads", "1", "--offline"]
    with running(
        data, *options, "--loudness", "off", "--no-stand-in", WYOMING_KOKORO_PHRASE_CACHE="10"
    ) as program:
        program.wait_for("v1.0 is ready")
        assert said(program) > 0.5
        yield program
        assert "Traceback" not in program.log
        assert program.stop() == 0


def said(server: Program, text: str = SENTENCE, voice: str = "af_heart") -> float:
    """Return the seconds of speech that a client gets, which is told of errors."""

    async def main() -> float:
        request = Request(voice=voice)
        async with speak(server.uri, text, request, streaming=True, silence_seconds=60) as speech:
            sound = b"".join([chunk async for chunk in speech])
        assert len(set(sound)) > 100, "sound, not silence"
        return len(sound) / 2 / SAMPLE_RATE

    return asyncio.run(asyncio.wait_for(main(), PATIENCE))


def test_a_machine_that_slept_goes_on_where_it_was(server: Program) -> None:
    async def main() -> float:
        text = " ".join(f"Number {number}: {SENTENCE}" for number in range(3))
        sound = b""
        async with speak(server.uri, text, Request(), silence_seconds=60) as speech:
            async for chunk in speech:
                if not sound:
                    server.process.send_signal(signal.SIGSTOP)
                    await asyncio.sleep(1)  # is what happens, and waits for nothing
                    server.process.send_signal(signal.SIGCONT)
                sound += chunk
        return len(sound) / 2 / SAMPLE_RATE

    assert asyncio.run(asyncio.wait_for(main(), PATIENCE)) > 6
    assert said(server) > 0.5


def test_a_full_disk_costs_no_speech(server: Program) -> None:
    with limited(server, resource.RLIMIT_FSIZE, 0):
        assert said(server, "Nothing of this can be kept.", "af_bella") > 0.5
        assert said(server, "And this is said by a blend.", "af_heart+bm_george") > 0.5
    server.wait_for("what is spoken cannot be kept in .*: File too large")
    assert said(server, "This is kept once more.") > 0.5


def test_memory_that_runs_out_costs_the_request_that_wants_it(server: Program) -> None:
    room = psutil.Process(server.process.pid).memory_info().vms + (8 << 20)
    text = " ".join(SENTENCE.rstrip(".") for _ in range(8)) + "."
    with (
        limited(server, resource.RLIMIT_AS, room),
        pytest.raises(KokoroError, match=r"not enough memory|failed"),
    ):
        for speed in (0.5, 0.6, 0.7, 0.8):  # what the allocator has kept may do for one
            said(server, text, f"af_heart@{speed}")
    assert said(server, "There is memory again.") > 0.5


def test_voices_that_go_and_come_back_are_refused_meanwhile(server: Program, folder: Path) -> None:
    pack = folder / "voices" / "bm_george.pt"
    pack.rename(folder / "elsewhere")
    with pytest.raises(KokoroError, match="there is no voice 'bm_george'"):
        said(server, voice="bm_george@1.2")
    (folder / "elsewhere").rename(pack)
    assert said(server, voice="bm_george@1.2") > 0.5


def test_a_voice_that_is_replaced_by_rubbish_is_refused_and_the_next_one_speaks(
    server: Program, folder: Path
) -> None:
    pack = folder / "voices" / "af_bella.pt"
    whole = pack.read_bytes()
    pack.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KokoroError, match="voice"):
        said(server, voice="af_bella@1.3")
    assert said(server, "Another voice speaks.") > 0.5
    pack.write_bytes(whole)
    assert said(server, voice="af_bella@1.3") > 0.5


def test_weights_and_caches_that_vanish_are_in_memory(
    server: Program, folder: Path, data: Path
) -> None:
    checkpoint = folder / "kokoro-v1_0.pth"
    with checkpoint.open("r+b") as file:
        file.truncate(1000)
    checkpoint.unlink()
    shutil.rmtree(data / "cache")
    assert said(server, "The model is still there.") > 0.5
    assert said(server, "And so it is the second time.", "bm_george") > 0.5


def test_a_second_server_on_the_same_folder_speaks_as_well(server: Program, data: Path) -> None:
    options = ["--engine", "stand-in", "--offline"]
    with running(data, *options) as second:
        assert said(second) > 0.5
        assert said(server) > 0.5


class limited:  # noqa: N801 reads like the functions of contextlib
    """A context in which a server has less of a resource."""

    def __init__(self, server: Program, kind: int, most: int) -> None:
        self._pid, self._kind, self._most = server.process.pid, kind, most

    def __enter__(self) -> None:
        self._before = resource.prlimit(self._pid, self._kind)
        resource.prlimit(self._pid, self._kind, (self._most, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.prlimit(self._pid, self._kind, self._before)
