"""What kokoro's own model hands from part to part, to compare the stages with one by one.

Import it after `pytest.importorskip("kokoro")`.
"""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from tests.support import synthetic
from tests.support.reference import Floats, hooked
from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.speech import Style, Tokens

ARCHITECTURE = synthetic.architecture("v1.0", False)
"""Whose generator all versions have."""


@dataclass(frozen=True)
class Lesson:
    """A sentence's way through the model; shapes as the stages have them, one batch item."""

    ids: np.ndarray[Any, np.dtype[np.int64]]
    encoding: Floats
    spans: Floats
    """Frames of each token, not yet rounded."""
    token_features: Floats
    features: Floats
    pitch: Floats
    energy: Floats


@dataclass(frozen=True)
class Spoken(Lesson):
    """The same, as far as the sound."""

    hidden: Floats
    source: Floats
    audio: Floats
    statistics: Floats
    """Means and deviations of what the generator's AdaINs read, as `norm_places` has them."""


class _EnoughError(Exception):
    """Ends the model's run."""


def learn(model: Any, tokens: Tokens, style: Style, speed: float = 1.0) -> Lesson:
    """Run the model up to its decoder."""

    def stop(_module: object, _inputs: object) -> None:
        raise _EnoughError

    seen: dict[str, Any] = {}
    with hooked(model.decoder.encode.register_forward_pre_hook, stop), suppress(_EnoughError):
        _run(model, tokens, style, speed, seen)
    return Lesson(**_lesson(tokens, seen))


def listen(model: Any, tokens: Tokens, style: Style, speed: float = 1.0) -> Spoken:
    """Run the model to its end."""
    seen: dict[str, Any] = {}
    places = [model.get_submodule(place.path) for place in norm_places(ARCHITECTURE)]
    with ExitStack() as stack:
        for place in places:
            note = _note(seen, str(id(place)), lambda _m, given: _statistics(given[0]))
            stack.enter_context(hooked(place.register_forward_pre_hook, note))
        audio = _run(model, tokens, style, speed, seen).numpy()
    hidden, source = seen["hidden"][0].numpy(), seen["source"][0].numpy()
    statistics = np.concatenate([seen[str(id(place))] for place in places], axis=1)
    return Spoken(
        **_lesson(tokens, seen), hidden=hidden, source=source, audio=audio, statistics=statistics
    )


def _statistics(signal: Any) -> Floats:
    """Return mean and deviation of each channel of (1, channels, columns): (2, channels)."""
    deviation = torch.sqrt(signal[0].var(-1, correction=0) + 1e-5)
    return torch.stack([signal[0].mean(-1), deviation]).numpy()


def _run(model: Any, tokens: Tokens, style: Style, speed: float, seen: dict[str, Any]) -> Any:
    predictor, generator = model.predictor, model.decoder.generator
    notes = [
        (predictor.text_encoder.register_forward_hook, "encoding", lambda _m, _i, out: out),
        (predictor.duration_proj.register_forward_hook, "logits", lambda _m, _i, out: out),
        (model.text_encoder.register_forward_hook, "features", lambda _m, _i, out: out),
        (model.decoder.register_forward_pre_hook, "decoder", lambda _m, given: given),
        (generator.register_forward_pre_hook, "hidden", lambda _m, given: given[0]),
        (generator.noise_convs[0].register_forward_pre_hook, "source", lambda _m, given: given[0]),
    ]
    with ExitStack() as stack:
        for register, name, take in notes:
            stack.enter_context(hooked(register, _note(seen, name, take)))
        ids = torch.tensor([[0, *tokens.ids, 0]])
        audio, _ = model.forward_with_tokens(ids, torch.tensor(style.vector)[None], speed)
    return audio


def _note(seen: dict[str, Any], name: str, take: Any) -> Any:
    def note(*arguments: Any) -> None:
        seen[name] = take(*arguments)

    return note


def _lesson(tokens: Tokens, seen: dict[str, Any]) -> dict[str, Any]:
    features, pitch, energy, _ = seen["decoder"]
    return {
        "ids": np.array([0, *tokens.ids, 0]),
        "encoding": seen["encoding"][0].numpy(),
        "spans": torch.sigmoid(seen["logits"]).sum(-1)[0].numpy(),
        "token_features": seen["features"][0].numpy(),
        "features": features[0].numpy(),
        "pitch": pitch[0].numpy(),
        "energy": energy[0].numpy(),
    }


def relative_error(found: Floats, wanted: Floats) -> float:
    """Return the largest difference, as a part of the largest value."""
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())
