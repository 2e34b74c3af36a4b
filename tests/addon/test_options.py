"""From what a user enters, through the Supervisor's options.json, to the settings of the server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.manifest import kind_of, read
from tests.support.process import run_command
from wyoming_kokoro.config import Settings, default_of, read_settings
from wyoming_kokoro.errors import ConfigurationError

CONFIG = read("addon/config.yaml")
SCHEMA: dict[str, Any] = CONFIG["schema"]

ENTERED: dict[str, tuple[Any, Any]] = {
    "voice": ("bf_emma@1.1", "bf_emma@1.1"),
    "blend": (
        ["kitchen=af_heart(2)+bf_emma(1)@1.1", "night=bm_george@0.8"],
        (("kitchen", "af_heart(2)+bf_emma(1)@1.1"), ("night", "bm_george@0.8")),
    ),
    "loudness": ("off", None),
    "http_api_key": ("open sesame", "open sesame"),
}
"""What a user may enter into an option of free text, and what becomes of it."""

REFUSED: dict[str, list[Any]] = {
    "speed": [0.4, 2.5, "fast"],
    "blend": [["kitchen"], ["=af_heart"]],
    "model": ["v2"],
    "fallback_voice": ["perhaps"],
    "detect_language": ["hi"],
    "stand_in": [2],
    "offline": ["never"],
    "sentence_pause": [-1, 6],
    "tail_silence": [5.5, "long"],
    "lead_silence": [-0.5, "short"],
    "sample_rate": [44100, "high"],
    "default_model_ttl": [-1, "soon"],
    "phrase_cache": [-5, "much"],
    "jobs_megabytes": [0, "much"],
    "loudness": [-70, "loud"],
    "weights": ["borrowed", 3],
    "breaths": ["sometimes", 2],
    "precision": ["fp8"],
    "threads": [-1, 300, "all"],
    "log_level": ["loud"],
}
"""What the Supervisor's form would not let pass, written into the file by hand."""


def stored(tmp_path: Path, options: dict[str, Any]) -> Path:
    file = tmp_path / "options.json"
    file.write_text(json.dumps(options), encoding="utf-8")
    return file


def settings(tmp_path: Path, options: dict[str, Any]) -> Settings:
    return read_settings({}, {}, stored(tmp_path, options))


def values_of(name: str) -> list[tuple[Any, Any]]:
    """Pairs of what is entered and what is meant, over the whole range of the option's type."""
    if name in ENTERED:
        return [ENTERED[name]]
    kind, argument, _ = kind_of(SCHEMA[name])
    if kind == "bool":
        return [(True, True), (False, False)]
    if kind == "list":
        like = type(default_of(name))
        return [(word, like(word)) for word in argument.split("|")]
    low, high = argument.split(",")
    number = {"int": int, "float": float}[kind]
    return [(number(end), number(end)) for end in (low, high)]


def test_what_the_app_comes_with_is_the_server_as_it_is(tmp_path: Path) -> None:
    assert settings(tmp_path, CONFIG["options"]) == Settings()


@pytest.mark.parametrize("name", SCHEMA)
def test_what_the_form_takes_the_server_takes(name: str, tmp_path: Path) -> None:
    for entered, meant in values_of(name):
        read_back = settings(tmp_path, {**CONFIG["options"], name: entered})
        assert getattr(read_back, name) == meant


def test_a_field_that_was_emptied_means_the_default(tmp_path: Path) -> None:
    assert settings(tmp_path, {"voice": "", "blend": [], "threads": None}) == Settings()


def test_the_refusals_cover_every_option_with_a_range() -> None:
    assert set(REFUSED) == set(SCHEMA) - {"voice", "http_api_key"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_value_is_refused_by_the_name_of_its_option(name: str, tmp_path: Path) -> None:
    for value in REFUSED[name]:
        with pytest.raises(ConfigurationError, match=f"^{name} in .*must be"):
            settings(tmp_path, {name: value})


def test_a_bad_option_ends_the_app_with_its_name_and_without_a_traceback(tmp_path: Path) -> None:
    file = stored(tmp_path, {**CONFIG["options"], "speed": 9})
    done = run_command("serve", "--options", str(file), WYOMING_KOKORO_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "speed in" in done.stderr
    assert "Traceback" not in done.stderr
