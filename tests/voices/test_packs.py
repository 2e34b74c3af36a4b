import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.support.voice_files import pack
from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.voices import packs
from wyoming_kokoro.voices.packs import (
    Pack,
    PackCache,
    as_pack,
    check_shape,
    pack_key,
    style_vector,
)


@pytest.mark.parametrize("shape", [(510, 256), (510, 1, 256), (511, 1, 256), (1, 256), (512, 256)])
def test_rows_may_stand_alone_or_in_batches_of_one(shape: tuple[int, ...]) -> None:
    assert check_shape(shape) == shape[0]
    assert as_pack(np.zeros(shape, np.float32)).shape == (shape[0], 256)


@pytest.mark.parametrize(
    "shape", [(), (256,), (0, 256), (513, 256), (510, 255), (510, 2, 256), (1, 510, 1, 256)]
)
def test_another_shape_is_refused_and_told(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadVoiceFile, match="shape"):
        check_shape(shape)


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4"])
def test_every_kind_of_float_becomes_float32_of_its_own(dtype: str) -> None:
    values = pack().astype(dtype)
    made = as_pack(values)
    assert made.dtype == np.float32
    assert np.array_equal(made, values.astype(np.float32))
    assert not np.shares_memory(made, values)
    assert not made.flags.writeable


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(value: float) -> None:
    values = pack()
    values[17, 3] = value
    with pytest.raises(BadVoiceFile, match="no numbers"):
        as_pack(values)


def test_values_that_no_voice_has_are_refused() -> None:
    with pytest.raises(BadVoiceFile, match="1e\\+30"):
        as_pack(np.full((510, 256), -1e30))


def test_a_row_beyond_the_end_is_the_last_one() -> None:
    voice = as_pack(pack(rows=20))
    assert np.array_equal(style_vector(voice, 7), voice[7])
    assert np.array_equal(style_vector(voice, 509), voice[19])
    assert np.array_equal(style_vector(voice, -1), voice[0])
    assert style_vector(voice, 3).shape == (256,)


def test_a_kept_pack_is_not_made_again() -> None:
    cache = PackCache(2)
    first = cache.get("a", pack)
    assert cache.get("a", lambda: pack(1)) is first


def test_the_pack_that_was_asked_for_longest_ago_goes_first() -> None:
    cache = PackCache(2)
    kept = [cache.get(key, pack) for key in "ab"]
    cache.get("a", pack)
    cache.get("c", pack)
    assert cache.get("a", pack) is kept[0]
    assert cache.get("b", pack) is not kept[1]


def test_threads_that_make_the_same_pack_at_once_get_the_same_one() -> None:
    cache = PackCache(4)
    together = threading.Barrier(4, timeout=30)

    def make() -> Pack:
        together.wait()
        return pack()

    with ThreadPoolExecutor(4) as threads:
        packs = list(threads.map(lambda _: cache.get("a", make), range(4)))
    assert all(one is packs[0] for one in [*packs, cache.get("a", pack)])


def test_a_pack_that_cannot_be_made_leaves_nothing_behind() -> None:
    cache = PackCache(4)

    def fail() -> Pack:
        raise OSError

    for _ in range(2):
        try:
            cache.get("a", fail)
        except OSError:
            continue
        raise AssertionError
    assert cache.get("a", pack).shape == (510, 256)


def test_copies_of_a_voice_in_float16_and_float32_have_one_key_and_others_another() -> None:
    voice = pack(1)
    key = pack_key(as_pack(voice))
    assert pack_key(as_pack(voice.astype(np.float16))) == key
    assert pack_key(as_pack(voice.astype(np.float64))) == key
    changed = voice.copy()
    changed[3, 7] += 0.01
    others = [as_pack(changed), as_pack(pack(2)), as_pack(voice[:100])]
    assert len({key, *map(pack_key, others)}) == 4


def test_the_key_of_a_pack_is_computed_once_and_forgotten_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    voice = as_pack(pack(3))
    key = pack_key(voice)
    monkeypatch.setattr(packs, "hashlib", None)  # nothing could be computed now
    assert pack_key(voice) == key
    place = id(voice)
    del voice
    assert place not in packs._KEYS
