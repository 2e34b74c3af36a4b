"""What ONNX Runtime computes on: what was asked for and what is installed in, the name of an
execution provider out, with its options; or an error with the remedy.
"""

import logging
import sys
from contextlib import redirect_stdout
from pathlib import Path

from wyoming_kokoro.errors import ConfigurationError

log = logging.getLogger(__name__)

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
OPENVINO = "OpenVINOExecutionProvider"

_SUFFIX = "ExecutionProvider"

_PACKAGES = {
    CUDA: "onnxruntime-gpu",
    "TensorrtExecutionProvider": "onnxruntime-gpu",
    OPENVINO: "onnxruntime-openvino",
    "DmlExecutionProvider": "onnxruntime-directml",
    "MIGraphXExecutionProvider": "onnxruntime-migraphx",
    "ROCMExecutionProvider": "onnxruntime-rocm",
    "QNNExecutionProvider": "onnxruntime-qnn",
}
"""The package that has a provider, to be installed in place of onnxruntime."""

BY_NVIDIA = (CUDA, "TensorrtExecutionProvider")

_OPTIONS = {
    CUDA: {
        # The default, EXHAUSTIVE, tunes each convolution anew for every length that it meets.
        "cudnn_conv_algo_search": "HEURISTIC",
        # The default rounds what goes into float32's products to 11 bits, on GPUs since Ampere:
        # durations would change. Where as much is enough, float16 is faster.
        "use_tf32": "0",
    },
}
"""Options of a provider."""

_BESIDE = {"TensorrtExecutionProvider": CUDA}
"""What does the work that a provider leaves, where the processor need not."""

_GRAPHICS = Path("/dev/dri")
"""Where Linux has the devices of graphics units."""

_GPU_FILES = (Path("/dev/nvidiactl"), Path("/dev/dxg"))
"""What there is where an NVIDIA GPU is: with its driver, and under Windows' Linux."""


def wanted(device: str, provider: str) -> str:
    """Return the provider to use; `device` and `provider` are as in the settings, and the latter
    goes first.

    Raises:
        ConfigurationError: what was asked for is not installed.
    """
    if provider or device == "cuda":
        return _installed(provider or CUDA, asked(device, provider))
    if device == "cpu" or not gpu_is_here():
        return CPU
    if CUDA in available():
        return CUDA
    log.warning(
        "there is a GPU, but ONNX Runtime here cannot use one: pip uninstall onnxruntime, "
        "then pip install %s; until then the processor does the work",
        _PACKAGES[CUDA],
    )
    return CPU


def _installed(name: str, option: str) -> str:
    """Return the provider that `name` means: `openvino`, `OpenVINOExecutionProvider`."""
    present = available()
    for provider in present:
        if name.lower() in (provider.lower(), short(provider)):
            return provider
    known = {short(full): full for full in _PACKAGES}
    full = known.get(name.lower().removesuffix(_SUFFIX.lower()))
    remedy = (
        f"pip uninstall onnxruntime, then pip install {_PACKAGES[full]}"
        if full
        else "install the onnxruntime package that has it"
    )
    raise ConfigurationError(
        f"{option}: ONNX Runtime here has no provider {name[:40]!r}, only "
        f"{', '.join(map(short, present))}; {remedy}"
    )


def asked(device: str, provider: str) -> str:
    """Return the option that asked for what is to be used."""
    return f"--provider {provider}" if provider else f"--device {device}"


def short(provider: str) -> str:
    """Return what people call a provider: `cpu`, `cuda`, `openvino`."""
    return provider.removesuffix(_SUFFIX).lower()


def all_used(provider: str) -> list[tuple[str, dict[str, str]]]:
    """Return a provider and what does the work that it leaves, each with its options."""
    beside = _BESIDE.get(provider, CPU)
    names = dict.fromkeys((provider, *({beside} & {*available()}), CPU))
    return [(name, options(name)) for name in names]


def failed(provider: str) -> str:
    """Return why a provider that is installed cannot be used."""
    return (
        f"ONNX Runtime cannot use {provider.removesuffix(_SUFFIX)} on this machine: its driver, or "
        f"the libraries that {_PACKAGES.get(provider, 'its package')} needs (for CUDA: CUDA and "
        "cuDNN), are missing or of another version"
    )


def options(provider: str) -> dict[str, str]:
    """Return the options of a provider, by name."""
    if provider == OPENVINO and any(_GRAPHICS.glob("renderD*")):
        return {"device_type": "GPU"}  # by default it is the processor
    return _OPTIONS.get(provider, {})


def available() -> list[str]:
    """Return the names of the providers that are installed."""
    import onnxruntime

    found: list[str] = onnxruntime.get_available_providers()
    return found


def load_cuda() -> None:
    """Load the CUDA libraries that pip has installed, where ONNX Runtime does not look by itself.

    What is missing shows when a session is made: here it would only be printed.
    """
    import onnxruntime

    preload = getattr(onnxruntime, "preload_dlls", None)  # since 1.21
    if preload is not None:
        with redirect_stdout(sys.stderr):  # standard output may be a client's
            preload(msvc=False)


def gpu_is_here() -> bool:
    """Return whether the driver of an NVIDIA GPU is at work, or Windows lends one."""
    return any(file.exists() for file in _GPU_FILES)
