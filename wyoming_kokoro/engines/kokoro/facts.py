"""What an engine knows of a checkpoint besides its network."""

from dataclasses import dataclass

from wyoming_kokoro.engines.kokoro.source import HarmonicSource


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
