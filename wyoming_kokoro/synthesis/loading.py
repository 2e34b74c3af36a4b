"""Loads engines: a model and the settings in, an engine out, which may ask for voices to calibrate
with.
"""

from collections.abc import Callable
from functools import partial

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import select
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.voices.packs import Pack
from wyoming_kokoro.voices.store import VoiceStore

_MOST = 8
"""Voices that an engine is calibrated with."""


def load_engine(
    kind: select.Kind, model: InstalledModel, settings: Settings, waiting: Callable[[], None]
) -> Engine:
    """Load an engine; see `select.load`."""
    return select.load(kind, model, settings, waiting, partial(_packs, model, settings))


def _packs(model: InstalledModel, settings: Settings) -> list[Pack]:
    """Return some of the voices of `model` that are on this machine, far apart by name: women and
    men, of several languages.

    Raises:
        BadVoiceFile: one of their files is not what it should be.
    """
    store = VoiceStore(
        model.version.name, (), None, None, (model.voices,), source=settings.voice_source
    )
    names = store.names()
    count = min(_MOST, len(names))
    chosen = [names[place * len(names) // count] for place in range(count)]
    return [store.pack(store.resolve(name)) for name in chosen]
