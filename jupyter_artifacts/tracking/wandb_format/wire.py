"""As much of the protocol buffers' wire format as W&B's run files need.

The format is public (protobuf.dev, "Encoding"): a message is a row of fields,
each a number and a type packed into a varint, then the value. Fields that are not
asked for are passed over, so later versions of the messages can be read.
"""

from __future__ import annotations

from typing import NamedTuple

from jupyter_artifacts.errors import CorruptError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST = 10


class Message:
    """The fields of one message, by number.

    Parameters
    ----------
    data : bytes

    Raises
    ------
    CorruptError
        The bytes are no message.
    """

    __slots__ = ("_fields",)

    def __init__(self, data: bytes = b"") -> None:
        self._fields: dict[int, list[int | bytes]] = {}
        at = 0
        while at < len(data):
            field = _field(data, at)
            self._fields.setdefault(field.number, []).append(field.value)
            at = field.end

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def texts(self, number: int) -> list[str]:
        """Return the texts of a field."""
        return [value.decode("utf-8", "replace") for value in self._raw(number)]

    def text(self, number: int) -> str:
        """Return the last text of a field, or an empty one."""
        return next(iter(self.texts(number)[-1:]), "")

    def whole(self, number: int) -> int:
        """Return a field's last integer (of the types int32, int64 and bool), or 0."""
        values = [value for value in self._fields.get(number, ()) if isinstance(value, int)]
        last = values[-1] if values else 0
        return last - (1 << 64) if last >= 1 << 63 else last

    def messages(self, number: int) -> list[Message]:
        """Return the messages of a field."""
        return [Message(value) for value in self._raw(number)]

    def message(self, number: int) -> Message:
        """Return the last message of a field, or an empty one."""
        return next(iter(self.messages(number)[-1:]), Message())

    def _raw(self, number: int) -> list[bytes]:
        return [value for value in self._fields.get(number, ()) if isinstance(value, bytes)]


class _Field(NamedTuple):
    number: int
    value: int | bytes
    end: int


def _field(data: bytes, at: int) -> _Field:
    tag, at = _varint(data, at)
    number, kind = tag >> 3, tag & 7
    if kind == _VARINT:
        value, end = _varint(data, at)
        return _Field(number, value, end)
    if kind == _BYTES:
        size, at = _varint(data, at)
    elif kind in {_FIXED64, _FIXED32}:
        size = 8 if kind == _FIXED64 else 4
    else:
        raise CorruptError(f"field {number} has the wire type {kind}, which no message here uses")
    if at + size > len(data):
        raise CorruptError(f"field {number} ends {at + size - len(data)} bytes behind its message")
    return _Field(number, data[at : at + size], at + size)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(_LONGEST):
        if at + count >= len(data):
            raise CorruptError("a number ends behind its message")
        byte = data[at + count]
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # noqa: PLR2004  the high bit says that more follows
            return value & ((1 << 64) - 1), at + count + 1
    raise CorruptError(f"a number is longer than {_LONGEST} bytes")
