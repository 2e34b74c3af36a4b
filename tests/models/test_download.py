"""Every fault of a hub, a network and a disk, and what is left on the disk after it."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.models.conftest import Model
from tests.support.hub import Fault, Hub, made_up
from tests.support.places import ROOT
from wyoming_kokoro.errors import (
    BadModelFile,
    DownloadFailed,
    ModelUnavailable,
    UnknownVoice,
)
from wyoming_kokoro.models.catalog import ModelFile
from wyoming_kokoro.models.download import fetch, progress_log
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.part import part_path

CHECKPOINT = "kokoro-v1_0.pth"


def test_only_what_is_needed_is_fetched(hub: Hub, model: Model) -> None:
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()
    assert len(hub.asked) == 3


def test_all_voices_are_fetched_on_request(hub: Hub, model: Model) -> None:
    fetch(model.folder, model.version.files(model.version.voices), endpoint=hub.url)
    assert model.on_disk() == model.contents


def test_what_is_there_is_not_fetched_again(hub: Hub, model: Model) -> None:
    fetch(model.folder, model.files, endpoint=hub.url)
    asked = len(hub.asked)
    fetch(model.folder, model.files, endpoint=hub.url)
    assert len(hub.asked) == asked


def test_a_file_in_a_folder_of_the_repository_is_found(hub: Hub, model: Model) -> None:
    version = replace(model.version, folder="v0.19", name="v0.19")
    hub.files.clear()
    hub.publish(version, model.contents)
    folder = ModelFolder(model.folder.path.parents[1], version)
    fetch(folder, version.files(["af_heart"]), endpoint=hub.url)
    assert folder.checkpoint.read_bytes() == model.contents[CHECKPOINT]


def test_an_unknown_voice_is_refused_before_anything_is_fetched(hub: Hub, model: Model) -> None:
    with pytest.raises(UnknownVoice, match=r"v1\.0 was not released with a voice '\.\./x'"):
        fetch(model.folder, model.version.files(["../x"]), endpoint=hub.url)
    assert hub.asked == []


def test_progress_ends_with_all_bytes(hub: Hub, model: Model) -> None:
    told: list[tuple[int, int, str]] = []
    fetch(model.folder, model.files, endpoint=hub.url, progress=lambda *step: told.append(step))
    total = sum(file.size for file in model.files)
    assert told[-1] == (total, total, "voices/af_heart.pt")
    assert {total for _, total, _ in told} == {total}
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_the_log_gets_a_line_for_each_tenth_only() -> None:
    lines: list[str] = []
    progress = progress_log(lines.append)
    for done in range(1001):
        progress(done * 100_000, 100_000_000, "a.pth")
    assert len(lines) == 11
    assert lines[5] == "downloading a.pth: 50.0 of 100.0 MB"


def test_progress_may_end_the_download_and_the_piece_is_kept(hub: Hub, model: Model) -> None:
    class Enough(Exception):
        pass

    def stop(*_: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        fetch(model.folder, model.files, endpoint=hub.url, progress=stop)
    assert list(model.on_disk()) == [f"{CHECKPOINT}.part"]
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()
    assert "Range" in hub.asked[1].headers


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub: Hub, model: Model) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("cut", after=150_000), Fault("cut", after=100_000))
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()
    ranges = [a.headers["Range"] for a in hub.asked if "Range" in a.headers]
    assert ranges == ["bytes=150000-", "bytes=250000-"]


def test_a_file_that_stays_truncated_keeps_no_final_name(hub: Hub, model: Model) -> None:
    cuts = [Fault("cut", after=20_000), *[Fault("cut")] * 3]
    hub.spoil(model.version, CHECKPOINT, *cuts)
    with pytest.raises(DownloadFailed, match=f"{CHECKPOINT} of v1.0 could not be") as caught:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert caught.value.temporary
    assert {name: len(data) for name, data in model.on_disk().items()} == {
        f"{CHECKPOINT}.part": 20_000
    }


def test_a_server_that_knows_no_ranges_sends_the_whole_again(hub: Hub, model: Model) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("cut", after=150_000), Fault("no range"))
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()


@pytest.mark.parametrize("size", [100_000, 400_000, 500_000])
def test_a_damaged_piece_is_dropped_and_fetched_anew(hub: Hub, model: Model, size: int) -> None:
    part = part_path(model.folder.checkpoint)
    part.parent.mkdir(parents=True)
    part.write_bytes(made_up(size, seed=9))
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()


def test_wrong_bytes_never_get_a_name(hub: Hub, model: Model) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("flip"))
    with pytest.raises(BadModelFile, match=f"{CHECKPOINT} .* has the right size but other") as bad:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert not bad.value.temporary
    assert model.on_disk() == {}


@pytest.mark.parametrize("change", [-1, 1])
def test_another_size_is_refused_before_its_bytes_are_read(
    hub: Hub, model: Model, change: int
) -> None:
    hub.publish(model.version, {CHECKPOINT: made_up(400_000 + change)})
    with pytest.raises(BadModelFile, match=f"has {400_000 + change} bytes instead of 400000"):
        fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == {}


@pytest.mark.parametrize("kind", ["html", "disguised html"])
def test_a_web_page_is_no_model_and_costs_no_piece(hub: Hub, model: Model, kind: str) -> None:
    page = Fault("html") if kind == "html" else Fault("disguised html")
    hub.spoil(model.version, CHECKPOINT, Fault("cut", after=150_000), page)
    with pytest.raises(DownloadFailed, match="a web page came instead") as caught:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert caught.value.temporary
    assert len(model.on_disk()[f"{CHECKPOINT}.part"]) == 150_000


def test_a_missing_file_is_named_with_its_address(hub: Hub, model: Model) -> None:
    del hub.files[hub.address(model.version, "voices/af_heart.pt")]
    with pytest.raises(DownloadFailed, match=r"voices/af_heart\.pt .*404 for http://") as caught:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert not caught.value.temporary
    assert sorted(model.on_disk()) == ["config.json", CHECKPOINT]


@pytest.mark.parametrize(
    ("status", "temporary"), [(503, True), (429, True), (401, False), (403, False)]
)
def test_a_refusal_tells_whether_to_try_again(
    hub: Hub, model: Model, status: int, temporary: bool
) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("status", status=status))
    with pytest.raises(DownloadFailed, match=f"the answer is {status}") as caught:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert caught.value.temporary is temporary
    assert model.on_disk() == {}


def test_no_network_is_told_with_remedies(model: Model) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DownloadFailed, match=f"from 127.0.0.1:{port}: .*refused.*HF_ENDPOINT") as e:
        fetch(model.folder, model.files, endpoint=f"http://127.0.0.1:{port}")
    assert e.value.temporary
    assert str(model.folder.checkpoint) in str(e.value)


def test_a_silent_hub_is_given_up_and_what_came_is_kept(hub: Hub, model: Model) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("stall", after=150_000), Fault("stall"))
    with pytest.raises(DownloadFailed, match="timed out") as caught:
        fetch(model.folder, model.files, endpoint=hub.url, timeout=0.2)
    assert caught.value.temporary
    assert len(model.on_disk()[f"{CHECKPOINT}.part"]) == 150_000
    hub.resume.set()
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()


def test_a_redirect_is_followed_and_trusted_for_nothing(hub: Hub, model: Model) -> None:
    with Hub() as elsewhere:
        elsewhere.publish(model.version, model.contents)
        elsewhere.spoil(model.version, CHECKPOINT, Fault("flip"))
        redirect = Fault("redirect", to=elsewhere.url)
        hub.spoil(model.version, CHECKPOINT, redirect, redirect)
        with pytest.raises(BadModelFile):
            fetch(model.folder, model.files, endpoint=hub.url)
        fetch(model.folder, model.files, endpoint=hub.url)
        assert elsewhere.times_asked(CHECKPOINT) == 2
    assert model.on_disk() == model.wanted()


@pytest.mark.parametrize("endpoint", ["hf-mirror.example", "ftp://x", "http://x:port", "http://"])
def test_an_endpoint_that_is_no_web_address_is_named(model: Model, endpoint: str) -> None:
    with pytest.raises(DownloadFailed, match=f"HF_ENDPOINT is '{re.escape(endpoint)}'") as caught:
        fetch(model.folder, model.files, endpoint=endpoint)
    assert not caught.value.temporary


def test_offline_asks_nobody_and_names_what_is_missing(hub: Hub, model: Model) -> None:
    with pytest.raises(ModelUnavailable, match=f"{CHECKPOINT} is not there; run `wyoming-kokoro"):
        fetch(model.folder, model.files, endpoint=hub.url, offline=True)
    assert hub.asked == []
    assert not model.folder.path.exists()


def test_offline_a_damaged_file_is_told_apart_and_a_whole_one_accepted(
    hub: Hub, model: Model
) -> None:
    fetch(model.folder, model.files, endpoint=hub.url)
    asked = len(hub.asked)
    fetch(model.folder, model.files, endpoint=hub.url, offline=True)
    model.folder.checkpoint.write_bytes(b"half")
    with pytest.raises(BadModelFile, match="has 4 bytes instead of 400000"):
        fetch(model.folder, model.files, endpoint=hub.url, offline=True)
    assert len(hub.asked) == asked


def test_a_damaged_file_is_replaced(hub: Hub, model: Model) -> None:
    fetch(model.folder, model.files, endpoint=hub.url)
    model.folder.checkpoint.write_bytes(made_up(400_000, seed=4))
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()


def test_a_disk_too_small_is_found_out_before_anything_is_fetched(hub: Hub, model: Model) -> None:
    huge = replace(model.version, checkpoint=ModelFile(CHECKPOINT, 10**16, "0" * 64))
    with pytest.raises(DownloadFailed, match=r"MB free and the download needs 10,000,000,034 MB"):
        fetch(model.folder, huge.files([]), endpoint=hub.url)
    assert hub.asked == []


def test_a_data_directory_that_cannot_be_made_is_told(
    hub: Hub, tmp_path: Path, model: Model
) -> None:
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(
        DownloadFailed, match=r"v1\.0 cannot be written: .*choose another"
    ) as caught:
        fetch(model.folder, model.files, endpoint=hub.url)
    assert not caught.value.temporary


PROGRAM = """
    import sys
    from pathlib import Path
    from tests.support.hub import release
    from tests.models.conftest import CONTENTS
    from wyoming_kokoro.errors import KokoroError
    from wyoming_kokoro.models.download import fetch
    from wyoming_kokoro.models.folder import ModelFolder

    version = release(CONTENTS)
    try:
        fetch(
            ModelFolder(Path(sys.argv[1]), version),
            version.files(["af_heart"]),
            progress=lambda done, total, path: print(done, flush=True),
        )
    except KokoroError as error:
        sys.exit(f"{type(error).__name__} {error.temporary} {error}")
"""


@contextmanager
def downloading(
    data_dir: Path, endpoint: str, before: str = "", **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that fetches the small model, printing its progress."""
    program = textwrap.dedent(before) + textwrap.dedent(PROGRAM)
    variables = {"HF_ENDPOINT": endpoint, "NO_PROXY": "*", **environment}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)],
        cwd=ROOT,
        env={**os.environ, **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_environment_names_a_mirror_and_nothing_is_told_or_kept_besides(
    hub: Hub, model: Model, tmp_path: Path
) -> None:
    data, home = tmp_path, tmp_path.with_name(f"{tmp_path.name}-home")
    home.mkdir()
    elsewhere = {"HOME": str(home), "HF_HOME": str(home / "hf"), "HF_TOKEN": "hf_secret"}
    with downloading(data, f"{hub.url}/", **elsewhere) as process:
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert model.on_disk() == model.wanted()
    assert [p for p in home.rglob("*") if p.is_file()] == []
    used = sum(p.stat().st_size for p in data.rglob("*") if p.is_file())
    assert used < sum(map(len, model.wanted().values())) + 2_000
    for asked in hub.asked:
        assert "Authorization" not in asked.headers
        assert asked.headers["User-Agent"].startswith("wyoming-kokoro/")


def test_the_hubs_own_offline_switch_is_respected(hub: Hub, tmp_path: Path) -> None:
    with downloading(tmp_path, hub.url, HF_HUB_OFFLINE="1") as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith("DownloadFailed False kokoro-v1_0.pth")
    assert "HF_HUB_OFFLINE" in errors
    assert hub.asked == []


def test_a_killed_download_leaves_no_file_under_its_name_and_the_next_one_heals(
    hub: Hub, model: Model, tmp_path: Path
) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("stall", after=200_000))
    with downloading(tmp_path, hub.url) as process:
        assert process.stdout is not None
        assert any(line == "200000\n" for line in process.stdout)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=10) == -signal.SIGKILL
    assert list(model.on_disk()) == [f"{CHECKPOINT}.part"]
    fetch(model.folder, model.files, endpoint=hub.url)
    assert model.on_disk() == model.wanted()
    assert "Range" in hub.asked[1].headers


def test_two_processes_make_one_download(hub: Hub, model: Model, tmp_path: Path) -> None:
    hub.spoil(model.version, CHECKPOINT, Fault("stall", after=200_000))
    with downloading(tmp_path, hub.url) as first:
        assert first.stdout is not None
        assert any(line == "200000\n" for line in first.stdout)
        with downloading(tmp_path, hub.url) as second:
            assert second.stdout is not None
            waiting = int(second.stdout.readline())
            hub.resume.set()
            _, errors = second.communicate(timeout=60)
        assert (second.returncode, errors) == (0, "")
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert 0 < waiting <= 200_000
    assert len(hub.asked) == 3
    assert model.on_disk() == model.wanted()


def test_a_disk_that_fills_up_is_told_and_not_left_full(
    hub: Hub, model: Model, tmp_path: Path
) -> None:
    limit = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    """
    with downloading(tmp_path, hub.url, before=limit) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith(f"DownloadFailed True {model.folder.checkpoint} cannot be written")
    assert "free some space or choose another --data-dir" in errors
    assert model.on_disk() == {}


def test_a_full_file_system_is_told_and_not_left_full(
    hub: Hub, model: Model, tmp_path: Path
) -> None:
    with small_file_system(tmp_path, megabytes=33) as disk:
        folder = ModelFolder(disk, model.version)
        hub.spoil(model.version, CHECKPOINT, Fault("stall", after=100_000))

        def fill_the_disk(done: int, *_: object) -> None:
            if done == 100_000:
                with pytest.raises(OSError, match="No space left"):
                    (disk / "recorder.db").write_bytes(bytes(40_000_000))
                hub.resume.set()

        with pytest.raises(DownloadFailed, match="No space left on device; free some") as caught:
            fetch(folder, model.files, endpoint=hub.url, progress=fill_the_disk)
        assert caught.value.temporary
        assert [p.name for p in folder.path.iterdir() if not p.name.startswith(".")] == []
        (disk / "recorder.db").unlink()
        fetch(folder, model.files, endpoint=hub.url)
        assert folder.missing(model.files) == ()


@contextmanager
def small_file_system(parent: Path, megabytes: int) -> Iterator[Path]:
    disk = parent / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can only be mounted by a privileged user")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_importing_the_download_imports_no_third_party() -> None:
    heavy = "{'huggingface_hub', 'filelock', 'httpx', 'httpx2', 'torch', 'tqdm'}"
    code = f"import sys, wyoming_kokoro.models.download; print({heavy} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"
