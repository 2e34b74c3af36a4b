import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.voice_files import (
    LIMIT,
    SHARED,
    described,
    npy,
    pack,
    write_bin,
    write_npz,
    write_pt,
    write_torch,
)
from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.voices.formats import archived_names, read_archived, read_voice

released = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no released voices at {SHARED}")


@pytest.mark.torch
@released
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.pt")), ids=lambda path: path.name)
def test_released_voices_are_read_bit_for_bit_as_torch_reads_them(path: Path) -> None:
    torch = pytest.importorskip("torch")
    expected = torch.load(path, weights_only=True).numpy().reshape(-1, 256)
    assert read_voice(path, LIMIT).tobytes() == expected.tobytes()


@released
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.bin")), ids=lambda path: path.name)
def test_a_released_bin_is_the_same_voice_as_its_pt(path: Path) -> None:
    voice = read_voice(path, LIMIT)
    assert voice.shape == (510, 256)
    assert voice.tobytes() == read_voice(path.with_suffix(".pt"), LIMIT).tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["half", "bfloat16", "float", "double"])
@pytest.mark.parametrize("rows", [510, 511])
def test_tensors_of_every_float_are_read_as_torch_saves_them(
    tmp_path: Path, kind: str, rows: int
) -> None:
    torch = pytest.importorskip("torch")
    tensor = getattr(torch.from_numpy(pack(rows=rows)), kind)()
    torch.save(tensor.reshape(rows, 1, 256), tmp_path / "v.pt")
    assert np.array_equal(read_voice(tmp_path / "v.pt", LIMIT), tensor.float().numpy())


@pytest.mark.torch
def test_a_tensor_that_is_a_view_is_read_in_its_own_order(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    wide = torch.from_numpy(pack(rows=512))
    view = wide.reshape(256, 512).t()[2:].unsqueeze(1)
    torch.save(view, tmp_path / "v.pt")
    assert np.array_equal(read_voice(tmp_path / "v.pt", LIMIT), view.squeeze(1).numpy())


WRITERS: dict[str, Callable[[Path], object]] = {
    "pt": lambda path: write_pt(path, pack()),
    "bin": lambda path: write_bin(path, pack()),
    "npz": lambda path: write_npz(path, {"anything": pack()[:, None, :]}),
    "npz, compressed": lambda path: write_npz(path, {"anything": pack()}, compressed=True),
    "npy": lambda path: path.write_bytes(npy(pack())),
    "npy, columns first": lambda path: path.write_bytes(npy(np.asfortranarray(pack()))),
    "npy, big-endian": lambda path: path.write_bytes(npy(pack().astype(">f4"))),
    "npy, version 2": lambda path: path.write_bytes(
        b"\x93NUMPY\x02\x00" + npy(pack())[8:10] + b"\0\0" + npy(pack())[10:]
    ),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
@pytest.mark.parametrize("name", ["v.bin", "v.BIN"])
def test_what_a_file_is_its_content_tells_and_not_its_suffix(
    tmp_path: Path, write: Callable[[Path], object], name: str
) -> None:
    write(tmp_path / name)
    assert np.array_equal(read_voice(tmp_path / name, LIMIT), pack())


def test_a_combined_archive_lists_its_voices_and_gives_each(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "voices-v1.0.bin", {"a": pack(1)[:, None], "b": pack(2)[:, None]})
    assert archived_names(path, LIMIT) == ("a", "b")
    assert np.array_equal(read_archived(path, "b", LIMIT), pack(2))
    with pytest.raises(BadVoiceFile, match="archive of 2 voices"):
        read_voice(path, LIMIT)


def test_one_voice_of_an_archive_is_read_without_the_others(tmp_path: Path) -> None:
    path = tmp_path / "voices.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.npy", npy(pack()))
        archive.writestr("bomb.npy", bytes(50_000_000), zipfile.ZIP_DEFLATED)
        archive.writestr("bad.npy", b"nonsense")
    assert np.array_equal(read_archived(path, "good", LIMIT), pack())
    for name in ("bomb", "bad", "absent"):
        with pytest.raises(BadVoiceFile, match=r"voices\.npz"):
            read_archived(path, name, LIMIT)


def test_an_archive_may_be_larger_than_a_voice(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "voices.npz", {f"v{i}": pack(i) for i in range(9)})
    assert path.stat().st_size > LIMIT
    assert np.array_equal(read_archived(path, "v8", LIMIT), pack(8))
    with pytest.raises(BadVoiceFile, match="4,194,304"):
        read_voice(path, LIMIT)


@pytest.mark.parametrize("name", ["v.pt", "v.bin", "v.npy"])
def test_a_file_of_one_voice_is_no_archive(tmp_path: Path, name: str) -> None:
    writer = {"pt": write_pt, "bin": write_bin}.get(name[2:])
    path = tmp_path / name
    if writer is None:
        path.write_bytes(npy(pack()))
    else:
        writer(path, pack())
    assert archived_names(path, LIMIT) == ()


class Marker:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.path}",)


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_pickle_that_runs_a_command_runs_nothing(tmp_path: Path, protocol: int) -> None:
    marker = tmp_path / "marker"
    attack = pickle.dumps(Marker(marker), protocol)
    write_torch(tmp_path / "in.pt", attack, b"")
    (tmp_path / "plain.pt").write_bytes(attack)
    (tmp_path / "plain.bin").write_bytes(attack)
    objects = np.empty((1,), dtype=object)
    objects[0] = Marker(marker)
    (tmp_path / "objects.npy").write_bytes(npy(objects, allow_pickle=True))
    for name in ("in.pt", "plain.pt", "plain.bin", "objects.npy"):
        with pytest.raises(BadVoiceFile, match=name):
            read_voice(tmp_path / name, LIMIT)
    assert not marker.exists()
    pickle.loads(attack)  # noqa: S301  (the attack is one: this is what did not happen above)
    assert marker.exists()


@pytest.mark.torch
def test_a_file_of_old_torch_is_refused_with_the_remedy(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.save(torch.from_numpy(pack()), tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    with pytest.raises(BadVoiceFile, match=r"old\.pt.*before 1\.6.*save it again"):
        read_voice(tmp_path / "old.pt", LIMIT)


BAD_TENSORS: dict[str, tuple[bytes, bytes, str]] = {
    "claims 32 GB": (described((8_000_000_000, 1), (0, 0), 256), bytes(1024), "shape"),
    "claims more than any memory": (described((2**70, 256), (0, 0), 256), bytes(1024), "shape"),
    "claims more values than there are": (
        described((510, 1, 256), (256, 256, 1), 130560),
        bytes(1024),
        "not 130560",
    ),
    "starts beyond its end": (
        described((2, 256), (256, 1), 512, offset=1),
        bytes(2048),
        "beyond",
    ),
    "starts before its begin": (
        described((2, 256), (256, 1), 512, offset=-1),
        bytes(2048),
        "negative",
    ),
    "steps backwards": (described((2, 256), (-256, 1), 512), bytes(2048), "negative"),
    "steps beyond": (described((2, 256), (2**65, 1), 512), bytes(2048), "beyond"),
    "strides for other axes": (described((2, 256), (1,), 512), bytes(2048), "layout"),
    "a wrong shape": (described((256, 2), (2, 1), 512), bytes(2048), "shape"),
    "whole numbers": (described((1, 256), (256, 1), 256, "LongStorage"), bytes(2048), "floats"),
    "a type nobody knows": (
        described((1, 256), (256, 1), 256, "QUInt8Storage"),
        bytes(256),
        "QUInt8Storage",
    ),
    "a description cut off": (described((1, 256), (256, 1), 256)[:60], bytes(1024), "damaged"),
    "no tensor": (pickle.dumps({"voice": 1}, 2), b"", "no tensor"),
    "a memo that takes 16 GB": (b"\x80\x02K\x01r\xff\xff\xff\x3f.", b"", "no tensor"),
}


@pytest.mark.parametrize("case", BAD_TENSORS.values(), ids=BAD_TENSORS.keys())
def test_a_tensor_is_held_against_its_file_before_memory_is_taken(
    tmp_path: Path, case: tuple[bytes, bytes, str]
) -> None:
    pickled, data, reason = case
    write_torch(tmp_path / "bad.pt", pickled, data)
    tracemalloc.start()
    try:
        with pytest.raises(BadVoiceFile, match=rf"(?i)bad\.pt.*{reason}"):
            read_voice(tmp_path / "bad.pt", LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_tensor_in_another_byte_order_is_refused(tmp_path: Path) -> None:
    write_torch(tmp_path / "v.pt", described((1, 256), (256, 1), 256), bytes(1024), b"big")
    with pytest.raises(BadVoiceFile, match=r"v\.pt.*big-endian"):
        read_voice(tmp_path / "v.pt", LIMIT)


def headed(header: str) -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


BAD_PLAIN_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("bad.pt", b"", "no voice"),
    "empty bin": ("bad.bin", b"", "0 bytes"),
    "text": ("bad.pt", b"<!doctype html>", "no voice"),
    "bin of half a row": ("bad.bin", bytes(512), "rows"),
    "bin of too many rows": ("bad.bin", bytes(513 * 1024), "513 x 256"),
    "bin of noise": ("bad.bin", bytes(range(256)) * 40, "no voice|no numbers|value of size"),
    "npy without an end": ("bad.npy", npy(pack())[:-1], "522,239"),
    "npy with more at the end": ("bad.npy", npy(pack()) + b"\0", "522,241"),
    "npy without a header": ("bad.npy", npy(pack())[:9], "incomplete"),
    "npy of whole numbers": ("bad.npy", npy(np.zeros((1, 256), np.int64)), "no array of float"),
    "npy of text": ("bad.npy", npy(np.full((1, 256), "a")), "no array of float"),
    "npy of complex": ("bad.npy", npy(np.zeros((1, 256), complex)), "no array of float"),
    "npy of many bytes a value": ("bad.npy", npy(np.zeros((1, 256), "<f4")[:, ::2]), "1 x 128"),
    "npy of no shape": ("bad.npy", npy(np.zeros((), np.float32)), "single number"),
    "npy that claims 32 GB": (
        "bad.npy",
        headed("{'descr': '<f4', 'fortran_order': False, 'shape': (8000000000, 256), }"),
        "8000000000 x 256",
    ),
    "npy with an expression for a header": (
        "bad.npy",
        headed("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1, 256), }"),
        "no array of float",
    ),
    "npy with a shape below nothing": (
        "bad.npy",
        headed("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 256), }"),
        "-1 x 256",
    ),
    "npy of records": (
        "bad.npy",
        headed("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 256), }"),
        "no array of float",
    ),
    "npy with too long a header": (
        "bad.npy",
        headed("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 256), }" + " " * 1000),
        "no array of float",
    ),
    "npy with a header of signs": ("bad.npy", headed("-" * 999 + "1"), "no array of float"),
    "npy with keys that cannot be sorted": (
        "bad.npy",
        headed("{'descr': '<f4', 1: False, 'shape': (1, 256), }"),
        "no array of float",
    ),
    "npy with a deeply nested header": ("bad.npy", headed("(" * 60_000), "no array of float"),
}


@pytest.mark.parametrize("case", BAD_PLAIN_FILES.values(), ids=BAD_PLAIN_FILES.keys())
def test_what_is_no_voice_is_refused_by_name_and_reason(
    tmp_path: Path, case: tuple[str, bytes, str]
) -> None:
    name, data, reason = case
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadVoiceFile, match=rf"voice file {name}: .*({reason})"):
        read_voice(tmp_path / name, LIMIT)


@pytest.mark.parametrize("write", [write_pt, lambda p, v: write_npz(p, {"v": v})])
def test_half_a_file_is_refused_at_any_length(
    tmp_path: Path, write: Callable[[Path, object], Path]
) -> None:
    whole = write(tmp_path / "v.pt", pack(rows=4)).read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "v.pt").write_bytes(whole[:length])
        with pytest.raises(BadVoiceFile, match=r"v\.pt"):
            read_voice(tmp_path / "v.pt", LIMIT)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
@pytest.mark.parametrize("rows", [0, 1, 100, 509])
def test_a_file_cut_after_any_row_is_refused_whatever_its_format(
    tmp_path: Path, write: Callable[[Path], object], rows: int
) -> None:
    path = tmp_path / "v.bin"
    write(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - (510 - rows) * 1024)])
    with pytest.raises(BadVoiceFile, match=r"v\.bin"):
        read_voice(path, LIMIT, raw_rows=510)


def test_a_combined_archive_that_is_cut_is_refused_at_any_length(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "voices.npz", {"a": pack(1, rows=4), "b": pack(2, rows=4)})
    whole = path.read_bytes()
    for length in range(len(b"PK\x03\x04"), len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(BadVoiceFile, match=r"voices\.npz"):
            archived_names(path, LIMIT)


def test_a_raw_file_is_told_from_a_whole_one_only_where_the_rows_are_known(
    tmp_path: Path,
) -> None:
    path = write_bin(tmp_path / "v.bin", pack(rows=100))
    assert read_voice(path, LIMIT).shape == (100, 256)
    assert read_voice(path, LIMIT, raw_rows=100).shape == (100, 256)
    with pytest.raises(BadVoiceFile, match=r"v\.bin: it is incomplete: 100 rows of 510; .*\.npy"):
        read_voice(path, LIMIT, raw_rows=510)
    write_bin(path, pack(rows=511))  # a pack of another version is not cut
    assert read_voice(path, LIMIT, raw_rows=510).shape == (511, 256)


def test_values_that_are_no_numbers_are_refused_in_every_format(tmp_path: Path) -> None:
    values = pack()
    values[100, 100] = np.nan
    paths = (
        write_pt(tmp_path / "v.pt", values),
        write_bin(tmp_path / "v.bin", values),
        write_npz(tmp_path / "v.npz", {"v": values}),
    )
    for path in paths:
        with pytest.raises(BadVoiceFile, match=rf"{path.name}.*NaN"):
            read_voice(path, LIMIT)


def test_a_file_larger_than_a_voice_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "v.bin").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(BadVoiceFile, match="1,000,000,000,000 bytes where 4,194,304"):
        read_voice(tmp_path / "v.bin", LIMIT)


def seeds() -> list[bytes]:
    """Small files of every format."""
    files = io.BytesIO()
    np.savez_compressed(files, v=pack(rows=2))
    tensor = described((2, 256), (256, 1), 512)
    return [files.getvalue(), npy(pack(rows=2)), pack(rows=2).tobytes(), tensor]


@pytest.mark.slow
# The pickle's reader warns of text that it then refuses.
@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
# So does NumPy, of headers with a number as Python 2 wrote it.
@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(seeds()),
    edits=st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=4)), max_size=6),
    keep=st.integers(0, 5000),
    suffix=st.sampled_from([".pt", ".bin", ".npy", ".npz"]),
    wrapped=st.booleans(),
)
def test_any_bytes_are_a_voice_or_a_bad_voice_file(
    tmp_path_factory: pytest.TempPathFactory,
    seed: bytes,
    edits: list[tuple[int, bytes]],
    keep: int,
    suffix: str,
    wrapped: bool,
) -> None:
    data = bytearray(seed)
    for position, change in edits:
        data[position : position + len(change)] = change
    path = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    if wrapped:
        write_torch(path, bytes(data[:keep]), pack(rows=2).tobytes())
    else:
        path.write_bytes(data[:keep])
    try:
        voice = read_voice(path, LIMIT)
    except BadVoiceFile as error:
        assert path.name in str(error)
    else:
        assert voice.shape[1] == 256
        assert np.isfinite(voice).all()
