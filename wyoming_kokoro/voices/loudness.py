"""How loud the released voices are: no input but the table in the package, LUFS by pack out.

`script/loudness` makes the table.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def released_loudness() -> Mapping[str, float]:
    """Return the loudness in LUFS of each released voice by the key of its pack (`pack_key`)."""
    table = files("wyoming_kokoro.voices").joinpath("data/loudness.tsv")
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    return MappingProxyType({key: float(lufs) for _, key, lufs in rows})
