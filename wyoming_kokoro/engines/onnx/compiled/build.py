"""Builds all stages of a checkpoint: its path and its architecture in, a folder of files out."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wyoming_kokoro.engines.kokoro.facts import Facts, facts_of
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.compiled.build_once import write_manifest
from wyoming_kokoro.engines.onnx.graph.front import front_stage
from wyoming_kokoro.engines.onnx.graph.generator import generator_stage
from wyoming_kokoro.engines.onnx.graph.prosody import prosody_stage
from wyoming_kokoro.engines.onnx.graph.text import text_stage
from wyoming_kokoro.models.checkpoint import is_single_file, read_checkpoint

_STAGES = (text_stage, prosody_stage, front_stage, generator_stage)


def build(checkpoint: Path, architecture: Mapping[str, Any], folder: Path) -> None:
    """Write the stages of `checkpoint` to `folder`, with a manifest to load them by.

    `architecture` is its `config.json`. Peak memory is the largest stage, besides the checkpoint,
    which is mapped.

    Raises:
        BadModelFile: the checkpoint is damaged or not of this architecture.
        OSError: a file cannot be written.
    """
    weights = Weights(read_checkpoint(checkpoint))
    files: list[Path] = []
    for stage in _STAGES:
        files += stage(architecture, weights).save(folder)
        if not is_single_file(checkpoint):  # map it anew: what was read of it stays in memory else
            weights = Weights(read_checkpoint(checkpoint))
    facts = facts_of(architecture, weights)
    write_manifest(folder, files, **_as_json(facts))


def _as_json(facts: Facts) -> dict[str, Any]:
    known = asdict(facts)
    known["source"]["weight"] = facts.source.weight.tolist()
    return known
