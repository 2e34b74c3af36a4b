"""Builds all stages of a checkpoint: its path and its architecture in, a folder of files out."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wyoming_kokoro.engines.kokoro.places import NormPlace, norm_places
from wyoming_kokoro.engines.onnx.compiled.build_once import write_manifest
from wyoming_kokoro.engines.onnx.graph.front import front_stage
from wyoming_kokoro.engines.onnx.graph.generator import generator_stage
from wyoming_kokoro.engines.onnx.graph.prosody import prosody_stage
from wyoming_kokoro.engines.onnx.graph.text import text_stage
from wyoming_kokoro.engines.onnx.graph.weights import Weights
from wyoming_kokoro.models.checkpoint import is_single_file, read_checkpoint

_STAGES = {
    "text": text_stage,
    "prosody": prosody_stage,
    "front": front_stage,
    "generator": generator_stage,
}

_HARMONICS = 9
"""Sines in the harmonic source, the fundamental among them: fixed in kokoro's code."""


def build(
    checkpoint: Path, architecture: Mapping[str, Any], folder: Path, without: Sequence[str] = ()
) -> None:
    """Write the stages of `checkpoint` to `folder`, with a manifest to load them by.

    `architecture` is its `config.json`; stages `without` are left out. Peak memory is the largest
    stage, besides the checkpoint, which is mapped.

    Raises:
        BadModelFile: the checkpoint is damaged or not of this architecture.
        OSError: a file cannot be written.
    """
    weights = Weights(read_checkpoint(checkpoint))
    files: list[Path] = []
    for name, stage in _STAGES.items():
        if name in without:
            continue
        files += stage(architecture, weights).save(folder)
        if not is_single_file(checkpoint):  # map it anew: what was read of it stays in memory else
            weights = Weights(read_checkpoint(checkpoint))
    source = _source(architecture["istftnet"], weights)
    places = norm_places(architecture)
    write_manifest(
        folder,
        files,
        tokens=architecture["n_token"],
        source=source,
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


def _source(settings: Mapping[str, Any], weights: Weights) -> dict[str, Any]:
    """Return what `HarmonicSource` is made from, as JSON has it."""
    merge = weights.within("decoder.generator.m_source.l_linear")
    rate = settings["gen_istft_hop_size"]
    for rise in settings["upsample_rates"]:
        rate *= rise
    return {
        "weight": merge.take("weight", 1, _HARMONICS)[0].tolist(),
        "bias": merge.take("bias", 1).item(),
        "step_samples": rate,
        "size": settings["gen_istft_n_fft"],
        "hop": settings["gen_istft_hop_size"],
    }
