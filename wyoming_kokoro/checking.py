"""The command `check`: settings in, a model spoken with and measured, a report out; what was found
out is kept, for the settings that say `auto`.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from wyoming_kokoro import app
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines import select
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.onnx_engine import OnnxEngine
from wyoming_kokoro.engines.precision import (
    Reduction,
    Scheme,
    chosen_reduction,
    scheme_here,
    why_not,
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
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.check.findings import Findings, findings
from wyoming_kokoro.synthesis.check.report import as_json, as_lines
from wyoming_kokoro.synthesis.check.trial import Progress, Trial, compared, trials
from wyoming_kokoro.synthesis.check.yardstick import yardstick
from wyoming_kokoro.synthesis.handful import fetch_handful, handful
from wyoming_kokoro.synthesis.loading import load_in_integers

_VOICES = 3
"""That are checked, at the most."""

_KEPT = ((), ("decoder.generator.resblocks.5", "decoder.generator.noise_res.1"))
"""Modules that stay in fp32 while the rest is in integers: none, or else the two largest, a third
of the work. They are nearest to the samples, and nothing smooths the noise that they make."""

_MANNERS: dict[select.Breathing, str] = {
    "breaths": "sentences are voiced in breaths, and heard soon",
    "whole-front": "sentences are voiced in breaths, the decoder's front on the whole",
    "whole": "sentences are voiced whole",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says."""

    subject: dict[str, str]
    """What was checked, by name."""
    trials: Sequence[Trial]
    findings: Findings
    notes: Sequence[str] = ()
    """What could not be done, and what was tried in vain."""
    auto: dict[str, str] | None = None
    """What settings that say `auto` mean from now on, by flag."""

    def lines(self) -> list[str]:
        """Return it for people."""
        return [
            *_aligned(self.subject),
            "",
            *as_lines(self.trials, self.findings),
            *(f"Note: {note}." for note in self.notes),
            *(f"! {complaint}." for complaint in self.findings.broken),
            *([] if self.findings.broken else ["All is within its bounds."]),
            *self._consequences(),
        ]

    def _consequences(self) -> list[str]:
        if not self.auto:
            return []
        return ["", "This is kept. From the next start on:", *_aligned(self.auto)]

    def values(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        rest = {"notes": list(self.notes), "auto": self.auto or {}}
        return {**self.subject, **as_json(self.trials, self.findings), **rest}


async def examine(settings: Settings, progress: Progress) -> Report:
    """Check the model of `settings` in this process, and keep what was found out.

    Raises:
        ConfigurationError: the settings ask for what cannot be checked.
        ModelUnavailable: there is no model here, or what was found out cannot be kept.
    """
    select.choose(settings)
    model = _installed_model(settings)
    trouble = fetch_handful(model, settings, progress)
    # What all is measured against; whatever was found out before, and never the stand-in.
    plain = replace(settings, precision="fp32", breaths="on", speed=1.0, stand_in=False)
    parts = app.wire(plain, Limits(), here_only=True)
    with ExitStack() as uses:
        try:
            casts = await _casts(parts, uses)
            check = _Check(settings, model, casts[0].engine, progress)
            if trouble:
                check.note(f"only the voices that are here were checked: {trouble}")
            return check.run(casts, parts)
        finally:
            await parts.close()


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
        self._cache = settings.data_dir / "cache"
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Have the report say something more."""
        self._notes.append(text.removesuffix("."))

    def run(self, casts: Sequence[Cast], parts: app.Parts) -> Report:
        """Let `casts` speak, then the same weights in integers, where that can be. Keep verdicts
        as soon as they are known."""
        made: Sequence[Trial] = trials(casts, parts.front_end, self._progress)
        found = findings(made)
        self._keep(found.verdicts())
        if found.floor and BREATHS not in found.comparisons:
            self.note("no sentence was long enough to be cut: nothing was found out about breaths")
        scheme = self._scheme()
        if scheme and found.floor:
            made, verdict = self._try_integers(made, scheme)
            self._keep({scheme.name: verdict})
        return Report(self._subject(casts), made, findings(made), self._notes, self._auto())

    def _subject(self, casts: Iterable[Cast]) -> dict[str, str]:
        return {
            "model": f"{self._model.version.name}, {self._model.checkpoint}",
            "sha256": self._sha256,
            "engine": f"{self._engine.name} on {self._engine.device}",
            "voices": ", ".join(f"{cast.voice} ({cast.language.name})" for cast in casts),
        }

    def _scheme(self) -> Scheme | None:
        """Return how this processor works in integers; None, and a note, where that is not asked
        for or cannot be."""
        if self._settings.precision == "fp32":
            trouble = "--precision is fp32"
        elif not isinstance(self._engine, OnnxEngine):
            trouble = (
                f"it is for checkpoints (.pth) on the engine onnx, not for {self._engine.name}"
            )
        else:
            trouble = why_not(self._engine.device)
        if trouble:
            self.note(f"int8 was not tried: {trouble}")
        return None if trouble else scheme_here()

    def _try_integers(
        self, made: Sequence[Trial], scheme: Scheme
    ) -> tuple[Sequence[Trial], Verdict]:
        """Return the trials, and what comes of them, with more and more of the generator left in
        fp32 until the rest is not heard."""
        for kept in _KEPT:
            try:
                made = self._in_integers(made, Reduction(scheme, kept))
            except KokoroError as error:
                if self._settings.precision == "int8":
                    raise
                self.note(f"int8 could not be tried: {error}")
                return made, Verdict(False, str(error), kept)
            comparison = findings(made).comparisons[scheme.name]
            if comparison.passed:
                break
            self.note(f"int8 {_but_for(kept)}can be heard: {comparison}")
        if comparison.passed and kept:
            self.note(f"int8 {_but_for(kept)}cannot be heard")
        return made, Verdict(comparison.passed, str(comparison), kept)

    def _in_integers(self, made: Sequence[Trial], reduction: Reduction) -> list[Trial]:
        """Return the trials with what the model makes of them in integers."""
        engine = load_in_integers(
            self._model,
            self._settings,
            reduction,
            lambda line: self._progress(f"calibrating int8: {line}"),
        )
        try:
            return compared(made, reduction.scheme.name, engine, self._progress)
        finally:
            engine.close()

    def _auto(self) -> dict[str, str]:
        """Return what settings that say `auto` mean from now on."""
        verdicts = kept_verdicts(self._cache, self._sha256, yardstick())
        onnx = isinstance(self._engine, OnnxEngine)
        breathing = select.breathing("onnx" if onnx else "torch", Settings(), verdicts)
        int8 = chosen_reduction("auto", self._engine.device, verdicts) if onnx else None
        return {
            "--breaths auto": _MANNERS[breathing],
            "--precision auto": f"int8 {_but_for(int8.keep)}".strip() if int8 else "fp32",
        }

    def _keep(self, verdicts: Verdicts) -> None:
        try:
            keep_verdicts(self._cache, self._sha256, yardstick(), verdicts)
        except OSError as error:
            raise ModelUnavailable(
                f"what was found out cannot be kept in {self._cache} ({error.strerror}): "
                "free some space or choose another --data-dir"
            ) from error


def _but_for(kept: Sequence[str]) -> str:
    return f"but for the {len(kept)} largest blocks of the generator " if kept else ""


def _aligned(facts: dict[str, str]) -> list[str]:
    """Return the facts line by line, their names as wide as the longest."""
    width = max(map(len, facts))
    return [f"  {name:{width}}  {value}" for name, value in facts.items()]


def _installed_model(settings: Settings) -> InstalledModel:
    version = version_named(settings.model)
    if settings.checkpoint:
        return local_checkpoint(settings.checkpoint, version, settings.data_dir / "cache")
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
    others = [name for name in handful(here, default.voice) if name not in default.voice]
    return [
        default,
        *[await parts.casting.cast(Request(name), uses) for name in others[: _VOICES - 1]],
    ]
