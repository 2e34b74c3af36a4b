"""Voice files for tests, honest and otherwise, made without torch."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.support.places import SHARED_DIR

SHARED = SHARED_DIR / "voices" / "v1.0"
"""Released voice packs, where they are at hand."""

LIMIT = 4 * 1024 * 1024

Array = npt.NDArray[np.floating]


def pack(seed: int = 0, rows: int = 510) -> npt.NDArray[np.float32]:
    """A pack as a voice might have it, shape (rows, 256)."""
    values = np.random.default_rng(seed).normal(0, 0.3, (rows, 256))
    return values.astype(np.float32)


def write_bin(path: Path, values: Array) -> Path:
    path.write_bytes(np.asarray(values, "<f4").tobytes())
    return path


def write_npz(path: Path, voices: Mapping[str, Array], compressed: bool = False) -> Path:
    save = np.savez_compressed if compressed else np.savez
    with path.open("wb") as file:  # a path would be given the suffix .npz
        save(file, allow_pickle=False, **dict(voices))
    return path


def npy(values: npt.NDArray[np.generic], allow_pickle: bool = False) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, values, allow_pickle=allow_pickle)
    return file.getvalue()


def described(
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    values: int,
    storage: str = "FloatStorage",
    offset: int = 0,
) -> bytes:
    """The pickle of a tensor as `torch.save` writes it, with any numbers in it."""
    return b"".join(
        (
            b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((",
            _text("storage"),
            f"ctorch\n{storage}\n".encode(),
            _text("0"),
            _text("cpu"),
            _int(values),
            b"tQ",
            _int(offset),
            _tuple(shape),
            _tuple(strides),
            b"\x89ccollections\nOrderedDict\n)RtR.",
        )
    )


def write_torch(path: Path, pickled: bytes, data: bytes, byteorder: bytes = b"little") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("voice/data.pkl", pickled)
        archive.writestr("voice/byteorder", byteorder)
        archive.writestr("voice/data/0", data)
        archive.writestr("voice/version", b"3\n")
    return path


def write_pt(path: Path, values: Array) -> Path:
    """A pack of shape (rows, 256) as a released `.pt` file, shape (rows, 1, 256)."""
    values = np.asarray(values, "<f4")
    pickled = described((len(values), 1, 256), (256, 256, 1), values.size)
    return write_torch(path, pickled, values.tobytes())


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def _int(number: int) -> bytes:
    data = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def _tuple(numbers: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(map(_int, numbers)) + b"t"
