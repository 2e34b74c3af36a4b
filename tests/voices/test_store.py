import itertools
import sys
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.voice_files import SHARED, npy, pack, write_bin, write_npz, write_pt
from wyoming_kokoro.errors import (
    BadVoiceFile,
    ConfigurationError,
    ModelUnavailable,
    UnknownVoice,
)
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.voices.store import VoiceStore

OFFICIAL = ("af_heart", "af_bella", "am_adam", "bf_emma")


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """The folder of a release, with two of its four voices."""
    folder = tmp_path / "models" / "v1.0" / "voices"
    folder.mkdir(parents=True)
    write_pt(folder / "af_heart.pt", pack(1))
    write_pt(folder / "bf_emma.pt", pack(2))
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The folder of a user's voices, with one."""
    folder = tmp_path / "voices"
    folder.mkdir()
    (folder / "Anna.npy").write_bytes(npy(pack(3, rows=100)))
    return folder


def store(official: Path, mine: Path, **settings: Any) -> VoiceStore:
    return VoiceStore("v1.0", OFFICIAL, 510, official, [mine], **settings)


@pytest.fixture
def voices(official: Path, mine: Path) -> VoiceStore:
    return store(official, mine, blends={"kitchen": "af_heart(2)+bf_emma(1)@1.1"})


def test_released_voices_are_offered_before_they_are_fetched_and_users_voices_after(
    voices: VoiceStore,
) -> None:
    assert voices.names() == (*OFFICIAL, "Anna", "kitchen")


def test_voices_of_a_combined_archive_are_offered_only_if_they_are_in_it(
    official: Path, mine: Path
) -> None:
    write_npz(official / "voices-v1.0.bin", {"bf_emma": pack(), "am_adam": pack()})
    assert store(official, mine, source="combined").names() == ("am_adam", "bf_emma", "Anna")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("af_heart", "v1.0/af_heart"),
        ("V1.0/AF_Heart", "v1.0/af_heart"),
        ("anna@1.5", "v1.0/Anna@1.5"),
        ("anna+Anna", "v1.0/Anna"),
        ("anna, af_heart(.5)", "v1.0/Anna+af_heart(0.5)"),
        ("kitchen", "v1.0/af_heart+bf_emma(0.5)@1.1"),
        ("v1.0/Kitchen@1.2", "v1.0/af_heart+bf_emma(0.5)@1.32"),
        ("kitchen@2", "v1.0/af_heart+bf_emma(0.5)@2"),
    ],
)
def test_a_voice_is_resolved_to_existing_names(
    voices: VoiceStore, text: str, canonical: str
) -> None:
    resolved = voices.resolve(text)
    assert str(resolved.spec) == canonical
    assert voices.resolve(str(resolved.spec)) == voices.resolve(resolved.spec) == resolved


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("af_hart", "did you mean af_heart"),
        ("heart", "did you mean af_heart"),
        ("af_heart+bf_ema", "did you mean bf_emma"),
        ("xyzzy", "`wyoming-kokoro voices` lists them"),
        ("v0.19/af_heart", "no voice of v1.0"),
        ("kitchen+af_heart", "only voices can be blended"),
    ],
)
def test_an_unknown_voice_is_told_with_the_nearest(
    voices: VoiceStore, text: str, reason: str
) -> None:
    with pytest.raises(UnknownVoice, match=reason):
        voices.resolve(text)


def test_case_matters_where_two_voices_differ_in_nothing_else(official: Path, mine: Path) -> None:
    write_pt(mine / "anna.pt", pack(4))
    voices = store(official, mine)
    assert voices.resolve("anna").spec.leading == "anna"
    assert voices.resolve("Anna").spec.leading == "Anna"
    with pytest.raises(UnknownVoice, match="did you mean Anna or anna"):
        voices.resolve("ANNA")


def test_what_is_missing_is_named_and_cannot_be_read(voices: VoiceStore) -> None:
    voice = voices.resolve("af_heart+am_adam+Anna+af_bella")
    assert voice.missing == ("am_adam", "af_bella")
    with pytest.raises(ModelUnavailable, match="am_adam is not on this machine"):
        voices.pack(voice)


def test_packs_are_those_of_the_files_and_blends_their_weighted_mean(voices: VoiceStore) -> None:
    heart, emma = voices.pack(voices.resolve("af_heart")), voices.pack(voices.resolve("bf_emma"))
    assert np.array_equal(heart, pack(1))
    assert np.array_equal(emma, pack(2))
    kitchen = voices.pack(voices.resolve("kitchen"))
    np.testing.assert_allclose(kitchen, (2 * heart + emma) / 3, rtol=1e-5, atol=1e-6)
    assert voices.pack(voices.resolve("af_heart(2)+bf_emma@1.7")) is kitchen


def test_a_users_pack_may_be_short_but_a_released_one_has_all_its_rows(
    official: Path, mine: Path
) -> None:
    write_pt(official / "af_bella.pt", pack(rows=511))
    voices = store(official, mine)
    assert voices.pack(voices.resolve("Anna")).shape == (100, 256)
    assert voices.pack(voices.resolve("Anna+af_heart")).shape == (510, 256)
    with pytest.raises(BadVoiceFile, match=r"af_bella\.pt.*511 rows.*have 510"):
        voices.pack(voices.resolve("af_bella"))


def test_a_raw_voice_with_fewer_rows_than_the_version_has_is_refused_with_both_numbers(
    official: Path, mine: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_bin(mine / "cut.bin", pack(5, rows=100))
    write_bin(mine / "whole.bin", pack(5))
    voices = store(official, mine)
    assert {"cut", "whole"} & {*voices.names()} == {"whole"}
    assert "voice file cut.bin: it is incomplete: 100 rows of 510" in caplog.text
    write_bin(mine / "cut.bin", pack(5))  # copied again, it counts at once
    assert voices.pack(voices.resolve("cut")).shape == (510, 256)


def test_a_raw_voice_that_is_cut_after_it_was_offered_is_refused_when_it_is_asked_for(
    official: Path, mine: Path
) -> None:
    write_bin(mine / "one.bin", pack(5))
    voices = store(official, mine)
    voice = voices.resolve("one")
    write_bin(mine / "one.bin", pack(5, rows=509))
    with pytest.raises(BadVoiceFile, match=r"one\.bin: it is incomplete: 509 rows of 510"):
        voices.pack(voice)
    with pytest.raises(UnknownVoice, match="there is no voice 'one'"):
        voices.resolve("one")


def test_raw_voices_of_a_model_whose_rows_are_not_known_may_have_any_number(mine: Path) -> None:
    write_bin(mine / "short.bin", pack(5, rows=40))
    voices = VoiceStore("v1.0", (), None, None, [mine])
    assert voices.pack(voices.resolve("short")).shape == (40, 256)


def test_a_voice_that_is_added_changed_or_removed_counts_at_once(
    voices: VoiceStore, mine: Path
) -> None:
    assert "new" not in voices.names()
    write_pt(mine / "new.pt", pack(7))
    assert "new" in voices.names()
    before = voices.pack(voices.resolve("new+af_heart"))
    assert np.array_equal(voices.pack(voices.resolve("new")), pack(7))
    write_pt(mine / "newer", pack(8)).replace(mine / "new.pt")
    unread = voices.resolve("new")
    assert not np.array_equal(voices.pack(voices.resolve("new+af_heart")), before)
    assert np.array_equal(voices.pack(unread), pack(8))
    write_pt(mine / "newest", pack(9)).replace(mine / "new.pt")
    unread = voices.resolve("new")
    (mine / "new.pt").unlink()
    assert "new" not in voices.names()
    with pytest.raises(BadVoiceFile, match=r"new\.pt: it cannot be read"):
        voices.pack(unread)
    with pytest.raises(UnknownVoice, match="there is no voice 'new'"):
        voices.resolve("new")


def test_a_folder_that_appears_later_counts_at_once(tmp_path: Path) -> None:
    voices = VoiceStore("v1.0", OFFICIAL, 510, tmp_path / "official", [tmp_path / "mine"])
    assert voices.names() == OFFICIAL
    (tmp_path / "mine").mkdir()
    write_pt(tmp_path / "mine" / "anna.pt", pack())
    assert voices.names() == (*OFFICIAL, "anna")


def test_voices_beside_a_model_of_ones_own_need_no_release(mine: Path) -> None:
    write_pt(mine / "af_heart.pt", pack(5, rows=40))
    voices = VoiceStore("v1.0", (), None, None, [mine])
    assert voices.names() == ("Anna", "af_heart")
    assert np.array_equal(voices.pack(voices.resolve("af_heart")), pack(5, rows=40))


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("kit chen", "af_heart", "a name has letters"),
        ("../kitchen", "af_heart", "a name has letters"),
        ("af_bella", "af_heart", "already"),
        ("kitchen", "af_heart(0)", "above 0"),
        ("kitchen", "v0.19/af_heart", "the model is v1.0"),
    ],
)
def test_a_blend_that_cannot_be_is_a_configuration_error(
    official: Path, mine: Path, name: str, text: str, reason: str
) -> None:
    with pytest.raises(
        ConfigurationError, match=f"--blend {name}=.*{reason}".replace("..", r"\.\.")
    ):
        store(official, mine, blends={name: text})


@pytest.mark.parametrize("fetches", [True, False])
def test_a_blend_of_a_voice_that_is_not_here_is_told_where_nothing_is_fetched(
    tmp_path: Path, fetches: bool, caplog: pytest.LogCaptureFixture
) -> None:
    VoiceStore("v1.0", OFFICIAL, 510, tmp_path, blends={"k": "AF_Bella"}, fetches=fetches)
    told = [record.getMessage() for record in caplog.records]
    reason = "af_bella is not on this machine, and offline it is not fetched"
    assert told == ([] if fetches else [f"The blend k is not offered: {reason}"])


def test_a_blend_of_what_is_not_there_is_told_and_offered_when_it_is(
    official: Path, mine: Path, caplog: pytest.LogCaptureFixture
) -> None:
    voices = store(official, mine, blends={"hall": "bert+Anna", "self": "self", "loop": "hall"})
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        f"The blend {name} is not offered" for name in ("hall", "self", "loop")
    ]
    assert voices.names() == (*OFFICIAL, "Anna")
    for name in ("hall", "self", "loop"):
        with pytest.raises(UnknownVoice):
            voices.resolve(name)
    write_pt(mine / "bert.pt", pack())
    assert voices.names() == (*OFFICIAL, "Anna", "bert", "hall")


@pytest.mark.slow
def test_ten_thousand_blends_leave_no_more_packs_in_memory_than_the_setting(
    official: Path, mine: Path
) -> None:
    write_pt(mine / "a.pt", pack(1, rows=2))
    write_pt(mine / "b.pt", pack(2, rows=2))
    voices = store(official, mine, cache_packs=64)
    packs: list[weakref.ref[Any]] = []
    for weight in range(1, 10_001):
        packs.append(weakref.ref(voices.pack(voices.resolve(f"a(10000)+b({weight})"))))
        if weight % 100 == 0:
            assert sum(pack() is not None for pack in packs) == 64 - 2  # beside a and b


def test_many_threads_get_the_same_packs(voices: VoiceStore) -> None:
    texts = ["af_heart", "bf_emma", "Anna", "kitchen", "af_heart,Anna"]

    def read(text: str) -> bytes:
        return voices.pack(voices.resolve(text)).tobytes()

    expected = {text: read(text) for text in texts}
    with ThreadPoolExecutor(8) as threads:
        for text, data in zip(texts * 20, threads.map(read, texts * 20), strict=True):
            assert data == expected[text]


class Opened:
    """Notes every file and folder that this process opens, while it is asked to."""

    def __init__(self) -> None:
        self.paths: list[str] | None = None
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.paths is not None and event in ("open", "os.scandir", "os.listdir"):
            self.paths.append(str(arguments[0]))

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        paths: list[str] = []
        self.paths = paths
        try:
            yield paths
        finally:
            self.paths = None


OPENED = Opened()

HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "v1.0/../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "~/.ssh/id_rsa",
    "file:///etc/passwd",
    "secret.pt",
    "../secret",
    "../secret.pt",
    "secret",
    "x.pt",
    "a\0b",
    "af_heart\0.pt",
    "CON",
    "\\\\server\\share",
    "\ud800",
    "a" * 10_000,
    "+".join(["af_heart"] * 1000),
    ",".join(f"v{i}" for i in range(1000)),
    "af_heart+../../etc/passwd",
    "af_heart(../../etc/passwd)",
    "af_heart@../../etc/passwd",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:30]))
def test_a_hostile_voice_opens_no_file_outside_the_folders(
    official: Path, mine: Path, tmp_path: Path, text: str
) -> None:
    write_pt(tmp_path / "secret.pt", pack())
    voices = store(official, mine)
    voices.names()  # reads users' files
    with OPENED.noting() as paths, pytest.raises(UnknownVoice):
        voices.pack(voices.resolve(text))
    assert set(paths) <= {str(official), str(mine)}


def test_the_watch_over_files_sees_what_a_voice_opens(official: Path, mine: Path) -> None:
    voices = store(official, mine)
    with OPENED.noting() as paths:
        voices.pack(voices.resolve("af_heart"))
    assert str(official / "af_heart.pt") in paths


@settings(
    deadline=None,
    max_examples=200,
    # The folders are only read, so that one will do for all examples.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text()
    | st.text(alphabet="afhert_bm/+,()@. 12\0", max_size=30)
    | st.lists(st.sampled_from([*OFFICIAL, "Anna", "kitchen", "(2)", "@1.1", "+", "v1.0/"])).map(
        "".join
    )
)
def test_any_text_is_a_voice_or_refused_as_documented(voices: VoiceStore, text: str) -> None:
    with OPENED.noting() as paths:
        try:
            made = voices.pack(voices.resolve(text))
        except (UnknownVoice, ModelUnavailable):
            pass
        else:
            assert made.shape == (100 if "Anna" in text and "_" not in text else 510, 256)
    assert all("voices" in Path(path).parts for path in paths)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no released voices at {SHARED}")
def test_released_voices_of_the_catalog_are_found_and_blended(tmp_path: Path) -> None:
    version = version_named("v1.0")
    voices = VoiceStore(version.name, version.voices, version.pack_rows, SHARED, [tmp_path])
    assert len(voices.names()) == 54
    here = sorted(path.stem for path in SHARED.glob("*.pt"))
    for one, other in itertools.pairwise(here):
        voice = voices.resolve(f"{one}+{other}")
        assert voice.missing == ()
        assert voices.pack(voice).shape == (510, 256)
    assert voices.resolve("am_puck").missing == ("am_puck",)
