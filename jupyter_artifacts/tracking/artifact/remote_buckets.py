"""References to objects in buckets: Amazon S3 and what speaks its protocol, Google Cloud Storage, Azure.

Credentials come from the environment (``AWS_ACCESS_KEY_ID``, ``GOOGLE_APPLICATION_CREDENTIALS``,
``AZURE_STORAGE_ACCOUNT_NAME``, ...), as these services' own tools take them, and are kept nowhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CommError, InvalidValueError, MissingDependencyError, MissingFileError
from jupyter_artifacts.tracking.artifact.remote import BLOCK, Below, Facts, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore.store import ClientConfig, ObjectStore, RetryConfig, S3Config

_VERSION = "?versionId="
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


class Address(NamedTuple):
    """An object's address taken apart."""

    scheme: str
    bucket: str
    key: str
    version: str

    @classmethod
    def of(cls, uri: str) -> Address:
        """Take ``s3://bucket/some/key?versionId=1`` apart; keys may hold any other character.

        Raises
        ------
        InvalidValueError
            It names no bucket.
        """
        scheme, _, rest = uri.partition("://")
        rest, _, version = rest.partition(_VERSION)
        bucket, _, key = rest.partition("/")
        if not bucket or "@" in bucket:
            raise InvalidValueError(f"{uri!r} names no bucket; an address looks like s3://bucket/folder/file")
        return cls(scheme.lower(), bucket, key, version)


class Buckets:
    """``s3://``, ``gs://`` and ``az://`` addresses."""

    def look(self, uri: str) -> Facts:
        """Return an object's ETag and size."""
        at, store = _open(uri)
        import obstore

        with _told(uri):
            if at.version:
                found = obstore.get(store, at.key, options={"version": at.version, "head": True}).meta
            else:
                found = obstore.head(store, at.key)
        return Facts(found["e_tag"] or "", found["size"])

    @contextlib.contextmanager
    def open(self, uri: str) -> Iterator[Reading]:
        """Read an object."""
        at, store = _open(uri)
        import obstore

        with _told(uri):
            answer = obstore.get(store, at.key, options={"version": at.version} if at.version else {})
            facts = Facts(answer.meta["e_tag"] or "", answer.meta["size"])
        yield Reading(facts, _blocks(answer.stream(min_chunk_size=BLOCK), uri))

    def below(self, uri: str, most: int) -> list[Below]:
        """Return the objects below a folder, `most` and one more at most."""
        at, store = _open(uri, may_be_empty=True)
        folder = at.key.rstrip("/") + "/" if at.key.strip("/") else ""
        found = []
        with _told(uri):
            for part in store.list(prefix=folder or None):
                for item in part:
                    key = item["path"]
                    if key.startswith(folder) and not key.endswith("/"):
                        address = f"{at.scheme}://{at.bucket}/{key}"
                        found.append(Below(key[len(folder) :], address, Facts(item["e_tag"] or "", item["size"])))
                    if len(found) > most:
                        return found
        return sorted(found)


def _open(uri: str, *, may_be_empty: bool = False) -> tuple[Address, ObjectStore]:
    at = Address.of(uri)
    if not at.key and not may_be_empty:
        raise MissingFileError(f"{uri} names a bucket, not an object in it")
    endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), "")
    return at, _bucket(at.scheme, at.bucket, endpoint)


@lru_cache(maxsize=8)
def _bucket(scheme: str, bucket: str, endpoint: str) -> ObjectStore:
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise MissingDependencyError(
            f"{scheme}:// references need obstore: pip install 'jupyter_artifacts[team]'; "
            "add_reference(..., checksum=False) keeps an address without asking"
        ) from error
    # An endpoint of one's own (a test server, one in the same rack) may well speak plain http.
    plain = scheme == "s3" and endpoint.startswith("http://")
    config: S3Config = {"endpoint": endpoint} if scheme == "s3" and endpoint else {}
    patience: ClientConfig = {"timeout": "60s", "connect_timeout": "10s", "allow_http": plain}
    retries: RetryConfig = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=30)}
    try:
        return from_url(f"{scheme}://{bucket}", config=config, client_options=patience, retry_config=retries)
    except Exception as error:
        raise CommError(f"{scheme}://{bucket} cannot be opened: {error}") from error


@contextlib.contextmanager
def _told(uri: str) -> Iterator[None]:
    from obstore.exceptions import BaseError, NotFoundError

    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise MissingFileError(f"{uri} is not there") from error
    except (BaseError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        raise CommError(
            f"{uri} cannot be fetched: {reason}. Credentials are taken from the environment; "
            "add_reference(..., checksum=False) keeps an address without asking"
        ) from error


def _blocks(stream: Iterator[bytes], uri: str) -> Iterator[bytes]:
    while True:
        with _told(uri):
            block = next(stream, None)
        if block is None:
            return
        yield bytes(block)
