"""Reads what `torch.save` wrote, without PyTorch and without running the pickle inside.

A path goes in, nested dictionaries of arrays come out. The archive holds a pickle that names the
tensors and, beside it, their values (PyTorch notes, "Serialized file format for torch.save"). Only
a short list of instructions and of names is followed in the pickle, and what it claims is held
against the file before memory is taken.
"""

import io
import math
import mmap
import pickle
import pickletools
import struct
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadModelFile

MAX_PICKLE_BYTES = 16 * 1024 * 1024
"""The pickle names tensors, it does not hold them: 60 kB in the released checkpoints."""

_MAX_AXES = 8

_LOCAL_HEADER = struct.Struct("<26xHH")
"""A member's header: of its 30 bytes, the lengths of the name and the extra field behind it."""

_DTYPES: Mapping[str, np.dtype[Any]] = {
    "torch.FloatStorage": np.dtype("<f4"),
    "torch.HalfStorage": np.dtype("<f2"),
    "torch.BFloat16Storage": np.dtype("<u2"),
    "torch.DoubleStorage": np.dtype("<f8"),
    "torch.LongStorage": np.dtype("<i8"),
    "torch.IntStorage": np.dtype("<i4"),
}

_TENSOR = "torch._utils._rebuild_tensor_v2"
_PARAMETER = "torch._utils._rebuild_parameter"
_ORDERED_DICT = "collections.OrderedDict"
_KNOWN_NAMES = frozenset({_TENSOR, _PARAMETER, _ORDERED_DICT, *_DTYPES})

_REMEDY = "fetch it again, or write it again with torch.save(state_dict, path)"


# What a pickle gets to hold are tuples: an instruction that sets attributes finds none to set.


class Tensor(NamedTuple):
    """A tensor in a mapped file, checked to lie wholly inside."""

    view: npt.NDArray[Any]
    """The values as they are stored, bfloat16 as its 16 bits; not yet read."""

    kind: str
    """PyTorch's name of their type: `torch.FloatStorage`."""

    def array(self) -> npt.NDArray[np.float32]:
        """Return the values as float32: still a view of the file where they are float32 there."""
        if self.kind == "torch.BFloat16Storage":
            return (self.view.astype(np.uint32) << np.uint32(16)).view(np.float32)
        return self.view.astype(np.float32, copy=False)


def read_tensors(path: Path) -> object:
    """Return what `torch.save` wrote to `path`: containers and numbers, with `Tensor` leaves.

    Raises:
        BadModelFile: the file is damaged, or holds anything but tensors and plain containers.
    """
    try:
        with path.open("rb") as file:
            return _read(file, str(path))
    except OSError as error:
        raise BadModelFile(f"{path} cannot be read: {error.strerror}") from error


def read_tensors_in(content: bytes, name: str) -> object:
    """Return what `torch.save` wrote, as `read_tensors` does, from a file that is in memory.

    `name` is what messages call it.

    Raises:
        BadModelFile: it is damaged, or holds anything but tensors and plain containers.
    """
    return _read(io.BytesIO(content), name)


def _read(file: BinaryIO, name: str) -> object:
    try:
        with zipfile.ZipFile(file) as archive:
            members = _Members(archive, file)
            pickled = members.pickle()
            _check_instructions(pickled)
            return _Unpickler(pickled, members).load()
    except BadModelFile as error:
        raise BadModelFile(f"{name} {error}; {_REMEDY}") from None
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise BadModelFile(f"{name} is no PyTorch file, or is cut short; {_REMEDY}") from error
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
        pickle.UnpicklingError,
        struct.error,
    ) as error:
        raise BadModelFile(f"{name} is damaged ({error}); {_REMEDY}") from error


class _Members:
    """The members of a PyTorch archive, as views of the mapped file."""

    def __init__(self, archive: zipfile.ZipFile, file: BinaryIO) -> None:
        self._members = {info.filename.partition("/")[2]: info for info in archive.infolist()}
        self._bytes = (
            file.getvalue()
            if isinstance(file, io.BytesIO)
            else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        )

    def pickle(self) -> bytes:
        """Return the pickle, once it is sure that the tensors beside it can be understood."""
        if "byteorder" in self._members and bytes(self.view("byteorder")) != b"little":
            raise BadModelFile("was written on a big-endian machine")
        view = self.view("data.pkl")
        if len(view) > MAX_PICKLE_BYTES:
            raise BadModelFile(f"holds a pickle of {len(view)} bytes")
        return bytes(view)

    def view(self, member: str) -> npt.NDArray[np.uint8]:
        """Return the bytes of a member; PyTorch stores them uncompressed."""
        info = self._members.get(member)
        if info is None:
            raise BadModelFile(f"lacks its part {member!r}")
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise BadModelFile("is compressed inside, which PyTorch never does")
        name_bytes, extra_bytes = _LOCAL_HEADER.unpack_from(self._bytes, info.header_offset)
        start = info.header_offset + 30 + name_bytes + extra_bytes
        return np.frombuffer(self._bytes, np.uint8, info.file_size, start)


_INSTRUCTIONS = (
    "PROTO FRAME STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE "
    "SHORT_BINUNICODE EMPTY_DICT SETITEM SETITEMS EMPTY_LIST APPEND APPENDS EMPTY_TUPLE TUPLE "
    "TUPLE1 TUPLE2 TUPLE3 BINGET LONG_BINGET BINPUT LONG_BINPUT MEMOIZE GLOBAL STACK_GLOBAL REDUCE "
    "BUILD BINPERSID"
)
"""All that `torch.save` writes; the standard library's `pickletools` says what each does."""


_NOTING = frozenset({"BINPUT", "LONG_BINPUT", "MEMOIZE"})

_NOTED = frozenset(
    [
        "BINUNICODE",
        "SHORT_BINUNICODE",
        "EMPTY_DICT",
        "EMPTY_LIST",
        "EMPTY_TUPLE",
        "GLOBAL",
        "STACK_GLOBAL",
        "REDUCE",
        "BINPERSID",
    ]
)
"""What is noted, and used again; what is noted after another instruction may be a tuple."""


@lru_cache(maxsize=1)  # whoever needs little memory reads a file again for each part of a model
def _check_instructions(pickled: bytes) -> None:
    """Return if the pickle has no instruction but these, and numbers what it notes in order.

    The standard library's reader makes room for all numbers up to the one that is to be noted, at
    eight bytes each: five bytes of a pickle could make it take 64 GB. And no tuple is used twice:
    one of two others that are one, and so on for thirty levels, takes minutes as the key of a
    dictionary.

    Raises:
        BadModelFile: it has another, leaves numbers out, or uses a tuple again.
        ValueError: it is cut short.
    """
    known = frozenset(_INSTRUCTIONS.split())
    before, noted, tuples = "", set[int](), set[int]()
    for place, (opcode, argument, _) in enumerate(pickletools.genops(pickled)):
        if opcode.name not in known:
            raise BadModelFile(f"holds more than tensors (instruction {opcode.name})")
        if opcode.name in _NOTING:
            number = argument if isinstance(argument, int) else len(noted)
            if number > place:
                raise BadModelFile(f"notes its part {place} as number {number}: that is no tensor")
            if before not in _NOTED:
                tuples.add(number)
            noted.add(number)
        elif "GET" in opcode.name and argument in tuples:
            raise BadModelFile("uses a tuple again, which PyTorch never does")
        before = opcode.name


class _Unpickler(pickle.Unpickler):
    """Follows a pickle whose instructions have been checked; imports nothing."""

    def __init__(self, pickled: bytes, members: _Members) -> None:
        super().__init__(io.BytesIO(pickled))
        self._members = members
        self._storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> object:
        """Return what stands for a name of PyTorch's.

        Raises:
            BadModelFile: it is not one of those that tensors need.
        """
        full_name = f"{module}.{name}"
        if full_name not in _KNOWN_NAMES:
            raise BadModelFile(f"holds {full_name[:80]!r}, which is no tensor and is not trusted")
        return _Name(full_name)

    def persistent_load(self, pid: Any) -> object:  # noqa: ANN401 (whatever the pickle holds)
        """Return the values that `("storage", kind, key, device, count)` speaks of.

        Raises:
            BadModelFile: the archive has others.
        """
        _, kind, key, _, count = pid
        if not isinstance(kind, _Name) or type(key) is not str or type(count) is not int:
            raise BadModelFile("holds a tensor of no known storage")
        if key not in self._storages:
            values = self._members.view(f"data/{key}").view(_DTYPES[kind.name])
            self._storages[key] = _Storage(values, kind.name)
        storage = self._storages[key]
        if storage.kind != kind.name or len(storage.values) != count:
            raise BadModelFile(f"has {len(storage.values)} values in part {key!r}, not {count}")
        return storage


class _Dict(dict[Any, Any]):
    """An OrderedDict of PyTorch's, without its attributes: versions of the modules it is of."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        """Pass over what BUILD brings."""


class _Name(NamedTuple):
    """A name in the pickle, recognized and never imported."""

    name: str

    def __call__(self, *arguments: Any) -> object:  # noqa: ANN401 (whatever the pickle holds)
        """Do what PyTorch does at a call of this name.

        Raises:
            BadModelFile: it is never called, or not like this.
        """
        if self.name == _TENSOR:
            return _tensor(*arguments[:4])
        if self.name == _PARAMETER and isinstance(arguments[0], Tensor):
            return arguments[0]
        if self.name == _ORDERED_DICT and not arguments:
            return _Dict()
        raise BadModelFile("holds a call that is not trusted")


class _Storage(NamedTuple):
    """The values behind one tensor or more, in a row."""

    values: npt.NDArray[Any]
    kind: str


def _tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> Tensor:
    """Return the tensor that begins at `offset` in `storage`; offset and strides count values."""
    if not isinstance(storage, _Storage) or len(shape) != len(strides) or len(shape) > _MAX_AXES:
        raise BadModelFile("holds a tensor of no known layout")
    if any(type(number) is not int or number < 0 for number in (offset, *shape, *strides)):
        raise BadModelFile("holds a tensor with a negative size")
    count = math.prod(shape)
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if count > len(storage.values) or (count and last >= len(storage.values)):
        raise BadModelFile(f"holds a tensor of shape {shape} that reaches beyond its values")
    values = storage.values[offset:] if count else storage.values[:0]
    # The stride of an axis of one says nothing, and may be any number.
    steps = [
        stride * values.itemsize if size > 1 else 0
        for size, stride in zip(shape, strides, strict=True)
    ]
    view = np.lib.stride_tricks.as_strided(values, shape, steps, writeable=False)
    return Tensor(view, storage.kind)
