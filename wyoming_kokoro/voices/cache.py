"""The packs that were used last: a key and a way to make the pack come in, the pack goes out."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from wyoming_kokoro.voices.packs import Pack


class PackCache:
    """Keeps the last `size` packs that were asked for. Any thread may ask."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._packs: OrderedDict[Hashable, Pack] = OrderedDict()

    def __len__(self) -> int:
        return len(self._packs)

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
