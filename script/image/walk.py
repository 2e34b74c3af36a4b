"""Starts an unpacked image as a container engine would, and uses it. For `script/image-test`.

Runs as root in namespaces of its own, so that mounts, addresses and ports are nobody else's. What
the image says (user, entry point, environment, health check, signal) is what is done.
"""

import asyncio
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from tests.support.synthetic import write_checkpoint, write_voices
from wyoming_kokoro.network.client import describe, speak
from wyoming_kokoro.speech import LANGUAGES, Request

GRACE = 10.0
"""Seconds that the Supervisor and Docker wait before they kill."""

PATIENCE = 120.0
URI = "tcp://127.0.0.1:10200"
HTTP = "http://127.0.0.1:8880/"
TEXT = {
    "ja_JP": "今日は21.5度です。",
    "zh_CN": "今天气温21度。",
    "hi_IN": "नमस्ते, आप कैसे हैं?",
}
OPTIONS = {
    "speed": 1.2,
    "blend": ["kitchen=af_heart(2)+bf_emma(1)"],
    "model": "v1.0",
    "fallback_voice": False,
    "stand_in": True,
    "offline": True,
    "threads": 1,
    "log_level": "info",
}


def tell(message: str) -> None:
    sys.stderr.write(f"image-test:   {message}\n")


@dataclass(frozen=True)
class Image:
    """An unpacked image, its root mounted for reading only, with a volume at /data."""

    root: Path
    config: dict[str, Any]
    work: Path

    @property
    def data(self) -> Path:
        """The volume, as the host sees it."""
        return self.work / "data"

    @property
    def user(self) -> tuple[str, str]:
        user, _, group = self.config["User"].partition(":")
        return user, group or user

    def command(self, command: Sequence[str]) -> list[str]:
        """What runs `command` in the image, as its user."""
        user, group = self.user
        variables = self.config["Env"]
        inside = ["/usr/bin/env", "-i", *variables, *supervisor_token(self), *command]
        drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        return ["chroot", str(self.root), *(drop if user != "0" else []), *inside]

    def run(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(command),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


def is_app(image: Image) -> bool:
    return image.user[0] == "0"


def supervisor_token(image: Image) -> list[str]:
    return ["SUPERVISOR_TOKEN=secret"] if is_app(image) else []


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


@contextlib.contextmanager
def mounted(root: Path, config: dict[str, Any], work: Path) -> Iterator[Image]:
    """Give the image what an engine gives: /proc, /dev, names, one volume; nothing else."""
    image = Image(root, config, work)
    data = image.data
    subprocess.run(["rm", "-rf", data], check=True)
    data.mkdir()
    mount("--make-rprivate", "/")
    mount("--bind", str(root), str(root))
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "tmpfs", "tmpfs", f"{root}/dev")
    for device in ("null", "zero", "random", "urandom"):
        (root / "dev" / device).touch()
        mount("--bind", f"/dev/{device}", f"{root}/dev/{device}")
    hosts = work / "hosts"
    hosts.write_text(f"127.0.0.1 localhost supervisor {os.uname().nodename}\n")
    mount("--bind", str(hosts), f"{root}/etc/hosts")
    mount("--bind", str(data), f"{root}/data")
    mount("-o", "remount,bind,ro", str(root))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    if not is_app(image):  # an engine gives an empty volume the owner that the image gave it
        os.chown(data, *map(int, image.user))
    yield image


class Supervisor(HTTPServer):
    """The Supervisor's API, as far as an app announces itself to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 80), Announcement)
        self.told: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Announcement(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        allowed = self.headers["Authorization"] == "Bearer secret" and self.path == "/discovery"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(b'{"result": "ok"}')
        if allowed and isinstance(self.server, Supervisor):
            self.server.told.put(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def started(image: Image, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the entry point; wait until the health check is green; stop as an engine stops."""
    log = image.work / "server.log"
    began = time.monotonic()
    with log.open("w") as stderr:
        entry = [*image.config["Entrypoint"], *arguments]
        process = subprocess.Popen(image.command(entry), stderr=stderr, text=True)
    try:
        while (health := image.run(*image.config["Healthcheck"]["Test"][1:])).returncode:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() - began < PATIENCE, health.stderr
        tell(f"health check green after {time.monotonic() - began:.1f} s: {health.stdout.strip()}")
        yield process
        began = time.monotonic()
        process.terminate()
        assert process.wait(GRACE) == 0, log.read_text()
        tell(f"stopped by SIGTERM in {time.monotonic() - began:.1f} s")
        assert "Traceback" not in log.read_text(), log.read_text()
    except BaseException:
        sys.stderr.write(log.read_text())
        raise
    finally:
        process.kill()
        process.wait()


async def seconds_spoken(language: str, voice: str | None = None) -> float:
    """Speak through the server, streaming; return how much was heard."""
    text = TEXT.get(language, "The lamp in the kitchen is on, one two three.")
    request = Request(voice=voice, language=None if voice else language)
    heard = b""
    async with speak(URI, text, request, streaming=True) as speech:
        async for chunk in speech:
            heard += chunk
    assert any(heard), "silence"
    return len(heard) / 48_000


def check_process(image: Image, process: subprocess.Popen[str]) -> None:
    """The server is nobody in particular, may do nothing special, and can write only its data."""
    status = (image.root / "proc" / str(process.pid) / "status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    assert fields["Uid"].split() == ["10200"] * 4, fields["Uid"]
    assert int(fields["CapEff"], 16) == 0
    if is_app(image):
        assert int(fields["CapBnd"], 16) == 0
        assert fields["NoNewPrivs"].strip() == "1"
    written = image.run("sh", "-c", "echo > /opt/kokoro/x")
    assert "Read-only" in written.stderr, written
    tell("runs as 10200 without capabilities; its root is read-only")


def check_languages(image: Image, flavor: str) -> None:
    """Every language of the image is read by its own front end."""
    info = asyncio.run(describe(URI, PATIENCE))
    voices = [voice for program in info.tts for voice in program.voices]
    offered = {language for voice in voices for language in voice.languages}
    wanted = {language.code for language in LANGUAGES}
    if flavor == "slim":
        wanted -= {"ja_JP", "zh_CN"}
    assert offered == wanted, offered
    lines = [{"text": TEXT.get(code, "It is 21 degrees."), "language": code} for code in offered]
    asked_of = {"v1.0": lines}
    if "zh_CN" in offered:
        asked_of["v1.1-zh"] = [{"text": TEXT["zh_CN"], "language": "zh_CN"}]
    for model, asked in asked_of.items():
        typed = "\n".join(map(json.dumps, asked))
        done = image.run("wyoming-kokoro", "phonemize", "--model", model, stdin=typed)
        assert done.returncode == 0, done.stderr
        assert all(json.loads(line)["phonemes"] for line in done.stdout.splitlines())
    for code in sorted(offered):
        assert asyncio.run(seconds_spoken(code)) > 0.5
    tell(f"{len(voices)} voices in {len(offered)} languages, each heard")


def check_licences(image: Image) -> None:
    folder = image.root / "usr/share/doc/wyoming-kokoro"
    assert "GNU GENERAL PUBLIC LICENSE" in (folder / "GPL-3").read_text()
    assert "espeak-ng" in (folder / "THIRD-PARTY.md").read_text()
    assert (folder / "LICENSE").is_file()


def check_engine(image: Image) -> None:
    """A model (of the right shape, of random weights) is compiled and speaks in the image."""
    tuned = image.data / "tuned"
    tuned.mkdir()
    checkpoint = write_checkpoint(tuned)
    write_voices(tuned, ["af_heart"])
    subprocess.run(["chown", "-R", ":".join(image.user), tuned], check=True)
    where = f"/data/tuned/{checkpoint.name}"
    arguments = ("--checkpoint", where, "--engine", "onnx", "--no-stand-in", "--offline")
    began = time.monotonic()
    with started(image, *arguments):
        heard = asyncio.run(seconds_spoken("en_US", "af_heart"))
        tell(
            f"ONNX: compiled and {heard:.1f} s spoken, {time.monotonic() - began:.0f} s after start"
        )


def walk_server(image: Image, flavor: str) -> None:
    with started(image, "--no-zeroconf", "--offline") as process:
        check_process(image, process)
        check_languages(image, flavor)
    check_engine(image)


def walk_app(image: Image, flavor: str) -> None:
    options = image.data / "options.json"
    options.write_text(json.dumps(OPTIONS))
    options.chmod(0o600)
    os.chown(options, 0, 0)
    supervisor = Supervisor()
    with started(image) as process:
        check_process(image, process)
        check_languages(image, flavor)
        info = asyncio.run(describe(URI, PATIENCE))
        names = [voice.name for program in info.tts for voice in program.voices]
        assert "kitchen" in names, "an option of the user"
        config = {"uri": f"tcp://{os.uname().nodename}:10200"}
        assert supervisor.told.get(timeout=PATIENCE) == {"service": "wyoming", "config": config}
        tell("read the options that only root may read, and told the Supervisor")
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(HTTP, timeout=PATIENCE)
            raise AssertionError("without a key, HTTP answers others than the Supervisor")
        tell("HTTP answers nobody but ingress")
    options.write_text(json.dumps({**OPTIONS, "speed": 9}))
    refused = image.run(*image.config["Entrypoint"])
    assert refused.returncode == 2
    assert "speed in /data/options.json is '9'" in refused.stderr, refused.stderr
    tell("a bad option is refused by its name")


def main() -> None:
    """Take the unpacked root, what `buildah inspect` says, the flavor, a folder to work in."""
    root, inspected, flavor, work = sys.argv[1:]
    config = json.loads(Path(inspected).read_text())["Docker"]["config"]
    with mounted(Path(root), config, Path(work)) as image:
        check_licences(image)
        (walk_app if is_app(image) else walk_server)(image, flavor)


if __name__ == "__main__":
    main()
