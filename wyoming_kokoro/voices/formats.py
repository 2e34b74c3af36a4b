"""Voice files: a path comes in, a checked voice pack goes out, and nothing in it is executed.

| file | what it holds |
|---|---|
| `.pt` | one tensor, as `torch.save` writes it since PyTorch 1.6 |
| `.bin` | little-endian float32 values, row after row |
| `.npy`, `.npz` | an array, or an archive of arrays: one voice, or many by name ("combined") |

What a file is, its first bytes decide and not its suffix: the combined archive that kokoro-onnx
publishes is a `.npz` that is called `voices-v1.0.bin`. Only raw values have no mark of their own
and are believed by the suffix `.bin`.
"""

import io
import zipfile
from pathlib import Path
from tokenize import TokenError

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from wyoming_kokoro.errors import BadModelFile, BadVoiceFile
from wyoming_kokoro.models.tensors import Tensor, read_tensors_in
from wyoming_kokoro.speech import STYLE_SIZE
from wyoming_kokoro.voices.archive import ZIP_MAGIC, BoundedFile, naming, open_zip, read_member
from wyoming_kokoro.voices.packs import Pack, as_pack, check_shape

SUFFIXES = frozenset({".pt", ".bin", ".npy", ".npz"})

_TORCH_DESCRIPTION = "/data.pkl"
"""End of the name of the member that every file of `torch.save` has."""

_TORCH_LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")
"""How files begin that PyTorch before 1.6 wrote: pickles all through."""

_TORCH_FLOATS = frozenset(
    {"torch.HalfStorage", "torch.BFloat16Storage", "torch.FloatStorage", "torch.DoubleStorage"}
)

_NO_FLOATS = "no array of float16, float32 or float64"

_NPY_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""By version of the format; version 3 is for the names of fields, which a voice has none of."""

_NPY_HEADER_CHARACTERS = 1000
"""Of a header at the most. NumPy writes about a hundred, and reads them as a literal of Python,
which takes time and stack for each."""

_NPY_DAMAGE = (ValueError, TypeError, SyntaxError, TokenError, KeyError)
"""What NumPy is seen to raise on headers that are damaged or made to deceive."""


def read_voice(path: Path, limit: int, raw_rows: int | None = None) -> Pack:
    """Return the only voice in the file at `path`, which has at most `limit` bytes.

    Raw values do not tell how many there should be: where `raw_rows` does, fewer are refused. Every
    other format tells its own shape, and may be of a voice with fewer rows.

    Raises:
        BadVoiceFile: it is none, or holds several, or is damaged, incomplete or too large.
    """
    with naming(path):
        with BoundedFile(path, limit) as file:
            data = file.read()
        if not data.startswith(ZIP_MAGIC):
            return as_pack(_read_plain(data, path.suffix.lower(), raw_rows))
        with open_zip(io.BytesIO(data)) as archive:
            if any(name.endswith(_TORCH_DESCRIPTION) for name in archive.namelist()):
                return as_pack(_read_torch(data))
            return as_pack(_read_only_array(archive, limit))


def archived_names(path: Path, limit: int) -> tuple[str, ...]:
    """Return the names of the voices in a combined archive; empty if the file is none.

    Raises:
        BadVoiceFile: it is an archive, but damaged.
    """
    with naming(path), BoundedFile(path, limit) as file:
        start = file.read(len(ZIP_MAGIC))
        if start != ZIP_MAGIC:
            return ()
        with open_zip(file) as archive:
            names = _arrays(archive)
    return tuple(name.removesuffix(".npy") for name in names) if len(names) > 1 else ()


def read_archived(path: Path, name: str, limit: int) -> Pack:
    """Return the voice `name` of a combined archive; the others are not read.

    The archive may be of any size, the voice has at most `limit` bytes.

    Raises:
        BadVoiceFile: it is not there, or is damaged.
    """
    with naming(path), BoundedFile(path, limit) as file, open_zip(file) as archive:
        return as_pack(_read_npy(read_member(archive, f"{name}.npy", limit)))


def _arrays(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.endswith(".npy")]


def _read_only_array(archive: zipfile.ZipFile, limit: int) -> npt.NDArray[np.floating]:
    names = _arrays(archive)
    if len(names) != 1:
        raise BadVoiceFile(f"it is an archive of {len(names)} voices, not of one")
    return _read_npy(read_member(archive, names[0], limit))


def _read_torch(data: bytes) -> npt.NDArray[np.floating]:
    """Return the tensor that `torch.save` wrote, its shape checked before a value is touched."""
    try:
        tensor = read_tensors_in(data, "it")
    except BadModelFile as error:
        raise BadVoiceFile(str(error)) from error
    if not isinstance(tensor, Tensor) or tensor.kind not in _TORCH_FLOATS:
        raise BadVoiceFile('it is no tensor of floats; save it with torch.save(voice, "name.pt")')
    check_shape(tensor.view.shape)
    return tensor.array() if tensor.kind == "torch.BFloat16Storage" else tensor.view


def _read_plain(data: bytes, suffix: str, raw_rows: int | None) -> npt.NDArray[np.floating]:
    """Return the array of a file that is no archive."""
    if data.startswith(npy.MAGIC_PREFIX):
        return _read_npy(data)
    if data.startswith(_TORCH_LEGACY_MAGIC):
        raise BadVoiceFile(
            "it was written by PyTorch before 1.6 in a form that can run code; "
            "load it with PyTorch in a safe place and save it again"
        )
    if suffix == ".bin":
        return _read_raw(data, raw_rows)
    raise BadVoiceFile("it is incomplete or no voice: neither of PyTorch nor of NumPy")


def _read_raw(data: bytes, expected: int | None) -> npt.NDArray[np.floating]:
    """Return values without any description; at least `expected` rows of them, if not None."""
    row = STYLE_SIZE * 4
    rows, rest = divmod(len(data), row)
    if rest or not rows:
        raise BadVoiceFile(f"its {len(data):,} bytes are no whole number of rows of {row}")
    if expected is not None and rows < expected:
        raise BadVoiceFile(
            f"it is incomplete: {rows} rows of {expected}; copy it again, or save a voice that is "
            "meant to be shorter as .npy, which tells its size"
        )
    return np.frombuffer(data, "<f4").reshape(-1, STYLE_SIZE)


def _read_npy(data: bytes) -> npt.NDArray[np.floating]:
    """Return the array of a `.npy` file, its size checked before a value is touched.

    Raises:
        BadVoiceFile: it is no array of floats in the shape of a pack, or its size is not as told.
    """
    file = io.BytesIO(data)
    try:
        read_header = _NPY_READERS[npy.read_magic(file)]
        shape, columns_first, dtype = read_header(file, max_header_size=_NPY_HEADER_CHARACTERS)
    except _NPY_DAMAGE as error:
        raise BadVoiceFile(f"it is incomplete or {_NO_FLOATS}") from error
    if dtype.kind != "f" or dtype.itemsize not in (2, 4, 8):
        raise BadVoiceFile(f"it is {_NO_FLOATS}")
    expected = check_shape(shape) * STYLE_SIZE * dtype.itemsize
    held = len(data) - file.tell()
    if held != expected:
        raise BadVoiceFile(f"it holds {held:,} bytes of {expected:,}")
    values: npt.NDArray[np.floating] = np.frombuffer(data, dtype, offset=file.tell())
    return values.reshape(tuple(map(int, shape)), order="F" if columns_first else "C")
