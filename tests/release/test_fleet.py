"""What docs/fleet promises: settings that there are, what HAProxy takes, limits that fit."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.manifest import read
from tests.support.places import ROOT
from wyoming_kokoro import __version__
from wyoming_kokoro.cli.main import build_parser, with_command
from wyoming_kokoro.config import ENVIRONMENT_PREFIX, Limits, read_settings
from wyoming_kokoro.web.guard import OPEN

COMPOSE = read("docs/fleet/compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name in SERVICES if name[0] in "nw"]
HAPROXY = (ROOT / "docs/fleet/haproxy.cfg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OURS)
def test_the_services_have_settings_that_there_are(name: str) -> None:
    service = SERVICES[name]
    variables = {
        key: re.sub(r"\$\{\w+:\?choose one\}", "secret", str(value))
        for key, value in service["environment"].items()
    }
    ours = {key: value for key, value in variables.items() if key.startswith(ENVIRONMENT_PREFIX)}
    settings = read_settings({}, ours)
    assert settings.jobs == "postgresql://kokoro:secret@database/kokoro"
    assert settings.audio == "s3://kokoro/jobs"
    assert len(settings.__dict__) > len(ours)
    known = {ENVIRONMENT_PREFIX + key.upper() for key in settings.__dict__}
    assert set(ours) <= known
    if name.startswith("n"):
        grace = float(service["stop_grace_period"].removesuffix("s"))
        assert grace > settings.drain_seconds + 3, "it would be killed while it speaks"
    else:
        assert service["command"] == ["work"]
        assert service["cpu_shares"] == 2, "a node on its machine would have half of the processor"
        assert settings.worker == name


@pytest.mark.parametrize("name", OURS)
def test_the_services_run_the_image_as_the_dockerfile_makes_it(name: str) -> None:
    service = SERVICES[name]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert service["image"].rpartition(":")[2] == __version__
    assert f" AS {service['build']['target']}\n" in dockerfile
    assert (ROOT / "docs/fleet" / service["build"]["context"]).resolve() == ROOT.resolve()
    [volume] = service["volumes"]
    kept, place = volume.split(":")
    assert kept in COMPOSE["volumes"]
    assert f"VOLUME {place}\n" in dockerfile
    assert f"{ENVIRONMENT_PREFIX}DATA_DIR={place}\n" in dockerfile
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 in the container
    assert "entrypoint" not in service
    told = build_parser().parse_args(with_command(service.get("command", [])))
    assert told.command == ("work" if name.startswith("w") else "serve")


def test_the_page_shows_commands_that_there_are() -> None:
    page = (ROOT / "docs/fleet/README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    wyoming-kokoro (.*)$", page, re.MULTILINE)
    told = [build_parser().parse_args(with_command(shlex.split(command))) for command in commands]
    assert [arguments.command for arguments in told] == ["front", "work"]


def test_every_volume_is_used_and_every_file_is_there() -> None:
    volumes = [volume for service in SERVICES.values() for volume in service["volumes"]]
    sources = {volume.split(":")[0] for volume in volumes}
    files = {source for source in sources if source.startswith(".")}
    assert sources - files == set(COMPOSE["volumes"])
    assert all((ROOT / "docs/fleet" / file).is_file() for file in files)


def test_the_balancer_finds_nodes_that_come_later_or_elsewhere_and_asks_what_needs_no_key() -> None:
    assert HAPROXY.count(" resolvers network init-addr last,libc,none\n") == 2
    [path] = re.findall(r"httpchk GET (\S+)", HAPROXY)
    assert path in OPEN


def test_the_balancer_knows_the_nodes_and_waits_as_long_as_they_do() -> None:
    nodes = {name for name in SERVICES if name.startswith("n")}
    assert set(re.findall(r"server (\w+) \1:10200", HAPROXY)) == nodes
    assert set(SERVICES["balancer"]["depends_on"]) == nodes
    [client, server] = re.findall(r"timeout (?:client|server) (\d+)s", HAPROXY)
    assert int(client) == int(server) > Limits().idle_seconds
    [most] = re.findall(r"maxconn (\d+) agent-check", HAPROXY)
    assert int(most) < Limits().connections
    [asked] = re.findall(r"send-binary (\w+)", HAPROXY)
    assert bytes.fromhex(asked) == b'{"type":"describe"}\n'


def test_haproxy_takes_the_configuration(tmp_path: Path) -> None:
    program = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not program:
        pytest.skip("haproxy is not installed (Debian: apt install haproxy)")
    config = tmp_path / "haproxy.cfg"
    config.write_text(re.sub(r"(server n\d) n\d:", r"\1 127.0.0.1:", HAPROXY), encoding="utf-8")
    done = subprocess.run(
        [program, "-c", "-f", str(config)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
