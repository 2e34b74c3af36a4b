"""What numbers the engine's heaviest work is done in: settings, the device and what `check` has
found in, a type of numbers out.

On a GPU that may be floats of 16 bits, on a processor integers of 16 or 8 bits; else it is float32.
"""

from typing import Literal, cast

from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import ConfigurationError

Half = Literal["fp16", "bf16"]
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

Native = Literal["fp32", "int16", "int8"]
"""Types of numbers that the native generator's styled convolutions multiply: activations of 12 or 8
bits in the latter two, and weights of 8 bits a row. Sums and all between them are float32."""

_BY_SPEED: tuple[Native, ...] = ("int8", "int16")


def subject_of(device: str) -> str:
    """Return the subject of the verdict on fp16 on `device`: other devices add up otherwise."""
    return f"fp16-{device}"


def range_remedy(precision: str) -> str:
    """Return what to try where numbers have become infinite, besides what is tried in fp32."""
    return "; or they exceed the range of fp16: use --precision fp32" if precision == "fp16" else ""


def chosen_half(
    engine: Literal["onnx", "torch"], precision: str, device: str, verdicts: Verdicts
) -> Half | None:
    """Return the type of 16 bits that the decoder is to work in, None where it is none.

    `precision` is as in the settings, `device` is what the engine runs on, and `verdicts` are what
    was found out about its checkpoint on this machine: `auto` waits for one. The engine torch is
    the yardstick, and `auto` leaves it as it is.

    Raises:
        ConfigurationError: what was asked for cannot be had.
    """
    check_half(engine, precision, device)
    if precision in ("fp16", "bf16"):
        return cast("Half", precision)
    if precision != "auto" or engine == "torch" or device == "cpu":
        return None
    found = verdicts.get(subject_of(device))
    return "fp16" if found and found.passed else None


def check_half(engine: Literal["onnx", "torch"], precision: str, device: str) -> None:
    """Refuse a `precision` of 16 bits that `engine` does not have on `device`.

    Raises:
        ConfigurationError: it does not.
    """
    if precision not in ("fp16", "bf16"):
        return
    if device == "cpu":
        raise ConfigurationError(
            f"--precision {precision} is for a GPU, but the engine runs on the processor: use "
            "--precision auto there, or --device cuda where there is a GPU"
        )
    if precision == "bf16" and engine == "onnx":
        # Of what the decoder is made of, ONNX Runtime's CUDA provider has convolutions in bf16
        # (Conv-22, and microsoft/onnxruntime#25740 could not run one), but no ConvTranspose
        # (#28476), InstanceNormalization or Sin: docs/OperatorKernels.md there.
        raise ConfigurationError(
            "--precision bf16 is not for the engine onnx, as ONNX Runtime cannot compute all of "
            "the decoder in it: use --precision fp16, or --engine torch"
        )


def integers_to_try(quickest: Native) -> tuple[Native, ...]:
    """Return the integers that may speak in place of fp32 on a processor, best first, where
    `quickest` is what takes it least time."""
    return _BY_SPEED[_BY_SPEED.index(quickest) :] if quickest in _BY_SPEED else ()


def chosen_native(precision: str, quickest: Native, verdicts: Verdicts) -> Native:
    """Return what the native generator is to compute in.

    `precision` is as in the settings, `quickest` is what takes this processor least time, and
    `verdicts` are what was found out about the checkpoint: `auto` takes the quickest that `check`
    has not heard.
    """
    if precision in ("int16", "int8"):
        return cast("Native", precision)
    if precision != "auto":
        return "fp32"
    unheard = (
        numbers
        for numbers in integers_to_try(quickest)
        if not (found := verdicts.get(numbers)) or found.passed
    )
    return next(unheard, "fp32")
