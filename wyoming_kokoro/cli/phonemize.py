"""The command `phonemize`: lines of JSON on standard input, answers on standard output."""

import json
from contextlib import closing

from wyoming_kokoro.app import wiring
from wyoming_kokoro.cli.say import standard_input
from wyoming_kokoro.cli.sinks import standard_output
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import BadRequest, KokoroError
from wyoming_kokoro.synthesis.pronouncing import Pronouncer


def pronounce_lines(settings: Settings) -> int:
    """Answer each line {"text", "language" or "voice"} with {"text", "normalized", "phonemes"}.

    Both are JSON in UTF-8, whatever the locale is. Return the exit code: 1 where a line could not
    be answered.
    """
    parts = wiring.wire(settings, Limits())
    parts.scheduler.close()
    with closing(parts.front_end) as front_end:
        return _answer_all(
            Pronouncer(settings, front_end, parts.casting.reader, parts.models.versions.declared)
        )


def _answer_all(pronouncer: Pronouncer) -> int:
    """Answer each line of standard input; return the exit code."""
    lines, answers, failed = standard_input(), standard_output(), False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer: dict[str, str]
        try:
            answer = pronouncer.answer(*_asked(line))
        except KokoroError as error:
            answer, failed = {"error": f"line {number}: {error}", "code": error.code}, True
        answers.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        answers.flush()
    return 1 if failed else 0


def _asked(line: bytes) -> tuple[str, str | None, str | None]:
    """Return text, language and voice of a line of JSON."""
    try:
        asked = json.loads(line.decode("utf-8-sig"))  # editors of Windows add a byte order mark
        json.dumps(asked, ensure_ascii=False).encode()  # refuses half of a surrogate pair
    except json.JSONDecodeError as error:
        raise BadRequest(f"it must be JSON: {error.msg}, column {error.colno}") from None
    except (UnicodeError, RecursionError) as error:
        raise BadRequest(f"it must be JSON in UTF-8: {error}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise BadRequest('it must be like {"text": "Hello.", "language": "en_US"}')
    language, voice = asked.get("language"), asked.get("voice")
    if not all(value is None or isinstance(value, str) for value in (language, voice)):
        raise BadRequest("language and voice must be strings")
    return asked["text"], language, voice
