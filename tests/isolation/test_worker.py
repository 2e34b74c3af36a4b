"""A process for native code: what happens there costs one request, within bounds."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest

from tests.support.faulty import faulty
from wyoming_kokoro.errors import ShuttingDown, SynthesisFailed, UnknownLanguage
from wyoming_kokoro.isolation.worker import Worker, WorkerFailed

SECONDS = 20.0
"""More than anything here takes that is to succeed."""


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(faulty("echo")) as worker:
        yield worker


def process_of(worker: Worker) -> psutil.Process:
    assert worker.pid is not None
    return psutil.Process(worker.pid)


@pytest.mark.parametrize(
    "request_", ["", "héllo \ud800 \0", [1, 2.5, None, ["x"]], "x" * 1_000_000]
)
def test_what_is_asked_is_answered(worker: Worker, request_: object) -> None:
    assert worker.ask(request_, SECONDS) == request_


def test_no_process_is_there_before_it_is_asked(worker: Worker) -> None:
    assert worker.pid is None
    worker.ask("", SECONDS)
    assert worker.pid is not None


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("abort!", "SIGABRT"),
        ("exit!", "ended with 0"),
        ("raise!", "ValueError at faulty.py:"),
        ("grow!", "MemoryError"),
    ],
)
def test_a_fault_costs_one_request(worker: Worker, fault: str, told: str) -> None:
    with pytest.raises(WorkerFailed, match=told) as failure:
        worker.ask(fault, SECONDS)
    assert fault not in str(failure.value)
    assert worker.ask("next", SECONDS) == "next"


def test_a_request_that_takes_too_long_is_ended(worker: Worker) -> None:
    worker.ask("started", SECONDS)
    stuck = process_of(worker)
    with pytest.raises(WorkerFailed, match="did not answer in time"):
        worker.ask("hang!", 0.2)
    assert not stuck.is_running()
    assert worker.ask("next", SECONDS) == "next"


def test_loading_does_not_count_as_answering() -> None:
    with closing(faulty("slow_to_load", "0.5")) as worker:
        worker.ask("started", SECONDS)
        assert worker.ask("x", 0.1) == "x"


def test_what_is_refused_arrives_as_the_error_that_it_is(worker: Worker) -> None:
    with pytest.raises(UnknownLanguage, match="nobody reads that"):
        worker.ask("refuse!", SECONDS)


def test_a_lower_limit_of_the_machines_own_is_kept() -> None:
    program = (
        "import psutil, resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (800_000_000, 800_000_000))\n"
        "from tests.support.faulty import faulty\n"
        "worker = faulty('echo')\n"
        "print(worker.ask('heard', 20), *psutil.Process(worker.pid).rlimit(psutil.RLIMIT_AS))\n"
        "worker.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "heard 800000000 800000000\n", done.stderr


@pytest.mark.parametrize("cause", ["no process is granted", "it ends before it is ready"])
def test_a_process_that_does_not_start_is_an_error_with_its_remedy(
    cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cause == "no process is granted":
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    service = "echo" if cause == "no process is granted" else "absent"
    with closing(faulty(service)) as worker:
        for _ in range(2):
            with pytest.raises(SynthesisFailed, match=r"no process starts .*; see that there is"):
                worker.ask("x", SECONDS)
        assert worker.pid is None or not psutil.pid_exists(worker.pid)


def test_what_a_library_prints_goes_nowhere(
    worker: Worker, capfd: pytest.CaptureFixture[str]
) -> None:
    assert worker.ask("print!", SECONDS) == "print!"
    assert capfd.readouterr() == ("", "")


def test_a_process_killed_while_idle_costs_nothing(worker: Worker) -> None:
    worker.ask("started", SECONDS)
    killed = process_of(worker)
    killed.kill()
    killed.wait(SECONDS)
    assert worker.ask("next", SECONDS) == "next"


def test_a_process_that_nobody_asks_ends_and_comes_back() -> None:
    with closing(faulty("echo", idle_seconds=0.05)) as worker:
        worker.ask("started", SECONDS)
        process_of(worker).wait(SECONDS)
        assert worker.ask("next", SECONDS) == "next"


def test_signals_to_the_whole_group_are_left_to_the_parent(worker: Worker) -> None:
    worker.ask("started", SECONDS)
    process = process_of(worker)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(process.pid, number)
    assert worker.ask("next", SECONDS) == "next"
    assert process_of(worker) == process


def test_closing_ends_the_process_and_what_it_was_asked(worker: Worker) -> None:
    worker.ask("started", SECONDS)
    process = process_of(worker)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(worker.ask, "hang!", SECONDS)
        worker.close()
        with pytest.raises(ShuttingDown):
            asked.result(SECONDS)
    assert not process.is_running()
    with pytest.raises(ShuttingDown):
        worker.ask("more", SECONDS)


def test_when_the_parent_is_killed_the_process_ends() -> None:
    program = (
        "from tests.support.faulty import faulty\n"
        "worker = faulty('echo')\n"
        "worker.ask('started', 20)\n"
        "print(worker.pid, flush=True)\n"
        "input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        process = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    process.wait(SECONDS)


def test_crashes_leave_no_core_files_and_memory_is_bounded(worker: Worker) -> None:
    worker.ask("started", SECONDS)
    process = process_of(worker)
    assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_AS) == (1024**3, 1024**3)


def test_its_log_records_are_the_parents(caplog: pytest.LogCaptureFixture) -> None:
    with closing(faulty("logging_service")) as worker, caplog.at_level(logging.INFO):
        worker.ask("x", SECONDS)
    assert ("somewhere", logging.WARNING, "mind the gap") in caplog.record_tuples


def test_threads_take_turns(worker: Worker) -> None:
    answers = dict[int, object]()
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: worker.ask(n, SECONDS)}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert answers == {n: n for n in range(8)}
