"""What numbers the engine's heaviest work is done in: settings, the device, what `check` has found
and what Linux says of the processor in, a type of numbers out.

On a GPU that may be floats of 16 bits, on a processor integers of 8 bits; else it is float32.
"""

import platform
from dataclasses import dataclass
from pathlib import Path
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

CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a convolution is done in integers of 8 bits."""

    name: str
    """Also the subject of its verdict."""

    activations: Literal["uint8", "int8"]

    largest_weight: int
    """Weights are whole numbers from minus this to this."""


FULL = Scheme("u8s8", "uint8", 127)
"""For processors whose instructions for it (VNNI) add products of 8 bits up in 32 bits."""

REDUCED = Scheme("u8s7", "uint8", 63)
"""For plain AVX2, which adds pairs of products up in 16 bits, where two of 255 * 127 do not fit:
weights have 7 bits."""

SIGNED = Scheme("s8s8", "int8", 127)
"""For ARM with its dot product of signed numbers (`asimddp`)."""

SCHEMES = (FULL, REDUCED, SIGNED)

_X86 = ({"avx512_vnni", "avx512bw", "avx512vl"}, FULL), ({"avx_vnni"}, FULL), ({"avx2"}, REDUCED)
_ARM = (({"asimddp"}, SIGNED),)
_KNOWN = {"x86_64": _X86, "aarch64": _ARM}
"""By architecture: flags that Linux lists, and the scheme for a processor that has them all; the
best comes first."""


def scheme_here() -> Scheme | None:
    """Return the scheme for this processor, None for one that is not known."""
    try:
        information = CPU_INFO.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return scheme_for(platform.machine(), information)


def scheme_for(machine: str, information: str) -> Scheme | None:
    """Return the scheme for a processor of architecture `machine`, as `/proc/cpuinfo` describes it.

    Where cores differ, the weakest decides.
    """
    lines = [line.partition(":") for line in information.splitlines()]
    flags = [set(rest.split()) for key, _, rest in lines if key.strip() in ("flags", "Features")]
    if not flags:
        return None
    common = set.intersection(*flags)
    return next((scheme for needs, scheme in _KNOWN.get(machine, ()) if needs <= common), None)


@dataclass(frozen=True, slots=True)
class Reduction:
    """What is to be done in integers."""

    scheme: Scheme

    keep: tuple[str, ...] = ()
    """Modules of the generator that are not."""


Precision = Half | Reduction | None
"""What an engine is made to compute in; None is float32."""


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


def chosen_reduction(
    precision: Literal["auto", "fp32", "int8", "fp16", "bf16"], device: str, verdicts: Verdicts
) -> Reduction | None:
    """Return what is to be done in integers, None where nothing is.

    `precision` is as in the settings, `device` is what the engine runs on, and `verdicts` are what
    was found out about its checkpoint on this machine: `auto` waits for one.

    Raises:
        ConfigurationError: int8 was asked for, and cannot be had here.
    """
    if precision not in ("auto", "int8"):
        return None
    trouble, scheme = why_not(device), scheme_here()
    if trouble or scheme is None:
        if precision == "auto":
            return None
        raise ConfigurationError(trouble)
    found = verdicts.get(scheme.name)
    if precision == "auto" and not (found and found.passed):
        return None
    return Reduction(scheme, found.keep if found else ())


def why_not(device: str) -> str:
    """Return why nothing can be done in integers on `device`, and the remedy; nothing if it can."""
    if device != "cpu":
        return (
            f"--precision int8 is for the processor, but the engine runs on {device}: "
            "use --precision fp16 or auto there, or --device cpu without a --provider"
        )
    if scheme_here() is None:
        return (
            "--precision int8 needs a processor that Linux lists with avx2, avx_vnni or "
            "avx512_vnni, or with asimddp on ARM; this one lacks them: use --precision fp32"
        )
    return ""
