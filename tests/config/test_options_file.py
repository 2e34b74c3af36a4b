"""Settings from a file: what may be in it, and how one that cannot be read is refused."""

import json
from pathlib import Path

import pytest

from wyoming_kokoro.config import read_settings
from wyoming_kokoro.errors import ConfigurationError


def test_an_options_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    file.write_text('{"speed": 1.5}', encoding="utf-8-sig")
    assert read_settings({}, {}, file).speed == 1.5


@pytest.mark.parametrize("content", [b'{"name": "K\xfcche"}', b"[" * 100_000, b"\x00\x01", b""])
def test_an_options_file_that_is_no_json_in_utf_8_is_refused_with_the_reason(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "options.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"options\.json, which must be JSON in UTF-8"):
        read_settings({}, {}, file)


def test_json_types_of_an_options_file_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    stored = {
        "speed": 1.5,
        "threads": 2,
        "zeroconf": False,
        "blend": ["a=af_heart", "b=af_bella@1.2"],
        "preload_voices": ["af_bella", "af_nova"],
        "voice": "",
        "checkpoint": None,
    }
    file.write_text(json.dumps(stored))
    settings = read_settings({}, {}, file)
    assert (settings.speed, settings.threads, settings.zeroconf) == (1.5, 2, False)
    assert settings.blend == (("a", "af_heart"), ("b", "af_bella@1.2"))
    assert settings.preload_voices == ("af_bella", "af_nova")
    assert (settings.voice, settings.checkpoint) == ("", ())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"speeed": 1}', "unknown option 'speeed'"),
        ("[1]", "one JSON object"),
        ("{", "cannot read options"),
        ('{"speed": "fast"}', "speed in .*options.json is 'fast', but must be a number"),
    ],
)
def test_a_bad_options_file_is_refused_with_the_reason(
    content: str, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "options.json"
    file.write_text(content)
    with pytest.raises(ConfigurationError, match=complaint):
        read_settings({}, {}, file)


def test_a_missing_options_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.json"):
        read_settings({}, {}, tmp_path / "absent.json")
