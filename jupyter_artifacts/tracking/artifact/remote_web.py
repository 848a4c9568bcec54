"""References to the web: asked only when somebody adds or downloads one, never anything but http and https."""

from __future__ import annotations

import contextlib
import http.client  # noqa: TID251  its errors
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (  # noqa: TID251  the one place that makes requests: references that a user asked for
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import CommError, MissingFileError
from jupyter_artifacts.tracking.artifact.remote import BLOCK, WEB, Facts, Reading, check_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from jupyter_artifacts.tracking.artifact.remote import Below

TIMEOUT = 30.0
"""Seconds that a server may be silent."""

_NOT_THERE = frozenset([404, 410])
_NO_HEAD = frozenset([400, 403, 405, 501])
_HEADERS = {"User-Agent": f"jupyter_artifacts/{__version__}", "Accept-Encoding": "identity"}


class _Redirects(HTTPRedirectHandler):
    """Follows to http and https alone, and from https to nothing weaker."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        was, now = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme.lower()
        if now not in WEB or (was == "https" and now != "https"):
            raise CommError(f"{req.full_url} leads to {newurl[:200]!r}, which is not followed: only https and http are")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """Return what speaks http and https and nothing else: no files, no ftp, no data addresses."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        _Redirects(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


class Web:
    """``http://`` and ``https://`` addresses."""

    def look(self, uri: str) -> Facts:
        """Return ETag and Content-Length; the body is not read."""
        check_address(uri)
        try:
            with _ask(uri, "HEAD") as answer:
                return _facts(answer)
        except _RefusedError as error:
            if error.code not in _NO_HEAD:
                raise
        with _ask(uri, "GET") as answer:
            return _facts(answer)

    @contextlib.contextmanager
    def open(self, uri: str) -> Iterator[Reading]:
        """Read a target."""
        check_address(uri)
        with _ask(uri, "GET") as answer:
            yield Reading(_facts(answer), _blocks(answer, uri))

    def below(self, uri: str, most: int) -> list[Below]:
        """Return nothing: the web has no folders."""
        del uri, most
        return []


class _RefusedError(CommError):
    """A server answered, and said no."""

    def __init__(self, uri: str, code: int, reason: str) -> None:
        super().__init__(f"{uri} cannot be fetched: the server answers {code} {reason}")
        self.code = code


@contextlib.contextmanager
def _ask(uri: str, method: str) -> Iterator[http.client.HTTPResponse]:
    request = Request(uri, headers=_HEADERS, method=method)  # noqa: S310  scheme and host were looked at
    with _told(uri):
        answer = _opener().open(request, timeout=TIMEOUT)
    try:
        yield answer
    finally:
        answer.close()


@contextlib.contextmanager
def _told(uri: str) -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        error.close()
        if error.code in _NOT_THERE:
            raise MissingFileError(f"{uri} is not there: the server answers {error.code}") from None
        raise _RefusedError(uri, error.code, error.reason) from None
    except TimeoutError as error:
        raise CommError(f"{uri} cannot be fetched: the server was silent for {TIMEOUT:.0f} s") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise CommError(
            f"{uri} cannot be fetched: {reason}; see whether the network is there. "
            "add_reference(..., checksum=False) keeps an address without asking"
        ) from error


def _facts(answer: http.client.HTTPResponse) -> Facts:
    length = answer.headers.get("Content-Length", "").strip()
    return Facts(answer.headers.get("ETag", "").strip(), int(length) if length.isdecimal() else -1)


def _blocks(answer: http.client.HTTPResponse, uri: str) -> Iterator[bytes]:
    while True:
        with _told(uri):
            block = answer.read(BLOCK)
        if not block:
            return
        yield block
