"""Sessions of ONNX Runtime: a graph, a device and a number of threads come in, and what runs the
graph goes out. `onnxruntime` is imported only when a session is to be made.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.onnx import providers
from wyoming_kokoro.engines.onnx.providers import CPU, CUDA
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable, SynthesisFailed

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, IOBinding, NodeArg, OrtValue, SessionOptions

    Held = OrtValue
    """A tensor where the runtime has it."""

log = logging.getLogger(__name__)

Array = npt.NDArray[Any]

_ERRORS_ONLY = 3
"""ONNX Runtime's level of log: its warnings speak to those who write graphs."""

SPIN_MICROSECONDS = 20
"""For which a thread waits in a loop for more to do: from one step of an LSTM to the next. It would
wait longer by itself, on a core that others have use for: with eight processes on two cores,
the text stage took 1.5 times the processor's time so, and was done 1.6 times as late."""

_DTYPES: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(double)": np.dtype(np.float64),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(int64)": np.dtype(np.int64),
    "tensor(bool)": np.dtype(np.bool_),
}


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a graph."""

    name: str

    dtype: np.dtype[Any] | None
    """None for what is no array of numbers."""

    dims: int
    """How many axes it has."""


class OnnxSession:
    """A graph, ready to run."""

    def __init__(self, session: "InferenceSession", threads: int) -> None:
        self._session = session
        self.threads = threads
        """How many it keeps busy."""
        self.inputs = tuple(map(_port, session.get_inputs()))
        self.outputs = tuple(map(_port, session.get_outputs()))

    @property
    def provider(self) -> str:
        """What the graph really runs on, in ONNX Runtime's words."""
        provider: str = self._session.get_providers()[0]
        return provider

    def run(self, **inputs: "Array | OrtValue") -> list[Array]:
        """Return the outputs, in their order in the graph, for `inputs`, given by name: arrays, or
        what `held` has returned. Shapes and types are those that the graph was written with.

        Raises:
            SynthesisFailed: ONNX Runtime could not run the graph on them.
        """
        outputs: list[Array] = self._bound(inputs, "cpu").copy_outputs_to_cpu()
        return outputs

    def held(self, **inputs: "Array | OrtValue") -> "list[OrtValue]":
        """Return the outputs as `run` does, but leave them on the device, so that what another
        session reads there is not copied to the processor and back."""
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
        self._asked = providers.asked(device, provider)
        self._must = bool(provider) or device == "cuda"
        self.provider = providers.wanted(device, provider)
        """What sessions are to run on."""
        if self.provider in providers.BY_NVIDIA:
            providers.load_cuda()

    @property
    def device(self) -> str:
        """`cpu`, `cuda`, `openvino` ... ."""
        return providers.short(self.provider)

    def load(
        self,
        path: Path,
        remedy: str,
        weights: Mapping[str, Array] | None = None,
        threads: int | None = None,
    ) -> OnnxSession:
        """Return a session that runs the graph at `path`; `weights` replace those of the file.

        `remedy` says what to do about a file that does not load. `threads` are by default all.

        Raises:
            ModelUnavailable: it does not load.
            ConfigurationError: the device asked for cannot be used.
        """
        import onnxruntime

        threads = threads or self.threads
        options = _session_options(threads)
        if self.provider == CPU:
            _share_memory()
            options.add_session_config_entry("session.use_env_allocators", "1")
        held = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(v) for name, v in (weights or {}).items()
        }
        for name, value in held.items():
            options.add_initializer(name, value)
        try:
            session = onnxruntime.InferenceSession(
                path, options, providers=providers.all_used(self.provider)
            )
        except Exception as error:  # ONNX Runtime's errors have no common base
            raise ModelUnavailable(f"{path} does not load ({error}); {remedy}") from error
        if self.provider not in session.get_providers():
            self._make_do()
        return OnnxSession(session, threads)

    def _make_do(self) -> None:
        """Go on with the processor.

        Raises:
            ConfigurationError: something else was asked for.
        """
        trouble = providers.failed(self.provider)
        if self._must:
            raise ConfigurationError(f"{self._asked}: {trouble}; install them, or use --device cpu")
        log.warning("%s; the processor does the work", trouble)
        self.provider = CPU


def _session_options(threads: int) -> "SessionOptions":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _ERRORS_ONLY
    # Threads may spin while a stage runs; between stages they leave the processor to others.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # An older version does not know this, and lets it be.
    options.add_session_config_entry("session.intra_op.spin_duration_us", str(SPIN_MICROSECONDS))
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
