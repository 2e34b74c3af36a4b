"""Makes models: a version comes in, its files are fetched, and an engine that has loaded them goes
out. Everything here takes long and runs in the background.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.engines.verdict import Verdicts
from wyoming_kokoro.errors import DownloadFailed, ShuttingDown
from wyoming_kokoro.models import catalog, starter
from wyoming_kokoro.models.catalog import ModelFile, ModelVersion, version_named
from wyoming_kokoro.models.download import fetch, progress_log
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel, installed, local_checkpoint
from wyoming_kokoro.synthesis import select
from wyoming_kokoro.synthesis.loading import (
    load_engine,
    sentences_to_calibrate_with,
)

log = logging.getLogger(__name__)

Load = Callable[[select.Kind, InstalledModel, Settings, Callable[[], None], Verdicts], Engine]
VerdictsOn = Callable[[InstalledModel, Settings], Verdicts]


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A version that is ready to speak."""

    version: ModelVersion
    engine: Engine
    vocabulary: Mapping[str, int]
    rtf: float
    """Real-time factor at its warm-up."""
    in_breaths: bool = True
    """Whether its sentences are voiced piece by piece."""
    sha256: str = ""
    """Of its checkpoint."""
    released: bool = False
    """Whether its weights are the released ones, rounded to 8 bits or not."""
    calibration: Callable[[], Sequence[CalibrationSentence]] | None = None
    """Gives what it is to say before its sentences can be divided; None where they can be, or never
    will. Takes long."""

    @property
    def identity(self) -> str:
        """Which numbers these are, and what computes with them."""
        engine = self.engine
        return f"{self.sha256} {engine.name} {engine.device} {engine.precision}"

    @property
    def facts(self) -> dict[str, str | float]:
        """What there is to tell about it, for people and programs."""
        weights = "released" if self.released else "own"
        return {
            "engine": self.engine.name,
            "device": self.engine.device,
            "precision": self.engine.precision,
            "weights": "starter" if self.sha256 == starter.FILE.sha256 else weights,
            "realtime_factor": round(self.rtf, 3),
        }


class Maker:
    """Makes what the settings ask for, until it is told to stop."""

    def __init__(
        self,
        kind: select.Kind,
        settings: Settings,
        load: Load = load_engine,
        verdicts_on: VerdictsOn = lambda _model, _settings: {},
        *,
        here_only: bool = False,
    ) -> None:
        """`verdicts_on` tells what was found out about how a model sounds here. With `here_only`,
        models are not fetched."""
        self._kind = kind
        self._settings = settings
        self._load_engine = load
        self._verdicts_on = verdicts_on
        self._offline = settings.offline or here_only
        self._stopped = False
        self.doing = ""
        """What it makes now, for people: "" if nothing."""
        self.reaches_hub = True
        """Whether the latest try to fetch something was a success, if there was one."""

    def stop(self) -> None:
        """Have what takes long end soon; a download is taken up at the next start."""
        self._stopped = True

    def folder(self, version: ModelVersion) -> ModelFolder:
        """Return where the files of `version` are kept."""
        return ModelFolder(self._settings.data_dir, version)

    @property
    def alone(self) -> bool:
        """Whether the starter stays where it speaks."""
        return self._offline or self._settings.weights == "starter"

    def starter(
        self, version: ModelVersion, *, although_here: bool = False
    ) -> InstalledModel | None:
        """Return the starter where it is to speak for `version`: if it is asked for, or as long as
        that is not here, or `although_here`.

        Raises:
            ModelUnavailable: it is wanted, and cannot be had.
        """
        settings = self._settings
        if settings.weights == "released" or version.own:
            return None
        if not self._is_default(version) or not starter.serves(version):
            return None
        if settings.weights == "auto":
            if not although_here and not self.folder(version).missing([version.checkpoint]):
                return None
            if not starter.is_here(settings.data_dir):
                log.info("the starter, which would speak now, is not installed: %s", starter.REMEDY)
                return None
        return starter.starter(version, settings.data_dir, self.check_wanted)

    def files(self, version: ModelVersion) -> InstalledModel:
        """Return the released model, or the one that the settings name; fetch what is missing.

        Raises:
            ModelUnavailable: it cannot be had.
        """
        settings, default = self._settings, self._is_default(version)
        if settings.weights == "starter" and default:
            return starter.starter(version, settings.data_dir, self.check_wanted)
        if version.own:
            cache = settings.data_dir / "cache"
            model = local_checkpoint(version.own, _released(version), cache)
            if not model.official:
                log.warning("%s is no official model file", model.checkpoint)
            return model
        folder = self.folder(version)
        self._fetch(folder, version.files([version.default_voice]), offline=self._offline)
        return installed(folder)

    def voice(self, version: ModelVersion, name: str) -> None:
        """Fetch the pack of a voice.

        Raises:
            ModelUnavailable: it cannot be had.
        """
        wanted, offline = [version.voice_file(name)], self._settings.offline
        self._fetch(self.folder(version), wanted, offline=offline, tell=False)

    def load(self, version: ModelVersion, model: InstalledModel) -> LoadedModel:
        """Load and warm up."""
        log.info("loading %s (%s)", model.checkpoint.name, version.name)
        self.doing = f"loading {model.checkpoint.name}"
        verdicts = self._verdicts_on(model, self._settings)
        engine = self._load_engine(self._kind, model, self._settings, self.check_wanted, verdicts)
        in_breaths = select.in_breaths(self._settings, verdicts)
        how = "in breaths, where that is possible" if in_breaths else "whole"
        log.info("%s: sentences are voiced %s", version.name, how)
        sha256 = model.sha256()
        return LoadedModel(
            model.version,
            engine,
            model.vocabulary,
            engine.warm_up(),
            in_breaths,
            sha256,
            released=model.official or sha256 == starter.FILE.sha256,
            calibration=self._calibration(engine, model),
        )

    def _calibration(
        self, engine: Engine, model: InstalledModel
    ) -> Callable[[], Sequence[CalibrationSentence]] | None:
        if not (isinstance(engine, KokoroEngine) and engine.lacks):
            return None
        settings, wanted = self._settings, 2 * engine.lacks  # some are too long to be said
        return partial(sentences_to_calibrate_with, model, settings, self.check_wanted, wanted)

    def _is_default(self, version: ModelVersion) -> bool:
        return version.name == version_named(self._settings.model).name

    def check_wanted(self) -> None:
        """Return if what takes long is to go on.

        Raises:
            ShuttingDown: it is not.
        """
        if self._stopped:
            raise ShuttingDown("the server is stopping")

    def _fetch(
        self,
        folder: ModelFolder,
        files: Sequence[ModelFile],
        *,
        offline: bool,
        tell: bool = True,
    ) -> None:
        told = progress_log(log.info) if tell else lambda *_: None

        def progress(done: int, total: int, path: str) -> None:
            self.check_wanted()
            if tell:
                self.doing = f"fetching {path}, {done / 1e6:.0f} of {total / 1e6:.0f} MB"
            told(done, total, path)

        try:
            fetch(folder, files, progress=progress, offline=offline)
        except DownloadFailed:
            self.reaches_hub = False
            raise
        self.reaches_hub = True


def _released(version: ModelVersion) -> ModelVersion:
    """Return the released version of that name, v1.0 for a checkpoint with a name of its own."""
    return next((one for one in catalog.VERSIONS if one.name == version.name), catalog.VERSIONS[0])
