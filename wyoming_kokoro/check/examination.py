"""The check of a model: settings in, a model spoken with and measured, a report out; what was found
out is kept, for the settings that say `auto`.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Literal, Protocol, cast

from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.report import Report
from wyoming_kokoro.check.trial import ShowStatus, Trial, compared, in_breaths, trials
from wyoming_kokoro.check.yardstick import yardstick
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.native import library
from wyoming_kokoro.engines.precision import (
    Native,
    chosen_half,
    chosen_native,
    integers_to_try,
    subject_of,
)
from wyoming_kokoro.engines.verdict import (
    BREATHS,
    Verdict,
    Verdicts,
    keep_verdicts,
    kept_verdicts,
)
from wyoming_kokoro.errors import ConfigurationError, KokoroError, ModelUnavailable
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel, installed, local_checkpoint
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.casting import Cast, Casting
from wyoming_kokoro.synthesis.loading import load_to_try
from wyoming_kokoro.synthesis.making import Maker
from wyoming_kokoro.synthesis.reading import Phonemizer
from wyoming_kokoro.synthesis.sample_voices import fetch_sample_voices, sample_voices

_VOICES = 3
"""That are checked, at the most."""

_MANNERS = {
    True: "sentences are voiced in breaths, and heard soon",
    False: "sentences are voiced whole",
}
"""Of voicing, by whether it is in breaths."""


class Parts(Protocol):
    """What is needed of the parts that speak, `app.wiring.Parts`."""

    @property
    def casting(self) -> Casting:
        """Who speaks."""

    @property
    def front_end(self) -> Phonemizer:
        """Who reads the sentences."""

    async def close(self) -> None:
        """Stop all work."""


Wire = Callable[[Settings], Parts]
"""Wires what speaks with the model that is here, and fetches none."""


async def examine(settings: Settings, wire: Wire, progress: ShowStatus) -> Report:
    """Check the model of `settings` in this process, and keep what was found out.

    Raises:
        ConfigurationError: the settings ask for what cannot be checked.
        ModelUnavailable: there is no model here, or what was found out cannot be kept.
    """
    select.choose(settings)
    model = _installed_model(settings)
    trouble = fetch_sample_voices(model, settings, progress)
    # What all is measured against; whatever was found out before, and never the stand-in.
    plain = replace(settings, precision="fp32", breaths="on", speed=1.0, stand_in=False)
    parts = wire(plain)
    with ExitStack() as uses:
        try:
            casts = await _casts(parts, uses)
            check = _Check(settings, model, casts[0].engine, progress)
            if trouble:
                check.note(f"only the voices that are here were checked: {trouble}")
            return check.run(casts, parts)
        finally:
            await parts.close()


@dataclass(frozen=True, slots=True)
class _Faster:
    """Numbers that may be used in place of fp32, if they are not heard."""

    subject: str
    """Of the verdict."""
    name: Literal["fp16"] | Native
    """As `--precision` has it."""


class _Check:
    """The check of one model."""

    def __init__(
        self, settings: Settings, model: InstalledModel, engine: Engine, progress: ShowStatus
    ) -> None:
        self._settings = settings
        self._model = model
        self._engine = engine
        self._progress = progress
        self._sha256 = model.sha256()
        self._cache = settings.data_dir / "cache"
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Have the report say something more."""
        self._notes.append(text.removesuffix("."))

    def run(self, casts: Sequence[Cast], parts: Parts) -> Report:
        """Let `casts` speak, then the same weights in faster numbers, where that can be. Keep
        verdicts as soon as they are known."""
        made: Sequence[Trial] = trials(casts, parts.front_end, self._progress)
        found = findings(made)
        self._keep(found.verdicts())
        if found.floor and BREATHS not in found.comparisons:
            long = any(trial.joins for trial in made)
            why = "sentences are still spoken whole here" if long else "no sentence was long enough"
            self.note(f"{why}: nothing was found out about breaths")
        for faster in self._faster() if found.floor else ():
            made, verdict = self._try(made, faster)
            self._keep({faster.subject: verdict})
            if verdict.passed:
                break
        return Report(self._subject(casts), made, findings(made), self._notes, self._auto())

    def _subject(self, casts: Iterable[Cast]) -> dict[str, str]:
        return {
            "model": f"{self._model.version.name}, {self._model.checkpoint}",
            "sha256": self._sha256,
            "engine": f"{self._engine.name} on {self._engine.device}",
            "voices": ", ".join(f"{cast.voice} ({cast.language.name})" for cast in casts),
        }

    def _faster(self) -> list[_Faster]:
        """Return the numbers to try, the fastest first; none, and a note, where that is not asked
        for or cannot be."""
        engine, asked = self._engine, self._settings.precision
        if asked == "fp32":
            self.note("faster numbers were not tried: --precision is fp32")
        elif not isinstance(engine, KokoroEngine):
            self.note(
                "faster numbers were not tried: they are for checkpoints (.pth) on the engines "
                f"native and onnx, not for {engine.name}"
            )
        elif engine.name == "native":
            tries = integers_to_try(_quickest()) if asked == "auto" else (cast("Native", asked),)
            return [_Faster(numbers, numbers) for numbers in tries]
        elif engine.device != "cpu":
            return [_Faster(subject_of(engine.device), "fp16")]
        else:
            self.note(f"faster numbers were not tried: {library.REMEDY}")
        return []

    def _try(self, made: Sequence[Trial], faster: _Faster) -> tuple[Sequence[Trial], Verdict]:
        """Return the trials with what the model makes of them in faster numbers, and what comes of
        that."""
        try:
            made = self._compared(made, faster)
        except KokoroError as error:
            if self._settings.precision == faster.name:
                raise
            self.note(f"{faster.name} could not be tried: {error}")
            return made, Verdict(False, str(error))
        comparisons = findings(made).comparisons
        subjects = faster.subject, in_breaths(faster.subject)
        found = [comparisons[subject] for subject in subjects if subject in comparisons]
        return made, Verdict(all(one.passed for one in found), "; ".join(map(str, found)))

    def _compared(self, made: Sequence[Trial], faster: _Faster) -> list[Trial]:
        self._progress(f"loading {faster.name}")
        engine = load_to_try(self._model, self._settings, faster.name)
        joined = findings(made).comparisons.get(BREATHS)
        breaths = joined is not None and joined.passed  # else sentences are spoken whole
        try:
            return compared(made, faster.subject, engine, self._progress, breaths=breaths)
        finally:
            engine.close()

    def _auto(self) -> dict[str, str]:
        """Return what settings that say `auto` mean from now on."""
        verdicts = kept_verdicts(self._cache, self._sha256, yardstick())
        return {
            "--breaths auto": _MANNERS[select.in_breaths(Settings(), verdicts)],
            "--precision auto": self._auto_precision(verdicts),
        }

    def _auto_precision(self, verdicts: Verdicts) -> str:
        match self._engine.name:
            case "native":
                numbers = chosen_native("auto", _quickest(), verdicts)
                known = isinstance(self._engine, KokoroEngine) and self._engine.knows_ranges
                if known or numbers == "fp32":
                    return numbers
                return f"fp32, and {numbers} once the model has said enough"
            case "onnx":
                return chosen_half("onnx", "auto", self._engine.device, verdicts) or "fp32"
        return "fp32"

    def _keep(self, verdicts: Verdicts) -> None:
        try:
            keep_verdicts(self._cache, self._sha256, yardstick(), verdicts)
        except OSError as error:
            raise ModelUnavailable(
                f"what was found out cannot be kept in {self._cache} ({error.strerror}): "
                "free some space or choose another --data-dir"
            ) from error


def _quickest() -> Native:
    """Return what the native generator takes least time in on this processor."""
    found = library.usable_library()
    return library.quickest_precision(found) if found else "fp32"


def _installed_model(settings: Settings) -> InstalledModel:
    version = version_named(settings.model)
    if settings.own_checkpoint:
        return local_checkpoint(settings.own_checkpoint, version, settings.data_dir / "cache")
    starter = Maker("onnx", settings, here_only=True).starter(version)
    return starter or installed(ModelFolder(settings.data_dir, version))


async def _casts(parts: Parts, uses: ExitStack) -> list[Cast]:
    """Return the default voice, and a few others that are on this machine.

    Raises:
        ConfigurationError: the engine speaks without a model.
    """
    default = await parts.casting.cast(Request(), uses)
    if default.pack is None:
        raise ConfigurationError(
            f"the engine {default.engine.name} has no model to check: leave --engine away"
        )
    voices = parts.casting.voices
    here = [voice.name for voice in voices.offered() if voices.is_here(voice.name)]
    others = [name for name in sample_voices(here, default.voice) if name not in default.voice]
    return [
        default,
        *[await parts.casting.cast(Request(name), uses) for name in others[: _VOICES - 1]],
    ]
