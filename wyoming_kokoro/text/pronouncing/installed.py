"""Which languages can be read here: some need packages of an extra. Imports none of those."""

from importlib.util import find_spec

from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.speech import LANGUAGES, Language

# misaki imports all of these, though not all are used.
_PACKAGES = {
    "ja_JP": ("ja", ("fugashi", "pyopenjtalk", "jaconv", "mojimoji")),
    "zh_CN": ("zh", ("jieba", "pypinyin", "cn2an", "ordered_set")),
}
"""By language that needs more packages: the extra that brings them, and the packages."""


def is_installed(language: Language) -> bool:
    """Return whether the packages that read `language` are installed."""
    _, packages = _PACKAGES.get(language.code, ("", ()))
    return all(find_spec(package) is not None for package in packages)


def installed_languages() -> tuple[Language, ...]:
    """Return the languages whose packages are installed, in the order of `LANGUAGES`."""
    return tuple(language for language in LANGUAGES if is_installed(language))


def why_hidden() -> tuple[str, ...]:
    """Return what is missing for each language that is not installed, and how to get it."""
    return tuple(_remedy(language) for language in LANGUAGES if not is_installed(language))


def require_installed(language: Language) -> None:
    """Make sure that the packages which read `language` are there.

    Raises:
        UnknownLanguage: they are not; the message says how to get them.
    """
    if not is_installed(language):
        raise UnknownLanguage(_remedy(language))


def _remedy(language: Language) -> str:
    extra, _ = _PACKAGES[language.code]
    return (
        f"{language.name} needs packages that are not installed; "
        f"install them with: pip install 'wyoming-kokoro[{extra}]'"
    )
