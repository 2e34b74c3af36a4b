"""Seeded checkpoints and voice packs in the layout of the released files.

Names, shapes and nesting are the released ones. The values are random, but scaled so that the
network behaves: tokens last one to five frames, a part of the pitch is unvoiced, the sound is
neither silent nor clipped, and the style matters to all of them. Nobody would call it speech.

    checkpoint = write_checkpoint(folder, "v1.0")    # folder/kokoro-v1_0.pth and config.json
    write_voices(folder, ("af_heart",), "v1.0")      # folder/voices/af_heart.pt
"""

import json
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.models import catalog
from wyoming_kokoro.speech import STYLE_SIZE

if TYPE_CHECKING:
    from torch import Tensor

VERSIONS = ("v0.19", "v1.0", "v1.1-zh")

COMPONENTS = ("bert", "bert_encoder", "predictor", "decoder", "text_encoder")

_SCALES = {
    "predictor.duration_proj.linear_layer.weight": 3.0,
    "predictor.F0_proj.weight": 90.0,
    "decoder.F0_conv.weight_g": 0.01,  # hertz come in, numbers around 1 go on
    "decoder.generator.conv_post.weight_g": 0.4,
    "decoder.generator.ups.0.weight_g": 2.2,  # transposed: fan-in and row differ
    "decoder.generator.ups.1.weight_g": 1.7,
}
"""What a tensor's values are multiplied with, besides the common rules of `_values`."""

_OFFSETS = {
    "predictor.duration_proj.linear_layer.bias": -3.0,  # 50 sigmoids of it make 2.4 frames
    "predictor.F0_proj.bias": 75.0,  # hertz
    "decoder.generator.conv_post.bias": -2.3,  # log magnitudes
}
"""What is added to a tensor's values."""


def config(version: str = "v1.0", small: bool = False) -> dict[str, Any]:
    """Return what `config.json` holds for a checkpoint of `version`, as it is published: v0.19's
    has neither `vocab` nor `plbert`.

    `small` makes the generator's kernels and, where it may, ALBERT less work: about half the time
    for the same audio. kokoro's code fixes the other widths, so the file stays nearly as large.
    """
    settings = dict(catalog.architecture(version))
    if version == "v0.19":
        del settings["plbert"]
    else:
        settings["vocab"] = dict(catalog.vocabulary(version))
    if small:
        settings["istftnet"] = {**settings["istftnet"], "resblock_kernel_sizes": [3, 3, 3]}
    if small and "plbert" in settings:
        albert = {"hidden_size": 96, "intermediate_size": 192, "num_hidden_layers": 2}
        settings["plbert"] = {**settings["plbert"], **albert}
    return settings


def architecture(version: str = "v1.0", small: bool = False) -> dict[str, Any]:
    """Return what an engine is given of `config`: completed, and without the vocabulary."""
    complete = {**catalog.architecture(version), **config(version, small)}
    complete.pop("vocab", None)
    return complete


def write_checkpoint(
    folder: Path, version: str = "v1.0", seed: int = 0, small: bool = False
) -> Path:
    """Write a checkpoint under its released name, and `config.json` beside it; return its path.

    Takes some 5 seconds and 330 MB: tests take theirs from the fixture `checkpoints`.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    settings = json.dumps(config(version, small), ensure_ascii=False, indent=2)
    (folder / "config.json").write_text(settings, encoding="utf-8")
    content: dict[str, Any] = checkpoint_tensors(version, seed, small)
    if version == "v0.19":
        content = {"net": content}
    path = folder / Path(catalog.version_named(version).checkpoint.path).name
    torch.save(content, path)
    return path


def link_checkpoint(path: Path, folder: Path) -> Path:
    """Let a checkpoint and its `config.json` appear in `folder`, where voices may lie beside it;
    return its path there."""
    for name in (path.name, "config.json"):
        (folder / name).symlink_to(path.with_name(name))
    return folder / path.name


def checkpoint_tensors(
    version: str = "v1.0", seed: int = 0, small: bool = False
) -> "dict[str, OrderedDict[str, Tensor]]":
    """Return a checkpoint's tensors by component, then by key (`module.` before each)."""
    import torch

    random = np.random.default_rng(seed)
    found: dict[str, OrderedDict[str, Tensor]] = {}
    for component, shapes in released_shapes(version, small).items():
        state = OrderedDict(
            (f"module.{key}", torch.from_numpy(_values(f"{component}.{key}", shape, random)))
            for key, shape in shapes.items()
        )
        # As a module's state_dict() has it, which is what was saved.
        state._metadata = OrderedDict({"": {"version": 1}})  # type: ignore[attr-defined]
        found[component] = state
    return found


def write_voices(
    folder: Path, names: Iterable[str], version: str = "v1.0", seed: int = 0
) -> list[Path]:
    """Write packs like the released ones to `folder/voices/<name>.pt`; return their paths."""
    import torch

    random = np.random.default_rng(seed)
    voices = folder / "voices"
    voices.mkdir(parents=True, exist_ok=True)
    paths = [voices / f"{name}.pt" for name in names]
    for path in paths:
        torch.save(torch.from_numpy(pack(catalog.version_named(version).pack_rows, random)), path)
    return paths


def pack(rows: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return a voice pack, (rows, 1, 256): real ones deviate by 0.17, and a little more with each
    row."""
    voice = random.standard_normal((1, STYLE_SIZE)) * 0.17
    drift = random.standard_normal((1, STYLE_SIZE)) * 0.0005 * np.arange(rows)[:, None]
    return (voice + drift).astype(np.float32)[:, None]


def released_shapes(version: str, small: bool = False) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return the shapes of kokoro's own model by component and key, less the scale and offset of
    AdaIN's norms, which the released files do not have."""
    import torch

    from wyoming_kokoro.engines.torch.model import untrained_model

    with torch.device("meta"):
        model = untrained_model(architecture(version, small))
    return {
        component: {
            key: tuple(tensor.shape)
            for key, tensor in getattr(model, component).state_dict().items()
            if not key.endswith((".norm.weight", ".norm.bias"))
        }
        for component in COMPONENTS
    }


def _values(
    name: str, shape: tuple[int, ...], random: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return the values of one tensor: its kind decides how they are spread."""
    spread = random.standard_normal(shape, dtype=np.float32)
    kind = name.rpartition(".")[2]
    if kind == "weight_g":
        spread = 1 + 0.1 * spread
    elif "alpha" in name:
        spread = np.exp(0.2 * spread)
    elif kind == "gamma" or name.endswith("norm.weight") or "LayerNorm.weight" in name:
        spread = 1 + 0.1 * spread
    elif kind == "beta" or "bias" in kind:
        spread *= 0.02
    elif name.endswith("fc.weight"):
        spread *= 0.15  # styles are small: this makes scale and offset deviate by 0.27
    elif "embedding" not in name and kind != "weight_v":
        spread /= np.sqrt(np.prod(shape[1:], dtype=np.float32))
    if "duration_proj" in name and kind == "weight":
        spread = np.broadcast_to(spread[0], shape) + 0.3 * spread
    return (spread * _SCALES.get(name, 1) + _OFFSETS.get(name, 0)).astype(np.float32)
