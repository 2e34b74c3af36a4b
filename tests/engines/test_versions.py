"""Two versions on one server: named by request, loaded when wanted, and gone when idle."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize, SynthesizeVoice

from tests.support.process import Program, running
from tests.support.synthetic import write_voices

PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path

from wyoming_kokoro.cli import main as cli
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.digests import sha256_of
from wyoming_kokoro.synthesis import calibrating

data = Path(sys.argv[sys.argv.index("--data-dir") + 1])


def as_made_up(version):
    "The version with the sizes and sums of the files that this test made up."
    def known(file):
        path = data / "models" / version.name / file.path
        return replace(file, size=path.stat().st_size, sha256=sha256_of(path))
    voices = {name: file for name, file in version.voices.items() if name.startswith("af")}
    voices[version.default_voice] = known(voices[version.default_voice])
    return replace(version, checkpoint=known(version.checkpoint), config=None, voices=voices)


calibrating.BUDGET_SECONDS = -1  # or memory is that of sentences which nobody hears
catalog.VERSIONS = tuple(as_made_up(v) for v in catalog.VERSIONS if v.name != "v1.1-zh")
cli.main()
"""

MEGABYTE = 1 << 20


async def test_a_second_version_speaks_when_it_is_named_and_gives_its_memory_back(
    checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    for version, voices in (("v1.0", ("af_heart",)), ("v0.19", ("af", "af_bella"))):
        folder = tmp_path / "models" / version
        write_voices(folder, voices, version)
        checkpoint = checkpoints(version, False)
        os.link(checkpoint, folder / checkpoint.name)
    options = ["--no-stand-in", "--offline", "--threads", "1", "--model-ttl", "1"]
    with running(tmp_path, *options, program=PROGRAM) as program:
        program.wait_for("v1.0 is ready")
        await speak(program, "af_heart")
        alone = resident(program)
        await speak(program, "v0.19/af_bella")
        program.wait_for("spoken: voice v0.19/af_bella")
        both = resident(program)
        program.wait_for("v0.19 is unloaded: unused for 1 s")
        await speak(program, "af_heart")  # in the same lane as closing the other, after it
        after = resident(program)
        await speak(program, "v0.19/af_bella")
    assert both - alone > 200 * MEGABYTE
    assert after - alone < 0.25 * (both - alone)


async def speak(program: Program, voice: str) -> None:
    """Have a sentence spoken to its end."""
    client = AsyncTcpClient("127.0.0.1", int(program.uri.rpartition(":")[2]))
    await client.connect()
    await client.write_event(Synthesize("Good morning.", SynthesizeVoice(name=voice)).event())
    samples = b""
    while (event := await client.read_event()) and event.type not in ("audio-stop", "error"):
        samples += event.payload or b""
    await client.disconnect()
    assert event
    assert event.type == "audio-stop", event.data
    assert len(set(samples)) > 100, "sound, not silence"


def resident(program: Program) -> int:
    memory: int = psutil.Process(program.process.pid).memory_info().rss
    return memory
