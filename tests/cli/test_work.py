"""A worker leaves the processor to others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GIVES_WAY = """
import os, sys
from pathlib import Path
from wyoming_kokoro.cli import work
work._SESSION = Path(sys.argv[1])
work._give_way()
print(os.sched_getscheduler(0) == os.SCHED_IDLE or os.nice(0) == 19)
"""


@pytest.mark.parametrize(("leads", "told"), [(True, "19"), (False, "as it was")])
def test_a_worker_gives_way_and_so_does_the_session_that_it_leads(
    leads: bool, told: str, tmp_path: Path
) -> None:
    session = tmp_path / "autogroup"
    session.write_text("as it was", encoding="ascii")
    command = [sys.executable, "-c", GIVES_WAY, str(session)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, start_new_session=leads, env=os.environ
    )
    assert done.stdout == "True\n"
    assert session.read_text(encoding="ascii") == told
