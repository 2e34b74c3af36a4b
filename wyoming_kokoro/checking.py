"""The command `check`: settings in, a model spoken with and measured, a report out; what was found
out is kept, for the settings that say `auto`.
"""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wyoming_kokoro import app
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.onnx_engine import OnnxEngine
from wyoming_kokoro.engines.precision import Scheme, chosen_reduction, scheme_here
from wyoming_kokoro.engines.verdict import Verdict, keep_verdicts
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel, installed, local_checkpoint
from wyoming_kokoro.speech import Request, language_of_voice
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.check.findings import Findings, findings
from wyoming_kokoro.synthesis.check.report import as_json, as_lines
from wyoming_kokoro.synthesis.check.trial import Progress, Trial, trials
from wyoming_kokoro.synthesis.loading import load_engine

_VOICES = 3
"""That are checked, at the most."""

_KEPT = ((), ("decoder.generator.resblocks.5", "decoder.generator.noise_res.1"))
"""Modules that stay in fp32 while the rest is in integers: none, or else the two largest, a third
of the work. They are nearest to the samples, and nothing smooths the noise that they make."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says."""

    subject: dict[str, str]
    """What was checked, by name."""
    trials: list[Trial]
    findings: Findings

    def lines(self) -> list[str]:
        """Return it for people."""
        facts = [f"{name:8} {value}" for name, value in self.subject.items()]
        return [*facts, "", *as_lines(self.trials, self.findings)]

    def values(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        return {**self.subject, **as_json(self.trials, self.findings)}


async def examine(settings: Settings, progress: Progress) -> Report:
    """Check the model of `settings` in this process, and keep what was found out.

    Raises:
        ConfigurationError: the settings ask for what cannot be checked.
        ModelUnavailable: there is no model here, or what was found out cannot be kept.
    """
    model = _installed_model(settings)
    # What all is measured against; whatever was found out before, and never the stand-in.
    plain = replace(settings, precision="fp32", breaths="on", speed=1.0, stand_in=False)
    parts = app.wire(plain, Limits(), here_only=True)
    with ExitStack() as uses:
        try:
            casts = await _casts(parts, uses)
            check = _Check(settings, model, casts[0].engine, progress)
            trials_made, found = check.run(casts, parts)
        finally:
            await parts.close()
    return Report(check.subject, trials_made, found)


class _Check:
    """The check of one model."""

    def __init__(
        self, settings: Settings, model: InstalledModel, engine: Engine, progress: Progress
    ) -> None:
        self._settings = settings
        self._model = model
        self._engine = engine
        self._progress = progress
        self._sha256 = model.sha256()

    @property
    def subject(self) -> dict[str, str]:
        """What is checked, by name."""
        return {
            "model": str(self._model.checkpoint),
            "version": self._model.version.name,
            "engine": self._engine.name,
            "device": self._engine.device,
            "sha256": self._sha256,
        }

    def run(self, casts: list[Cast], parts: app.Parts) -> tuple[list[Trial], Findings]:
        """Try `casts`; where they may speak in integers, with more and more left in fp32 until
        that is not heard. Keep the verdicts."""
        scheme = self._scheme()
        for kept in _KEPT if scheme else _KEPT[:1]:
            reduced = {scheme.name: self._in_integers(scheme, kept)} if scheme else {}
            made = trials(casts, parts.front_end, reduced, self._progress)
            for engine in reduced.values():
                engine.close()
            found = findings(made)
            verdicts = found.verdicts()
            for subject in reduced.keys() & verdicts.keys():
                verdicts[subject] = replace(verdicts[subject], keep=kept)
            self._keep(verdicts)
            if all(verdicts[subject].passed for subject in reduced.keys() & verdicts.keys()):
                break
        return made, found

    def _scheme(self) -> Scheme | None:
        """Return how this processor works in integers, None where that is not asked for or cannot
        be."""
        asked, device = self._settings.precision, self._engine.device
        if asked == "fp32" or not isinstance(self._engine, OnnxEngine):
            return None
        if asked == "int8":
            reduction = chosen_reduction(asked, device, self._cache, self._sha256)
            return reduction.scheme if reduction else None
        return scheme_here() if device == "cpu" else None

    def _in_integers(self, scheme: Scheme, kept: tuple[str, ...]) -> Engine:
        """Load an engine that works in integers but for the modules `kept`."""
        self._progress(0, 0, "calibrating int8")
        # Until it has passed, nobody is to use it; and the engine loads what the verdict says.
        self._keep({scheme.name: Verdict(False, "the check has not ended", kept)})
        settings = replace(self._settings, precision="int8")
        return load_engine("onnx", self._model, settings, lambda: None)

    def _keep(self, verdicts: dict[str, Verdict]) -> None:
        try:
            keep_verdicts(self._cache, self._sha256, verdicts)
        except OSError as error:
            raise ModelUnavailable(
                f"what was found out cannot be kept in {self._cache} ({error.strerror}): "
                "free some space or choose another --data-dir"
            ) from error

    @property
    def _cache(self) -> Path:
        return self._settings.data_dir / "cache"


def _installed_model(settings: Settings) -> InstalledModel:
    version = version_named(settings.model)
    if settings.checkpoint:
        return local_checkpoint(settings.checkpoint, version)
    return installed(ModelFolder(settings.data_dir, version))


async def _casts(parts: app.Parts, uses: ExitStack) -> list[Cast]:
    """Return the default voice, and a few others that are on this machine.

    Raises:
        ConfigurationError: the engine speaks without a model.
    """
    default = await parts.casting.cast(Request(), uses)
    if default.pack is None:
        raise ConfigurationError(
            f"the engine {default.engine.name} has no model to check: leave --engine away"
        )
    here = [voice.name for voice in parts.casting.offered() if parts.casting.is_here(voice.name)]
    names = _some_others(default, here)
    return [default, *[await parts.casting.cast(Request(name), uses) for name in names]]


def _some_others(default: Cast, here: list[str]) -> list[str]:
    """Return a few voices besides the default one, of as many languages as there are."""
    chosen: list[str] = []
    heard = {default.language}
    for new in (True, False):
        for name in here:
            language = language_of_voice(name)
            if name in (default.voice, *chosen) or (new and language in heard):
                continue
            chosen.append(name)
            heard |= {language} if language else set()
    return chosen[: _VOICES - 1]
