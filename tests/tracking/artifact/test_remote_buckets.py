"""References to objects in buckets, on a real server that speaks S3's protocol."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
import pytest
from obstore.store import S3Store

import jupyter_artifacts as ja
from jupyter_artifacts.errors import CommError, InvalidValueError, MissingDependencyError, MissingFileError
from jupyter_artifacts.tracking.artifact import remote_buckets
from jupyter_artifacts.tracking.artifact.references import dangling
from jupyter_artifacts.tracking.artifact.remote_buckets import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.seaweed import Seaweed

pytestmark = pytest.mark.xdist_group("seaweed")


@pytest.fixture
def bucket(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[S3Store]:
    """Return an empty bucket; the environment leads to its server."""
    remote_buckets._bucket.cache_clear()
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    name = seaweed.bucket(f"b{abs(hash(request.node.nodeid)):x}"[:40])
    yield S3Store(name, endpoint=seaweed.endpoint, client_options={"allow_http": True})
    remote_buckets._bucket.cache_clear()


def name_of(bucket: S3Store) -> str:
    return str(bucket.config["bucket"])


def log(artifact: ja.Artifact) -> ja.Artifact:
    with ja.init(project="p", reinit="create_new") as run:
        return run.log_artifact(artifact)


def test_an_object_and_a_folder_of_objects(bucket: S3Store) -> None:
    for key, data in {
        "one.bin": b"1" * 300_000,
        "data/a.txt": b"a",
        "data/sub/b c#?.txt": b"bb",
        "data2/x": b"x",
    }.items():
        obstore.put(bucket, key, data)
    artifact = ja.Artifact("far", type="dataset")
    root = f"s3://{name_of(bucket)}"
    [one] = artifact.add_reference(f"{root}/one.bin")
    assert (one.path, one.size, one.ref) == ("one.bin", 300_000, f"{root}/one.bin")
    found = artifact.add_reference(f"{root}/data", name="under")
    assert [(entry.path, entry.size) for entry in found] == [("under/a.txt", 1), ("under/sub/b c#?.txt", 2)]
    with pytest.raises(ValueError, match="Exceeded 1 objects"):
        artifact.add_reference(f"{root}/data/", max_objects=1)
    with pytest.raises(FileNotFoundError):
        artifact.add_reference(f"{root}/nothing")
    logged = log(artifact)
    assert (logged.file_count, logged.size) == (3, 300_003)
    folder = Path(logged.download("out"))
    assert (folder / "one.bin").read_bytes() == b"1" * 300_000
    assert (folder / "under/sub/b c#?.txt").read_bytes() == b"bb"
    assert logged.read_bytes("under/a.txt") == b"a"
    assert not any(path.is_file() for path in Path(".jupyter_artifacts/blobs").rglob("*"))


def test_an_object_that_changed_is_refused_by_name_and_a_missing_one_as_asked(bucket: S3Store) -> None:
    obstore.put(bucket, "a", b"one")
    obstore.put(bucket, "b", b"two")
    artifact = ja.Artifact("far", type="dataset")
    for key in ("a", "b"):
        artifact.add_reference(f"s3://{name_of(bucket)}/{key}")
    logged = log(artifact)
    assert [dangling(entry.record) for entry in logged.manifest.entries.values()] == ["", ""]
    obstore.put(bucket, "a", b"ONE")
    with pytest.raises(InvalidValueError, match=r"far:v0/a: s3://.* has changed since it was logged"):
        logged.download("out")
    assert not Path("out").exists()
    obstore.put(bucket, "a", b"longer")
    with pytest.raises(InvalidValueError, match="it has 6 bytes, not 3"):
        logged.download("out")
    obstore.delete(bucket, ["a"])
    with pytest.raises(FileNotFoundError, match="allow_missing_references"):
        logged.download("out")
    with pytest.warns(UserWarning, match="not there"):
        logged.download("out", allow_missing_references=True)
    assert [path.name for path in Path("out").iterdir()] == ["b"]
    assert "is not there" in dangling(logged.manifest.entries["a"].record)


def test_the_address_alone_is_kept_without_asking(bucket: S3Store) -> None:
    artifact = ja.Artifact("far", type="dataset")
    [entry] = artifact.add_reference(f"s3://{name_of(bucket)}/later.bin", checksum=False)
    assert entry.size is None
    obstore.put(bucket, "later.bin", b"there now")
    assert log(artifact).read_bytes("later.bin") == b"there now"


def test_wrong_credentials_are_told(bucket: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    obstore.put(bucket, "a", b"one")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    remote_buckets._bucket.cache_clear()
    with pytest.raises(CommError, match="Credentials are taken from the environment") as caught:
        ja.Artifact("far", type="dataset").add_reference(f"s3://{name_of(bucket)}/a")
    assert "wrong" not in str(caught.value)


def test_addresses() -> None:
    assert Address.of("s3://b/k/l#m?n") == Address("s3", "b", "k/l#m?n", "")
    assert Address.of("GS://b/k?versionId=7") == Address("gs", "b", "k", "7")
    assert Address.of("s3://b") == Address("s3", "b", "", "")
    for bad in ("s3://", "s3:///k", "s3://key:secret@b/k"):
        with pytest.raises(InvalidValueError, match="names no bucket"):
            Address.of(bad)
    with pytest.raises(MissingFileError, match="names a bucket"):
        remote_buckets.Buckets().look("s3://b")


def test_without_obstore_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    remote_buckets._bucket.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "obstore"]:
        monkeypatch.setitem(sys.modules, name, None)
    for scheme in ("s3", "gs", "az"):
        with pytest.raises(MissingDependencyError, match=r"pip install 'jupyter_artifacts\[team\]'"):
            ja.Artifact("far", type="dataset").add_reference(f"{scheme}://bucket/x")


def test_the_ways_of_the_other_clouds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_SKIP_SIGNATURE", "true")
    remote_buckets._bucket.cache_clear()
    assert type(remote_buckets._bucket("gs", "bucket", "")).__name__ == "GCSStore"
