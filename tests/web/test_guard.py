"""Who is let in: keys, names, other sites, and Home Assistant's ingress."""

import hmac
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.process import run_command
from tests.support.web import web_serving
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.web import usable
from wyoming_kokoro.web.guard import OPEN, SUPERVISOR, Access
from wyoming_kokoro.web.usable import is_local, require_usable

KEYED = Access("open sesame", ingress_only=False, supervisor=None)
IN_APP = Access("", ingress_only=True, supervisor=SUPERVISOR)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer open sesame"}, 200),
        ({"authorization": "bearer open sesame"}, 200),
        ({"X-API-Key": "open sesame"}, 200),
        ({}, 401),
        ({"Authorization": "Bearer open"}, 401),
        ({"Authorization": "Basic open sesame"}, 401),
        ({"X-API-Key": ""}, 401),
        ({"X-API-Key": "öffne dich".encode()}, 401),
    ],
)
async def test_a_key_is_needed_where_there_is_one(
    headers: dict[str, Any], status: int, tmp_path: Path
) -> None:
    async with web_serving(tmp_path, access=KEYED) as (_, client):
        answer = await client.get("/v1/models", headers=headers)
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"]["code"] == "invalid-api-key"


async def test_keys_are_compared_in_constant_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    async with web_serving(tmp_path, access=KEYED) as (_, client):
        await client.get("/v1/models", headers={"X-API-Key": "wrong"})
    assert compared == [(b"wrong", b"open sesame")]


async def test_without_the_key_only_the_page_and_the_state_are_seen(tmp_path: Path) -> None:
    async with web_serving(tmp_path, access=KEYED) as (_, client):
        for path in OPEN:
            assert (await client.get(path)).status_code == 200, path
        closed = ("/metrics", "/status", "/lexicon", "/voices", "/v1/audio/voices", "/openapi.json")
        for path in closed:
            assert (await client.get(path)).status_code == 401, path


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8880", 200),
        ("localhost", 200),
        ("[::1]:8880", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("192.168.1.2:8880", 403),
        ("", 403),
    ],
)
async def test_without_a_key_only_names_of_this_machine_are_answered(
    host: str, status: int, tmp_path: Path
) -> None:
    async with web_serving(tmp_path) as (_, client):
        assert (await client.get("/v1/models", headers={"Host": host})).status_code == status


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)],
)
async def test_what_a_page_of_another_site_makes_a_browser_send_is_refused(
    site: str, status: int, tmp_path: Path
) -> None:
    async with web_serving(tmp_path) as (_, client):
        answer = await client.get("/v1/models", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


async def test_no_other_site_may_read_an_answer(tmp_path: Path) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with web_serving(tmp_path) as (_, client):
        for answer in (
            await client.options("/v1/audio/speech", headers=headers),
            await client.get("/v1/models", headers=headers),
        ):
            assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_every_answer_has_the_headers_that_browsers_heed(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        answers = [await client.get(path) for path in ("/", "/v1/models", "/nothing", "/metrics")]
        answers.append(await client.post("/v1/audio/speech", json={"input": "hum"}))
    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert "server" not in answer.headers


async def test_in_the_app_nobody_but_ingress_is_let_in_until_a_key_is_set(tmp_path: Path) -> None:
    async with web_serving(tmp_path, access=IN_APP) as (_, client):
        refused = await client.get("/")
    assert refused.status_code == 403
    assert "http_api_key" in refused.json()["error"]["message"]


async def test_ingress_needs_no_key_and_any_name(tmp_path: Path) -> None:
    from_here = Access("open sesame", ingress_only=True, supervisor="127.0.0.1")
    async with web_serving(tmp_path, access=from_here) as (_, client):
        answer = await client.get("/v1/models", headers={"Host": "homeassistant.local"})
    assert answer.status_code == 200


async def test_in_the_app_a_key_opens_the_port(tmp_path: Path) -> None:
    access = Access("open sesame", ingress_only=True, supervisor=SUPERVISOR)
    async with web_serving(tmp_path, access=access) as (_, client):
        assert (await client.get("/v1/models")).status_code == 401
        given = await client.get("/v1/models", headers={"X-API-Key": "open sesame"})
    assert given.status_code == 200


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("tcp://127.0.0.1:8880", True),
        ("tcp://localhost:8880", True),
        ("tcp://[::1]:8880", True),
        ("unix:///run/kokoro.sock", True),
        ("tcp://0.0.0.0:8880", False),
        ("tcp://[::]:8880", False),
        ("tcp://kokoro.local:8880", False),
    ],
)
def test_beyond_this_machine_a_key_is_required(uri: str, local: bool) -> None:
    assert is_local(uri) == local
    require_usable(uri, "a key", in_app=False)
    require_usable(uri, "", in_app=True)
    if local:
        require_usable(uri, "", in_app=False)
    else:
        with pytest.raises(ConfigurationError, match="--http-api-key"):
            require_usable(uri, "", in_app=False)


def test_a_missing_package_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usable, "PACKAGES", ("starlette", "nothing_of_that_name"))
    with pytest.raises(ConfigurationError, match=r"nothing_of_that_name.*wyoming-kokoro\[web\]"):
        require_usable("tcp://127.0.0.1:8880", "", in_app=False)


def test_without_the_option_nothing_of_it_is_loaded() -> None:
    script = (
        "import sys; import wyoming_kokoro.app.serving, wyoming_kokoro.network.server\n"
        f"print({{*{usable.PACKAGES}}} & set(sys.modules), *[name for name in sys.modules"
        " if name.startswith(('wyoming_kokoro.web', 'wyoming_kokoro.jobs'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_an_open_port_without_a_key_exits_with_2(tmp_path: Path) -> None:
    uri = ("--uri", "tcp://127.0.0.1:0", "--http", "tcp://0.0.0.0:0")
    done = run_command("serve", *uri, "--data-dir", str(tmp_path), "--no-zeroconf")
    assert done.returncode == 2
    assert "--http-api-key" in done.stderr
    assert "Traceback" not in done.stderr
