"""A proxy before an S3 server that counts requests and does harm on demand: errors, hangs, broken and altered bytes."""

from __future__ import annotations

import http.client
import re
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

How = Literal["answer", "hang", "drop", "lose", "truncate", "flip", "flip-upload", "stop"]
_XML = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>hidden {code}</Message></Error>"
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})
_LONG = 60.0


@dataclass
class Fault:
    """What is done to the next `times` requests that match.

    Attributes
    ----------
    how : str
        ``answer``: `status` and `code`, or `text`; ``hang``: half an answer, then nothing; ``drop``: the
        connection ends before the request is passed on; ``lose``: after it was; ``truncate``:
        half an answer, then the end; ``flip``: one bit of the answer's body is another;
        ``flip-upload``: one of the request's; ``stop``: the request waits until it is let go.
    method, path : str
        Patterns for the request line.
    after : int
        So many that match are let through before.
    """

    how: How
    times: int = 1
    method: str = "GET|HEAD|PUT|POST|DELETE"
    path: str = ""
    status: int = 500
    code: str = "InternalError"
    text: str = ""
    after: int = 0
    done: int = 0
    met: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Faulty:
    """A running proxy; `endpoint` is what clients are to be told.

    Parameters
    ----------
    upstream : str
        The server's endpoint.
    kind : type, optional
        What answers requests.
    """

    def __init__(self, upstream: str, kind: type[Handler] | None = None) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self._guard = threading.Lock()
        proxy = self

        class Mine(kind or Handler):  # type: ignore[misc]  # a class like any other
            owner = proxy

        self._server = _Server(("127.0.0.1", 0), Mine)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def harm(self, how: How, **more: object) -> Fault:
        """Add a fault."""
        fault = Fault(how, **more)  # type: ignore[arg-type]  # the fields of Fault
        self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """Do no more harm, and forget the requests so far."""
        for fault in self.faults:
            fault.go.set()
        self.faults.clear()
        self.requests.clear()

    @property
    def counts(self) -> Counter[str]:
        """Return how many requests of each method came."""
        return Counter(method for method, _ in self.requests)

    def next(self, method: str, path: str) -> Fault | None:
        """Note a request; return what is to be done to it."""
        with self._guard:
            self.requests.append((method, path))
            for fault in self.faults:
                if fault.done < fault.times and re.fullmatch(fault.method, method) and re.search(fault.path, path):
                    if fault.after:
                        fault.after -= 1
                        continue
                    fault.done += 1
                    fault.met.set()
                    return fault
        return None

    def close(self) -> None:
        """End it."""
        self.heal()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell what went wrong, but for clients that lost patience: that is what faults are for."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed's are sockets


class Handler(BaseHTTPRequestHandler):
    """Answers requests: passes them on, or does what a fault says."""

    owner: Faulty
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        fault = self.owner.next(self.command, self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if fault is None:
            self._give(*self._pass(body))
        elif fault.how == "answer":
            text = (fault.text or _XML.format(code=fault.code)).encode()
            self._give(fault.status, [("content-type", "application/xml")], b"" if self.command == "HEAD" else text)
        elif fault.how == "drop":
            self.close_connection = True
        elif fault.how == "lose":
            self._pass(body)
            self.close_connection = True
        elif fault.how == "stop":
            fault.go.wait(_LONG)
            self.close_connection = True
        elif fault.how == "flip-upload":
            self._give(*self._pass(_flipped(body)))
        else:
            self._spoil(fault, *self._pass(body))

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815  the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _pass(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.owner.upstream, timeout=_LONG)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(body or None)
            answer = upstream.getresponse()
            data = answer.read()
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            if self.command == "HEAD":
                headers.append(("content-length", answer.getheader("content-length") or "0"))
            return answer.status, headers, data
        finally:
            upstream.close()

    def _give(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _spoil(self, fault: Fault, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        if fault.how == "flip":
            self._give(status, headers, _flipped(data))
            return
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        if data:
            self.end_headers()
        else:
            self.flush_headers()  # without the line that ends them
        self.wfile.write(data[: len(data) // 2])
        self.wfile.flush()
        if fault.how == "hang":
            fault.go.wait(_LONG)
        self.close_connection = True


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(byte ^ 1 for byte in data[middle : middle + 1]) + data[middle + 1 :]
