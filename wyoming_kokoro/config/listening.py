"""Where the server listens."""

from dataclasses import dataclass

from wyoming_kokoro.config.options import LISTENING, option

DEFAULT_PORT = 10200


def address(text: str) -> str:
    """Accept a URI that a Wyoming server can listen on; its scheme in any case."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in ("tcp", "unix", "stdio"):
        raise ValueError("tcp://HOST:PORT, unix://PATH or stdio://")
    return f"{scheme.lower()}://{rest}"


def http_address(text: str) -> str:
    """Accept a URI to listen at for HTTP, or that there is to be none."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    scheme, separator, rest = text.partition("://")
    if not (separator and rest) or scheme.lower() not in ("tcp", "unix"):
        raise ValueError("tcp://HOST:PORT, unix://PATH or off")
    return f"{scheme.lower()}://{rest}"


@dataclass(frozen=True)
class ListeningOptions:
    """Options of the addresses that clients come to."""

    uri: str = option(
        f"tcp://0.0.0.0:{DEFAULT_PORT}",
        "where to listen: tcp://HOST:PORT, unix://PATH or stdio://",
        address,
        "URI",
        commands=LISTENING,
    )
    http: str = option(
        "",
        "where to listen for HTTP as well, as OpenAI's clients speak it, and browsers: "
        "tcp://127.0.0.1:8880, or unix://PATH; needs the extra `web`",
        http_address,
        "URI",
    )
    http_api_key: str = option(
        "",
        "key that clients over HTTP must give; required unless --http is on this machine alone "
        "(127.0.0.1). The environment keeps it out of lists of processes",
        str,
        "KEY",
    )
