"""The yardstick of the engines: kokoro's own model, loaded by its own loader and run whole.

Import it after `pytest.importorskip("kokoro")`.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kokoro
import numpy as np
import numpy.typing as npt
import pytest
import torch

from tests.support import synthetic
from wyoming_kokoro.engines.kokoro.source import source_noise
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Style, Tokens

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Stages:
    """What kokoro's model makes of a sentence, stage by stage; named and shaped as in a plan."""

    durations: npt.NDArray[np.int64]
    curve: Floats
    energy: Floats
    features: Floats
    source: Floats
    audio: Floats


def sentence(length: int, seed: int = 0) -> Tokens:
    """Return tokens that are a sentence of no language."""
    ids = np.random.default_rng(seed).integers(1, 178, length)
    return Tokens(tuple(ids.tolist()), Phonemes("", "", US_ENGLISH))


def random_style(seed: int = 0) -> Style:
    """Return a style as it might stand in a voice pack."""
    vector = synthetic.pack(1, np.random.default_rng(seed))[0, 0]
    return Style(vector, US_ENGLISH, female=True)


def reference_model(path: Path, version: str, small: bool) -> Any:
    """Return kokoro's model with a checkpoint in it, its weight norms live."""
    source: Any = str(path)
    if version == "v0.19":  # whose outer level kokoro does not know
        source = io.BytesIO()
        torch.save(torch.load(path, weights_only=True)["net"], source)
        source.seek(0)
    config = {**synthetic.architecture(version, small), "vocab": {}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about how kokoro builds its modules
        return kokoro.KModel(repo_id="", config=config, model=source).eval()


def forward(model: Any, tokens: Tokens, style: Style, speed: float, seed: int) -> Stages:
    """Run `KModel.forward_with_tokens` with the noise fixed, and note what passes by."""
    inputs: dict[str, Any] = {}
    decoder = model.decoder
    first_reader = decoder.generator.noise_convs[0]
    with (
        pytest.MonkeyPatch.context() as patch,
        hooked(decoder.register_forward_pre_hook, lambda _, given: inputs.update(decoder=given)),
        hooked(first_reader.register_forward_pre_hook, lambda _, x: inputs.update(source=x[0])),
    ):
        patch.setattr(torch, "randn_like", lambda like: _noise_like(like, seed))
        ids = torch.tensor([[0, *tokens.ids, 0]])
        audio, durations = model.forward_with_tokens(ids, torch.tensor(style.vector)[None], speed)
    features, curve, energy, _ = (tensor[0].numpy() for tensor in inputs["decoder"])
    source = inputs["source"][0].numpy()
    return Stages(durations.numpy(), curve, energy, features, source, audio.numpy())


@contextmanager
def hooked(register: Callable[[Any], Any], hook: Callable[..., Any]) -> Iterator[None]:
    """Keep a torch hook in place for a while."""
    handle = register(hook)
    try:
        yield
    finally:
        handle.remove()


def _noise_like(like: torch.Tensor, seed: int) -> torch.Tensor:
    noise = source_noise(seed, range(like.shape[1] // 600))
    return torch.tensor(noise)[None, :, : like.shape[2]]
