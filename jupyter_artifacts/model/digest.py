"""The identity of bytes: one hash algorithm a store, named in the store.

BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs) where its wheel exists,
SHA-256 (FIPS 180-4) where it does not, both 32 bytes.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Literal, NewType, Protocol

from jupyter_artifacts.errors import InvalidValueError, MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Callable

Digest = NewType("Digest", bytes)
"""32 raw bytes; :func:`show` gives the text form that people see."""

Algorithm = Literal["blake3", "sha256"]

PREFIX: dict[Algorithm, str] = {"blake3": "b3", "sha256": "sha256"}
_TEXT = re.compile(r"(b3|sha256):([0-9a-f]{64})")


class Hasher(Protocol):
    """What both algorithms offer."""

    def update(self, data: bytes | bytearray | memoryview, /) -> object:
        """Take more bytes."""

    def digest(self) -> bytes:
        """Give the 32 bytes."""


def default_algorithm() -> Algorithm:
    """Return the algorithm for a new store on this machine."""
    try:
        import blake3  # noqa: F401  only asked whether it is there
    except ImportError:
        return "sha256"
    return "blake3"


def hasher(algorithm: Algorithm) -> Callable[[], Hasher]:
    """Return the constructor of `algorithm`'s incremental hasher."""
    if algorithm == "sha256":
        return hashlib.sha256
    try:
        from blake3 import blake3
    except ImportError as error:
        raise MissingDependencyError("this store uses BLAKE3: pip install blake3") from error
    return blake3


def digest_of(data: bytes | bytearray | memoryview, algorithm: Algorithm) -> Digest:
    """Return the digest of `data` at once."""
    h = hasher(algorithm)()
    h.update(data)
    return Digest(h.digest())


def show(digest: Digest, algorithm: Algorithm) -> str:
    """Return the text form, for instance ``b3:9c41...`` (64 hexadecimal digits)."""
    return f"{PREFIX[algorithm]}:{digest.hex()}"


def parse(text: str) -> tuple[Algorithm, Digest]:
    """Take the text form apart, or raise InvalidValueError."""
    found = _TEXT.fullmatch(text)
    if not found:
        raise InvalidValueError(f"{text[:80]!r} is not a digest; one looks like 'b3:' and 64 hexadecimal digits")
    algorithm: Algorithm = "blake3" if found.group(1) == "b3" else "sha256"
    return algorithm, Digest(bytes.fromhex(found.group(2)))
