"""A bucket on a real S3 server, and stores in it."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.location import BucketURL
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.remote import bucket as buckets
from jupyter_artifacts.store.remote.blobs import RemoteBlobs
from jupyter_artifacts.store.remote.bucket import Bucket, Patience
from jupyter_artifacts.testing.memory import MemoryWriters
from tests.servers.faulty import Faulty
from tests.servers.seaweed import Seaweed, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_artifacts.store.store import Store

PROMPT = Patience(answer=0.4, whole=30.0, retries=10)
"""For a service that is silent once: the next try comes soon, and a slow machine has many of them."""

HURRIED = Patience(answer=0.4, whole=0.4, retries=1)
"""For a service that is out of order for good."""

_numbers = itertools.count()


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Seaweed]:
    """Start an S3 server of our own, once a session; only outside CI may it be missing."""
    if program() is None and "CI" not in os.environ:
        pytest.skip("SeaweedFS is not installed here")
    server = Seaweed()
    server.bucket("team")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        Bucket(BucketURL("s3", "team", "first")).put("first", b"the first one takes seconds")
    yield server
    server.close()


@pytest.fixture
def bucket(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> BucketURL:
    """Return an empty part of a bucket, with its credentials in the environment."""
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    return BucketURL("s3", "team", f"test-{os.getpid()}-{next(_numbers)}/store")


@pytest.fixture
def writers() -> MemoryWriters:
    """Return the catalog's part in who writes."""
    return MemoryWriters()


@pytest.fixture
def blobs(bucket: BucketURL, tmp_path: Path, writers: MemoryWriters) -> Iterator[RemoteBlobs]:
    """Return an empty implementation."""
    root = tmp_path / "elsewhere" / "home"
    (root / "tmp").mkdir(parents=True)
    (root / "store.json").touch()
    opened = RemoteBlobs(str(root), bucket, "blake3", writers)
    yield opened
    opened.close()


@pytest.fixture
def proxy(bucket: BucketURL, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faulty]:
    """Stand between this test and the server."""
    assert bucket.scheme == "s3"
    running = Faulty(seaweed.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.endpoint)
    yield running
    running.close()


@pytest.fixture
def prompt() -> Callable[[Bucket], None]:
    """Let a bucket ask again soon where no answer comes. A busy machine is slow: only a test of silence wants this."""
    return lambda bucket: _wait(bucket, PROMPT)


@pytest.fixture
def hurried() -> Callable[[Bucket], None]:
    """Let a bucket give up soon. Only a test in which nothing is to succeed any more wants this."""
    return lambda bucket: _wait(bucket, HURRIED)


def _wait(bucket: Bucket, patience: Patience) -> None:
    bucket._patience = patience
    bucket._store = buckets._open(bucket.url, patience)


@pytest.fixture
def own(bucket: BucketURL, tmp_path: Path) -> str:
    """Return what one user writes: a folder for the catalog, and a bucket."""
    return f"{tmp_path}/own {bucket}"


@pytest.fixture
def store(own: str) -> Iterator[Store]:
    """Return an empty store of one user, with its files in a bucket."""
    with open_store(own) as opened:
        yield opened
