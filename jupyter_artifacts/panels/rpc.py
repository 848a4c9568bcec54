"""Requests of the page, answered once each, by a closed table of methods."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec

from jupyter_artifacts.errors import (
    ArtifactsError,
    CorruptError,
    InvalidTypeError,
    InvalidValueError,
    NotFoundError,
    UsageError,
)
from jupyter_artifacts.panels.protocol import METHODS, PROTOCOL_VERSION, Answer
from jupyter_artifacts.panels.wire import MAX_REQUEST_ID, check, json_safe
from jupyter_artifacts.words import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.protocol import ErrorCode, WireError

MAX_ANSWER_BYTES = 8 << 20
MAX_MESSAGE = 300
_REMEMBERED_CANCELS = 1000

log = logging.getLogger(__name__)


class Reply(NamedTuple):
    """A method's result, and the pictures that go beside it."""

    result: Mapping[str, object]
    buffers: tuple[bytes, ...] = ()


class _Refused(Exception):  # noqa: N818  a way out of the call, not an error of the kernel
    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code


class Dispatcher:
    """Answers the requests of one panel.

    Parameters
    ----------
    handlers : mapping of str to callable
        By method. Each gets its parameters, checked, and returns a :class:`Reply`.
    send : callable
        Takes an answer and its buffers.
    """

    def __init__(
        self, handlers: Mapping[str, Callable[[dict[str, object]], Reply]], send: Callable[[Answer, list[bytes]], None]
    ) -> None:
        unknown = handlers.keys() - METHODS.keys()
        if unknown:
            raise ValueError(f"{sorted(unknown)} are not methods of the protocol")
        self._handlers = handlers
        self._send = send
        self._cancelled: OrderedDict[str, None] = OrderedDict()

    def receive(self, content: object) -> None:
        """Take a message of the page: a request is answered once, a cancel not at all."""
        message = content if isinstance(content, dict) else {}
        request_id = _request_id(message.get("id"))
        if message.get("kind") == "cancel":
            self._cancel(request_id)
            return
        try:
            reply = self._reply(message, request_id)
        except _Refused as refusal:
            self._answer(request_id, None, {"code": refusal.code, "message": str(refusal)[:MAX_MESSAGE]}, [])
        else:
            self._answer(request_id, cast("JsonObject", reply.result), None, list(reply.buffers))

    def _reply(self, message: dict[str, object], request_id: str) -> Reply:
        method = message.get("method")
        if message.get("v") != PROTOCOL_VERSION:
            raise _Refused(
                "bad-request",
                f"this kernel speaks version {PROTOCOL_VERSION} of the panels' protocol; reload the page",
            )
        if message.get("kind") != "req" or not request_id:
            raise _Refused("bad-request", "a request has the kind 'req' and an id of 1 to 100 characters")
        if not isinstance(method, str) or method not in self._handlers:
            raise _Refused("bad-request", f"this panel has no method {str(method)[:40]!r}")
        if self._cancelled.pop(request_id, self) is None:
            raise _Refused("cancelled", "cancelled by the page")
        try:
            params: dict[str, object] = check(message.get("params"), METHODS[method][0], method)
            with speaking(message.get("lang")):
                reply = self._handlers[method](params)
            result = cast("JsonObject", json_safe(cast("JsonObject", reply.result)))
            _check_size(result, reply.buffers, method)
        except ArtifactsError as error:
            raise _Refused(code_of(error), str(error)) from error
        except Exception as error:
            log.exception("a panel's request %s failed", method)
            raise _Refused("internal", f"{type(error).__name__} in the kernel; see the log") from error
        return Reply(result, reply.buffers)

    def _cancel(self, request_id: str) -> None:
        if request_id:
            self._cancelled[request_id] = None
            while len(self._cancelled) > _REMEMBERED_CANCELS:
                self._cancelled.popitem(last=False)

    def _answer(
        self, request_id: str, result: JsonObject | None, error: WireError | None, buffers: list[bytes]
    ) -> None:
        answer = Answer(v=PROTOCOL_VERSION, kind="res", id=request_id, ok=error is None, result=result, error=error)
        self._send(answer, buffers)


def _check_size(result: JsonObject, buffers: tuple[bytes, ...], method: str) -> None:
    size = len(msgspec.json.encode(result)) + sum(map(len, buffers))
    if size > MAX_ANSWER_BYTES:
        raise InvalidValueError(f"{method}: the answer takes {size:,} bytes; ask for less at a time")


def _request_id(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_REQUEST_ID else ""


def code_of(error: ArtifactsError) -> ErrorCode:
    """Return the wire's code for one of our errors."""
    if isinstance(error, NotFoundError):
        return "not-found"
    if isinstance(error, CorruptError):
        return "corrupt"
    if isinstance(error, (InvalidValueError, InvalidTypeError, UsageError)):
        return "bad-request"
    return "internal"
