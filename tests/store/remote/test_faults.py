"""A service that fails, hangs, breaks off and alters bytes; wrong names, wrong keys: spec/bad_inputs.md row 104."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CorruptError, ReadOnlyStoreError, StoreError
from jupyter_artifacts.store.remote import bucket as buckets
from jupyter_artifacts.store.remote import fetching, fresh
from jupyter_artifacts.store.remote.bucket import PART, WHOLE, Bucket
from jupyter_artifacts.store.remote.faults import BucketError
from jupyter_artifacts.testing.memory import MemoryIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.location import BucketURL
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs
    from tests.servers.faulty import Faulty, How

    Waiting = Callable[[Bucket], None]

ONCE: list[tuple[How, int]] = [
    ("answer", 500),
    ("answer", 503),
    ("drop", 0),
    ("lose", 0),
    ("hang", 0),
    ("truncate", 0),
]
SMALL = b"small" * 1000
BIG = os.urandom(1 << 20) * 10 + b"the last part"
"""Written in three parts, the smallest that services take."""


def log(blobs: RemoteBlobs, *contents: bytes) -> list[Stored]:
    """Put bytes all the way; return where they lie."""
    index = MemoryIndex()
    session = blobs.session(index)
    try:
        digests = [session.put_bytes(content).digest for content in contents]
        index.replace(session.seal())
    finally:
        session.close()
    return [index.known[digest] for digest in digests]


def forget(blobs: RemoteBlobs) -> None:
    """Delete the read cache."""
    for path in Path(blobs.near.root).rglob("*"):
        if path.is_file():
            path.unlink()


def ids(value: object) -> str:
    return str(value)


@pytest.fixture
def blobs(proxy: Faulty, blobs: RemoteBlobs, monkeypatch: pytest.MonkeyPatch) -> RemoteBlobs:
    """Return blobs behind the proxy."""
    for module in (buckets, fetching, fresh):
        monkeypatch.setattr(module, "PART", 5 << 20)
    monkeypatch.setattr(buckets, "WHOLE", 5 << 20)
    assert proxy.requests == []
    return blobs


class TestOnce:
    """What happens once or twice is not noticed but by the time it takes."""

    @pytest.mark.parametrize(("how", "status"), ONCE, ids=ids)
    def test_writing(self, blobs: RemoteBlobs, proxy: Faulty, how: How, status: int, prompt: Waiting) -> None:
        if how == "hang":
            prompt(blobs.bucket)
        fault = proxy.harm(how, status=status, method="PUT", path="packs/")
        (stored,) = log(blobs, SMALL)
        assert fault.done == 1
        forget(blobs)
        assert blobs.read(stored) == SMALL
        assert [one.key for one in blobs.bucket.listing("")] == [blobs.where(stored)]

    @pytest.mark.parametrize("step", ["uploads=", "partNumber=2", "partNumber=3", "uploadId=[^&]*$"])
    @pytest.mark.parametrize(("how", "status"), [("answer", 500), ("lose", 0), ("hang", 0)], ids=ids)
    def test_writing_in_parts(
        self, blobs: RemoteBlobs, proxy: Faulty, how: How, status: int, step: str, prompt: Waiting
    ) -> None:
        if how == "hang":
            prompt(blobs.bucket)
        fault = proxy.harm(how, status=status, method="PUT|POST", path=step)
        (stored,) = log(blobs, BIG)
        assert fault.done == 1
        forget(blobs)
        assert blobs.read(stored) == BIG
        assert [one.key for one in blobs.bucket.listing("")] == [blobs.where(stored)]

    @pytest.mark.parametrize(("how", "status"), [*ONCE, ("flip", 0)], ids=ids)
    @pytest.mark.parametrize("data", [SMALL, BIG], ids=["packed", "loose"])
    def test_reading(
        self, blobs: RemoteBlobs, proxy: Faulty, how: How, status: int, data: bytes, tmp_path: Path, prompt: Waiting
    ) -> None:
        (stored,) = log(blobs, data)
        forget(blobs)
        if how == "hang":
            prompt(blobs.bucket)
        fault = proxy.harm(how, status=status, method="GET")
        assert blobs.read(stored) == data
        assert fault.done == 1
        forget(blobs)
        fault = proxy.harm(how, status=status, method="GET")
        blobs.copy_to(stored, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == data
        assert fault.done == 1

    @pytest.mark.parametrize("data", [SMALL, BIG], ids=["packed", "loose"])
    def test_bytes_altered_on_their_way_there_are_not_acknowledged(
        self, blobs: RemoteBlobs, proxy: Faulty, data: bytes
    ) -> None:
        proxy.harm("flip-upload", method="PUT")
        (stored,) = log(blobs, data)
        forget(blobs)
        assert blobs.read(stored) == data

    def test_what_was_logged_is_looked_at_again(self, blobs: RemoteBlobs, proxy: Faulty) -> None:
        (stored,) = log(blobs, SMALL)
        proxy.harm("answer", status=503, method="HEAD")
        assert blobs.sound([stored]) == {stored.digest: stored}


class TestForGood:
    """What goes on is told, once, in time, and nothing was acknowledged."""

    @pytest.mark.parametrize(
        ("how", "says"),
        [("answer", "500 Internal Server Error InternalError"), ("drop", "connection broke"), ("hang", "no answer")],
    )
    def test_writing(
        self, blobs: RemoteBlobs, proxy: Faulty, how: How, says: str, prompt: Waiting, hurried: Waiting
    ) -> None:
        hurried(blobs.bucket)
        proxy.harm(how, times=10**6, method="PUT|POST")
        index = MemoryIndex()
        session = blobs.session(index)
        session.put_bytes(SMALL)
        began = time.monotonic()
        with pytest.raises(BucketError, match=rf"s3://team/test.*\(writing\): .*{says}"):
            session.seal()
        assert time.monotonic() - began < 10
        with pytest.raises(StoreError, match="log again"):
            session.seal()
        session.close()
        proxy.heal()
        prompt(blobs.bucket)
        until = time.monotonic() + 30
        while how == "hang" and not blobs.bucket.has_any("") and time.monotonic() < until:
            time.sleep(0.02)  # on its way still, behind the proxy
        assert len(list(blobs.bucket.listing(""))) == (how == "hang"), "what arrived there unheard is garbage"
        (stored,) = log(blobs, SMALL)
        assert blobs.read(stored) == SMALL

    @pytest.mark.parametrize(("how", "says"), [("answer", "500"), ("truncate", "connection broke")])
    def test_reading(
        self,
        blobs: RemoteBlobs,
        proxy: Faulty,
        how: How,
        says: str,
        tmp_path: Path,
        prompt: Waiting,
        hurried: Waiting,
    ) -> None:
        stored = log(blobs, SMALL, BIG)
        forget(blobs)
        hurried(blobs.bucket)
        proxy.harm(how, times=10**6, method="GET")
        for one in stored:
            with pytest.raises(BucketError, match=rf"\(reading\): .*{says}"):
                blobs.read(one)
        with pytest.raises(BucketError):
            blobs.copy_to(stored[1], tmp_path / "target")
        assert list(tmp_path.glob("*target*")) == list(tmp_path.glob(".ja-*")) == []
        proxy.heal()
        prompt(blobs.bucket)
        assert [blobs.read(one) for one in stored] == [SMALL, BIG]

    def test_bytes_that_are_always_others(self, blobs: RemoteBlobs, proxy: Faulty) -> None:
        stored = log(blobs, SMALL, BIG)
        forget(blobs)
        proxy.harm("flip", times=10**6, method="GET")
        for one in stored:
            with pytest.raises(CorruptError, match="damaged"):
                blobs.read(one)
            assert "damaged" in blobs.check(one)
        proxy.heal()
        assert [blobs.check(one) for one in stored] == ["", ""]

    def test_an_interrupted_upload_leaves_the_session_s_folder_to_its_end(
        self, blobs: RemoteBlobs, proxy: Faulty
    ) -> None:
        proxy.harm("answer", times=10**6, method="PUT", path="blobs/", status=403, code="AccessDenied")
        session = blobs.session(MemoryIndex())
        session.put_bytes(BIG)
        with pytest.raises(ReadOnlyStoreError, match="may not do that"):
            session.seal()
        session.close()
        assert [path.name for path in Path(blobs.root, "tmp").iterdir()] == ["machine"]


class TestRefused:
    """One clear error each, and nothing secret in it."""

    @pytest.mark.parametrize(
        ("status", "code", "says"),
        [
            (404, "NoSuchBucket", "there is no bucket 'team'"),
            (400, "ExpiredToken", "have expired.*AWS_SESSION_TOKEN"),
            (403, "RequestTimeTooSkewed", "clock"),
            (403, "AccessDenied", "may not do that"),
            (403, "InvalidAccessKeyId", "credentials are wrong .*AWS_ACCESS_KEY_ID"),
            (403, "SignatureDoesNotMatch", "credentials are wrong .*AWS_SECRET_ACCESS_KEY"),
            (301, "PermanentRedirect", "in another region; set AWS_REGION"),
            (400, "InvalidRequest", "400 Bad Request InvalidRequest"),
        ],
    )
    def test_answers(
        self, proxy: Faulty, bucket: BucketURL, status: int, code: str, says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-key")
        proxy.harm("answer", times=10**6, status=status, code=code)
        there = Bucket(bucket)
        for act in (lambda: there.get("x"), lambda: there.put("x", b"1"), lambda: list(there.listing(""))):
            proxy.requests.clear()
            with pytest.raises(BucketError, match=says) as caught:
                act()
            assert str(bucket) in str(caught.value)
            assert "hidden" not in f"{caught.value!r} {caught.value.__cause__!r} {there!r}"
            assert len(proxy.requests) == 1, "it is not asked again"

    def test_a_wrong_secret(self, bucket: BucketURL, monkeypatch: pytest.MonkeyPatch) -> None:
        """The real server refuses it."""
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-key")
        with pytest.raises(BucketError, match=r"credentials are wrong \(SignatureDoesNotMatch\)") as caught:
            Bucket(bucket).get("store.json")
        assert "hidden" not in str(caught.value)

    def test_no_credentials(
        self, bucket: BucketURL, monkeypatch: pytest.MonkeyPatch, proxy: Faulty, hurried: Waiting
    ) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", proxy.endpoint)
        proxy.harm("answer", times=10**6, status=404, code="")
        there = Bucket(bucket)
        hurried(there)
        with pytest.raises(BucketError, match=r"there are no credentials; set AWS_ACCESS_KEY_ID"):
            there.get("store.json")

    def test_nobody_is_there(self, bucket: BucketURL, monkeypatch: pytest.MonkeyPatch, hurried: Waiting) -> None:
        for endpoint, says in (
            ("http://127.0.0.1:9", r"connection refused.*AWS_ENDPOINT_URL"),
            ("http://no-such-machine.invalid", r"no machine of that name|connection"),
        ):
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
            there = Bucket(bucket)
            hurried(there)
            with pytest.raises(BucketError, match=says):
                there.get("store.json")


def test_big_objects_are_written_in_parts(blobs: RemoteBlobs, proxy: Faulty) -> None:
    """Side by side; smaller ones by one request."""
    log(blobs, BIG, BIG[: 5 << 20])
    parts = [path for method, path in proxy.requests if method == "PUT" and "partNumber" in path]
    assert len(parts) == 3
    assert proxy.counts["PUT"] == len(parts) + 1
    assert (PART, WHOLE) == (8 << 20, 16 << 20)
