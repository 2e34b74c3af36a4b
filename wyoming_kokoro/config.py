"""One table of options: flags, environment and `options.json` in, frozen settings out.

A setting is looked for in this order: the command line, the environment (`WYOMING_KOKORO_VOICE`
for `--voice`), the file given by `--options`, the default.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from wyoming_kokoro.errors import ConfigurationError

ENVIRONMENT_PREFIX = "WYOMING_KOKORO_"
DEFAULT_PORT = 10200

_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}")
"""As a client writes it before a voice."""


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the option table: how a setting is spelled, read and explained."""

    help: str
    read: Callable[[str], Any]
    """Returns the value that a text means, or raises ValueError saying what is allowed. Values of
    an options.json are read in the same way, through `str()`."""
    metavar: str
    commands: tuple[str, ...] = ("serve",)
    repeated: bool = False
    """Given any number of times; the setting is a tuple."""


def one_of(*choices: str) -> Callable[[str], str]:
    """Accept these words only, in any case; the value is as written here."""
    written = {choice.lower(): choice for choice in choices}

    def read(text: str) -> str:
        if text.lower() not in written:
            raise ValueError("one of " + ", ".join(choices))
        return written[text.lower()]

    return read


def number(low: float, high: float) -> Callable[[str], float]:
    """Accept a number from `low` to `high`."""
    allowed = f"a number from {low:g} to {high:g}"

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(allowed) from None
        if not low <= value <= high:
            raise ValueError(allowed)
        return value

    return read


def off_or_number(low: float, high: float) -> Callable[[str], float | None]:
    """Accept a number from `low` to `high`, or that there is to be none."""
    read_number = number(low, high)

    def read(text: str) -> float | None:
        if text.lower() in ("off", "no", "false"):  # a bare off in YAML arrives as false
            return None
        try:
            return read_number(text)
        except ValueError as error:
            raise ValueError(f"off or {error}") from None

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Accept a whole number from `low` to `high`."""
    allowed = f"a whole number from {low} to {high}"

    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(allowed)
        return int(text)

    return read


def sample_rate(text: str) -> int:
    """Accept one of the sample rates that players use."""
    return int(one_of("16000", "22050", "24000", "48000")(text))


def switch(text: str) -> bool:
    """Accept yes or no, in the usual spellings."""
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise ValueError("true or false")
    return words[text.lower()]


def words(text: str) -> tuple[str, ...]:
    """Accept names separated by commas or spaces."""
    return tuple(text.replace(",", " ").split())


def blend(text: str) -> tuple[str, str]:
    """Accept `name=voices`, as in `kitchen=af_heart(2)+bf_emma(1)@1.1`."""
    name, equals, voices = (part.strip() for part in text.partition("="))
    if not (name and equals and voices):
        raise ValueError("NAME=VOICES, as in kitchen=af_heart(2)+bf_emma(1)@1.1")
    return name, voices


def address(text: str) -> str:
    """Accept a URI that a Wyoming server can listen on; its scheme in any case."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in ("tcp", "unix", "stdio"):
        raise ValueError("tcp://HOST:PORT, unix://PATH or stdio://")
    return f"{scheme.lower()}://{rest}"


def http_address(text: str) -> str:
    """Accept a URI to listen at for HTTP, or that there is to be none."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    scheme, separator, rest = text.partition("://")
    if not (separator and rest) or scheme.lower() not in ("tcp", "unix"):
        raise ValueError("tcp://HOST:PORT, unix://PATH or off")
    return f"{scheme.lower()}://{rest}"


def agent_address(text: str) -> str:
    """Accept a URI that agent checks can be answered at, or that none are."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    scheme, separator, rest = text.partition("://")
    if not (separator and rest) or scheme.lower() != "tcp":
        raise ValueError("tcp://HOST:PORT or off")
    return f"tcp://{rest}"


def nodes(text: str) -> tuple[str, ...]:
    """Accept the addresses of servers, separated by commas or spaces."""
    addresses = [one.removeprefix("tcp://") for one in text.replace(",", " ").split()]
    for one in addresses:
        host, colon, port = one.rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65_536):
            raise ValueError("HOST:PORT,HOST:PORT ...")
    return tuple(f"tcp://{one}" for one in addresses)


def jobs_database(text: str) -> str:
    """Accept the database of jobs, or that there are to be none."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    if text == "sqlite" or text.startswith(("sqlite:///", "postgresql://")):
        return text
    raise ValueError("sqlite, sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE or off")


def checkpoint(text: str) -> tuple[str, Path]:
    """Accept `FILE`, which takes the place of the official model, or `NAME=FILE`, which is another
    one beside it."""
    name, equals, file = text.partition("=")
    if equals and _MODEL_NAME.fullmatch(name.strip()):
        return name.strip(), path(file.strip())
    return "", path(text)


def some_text(text: str) -> str:
    """Accept anything but nothing."""
    if not text.strip():
        raise ValueError("some text")
    return text


def path(text: str) -> Path:
    """Accept a path; `~` is the home directory."""
    if "\0" in text:  # which JSON can hold, and no path
        raise ValueError("a path")
    try:
        return Path(some_text(text)).expanduser()
    except RuntimeError:
        raise ValueError("a path; nobody here has that home directory") from None


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


def default_data_dir() -> Path:
    """Return `$XDG_DATA_HOME/wyoming-kokoro`, with `~/.local/share` where that is not set.

    A user without a home, as a container may run as, has it in the current directory.
    """
    if home := os.environ.get("XDG_DATA_HOME"):
        return Path(home) / "wyoming-kokoro"
    try:
        return Path("~/.local/share/wyoming-kokoro").expanduser()
    except RuntimeError:
        return Path("wyoming-kokoro")


EVERYWHERE = ("serve", "work", "read", "say", "voices", "phonemize", "download", "check")
SPEAKING = ("serve", "work", "read", "say")
ENGINE = ("serve", "work", "read", "say", "check")
MODEL = ("serve", "work", "read", "say", "voices", "download", "check")
JOBS = ("serve", "work")
LISTENING = ("serve", "front")


def _option(
    default: Any, help_text: str, read: Callable[[str], Any], metavar: str, **row: Any
) -> Any:
    metadata = {"option": Option(help_text, read, metavar, **row)}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """Everything that can be chosen. The field `data_dir` is the flag `--data-dir`, the variable
    `WYOMING_KOKORO_DATA_DIR` and the key `data_dir` of an options.json."""

    uri: str = _option(
        f"tcp://0.0.0.0:{DEFAULT_PORT}",
        "where to listen: tcp://HOST:PORT, unix://PATH or stdio://",
        address,
        "URI",
        commands=LISTENING,
    )
    http: str = _option(
        "",
        "where to listen for HTTP as well, as OpenAI's clients speak it, and browsers: "
        "tcp://127.0.0.1:8880, or unix://PATH; needs the extra `web`",
        http_address,
        "URI",
    )
    http_api_key: str = _option(
        "",
        "key that clients over HTTP must give; required unless --http is on this machine alone "
        "(127.0.0.1). The environment keeps it out of lists of processes",
        str,
        "KEY",
    )
    jobs: str = _option(
        "sqlite",
        "where jobs are recorded, the long texts that are asked for over HTTP: sqlite (a file in "
        "the data directory), sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE (spoken by "
        "`wyoming-kokoro work`, on as many machines as there are), off; needs the extra `jobs`",
        jobs_database,
        "URL",
        commands=JOBS,
    )
    audio: str = _option(
        "",
        "where the sound of jobs is kept: a folder, or s3://BUCKET/PREFIX, whose service and keys "
        "are in AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and so on; of itself a folder in the data "
        "directory",
        str,
        "PLACE",
        commands=JOBS,
    )
    jobs_days: float = _option(
        30.0,
        "days for which jobs are kept that are done, with their sound",
        number(0.001, 36_500),
        "DAYS",
        commands=JOBS,
    )
    jobs_megabytes: int = _option(
        2_000,
        "megabytes of sound of jobs that are done; the oldest are removed when there is more",
        whole(1, 1_000_000_000),
        "MB",
        commands=JOBS,
    )
    worker: str = _option(
        "",
        "name of this worker, which no other has at the same database, and which stays when it is "
        "started again; of itself this machine's name and the data directory's",
        str,
        "NAME",
        commands=("work",),
    )
    data_dir: Path = _option(
        default_data_dir,
        "where models, voices and caches are kept",
        path,
        "DIR",
        commands=EVERYWHERE,
    )
    voice: str = _option(
        "",
        "voice of requests that name none: a name, a blend such as af_heart(2)+bf_emma(1), "
        "a speed such as af_heart@1.1; of itself the model's own, af_heart for v1.0",
        str,
        "VOICE",
        commands=(*ENGINE, "phonemize"),
    )
    speed: float = _option(
        1.0, "speed of all speech, 0.5 to 2.0", number(0.5, 2.0), "SPEED", commands=SPEAKING
    )
    blend: tuple[tuple[str, str], ...] = _option(
        (),
        "offer a blend as a voice of its own: kitchen=af_heart(2)+bf_emma(1)@1.1; may be repeated",
        blend,
        "NAME=VOICES",
        commands=("serve", "say", "voices", "phonemize"),
        repeated=True,
    )
    fallback_voice: bool = _option(
        False,
        "speak with the default voice where a request names one that does not exist",
        switch,
        "BOOL",
        commands=SPEAKING,
    )
    model: str = _option(
        "v1.0",
        "model version: v0.19, v1.0 or v1.1-zh",
        one_of("v0.19", "v1.0", "v1.1-zh"),
        "VERSION",
        commands=EVERYWHERE,
    )
    checkpoint: tuple[tuple[str, Path], ...] = _option(
        (),
        "use this model file, .pth or .onnx, instead of the official one; config.json, voices/ and "
        "perhaps languages.json beside it. With a name, de=FILE, it is used beside the official "
        "one, for its languages and for de/VOICE; may be repeated",
        checkpoint,
        "[NAME=]FILE",
        commands=(*ENGINE, "voices", "phonemize"),
        repeated=True,
    )
    weights: Literal["auto", "starter", "released"] = _option(
        "auto",
        "weights of v1.0: starter (in 8 bits, installed with the program), released (from the "
        "hub), auto (the starter until the released ones are here)",
        one_of("auto", "starter", "released"),
        "WEIGHTS",
        commands=ENGINE,
    )
    engine: Literal["auto", "native", "onnx", "torch", "stand-in"] = _option(
        "auto",
        "what makes the speech: auto (the best that is installed), native (on the processor), "
        "onnx, torch, stand-in",
        one_of("auto", "native", "onnx", "torch", "stand-in"),
        "ENGINE",
        commands=ENGINE,
    )
    device: Literal["auto", "cpu", "cuda"] = _option(
        "auto",
        "where the model runs: auto (a GPU if there is one), cpu, cuda",
        one_of("auto", "cpu", "cuda"),
        "DEVICE",
        commands=ENGINE,
    )
    provider: str = _option(
        "",
        "execution provider of ONNX Runtime to use instead: openvino, tensorrt, rocm ...; "
        "it must be installed",
        str,
        "NAME",
        commands=ENGINE,
    )
    precision: Literal["auto", "fp32", "int16", "int8", "fp16", "bf16"] = _option(
        "auto",
        "numbers that sound is computed in: fp32; faster ones, int16 or int8 on the processor, "
        "fp16 on a GPU (with --engine torch also bf16); auto (the fastest on this processor unless "
        "check has heard it, fp16 once check has found that it sounds as good)",
        one_of("auto", "fp32", "int16", "int8", "fp16", "bf16"),
        "PRECISION",
        commands=ENGINE,
    )
    threads: int = _option(
        0,
        "processor threads of the engine; 0 takes all that are usable",
        whole(0, 256),
        "N",
        commands=ENGINE,
    )
    breaths: Literal["auto", "on", "off"] = _option(
        "auto",
        "voice sentences piece by piece, so that they are heard sooner: on, off (whole sentences), "
        "auto (on, unless check has heard the difference on this model). A voice or model that is "
        "new here speaks whole sentences until some of them have taught it",
        one_of("auto", "on", "off"),
        "WHEN",
        commands=SPEAKING,
    )
    model_ttl: int = _option(
        600,
        "seconds without a request after which a version other than the default one is unloaded; "
        "0 keeps it",
        whole(0, 31_536_000),
        "SECONDS",
    )
    default_model_ttl: int = _option(
        0,
        "seconds without a request after which the default version is unloaded too, and its memory "
        "given back; the next request is spoken by the stand-in, or waits without one, while it is "
        "loaded again; 0 keeps it",
        whole(0, 31_536_000),
        "SECONDS",
    )
    stand_in: bool = _option(
        True,
        "speak with a simple voice while the model is not there yet; otherwise requests wait",
        switch,
        "BOOL",
        commands=SPEAKING,
    )
    offline: bool = _option(
        False,
        "never fetch anything from the network",
        switch,
        "BOOL",
        commands=MODEL,
    )
    voice_source: Literal["auto", "individual", "combined"] = _option(
        "auto",
        "read voices from individual files, from a combined archive, or from what is there (auto)",
        one_of("auto", "individual", "combined"),
        "SOURCE",
        commands=MODEL,
    )
    voice_cache: int = _option(
        64, "voices kept in memory, half a megabyte each", whole(1, 4096), "N", commands=SPEAKING
    )
    phrase_cache: int = _option(
        64,
        "megabytes of spoken sentences that are kept on disk, twenty seconds each; what is said "
        "again is heard at once and takes no work; 0 keeps none",
        whole(0, 1_000_000),
        "MB",
    )
    preload_voices: tuple[str, ...] = _option(
        (), "voices to read at the start, besides the default one", words, "VOICES"
    )
    detect_language: bool = _option(
        False,
        "speak sentences in Hindi, Japanese or Chinese script by a voice of that language, where "
        "the request names no voice",
        switch,
        "BOOL",
        commands=(*SPEAKING, "phonemize"),
    )
    lexicon: Path | None = _option(
        None,
        "file of words and how to say them; of itself lexicon.txt in the data directory",
        path,
        "FILE",
        commands=(*SPEAKING, "phonemize"),
    )
    sentence_pause: float = _option(
        0.3, "silence after a sentence, in seconds", number(0, 5), "SECONDS", commands=SPEAKING
    )
    tail_silence: float = _option(
        0.0,
        "silence after the last sentence, in seconds; for players that cut endings off",
        number(0, 5),
        "SECONDS",
        commands=SPEAKING,
    )
    lead_silence: float = _option(
        0.0,
        "silence before the first sound, in seconds; for players that swallow the start",
        number(0, 5),
        "SECONDS",
        commands=SPEAKING,
    )
    sample_rate: int = _option(
        24_000,
        "sample rate of what Wyoming clients get, in hertz: 16000, 22050, 24000 (the model's own) "
        "or 48000. Home Assistant converts nothing for satellites that play just that: 22050 for "
        "Wyoming satellites, 16000 for ESPHome speakers and VoIP",
        sample_rate,
        "HERTZ",
        commands=LISTENING,
    )
    loudness: float | None = _option(
        -23.0,
        "how loud all voices are, in LUFS, -40 to -10; off leaves each as the model makes it",
        off_or_number(-40, -10),
        "LUFS",
        commands=SPEAKING,
    )
    name: str = _option("", "name to announce by zeroconf; default Kokoro and an id", str, "NAME")
    zeroconf: bool = _option(True, "announce the server to the local network", switch, "BOOL")
    advertise_address: str = _option(
        "",
        "address to announce instead of this machine's own, as needed in containers",
        str,
        "HOST",
    )
    advertise_port: int = _option(
        0,
        "port to announce instead of the one that is listened at: of a balancer, or of a "
        "container's host; 0 announces the own one",
        whole(0, 65_535),
        "PORT",
    )
    agent: str = _option(
        "",
        "where to tell a balancer how much more can be taken: tcp://HOST:PORT, as HAProxy's "
        "agent-check asks; when the server is told to stop, it says `drain` there before it takes "
        "no more",
        agent_address,
        "URI",
    )
    drain_seconds: float = _option(
        8.0,
        "for which what was accepted is spoken to its end when the server is told to stop; twice "
        "SIGINT ends that at once",
        number(0, 86_400),
        "SECONDS",
        commands=LISTENING,
    )
    fleet: str = _option(
        "",
        "where clients reach the fleet that this server is a node of, tcp://HOST:PORT: it is asked "
        "at the start, and what differs from this node is logged as a warning",
        agent_address,
        "URI",
    )
    nodes: tuple[str, ...] = _option(
        (),
        "servers that the front has speak: HOST:PORT,HOST:PORT ...",
        nodes,
        "NODES",
        commands=("front",),
    )
    log_level: str = _option(
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
    return {row.name: row.metadata["option"] for row in fields(Settings)}


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
    for name, option in option_table().items():
        variable = ENVIRONMENT_PREFIX + name.upper()
        if name in flags:
            given[name] = _read(option, flag_of(name), flags[name])
        elif environment.get(variable):
            given[name] = _read(option, variable, environment[variable])
        elif name in stored:
            given[name] = _read(option, f"{name} in {options_file}", stored[name])
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
