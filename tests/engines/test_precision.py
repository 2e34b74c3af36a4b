"""Which numbers the decoder gets: integers on a processor, floats of 16 bits on a GPU, and when."""

from typing import Any

import pytest

from wyoming_kokoro.engines.precision import (
    Native,
    chosen_half,
    chosen_native,
    integers_to_try,
    subject_of,
)
from wyoming_kokoro.engines.verdict import Verdict

GOOD, BAD = Verdict(passed=True, reason="alike"), Verdict(passed=False, reason="hisses")


def test_auto_takes_the_quickest_integers_that_check_has_not_heard() -> None:
    assert chosen_native("auto", "int8", {}) == "int8"
    assert chosen_native("auto", "int8", {"int8": GOOD}) == "int8"
    assert chosen_native("auto", "int8", {"int8": BAD}) == "int16"
    assert chosen_native("auto", "int8", {"int8": BAD, "int16": BAD}) == "fp32"
    assert chosen_native("auto", "int16", {"int8": GOOD}) == "int16", "8 bits gain nothing there"
    assert chosen_native("auto", "fp32", {}) == "fp32"


@pytest.mark.parametrize("asked", ["fp32", "int16", "int8"])
def test_what_is_asked_for_is_had_whatever_was_found(asked: Native) -> None:
    for found in (GOOD, BAD):
        assert chosen_native(asked, "int16", {"int8": found, "int16": found}) == asked


def test_integers_are_tried_from_the_quickest_on() -> None:
    assert integers_to_try("int8") == ("int8", "int16")
    assert integers_to_try("int16") == ("int16",)
    assert integers_to_try("fp32") == ()


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
