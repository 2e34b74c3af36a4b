"""Whether jobs can be kept and spoken at all, and where: told before anything of it is imported."""

import importlib.util
import sqlite3
import sys
from pathlib import Path

from wyoming_kokoro.errors import ConfigurationError, Unavailable

PACKAGES = ("dbos", "sqlalchemy", "psycopg", "obstore", "av", "lxml")
"""What the extra `jobs` brings, and this folder imports."""

LEAST_SQLITE = (3, 42)
"""From which on DBOS can use it with Python 3.12: older ones do not know `unixepoch('subsec')`, and
its tables would be refused."""


class JobsUnavailable(Unavailable):
    """Jobs are not kept here."""

    code = "jobs-unavailable"


def missing_packages() -> list[str]:
    """Return the packages of the extra `jobs` that are not installed."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def database_url(jobs: str, data_dir: Path) -> str:
    """Return the URL of the database that `--jobs` means: of a file in the data directory for
    `sqlite`."""
    if jobs == "sqlite":
        return f"sqlite:///{(data_dir / 'jobs' / 'jobs.sqlite').absolute()}"
    return jobs


def why_unusable(
    jobs: str,
    sqlite: tuple[int, ...] = sqlite3.sqlite_version_info,
    python: tuple[int, ...] = sys.version_info[:2],
) -> str:
    """Return why jobs cannot be kept as `--jobs` says, and the remedy; "" if they can."""
    if not jobs:
        return "jobs are off; start the server with --jobs sqlite, or postgresql://..."
    if missing := missing_packages():
        return _install(missing)
    if jobs.startswith("sqlite") and python >= (3, 12) and sqlite < LEAST_SQLITE:
        is_here, needed = (".".join(map(str, version)) for version in (sqlite, LEAST_SQLITE))
        return (
            f"--jobs {jobs.partition(':')[0]} needs SQLite {needed} with Python 3.12, and this "
            f"Python has {is_here}: use Python 3.11, one with a newer SQLite, or "
            "--jobs postgresql://..."
        )
    return ""


def require_usable(jobs: str) -> None:
    """Make sure that jobs can be kept as `--jobs` says.

    Raises:
        ConfigurationError: they cannot; the message says why.
    """
    if reason := why_unusable(jobs):
        raise ConfigurationError(reason)


def require_packages() -> None:
    """Make sure that texts can be spoken as jobs are, without a database.

    Raises:
        ConfigurationError: a package is missing.
    """
    if missing := missing_packages():
        raise ConfigurationError(_install(missing))


def _install(missing: list[str]) -> str:
    return (
        f"jobs need packages that are not installed ({', '.join(missing)}); "
        "install them with: pip install 'wyoming-kokoro[jobs]'"
    )
