"""The voices on board: packs that come with this package, one for each language of v1.0.

They are those of hexgrad/Kokoro-82M in float16, Apache-2.0; `data/README.md` tells more, and
`script/voices` writes them. With them a machine speaks that reaches no hub.
"""

from pathlib import Path

FOLDER = Path(__file__).with_name("data")

NAMES = (
    "af_heart",
    "bf_emma",
    "ef_dora",
    "ff_siwis",
    "hf_alpha",
    "if_sara",
    "jf_alpha",
    "pf_dora",
    "zf_xiaobei",
)

_VERSION = "v1.0"


def on_board(version: str) -> Path | None:
    """Return the folder of the voices that came with this package for `version`, None without."""
    return FOLDER if version == _VERSION else None
