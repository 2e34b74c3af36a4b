import threading
from concurrent.futures import ThreadPoolExecutor

from tests.support.voice_files import pack
from wyoming_kokoro.voices.cache import PackCache
from wyoming_kokoro.voices.packs import Pack


def test_a_kept_pack_is_not_made_again() -> None:
    cache = PackCache(2)
    first = cache.get("a", pack)
    assert cache.get("a", lambda: pack(1)) is first


def test_the_pack_that_was_asked_for_longest_ago_goes_first() -> None:
    cache = PackCache(2)
    kept = [cache.get(key, pack) for key in "ab"]
    cache.get("a", pack)
    cache.get("c", pack)
    assert len(cache) == 2
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
    assert all(one is packs[0] for one in packs)
    assert len(cache) == 1


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
    assert len(cache) == 0
    assert cache.get("a", pack).shape == (510, 256)
