"""What each command of the command line does: settings and arguments in, an exit code out."""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, KokoroError

Command = Callable[[Settings, Namespace], int]


def serve(settings: Settings, _: Namespace) -> int:
    """Serve until told to stop."""
    from wyoming_kokoro.app import serving

    return asyncio.run(serving.serve(settings, Limits()))


def front(settings: Settings, _: Namespace) -> int:
    """Have a fleet speak until told to stop."""
    from wyoming_kokoro.cli.front import front as front_until_stopped

    return asyncio.run(front_until_stopped(settings, Limits()))


def work(settings: Settings, _: Namespace) -> int:
    """Speak jobs until told to stop."""
    from wyoming_kokoro.cli.work import work as work_until_stopped

    return asyncio.run(work_until_stopped(settings, Limits()))


def read(settings: Settings, arguments: Namespace) -> int:
    """Speak a file into a sound file, with a bar that shows how far it is."""
    from tqdm import tqdm

    from wyoming_kokoro.cli.read import GOES_ON
    from wyoming_kokoro.cli.read import read as read_file

    shape = "{desc} {percentage:3.0f} % |{bar}| {elapsed}, {remaining} left"
    # Each sentence is shown, however fast they come.
    with tqdm(
        total=1.0, desc="speaking", bar_format=shape, disable=None, mininterval=0, miniters=0
    ) as bar:

        def show(share: float) -> None:
            bar.update(share - bar.n)

        try:
            told = asyncio.run(read_file(settings, arguments, show))
        except KeyboardInterrupt:
            bar.close()
            print(f"wyoming-kokoro: stopped; start again: {GOES_ON}", file=sys.stderr)
            raise
    print(told)
    return 0


def say(settings: Settings, arguments: Namespace) -> int:
    """Speak a text to the loudspeaker or into a file, as it is made."""
    from wyoming_kokoro.cli.say import say_here, say_there
    from wyoming_kokoro.cli.sinks import open_sink

    with open_sink(arguments.output) as sink:
        asyncio.run((say_there if arguments.server else say_here)(settings, arguments, sink))
    return 0


def voices(settings: Settings, arguments: Namespace) -> int:
    """List the voices of the default model, and those of the user."""
    from wyoming_kokoro.app import wiring

    rows = wiring.list_voices(settings)
    if arguments.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        state = "" if row["installed"] else "  (fetched when it is first used)"
        print(f"{row['name']:{width}}  {row['language']}  {row['description']}{state}")
    return 0


def phonemize(settings: Settings, _: Namespace) -> int:
    """Answer lines of JSON on standard input with how their texts are pronounced."""
    from wyoming_kokoro.cli.phonemize import pronounce_lines

    return pronounce_lines(settings)


def download(settings: Settings, arguments: Namespace) -> int:
    """Fetch a model, its default voice, and the voices asked for."""
    from tqdm import tqdm

    from wyoming_kokoro.models.catalog import version_named
    from wyoming_kokoro.models.download import fetch
    from wyoming_kokoro.models.folder import ModelFolder

    version = version_named(settings.model)
    folder = ModelFolder(settings.data_dir, version)
    asked = arguments.voices.replace(",", " ").split()
    everything = arguments.voices.strip().lower() == "all"
    names = list(version.voices) if everything else [version.default_voice, *asked]
    files = version.files(names)
    size = sum(file.size for file in files)
    try:
        folder.forget()  # whoever asks for a download wants to be sure of what is there
    except OSError as error:
        raise ConfigurationError(
            f"--data-dir {settings.data_dir} cannot be used: {error.strerror}; choose another"
        ) from None
    with tqdm(total=size, unit="B", unit_scale=True, desc=version.name) as bar:

        def progress(done: int, _total: int, path: str) -> None:
            bar.set_postfix_str(path, refresh=False)
            bar.update(done - bar.n)

        fetch(folder, files, progress=progress, offline=settings.offline)
        bar.update(size - bar.n)
    print(f"{version.name} and {len(set(names))} of its voices are in {folder.path}")
    return 0


def check(settings: Settings, arguments: Namespace) -> int:
    """Measure how the model here sounds, and keep what was found out."""
    from tqdm import tqdm

    from wyoming_kokoro.app import wiring
    from wyoming_kokoro.check.examination import examine

    def wire(asked: Settings) -> wiring.Parts:
        return wiring.wire(asked, Limits(), here_only=True)

    with tqdm(
        desc="loading the model", bar_format="{desc} [{elapsed}]", disable=None, leave=False
    ) as bar:
        report = asyncio.run(examine(settings, wire, bar.set_description_str))
    if arguments.json:
        print(json.dumps(report.values(), indent=2, ensure_ascii=False))
    else:
        print(*report.lines(), sep="\n")
    return 1 if report.findings.broken else 0


def health(settings: Settings, arguments: Namespace) -> int:
    """Ask a server to describe itself."""
    from wyoming_kokoro.network.client import describe

    uri = arguments.server or _reachable(settings.uri)
    try:
        info = asyncio.run(describe(uri, arguments.timeout))
    except KokoroError as error:
        print(f"wyoming-kokoro: {error}", file=sys.stderr)
        return 1
    names = [voice.name for program in info.tts for voice in program.voices]
    print(f"{uri} answers, with {len(names)} voices")
    return 0 if names else 1


def _reachable(uri: str) -> str:
    """Return where a client on this machine finds a server that listens at `uri`."""
    parts = urlsplit(uri)
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 compared with, not bound
    local = anywhere.get(parts.hostname or "")
    return urlunsplit(parts._replace(netloc=f"{local}:{parts.port}")) if local else uri


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "front": front,
    "work": work,
    "read": read,
    "say": say,
    "voices": voices,
    "phonemize": phonemize,
    "download": download,
    "check": check,
    "health": health,
}
