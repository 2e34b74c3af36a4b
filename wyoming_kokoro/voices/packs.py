"""The voice pack: one style for each length of sentence, checked before anything speaks with it,
and kept in memory while it is asked for.
"""

import hashlib
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.speech import STYLE_SIZE

Pack = npt.NDArray[np.float32]
"""Styles of a voice, shape (rows, 256), read-only; row n suits a sentence of about n phonemes."""

MAX_ROWS = 512
"""The model takes 510 phonemes; released packs have 510 rows, those of v0.19 have 511."""

MAX_MAGNITUDE = 100.0
"""Values of released packs lie within -3..3; what is far beyond is the data of something else."""


def check_shape(shape: tuple[int, ...]) -> int:
    """Return the rows of a pack that is stored as (rows, 256) or (rows, 1, 256).

    Raises:
        BadVoiceFile: it is another shape, or has no row, or more than 512.
    """
    if len(shape) == 3 and shape[1] == 1:
        shape = (shape[0], shape[2])
    if len(shape) != 2 or shape[1] != STYLE_SIZE or not 1 <= shape[0] <= MAX_ROWS:
        shown = " x ".join(str(size) for size in shape[:6])
        raise BadVoiceFile(
            f"its shape is {shown[:80] or 'a single number'}; "
            f"a voice is 1 to {MAX_ROWS} rows of {STYLE_SIZE} values"
        )
    return shape[0]


def as_pack(values: npt.NDArray[np.floating]) -> Pack:
    """Return float16, float32 or float64 `values` as a pack of their own memory.

    Raises:
        BadVoiceFile: the shape is wrong, or a value is not finite or far too large.
    """
    rows = check_shape(values.shape)
    # Least and greatest are NaN where any value is, and take no memory to find.
    extremes = float(values.min()), float(values.max())
    if not np.isfinite(extremes).all():
        raise BadVoiceFile("it holds values that are no numbers (NaN or infinite)")
    largest = max(map(abs, extremes))
    if largest > MAX_MAGNITUDE:
        raise BadVoiceFile(f"it holds a value of size {largest:.3g}; those of a voice are small")
    pack = np.array(values, dtype=np.float32, order="C").reshape(rows, STYLE_SIZE)
    pack.flags.writeable = False
    return pack


def style_vector(pack: Pack, row: int) -> Pack:
    """Return the style for `row`, shape (256,); beyond the pack's end it is the last row.

    A pack made by a user may have fewer rows than the longest sentence needs.
    """
    style: Pack = pack[min(max(row, 0), len(pack) - 1)]
    return style


_KEYS: dict[int, tuple[weakref.ref[Pack], str]] = {}
"""Keys of packs that are in memory, by identity: half a millisecond each."""


def pack_key(pack: Pack) -> str:
    """Return what the voice is known by wherever its pack comes from: the sha256, in hexadecimal,
    of its values as float16, which packs are kept in as well."""
    place = id(pack)
    if (kept := _KEYS.get(place)) and kept[0]() is pack:
        return kept[1]
    key = hashlib.sha256(pack.astype("<f2").tobytes()).hexdigest()
    if not pack.flags.writeable:  # what may change is not remembered
        _KEYS[place] = weakref.ref(pack, lambda _gone: _KEYS.pop(place, None)), key
    return key


class PackCache:
    """Keeps the last `size` packs that were asked for. Any thread may ask."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._packs: OrderedDict[Hashable, Pack] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Pack]) -> Pack:
        """Return the pack kept under `key`, or else what `make` returns, and keep that.

        The lock is not held meanwhile: two threads may make the same pack, one of them is kept.
        """
        with self._lock:
            if key in self._packs:
                self._packs.move_to_end(key)
                return self._packs[key]
        made = make()
        with self._lock:
            pack = self._packs.setdefault(key, made)
            self._packs.move_to_end(key)
            while len(self._packs) > self._size:
                self._packs.popitem(last=False)
        return pack
