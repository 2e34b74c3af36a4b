"""Which numbers the decoder gets: integers on a processor, floats of 16 bits on a GPU, and when."""

from pathlib import Path
from typing import Any

import pytest

from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.precision import (
    FULL,
    REDUCED,
    SIGNED,
    Reduction,
    Scheme,
    chosen_half,
    chosen_reduction,
    scheme_for,
    subject_of,
)
from wyoming_kokoro.engines.verdict import Verdict
from wyoming_kokoro.errors import ConfigurationError

HASWELL = "fpu sse4_2 movbe aes avx f16c fma bmi1 avx2 bmi2"
SKYLAKE_SERVER = f"{HASWELL} avx512f avx512dq avx512cd avx512bw avx512vl"
N100 = f"{HASWELL} avx_vnni gfni vaes serialize"
PI_4, PI_5 = "fp asimd evtstrm crc32 cpuid", "fp asimd aes sha2 crc32 atomics fphp asimdhp asimddp"


def x86(flags: str) -> str:
    return f"processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: {flags}\nbugs\t\t: avx2\n"


@pytest.mark.parametrize(
    ("machine", "information", "scheme"),
    [
        ("x86_64", x86(f"{SKYLAKE_SERVER} avx512_vnni"), FULL),
        ("x86_64", x86(N100), FULL),
        ("x86_64", x86(SKYLAKE_SERVER), REDUCED),
        ("x86_64", x86(HASWELL), REDUCED),
        ("x86_64", x86("fpu sse4_2 avx"), None),
        ("x86_64", x86(f"{HASWELL} avx512_vnni"), REDUCED),
        ("aarch64", f"processor\t: 0\nFeatures\t: {PI_5}\n", SIGNED),
        ("aarch64", f"processor\t: 0\nFeatures\t: {PI_4}\n", None),
        ("aarch64", f"Features\t: {PI_5}\n\nFeatures\t: {PI_4}\n", None),
        ("riscv64", "isa\t: rv64imafdcv\n", None),
        ("arm64", "", None),
        ("x86_64", "", None),
    ],
)
def test_the_scheme_follows_what_all_cores_can_do(
    machine: str, information: str, scheme: Scheme | None
) -> None:
    assert scheme_for(machine, information) is scheme


def test_two_products_of_the_reduced_scheme_fit_in_16_bits() -> None:
    assert 2 * 255 * REDUCED.largest_weight < 2**15 < 2 * 255 * FULL.largest_weight


@pytest.fixture
def processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that describes the processor: one with AVX2 on x86_64."""
    file = tmp_path / "cpuinfo"
    file.write_text(x86(HASWELL))
    monkeypatch.setattr(precision, "CPU_INFO", file)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return file


def test_auto_waits_for_a_verdict_on_the_scheme_of_this_processor(processor: Path) -> None:
    def chosen(**verdicts: Verdict) -> Reduction | None:
        return chosen_reduction("auto", "cpu", verdicts)

    passed, failed = Verdict(passed=True, reason="alike"), Verdict(passed=False, reason="hiss")
    assert chosen() is None
    assert chosen(u8s8=passed) is None, "that is of another machine"
    assert chosen(u8s7=failed) is None
    assert chosen(u8s7=passed) == Reduction(REDUCED)
    assert chosen_reduction("fp32", "cpu", {REDUCED.name: passed}) is None
    assert chosen_reduction("auto", "cuda", {REDUCED.name: passed}) is None
    processor.write_text(x86("sse4_2"))
    assert chosen(u8s7=passed) is None


def test_modules_that_a_verdict_keeps_are_kept(processor: Path) -> None:
    keep = ("decoder.generator.resblocks.5", "decoder.generator.noise_res.1")
    passed = Verdict(passed=True, reason="alike", keep=keep)
    for asked in ("auto", "int8"):
        assert chosen_reduction(asked, "cpu", {REDUCED.name: passed}) == Reduction(REDUCED, keep)


def test_int8_is_had_where_it_is_asked_for(processor: Path) -> None:
    assert chosen_reduction("int8", "cpu", {}) == Reduction(REDUCED)


def test_int8_that_cannot_be_had_is_refused_with_the_remedy(processor: Path) -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"runs on cuda: use --precision fp16 or auto there, or --device cpu",
    ):
        chosen_reduction("int8", "cuda", {})
    processor.unlink()
    with pytest.raises(ConfigurationError, match=r"asimddp on ARM.* use --precision fp32"):
        chosen_reduction("int8", "cpu", {})


GOOD, BAD = Verdict(passed=True, reason="alike"), Verdict(passed=False, reason="hisses")


@pytest.mark.parametrize(
    ("engine", "asked", "device", "chosen"),
    [
        ("onnx", "fp16", "cuda", "fp16"),
        ("onnx", "fp16", "rocm", "fp16"),
        ("onnx", "fp32", "cuda", None),
        ("onnx", "int8", "cpu", None),
        ("torch", "fp16", "cuda", "fp16"),
        ("torch", "bf16", "cuda", "bf16"),
        ("torch", "fp32", "cuda", None),
    ],
)
def test_floats_of_16_bits_that_are_asked_for_are_used_whatever_was_found(
    engine: Any, asked: str, device: str, chosen: str | None
) -> None:
    for found in (GOOD, BAD):
        assert chosen_half(engine, asked, device, {subject_of(device): found}) == chosen


def test_auto_waits_for_a_good_verdict_on_fp16_on_this_very_device() -> None:
    assert chosen_half("onnx", "auto", "cuda", {}) is None
    assert chosen_half("onnx", "auto", "cuda", {subject_of("cuda"): BAD}) is None
    assert chosen_half("onnx", "auto", "cuda", {subject_of("openvino"): GOOD}) is None
    assert chosen_half("onnx", "auto", "cuda", {subject_of("cuda"): GOOD}) == "fp16"


def test_auto_leaves_floats_on_the_processor_and_in_the_yardstick_as_they_are() -> None:
    assert chosen_half("onnx", "auto", "cpu", {subject_of("cpu"): GOOD}) is None
    assert chosen_half("torch", "auto", "cuda", {subject_of("cuda"): GOOD}) is None
