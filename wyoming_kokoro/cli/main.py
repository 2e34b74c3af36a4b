"""The command line: arguments in, one exit code out. The only place that exits.

Nothing heavy is imported until a command runs: `wyoming-kokoro --help` answers at once.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wyoming_kokoro import __version__
from wyoming_kokoro.cli.log import set_up_logging
from wyoming_kokoro.config import (
    ENVIRONMENT_PREFIX,
    default_of,
    flag_of,
    option_table,
    read_settings,
)
from wyoming_kokoro.config.options import Option, number, switch
from wyoming_kokoro.errors import KokoroError

_STDERR = 2

COMMANDS = {
    "serve": "listen for Wyoming clients (what happens when no command is given)",
    "front": "have a fleet of servers speak, so that none of them is missed when it dies",
    "work": "speak jobs that a server with the same --jobs has taken, beside other workers",
    "read": "speak a book or another file into a sound file: .txt, .md or .epub",
    "say": "speak a text, here or through a running server",
    "voices": "list the voices",
    "phonemize": "show how texts are pronounced: JSON lines in, JSON lines out",
    "download": "fetch a model and its voices",
    "check": "measure how the model sounds on this machine; exit code 1 where something is wrong",
    "health": "ask a running server whether it answers; exit code 0 or 1",
}

RUNNING = ("serve", "front", "work")
"""Commands that run until they are told to stop."""


def main() -> None:
    """Run the command line of this process and exit."""
    _fill_standard_descriptors()
    try:
        code = run(sys.argv[1:])
    finally:
        _discard_unwritten()
    if threading.active_count() > 1:
        # A lane is still inside a library in C. When Python ends it unwinds such a thread, which
        # ends in abort() instead of our exit code.
        logging.shutdown()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    parser = build_parser()
    given = vars(parser.parse_args(with_command(arguments)))
    try:
        _end_at_signals(given["command"])
        code = _run(given)
        if sys.stdout:
            sys.stdout.flush()  # while what goes wrong can still be told
    except KokoroError as error:
        print(f"wyoming-kokoro: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has heard enough
        return 0
    except OSError as error:
        logging.getLogger(__name__).debug("the command failed", exc_info=error)
        print(f"wyoming-kokoro: the system refused something: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT  # as shells have it
    except _Signalled as signalled:
        return signalled.exit_code
    return code


def _run(given: dict[str, Any]) -> int:
    settings = read_settings(given, os.environ, _options_file(given))
    # What a server tells in passing is in the way where a command is typed.
    chatty = given["command"] in RUNNING or settings.log_level != "info"
    set_up_logging(settings.log_level if chatty else "warning")
    from wyoming_kokoro.cli import commands

    return commands.COMMANDS[given["command"]](settings, argparse.Namespace(**given))


class _Signalled(SystemExit):
    """A signal came; everything is put away on the way out. Asyncio lets no other class pass."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def _end_at_signals(command: str) -> None:
    """End in order on SIGTERM, and a server on SIGINT also, which it heeds itself once loaded."""
    serving = command in RUNNING

    def end(*_: object) -> None:
        raise _Signalled(0 if serving else 128 + signal.SIGTERM)

    for heeded in (signal.SIGTERM, signal.SIGINT) if serving else (signal.SIGTERM,):
        signal.signal(heeded, end)


def _fill_standard_descriptors() -> None:
    """Put nothing in the place of what was closed before we began (`2>&-`): the next file that is
    opened would get its number, and what libraries in C print."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(descriptor)
    if sys.stderr is None:  # whatever the type says
        sys.stderr = os.fdopen(_STDERR, "w", closefd=False)


def _discard_unwritten() -> None:
    """Discard output that nobody takes any more, which Python would report at exit as an error."""
    if sys.stdout is None:  # as `>&-` makes it, whatever the type says
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def with_command(arguments: Sequence[str]) -> list[str]:
    """Put `serve` before arguments that name no command."""
    first = arguments[0] if arguments else ""
    if first in COMMANDS or first in ("-h", "--help", "--version"):
        return list(arguments)
    return ["serve", *arguments]


def build_parser() -> argparse.ArgumentParser:
    """Build the parser from the command table and the option table."""
    parser = argparse.ArgumentParser(
        prog="wyoming-kokoro", description="Speech from text over the Wyoming protocol."
    )
    parser.add_argument("--version", action="version", version=f"wyoming-kokoro {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + "."
        )
        _add_own_arguments(command, name)
        _add_options(command, name)
    return parser


def _add_options(command: argparse.ArgumentParser, name: str) -> None:
    """Add the options that the table has for this command; values are read later, all alike."""
    for setting, option in option_table().items():
        if name in option.commands:
            _add_option(command, setting, option)
    command.add_argument(
        "--options",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="read options from this JSON file; flags and environment go before it "
        f"(${ENVIRONMENT_PREFIX}OPTIONS)",
    )


def _add_option(command: argparse.ArgumentParser, setting: str, option: Option) -> None:
    flag = flag_of(setting)
    shown = f"{option.help} (${ENVIRONMENT_PREFIX}{setting.upper()}; {_shown_default(setting)})"
    help_text = shown.replace("%", "%%")
    if option.read is switch:
        command.add_argument(
            flag,
            action=argparse.BooleanOptionalAction,
            default=argparse.SUPPRESS,
            help=help_text,
        )
    else:
        command.add_argument(
            flag,
            metavar=option.metavar,
            action="append" if option.repeated else "store",
            default=argparse.SUPPRESS,
            help=help_text,
        )


def _shown_default(setting: str) -> str:
    default = default_of(setting)
    if default in (None, "", ()):
        return "default: none"
    return f"default: {str(default).lower() if isinstance(default, bool) else default}"


def _add_own_arguments(command: argparse.ArgumentParser, name: str) -> None:
    """Add what only this command has."""
    add = command.add_argument
    if name == "read":
        add("file", metavar="FILE", help="what to read: .txt, .md or .epub")
        add(
            "--output",
            metavar="FILE",
            required=True,
            help="the file to write: .m4b, .mp3, .opus (with chapters), .aac, .flac, .wav or .pcm",
        )
        add("--language", metavar="CODE", help="choose the voice by its language")
    elif name == "say":
        add("text", nargs="*", help="what to say; read from standard input if there is none")
        add("--output", metavar="FILE", help="write a WAV file; - is standard output")
        add("--uri", metavar="URI", dest="server", help="speak through this server")
        add("--language", metavar="CODE", help="choose the voice by its language")
        add("--seed", type=int, default=0, help="chooses the noise in the voice (default: 0)")
        add(
            "--phonemes",
            action="store_true",
            help="also print how sentences are pronounced, and when each word is heard",
        )
    elif name in ("voices", "check"):
        add("--json", action="store_true", help="print JSON instead of a table")
    elif name == "download":
        add("--voices", metavar="NAMES", default="", help="fetch these voices too, or all of them")
    elif name == "health":
        add("--uri", metavar="URI", dest="server", help="the server to ask")
        add("--timeout", type=_seconds, default=5.0, help="seconds to wait (default: 5)")


def _seconds(text: str) -> float:
    try:
        return number(0.1, 3600)(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"it is {text!r}, but must be {error}") from None


def _options_file(given: dict[str, object]) -> Path | None:
    file = given.get("options") or os.environ.get(ENVIRONMENT_PREFIX + "OPTIONS")
    return Path(str(file)) if file else None
