"""`script/bench` that is ended before it is done, and what it has started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.places import ROOT
from tests.support.process import PATIENCE

BENCH = """
import os, signal, sys
from pathlib import Path

def work():
    print(os.getpid(), flush=True)
    signal.pause()

if __name__ == "__main__":
    from script.benchmarks import __main__ as bench
    from script.benchmarks.figures import fresh
    from tests.support.process import running

    def measure():
        with running(Path("data"), "--engine", "stand-in") as program:
            print(program.process.pid, flush=True)
            fresh(work)

    bench.MEASUREMENTS["service"] = ("", measure)
    bench.main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_a_benchmark_ends_what_it_has_started_too(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "bench.py").write_text(BENCH)
    command = [sys.executable, "bench.py", "service"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as bench:
        assert bench.stdout
        server, worker = (psutil.Process(int(bench.stdout.readline())) for _ in range(2))
        bench.send_signal(number)
        assert bench.wait(PATIENCE) == 128 + number
        assert not server.is_running()
        assert not worker.is_running()
