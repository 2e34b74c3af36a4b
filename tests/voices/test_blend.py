import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.voice_files import pack
from wyoming_kokoro.errors import UnknownVoice
from wyoming_kokoro.voices.blend import VoiceSpec, mix, parse
from wyoming_kokoro.voices.packs import as_pack, style_vector

MAX_PARTS = 8


def spec(*parts: tuple[str, float], version: str | None = None, speed: float = 1.0) -> VoiceSpec:
    total = sum(weight for _, weight in parts)
    return VoiceSpec(version, tuple((name, weight / total) for name, weight in parts), speed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("af_heart", spec(("af_heart", 1))),
        ("v0.19/af_bella", spec(("af_bella", 1), version="v0.19")),
        ("af_heart(2)+bf_emma(1)", spec(("af_heart", 2), ("bf_emma", 1))),
        ("af_heart,bf_emma", spec(("af_heart", 1), ("bf_emma", 1))),
        ("af_heart+bf_emma(.5)", spec(("af_heart", 1), ("bf_emma", 0.5))),
        ("af_heart@1.1", spec(("af_heart", 1), speed=1.1)),
        ("a(2),b,a@.5", spec(("a", 3), ("b", 1), speed=0.5)),
        ("v1.0/a+v1.0/b+c", spec(("a", 1), ("b", 1), ("c", 1), version="v1.0")),
        (
            "  a ( 2 ) + \tb , v1.0 / c\n@ 2 ",
            spec(("a", 2), ("b", 1), ("c", 1), version="v1.0", speed=2),
        ),
    ],
)
def test_what_the_grammar_says_is_understood(text: str, expected: VoiceSpec) -> None:
    found = parse(text, MAX_PARTS)
    assert (found.version, found.speed) == (expected.version, expected.speed)
    assert [name for name, _ in found.parts] == [name for name, _ in expected.parts]
    weights = [weight for _, weight in found.parts]
    assert weights == pytest.approx([weight for _, weight in expected.parts], rel=1e-5)
    assert sum(weights) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a voice is a name"),
        ("   ", "a voice is a name"),
        ("a+", "a voice is a name"),
        ("+a", "a voice is a name"),
        ("a b", "a voice is a name"),
        ("a(2", "a voice is a name"),
        ("a()", "a voice is a name"),
        ("../../etc/passwd", "a voice is a name"),
        ("/etc/passwd", "a voice is a name"),
        ("..", "a voice is a name"),
        ("a\0b", "a voice is a name"),
        ("\ud800", "a voice is a name"),
        ("n" * 65, "a voice is a name"),
        ("a" * 10_000, "10,000 characters"),
        ("+".join(["a"] * 9), "at most 8 voices, not 9"),
        ("v1.0/a+v0.19/b", "one model version"),
        ("a(0)", "above 0"),
        ("a(-1)", "above 0"),
        ("a(nan)", "above 0"),
        ("a(inf)", "above 0"),
        ("a(1e9)", "above 0"),
        ("a(1_0)", "above 0"),
        (f"a({'9' * 500})", "above 0"),
        ("a(٣)", "above 0"),
        ("a@", "0.5 to 2.0"),
        ("a@fast", "0.5 to 2.0"),
        ("a@0.49", "0.5 to 2.0"),
        ("a@2.01", "0.5 to 2.0"),
        ("a@1@1", "0.5 to 2.0"),
        ("a@nan", "0.5 to 2.0"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str, reason: str) -> None:
    with pytest.raises(UnknownVoice, match=reason) as refused:
        parse(text, MAX_PARTS)
    assert len(str(refused.value)) < 300
    str(refused.value).encode()


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("af_heart(7)@1.0", "af_heart"),
        (" af_heart ( 4 ) , bf_emma ( 2 ) @ 1.10", "af_heart+bf_emma(0.5)@1.1"),
        ("a(1)+b(3)", "a(0.333333)+b"),
        ("v1.0/a,v1.0/b", "v1.0/a+b"),
        ("a(.000001)+b(999999)", "a(0.000001)+b"),
    ],
)
def test_one_voice_has_one_canonical_text(text: str, canonical: str) -> None:
    assert str(parse(text, MAX_PARTS)) == canonical


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,6}", fullmatch=True)
NUMBERS = st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,6})?", fullmatch=True)
PARTS = st.builds(lambda name, weight: f"{name}({weight})", NAMES, NUMBERS) | NAMES
SPEEDS = st.sampled_from(["", "@0.5", "@1.234567", "@2"])
TEXTS = st.builds(lambda parts, speed: "+".join(parts) + speed, st.lists(PARTS, min_size=1), SPEEDS)


@given(TEXTS | st.text() | st.text(alphabet="ab/+,()@. 019\0", max_size=30))
def test_any_text_is_a_voice_whose_canonical_text_means_the_same_or_no_voice(text: str) -> None:
    try:
        found = parse(text, MAX_PARTS)
    except UnknownVoice:
        return
    assert parse(str(found), MAX_PARTS) == found
    assert all(0 < weight <= 1 for _, weight in found.parts)
    assert 0.5 <= found.speed <= 2.0


def test_the_greatest_share_leads_and_the_first_of_equals() -> None:
    assert parse("a+b(2)+c(2)", MAX_PARTS).leading == "b"


def test_a_blend_is_the_weighted_mean() -> None:
    a, b = as_pack(pack(1)), as_pack(pack(2))
    mixed = mix([a, b], [2.0, 1.0])
    assert mixed.dtype == np.float32
    assert not mixed.flags.writeable
    np.testing.assert_allclose(mixed, (2 * a + b) / 3, rtol=1e-5, atol=1e-7)


@pytest.mark.torch
def test_a_plain_blend_is_the_mean_that_torch_takes() -> None:
    torch = pytest.importorskip("torch")
    packs = [as_pack(pack(seed)) for seed in range(3)]
    expected = torch.mean(torch.stack([torch.tensor(one) for one in packs]), dim=0).numpy()
    np.testing.assert_allclose(mix(packs, [1 / 3] * 3), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("row", [0, 5, 9, 10, 509])
def test_blending_and_taking_a_row_may_be_exchanged_for_packs_of_any_length(row: int) -> None:
    long, short = as_pack(pack(1)), as_pack(pack(2, rows=10))
    rows = [style_vector(long, row)[None], style_vector(short, row)[None]]
    assert np.array_equal(
        style_vector(mix([long, short], [0.25, 0.75]), row), mix(rows, [0.25, 0.75])[0]
    )
