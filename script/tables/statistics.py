"""Makes the table that the generator's statistics are predicted by.

    python -m script.tables.statistics observe CHECKPOINT VOICES FOLDER [--part I/N]
        [--sentences N] [--reference]
    python -m script.tables.statistics sensitivity CHECKPOINT VOICES FOLDER
    python -m script.tables.statistics fit CHECKPOINT VOICES FOLDER...
    python -m script.tables.statistics ranges CHECKPOINT VOICES FOLDER

`observe` has the model speak, which takes about as long as to listen to it; several may run at
once, each with a part of the sentences and a folder of its own. With `--reference` kokoro's own
model speaks, on a GPU if there is one: fifteen at once on an H200 made 30 sentences a second.
`sensitivity` finds by how much errors of the statistics are heard. `fit` writes the table of what
was observed, and of that, to the package; the first folder has what `sensitivity` found. `ranges`
has the model speak other sentences natively, and adds to that table how large the values become
that integers stand for.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from script.tables.observing import (
    Observations,
    facts_at,
    largest_values,
    observe,
    read_observations,
)
from script.tables.perceptron import fit_with_perceptron
from script.tables.sensitivity import sensitivity, weights_of
from tests.support.places import ROOT
from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.engines.kokoro.statistics import read_arrays, read_table
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.voices.packs import pack_key
from wyoming_kokoro.voices.store import VoiceStore

DATA = ROOT / "wyoming_kokoro" / "engines" / "kokoro" / "data"

SENTENCES = 4968
"""92 of each of 54 voices."""

SPEAKING = ("af_heart", "am_michael", "zf_xiaobei", "if_sara", "ef_dora", "bm_george")
"""By whose sentences it is found what is heard."""

_SENSITIVITY = "sensitivity.npz"

OTHERS = range(7000, 7486)
"""Nine sentences of each voice, of which those of up to 6 s count: 413."""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("observe", "sensitivity", "fit", "ranges"):
        command = commands.add_parser(name)
        command.add_argument("checkpoint", type=Path)
        command.add_argument("voices", type=Path)
        command.add_argument("folders", type=Path, nargs="+" if name == "fit" else 1)
    commands.choices["observe"].add_argument("--part", default="0/1")
    commands.choices["observe"].add_argument("--sentences", type=int, default=SENTENCES)
    commands.choices["observe"].add_argument("--reference", action="store_true")
    arguments = parser.parse_args()
    if arguments.command == "ranges":
        _add_ranges(arguments.checkpoint, arguments.voices, arguments.folders[0])
    elif arguments.command == "sensitivity":
        _keep_sensitivity(arguments.checkpoint, arguments.folders[0])
    elif arguments.command == "observe":
        part, parts = map(int, arguments.part.split("/"))
        numbers = range(part, arguments.sentences, parts)
        observe(
            arguments.checkpoint,
            arguments.voices,
            arguments.folders[0],
            numbers,
            reference=arguments.reference,
        )
    else:
        _fit(arguments.checkpoint, arguments.voices, arguments.folders)


def _keep_sensitivity(checkpoint: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    distance, steps = sensitivity(checkpoint, SPEAKING)
    np.savez(folder / _SENSITIVITY, distance=distance, steps=steps)


def _fit(checkpoint: Path, voices: Path, folders: list[Path]) -> None:
    seen = [read_observations(folder) for folder in folders]
    keys = _keys(voices)
    found = read_arrays(folders[0] / _SENSITIVITY)
    assert found, f"{folders[0]} is to be given its sensitivity first"
    places = norm_places(local_checkpoint(checkpoint).architecture)
    table = fit_with_perceptron(
        np.concatenate([one.covariates for one in seen]),
        np.concatenate([one.statistics for one in seen]),
        [keys[voice] for one in seen for voice in one.voices],
        lambda errors: weights_of(found["distance"], found["steps"], errors, places),
    )
    DATA.mkdir(exist_ok=True)
    path = _path(checkpoint, folders[0])
    before = read_table(path)
    replace(table, ranges=before.ranges if before else None).save(path)
    sys.stdout.write(f"{path}: {_described(seen)}, {path.stat().st_size} bytes\n")


def _add_ranges(checkpoint: Path, voices: Path, folder: Path) -> None:
    path = _path(checkpoint, folder)
    table = read_table(path)
    assert table, f"{path} is to be fitted first"
    replace(table, ranges=largest_values(checkpoint, voices, folder, OTHERS)).save(path)


def _path(checkpoint: Path, folder: Path) -> Path:
    return DATA / f"{facts_at(checkpoint, folder).fingerprint[:16]}.npz"


def _keys(voices: Path) -> dict[str, str]:
    store = VoiceStore("v1.0", (), None, None, (voices,))
    return {name: pack_key(store.pack(store.resolve(name))) for name in store.names()}


def _described(seen: list[Observations]) -> str:
    facts = [fact for one in seen for fact in one.facts]
    seconds = sum(fact["frames"] for fact in facts) / 40
    voices = len({fact["voice"] for fact in facts})
    return f"{len(facts)} sentences, {voices} voices, {seconds / 60:.0f} minutes"


if __name__ == "__main__":
    main()
