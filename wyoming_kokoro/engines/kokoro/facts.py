"""What an engine knows of a checkpoint besides its network: its architecture and a few of its
weights come in, facts go out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wyoming_kokoro.engines.kokoro.places import NormPlace, norm_places
from wyoming_kokoro.engines.kokoro.source import HARMONICS, HarmonicSource
from wyoming_kokoro.engines.kokoro.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Of one checkpoint."""

    tokens: int
    """How many tokens the model knows."""

    source: HarmonicSource

    channels: int
    """How many the generator normalizes, at all places together; see `norm_places`."""

    fingerprint: str
    """Tells the model from others, however its weights are rounded."""


def facts_of(architecture: Mapping[str, Any], weights: Weights) -> Facts:
    """Return the facts of a checkpoint; `architecture` is its `config.json`.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
    """
    places = norm_places(architecture)
    return Facts(
        tokens=architecture["n_token"],
        source=_source(architecture["istftnet"], weights),
        channels=places[-1].channels.stop,
        fingerprint=_fingerprint(places, weights),
    )


def _fingerprint(places: Sequence[NormPlace], weights: Weights) -> str:
    """Return a digest of the parameters of Snake in the generator's blocks: files of one model in
    other precisions have these exactly, since they are too few to be worth rounding."""
    digest = hashlib.sha256()
    for place in places:
        path = place.path.replace(".adain", ".alpha")
        alpha = weights.take(path, 1, len(place.channels), 1)
        digest.update(alpha.astype("<f2").tobytes())
    return digest.hexdigest()


def _source(settings: Mapping[str, Any], weights: Weights) -> HarmonicSource:
    merge = weights.within("decoder.generator.m_source.l_linear")
    rate = settings["gen_istft_hop_size"]
    for rise in settings["upsample_rates"]:
        rate *= rise
    return HarmonicSource(
        weight=merge.take("weight", 1, HARMONICS)[0].copy(),
        bias=merge.take("bias", 1).item(),
        step_samples=rate,
        size=settings["gen_istft_n_fft"],
        hop=settings["gen_istft_hop_size"],
    )
