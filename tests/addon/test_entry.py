"""The app's entry point, run as the Supervisor runs it: as root, with options for root only.

What it starts in the end is a script that tells who it is and what it can read; the server in its
place is what `script/image-test` starts.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import ROOT

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as root and step down"),
    pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is missing"),
]

WITNESS = r"""#!/bin/sh
echo "arguments=$*"
echo "user=$(id -u)"
echo "groups=$(id -G)"
echo "options=$(cat "$3")"
echo "voices=$(cat "$WYOMING_KOKORO_DATA_DIR/voices/mine.pt")"
echo "lexicon=$(cat "$WYOMING_KOKORO_DATA_DIR/lexicon.txt")"
echo "model=$(cat "$WYOMING_KOKORO_DATA_DIR/models/v1.0/model.pth")"
echo "$$" > "$WYOMING_KOKORO_DATA_DIR/written"
echo "written=$(cat "$WYOMING_KOKORO_DATA_DIR/written")"
cat secret 2>/dev/null
sed -n 's/:\s*/=/p' /proc/self/status
exit 7
"""


@dataclass
class Container:
    """What the app sees of its container."""

    folder: Path

    def path(self, name: str, content: str = "", mode: int = 0o600) -> Path:
        """Make a file that belongs to root."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(mode)
        return path

    def start(self, *arguments: str) -> tuple[int, dict[str, str], str]:
        """Run the entry point; return the exit code, what the witness tells, and its process id."""
        environment = {
            "PATH": os.environ["PATH"],
            "WYOMING_KOKORO_DATA_DIR": str(self.folder / "data"),
            "WYOMING_KOKORO_APP_CONFIG": str(self.folder / "config"),
            "WYOMING_KOKORO_USER": "nobody",
        }
        process = subprocess.Popen(
            [self.folder / "app.sh", *arguments],
            env=environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        told, _ = process.communicate(timeout=30)
        lines = (line.partition("=") for line in told.splitlines())
        return process.returncode, {name: value for name, _, value in lines}, str(process.pid)


@pytest.fixture
def container() -> Iterator[Container]:
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        it = Container(Path(name))
        it.folder.chmod(0o755)
        shutil.copy(ROOT / "script/image/app.sh", it.folder)
        it.path("run.sh", WITNESS, 0o755)
        it.path("data/options.json", json.dumps({"voice": "bf_emma"}))
        it.path("data/models/v1.0/model.pth", "weights")
        it.path("config/voices/mine.pt", "a voice", 0o644)
        it.path("config/lexicon.txt", "Niamh = Neev", 0o644)
        it.path("secret", "secret=seen")
        yield it


def told_by(container: Container, *arguments: str) -> dict[str, Any]:
    return container.start(*arguments)[1]


def test_the_server_reads_options_that_only_root_may_read(container: Container) -> None:
    told = told_by(container, "--log-level", "debug")
    assert json.loads(told["options"]) == {"voice": "bf_emma"}
    options = container.folder / "data/options.json"
    served = f"serve --options {options} --http tcp://0.0.0.0:8880"
    assert told["arguments"] == f"{served} --log-level debug"
    assert options.stat().st_mode & 0o777 == 0o600, "others still may not"


def test_the_server_is_not_root_and_cannot_become_it(container: Container) -> None:
    told = told_by(container)
    assert told["user"] != "0"
    assert told["groups"].split() == [told["Gid"].split()[0]]
    assert set(told["Uid"].split()) == {told["user"]}
    assert {int(told[which], 16) for which in ("CapInh", "CapPrm", "CapEff", "CapBnd")} == {0}
    assert told["NoNewPrivs"] == "1"
    assert "secret" not in told


def test_the_data_is_the_server_s_own_also_what_root_left_there(container: Container) -> None:
    told = told_by(container)
    assert told["model"] == "weights"
    assert told["written"]


def test_signals_and_exit_code_pass_because_the_server_takes_the_place_of_the_script(
    container: Container,
) -> None:
    code, told, process = container.start()
    assert code == 7
    assert told["written"] == process


def test_voices_and_words_of_one_s_own_come_from_the_folder_that_users_reach(
    container: Container,
) -> None:
    for _ in ("the first start", "the second"):
        told = told_by(container)
        assert told["voices"] == "a voice"
        assert told["lexicon"] == "Niamh = Neev"


def test_the_server_may_write_where_users_put_their_files(container: Container) -> None:
    shutil.rmtree(container.folder / "config/voices")
    container.path("data/voices/mine.pt", "a voice")
    told = told_by(container)
    for folder in ("config", "config/voices"):
        assert str((container.folder / folder).stat().st_uid) == told["user"]


def test_a_folder_of_voices_in_the_data_is_left_alone(container: Container) -> None:
    container.path("data/voices/mine.pt", "another voice")
    assert told_by(container)["voices"] == "another voice"


def test_nothing_outside_the_data_changes_hands(container: Container) -> None:
    """Through links neither: what they point to is not the app's."""
    (container.folder / "data/link").symlink_to(container.folder / "secret")
    told_by(container)
    assert (container.folder / "secret").stat().st_uid == 0
    assert (container.folder / "config/voices/mine.pt").stat().st_uid == 0
