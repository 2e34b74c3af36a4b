"""`script/soak` that is ended before it is done."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.process import PATIENCE

SOAK = """
import signal, sys
from pathlib import Path
from script.soaking.__main__ import end_by_signals
from tests.support.process import running

end_by_signals()
with running(Path(sys.argv[1])) as program:
    print(program.process.pid, flush=True)
    while True:
        signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_the_soak_ends_its_server_too(number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SOAK, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as soak:
        assert soak.stdout
        server = psutil.Process(int(soak.stdout.readline()))
        soak.send_signal(number)
        assert soak.wait(PATIENCE) == 128 + number
        assert not server.is_running()
