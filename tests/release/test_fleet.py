"""What docs/fleet promises: settings that there are, what HAProxy takes, limits that fit."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.manifest import read
from tests.support.places import ROOT
from wyoming_kokoro.config import ENVIRONMENT_PREFIX, Limits, read_settings

SERVICES: dict[str, dict[str, Any]] = read("docs/fleet/compose.yaml")["services"]
HAPROXY = (ROOT / "docs/fleet/haproxy.cfg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in SERVICES if name[0] in "nw"])
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
        assert settings.worker == name


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
