"""A `kokoro.KModel` from a released checkpoint: file and configuration in, model on its device out.

Shares the home of `torch` and `kokoro` with `torch_engine`; both are imported only when called.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from wyoming_kokoro.engines.onnx.providers import gpu_is_here
from wyoming_kokoro.engines.precision import EXACT, Half
from wyoming_kokoro.errors import BadModelFile, ConfigurationError, ModelUnavailable
from wyoming_kokoro.models.checkpoint import (
    COMPONENTS,
    StateDict,
    is_single_file,
    read_checkpoint,
)

if TYPE_CHECKING:
    import torch
    from kokoro import KModel

_log = logging.getLogger(__name__)

Device = Literal["auto", "cpu", "cuda"]

_NAMED = 3
"""Tensors that a message names before it counts the rest."""


def load_model(checkpoint: Path, architecture: Mapping[str, Any], device: Device) -> KModel:
    """Return the KModel of a `.pth` file of any version, its weight norms folded.

    `architecture` is the content of the `config.json` that belongs to the file, with its `plbert`
    block. Folding computes each weight just as the model would before each use.

    Raises:
        ModelUnavailable: the package `kokoro` is not installed, or the device's memory is full.
        BadModelFile: the file cannot be read, or is not of this architecture.
        ConfigurationError: `cuda` is asked for and there is none.
    """
    target = choose_device(device)
    weights = read_checkpoint(checkpoint)
    model = untrained_model(architecture)
    if is_single_file(checkpoint):  # whose weight norms are folded already
        _fold_weight_norms(model)
    _fill(model, weights, checkpoint)
    _fold_weight_norms(model)
    try:
        return model.to(target).eval().requires_grad_(False)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"the model cannot be put on {target} ({_first_line(error)}); choose the device cpu"
        ) from error


def untrained_model(architecture: Mapping[str, Any]) -> KModel:
    """Return a KModel with random weights, without its warnings.

    KModel reads a checkpoint itself, but not v0.19's, and does not tell what is wrong with one:
    it gets an empty file here.

    Raises:
        BadModelFile: `architecture` is not that of a Kokoro model.
    """
    import torch
    from kokoro import KModel

    empty = io.BytesIO()
    torch.save({}, empty)
    empty.seek(0)
    config = {"vocab": {}, **architecture}
    try:
        with warnings.catch_warnings():
            # kokoro uses the old weight_norm, as its checkpoints do, and asks for dropout in
            # LSTMs of one layer; inference is touched by neither.
            warnings.filterwarnings("ignore", ".*nn.utils.weight_norm", FutureWarning)
            warnings.filterwarnings("ignore", "dropout option adds dropout", UserWarning)
            return KModel(repo_id="", config=config, model=empty)
    except (KeyError, TypeError) as error:
        raise BadModelFile(
            f"the model's configuration is not that of a Kokoro model ({error!r}): "
            "use the config.json that was published with the checkpoint"
        ) from error


def choose_device(wanted: Device) -> Literal["cpu", "cuda"]:
    """Return the device that `wanted` means on this machine.

    Raises:
        ModelUnavailable: the package `kokoro` is not installed.
        ConfigurationError: `cuda` is asked for and there is none.
    """
    _require_packages()
    import torch

    if wanted == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise ConfigurationError(
            "device cuda: torch finds no usable GPU; install its driver and a CUDA build of torch, "
            "or choose the device cpu or auto"
        )
    if gpu_is_here():
        _log.warning(
            "there is a GPU, but torch here cannot use one: install a driver and a CUDA build of "
            "torch that fit each other; until then the processor does the work"
        )
    else:
        _log.info("torch finds no GPU: the engine runs on the processor")
    return "cpu"


def halve(model: KModel, half: Half) -> None:
    """Have the decoder's convolutions compute in numbers of 16 bits.

    What lies between them, the statistics and scales of AdaIN, Snake and the sums of residual
    blocks, stays in float32, as do the convolutions in `EXACT`.

    Raises:
        ConfigurationError: the GPU has no such numbers.
    """
    import torch
    from torch.nn import Conv1d, ConvTranspose1d

    if half == "bf16" and model.device.type == "cuda" and not _has_bf16():
        raise ConfigurationError(
            "--precision bf16: this GPU does not compute in bf16, as NVIDIA's do since Ampere: "
            "use --precision fp16"
        )
    dtype = torch.float16 if half == "fp16" else torch.bfloat16
    for name, module in model.decoder.named_modules(prefix="decoder"):
        if isinstance(module, Conv1d | ConvTranspose1d) and name not in EXACT:
            module.to(dtype)
            module.register_forward_pre_hook(lambda _, inputs: (inputs[0].to(dtype),))
            module.register_forward_hook(lambda _, __, made: made.float())


def _has_bf16() -> bool:
    import torch

    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def _require_packages() -> None:
    try:
        import kokoro  # noqa: F401 - a missing package is told here, with the remedy
    except ImportError as error:
        raise ModelUnavailable(
            f"the engine torch needs the package {error.name}: pip install 'wyoming-kokoro[torch]'"
        ) from error


def _fill(model: KModel, weights: StateDict, checkpoint: Path) -> None:
    """Give the model all its tensors, but for those that the file may lack."""
    for name in COMPONENTS:
        part, prefix = getattr(model, name), f"{name}."
        state = {
            key.removeprefix(prefix): weights[key] for key in weights if key.startswith(prefix)
        }
        expected = part.state_dict()
        faults = [
            f"{name}.{key} is {_shape(state.get(key))} instead of {_shape(expected[key])}"
            for key in expected.keys() - (_dispensable(part) - state.keys())
            if _shape(state.get(key)) != _shape(expected[key])
        ]
        if faults:
            raise BadModelFile(
                f"{checkpoint} does not fit its configuration: {_some(faults)}; "
                "use the config.json that was published with it, or download both again"
            )
        if unused := [f"{name}.{key}" for key in state.keys() - expected.keys()]:
            _log.info("%s: the model does not use %s", checkpoint, _some(unused))
        _load_state(part, {key: state[key] for key in expected.keys() & state.keys()})


def _load_state(part: torch.nn.Module, state: StateDict) -> None:
    import torch

    part.load_state_dict({key: torch.tensor(state[key]) for key in state}, strict=False)


def _dispensable(part: torch.nn.Module) -> set[str]:
    """Return the keys that the released files lack: the scale and offset of AdaIN's inner norms,
    which kokoro's code added later and which stay 1 and 0; and those that exports leave out: of
    ALBERT's pooler, which nothing uses."""
    from torch.nn import InstanceNorm1d

    norms = (name for name, module in part.named_modules() if isinstance(module, InstanceNorm1d))
    return {f"{name}.{value}" for name in (*norms, "pooler") for value in ("weight", "bias")}


def _fold_weight_norms(model: torch.nn.Module) -> None:
    from torch.nn.utils import remove_weight_norm

    for module in model.modules():
        if hasattr(module, "weight_g"):
            remove_weight_norm(module)


def _shape(tensor: object) -> str:
    return str(tuple(tensor.shape)) if hasattr(tensor, "shape") else "missing"


def _some(names: list[str]) -> str:
    """Return the first few names in their order, and how many more there are."""
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(sorted(names)[:_NAMED]) + rest


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
