"""The lists of exact packages that images are built from, against what the project asks for."""

import re
import tomllib
from dataclasses import dataclass, field

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MACHINES = [(python, machine) for python in ("3.11", "3.12") for machine in ("x86_64", "aarch64")]
HINT = "run script/lock"
LEFT_OUT = {"sudachidict-core"}
"""Asked for by a package, and never opened."""


@dataclass
class Locked:
    """One line of a list, with the hashes below it."""

    requirement: Requirement
    hashes: set[str] = field(default_factory=set)


def locked(name: str) -> list[Locked]:
    entries: list[Locked] = []
    text = (ROOT / "script/image/requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if found := re.fullmatch(r"    --hash=(sha256:[0-9a-f]{64})(?: \\)?", line):
            entries[-1].hashes.add(found[1])
        elif line and not line.startswith("#"):
            entries.append(Locked(Requirement(line.removesuffix("\\"))))
    return entries


def environment(python: str, machine: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
    }


def holds(marker: Marker | None, python: str, machine: str) -> bool:
    return marker is None or marker.evaluate(environment(python, machine))


def versions(name: str, python: str, machine: str) -> dict[str, str]:
    """What is installed from a list on one kind of machine."""
    return {
        canonicalize_name(entry.requirement.name): str(entry.requirement.specifier).strip("=")
        for entry in locked(name)
        if holds(entry.requirement.marker, python, machine)
    }


def asked(*extras: str) -> list[Requirement]:
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", ["build", "compiler", "slim", "full", "cuda"])
def test_every_package_is_exact_and_has_hashes(name: str) -> None:
    entries = locked(name)
    assert entries
    for entry in entries:
        assert re.fullmatch(r"==[^*,]+", str(entry.requirement.specifier)), entry.requirement
        assert entry.hashes, entry.requirement
    seen = [(entry.requirement.name, str(entry.requirement.marker)) for entry in entries]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("python", "machine"), MACHINES)
@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("slim", ("starter", "web", "jobs")),
        ("full", ("starter", "web", "jobs", "ja", "zh")),
        ("cuda", ("starter", "web", "jobs", "ja", "zh")),
    ],
)
def test_the_list_has_what_the_project_asks_for(
    name: str, extras: tuple[str, ...], python: str, machine: str
) -> None:
    have = versions(name, python, machine)
    for wanted in asked(*extras):
        package: str = canonicalize_name(wanted.name)
        if name == "cuda" and package == "onnxruntime":
            package = "onnxruntime-gpu"
        if holds(wanted.marker, python, machine) and package not in LEFT_OUT:
            assert package in have, f"{package} is missing: {HINT}"
            assert wanted.specifier.contains(have[package]), f"{wanted}, {have[package]}: {HINT}"


@pytest.mark.parametrize(("python", "machine"), MACHINES)
def test_the_lists_agree_and_differ_only_by_what_they_are_for(python: str, machine: str) -> None:
    slim, full, cuda = (versions(name, python, machine) for name in ("slim", "full", "cuda"))
    assert slim.items() <= full.items()
    assert {"fugashi", "jieba"} <= set(full) - set(slim)
    assert not LEFT_OUT & set(full)
    extra = set(cuda) ^ set(full)
    assert extra - {"onnxruntime", "onnxruntime-gpu"} == {
        name for name in cuda if name.startswith("nvidia-")
    }


def test_everything_in_the_images_is_named_with_its_licence() -> None:
    notice = (ROOT / "script/image/THIRD-PARTY.md").read_text(encoding="utf-8")
    names = {entry.requirement.name for name in ("full", "cuda") for entry in locked(name)}
    named = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", notice))
    assert sorted(names - named) == []
