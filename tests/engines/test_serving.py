"""A model of one's own, from its file to speech on a socket."""

from collections.abc import Callable
from pathlib import Path

import pytest
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize, SynthesizeVoice

from tests.process import running
from tests.synthetic import write_voices


@pytest.mark.parametrize("engine", ["onnx", "torch"])
async def test_the_server_speaks_with_a_model_of_ones_own(
    engine: str, checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    checkpoint = checkpoints("v1.0", True)
    write_voices(tmp_path, ("af_heart", "bm_mine"), "v1.0")
    arguments = ["--checkpoint", str(checkpoint), "--engine", engine, "--threads", "1"]
    with running(tmp_path, *arguments, "--log-level", "debug") as program:
        program.wait_for("kokoro-v1_0.pth is no official model file")
        program.wait_for(f"v1.0 is ready: engine {engine} on cpu")
        client = AsyncTcpClient("127.0.0.1", int(program.uri.rpartition(":")[2]))
        await client.connect()
        voice = SynthesizeVoice(name="bm_mine(2)+af_heart@1.2")
        await client.write_event(Synthesize("It is seven o'clock.", voice).event())
        samples = b""
        while (event := await client.read_event()) and event.type != "audio-stop":
            samples += event.payload or b""
        await client.disconnect()
        spoken = program.wait_for(f"spoken: voice (.*), 20 characters, .*engine {engine}")
    assert event is not None
    assert spoken[1] == "bm_mine+af_heart(0.5)@1.2"
    assert len(set(samples)) > 100, "sound, not silence"
