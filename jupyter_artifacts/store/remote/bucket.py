"""A bucket's objects below a prefix: the only module that speaks to obstore. Every call is retried, then told."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jupyter_artifacts.errors import ForkedStoreError, MissingDependencyError
from jupyter_artifacts.store.location import ENDPOINTS
from jupyter_artifacts.store.remote.faults import is_transient, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from obstore.store import AzureStore, ClientConfig, GCSStore, RetryConfig, S3Config, S3Store

    from jupyter_artifacts.store.location import BucketURL

T = TypeVar("T")

WHOLE = 16 << 20
"""Objects up to here are written by one request; bigger ones in parts, side by side."""

PART = 8 << 20
_DELETED_AT_ONCE = 500
_PAUSE = 0.2


class Patience(NamedTuple):
    """How long a bucket is waited for, in seconds: for one answer of it, and in all; and how often it is asked."""

    answer: float = 30.0
    whole: float = 60.0
    retries: int = 5


PATIENCE = Patience()


class Object(NamedTuple):
    """An object: its key below the prefix, its size, and the service's mark of its content (the ETag)."""

    key: str
    size: int
    mark: str


class Bucket:
    """Objects below a prefix of a bucket. Threads may share it.

    Credentials come from the environment and are kept nowhere.

    Parameters
    ----------
    url : BucketURL
    """

    def __init__(self, url: BucketURL) -> None:
        self.url = url
        self._patience = PATIENCE
        self._store = _open(url, self._patience)

    def __repr__(self) -> str:
        return f"<Bucket {self.url}>"

    def put(self, key: str, data: bytes) -> str:
        """Write an object; return its mark. Doing it again with the same bytes changes nothing."""
        import obstore

        answer = self._do("writing", lambda: obstore.put(self._store, key, data, use_multipart=False))
        return answer["e_tag"] or ""

    def put_file(self, key: str, path: str, at_once: int) -> str:
        """Write a file's bytes as an object, `at_once` parts side by side; return its mark."""
        import obstore

        def put() -> str:
            if os.path.getsize(path) <= WHOLE:
                answer = obstore.put(self._store, key, Path(path).read_bytes(), use_multipart=False)
            else:
                answer = obstore.put(
                    self._store, key, Path(path), use_multipart=True, chunk_size=PART, max_concurrency=at_once
                )
            return answer["e_tag"] or ""

        return self._do("writing", put)

    def create(self, key: str, data: bytes) -> bool:
        """Write an object where there is none; tell whether there was none."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        def create() -> bool:
            try:
                obstore.put(self._store, key, data, mode="create")
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

        return self._do("creating", create)

    def get(self, key: str) -> bytes | None:
        """Return a small object's bytes; None where there is none."""
        import obstore

        return self._found("reading", lambda: bytes(obstore.get(self._store, key).bytes()))

    def get_range(self, key: str, start: int, end: int) -> memoryview | None:
        """Return the bytes from `start` to `end`, fewer where the object ends; None where there is no object."""
        import obstore

        if start >= end:
            return memoryview(b"") if self.head(key) else None

        def get() -> memoryview:
            try:
                return memoryview(obstore.get_range(self._store, key, start=start, end=end))
            except Exception as error:
                if "416" in str(error)[:400]:  # it ends before `start`
                    return memoryview(b"")
                raise

        return self._found("reading", get)

    def head(self, key: str) -> Object | None:
        """Return an object's size and mark; None where there is none."""
        import obstore

        found = self._found("reading", lambda: obstore.head(self._store, key))
        return None if found is None else Object(key, found["size"], found["e_tag"] or "")

    def listing(self, prefix: str) -> Iterator[Object]:
        """Yield the objects whose keys begin with `prefix`, which ends a folder's name."""
        import obstore

        def all_of_it() -> list[Object]:
            found = []
            for part in obstore.list(self._store, prefix=prefix or None, chunk_size=1000):
                found += [Object(item["path"], item["size"], item["e_tag"] or "") for item in part]
            return found

        yield from self._do("listing", all_of_it)

    def has_any(self, prefix: str) -> bool:
        """Tell whether there is an object whose key begins with `prefix`."""
        import obstore

        return self._do("listing", lambda: any(obstore.list(self._store, prefix=prefix, chunk_size=1)))

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; one that is gone already is no matter."""
        import obstore

        for first in range(0, len(keys), _DELETED_AT_ONCE):
            part = list(keys[first : first + _DELETED_AT_ONCE])
            self._do("removing", lambda part=part: obstore.delete(self._store, part))  # type: ignore[misc]  # bound now

    def _found(self, doing: str, act: Callable[[], T]) -> T | None:
        try:
            return self._do(doing, act)
        except FileNotFoundError:
            return None

    def _do(self, doing: str, act: Callable[[], T]) -> T:
        """Do a request, again where that may help.

        obstore tries again by itself what the service answers with a 500, and what it
        cannot reach; here come those that broke in the middle of an answer.
        """
        from obstore.exceptions import BaseError

        if _Fork.happened:
            raise ForkedStoreError(
                f"{self.url} cannot be reached from a process forked after the store was opened; read these files "
                "before the fork (artifact.download()), or start the workers with the 'spawn' method"
            )
        until = time.monotonic() + self._patience.whole
        pause = _PAUSE
        while True:
            try:
                return act()
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise told(error, self.url, doing) from None
                raise
            except (BaseError, OSError) as error:
                # The error itself is left behind: it holds the whole answer, signatures too.
                if not is_transient(error) or time.monotonic() + pause > until:
                    raise told(error, self.url, doing) from None
            time.sleep(pause)
            pause *= 2


def _open(url: BucketURL, patience: Patience) -> S3Store | GCSStore | AzureStore:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import AzureStore, GCSStore, S3Store
    except ImportError as error:
        raise MissingDependencyError(
            f"a store in {url} needs obstore: pip install 'jupyter_artifacts[team]'"
        ) from error
    endpoint = next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), "")
    # An endpoint of one's own (a server in the same rack, a test's) may well speak plain http.
    plain = url.scheme == "s3" and endpoint.startswith("http://")
    client: ClientConfig = {
        "timeout": dt.timedelta(seconds=patience.answer),
        "connect_timeout": dt.timedelta(seconds=min(10.0, patience.answer)),
        "allow_http": plain,
    }
    retry: RetryConfig = {
        "max_retries": patience.retries,
        "retry_timeout": dt.timedelta(seconds=patience.whole),
        "backoff": {
            "init_backoff": dt.timedelta(seconds=min(0.1, patience.whole / 40)),
            "max_backoff": dt.timedelta(seconds=min(5.0, patience.whole / 4)),
        },
    }
    prefix = url.prefix or None
    config: S3Config = {"endpoint": endpoint} if endpoint else {}
    if not os.environ.get("AWS_CHECKSUM_ALGORITHM"):
        # The service compares what it has got: bytes altered on their way are sent again, not acknowledged.
        config["checksum_algorithm"] = "sha256"
    try:
        if url.scheme == "s3":
            return S3Store(
                url.bucket,
                prefix=prefix,
                client_options=client,
                retry_config=retry,
                config=config,
            )
        if url.scheme == "gs":
            return GCSStore(url.bucket, prefix=prefix, client_options=client, retry_config=retry)
        return AzureStore(url.bucket, prefix=prefix, client_options=client, retry_config=retry)
    except (BaseError, ValueError) as error:
        raise told(error, url, "opening") from None


class _Fork:
    """Whether this process was forked from one that had begun to use obstore, whose threads are not in the child."""

    happened = False

    @classmethod
    def note(cls) -> None:
        cls.happened = cls.happened or "obstore" in sys.modules


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Fork.note)
