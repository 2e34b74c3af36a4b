"""A few of a model's voices, far apart: what it is calibrated and checked with. Fetched first
where that may be.
"""

from collections.abc import Callable, Iterable

from wyoming_kokoro.config import Settings
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.download import fetch
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.voices.onboard import on_board
from wyoming_kokoro.voices.store import VoiceStore

MAX_SAMPLE_VOICES = 8
"""Voices at the most: four megabytes to fetch."""


def sample_voices(names: Iterable[str], first: str) -> tuple[str, ...]:
    """Return at most eight of `names`: `first`, then each time one whose language, or else whose
    sex, was chosen least, as the first two letters tell them."""
    left = sorted(names)
    chosen = [name for name in left if name == first]

    def chosen_before(name: str) -> tuple[int, int, int]:
        alike = [other for other in chosen if other[:1] == name[:1]]
        same_sex = [other for other in chosen if other[1:2] == name[1:2]]
        return len(alike), len(set(alike) & set(same_sex)), len(same_sex)

    while len(chosen) < min(MAX_SAMPLE_VOICES, len(left)):
        chosen.append(min(set(left) - set(chosen), key=lambda name: (*chosen_before(name), name)))
    return tuple(chosen)


def voices_of(model: InstalledModel, settings: Settings) -> VoiceStore:
    """Return the voices of `model` that are on this machine, beside it or fetched for it."""
    released = ModelFolder(settings.data_dir, model.version).voices
    return VoiceStore(
        model.version.name,
        (),
        None,
        None,
        (model.voices, released),
        source=settings.voice_source,
        on_board=on_board(model.version.name),
        foreign=lambda _: "",  # whatever they speak
    )


def fetch_sample_voices(
    model: InstalledModel, settings: Settings, progress: Callable[[str], None]
) -> str:
    """Fetch what is missing of the sample voices, if `model` is a released one; return why they
    could not be had, nothing where all is well. `progress` is told of each, for people."""
    here = set(voices_of(model, settings).names())
    wanted = sample_voices(model.version.voices, model.version.default_voice)
    missing = [name for name in wanted if name not in here]
    enough = not missing or len(here) >= MAX_SAMPLE_VOICES
    if enough or not model.official or settings.voice_source == "combined":
        return ""
    folder = ModelFolder(settings.data_dir, model.version)
    try:
        for done, name in enumerate(missing):
            progress(f"fetching the voice {name}, {done + 1} of {len(missing)}")
            fetch(folder, [model.version.voice_file(name)], offline=settings.offline)
    except ModelUnavailable as error:
        return str(error)
    return ""
