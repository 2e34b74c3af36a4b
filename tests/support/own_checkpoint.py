"""Checkpoints of users as they lie in a folder: files that nobody loads, voices, declarations."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from wyoming_kokoro.models import catalog

GERMAN: dict[str, Any] = {"code": "de_DE", "name": "German", "letter": "d"}


def own_checkpoint(
    folder: Path, languages: object = None, voices: Iterable[str] = ("df_anna", "dm_jonas")
) -> Path:
    """Lay out a checkpoint with its `config.json`, voices, and `languages` if not None; return
    where it is."""
    (folder / "voices").mkdir(parents=True)
    rows = np.zeros((510, 1, 256), np.float32)
    for number, name in enumerate(voices):
        np.save(folder / "voices" / f"{name}.npy", rows + number)
    config = {**catalog.architecture("v1.0"), "vocab": dict(catalog.vocabulary("v1.0"))}
    (folder / "config.json").write_text(json.dumps(config))
    if languages is not None:
        text = languages if isinstance(languages, str) else json.dumps({"languages": languages})
        (folder / "languages.json").write_text(text)
    checkpoint = folder / "model.pth"
    checkpoint.write_bytes(b"weights")
    return checkpoint
