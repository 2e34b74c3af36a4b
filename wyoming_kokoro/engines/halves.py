"""Whether the decoder works in numbers of 16 bits, and in which: settings, the device and what
`check` has found in, a type of numbers out.
"""

from typing import Literal, cast

from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import ConfigurationError

Halves = Literal["fp16", "bf16"]
"""Types of numbers: 11 bits of significand and a range to 65504, or 8 bits and that of fp32."""

EXACT = (
    "decoder.F0_conv",
    "decoder.N_conv",
    "decoder.generator.noise_convs.0",
    "decoder.generator.noise_convs.1",
    "decoder.generator.conv_post",
)
"""The decoder's convolutions that stay in float32, a hundredth of the work: those that read hertz,
energy and phases, and the one that makes the logarithms and phases of the sound's spectrum. What
follows it, exponentials and the inverse transform, does too."""


def subject_of(device: str) -> str:
    """Return the subject of the verdict on fp16 on `device`: other devices add up otherwise."""
    return f"fp16-{device}"


def range_remedy(precision: str) -> str:
    """Return what to try where numbers have become infinite, besides what is tried in fp32."""
    return "; or they exceed the range of fp16: use --precision fp32" if precision == "fp16" else ""


def chosen_halves(
    engine: Literal["onnx", "torch"], precision: str, device: str, verdicts: Verdicts
) -> Halves | None:
    """Return what the decoder is to work in, None where that is no type of 16 bits.

    `precision` is as in the settings, `device` is what the engine runs on, and `verdicts` are what
    was found out about its checkpoint on this machine: `auto` waits for one. The engine torch is
    the yardstick, and `auto` leaves it as it is.

    Raises:
        ConfigurationError: what was asked for cannot be had.
    """
    check_halves(engine, precision, device)
    if precision in ("fp16", "bf16"):
        return cast("Halves", precision)
    if precision != "auto" or engine == "torch" or device == "cpu":
        return None
    found = verdicts.get(subject_of(device))
    return "fp16" if found and found.passed else None


def check_halves(engine: Literal["onnx", "torch"], precision: str, device: str) -> None:
    """Refuse a `precision` of 16 bits that `engine` does not have on `device`.

    Raises:
        ConfigurationError: it does not.
    """
    if precision not in ("fp16", "bf16"):
        return
    if device == "cpu":
        faster = "--precision int8" if engine == "onnx" else "--precision fp32"
        raise ConfigurationError(
            f"--precision {precision} is for a GPU, but the engine runs on the processor: use "
            f"{faster} or --precision auto there, or --device cuda where there is a GPU"
        )
    if precision == "bf16" and engine == "onnx":
        # Of what the decoder is made of, ONNX Runtime's CUDA provider has convolutions in bf16
        # (Conv-22, and microsoft/onnxruntime#25740 could not run one), but no ConvTranspose
        # (#28476), InstanceNormalization or Sin: docs/OperatorKernels.md there.
        raise ConfigurationError(
            "--precision bf16 is not for the engine onnx, as ONNX Runtime cannot compute all of "
            "the decoder in it: use --precision fp16, or --engine torch"
        )
