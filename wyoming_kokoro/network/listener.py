"""A URI comes in, `tcp://host:port` or `unix://path`; accepted connections leave."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wyoming_kokoro.errors import ConfigurationError

_LOG = logging.getLogger(__name__)

_BACKLOG = 128
_ACCEPT_PAUSE_SECONDS = 1.0
_SEND_BUFFER_BYTES = 128 * 1024
"""Some seconds of audio. The kernel would take megabytes for a client that does not read."""

_TCP_OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    # A client that vanished without a word is noticed after two minutes.
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 15),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4),
)

_REMEDIES = {
    errno.EADDRINUSE: "another program uses it; stop that program or choose another {option}",
    errno.EACCES: "this user may not; choose a port above 1023, or a folder that may be written",
    errno.EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 stands for all it has",
    errno.EAFNOSUPPORT: "this machine has no IPv6; 0.0.0.0 stands for all its addresses",
    socket.EAI_NONAME: "no machine has that name; 0.0.0.0 stands for all addresses of this one",
    errno.ENOENT: "its folder does not exist; create it or choose another {option}",
}


class Listener:
    """Listening sockets; each connection is handed to a callback, which has to close it unless it
    raises.

    `asyncio.start_server` does not do, because of what it does when file descriptors run out, which
    any client can bring about: it tries a hundred times in a row, logs each with a traceback, and
    schedules as many further tries. Three clients that waited for 2.5 seconds made 700 tracebacks
    in CPython 3.11, and 1000 in 3.12. Here one line is logged, and a second passes before the next
    try.
    """

    def __init__(
        self, sockets: list[socket.socket], on_connection: Callable[[socket.socket], None]
    ) -> None:
        self._sockets = sockets
        self._on_connection = on_connection
        self._loop = asyncio.get_running_loop()
        self.addresses = tuple(_uri_of(each) for each in sockets)
        """What clients connect to, as URIs, with the ports really used."""
        for each in sockets:
            self._watch(each)

    def close(self) -> None:
        """Accept no more."""
        for each in self._sockets:
            self._loop.remove_reader(each)
            if each.family == socket.AF_UNIX:
                Path(each.getsockname()).unlink(missing_ok=True)
            each.close()
        self._sockets.clear()

    def _watch(self, listening: socket.socket) -> None:
        if listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def _accept(self, listening: socket.socket) -> None:
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as failure:  # out of file descriptors or memory: it will not pass at once
            _LOG.warning("cannot accept connections (%s); raise `ulimit -n`", failure)
            self._loop.remove_reader(listening)
            self._loop.call_later(_ACCEPT_PAUSE_SECONDS, self._watch, listening)
            return
        self._hand_over(connection)

    def _hand_over(self, connection: socket.socket) -> None:
        with ExitStack() as unless_kept:
            unless_kept.callback(connection.close)
            try:
                _prepare(connection)
            except OSError as failure:
                _LOG.warning("a connection could not be prepared (%s) and was closed", failure)
                return
            self._on_connection(connection)
            unless_kept.pop_all()


async def listen(
    uri: str, on_connection: Callable[[socket.socket], None], option: str = "--uri"
) -> Listener:
    """Listen at `uri`, which `option` has told; must be closed.

    `tcp://localhost:10200` listens on each address of that name, `tcp://[::]:10200` on all
    addresses of both families; port 0 takes a free one.

    Raises:
        ConfigurationError: the URI is none of these, or nobody can listen there.
    """
    parts = urlsplit(uri)
    try:
        match parts.scheme:
            case "tcp":
                sockets = await _listen_tcp(parts, option)
            case "unix":
                sockets = [_listen_unix(Path(parts.netloc + parts.path), option)]
            case _:
                raise ConfigurationError(
                    f"{option} {uri}: use tcp://HOST:PORT, unix://PATH or stdio://"
                )
    except OSError as failure:
        remedy = _REMEDIES.get(failure.errno or 0, failure.strerror or str(failure))
        told = f"cannot listen at {uri}: {remedy.replace('{option}', option)}"
        raise ConfigurationError(told) from failure
    return Listener(sockets, on_connection)


async def _listen_tcp(parts: SplitResult, option: str) -> list[socket.socket]:
    host, port = parts.hostname, _port_of(parts, option)
    addresses = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with ExitStack() as unless_kept:
        sockets: list[socket.socket] = []
        absent: OSError | None = None
        for family, _, _, _, address in dict.fromkeys(addresses):
            listening = unless_kept.enter_context(socket.socket(family, socket.SOCK_STREAM))
            shared_port = sockets[0].getsockname()[1] if sockets else port
            try:
                _bind_tcp(listening, (address[0], shared_port, *address[2:]), dual=host == "::")
            except OSError as failure:
                if failure.errno != errno.EADDRNOTAVAIL:
                    raise
                absent = failure  # a name may stand for an address of a family that is off
                listening.close()
            else:
                sockets.append(listening)
        if absent and not sockets:
            raise absent
        unless_kept.pop_all()
    return sockets


def _bind_tcp(listening: socket.socket, address: tuple[str | int, ...], *, dual: bool) -> None:
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listening.family == socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not dual)
    listening.setblocking(False)
    listening.bind(address)
    listening.listen(_BACKLOG)


def _port_of(parts: SplitResult, option: str) -> int:
    try:
        port = parts.port
    except ValueError:
        port = None
    if port is None:
        raise ConfigurationError(
            f"{option} {parts.geturl()}: a port from 0 to 65535 is missing, as in "
            "tcp://0.0.0.0:10200"
        )
    return port


def _listen_unix(path: Path, option: str) -> socket.socket:
    if not path.name:
        raise ConfigurationError(
            f"{option} unix://: a path is missing, as in unix:///run/kokoro.sock"
        )
    _remove_if_dead(path, option)
    with ExitStack() as unless_kept:
        listening = unless_kept.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listening.setblocking(False)
        listening.bind(str(path))
        listening.listen(_BACKLOG)
        unless_kept.pop_all()
    return listening


def _remove_if_dead(path: Path, option: str) -> None:
    """Remove the socket that a killed server left, at which nobody listens any more."""
    if not path.exists():
        return
    if not path.is_socket():
        raise ConfigurationError(
            f"cannot listen at {path}: it is no socket; choose another {option}"
        )
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
        except BlockingIOError:
            return  # somebody listens, and is busy


def _prepare(connection: socket.socket) -> None:
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    if connection.family != socket.AF_UNIX:
        for level, option, value in _TCP_OPTIONS:
            connection.setsockopt(level, option, value)


def _uri_of(listening: socket.socket) -> str:
    if listening.family == socket.AF_UNIX:
        return f"unix://{listening.getsockname()}"
    host, port, *_ = listening.getsockname()
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
