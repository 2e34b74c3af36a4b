"""A model of one's own, from its file to speech on a socket."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize, SynthesizeVoice

from tests.support.exports import FLOAT, INT32, write_export
from tests.support.process import Program, running
from tests.support.synthetic import write_voices
from wyoming_kokoro.engines.native.library import LIBRARY_VARIABLE


@pytest.mark.parametrize("engine", ["native", "onnx", "torch"])
async def test_the_server_speaks_with_a_model_of_ones_own(
    engine: str, checkpoints: Callable[[str, bool], Path], tmp_path: Path, native: None
) -> None:
    checkpoint = checkpoints("v1.0", True)
    write_voices(tmp_path, ("af_heart", "bm_mine"), "v1.0")
    arguments = ["--checkpoint", str(checkpoint), "--engine", engine, "--threads", "1"]
    with running(tmp_path, *arguments, "--log-level", "debug") as program:
        program.wait_for("kokoro-v1_0.pth is no official model file")
        program.wait_for(f"v1.0 is ready: engine {engine} on cpu")
        samples = await spoken(program, "bm_mine(2)+af_heart@1.2")
        voice = program.wait_for(f"spoken: voice (.*), 20 characters, .*engine {engine}")
    assert voice[1] == "bm_mine+af_heart(0.5)@1.2"
    assert len(set(samples)) > 100, "sound, not silence"


async def test_what_was_said_before_is_heard_again_by_a_new_server_and_not_made_again(
    checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    write_voices(tmp_path, ("af_heart",), "v1.0")
    arguments = ["--checkpoint", str(checkpoints("v1.0", True)), "--threads", "1", "--no-stand-in"]
    said = []
    for kept in (0, 1):
        options = [*arguments, "--phrase-cache", "10", "--loudness", "off"]
        with running(tmp_path, *options) as program:
            said.append(await spoken(program, "af_heart"))
            program.wait_for(f"spoken: voice af_heart, 20 characters, .* kept {kept},")
    assert said[0] == said[1]
    assert len(set(said[0])) > 100, "sound, not silence"


async def test_without_the_native_library_onnx_runtime_speaks_and_the_log_says_what_helps(
    checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    write_voices(tmp_path, ("af_heart",), "v1.0")
    arguments = ["--checkpoint", str(checkpoints("v1.0", True)), "--device", "cpu"]
    none = {LIBRARY_VARIABLE: str(tmp_path / "none.so")}
    with running(tmp_path, *arguments, "--threads", "1", **none) as program:
        program.wait_for("native generator was not built with this package: install a C.. compiler")
        program.wait_for("v1.0 is ready: engine onnx on cpu in fp32")
        assert len(set(await spoken(program, "af_heart"))) > 100


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", "onnx"])
async def test_the_server_speaks_with_the_weights_that_it_reads_out_of_an_export(
    engine: str,
    exports: Callable[[str], Path],
    checkpoints: Callable[[str, bool], Path],
    tmp_path: Path,
    native: None,
) -> None:
    file = tmp_path / "kokoro.onnx"
    file.symlink_to(exports("kmodel"))
    (tmp_path / "config.json").symlink_to(checkpoints("v1.0", True).with_name("config.json"))
    write_voices(tmp_path, ("af_heart",), "v1.0")
    arguments = ["--checkpoint", str(file), "--engine", engine, "--threads", "1"]
    with running(tmp_path, *arguments, "--no-stand-in") as program:
        program.wait_for(f"v1.0 is ready: engine {engine} on cpu")
        samples = await spoken(program, "af_heart")
        program.wait_for(f"spoken: voice af_heart, 20 characters, .*engine {engine}")
    assert len(set(samples)) > 100, "sound, not silence"
    assert "as the one graph" not in program.log


@pytest.mark.parametrize(("durations", "speed"), [(True, FLOAT), (False, INT32)])
async def test_the_server_speaks_with_one_onnx_file_and_the_archive_of_voices_beside_it(
    durations: bool, speed: int, tmp_path: Path
) -> None:
    file = tmp_path / "own" / "kokoro.onnx"
    file.parent.mkdir()
    write_export(file, ids=("tokens", INT32), speed=(speed, (1,)), durations=durations)
    pack = np.full((510, 1, 256), 0.01, np.float32)
    with (file.parent / "voices-v1.0.bin").open("wb") as archive:
        np.savez(archive, af_heart=pack, bm_george=pack)
    options = ["--checkpoint", str(file), "--engine", "onnx", "--threads", "1", "--no-stand-in"]
    with running(tmp_path, *options) as program:
        program.wait_for("kokoro.onnx speaks as the one graph that it is, .*no component 'bert'")
        program.wait_for("v1.0 is ready: engine onnx single-file on cpu")
        samples = await spoken(program, "af_heart")
        program.wait_for("spoken: voice af_heart, 20 characters, .*engine onnx single-file")
    assert len(set(samples)) > 20, "sound, not silence"


async def spoken(program: Program, voice: str) -> bytes:
    """A sentence, as a client gets it."""
    client = AsyncTcpClient("127.0.0.1", int(program.uri.rpartition(":")[2]))
    await client.connect()
    said = Synthesize("It is seven o'clock.", SynthesizeVoice(name=voice))
    await client.write_event(said.event())
    samples = b""
    while (event := await client.read_event()) and event.type != "audio-stop":
        assert event.type != "error", event.data
        samples += event.payload or b""
    await client.disconnect()
    assert event is not None
    return samples
