"""Getting blobs out of a bucket: checked against their digests, in few large requests, several at a time."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import digest_of, hasher, show
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.copying_out import read_hashed
from jupyter_artifacts.store.layout import BLOBS, PACKS
from jupyter_artifacts.store.packs import Packed, file_name, parse
from jupyter_artifacts.store.remote.bucket import PART
from jupyter_artifacts.store.remote.crew import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.bucket import Bucket
    from jupyter_artifacts.store.remote.near import Near

GAP = 512 << 10
"""What lies closer together in a pack is fetched by one request: a request costs as much as so many bytes."""

AHEAD = 512 << 10
"""Who reads one small blob is given what lies behind it too: files are often read in the order they were logged."""

_TRIES = 2
"""A blob that differs from its digest is asked for once more: it may have been damaged on its way."""

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_AGAIN = os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Run(NamedTuple):
    """Blobs of one pack that are fetched by one request."""

    pack: str
    begin: int
    end: int
    blobs: Sequence[tuple[int, Stored]]


def key_of(blob: Stored) -> str:
    """Return the key of the object that a blob's place names.

    Raises
    ------
    CorruptError
        The place is none that was ever given out.
    """
    try:
        place = parse(blob.place)
    except CorruptError as error:
        raise CorruptError(f"blob {blob.digest.hex()[:12]}: {error}") from error
    if isinstance(place, Packed):
        return pack_key(place.pack)
    return loose_key(blob)


def pack_key(pack: str) -> str:
    """Return the key of a pack."""
    return f"{PACKS}/{file_name(pack)}"


def loose_key(blob: Stored) -> str:
    """Return the key of a loose blob."""
    name = blob.digest.hex()
    return f"{BLOBS}/{name[:2]}/{name}.{blob.place}"


class Fetcher:
    """Fetches the blobs of one bucket."""

    def __init__(self, bucket: Bucket, algorithm: Algorithm, near: Near) -> None:
        self._bucket = bucket
        self._algorithm: Algorithm = algorithm
        self._hasher = hasher(algorithm)
        self._near = near

    def packed(self, blob: Stored, place: Packed) -> bytes:
        """Return a packed blob's verified bytes; some more of the pack is kept in the cache."""
        ahead = AHEAD if self._near.limit else 0
        for tried in range(1, _TRIES + 1):
            end = place.offset + max(blob.size, ahead if tried == 1 else 0)
            data = self._bucket.get_range(pack_key(place.pack), place.offset, end)
            if data is None:
                raise CorruptError(f"blob {self._name(blob)} is missing: its pack is not in {self._bucket.url}")
            if len(data) < blob.size:
                raise CorruptError(f"blob {self._name(blob)} lies past the end of its pack in {self._bucket.url}")
            found = data[: blob.size]
            if digest_of(found, self._algorithm) == blob.digest:
                self._near.keep(place.pack, place.offset, data)
                return bytes(found)
        raise self._damaged(blob)

    def loose(self, blob: Stored, path: str) -> None:
        """Write a loose blob to the new file `path`, verified; on error there is none."""
        self._fit(blob, loose_key(blob))
        out = os.open(path, _NEW, 0o666)
        try:
            self._fill(out, path, blob)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            raise
        finally:
            os.close(out)

    def _fill(self, out: int, path: str, blob: Stored) -> None:
        for _ in range(_TRIES):
            side_by_side(lambda begin: self._stretch(path, blob, begin), range(0, blob.size, PART))
            os.lseek(out, 0, os.SEEK_SET)
            h = self._hasher()
            if read_hashed(out, h, blob.size) == blob.size and h.digest() == blob.digest:
                return
        raise self._damaged(blob)

    def _fit(self, blob: Stored, key: str) -> None:
        there = self._bucket.head(key)
        if there is None:
            raise CorruptError(f"blob {self._name(blob)} is missing in {self._bucket.url}")
        if there.size != blob.size:
            raise CorruptError(f"blob {self._name(blob)} has {there.size} bytes instead of {blob.size}")

    def _stretch(self, path: str, blob: Stored, begin: int) -> None:
        data = self._bucket.get_range(loose_key(blob), begin, min(begin + PART, blob.size))
        if data is None:
            raise CorruptError(f"blob {self._name(blob)} went missing while it was read from {self._bucket.url}")
        out = os.open(path, _AGAIN)
        try:
            os.lseek(out, begin, os.SEEK_SET)
            write_all(out, data)
        finally:
            os.close(out)

    def bring(self, blobs: Iterable[Stored]) -> None:
        """Put blobs into the cache, as far as they are sound; those that are there already are not fetched."""
        in_packs: dict[str, list[tuple[int, Stored]]] = defaultdict(list)
        work: list[Run | Stored] = []
        for blob in blobs:
            try:
                place = parse(blob.place)
            except CorruptError:
                continue  # whoever reads it is told
            if self._near.has(blob):
                continue
            if isinstance(place, Packed):
                in_packs[place.pack].append((place.offset, blob))
            else:
                work.append(blob)
        for pack, there in in_packs.items():
            work += runs(pack, sorted(there, key=lambda one: one[0]))
        side_by_side(self._bring, work)

    def _bring(self, what: Run | Stored) -> None:
        if isinstance(what, Run):
            data = self._bucket.get_range(pack_key(what.pack), what.begin, what.end)
            if data is not None:
                # Holes between the wanted blobs are not checked here: whoever reads them does so.
                self._near.keep(what.pack, what.begin, data)
            return
        # What is damaged, or finds no room here, whoever reads it is told of, or gets another way.
        with contextlib.suppress(OSError):
            path = self._near.part()
            self.loose(what, path)
            self._near.take_in(path, loose_key(what))

    def _damaged(self, blob: Stored) -> CorruptError:
        return CorruptError(
            f"blob {self._name(blob)} is damaged: its bytes in {self._bucket.url} are not those that were logged"
        )

    def _name(self, blob: Stored) -> str:
        return show(blob.digest, self._algorithm)[:15]


def runs(pack: str, blobs: Sequence[tuple[int, Stored]]) -> Iterator[Run]:
    """Yield what is fetched of a pack at once: near each other; all between where more than half is wanted."""
    begin = first = blobs[0][0]
    end = max(offset + blob.size for offset, blob in blobs)
    gap = end if 2 * sum(blob.size for _, blob in blobs) > end - first else GAP
    since, last = 0, begin
    for at, (offset, blob) in enumerate(blobs):
        if at > since and (offset - last > gap or offset + blob.size - begin > PART):
            yield Run(pack, begin, last, blobs[since:at])
            since, begin = at, offset
        last = max(last, offset + blob.size)
    yield Run(pack, begin, last, blobs[since:])
