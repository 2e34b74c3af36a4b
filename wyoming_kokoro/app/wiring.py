"""Settings in, the parts of a server out, wired together; none of them has begun to work."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wyoming_kokoro import __version__
from wyoming_kokoro.check.yardstick import verdicts_on
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.standin import StandInEngine
from wyoming_kokoro.errors import EngineDead
from wyoming_kokoro.speech import Plan
from wyoming_kokoro.synthesis.casting import Casting
from wyoming_kokoro.synthesis.figures import Figures, resident_bytes
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.narration import Narrator
from wyoming_kokoro.synthesis.phrases import MEGABYTE, PhraseCache
from wyoming_kokoro.synthesis.pipeline import Pipeline
from wyoming_kokoro.synthesis.reading import ReadingOptions
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.synthesis.voice_lookup import VoiceLookup
from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd

if TYPE_CHECKING:
    from wyoming_kokoro.jobs.home import Jobs
    from wyoming_kokoro.web.server import WebServer


@dataclass(frozen=True, eq=False)
class Parts:
    """What speaks, wired together."""

    scheduler: Scheduler
    models: ModelPool
    stand_in: StandInEngine
    casting: Casting
    front_end: IsolatedFrontEnd
    pipeline: Pipeline
    narrator: Narrator
    figures: Figures

    async def close(self) -> None:
        """Stop all work; a call in a lane may go on until the process ends."""
        await self.models.close()
        self.scheduler.close()
        self.front_end.close()
        self.stand_in.close()


def wire(
    settings: Settings,
    limits: Limits,
    *,
    on_dead: Callable[[EngineDead], None] = lambda _error: None,
    on_plan: Callable[[Plan], None] | None = None,
    here_only: bool = False,
    keeps_phrases: bool = False,
) -> Parts:
    """Wire the parts that speak, with or without a network around them.

    With `here_only`, models are not fetched, and one that is here is waited for. With
    `keeps_phrases`, what is spoken is kept as the settings say.

    Raises:
        ConfigurationError: the settings ask for what is not there.
    """
    scheduler = Scheduler(limits, on_dead=on_dead)
    models = ModelPool(settings, scheduler, verdicts_on=verdicts_on, here_only=here_only)
    stand_in = StandInEngine()
    voices = VoiceLookup(settings, limits, models)
    voices.check()
    casting = Casting(settings, voices, models, scheduler, stand_in)
    front_end = IsolatedFrontEnd(
        _lexicon(settings), limits.reading_seconds, models.versions.languages
    )
    pauses = Pauses(settings.sentence_pause, settings.tail_silence, settings.lead_silence)
    options = ReadingOptions(
        limits.sentence_characters, settings.detect_language, models.versions.declared
    )
    figures = Figures()
    pipeline = Pipeline(
        casting,
        front_end,
        scheduler,
        limits,
        pauses,
        options,
        phrases=_phrases(settings) if keeps_phrases else None,
        on_plan=on_plan,
        on_end=figures.note,
    )
    narrator = Narrator(casting, front_end, scheduler, pauses, options)
    return Parts(scheduler, models, stand_in, casting, front_end, pipeline, narrator, figures)


def _phrases(settings: Settings) -> PhraseCache | None:
    if not settings.phrase_cache:
        return None
    folder = settings.data_dir / "cache" / "phrases"
    return PhraseCache(folder, settings.phrase_cache * MEGABYTE)


def _lexicon(settings: Settings) -> Path:
    return settings.lexicon or settings.data_dir / "lexicon.txt"


def list_voices(settings: Settings) -> list[dict[str, str | bool]]:
    """Return what is known of each voice that this server offers, by name."""
    parts = wire(settings, Limits())
    parts.scheduler.close()
    return [
        {
            "name": voice.name,
            "language": voice.language.code,
            "description": voice.description,
            "installed": parts.casting.voices.is_here(voice.name),
        }
        for voice in parts.casting.voices.offered()
    ]


def web_server(settings: Settings, parts: Parts, jobs: "Jobs", limits: Limits) -> "WebServer":
    """Wire the server over HTTP. Its packages take half a second to load."""
    from wyoming_kokoro.web.encoding import warm_up
    from wyoming_kokoro.web.guard import SUPERVISOR, Access, Guard
    from wyoming_kokoro.web.metrics import metrics
    from wyoming_kokoro.web.server import WebServer
    from wyoming_kokoro.web.service import OwnFiles, Service
    from wyoming_kokoro.web.site import Site
    from wyoming_kokoro.web.usable import is_local

    warm_up()
    status = partial(_status, parts)
    versions = parts.models.versions
    rows = None if versions.default.own else versions.default.pack_rows
    service = Service(
        speaker=parts.pipeline,
        limits=limits,
        voices=parts.casting.voices.offered,
        versions={version.name: version.default_voice for version in versions.all},
        languages=versions.languages,
        status=status,
        is_ready=lambda: parts.models.speaks,
        metrics=metrics(parts.figures, status),
        elsewhere=partial(parts.scheduler.background, "web"),
        encoding=partial(parts.scheduler.background, "encoding"),
        own=OwnFiles(
            _lexicon(settings), settings.data_dir / "voices", rows, versions.default.declared
        ),
        jobs=jobs,
    )
    in_app = supervisor_token() is not None
    access = Access(
        settings.http_api_key,
        ingress_only=in_app and not is_local(settings.http),
        supervisor=SUPERVISOR if in_app else None,
    )
    return WebServer(Guard(Site(service), access, limits, parts.figures.refuse), limits)


def supervisor_token() -> str | None:
    """Return what every app of Home Assistant has, and nothing else."""
    return os.environ.get("SUPERVISOR_TOKEN") or None


def _status(parts: Parts) -> dict[str, Any]:
    """Return what the server does now, as JSON."""
    models = parts.models
    return {
        "version": __version__,
        "default_model": models.default_version.name,
        "models": models.states,
        "stand_in": not models.speaks or models.kind == "stand-in",
        "streams": parts.scheduler.listeners,
        "queued": parts.scheduler.queued,
        "requests": sum(parts.figures.outcomes.values()),
        "realtime_factor": round(parts.figures.realtime_factor, 3),
        "memory_bytes": resident_bytes(),
    }
