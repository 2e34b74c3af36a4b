"""What the subjects speak with: a synthetic checkpoint, its voices, and a single-file export."""

import json
from pathlib import Path

import numpy as np

from tests.support.places import ROOT
from tests.support.real import near_real_folder
from tests.support.synthetic import pack, write_checkpoint, write_voices
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.voices.onboard import on_board

FOLDER = ROOT / "build" / "bench"

SEED = 1
"""Of voices of which the first says 19 tokens a second: natural speech has about 15, and what a
sentence costs before the first sample is made goes by its tokens."""


def prepare(export: bool = True) -> Path:
    """Return a folder with the weights in every form that a subject wants; made once."""
    checkpoint = FOLDER / "kokoro-v1_0.pth"
    if not checkpoint.exists():
        write_checkpoint(FOLDER, "v1.0")
        write_voices(FOLDER, ("af_heart", "bm_george"), seed=SEED)
        _combine_voices(FOLDER)
    if export and not (FOLDER / "single.onnx").exists():
        _export(checkpoint)
    return FOLDER


def prepare_real(export: bool = True) -> Path:
    """Return a folder with near-real weights and voices, in every form that a subject wants; made
    once."""
    folder = FOLDER / "near-real"
    if not folder.exists():
        near_real_folder(folder)
    if export and not (folder / "single.onnx").exists():
        if not (voice := folder / "voices" / "af_heart.pt").exists():
            _put_voice(voice)
        _combine_voices(folder)
        _export(folder / "kokoro-v1_0.pth")
    return folder


def _put_voice(path: Path) -> None:
    """Write the voice on board as the hub has it."""
    import torch

    board = on_board("v1.0")
    assert board
    torch.save(torch.from_numpy(np.load(board / f"{path.stem}.npy")[:, None]), path)


def prepare_version(version: str) -> Path:
    """Return the checkpoint of a version, of the released size; made once."""
    if version == "v1.0":
        return prepare(export=False) / "kokoro-v1_0.pth"
    folder = FOLDER / version
    if not (made := sorted(folder.glob("*.pth"))):
        made = [write_checkpoint(folder, version)]
    return made[0]


def prepare_voices() -> Path:
    """Return a folder with all voices of a release in each form in which they are published:
    `pt/`, `bin/`, and in `archive/` the one file of kokoro-onnx; made once."""
    folder = FOLDER / "released-voices"
    if not (folder / "archive").exists():
        (draft := FOLDER / "released-voices.part").mkdir(parents=True, exist_ok=True)
        _write_voices(draft)
        draft.rename(folder)
    return folder


def _write_voices(folder: Path) -> None:
    import torch

    random, packs = np.random.default_rng(0), {}
    for form in ("pt", "bin", "archive"):
        (folder / form).mkdir(exist_ok=True)
    for name in version_named("v1.0").voices:
        packs[name] = pack(510, random)
        torch.save(torch.from_numpy(packs[name]), folder / "pt" / f"{name}.pt")
        packs[name].tofile(folder / "bin" / f"{name}.bin")
    with (folder / "archive" / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, allow_pickle=False, **packs)


def _combine_voices(folder: Path) -> None:
    from wyoming_kokoro.voices.formats import read_voice

    files = sorted((folder / "voices").glob("*.pt"))
    packs = {file.stem: read_voice(file, 4 << 20)[:, None] for file in files}
    np.savez(folder / "voices.npz", allow_pickle=False, **packs)


def _export(checkpoint: Path) -> None:
    """Export as the peers' files are made: `KModelForONNX`, with the real-valued STFT."""
    import torch
    from kokoro import KModel
    from kokoro.model import KModelForONNX

    config = json.loads((checkpoint.parent / "config.json").read_text(encoding="utf-8"))
    model = KModel(
        repo_id="hexgrad/Kokoro-82M", config=config, model=str(checkpoint), disable_complex=True
    )
    ids = torch.randint(1, 170, (1, 48))
    inputs = (ids, torch.randn(1, 256) * 0.17, torch.tensor([1.0]))
    torch.onnx.export(
        KModelForONNX(model.eval()).eval(),
        inputs,
        str(checkpoint.with_name("single.onnx")),
        input_names=["input_ids", "style", "speed"],
        output_names=["waveform", "duration"],
        dynamic_axes={
            "input_ids": {1: "tokens"},
            "waveform": {0: "samples"},
            "duration": {0: "tokens"},
        },
        opset_version=17,
        dynamo=False,
    )
