"""Reads what `torch.save` wrote, without PyTorch and without running the pickle inside.

A path goes in, nested dictionaries of arrays come out. The archive holds a pickle that names the
tensors and, beside it, their values (PyTorch notes, "Serialized file format for torch.save"). The
pickle is interpreted here, by a short list of instructions, and what it claims is held against
the file before memory is taken.
"""

import io
import math
import mmap
import pickletools
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

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


@dataclass(frozen=True, slots=True)
class Tensor:
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
            return _Reader(members).run(members.pickle())
    except BadModelFile as error:
        raise BadModelFile(f"{name} {error}; {_REMEDY}") from None
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise BadModelFile(f"{name} is no PyTorch file, or is cut short; {_REMEDY}") from error
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
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


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the pickle, recognized and never imported."""

    name: str


@dataclass(frozen=True, slots=True)
class _Storage:
    """The values behind one tensor or more, in a row."""

    values: npt.NDArray[Any]
    kind: str


_MARK = object()


class _Reader:
    """Follows the few pickle instructions that `torch.save` writes.

    What each instruction does to the stack is documented in the standard library's `pickletools`.
    """

    def __init__(self, members: _Members) -> None:
        self._members = members
        self._storages: dict[str, _Storage] = {}
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, pickled: bytes) -> object:
        """Return what the pickle describes."""
        for opcode, argument, _ in pickletools.genops(pickled):
            action = _ACTIONS.get(opcode.name)
            if action is None:
                raise BadModelFile(f"holds more than tensors (instruction {opcode.name})")
            action(self, argument)
        return self._stack.pop()

    def push(self, value: object) -> None:
        self._stack.append(value)

    def get(self, index: int) -> None:
        self.push(self._memo[index])

    def put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def memoize(self) -> None:
        self.put(len(self._memo))

    def pop_to_mark(self) -> list[Any]:
        start = len(self._stack) - 1 - self._stack[::-1].index(_MARK)
        items = self._stack[start + 1 :]
        del self._stack[start:]
        return items

    def pop(self, count: int) -> list[Any]:
        if count > len(self._stack):
            raise BadModelFile("holds a pickle that takes more than it made")
        items = self._stack[-count:]
        del self._stack[-count:]
        return items

    def drop(self) -> None:
        self._stack.pop()

    def append(self, items: list[Any]) -> None:
        if not isinstance(self._stack[-1], list):
            raise BadModelFile("appends to what is no list")
        self._stack[-1].extend(items)

    def update(self, items: list[Any]) -> None:
        if not isinstance(self._stack[-1], dict):
            raise BadModelFile("names parts of what is no dictionary")
        self._stack[-1].update(zip(items[::2], items[1::2], strict=True))

    def name(self, name: str) -> None:
        if name not in _KNOWN_NAMES:
            raise BadModelFile(f"holds {name[:80]!r}, which is no tensor and is not trusted")
        self.push(_Name(name))

    def call(self) -> None:
        function, arguments = self.pop(2)
        match function:
            case _Name(name="collections.OrderedDict") if arguments == ():
                self.push({})
            case _Name(name="torch._utils._rebuild_tensor_v2"):
                self.push(_tensor(*arguments[:4]))
            case _Name(name="torch._utils._rebuild_parameter"):
                self.push(arguments[0])
            case _:
                raise BadModelFile("holds a call that is not trusted")

    def storage(self) -> None:
        """Replace `("storage", kind, key, device, count)` by the values it speaks of."""
        ((_, kind, key, _, count),) = self.pop(1)
        if key not in self._storages:
            values = self._members.view(f"data/{key}").view(_DTYPES[kind.name])
            self._storages[key] = _Storage(values, kind.name)
        storage = self._storages[key]
        if storage.kind != kind.name or len(storage.values) != count:
            raise BadModelFile(f"has {len(storage.values)} values in part {key!r}, not {count}")
        self.push(storage)


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


def _ignore(_reader: _Reader, _argument: object) -> None:
    """Do nothing: the instruction frames the others."""


_PUSH_ARGUMENT = (
    "BINUNICODE",
    "SHORT_BINUNICODE",
    "BININT",
    "BININT1",
    "BININT2",
    "LONG1",
    "BINFLOAT",
)

_ACTIONS: Mapping[str, Callable[[_Reader, Any], None]] = {
    **dict.fromkeys(_PUSH_ARGUMENT, _Reader.push),
    **dict.fromkeys(("PROTO", "FRAME", "STOP"), _ignore),
    "NONE": lambda reader, _: reader.push(None),
    "NEWTRUE": lambda reader, _: reader.push(True),
    "NEWFALSE": lambda reader, _: reader.push(False),
    "EMPTY_DICT": lambda reader, _: reader.push({}),
    "EMPTY_LIST": lambda reader, _: reader.push([]),
    "EMPTY_TUPLE": lambda reader, _: reader.push(()),
    "BINGET": _Reader.get,
    "LONG_BINGET": _Reader.get,
    "BINPUT": _Reader.put,
    "LONG_BINPUT": _Reader.put,
    "MEMOIZE": lambda reader, _: reader.memoize(),
    "MARK": lambda reader, _: reader.push(_MARK),
    "TUPLE": lambda reader, _: reader.push(tuple(reader.pop_to_mark())),
    "TUPLE1": lambda reader, _: reader.push(tuple(reader.pop(1))),
    "TUPLE2": lambda reader, _: reader.push(tuple(reader.pop(2))),
    "TUPLE3": lambda reader, _: reader.push(tuple(reader.pop(3))),
    "APPEND": lambda reader, _: reader.append(reader.pop(1)),
    "APPENDS": lambda reader, _: reader.append(reader.pop_to_mark()),
    "SETITEM": lambda reader, _: reader.update(reader.pop(2)),
    "SETITEMS": lambda reader, _: reader.update(reader.pop_to_mark()),
    "GLOBAL": lambda reader, names: reader.name(names.replace(" ", ".")),
    "STACK_GLOBAL": lambda reader, _: reader.name(".".join(reader.pop(2))),
    "REDUCE": lambda reader, _: reader.call(),
    "BUILD": lambda reader, _: reader.drop(),
    "BINPERSID": lambda reader, _: reader.storage(),
}
"""The instructions that are followed. `BUILD` sets attributes of an OrderedDict: passed over."""
