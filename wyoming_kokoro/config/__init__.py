"""Flags, environment and `options.json` in, frozen settings out; and the limits of what a client
may ask.

A setting is looked for in this order: the command line, the environment (`WYOMING_KOKORO_VOICE`
for `--voice`), the file given by `--options`, the default. Options are declared by subject in the
modules of this folder; what reads them, and help, go by those rows.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from wyoming_kokoro.config.jobs import JobOptions
from wyoming_kokoro.config.listening import ListeningOptions
from wyoming_kokoro.config.models import ModelOptions
from wyoming_kokoro.config.network import NetworkOptions
from wyoming_kokoro.config.options import EVERYWHERE, Option, one_of, option
from wyoming_kokoro.config.sound import SoundOptions
from wyoming_kokoro.errors import ConfigurationError

ENVIRONMENT_PREFIX = "WYOMING_KOKORO_"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask of the server. Passed in, never read from the environment.

    Sizes are bytes unless the name says otherwise, times are seconds.
    """

    header_bytes: int = 64 * 1024
    data_bytes: int = 256 * 1024
    payload_bytes: int = 1024 * 1024
    text_characters: int = 20_000
    """In one request, or in all chunks of one stream."""
    sentence_characters: int = 1_000
    """Text without an end of sentence after which one is made."""
    reading_seconds: float = 5.0
    """Making phonemes of a passage; after that it is read once more, in the plain."""
    connections: int = 64
    queued_requests: int = 32
    queued_requests_a_connection: int = 4
    frame_seconds: float = 10.0
    """From an event's first byte to its last."""
    idle_seconds: float = 300.0
    """Without any event, while nothing is being spoken."""
    write_stall_seconds: float = 30.0
    """During which a client takes no byte of what is sent."""
    error_linger_seconds: float = 1.0
    """After an `error`, how long what the client still sends is read before closing."""
    queue_seconds: float = 30.0
    """How long a request may wait for its turn before it is told `overloaded`."""
    breaths_ahead: int = 2
    """Breaths made that a slow socket has not yet taken."""
    seconds_ahead: float = 8.0
    """Audio sent ahead of what the listener has heard."""
    engine_watchdog_seconds: float = 60.0
    """After which a call of an engine is taken for hung, where it is not to take longer."""
    http_head_bytes: int = 16 * 1024
    """Of a request over HTTP: its first line and headers."""
    http_requests_a_second: float = 10.0
    """From one address, after a burst of `http_burst`."""
    http_burst: int = 60
    job_characters: int = 1_000_000
    """Of text in one job, in all its texts together."""
    job_texts: int = 1000
    job_body_bytes: int = 8 * 1024 * 1024
    jobs_waiting: int = 100
    """Jobs that are not done, of all users together."""
    jobs_listed: int = 1000
    """Jobs in one answer."""
    voice_file_bytes: int = 4 * 1024 * 1024
    blend_parts: int = 8


@dataclass(frozen=True)
class Settings(NetworkOptions, SoundOptions, ModelOptions, JobOptions, ListeningOptions):
    """Everything that can be chosen. The field `data_dir` is the flag `--data-dir`, the variable
    `WYOMING_KOKORO_DATA_DIR` and the key `data_dir` of an options.json.

    Help lists the fields of the last base first."""

    log_level: str = option(
        "info",
        "debug, info, warning or error; the text of requests is never logged",
        one_of("debug", "info", "warning", "error"),
        "LEVEL",
        commands=(*EVERYWHERE, "front"),
    )

    @property
    def own_checkpoint(self) -> Path | None:
        """The model file that is used instead of the official one, if there is to be one."""
        return next((file for name, file in self.checkpoint if not name), None)


def option_table() -> dict[str, Option]:
    """Return the setting names with their options, in the order in which help lists them."""
    return {one.name: one.metadata["option"] for one in fields(Settings)}


def default_of(name: str) -> Any:
    """Return the default of the setting `name`."""
    row = next(row for row in fields(Settings) if row.name == name)
    return row.default if row.default_factory is MISSING else row.default_factory()


def flag_of(name: str) -> str:
    """Return the flag of the setting `name`: `--data-dir` for `data_dir`."""
    return "--" + name.replace("_", "-")


def read_settings(
    flags: Mapping[str, object], environment: Mapping[str, str], options_file: Path | None = None
) -> Settings:
    """Build the settings from flags (text by setting name), environment and options file.

    Raises:
        ConfigurationError: a value is not allowed, or a key is not known; the message names the
            option where it was written, the value, and what is allowed.
    """
    given: dict[str, Any] = {}
    stored = read_options_file(options_file) if options_file else {}
    for name, row in option_table().items():
        variable = ENVIRONMENT_PREFIX + name.upper()
        if name in flags:
            given[name] = _read(row, flag_of(name), flags[name])
        elif environment.get(variable):
            given[name] = _read(row, variable, environment[variable])
        elif name in stored:
            given[name] = _read(row, f"{name} in {options_file}", stored[name])
    return Settings(**given)


def read_options_file(file: Path) -> dict[str, Any]:
    """Read an `options.json`: one object with setting names as keys; null and "" mean default.

    Raises:
        ConfigurationError: the file cannot be read, is no JSON object, or has a key that is no
            setting.
    """
    try:
        stored = json.loads(file.read_text(encoding="utf-8-sig"))  # editors of Windows add a BOM
    except OSError as error:
        reason = error.strerror or error
        raise ConfigurationError(f"cannot read options from {file}: {reason}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"cannot read options from {file}, which must be JSON in UTF-8: {error}"
        ) from error
    if not isinstance(stored, dict):
        raise ConfigurationError(f"{file} must hold one JSON object with option names as keys")
    unknown = sorted(set(stored) - set(option_table()))
    if unknown:
        known = ", ".join(option_table())
        raise ConfigurationError(
            f"{file} has an unknown option {unknown[0]!r}; options are {known}"
        )
    return {name: value for name, value in stored.items() if value not in (None, "", [])}


def _read(option: Option, where: str, value: object) -> Any:
    """Read one value as it was written at `where`; a list or lines where it may be repeated."""
    if option.repeated:
        values = value if isinstance(value, list) else str(value).split(";")
        return tuple(_read_one(option, where, item) for item in values)
    if isinstance(value, list):
        value = " ".join(str(item) for item in value)
    return _read_one(option, where, value)


def _read_one(option: Option, where: str, value: object) -> Any:
    text = str(value).strip()
    try:
        return option.read(text)
    except ValueError as error:
        raise ConfigurationError(f"{where} is {text!r}, but must be {error}") from None
