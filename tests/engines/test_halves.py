"""When the decoder works in numbers of 16 bits, and in which."""

from typing import Any

import pytest

from wyoming_kokoro.engines.halves import chosen_halves, subject_of
from wyoming_kokoro.engines.verdict import Verdict

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
def test_what_is_asked_for_is_used_whatever_was_found(
    engine: Any, asked: str, device: str, chosen: str | None
) -> None:
    for found in (GOOD, BAD):
        assert chosen_halves(engine, asked, device, {subject_of(device): found}) == chosen


def test_auto_waits_for_a_good_verdict_on_this_very_device() -> None:
    assert chosen_halves("onnx", "auto", "cuda", {}) is None
    assert chosen_halves("onnx", "auto", "cuda", {subject_of("cuda"): BAD}) is None
    assert chosen_halves("onnx", "auto", "cuda", {subject_of("openvino"): GOOD}) is None
    assert chosen_halves("onnx", "auto", "cuda", {subject_of("cuda"): GOOD}) == "fp16"


def test_auto_leaves_the_processor_and_the_yardstick_as_they_are() -> None:
    assert chosen_halves("onnx", "auto", "cpu", {subject_of("cpu"): GOOD}) is None
    assert chosen_halves("torch", "auto", "cuda", {subject_of("cuda"): GOOD}) is None
