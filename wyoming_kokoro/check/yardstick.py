"""What decides a check, as one digest: bounds, texts, how sounds are measured, and the rules by
which sentences are cut and joined. Verdicts of another yardstick do not count.

    model, settings -> verdicts_on -> what is to be followed
"""

import hashlib
from functools import cache
from types import ModuleType

from wyoming_kokoro.check import bounds, measures, texts
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.verdict import Verdicts, kept_verdicts
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import breaths

_DECIDING = (bounds, texts, measures, breaths)


@cache
def yardstick() -> str:
    """Return the digest of all constants that decide a check."""
    lines = (line for module in _DECIDING for line in constants(module))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def verdicts_on(model: InstalledModel, settings: Settings) -> Verdicts:
    """Return what `check` has found out about `model` on this machine; a warning tells where that
    counts no more. May read the whole checkpoint once, to tell which it is."""
    if settings.precision == "fp32" and settings.breaths != "auto":
        return {}  # nothing that would follow one
    return kept_verdicts(settings.data_dir / "cache", model.sha256(), yardstick())


def constants(module: ModuleType) -> list[str]:
    """Return names and values of the constants of `module`, those in capital letters."""
    named = sorted((name, value) for name, value in vars(module).items() if name.isupper())
    return [f"{module.__name__}.{name} = {_plain(value)}" for name, value in named]


def _plain(value: object) -> str:
    """Return `value` as the same text in every process, which sets are not."""
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)
