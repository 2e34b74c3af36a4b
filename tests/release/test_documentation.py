"""What the pages promise is there: files they link to, scripts and flags they name, pictures."""

import argparse
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.support.places import ROOT
from wyoming_kokoro.cli.main import COMMANDS, build_parser

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("addon/*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def own_flags() -> set[str]:
    """The flags of all commands."""
    [commands] = [
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    flags = [a.option_strings for parser in commands.choices.values() for a in parser._actions]
    return {flag for names in flags for flag in names if flag.startswith("--")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_to_or_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith(("http", "#", "/")):
            assert (page.parent / link.partition("#")[0]).exists(), link
    for script in re.findall(r"(?<![\w/.-])script/[\w/.-]*\w", text):
        assert (ROOT / script).exists(), script


def test_the_readme_names_every_command_and_flag() -> None:
    assert [name for name in COMMANDS if f"`{name}" not in README and name != "serve"] == []
    # Help is everywhere; a switch is named as it is not.
    plain = {flag for flag in own_flags() if not flag.startswith("--no-")} - {"--help"}
    assert sorted(flag for flag in plain if f"`{flag}" not in README) == []


@pytest.mark.parametrize("page", ["README.md", "addon/DOCS.md"])
def test_a_flag_in_an_example_is_one_of_ours(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.search(r"(run\.sh|wyoming-kokoro) ", line)]
    examples = [line for line in lines if line.startswith("    ") and "docker" not in line]
    used = {flag for line in examples for flag in re.findall(r"(?<!\S)--[a-z][a-z-]*", line)}
    assert used <= own_flags()


@pytest.mark.parametrize("picture", sorted(ROOT.glob("docs/*.svg")), ids=lambda path: path.stem)
def test_a_picture_says_what_it_shows_and_can_be_seen_in_the_dark(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 our own file
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert "prefers-color-scheme: dark" in text
    assert f"docs/{picture.name}" in README
    assert len(text) < 20_000
