"""One table of options: flags, environment, options.json."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from tests.support.places import ROOT
from wyoming_kokoro.cli.main import build_parser, with_command
from wyoming_kokoro.config import (
    ENVIRONMENT_PREFIX,
    Limits,
    Settings,
    default_of,
    flag_of,
    option_table,
    read_settings,
)
from wyoming_kokoro.errors import ConfigurationError

GOOD = {
    "uri": "unix:///run/kokoro.sock",
    "http": "tcp://127.0.0.1:8880",
    "http_api_key": "a secret",
    "jobs": "postgresql://kokoro@db/kokoro",
    "audio": "s3://books/kokoro",
    "jobs_days": "7",
    "jobs_megabytes": "500",
    "worker": "cellar",
    "data_dir": "/srv/kokoro",
    "voice": "bf_emma@1.1",
    "speed": "1.25",
    "blend": "kitchen=af_heart(2)+bf_emma(1)",
    "fallback_voice": "true",
    "model": "v0.19",
    "checkpoint": "/srv/tuned.pth",
    "weights": "starter",
    "engine": "torch",
    "device": "cpu",
    "precision": "int8",
    "provider": "openvino",
    "threads": "3",
    "breaths": "on",
    "model_ttl": "60",
    "default_model_ttl": "900",
    "stand_in": "false",
    "offline": "yes",
    "voice_source": "combined",
    "voice_cache": "8",
    "phrase_cache": "0",
    "preload_voices": "af_bella, bm_george",
    "detect_language": "true",
    "lexicon": "/srv/words.txt",
    "sentence_pause": "0.5",
    "tail_silence": "0.25",
    "lead_silence": "0.5",
    "sample_rate": "22050",
    "loudness": "-19.5",
    "name": "Kitchen",
    "zeroconf": "off",
    "advertise_address": "192.0.2.7",
    "advertise_port": "10300",
    "agent": "tcp://0.0.0.0:10201",
    "drain_seconds": "60",
    "fleet": "tcp://balancer:10200",
    "nodes": "n1:10200, n2:10200",
    "log_level": "debug",
}
"""A value other than the default for every option."""

BAD = {
    "uri": "http://somewhere",
    "jobs": "mysql://db",
    "jobs_days": "0",
    "jobs_megabytes": "some",
    "advertise_port": "65536",
    "agent": "unix://agent",
    "drain_seconds": "-1",
    "fleet": "balancer",
    "nodes": "n1",
    "http": "127.0.0.1:8880",
    "speed": "3",
    "blend": "kitchen",
    "fallback_voice": "perhaps",
    "model": "v2",
    "engine": "magic",
    "device": "tpu",
    "precision": "fp4",
    "threads": "many",
    "breaths": "sometimes",
    "model_ttl": "-1",
    "default_model_ttl": "soon",
    "lead_silence": "6",
    "sample_rate": "44100",
    "stand_in": "2",
    "voice_source": "cloud",
    "voice_cache": "0",
    "phrase_cache": "-1",
    "loudness": "-70",
    "zeroconf": "maybe",
    "log_level": "loud",
}


def test_the_good_values_cover_every_option() -> None:
    assert set(GOOD) == set(option_table())


@pytest.mark.parametrize("name", GOOD)
def test_flag_environment_and_options_file_mean_the_same(name: str, tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    file.write_text(json.dumps({name: GOOD[name]}))
    variable = ENVIRONMENT_PREFIX + name.upper()
    by_flag = read_settings({name: [GOOD[name]] if name == "blend" else GOOD[name]}, {})
    by_environment = read_settings({}, {variable: GOOD[name]})
    by_file = read_settings({}, {}, file)
    assert by_flag == by_environment == by_file != Settings()
    assert getattr(by_flag, name) != default_of(name)


def test_flags_go_before_environment_before_options_file(tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    file.write_text(json.dumps({"voice": "file", "speed": 0.5, "threads": 1}))
    environment = {"WYOMING_KOKORO_VOICE": "environment", "WYOMING_KOKORO_SPEED": "0.75"}
    settings = read_settings({"voice": "flag"}, environment, file)
    assert (settings.voice, settings.speed, settings.threads) == ("flag", 0.75, 1)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_names_the_option_the_value_and_what_is_allowed(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({name: [BAD[name]] if name == "blend" else BAD[name]}, {})
    message = str(refused.value)
    assert flag_of(name) in message
    assert repr(BAD[name]) in message
    assert "must be" in message


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("log_level", "DEBUG", "debug"),
        ("log_level", "Warning", "warning"),
        ("engine", "Stand-In", "stand-in"),
        ("device", "CUDA", "cuda"),
        ("precision", "INT8", "int8"),
        ("model", "V1.1-ZH", "v1.1-zh"),
        ("breaths", "Off", "off"),
        ("voice_source", "Combined", "combined"),
        ("zeroconf", "FALSE", False),
        ("uri", "TCP://127.0.0.1:10200", "tcp://127.0.0.1:10200"),
        ("uri", "Stdio://", "stdio://"),
        ("uri", "UNIX:///run/Kokoro.sock", "unix:///run/Kokoro.sock"),
    ],
)
def test_words_to_choose_from_are_understood_in_any_case_wherever_they_are_written(
    name: str, written: str, meant: object, tmp_path: Path
) -> None:
    file = tmp_path / "options.json"
    file.write_text(json.dumps({name: written}))
    variable = ENVIRONMENT_PREFIX + name.upper()
    for settings in (
        read_settings({name: written}, {}),
        read_settings({}, {variable: written}),
        read_settings({}, {}, file),
    ):
        assert getattr(settings, name) == meant


@pytest.mark.parametrize("path", ["~nobody-has-this-name/voices", "a\0b"])
def test_a_path_that_cannot_be_is_refused_with_the_reason(path: str) -> None:
    with pytest.raises(ConfigurationError, match=r"--data-dir is .* but must be a path"):
        read_settings({"data_dir": path}, {})


def test_a_user_without_a_home_keeps_data_in_the_current_directory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_home(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", no_home)
    assert Settings().data_dir == Path("wyoming-kokoro")


def test_a_bad_environment_variable_is_named_as_it_is_written() -> None:
    with pytest.raises(ConfigurationError, match="WYOMING_KOKORO_SPEED is '9'"):
        read_settings({}, {"WYOMING_KOKORO_SPEED": "9"})


def test_the_defaults_are_those_of_the_design(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/somebody/data")
    settings = Settings()
    assert settings.uri == "tcp://0.0.0.0:10200"
    assert settings.data_dir == Path("/home/somebody/data/wyoming-kokoro")
    assert (settings.model, settings.stand_in, settings.zeroconf) == ("v1.0", True, True)


def test_every_option_is_a_flag_of_its_commands() -> None:
    parser = build_parser()
    for name, option in option_table().items():
        for command in option.commands:
            value = [] if GOOD[name] in ("true", "false", "yes", "off") else [GOOD[name]]
            needed = ["book.txt", "--output", "book.mp3"] if command == "read" else []
            given = vars(parser.parse_args([command, *needed, flag_of(name), *value]))
            assert name in given


@pytest.mark.parametrize(
    ("arguments", "meaning"),
    [
        ([], ["serve"]),
        (["--voice", "af_nova"], ["serve", "--voice", "af_nova"]),
        (["say", "hello"], ["say", "hello"]),
        (["--version"], ["--version"]),
    ],
)
def test_serve_is_what_happens_when_no_command_is_given(
    arguments: list[str], meaning: list[str]
) -> None:
    assert with_command(arguments) == meaning


def test_the_readme_lists_every_option_with_its_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, option in option_table().items():
        [row] = [line for line in readme.splitlines() if line.startswith(f"| `{flag_of(name)}` |")]
        assert row.endswith(f"| {option.help} |")


def test_the_readme_names_every_limit_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in fields(Limits):
        value = getattr(Limits(), row.name)
        default = f"{value:,}".removesuffix(".0")
        assert f"| `{row.name}` | {default} | " in readme, row.name


@pytest.mark.parametrize(("text", "meaning"), [("off", None), ("-23", -23.0), ("false", None)])
def test_loudness_is_a_number_or_off(text: str, meaning: float | None) -> None:
    assert read_settings({"loudness": text}, {}).loudness == meaning
