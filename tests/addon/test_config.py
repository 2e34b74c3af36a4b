"""The app's configuration: what the Supervisor takes, what its linter refuses, what users see."""

import re
import struct
from pathlib import PurePath
from typing import Any

import pytest

from tests.support.manifest import ADDON, LANGUAGES, kind_of, read
from tests.support.places import ROOT
from wyoming_kokoro import __version__
from wyoming_kokoro.config import default_of, option_table
from wyoming_kokoro.config.listening import DEFAULT_PORT

CONFIG = read("addon/config.yaml")

KNOWN = {
    "name", "version", "slug", "description", "url", "image", "arch", "discovery", "ports", "map",
    "backup_exclude", "options", "schema", "init", "timeout", "ingress", "ingress_port",
    "ingress_stream", "panel_icon", "panel_title", "homeassistant", "stage", "tmpfs", "video",
}  # fmt: skip
"""Keys of the Supervisor's schema that this app could have a use for."""

DEFAULTS: dict[str, Any] = {
    "apparmor": True, "boot": "auto", "startup": "application", "init": True, "stage": "stable",
    "timeout": 10, "ingress": False, "ingress_port": 8099, "ingress_stream": False, "tmpfs": False,
    "host_network": False, "hassio_api": False, "hassio_role": "default", "full_access": False,
    "privileged": [], "video": False, "panel_icon": "mdi:puzzle", "panel_admin": True,
    "backup": "hot", "options": {}, "schema": {}, "homeassistant": False,
}  # fmt: skip
"""A key that says what holds anyway is an error to the linter."""

WEAKENING = {
    "host_network", "host_pid", "host_ipc", "host_uts", "host_dbus", "privileged", "full_access",
    "docker_api", "hassio_api", "hassio_role", "homeassistant_api", "devices", "kernel_modules",
    "udev", "usb", "uart", "gpio", "auth_api", "stdin", "apparmor",
}  # fmt: skip
"""Keys that lower the security rating, or that a voice has no need of."""


def test_what_every_app_must_say_is_said() -> None:
    assert {"name", "version", "slug", "description", "arch"} <= set(CONFIG)
    assert re.fullmatch(r"[-_.a-z0-9]+", CONFIG["slug"])
    assert CONFIG["arch"] == ["amd64", "aarch64"], "the architectures that are left"


def test_keys_are_known_and_none_repeats_a_default() -> None:
    assert set(CONFIG) <= KNOWN
    assert [key for key, value in DEFAULTS.items() if CONFIG.get(key) == value] == []


def test_nothing_obsolete_is_said() -> None:
    obsolete = {"watchdog", "codenotary", "advanced", "auto_uart", "build_from", "squash"}
    assert not obsolete & set(CONFIG)
    assert not list(ADDON.glob("build.*")), "the Dockerfile says how to build"


def test_the_app_asks_for_no_privilege() -> None:
    assert not WEAKENING & set(CONFIG)
    assert (ADDON / "apparmor.txt").is_file(), "it raises the rating, and holds the app in"


def test_the_profile_has_one_name_and_no_way_out() -> None:
    profile = (ADDON / "apparmor.txt").read_text(encoding="utf-8")
    assert re.findall(r"^profile (\S+)", profile, re.MULTILINE) == ["wyoming_kokoro"]
    rules = [line.strip().removeprefix("owner ") for line in profile.splitlines()]
    assert not {"file,", "network,", "capability,", "mount,", "change_profile,"} & set(rules)
    files = [rule.rstrip(",").rsplit(" ", 1) for rule in rules if rule.startswith("/")]
    assert not [path for path, may in files if "ux" in may.lower()], "nothing leaves the profile"
    writable = [path for path, may in files if "w" in may]
    allowed = ("/data/", "/config/", "/dev/", "/tmp/", "/proc/@{pid}/")  # noqa: S108 a rule
    assert all(path.startswith(allowed) for path in writable)


def test_the_version_is_the_package_s() -> None:
    assert CONFIG["version"] == __version__
    assert f"## {__version__}" in (ADDON / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_image_serves_all_architectures_and_bears_no_tag() -> None:
    assert re.fullmatch(r"[a-z0-9.-]+/[\w-]+/[\w-]+", CONFIG["image"])
    assert "{arch}" not in CONFIG["image"]


def test_the_publisher_is_the_same_everywhere() -> None:
    url = CONFIG["url"]
    owner, _, name = url.removeprefix("https://github.com/").partition("/")
    assert read("repository.yaml")["url"] == url
    assert CONFIG["image"] == f"ghcr.io/{owner}/{name}-app"
    for file in ("docs/gpu-host/compose.yaml", "docs/fleet/compose.yaml"):
        images = {service["image"] for service in read(file)["services"].values()}
        ours = {image.partition(":")[0] for image in images if image.startswith("ghcr.io/")}
        assert ours == {f"ghcr.io/{owner}/{name}"}, file
    for page in ("README.md", "addon/DOCS.md", "docs/gpu-host/README.md"):
        links = (ROOT / page).read_text(encoding="utf-8")
        assert set(re.findall(rf"https://github\.com/[\w-]+/{name}\b", links)) == {url}, page


def test_the_supervisor_finds_one_app_in_the_repository() -> None:
    hidden = {".venv", ".git", "build", "dist", "node_modules"}
    found = [
        path.relative_to(ROOT)
        for suffix in ("yaml", "yml", "json")
        for path in ROOT.glob(f"**/config.{suffix}")
        if not any(part in hidden or part.startswith(".venv") for part in path.parts)
    ]
    assert [path.as_posix() for path in found] == ["addon/config.yaml"]
    assert read("repository.yaml")["name"]


def test_home_assistant_is_told_by_discovery_and_the_port_stays_inside() -> None:
    assert CONFIG["discovery"] == ["wyoming"]
    assert CONFIG["ports"] == {f"{DEFAULT_PORT}/tcp": None, "8880/tcp": None}


def test_the_page_is_shown_by_ingress_where_the_server_listens() -> None:
    assert CONFIG["ingress"] is True
    assert CONFIG["ingress_stream"] is True, "or speech would be gathered before it is passed on"
    start = (ROOT / "script/image/app.sh").read_text(encoding="utf-8")
    assert f"--http tcp://0.0.0.0:{CONFIG['ingress_port']}" in start


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("models", False),
        ("models/v1.0/kokoro-v1_0.pth", False),
        ("cache", False),
        ("options.json", True),
        ("instance-id", True),
    ],
)
def test_backups_leave_out_what_comes_back_by_itself(path: str, kept: bool) -> None:
    """A folder that is left out is left out with all that is in it."""
    data = PurePath("/data/addons/data/local_wyoming_kokoro")
    parts = PurePath(path).parts
    above = [data.joinpath(*parts[: depth + 1]) for depth in range(len(parts))]
    patterns = CONFIG["backup_exclude"]
    assert kept is not any(item.match(pattern) for item in above for pattern in patterns)


def test_options_are_settings_with_the_same_defaults() -> None:
    assert set(CONFIG["schema"]) <= set(option_table())
    for name, value in CONFIG["options"].items():
        default = default_of(name)
        element = CONFIG["schema"][name]
        if isinstance(element, str) and kind_of(element)[0] == "list":
            default = str(default)  # the Supervisor knows lists of words alone
        assert value == (list(default) if isinstance(default, tuple) else default), name


def test_every_option_has_a_default_or_may_be_left_out() -> None:
    for name, element in CONFIG["schema"].items():
        optional = isinstance(element, str) and kind_of(element)[2]
        assert optional is not (name in CONFIG["options"]), name
    assert set(CONFIG["options"]) <= set(CONFIG["schema"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_is_named_and_explained_in(language: str) -> None:
    words = read(f"addon/translations/{language}.yaml")
    assert set(words) == {"configuration", "network"}
    assert list(words["configuration"]) == list(CONFIG["schema"])
    assert list(words["network"]) == list(CONFIG["ports"])
    for option in words["configuration"].values():
        assert set(option) == {"name", "description"}
        assert 2 <= len(option["name"]) <= 40
        assert option["description"].endswith((".", "。", "।", "@1.1"))


def test_translations_are_there_for_these_languages_only_and_differ() -> None:
    files = {path.stem: path.read_text() for path in (ADDON / "translations").iterdir()}
    assert set(files) == set(LANGUAGES)
    assert len(set(files.values())) == len(files)


def png_size(name: str) -> tuple[int, int]:
    head = (ADDON / name).read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:])
    return width, height


def test_icon_and_logo_have_the_sizes_of_the_store() -> None:
    assert png_size("icon.png") == (128, 128)
    assert png_size("logo.png") == (250, 100)


def test_the_documentation_names_every_option() -> None:
    docs = (ADDON / "DOCS.md").read_text(encoding="utf-8")
    names = [
        words["name"] for words in read("addon/translations/en.yaml")["configuration"].values()
    ]
    assert [name for name in names if f"**{name}**" not in docs] == []
