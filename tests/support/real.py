"""The real voice: Kokoro v1.0 as it speaks, near to the released weights, without any hub.

"Near" because the starter's weights were rounded to 8 bits; what they say is understood word for
word. `near_real_checkpoint` writes them once a machine in the layout and float32 of the released
file, for this package's own reader and for `kokoro.KModel` alike; `near_real_folder` puts voices
beside them.
"""

import json
import shutil
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from tests.support import synthetic
from tests.support.index_files import CACHE, require, starter_file
from tests.support.places import SHARED_DIR
from wyoming_kokoro.models.checkpoint import StateDict, read_checkpoint
from wyoming_kokoro.models.starter import FILE
from wyoming_kokoro.speech import language_of_voice
from wyoming_kokoro.voices.onboard import NAMES

LAYOUT = 1
"""Of what `near_real_checkpoint` writes; raise it with a change there."""

SPEAKERS = {language.code: name for name in NAMES if (language := language_of_voice(name))}
"""A voice of each language that is at hand everywhere: those on board."""


def near_real_checkpoint() -> Path:
    """Return `kokoro-v1_0.pth`, 330 MB in torch's format, made once a machine; takes torch.

    Raises:
        NotInstalled: the starter, torch or kokoro is missing.
    """
    require("kokoro")
    folder = CACHE / f"near-real-{FILE.sha256[:12]}-{LAYOUT}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kokoro-v1_0.pth"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            draft = path.with_suffix(".part")
            _write(read_checkpoint(starter_file()), draft)
            draft.rename(path)
    return path


def near_real_folder(folder: Path) -> Path:
    """Fill `folder` with the checkpoint, `config.json`, and in `voices/` what there is besides the
    voices on board; return the checkpoint's path there.

    Raises:
        NotInstalled: as for `near_real_checkpoint`.
    """
    checkpoint = near_real_checkpoint()
    (folder / "voices").mkdir(parents=True)
    settings = json.dumps(synthetic.config("v1.0"), ensure_ascii=False)
    (folder / "config.json").write_text(settings, encoding="utf-8")
    for pack in sorted((SHARED_DIR / "voices" / "v1.0").glob("*.pt")):
        shutil.copyfile(pack, folder / "voices" / pack.name)
    (folder / checkpoint.name).symlink_to(checkpoint)
    return folder / checkpoint.name


def _write(weights: StateDict, path: Path) -> None:
    """Write `weights` as the released file has them: by component, convolutions as `weight_g` and
    `weight_v`."""
    import torch

    components: dict[str, OrderedDict[str, Any]] = {}
    for component, shapes in synthetic.released_shapes("v1.0").items():
        state: OrderedDict[str, Any] = OrderedDict()
        for key, shape in shapes.items():
            values = _values(weights, f"{component}.{key}", shape)
            state[f"module.{key}"] = torch.from_numpy(values)
        components[component] = state
    torch.save(components, path)


def _values(weights: Mapping[str, Any], name: str, shape: tuple[int, ...]) -> Any:
    """Return a tensor in float32, also where `weights` have a convolution's weight as one, or lack
    it: nothing is computed from what a reader may leave out."""
    stem, _, kind = name.rpartition(".")
    if name in weights:
        values = weights[name]
    elif kind in ("weight_v", "weight_g") and f"{stem}.weight" in weights:
        values = _normed(weights[f"{stem}.weight"], kind)
    elif "pooler" in name:
        values = np.zeros(shape)
    else:
        raise KeyError(name)
    return np.ascontiguousarray(values, np.float32).reshape(shape).copy()


def _normed(weight: Any, kind: str) -> Any:
    """Return direction or length of the rows of `weight`. A row of zeros has length 0, and a
    direction of ones: torch divides by it."""
    rows = weight.reshape(len(weight), -1).astype(np.float64)
    if kind == "weight_g":
        return np.sqrt(np.square(rows).sum(axis=1))
    return np.where((rows == 0).all(axis=1, keepdims=True), 1.0, rows)
