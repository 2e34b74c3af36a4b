"""Whether HTTP can be served at all, and where: told before anything of it is imported."""

import importlib.util
import ipaddress
from urllib.parse import urlsplit

from wyoming_kokoro.errors import ConfigurationError

PACKAGES = ("starlette", "uvicorn", "av", "prometheus_client")
"""What the extra `web` brings, and this folder imports."""


def require_usable(uri: str, key: str, *, in_app: bool) -> None:
    """Make sure that HTTP can be served at `uri`, and not to everybody.

    Raises:
        ConfigurationError: a package is missing; or anybody could ask who reaches this machine.
    """
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"--http needs packages that are not installed ({', '.join(missing)}); "
            "install them with: pip install 'wyoming-kokoro[web]'"
        )
    if not (key or in_app or is_local(uri)):
        raise ConfigurationError(
            f"--http {uri} can be reached from other machines: set a key with --http-api-key "
            "(WYOMING_KOKORO_HTTP_API_KEY), or listen at tcp://127.0.0.1:8880"
        )


def is_local(uri: str) -> bool:
    """Tell whether only this machine can reach `uri`."""
    parts = urlsplit(uri)
    if parts.scheme == "unix" or parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
