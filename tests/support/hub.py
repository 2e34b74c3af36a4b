"""A stand-in for the hub on loopback: serves released files, counts requests, misbehaves on demand.

with Hub() as hub:
    version = release({"kokoro-v1_0.pth": b"...", "voices/af_heart.pt": b"..."})
    hub.publish(version, contents)
    fetch(folder, version.files(["af_heart"]), endpoint=hub.url)

A program under test finds it by `HF_ENDPOINT=hub.url`.
"""

import hashlib
import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self

from wyoming_kokoro.models.catalog import ModelFile, ModelVersion, version_named

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def made_up(size: int, seed: int = 0) -> bytes:
    """Return `size` bytes that are the same each time."""
    return random.Random(seed).randbytes(size)


def release(contents: Mapping[str, bytes], like: str = "v1.0") -> ModelVersion:
    """Return the version `like`, but with `contents` as its files: bytes by path.

    The checkpoint keeps its name, which must be among them; `config.json` may be.
    """
    base = version_named(like)
    files = {
        path: ModelFile(path, len(content), hashlib.sha256(content).hexdigest())
        for path, content in contents.items()
    }
    voices = {
        path.removeprefix("voices/").removesuffix(".pt"): file
        for path, file in files.items()
        if path.startswith("voices/")
    }
    return replace(
        base,
        revision=COMMIT,
        checkpoint=files[base.checkpoint.path],
        config=files.get("config.json"),
        voices=voices,
    )


@dataclass(frozen=True)
class Fault:
    """How one answer goes wrong."""

    kind: Literal[
        "cut", "stall", "status", "html", "disguised html", "flip", "no range", "redirect"
    ]
    """`cut` closes and `stall` waits for `Hub.resume` after so many bytes, `flip` spoils the last
    byte, `no range` sends the whole file whatever was asked for."""

    after: int = 0
    status: int = 503
    to: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]


class Hub:
    """Serves files at `/<repository>/resolve/<revision>/<path>`."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[Asked] = []
        self.resume = threading.Event()
        self.came = threading.Event()
        self._faults: dict[str, deque[Fault]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """What HF_ENDPOINT is to be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def publish(self, version: ModelVersion, contents: Mapping[str, bytes]) -> None:
        """Serve `contents` (bytes by path) as the files of `version`."""
        for path, content in contents.items():
            self.files[self.address(version, path)] = content

    def address(self, version: ModelVersion, path: str) -> str:
        """Return the path of a file's URL."""
        folder = f"{version.folder}/" if version.folder else ""
        return f"/{version.repo}/resolve/{version.revision}/{folder}{path}"

    def spoil(self, version: ModelVersion, path: str, *faults: Fault) -> None:
        """Make the next answers for a file go wrong, one after the other."""
        self._faults[self.address(version, path)] = deque(faults)

    def times_asked(self, path: str) -> int:
        """Return how many requests there were for the file `path`."""
        return sum(asked.path.endswith(f"/{path}") for asked in self.asked)

    def next_fault(self, address: str) -> Fault | None:
        """Return what goes wrong with this answer."""
        faults = self._faults.get(address)
        return faults.popleft() if faults else None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.resume.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            self.close_connection = True
            hub.asked.append(Asked(self.path, dict(self.headers)))
            hub.came.set()
            fault = hub.next_fault(self.path)
            content = hub.files.get(self.path)
            if fault is not None and fault.kind == "redirect":
                self._head(302, 0, Location=f"{fault.to}{self.path}")
            elif fault is not None and fault.kind in ("html", "disguised html"):
                self._page(disguised=fault.kind != "html")
            elif fault is not None and fault.kind == "status":
                self._head(fault.status, 0)
            elif content is None:
                self._head(404, 0, **{"X-Error-Code": "EntryNotFound"})
            else:
                self._file(content, fault)

        def _page(self, disguised: bool) -> None:
            page = b"<!DOCTYPE html><title>Welcome to the hotel</title>"
            kind = "application/octet-stream" if disguised else "text/html; charset=utf-8"
            self._head(200, None if disguised else len(page), **{"Content-Type": kind})
            self.wfile.write(page)

        def _file(self, content: bytes, fault: Fault | None) -> None:
            kind = None if fault is None else fault.kind
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            if kind == "flip":
                content = content[:-1] + bytes([content[-1] ^ 1])
            start, facts = 0, {"ETag": etag, "Accept-Ranges": "bytes"}
            if "Range" in self.headers and kind != "no range":
                start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
                if start >= len(content):
                    self._head(416, 0, **{"Content-Range": f"bytes */{len(content)}"})
                    return
                facts["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            body = content[start:]
            self._head(206 if "Content-Range" in facts else 200, len(body), **facts)
            if self.command == "HEAD":
                return
            if fault is not None and kind in ("cut", "stall"):
                self.wfile.write(body[: fault.after])
                if kind == "cut":
                    return
                hub.resume.wait()
                body = body[fault.after :]
            self.wfile.write(body)

        def _head(self, status: int, length: int | None, **facts: str) -> None:
            self.send_response(status)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Connection", "close")
            if length is not None:
                self.send_header("Content-Length", str(length))
            for name, value in facts.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its signature
            """Keep quiet: the tests look at `Hub.asked`."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:  # a client that was killed or gave up
                self.close_connection = True

    return Handler
