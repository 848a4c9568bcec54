"""A bucket's objects below a prefix: every request is made here, tried again, then told."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jupyter_artifacts.errors import ForkedStoreError
from jupyter_artifacts.store.remote.crew import side_by_side
from jupyter_artifacts.store.remote.faults import NO_BUCKET, code_of, is_transient, told
from jupyter_artifacts.store.remote.login import Login
from jupyter_artifacts.store.remote.service import Patience, connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_artifacts.store.location import BucketURL

T = TypeVar("T")

WHOLE = 16 << 20
"""Objects up to here are written by one request; bigger ones in parts, side by side."""

PART = 8 << 20
_DELETED_AT_ONCE = 500
_PAUSE = 0.2
_PAST_THE_END = re.compile(r"status code: 416|range starting at \d+, but object was only")
_MAKING = frozenset({"writing", "creating"})


PATIENCE = Patience()


class Object(NamedTuple):
    """An object: its key below the prefix, its size, and the service's mark of its content (the ETag)."""

    key: str
    size: int
    mark: str


class Bucket:
    """Objects below a prefix of a bucket. Threads may share it.

    Credentials come from the environment, from a profile of AWS's tools or from the
    machine's role, and are kept nowhere.

    Parameters
    ----------
    url : BucketURL
    """

    def __init__(self, url: BucketURL) -> None:
        self.url = url
        self._patience = PATIENCE
        self._login = Login() if url.scheme == "s3" else None
        self._store = connect(url, self._patience, self._login)

    def __repr__(self) -> str:
        return f"<Bucket {self.url}>"

    def put(self, key: str, data: bytes) -> str:
        """Write an object; return its mark. Doing it again with the same bytes changes nothing."""
        import obstore

        answer = self._do("writing", lambda: obstore.put(self._store, key, data, use_multipart=False))
        return _mark(answer["e_tag"])

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
            return _mark(answer["e_tag"])

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
                if _PAST_THE_END.search(str(error)[:400]):
                    return memoryview(b"")
                raise

        return self._found("reading", get)

    def head(self, key: str) -> Object | None:
        """Return an object's size and mark; None where there is none."""
        import obstore

        found = self._found("reading", lambda: obstore.head(self._store, key))
        return None if found is None else Object(key, found["size"], _mark(found["e_tag"]))

    def listing(self, prefix: str) -> Iterator[Object]:
        """Yield the objects whose keys begin with `prefix`, which ends a folder's name."""
        import obstore

        def all_of_it() -> list[Object]:
            found = []
            for part in obstore.list(self._store, prefix=prefix or None, chunk_size=1000):
                found += [Object(item["path"], item["size"], _mark(item["e_tag"])) for item in part]
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
            try:
                self._do("removing", lambda part=part: obstore.delete(self._store, part))  # type: ignore[misc]  # bound now
            except FileNotFoundError:
                # Azure and Google tell of one that is gone, and may not have come to the others.
                side_by_side(self._delete_one, part)

    def _delete_one(self, key: str) -> None:
        import obstore

        with contextlib.suppress(FileNotFoundError):
            self._do("removing", lambda: obstore.delete(self._store, key))

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
                # Nothing that is written is missing: then the bucket is. A file of ours that is gone has a number.
                if error.errno is None and (doing in _MAKING or code_of(error) in NO_BUCKET):
                    raise told(error, self.url, doing) from None
                raise
            except (BaseError, OSError) as error:
                # The error itself is left behind: it holds the whole answer, signatures too.
                if self._login is not None and self._login.fault is not None:
                    raise self._login.fault from None
                if not is_transient(error) or time.monotonic() + pause > until:
                    raise told(error, self.url, doing, self._login.source if self._login else "") from None
            time.sleep(pause)
            pause *= 2


def _mark(tag: str | None) -> str:
    """Return an ETag in one form: Azure's listings leave out the quotes."""
    return f'"{tag}"' if tag and not tag.endswith('"') else tag or ""


class _Fork:
    """Whether this process was forked from one that had begun to use obstore, whose threads are not in the child."""

    happened = False

    @classmethod
    def note(cls) -> None:
        cls.happened = cls.happened or "obstore" in sys.modules


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Fork.note)
