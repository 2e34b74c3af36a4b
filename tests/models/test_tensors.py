"""Files of tensors are read without torch and without trust."""

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.tensors import Tensor, read_tensors

pytestmark = pytest.mark.torch

torch = pytest.importorskip("torch")


def _saved(content: object, folder: Path) -> Path:
    path = folder / "model.pth"
    torch.save(content, path)
    return path


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64", "int64", "int32"])
def test_values_of_every_type_become_float32(tmp_path: Path, dtype: str) -> None:
    values = torch.arange(-3, 9).reshape(3, 4).to(getattr(torch, dtype))
    tensor = read_tensors(_saved(values, tmp_path))
    assert isinstance(tensor, Tensor)
    assert tensor.array().dtype == np.float32
    assert np.array_equal(tensor.array(), values.float().numpy())


def test_views_parameters_and_shared_storages_are_read_as_torch_reads_them(tmp_path: Path) -> None:
    base = torch.arange(24.0).reshape(2, 3, 4)
    content = {
        "transposed": base.transpose(0, 2),
        "slice": base[1, :, 1:3],
        "scalar": torch.tensor(5.0),
        "empty": torch.zeros(0, 7),
        "parameter": torch.nn.Parameter(base[:1]),
        "nested": [base, (True, None, 3, 2.5, "text")],
    }
    tree = read_tensors(_saved(content, tmp_path))
    assert isinstance(tree, dict)
    for name in ("transposed", "slice", "scalar", "empty", "parameter"):
        assert np.array_equal(tree[name].array(), content[name].detach().numpy())
    assert tree["nested"][1] == (True, None, 3, 2.5, "text")


def test_float32_values_are_mapped_and_not_copied(tmp_path: Path) -> None:
    tensor = read_tensors(_saved(torch.zeros(1000), tmp_path))
    assert isinstance(tensor, Tensor)
    array = tensor.array()
    assert np.shares_memory(array, tensor.view)
    assert not array.flags.owndata


class _Hostile:
    """Pickles to a call of a function when it is unpickled by the standard library."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("executed",)


def test_a_pickle_that_calls_something_is_refused_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = _saved({"bert": _Hostile()}, tmp_path)
    with pytest.raises(BadModelFile, match="not trusted"):
        read_tensors(path)
    assert not (tmp_path / "executed").exists()


def _with_pickle(folder: Path, pickled: bytes, values: bytes = b"\0" * 16) -> Path:
    path = folder / "model.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", pickled)
        archive.writestr("model/data/0", values)
    return path


class _Claim:
    """Pickles to a tensor with these numbers, in a storage that is said to have `count` values."""

    def __init__(self, offset: int, shape: Any, strides: Any, count: int = 4) -> None:
        self.count = count
        self.arguments = offset, shape, strides

    def __reduce__(self) -> Any:
        return torch._utils._rebuild_tensor_v2, (self._Storage(self.count), *self.arguments)

    class _Storage(int):
        """Stands for the archive's only storage."""


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing: object) -> Any:
        if isinstance(thing, _Claim._Storage):
            return "storage", torch.FloatStorage, "0", "cpu", int(thing)
        return None


def _claim(offset: int, shape: Any, strides: Any, count: int = 4) -> bytes:
    written = io.BytesIO()
    _Pickler(written, protocol=2).dump(_Claim(offset, shape, strides, count))
    return written.getvalue()


def _nested_tuples(levels: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a pickle of a dictionary whose key is a pair of one pair, and so on: what has to be
    hashed doubles with each level. Between `before` and `after` a pair stays what it is."""
    level = before + b"h\0h\0\x86" + after + b"q\0"
    return b"\x80\x02}" + before + b"NN\x86" + after + b"q\0" + level * levels + b"K\x01s."


def test_the_forged_pickle_is_one_that_can_be_read(tmp_path: Path) -> None:
    path = _with_pickle(tmp_path, _claim(0, (4,), (1,)))
    tensor = read_tensors(path)
    assert isinstance(tensor, Tensor)
    assert tensor.array().shape == (4,)


@pytest.mark.parametrize(
    ("pickled", "complaint"),
    [
        (_claim(0, (5,), (1,)), "reaches beyond"),
        (_claim(1, (4,), (1,)), "reaches beyond"),
        (_claim(0, (2, 2), (3, 1)), "reaches beyond"),
        (_claim(0, (2**31,), (0,)), "reaches beyond"),
        (_claim(0, (2**40, 2**40), (0, 0)), "reaches beyond"),
        (_claim(-1, (4,), (1,)), "negative"),
        (_claim(0, (4,), (-1,)), "negative"),
        (_claim(0, (4.0,), (1,)), "negative"),
        (_claim(0, (4,), (1, 1)), "no known layout"),
        (_claim(0, (1,) * 9, (0,) * 9), "no known layout"),
        (_claim(0, (4,), (1,), count=9), "has 4 values"),
        (_claim(0, 4, 1), "damaged"),
        (b"\x80\x02cbuiltins\neval\n.", "not trusted"),
        (b"\x80\x02(dK\x01\x81.", "more than tensors"),
        (b"\x80\x02K\x01K\x02K\x03R.", r"damaged \(.*argument list must be a tuple"),
        (b"\x80\x02K\x01)R.", r"damaged \('int' object is not callable"),
        (b"\x80\x02ctorch\nFloatStorage\n)R.", "call that is not trusted"),
        (b"\x80\x02ccollections\nOrderedDict\n(]tR.", "call that is not trusted"),
        (b"\x80\x02K\x01K\x02a.", r"damaged \('int' object has no attribute 'append'"),
        (b"\x80\x02K\x01K\x02K\x03s.", r"damaged \('int' object does not support item assign"),
        (b"\x80\x02\x87.", r"damaged \(.*stack underflow"),
        (b"\x80\x02K\x01r\xff\xff\xff\xff.", "notes its part 2 as number 4294967295"),
        (b"\x80\x02(Nctorch\nFloatStorage\n)NK\x04tQ.", "no known storage"),
        (b"\x80\x02(NNX\x01\x00\x00\x000NK\x04tQ.", "no known storage"),
        (b"\x80\x02(Nctorch\nFloatStorage\nX\x01\x00\x00\x000NNtQ.", "no known storage"),
        (b"\x80\x02(Nccollections\nOrderedDict\nX\x01\x00\x00\x000NK\x04tQ.", "damaged"),
        (b"\x80\x02)Q.", "damaged"),
        (b"\x80\x04\x95" + b"\xff" * 7 + b"\x7fK\x01.", "damaged"),
        (b"\x80\x02(U\x01.", "more than tensors"),
        (_claim(0, (4,), (1,))[:-1] + b"}X\x04\x00\x00\x00viewK\x01sb.", "damaged"),
        (_claim(0, (4,), (1,))[:-1] + b"N}X\x04\x00\x00\x00viewK\x01s\x86b.", "damaged"),
        (b"\x80\x02ctorch\nFloatStorage\nN}X\x04\x00\x00\x00nameK\x01s\x86b.", "damaged"),
        (_nested_tuples(60), "uses a tuple again"),
        (_nested_tuples(60, after=b"Nb"), "uses a tuple again"),
        (_nested_tuples(60, b"ctorch._utils\n_rebuild_parameter\n", b"\x85R"), "not trusted"),
        (b"\x80\x02h\x09.", "damaged"),
        (b"\x80\x02t.", "damaged"),
        (b"\x80\x02", "damaged"),
        (b"", "damaged"),
        (b"\xff\xff", "damaged"),
    ],
)
def test_a_pickle_that_lies_is_refused(tmp_path: Path, pickled: bytes, complaint: str) -> None:
    with pytest.raises(BadModelFile, match=complaint):
        read_tensors(_with_pickle(tmp_path, pickled))


def test_attributes_of_an_ordered_dictionary_are_passed_over(tmp_path: Path) -> None:
    module = torch.nn.Linear(2, 3)
    state = module.state_dict()
    assert state._metadata
    tree = read_tensors(_saved(state, tmp_path))
    assert isinstance(tree, dict)
    assert list(tree) == ["weight", "bias"]
    assert not hasattr(tree, "_metadata")


def test_other_byte_orders_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", b"\x80\x02}.")
        archive.writestr("model/byteorder", b"big")
    with pytest.raises(BadModelFile, match="big-endian"):
        read_tensors(path)
