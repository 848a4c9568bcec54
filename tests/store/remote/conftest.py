"""A bucket on a real S3 server, and stores in it."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.location import BucketURL
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.remote.blobs import RemoteBlobs
from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.store.remote.service import Patience, connect
from jupyter_artifacts.testing.memory import MemoryWriters
from tests.servers import azurite as azurites
from tests.servers.azurite import Azurite
from tests.servers.faulty import Faulty
from tests.servers.google import Google
from tests.servers.seaweed import OPEN, Seaweed, program

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
    server.bucket(OPEN)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        Bucket(BucketURL("s3", "team", "first")).put("first", b"the first one takes seconds")
    yield server
    server.close()


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """Start Azure's emulator, once a session; only outside CI may it be missing."""
    if azurites.program() is None and "CI" not in os.environ:
        pytest.skip("Azurite is not installed here")
    server = Azurite()
    server.container("team")
    yield server
    server.close()


@pytest.fixture
def google(seaweed: Seaweed) -> Iterator[Google]:
    """Return what speaks Google's protocol."""
    server = Google(seaweed.endpoint)
    yield server
    server.close()


@pytest.fixture
def service() -> str:
    """Return the kind of bucket; a test may ask for others."""
    return "s3"


@pytest.fixture
def bucket(service: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BucketURL:
    """Return an empty part of a bucket, with its credentials in the environment."""
    if service == "az":
        azurite: Azurite = request.getfixturevalue("azurite")
        environment = azurite.environment()
    elif service == "gs":
        google: Google = request.getfixturevalue("google")
        environment = google.environment(tmp_path)
    else:
        seaweed: Seaweed = request.getfixturevalue("seaweed")
        environment = seaweed.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    return BucketURL(service, OPEN if service == "gs" else "team", f"test-{os.getpid()}-{next(_numbers)}/store")


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
    bucket._store = connect(bucket.url, patience, bucket._login)


@pytest.fixture
def own(bucket: BucketURL, tmp_path: Path) -> str:
    """Return what one user writes: a folder for the catalog, and a bucket."""
    return f"{tmp_path}/own {bucket}"


@pytest.fixture
def store(own: str) -> Iterator[Store]:
    """Return an empty store of one user, with its files in a bucket."""
    with open_store(own) as opened:
        yield opened
