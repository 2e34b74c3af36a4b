"""The description of the interface: complete, and what the server does, whatever is sent."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import ROOT
from tests.support.process import running
from tests.support.web import SERVING, UNHURRIED, http_of, web_serving
from wyoming_kokoro.web.encoding import FORMATS
from wyoming_kokoro.web.site import PAGE

API: dict[str, Any] = json.loads(
    (ROOT / "wyoming_kokoro/web/page/openapi.json").read_text(encoding="utf-8")
)

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,unsupported_method,ignored_auth"
)


async def test_every_address_is_described(tmp_path: Path) -> None:
    described = {(path, method) for path, methods in API["paths"].items() for method in methods}
    async with web_serving(tmp_path) as (_, client):
        for path in API["paths"]:
            answer = await client.request("NONE", _filled(path))
            assert answer.status_code == 405, path
            allowed = {method.lower() for method in answer.headers["allow"].split(", ")}
            assert {method for at, method in described if at == path} == allowed - {"head"}
    assert not {path for path, _ in described} & set(PAGE)


def _filled(path: str) -> str:
    """A path with something that may stand in each of its places."""
    for place, value in (("{name}", "af_x"), ("{tts_id}", "0" * 32), ("{number}", "0")):
        path = path.replace(place, value)
    return path


def test_nothing_is_served_that_is_not_described() -> None:
    site = (ROOT / "wyoming_kokoro/web/site.py").read_text(encoding="utf-8")
    routes = set(re.findall(r'_route\("([A-Z]+)", "([^"]+)"', site.replace(":job}", "}")))
    described = {(m.upper(), path) for path, methods in API["paths"].items() for m in methods}
    assert routes == described


def test_every_format_is_described() -> None:
    properties = API["components"]["schemas"]["Speech"]["properties"]
    assert {*FORMATS, None} == set(properties["response_format"]["enum"])


SHORT = UNHURRIED.format(more=", text_characters=100")
"""The program, which reads no texts that take long."""


@pytest.mark.slow
def test_whatever_is_sent_the_server_answers_as_described(tmp_path: Path) -> None:
    with running(tmp_path, *SERVING, program=SHORT) as program:
        command = [sys.executable, "-m", "schemathesis.cli", "run"]
        options = ["--max-examples", "8", "--phases", "coverage,fuzzing", "--seed", "1"]
        limits = ["--checks", CHECKS, "--no-color", "--request-timeout", "60"]
        done = subprocess.run(
            [*command, f"{http_of(program)}/openapi.json", *options, *limits],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        assert program.stop() == 0
        assert "Traceback" not in program.log
