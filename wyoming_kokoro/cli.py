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

from wyoming_kokoro import __version__
from wyoming_kokoro.config import (
    ENVIRONMENT_PREFIX,
    default_of,
    flag_of,
    option_table,
    read_settings,
)
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.options import Option, switch

COMMANDS = {
    "serve": "listen for Wyoming clients (what happens when no command is given)",
    "say": "speak a text, here or through a running server",
    "voices": "list the voices",
    "phonemize": "show how texts are pronounced: JSON lines in, JSON lines out",
    "download": "fetch a model and its voices",
    "check": "measure how the model sounds on this machine; exit code 1 where something is wrong",
    "health": "ask a running server whether it answers; exit code 0 or 1",
}


def main() -> None:
    """Run the command line of this process and exit."""
    code = run(sys.argv[1:])
    if threading.active_count() > 1:
        # A lane is still inside a library in C. When Python ends it unwinds such a thread, which
        # ends in abort() instead of our exit code.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    parser = build_parser()
    given = vars(parser.parse_args(with_command(arguments)))
    try:
        settings = read_settings(given, os.environ, _options_file(given))
        # What a server tells in passing is in the way where a command is typed.
        chatty = given["command"] == "serve" or settings.log_level != "info"
        set_up_logging(settings.log_level if chatty else "warning")
        if given["command"] == "serve":
            _end_at_signals()
        from wyoming_kokoro import commands

        return commands.COMMANDS[given["command"]](settings, argparse.Namespace(**given))
    except KokoroError as error:
        print(f"wyoming-kokoro: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output is gone, and Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _end_at_signals() -> None:
    """End with exit code 0 on what a server ends on, which it heeds itself once it is loaded."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


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
    if name == "say":
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
        add("--timeout", type=float, default=5.0, help="seconds to wait (default: 5)")


def _options_file(given: dict[str, object]) -> Path | None:
    file = given.get("options") or os.environ.get(ENVIRONMENT_PREFIX + "OPTIONS")
    return Path(str(file)) if file else None


def set_up_logging(level: str) -> None:
    """Log to standard error; other people's libraries only where something is wrong."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("wyoming_kokoro").setLevel(level.upper())
