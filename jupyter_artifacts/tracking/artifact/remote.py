"""What a reference points at, wherever it lies: its facts, its bytes, and the digest that stands for them.

A reference's digest is one of three: that of its bytes, where they were read; that of its
address and ETag, where a server vouches for the bytes; that of its address alone, where
nobody looked. The three cannot be taken for one another, so that a download knows by
comparing what it has to check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.digest import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from jupyter_artifacts.model.digest import Algorithm, Digest

WEB = frozenset(["http", "https"])
BUCKETS = frozenset(["s3", "gs", "az"])
BLOCK = 256 << 10

_BY_ETAG = b"ja-reference-1\0"


class Facts(NamedTuple):
    """What can be known of a target without reading it: an empty ETag and a size of -1 are not known."""

    etag: str
    size: int


class Reading(NamedTuple):
    """A target that is being read, in blocks."""

    facts: Facts
    blocks: Iterator[bytes]


class Below(NamedTuple):
    """One object below an address that ends in a folder: its name from there on, its own address."""

    name: str
    uri: str
    facts: Facts


class Remote(Protocol):
    """One kind of address."""

    def look(self, uri: str) -> Facts:
        """Return a target's facts.

        Raises
        ------
        MissingFileError
            It is not there.
        CommError
            It cannot be asked.
        """

    def open(self, uri: str) -> AbstractContextManager[Reading]:
        """Read a target; raises as `look` does."""

    def below(self, uri: str, most: int) -> list[Below]:
        """Return what lies below a folder, `most` and one more at most; nothing where there are no folders."""


def scheme_of(uri: str) -> str:
    """Return an address's scheme, in small letters."""
    return urlsplit(uri).scheme.lower()


def check_address(uri: str) -> None:
    """Refuse an address with a name and password in it: it would be kept in the store, for all to read.

    Raises
    ------
    InvalidValueError
    """
    parts = urlsplit(uri)
    if parts.username is not None or parts.password is not None:
        raise InvalidValueError(
            f"the address of {parts.hostname} holds a name or password; leave them out, for the store would keep them"
        )
    if not parts.hostname or any(c.isspace() or ord(c) < ord(" ") for c in uri):
        raise InvalidValueError(f"{uri!r} is not the address of a file on the web")


def address_digest(uri: str, algorithm: Algorithm) -> Digest:
    """Return the digest of a reference that nobody looked at."""
    return digest_of(uri.encode(), algorithm)


def etag_digest(uri: str, etag: str, algorithm: Algorithm) -> Digest:
    """Return the digest of a reference whose server gave an ETag."""
    return digest_of(_BY_ETAG + uri.encode() + b"\0" + etag.encode(), algorithm)
