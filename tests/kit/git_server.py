# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A git server over http (gitprotocol-http(5)) on this host that goes wrong in a chosen way."""

import gzip
import http.server
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PACK = b"PACK"
_BAND = 1  # gitprotocol-pack(5): what comes in it is the pack


class FaultyServer:
    """Serves the bare repositories below a folder; its first `faults` packs go wrong.

    `kind`: `dropped` ends the connection amid the pack, `truncated` ends the pack early and says
    that it was all, `corrupt` changes one byte of it, `hanging` stops sending amid it. A number is
    the status that is answered instead, to any question.
    """

    def __init__(self, folder: Path, *, kind: str, faults: int) -> None:
        self.folder = folder
        self.kind = kind
        self.faults = faults
        self.num_packs = 0
        self.num_requests = 0
        self.closing = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"faulty": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    @property
    def url(self) -> str:
        """What the repositories lie below."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def takes_fault(self) -> bool:
        """Tell whether this time it goes wrong."""
        with self._lock:
            self.faults -= 1
            return self.faults >= 0

    @contextmanager
    def running(self) -> Iterator["FaultyServer"]:
        """Serve while the body runs."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def damage_pack(answer: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the bytes of the pack in an answer of `git upload-pack`, whose frames stay right."""
    frames: list[bytes] = []
    started = False
    place = 0
    while place < len(answer):
        length = int(answer[place : place + 4], 16)
        frame = answer[place : place + max(4, length)]
        body = frame[4:]
        started = started or body[1:5] == _PACK
        if started and body[:1] == bytes([_BAND]):
            body = body[:1] + change(body[1:])
            frame = b"%04x" % (len(body) + 4) + body
        frames.append(frame)
        place += max(4, length)
    return b"".join(frames)


class _Handler(http.server.BaseHTTPRequestHandler):
    faulty: FaultyServer

    def do_GET(self) -> None:
        self.faulty.num_requests += 1
        if self.faulty.kind.isdigit() and self.faulty.takes_fault():
            self.send_error(int(self.faulty.kind))
            return
        path = self.path.partition("/info/refs")[0]
        answer = self._upload_pack("--http-backend-info-refs", path=path)
        first = b"001e# service=git-upload-pack\n0000"
        self._answer("advertisement", answer if self._is_v2() else first + answer)

    def do_POST(self) -> None:
        self.faulty.num_requests += 1
        body = self._body()
        path = self.path.removesuffix("/git-upload-pack")
        answer = self._upload_pack("--stateless-rpc", path=path, stdin=body)
        if _PACK not in answer:
            self._answer("result", answer)
            return
        self.faulty.num_packs += 1
        self._answer("result", answer, kind=self.faulty.kind if self.faulty.takes_fault() else "")

    def _is_v2(self) -> bool:
        return self.headers.get("Git-Protocol") == "version=2"

    def _body(self) -> bytes:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if is_packed else body

    def _upload_pack(self, *args: str, path: str, stdin: bytes = b"") -> bytes:
        env = {**os.environ, "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        argv = ("git", "upload-pack", *args, str(self.faulty.folder / path.lstrip("/")))
        return subprocess.run(argv, input=stdin, env=env, capture_output=True).stdout  # noqa: PLW1510

    def _answer(self, what: str, body: bytes, *, kind: str = "") -> None:
        half = body.index(_PACK) + (len(body) - body.index(_PACK)) // 2 if kind else 0
        if kind == "corrupt":
            body = damage_pack(body, lambda piece: piece[:-30] + b"\x55" + piece[-29:])
        elif kind == "truncated":
            body = damage_pack(body, lambda piece: piece[: len(piece) // 2])
        self.send_response(200)
        self.send_header("Content-Type", f"application/x-git-upload-pack-{what}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if kind in {"dropped", "hanging"}:
            self.wfile.write(body[:half])
            self.wfile.flush()
            if kind == "hanging":
                self.faulty.closing.wait(60)
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  of the base class
        del format, args
