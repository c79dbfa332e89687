"""The HTTP server for sharing: one file and one page, at an address that cannot be guessed.

It never serves anything else: every other request gets the same answer.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import FileIO
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from cadence_cue.export.formats import FORMATS

_BLOCK = 1 << 16
_PATIENCE = 30  # seconds before hanging up on a phone that takes no bytes
_POLL = 0.1  # seconds between two checks whether to stop
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", flags=re.ASCII)
_POLICY = (
    "default-src 'none'; media-src 'self'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'nonce-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Served:
    """A context manager that serves an open file, which it closes, and its page. Thread: any."""

    def __init__(
        self,
        file: FileIO,
        page: Callable[[str, str], str],
        tell: Callable[[str], object],
        *,
        host: str = "",
        port: int = 0,
    ) -> None:
        """Open the port (0: any free one); serving starts on entering.

        `page` returns the HTML, given the file's address and the nonce of its script. `tell` is
        called with a line that says what is fetched, and by whom. Raises OSError.
        """
        self._file = file
        path, status = Path(str(file.name)), os.fstat(file.fileno())
        self.size = status.st_size
        self.kind = FORMATS[path.suffix.lower()].mime
        self.name = path.name
        self.etag = f'"{status.st_mtime_ns:x}-{self.size:x}"'
        self._tell = tell
        self._told: set[str] = set()
        self.root = f"/{secrets.token_urlsafe(16)}/"
        self.nonce = secrets.token_urlsafe(16)
        self.page = page("track", self.nonce).encode(errors="replace")
        self.last = time.monotonic()
        """When the last byte was sent."""
        self._server = _Server((host, port), _Handler)
        self._server.served = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL}, daemon=True
        )

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving, even in the middle of a file."""
        self._server.shutdown()
        self._server.server_close()
        self._file.close()

    def tell(self, line: str) -> None:
        """Report what is fetched, each line only once: a player asks for many parts."""
        if line not in self._told:
            self._told.add(line)
            self._tell(line)

    def read(self, at: int, size: int) -> bytes:
        """Up to `size` bytes of the file, from byte `at` on; b"" after its end."""
        return os.pread(self._file.fileno(), size, at)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # stopping waits for them: the descriptor may be reused afterwards
    served: Served

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer a request in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Close one connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close every connection, so that no thread waits for a phone."""
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Ignore a phone that disconnects half-way; any other error is a defect."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server: _Server

    def do_GET(self) -> None:
        """Send the page, or the file or a part of it."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Send the headers that a GET would send."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        served = self.server.served
        path, _, query = self.path.partition("?")
        if path == served.root:
            self._send_page(body=body)
        elif path == f"{served.root}track":
            self._send_file(body=body, keep=query == "keep")
        else:
            self._begin(HTTPStatus.NOT_FOUND, 0)

    def _send_page(self, *, body: bool) -> None:
        served = self.server.served
        self._begin(
            HTTPStatus.OK,
            len(served.page),
            {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": _POLICY.format(served.nonce),
                "Cache-Control": "no-store",
            },
        )
        if body:
            served.tell(f"{self.client_address[0]} opens the page")
            self.wfile.write(served.page)
            served.last = time.monotonic()

    def _send_file(self, *, body: bool, keep: bool) -> None:
        served = self.server.served
        headers = {
            "Content-Type": served.kind,
            "Accept-Ranges": "bytes",
            "ETag": served.etag,
            "Cache-Control": "private",
        }
        if keep:
            name = quote(served.name, errors="replace")
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        span = self._span()
        if span is None:
            headers["Content-Range"] = f"bytes */{served.size}"
            self._begin(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, headers)
            return
        start, end, part = span
        if part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
        status = HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK
        self._begin(status, end - start, headers)
        if not body:
            return
        who = self.client_address[0]
        served.tell(f"{who} {'downloads' if keep else 'plays'} {served.name}")
        while start < end:
            block = served.read(start, min(_BLOCK, end - start))
            if not block:
                served.tell(
                    f"{served.name} was cut short while it was shared: export and share it again"
                )
                self.close_connection = True
                return
            self.wfile.write(block)
            served.last = time.monotonic()
            start += len(block)
        if keep and end == served.size:
            served.tell(f"{who} has all of {served.name}")

    def _span(self) -> tuple[int, int, bool] | None:
        """Start and end (exclusive) of the bytes asked for, and whether a range was asked for.

        None for a range outside the file.
        """
        size = self.server.served.size
        asked = _RANGE.fullmatch(self.headers.get("Range", "").strip())
        same = self.headers.get("If-Range", self.server.served.etag) == self.server.served.etag
        if not asked or asked[1] == asked[2] == "" or not same:
            return 0, size, False
        if not asked[1]:
            start, end = max(size - int(asked[2]), 0), size
        else:
            start = int(asked[1])
            end = min(int(asked[2]) + 1, size) if asked[2] else size
        return (start, end, True) if start < end else None

    def _begin(
        self, status: HTTPStatus, length: int, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(usegmt=True))
        self.send_header("Content-Length", str(length))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer an invalid request without revealing anything about this server."""
        self.close_connection = True
        if code == HTTPStatus.NOT_IMPLEMENTED:  # which is for methods that no server knows
            self._begin(HTTPStatus.METHOD_NOT_ALLOWED, 0, {"Allow": "GET, HEAD"})
        else:
            self._begin(HTTPStatus(code), 0)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: `tell` reports what matters."""
