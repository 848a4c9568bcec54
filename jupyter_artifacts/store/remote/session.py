"""One writer's session for a bucket: packs and big files are made in a local folder and uploaded when it is sealed."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

from jupyter_artifacts.store.local_session import Folder, LocalSession
from jupyter_artifacts.store.progress import listener
from jupyter_artifacts.store.remote.bucket import WHOLE
from jupyter_artifacts.store.remote.crew import AT_ONCE, side_by_side
from jupyter_artifacts.store.remote.fetching import loose_key, pack_key
from jupyter_artifacts.store.remote.marks import stamp_of
from jupyter_artifacts.store.staging import pack_path, part_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.packing import PackingJob
    from jupyter_artifacts.store.protocols import BlobIndex
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.bucket import Bucket
    from jupyter_artifacts.store.remote.near import Near
    from jupyter_artifacts.store.stamps import Stamp
    from jupyter_artifacts.store.writers import Writers

PACK_BYTES = 64 << 20
"""A pack of this size gets no more blobs: the garbage collector removes whole packs, a reader fetches them."""

BEAT_SECONDS = 60.0


class RemoteFolder(Folder, Protocol):
    """What a session needs of the blobs it belongs to."""

    bucket: Bucket
    near: Near
    writers: Writers

    def ended(self, session: str) -> None:
        """Take note that a session has ended."""


class _Item(NamedTuple):
    """A file to be uploaded, and the name that its stamp is kept under."""

    name: str
    key: str
    path: str
    size: int


class RemoteSession(LocalSession):
    """A session of a store in a bucket.

    A key belongs to one session and one content, so writing an object again after an
    answer that was lost changes nothing. What is sealed was acknowledged by the service.
    """

    def __init__(self, blobs: RemoteFolder, index: BlobIndex) -> None:
        super().__init__(blobs, index)
        self._remote = blobs
        self._beat_at = time.monotonic()
        self._over = False

    def close(self) -> None:
        """Leave the session and remove its temporary files; sealed blobs stay."""
        super().close()
        if os.getpid() == self._pid and not self._over:
            self._over = True
            self._remote.ended(self.id)

    def _job(self) -> PackingJob:
        return super()._job()._replace(pack_bytes=PACK_BYTES, durable=False)

    def _land(self, done: Sequence[tuple[list[str], list[Stored]]]) -> None:
        """Upload finished packs and loose blobs, the biggest first."""
        items = []
        for packed, loose in done:
            for pack in packed:
                path = pack_path(self._folder, pack)
                items.append(_Item(pack, pack_key(pack), path, os.path.getsize(path)))
            items += [_Item(b.place, loose_key(b), part_path(self._folder, b.place), b.size) for b in loose]
        items.sort(key=lambda item: -item.size)
        stamps: dict[str, Stamp] = {}
        heard = listener()
        big = sum(item.size > WHOLE for item in items)

        def upload(item: _Item) -> None:
            mark = self._remote.bucket.put_file(item.key, item.path, max(1, AT_ONCE // max(1, big)))
            stamps[item.name] = stamp_of(item.size, mark)
            heard(0, item.size)
            self._beat()

        side_by_side(upload, items)
        self._beat()
        self._remote.stamps.remember(stamps)
        for item in items:
            self._remote.near.take_in(item.path, item.key)

    def _beat(self) -> None:
        """Say, once a minute, that this session lives."""
        if time.monotonic() - self._beat_at > BEAT_SECONDS:
            self._beat_at = time.monotonic()
            self._remote.writers.beat(self.id)
