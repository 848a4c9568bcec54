"""What every implementation of `Blobs` must keep. Subclass it, give `blobs` and three back doors.

The back doors must not go through the implementation's own methods, or a suite
that is fooled by a bug in one of them would pass.
"""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CorruptError, UsageError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.packing import pack_files
from jupyter_artifacts.store.sources import Taken, look
from jupyter_artifacts.testing.memory import MemoryIndex

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Blobs
    from jupyter_artifacts.store.records import Stored

BIG = (b"0123456789abcdef" * 64 + b"!") * 2500
"""Over every limit between small and large: 2.5 MB, no two kilobytes aligned alike."""


class BlobsContract:
    """The suite. A subclass defines the fixture `blobs` and the methods that raise here."""

    @pytest.fixture
    def blobs(self) -> Blobs:
        """Return an empty implementation."""
        raise NotImplementedError

    def bytes_at(self, blobs: Blobs, blob: Stored) -> bytes | None:
        """Back door: what lies at a place; None for nothing."""
        raise NotImplementedError

    def damage(self, blobs: Blobs, blob: Stored, data: bytes | None) -> None:
        """Back door: put other bytes at a place, or nothing at all."""
        raise NotImplementedError

    def leftovers(self, blobs: Blobs) -> int:
        """Back door: how much unfinished work lies about."""
        raise NotImplementedError

    @pytest.fixture
    def index(self) -> MemoryIndex:
        """Return the catalog's part."""
        return MemoryIndex()

    @pytest.fixture(params=[b"", b"a", b"x" * 300_000, BIG], ids=["empty", "one", "300 kB", "2.5 MB"])
    def data(self, request: pytest.FixtureRequest) -> bytes:
        """Return bytes of several sizes."""
        assert isinstance(request.param, bytes)
        return request.param

    def log(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> Stored:
        """Put bytes all the way into the index; return where they lie."""
        session = blobs.session(index)
        digest = session.put_bytes(data).digest
        index.replace(session.seal())
        session.close()
        return index.known[digest]

    def test_bytes_come_back(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """What is put is read, by every way of reading."""
        stored = self.log(blobs, index, data)
        assert stored.digest == digest_of(data, blobs.algorithm)
        assert stored.size == len(data)
        assert self.bytes_at(blobs, stored) == data
        assert blobs.read(stored) == data
        with blobs.open(stored) as file:
            assert file.read() == data
        assert blobs.check(stored) == ""

    def test_a_file_comes_back(self, blobs: Blobs, index: MemoryIndex, data: bytes, tmp_path: Path) -> None:
        """A file's bytes are stored, and the file stays as it was."""
        source = tmp_path / "source"
        source.write_bytes(data)
        session = blobs.session(index)
        put = session.put_file(source)
        (stored,) = session.seal()
        session.close()
        assert (put.digest, put.size) == (stored.digest, stored.size)
        assert self.bytes_at(blobs, stored) == data
        assert source.read_bytes() == data

    def test_an_owned_file_is_taken(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """A file from scratch may be moved instead of copied."""
        session = blobs.session(index)
        source = session.scratch() / "made"
        source.write_bytes(data)
        session.put_file(source, owned=True)
        (stored,) = session.seal()
        session.close()
        assert self.bytes_at(blobs, stored) == data
        assert not source.exists()

    def test_copy_to(self, blobs: Blobs, index: MemoryIndex, data: bytes, tmp_path: Path) -> None:
        """A blob becomes a file that its owner may write."""
        stored = self.log(blobs, index, data)
        blobs.copy_to(stored, tmp_path / "target")
        assert (tmp_path / "target").read_bytes() == data
        assert os.access(tmp_path / "target", os.W_OK)
        assert [path.name for path in tmp_path.iterdir()].count("target") == 1

    def test_what_is_stored_is_not_written_again(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """Equal bytes have one place, within a session and from one session to the next."""
        session = blobs.session(index)
        session.put_bytes(data)
        session.put_bytes(data)
        assert len(session.seal()) == 1
        session.close()
        self.log(blobs, index, data)
        session = blobs.session(index)
        session.put_bytes(data)
        assert session.seal() == ()
        session.close()

    def test_places_are_unique_per_write(self, blobs: Blobs, data: bytes) -> None:
        """Two writers of the same bytes never share a place: deleting one's must not hit the other's."""
        first = self.log(blobs, MemoryIndex(), data)
        second = self.log(blobs, MemoryIndex(), data)
        assert first.place != second.place
        assert blobs.read(first) == blobs.read(second) == data

    def test_a_session_reads_back_before_sealing(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """What is put can be read in its session, sealed or not."""
        session = blobs.session(index)
        digest = session.put_bytes(data).digest
        with session.open(digest) as file:
            assert file.read() == data
        session.seal()
        with session.open(digest) as file:
            assert file.read() == data
        with pytest.raises(UsageError):
            session.open(digest_of(b"never put", blobs.algorithm))
        session.close()

    def test_nothing_is_left_without_sealing(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """A session that is closed unsealed leaves nothing."""
        session = blobs.session(index)
        session.put_bytes(data)
        (session.scratch() / "work").write_bytes(data)
        session.close()
        assert self.leftovers(blobs) == 0

    def test_sealing_twice(self, blobs: Blobs, index: MemoryIndex) -> None:
        """What the catalog was not told yet is told again; what it knows is not."""
        session = blobs.session(index)
        first = session.put_bytes(b"first").digest
        assert [blob.digest for blob in session.seal()] == [first]
        second = session.put_bytes(b"second").digest
        again = session.seal()
        assert {blob.digest for blob in again} == {first, second}
        index.replace(again)
        third = session.put_bytes(b"third").digest
        assert [blob.digest for blob in session.seal()] == [third]
        session.close()

    def test_a_closed_session_refuses(self, blobs: Blobs, index: MemoryIndex) -> None:
        """Nothing can be put after the end; closing twice is fine."""
        session = blobs.session(index)
        session.close()
        session.close()
        with pytest.raises(UsageError):
            session.put_bytes(b"late")
        with pytest.raises(UsageError):
            session.seal()

    @pytest.mark.parametrize("how", ["flipped", "shorter", "longer", "empty", "gone"])
    def test_rot_is_never_handed_out(
        self, blobs: Blobs, index: MemoryIndex, data: bytes, how: str, tmp_path: Path
    ) -> None:
        """Damaged bytes raise by every way of reading, and leave no file."""
        stored = self.log(blobs, index, data)
        rotten = self.rot(data, how)
        if rotten == data:
            return
        self.damage(blobs, stored, rotten)
        if self.bytes_at(blobs, stored) == data:
            return  # the damage did not touch this blob
        with pytest.raises(CorruptError):
            blobs.read(stored)
        with pytest.raises(CorruptError):
            blobs.open(stored)
        with pytest.raises(CorruptError):
            blobs.copy_to(stored, tmp_path / "target")
        assert list(tmp_path.glob("*target*")) == list(tmp_path.glob(".ja-*")) == []
        assert blobs.check(stored) != ""

    def test_copying_rot_leaves_the_target_alone(self, blobs: Blobs, index: MemoryIndex, tmp_path: Path) -> None:
        """A file that was there stays as it was."""
        stored = self.log(blobs, index, b"right")
        self.damage(blobs, stored, b"wrong")
        (tmp_path / "target").write_bytes(b"before")
        with pytest.raises(CorruptError):
            blobs.copy_to(stored, tmp_path / "target")
        assert (tmp_path / "target").read_bytes() == b"before"

    @pytest.mark.parametrize("how", ["flipped", "shorter", "longer", "empty", "gone"])
    def test_logging_again_heals(self, blobs: Blobs, index: MemoryIndex, data: bytes, how: str) -> None:
        """The same bytes, logged again, stand in for the rotten ones."""
        stored = self.log(blobs, index, data)
        rotten = self.rot(data, how)
        if rotten == data:
            return
        self.damage(blobs, stored, rotten)
        if self.bytes_at(blobs, stored) == data:
            return
        healed = self.log(blobs, index, data)
        assert healed.place != stored.place
        assert blobs.read(healed) == data

    def test_many_files_at_once(self, blobs: Blobs, index: MemoryIndex, tmp_path: Path) -> None:
        """A batch gives what one by one gives, in order; equal files are one blob."""
        contents = [b"", b"a", b"b" * 5000, b"a", BIG, b"x" * 300_000, b"b" * 5000]
        paths = [tmp_path / str(number) for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        session = blobs.session(index)
        taken = session.put_files([look(str(path)) for path in paths])
        assert taken == [Taken(digest_of(content, blobs.algorithm), len(content)) for content in contents]
        sealed = session.seal()
        session.close()
        assert sorted(blob.digest for blob in sealed) == sorted({one.digest for one in taken})
        assert {blobs.read(blob) for blob in sealed} == set(contents)

    def test_files_that_are_not_what_the_scan_saw(self, blobs: Blobs, index: MemoryIndex, tmp_path: Path) -> None:
        """They are read as they are now."""
        seen = []
        for name in ("shorter", "longer", "replaced", "to large"):
            (tmp_path / name).write_bytes(b"12345")
            seen.append(look(str(tmp_path / name)))
        (tmp_path / "shorter").write_bytes(b"1")
        (tmp_path / "longer").write_bytes(b"1234567")
        (tmp_path / "replaced").unlink()
        (tmp_path / "replaced").write_bytes(b"54321")
        (tmp_path / "to large").write_bytes(BIG)
        session = blobs.session(index)
        taken = session.put_files(seen)
        sealed = {blob.digest: blobs.read(blob) for blob in session.seal()}
        session.close()
        assert [sealed[one.digest] for one in taken] == [b"1", b"1234567", b"54321", BIG]

    def test_reuse_without_a_source(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """What is known and sound is relied on; what is unknown or rotten is not."""
        stored = self.log(blobs, index, data)
        unknown = digest_of(b"never put", blobs.algorithm)
        session = blobs.session(index)
        assert not session.reused
        assert session.reuse([stored.digest, unknown]) == {stored.digest: stored}
        assert session.reused == (stored.digest,)
        with session.open(stored.digest) as file:
            assert file.read() == data
        assert session.seal() == ()
        session.close()
        self.damage(blobs, stored, b"!" + data)
        if self.bytes_at(blobs, stored) == data:
            return
        session = blobs.session(index)
        assert session.reuse([stored.digest]) == {}
        assert session.reused == ()
        session.put_bytes(data)
        assert len(session.seal()) == 1
        session.close()

    def test_what_is_relied_on_is_reused(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """Blobs of a version that is taken over as it is are not asked for one by one."""
        stored = self.log(blobs, index, data)
        session = blobs.session(index)
        session.rely([stored.digest])
        assert session.reused == (stored.digest,)
        assert session.seal() == ()
        session.close()

    def test_what_was_known_is_reused(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """Publishing must know what a session relies on, however it came to rely on it."""
        index.condemnations = 7
        stored = self.log(blobs, index, data)
        session = blobs.session(index)
        index.condemnations = 8
        assert session.condemn_seq == 7
        session.put_bytes(data)
        session.put_bytes(b"new")
        assert len(session.seal()) == 1
        assert session.reused == (stored.digest,)
        session.close()

    def test_a_checkpoint_is_found_again(self, blobs: Blobs, index: MemoryIndex, data: bytes) -> None:
        """What was there then is entered and durable, also when the session ends without sealing."""
        session = blobs.session(index)
        digest = session.put_bytes(data).digest
        session.checkpoint()
        session.put_bytes(b"after")
        entered = dict(index.known)
        assert list(entered) == [digest]
        assert self.bytes_at(blobs, entered[digest]) == data
        assert session.reused == (digest,), "a collector may have looked since"
        assert [blob.digest for blob in session.seal()] == [digest_of(b"after", blobs.algorithm)]
        session.close()
        session = blobs.session(index)
        session.put_bytes(data)
        assert session.seal() == ()
        session.close()

    def test_workers_pack_for_a_session(self, blobs: Blobs, index: MemoryIndex, tmp_path: Path) -> None:
        """What they made counts as put: new bytes are sealed, known ones are not stored twice."""
        known = self.log(blobs, index, b"known")
        contents = [b"known", b"one", b"", b"two" * 1000, b"one", BIG, b"x" * 300_000]
        for number, content in enumerate(contents):
            (tmp_path / str(number)).write_bytes(content)
        sources = [look(str(tmp_path / str(number))) for number in range(len(contents))]
        session = blobs.session(index)
        first = pack_files(session.job(), sources[:4])
        second = pack_files(session.job(), sources[3:])
        taken = [*session.adopt(first), *session.adopt(second)[1:]]
        assert taken == [Taken(digest_of(content, blobs.algorithm), len(content)) for content in contents]
        with session.open(taken[1].digest) as file:
            assert file.read() == b"one"
        sealed = session.seal()
        session.close()
        assert {blob.digest for blob in sealed} == {one.digest for one in taken} - {known.digest}
        assert {blobs.read(blob) for blob in sealed} == set(contents) - {b"known"}

    def test_threads_share_a_session(self, blobs: Blobs, index: MemoryIndex) -> None:
        """Many threads put at once; every blob arrives, once."""
        session = blobs.session(index)
        pieces = [b"%d" % (number % 40) * 1000 for number in range(160)]

        def put(part: list[bytes]) -> None:
            for piece in part:
                session.put_bytes(piece)

        threads = [threading.Thread(target=put, args=(pieces[first::8],)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sealed = session.seal()
        session.close()
        assert {blob.digest for blob in sealed} == {digest_of(piece, blobs.algorithm) for piece in pieces}
        assert len(sealed) == 40
        assert all(blobs.check(blob) == "" for blob in sealed)

    @staticmethod
    def rot(data: bytes, how: str) -> bytes | None:
        """Return damaged bytes; None for none at all."""
        middle = len(data) // 2
        return {
            "flipped": data[:middle] + bytes(b ^ 1 for b in data[middle : middle + 1]) + data[middle + 1 :],
            "shorter": data[:middle],
            "longer": data + b"x",
            "empty": b"",
            "gone": None,
        }[how]
