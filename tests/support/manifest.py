"""The files of the app as the Supervisor reads them."""

import re
from typing import Any

import yaml

from tests.support.places import ROOT

ADDON = ROOT / "addon"
LANGUAGES = ("en", "de", "es", "fr", "it", "pt-BR", "ja", "zh-Hans", "hi")

_ELEMENT = re.compile(r"(?P<kind>\w+)(?:\((?P<argument>.*)\))?(?P<optional>\?)?$")


def read(name: str) -> dict[str, Any]:
    """Return the content of a YAML file of the repository."""
    content = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def kind_of(element: str) -> tuple[str, str, bool]:
    """Split `list(a|b)?` into `list`, `a|b` and whether it may be left out."""
    match = _ELEMENT.match(element)
    assert match, element
    return match["kind"], match["argument"] or "", bool(match["optional"])
