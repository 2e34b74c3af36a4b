"""Sessions of ONNX Runtime: a graph, a device and a number of threads come in, and what runs the
graph goes out. The home of `onnxruntime`, imported only when a session is to be made.
"""

import logging
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable, SynthesisFailed

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, IOBinding, NodeArg, OrtValue, SessionOptions

    Held = OrtValue
    """A tensor where the runtime has it."""

log = logging.getLogger(__name__)

Array = npt.NDArray[Any]

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

_BY_NVIDIA = (CUDA, "TensorrtExecutionProvider")

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

_ERRORS_ONLY = 3
"""ONNX Runtime's level of log: its warnings speak to those who write graphs."""

_DTYPES: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(double)": np.dtype(np.float64),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(int64)": np.dtype(np.int64),
}


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a graph."""

    name: str

    dtype: np.dtype[Any] | None
    """None for what is no array of numbers."""

    dims: int


class Session:
    """A graph, ready to run."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session
        self.inputs = tuple(map(_port, session.get_inputs()))
        self.outputs = tuple(map(_port, session.get_outputs()))

    @property
    def provider(self) -> str:
        """What the graph really runs on, in ONNX Runtime's words."""
        provider: str = self._session.get_providers()[0]
        return provider

    def run(self, **inputs: "Array | OrtValue") -> list[Array]:
        """Return the outputs for `inputs`, given by name: arrays, or what `held` has returned.

        Raises:
            SynthesisFailed: ONNX Runtime could not run the graph on them.
        """
        outputs: list[Array] = self._bound(inputs, "cpu").copy_outputs_to_cpu()
        return outputs

    def held(self, **inputs: "Array | OrtValue") -> "list[OrtValue]":
        """Return the outputs as `run` does, but leave them on the device."""
        device = "cuda" if self.provider == CUDA else "cpu"
        outputs: list[OrtValue] = self._bound(inputs, device).get_outputs()
        return outputs

    def _bound(self, inputs: "Mapping[str, Array | OrtValue]", device: str) -> "IOBinding":
        """Run the graph with its outputs on `device`."""
        binding = self._session.io_binding()
        try:
            for name, value in inputs.items():
                if isinstance(value, np.ndarray):
                    binding.bind_cpu_input(name, np.ascontiguousarray(value))
                else:
                    binding.bind_ortvalue_input(name, value)
            for port in self.outputs:
                binding.bind_output(port.name, device)
            self._session.run_with_iobinding(binding)
        except Exception as error:  # ONNX Runtime's errors have no common base
            raise SynthesisFailed(f"ONNX Runtime failed: {error}") from error
        return binding


class Runtime:
    """Makes sessions on one device.

    `device` and `provider` are as in the settings; a provider goes before a device. The device
    `auto` is a GPU that NVIDIA's driver shows and ONNX Runtime can use, else the processor.

    Raises:
        ConfigurationError: what was asked for is not installed.
    """

    def __init__(
        self,
        threads: int,
        device: Literal["auto", "cpu", "cuda"] = "cpu",
        provider: str = "",
    ) -> None:
        self.threads = threads
        self._asked = f"--provider {provider}" if provider else f"--device {device}"
        self._must = bool(provider) or device == "cuda"
        self.provider = self._wanted(device, provider)
        """What sessions are to run on."""
        if self.provider in _BY_NVIDIA:
            _load_cuda()

    @property
    def device(self) -> str:
        """`cpu`, `cuda`, `openvino` ... ."""
        return "cpu" if self.provider == CPU else self.provider.removesuffix(_SUFFIX).lower()

    def load(
        self,
        path: Path,
        remedy: str,
        weights: Mapping[str, Array] | None = None,
        threads: int | None = None,
    ) -> Session:
        """Return a session that runs the graph at `path`; `weights` replace those of the file.

        `remedy` says what to do about a file that does not load. `threads` are by default all.

        Raises:
            ModelUnavailable: it does not load.
            ConfigurationError: the device asked for cannot be used.
        """
        import onnxruntime

        options = _session_options(threads or self.threads)
        if self.provider == CPU:
            _share_memory()
            options.add_session_config_entry("session.use_env_allocators", "1")
        held = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(v) for name, v in (weights or {}).items()
        }
        for name, value in held.items():
            options.add_initializer(name, value)
        try:
            session = onnxruntime.InferenceSession(path, options, providers=self._providers())
        except Exception as error:  # ONNX Runtime's errors have no common base
            raise ModelUnavailable(f"{path} does not load ({error}); {remedy}") from error
        if self.provider not in session.get_providers():
            self._make_do()
        return Session(session)

    def _providers(self) -> list[tuple[str, dict[str, str]]]:
        beside = _BESIDE.get(self.provider, CPU)
        names = dict.fromkeys((self.provider, *({beside} & {*_available()}), CPU))
        return [(name, _options(name)) for name in names]

    def _wanted(self, device: str, provider: str) -> str:
        if provider or device == "cuda":
            return self._installed(provider or CUDA)
        if device == "cpu" or not gpu_is_here():
            return CPU
        if CUDA in _available():
            return CUDA
        log.warning(
            "there is a GPU, but ONNX Runtime here cannot use one: pip uninstall onnxruntime, "
            "then pip install %s; until then the processor does the work",
            _PACKAGES[CUDA],
        )
        return CPU

    def _installed(self, name: str) -> str:
        """Return the provider that `name` means: `openvino`, `OpenVINOExecutionProvider`."""
        present = _available()
        for provider in present:
            if name.lower() in (provider.lower(), provider.removesuffix(_SUFFIX).lower()):
                return provider
        known = {full.removesuffix(_SUFFIX).lower(): full for full in _PACKAGES}
        full = known.get(name.lower().removesuffix(_SUFFIX.lower()))
        remedy = (
            f"pip uninstall onnxruntime, then pip install {_PACKAGES[full]}"
            if full
            else "install the onnxruntime package that has it"
        )
        raise ConfigurationError(
            f"{self._asked}: ONNX Runtime here has no provider {name[:40]!r}, only "
            f"{', '.join(p.removesuffix(_SUFFIX).lower() for p in present)}; {remedy}"
        )

    def _make_do(self) -> None:
        """Go on with the processor.

        Raises:
            ConfigurationError: something else was asked for.
        """
        name = self.provider.removesuffix(_SUFFIX)
        trouble = (
            f"ONNX Runtime cannot use {name} on this machine: its driver, or the libraries that "
            f"{_PACKAGES.get(self.provider, 'its package')} needs (for CUDA: CUDA and cuDNN), "
            "are missing or of another version"
        )
        if self._must:
            raise ConfigurationError(f"{self._asked}: {trouble}; install them, or use --device cpu")
        log.warning("%s; the processor does the work", trouble)
        self.provider = CPU


def _options(provider: str) -> dict[str, str]:
    """Return the options of a provider, by name."""
    if provider == OPENVINO and any(_GRAPHICS.glob("renderD*")):
        return {"device_type": "GPU"}  # by default it is the processor
    return _OPTIONS.get(provider, {})


def _available() -> list[str]:
    import onnxruntime

    providers: list[str] = onnxruntime.get_available_providers()
    return providers


def _load_cuda() -> None:
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


def _session_options(threads: int) -> "SessionOptions":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _ERRORS_ONLY
    # Threads may spin while a stage runs; between stages they leave the processor to others.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


@cache
def _share_memory() -> None:
    """Let sessions take what they compute in from one place: by itself each keeps its own, which
    comes to twice the memory of an engine."""
    import onnxruntime

    onnxruntime.create_and_register_allocator(
        onnxruntime.OrtMemoryInfo(
            "Cpu",
            onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR,
            0,
            onnxruntime.OrtMemType.DEFAULT,
        ),
        None,
    )


def _port(argument: "NodeArg") -> Port:
    return Port(argument.name, _DTYPES.get(argument.type), len(argument.shape))
