"""What a fleet consists of, each as a process of its own: a database, a bucket, a balancer, nodes,
workers and a front. All listen on loopback, and are killed in the end."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.places import ROOT
from tests.support.process import PATIENCE, Program

POSTGRES = Path("/usr/lib/postgresql")
MOTO = ROOT / ".venv-fleet/bin/moto_server"
BUCKET = "books"


def missing() -> list[str]:
    """Return the programs that are not here, each with where it comes from."""
    wanted = {
        "haproxy (Debian: haproxy)": _haproxy(),
        "postgres (Debian: postgresql)": _postgres("postgres"),
        f"{MOTO} (script/fleet-test installs it)": MOTO.exists() and str(MOTO),
    }
    return [name for name, found in wanted.items() if not found]


def _haproxy() -> str | None:
    """Return the program, which lies where only root looks by default."""
    return shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")


def _postgres(name: str) -> str | None:
    """Return a program of PostgreSQL: Debian has them in a folder for each version."""
    found = sorted(POSTGRES.glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def free_ports(number: int) -> list[int]:
    """Return ports at which nobody listens."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


@contextmanager
def ran(command: Sequence[str], **environment: str) -> Iterator[Program]:
    """Run a program; kill it in the end, also if it is stopped."""
    program = Program(command, {**os.environ, "PYTHONUNBUFFERED": "1", **environment})
    try:
        yield program
    finally:
        program.process.kill()
        program.ended()
        for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
            if stream:
                stream.close()


def wait_for_port(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Run PostgreSQL; yield its URL. It does not run as root, and steps down to its own user."""
    data, [port] = folder / "database", free_ports(1)
    data.mkdir()
    step_down: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        folder.chmod(0o711)
        step_down = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    prepare = [str(_postgres("initdb")), "-D", str(data), "-A", "trust", "-U", "kokoro"]
    subprocess.run([*step_down, *prepare], check=True, capture_output=True)
    server = [str(_postgres("postgres")), "-D", str(data), "-k", str(data), "-p", str(port)]
    server += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with ran([*_ELSEWHERE, *step_down, *server]) as run:
        run.wait_for("ready to accept connections")
        yield f"postgresql://kokoro@127.0.0.1:{port}/postgres"


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """Run an S3 service; yield the variables with which clients find it."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with ran([*_ELSEWHERE, str(MOTO), "-p", str(port)]):
        wait_for_port(port)
        make = urllib.request.Request(f"{url}/{BUCKET}", method="PUT")  # noqa: S310 loopback
        urllib.request.urlopen(make, timeout=PATIENCE).close()  # noqa: S310 loopback
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "fleet",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a node listens."""

    wyoming: int
    agent: int
    http: int

    @staticmethod
    def free() -> "Ports":
        """Return three at which nobody listens."""
        return Ports(*free_ports(3))


@contextmanager
def node(folder: Path, ports: Ports, *options: str, **environment: str) -> Iterator[Program]:
    """Run a server of the fleet, until it listens."""
    where = ["--uri", f"tcp://127.0.0.1:{ports.wyoming}"]
    where += [
        "--http",
        f"tcp://127.0.0.1:{ports.http}",
        "--agent",
        f"tcp://127.0.0.1:{ports.agent}",
    ]
    kept = ["--data-dir", str(folder), "--no-zeroconf", "--drain-seconds", "60"]
    with ran([*_OURS, "serve", *where, *kept, *options], **environment) as program:
        program.wait_for("answering agent checks")
        program.wait_for("listening for HTTP")
        yield program


@contextmanager
def worker(folder: Path, *options: str, **environment: str) -> Iterator[Program]:
    """Run a worker."""
    kept = ["--data-dir", str(folder), "--offline", "--log-level", "debug"]
    with ran([*_OURS, "work", *kept, *options], **environment) as program:
        program.wait_for("working as")
        yield program


@contextmanager
def front(port: int, nodes: Sequence[Ports]) -> Iterator[Program]:
    """Run a front of these nodes."""
    named = ",".join(f"127.0.0.1:{ports.wyoming}" for ports in nodes)
    where = ["--uri", f"tcp://127.0.0.1:{port}", "--nodes", named]
    with ran([*_OURS, "front", *where]) as program:
        program.wait_for("listening at")
        yield program


@contextmanager
def balancer(folder: Path, port: int, nodes: Sequence[Ports]) -> Iterator[Program]:
    """Run HAProxy with the configuration of docs/fleet, on this machine's ports."""
    config = (ROOT / "docs/fleet/haproxy.cfg").read_text(encoding="utf-8")
    config = config.replace("bind :10200", f"bind 127.0.0.1:{port}")
    config = config.partition("listen http")[0].replace(" agent-port 10201", "")
    for number, ports in enumerate(nodes, start=1):
        here = f"n{number} 127.0.0.1:{ports.wyoming} agent-port {ports.agent}"
        config = config.replace(f"n{number} n{number}:10200", here)
    assert not re.search(r"n\d:10200", config)
    path = folder / "haproxy.cfg"
    path.write_text(config, encoding="utf-8")
    with ran([str(_haproxy()), "-f", str(path), "-db"]) as run:
        wait_for_port(port)
        yield run


def pause(programs: Sequence[Program], *, paused: bool) -> None:
    """Hold programs where they are, or let them go on."""
    for program in programs:
        program.process.send_signal(signal.SIGSTOP if paused else signal.SIGCONT)


_ELSEWHERE = ("nice", "-n", "19")
"""Before a program that a fleet has on a machine of its own: here too it is to delay no speech."""

_OURS = (sys.executable, "-m", "wyoming_kokoro")
