"""What differs between the services behind one client: Amazon's protocol, Azure's and Google's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.store.location import home_of
from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.store.remote.faults import BucketError

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.location import BucketURL
    from jupyter_artifacts.store.store import Store

AZURE = pytest.param("az", marks=pytest.mark.xdist_group("azurite"))  # one worker starts it

everywhere = pytest.mark.parametrize("service", ["s3", AZURE, "gs"])


@everywhere
def test_an_object_has_one_mark(bucket: BucketURL) -> None:
    """As written, as looked at, as listed: what is relied on is told by comparing them."""
    there = Bucket(bucket)
    marks = {there.put("k/x", b"1")}
    found = there.head("k/x")
    assert found is not None
    marks |= {found.mark, *(one.mark for one in there.listing("k/"))}
    assert len(marks) == 1
    assert there.put("k/x", b"2") not in marks


@everywhere
def test_what_is_gone_is_removed_again(bucket: BucketURL) -> None:
    """Another collector may have been faster; the others go all the same."""
    there = Bucket(bucket)
    keys = [f"k/{number}" for number in range(12)]
    for key in keys[::2]:
        there.put(key, b"1")
    there.delete(keys)
    assert list(there.listing("")) == []
    there.delete(keys)


@everywhere
def test_there_is_one_founder(bucket: BucketURL) -> None:
    there = Bucket(bucket)
    assert [there.create("k", b"1"), there.create("k", b"2")] == [True, False]
    assert there.get("k") == b"1"


@everywhere
def test_ranges(bucket: BucketURL) -> None:
    there = Bucket(bucket)
    there.put("k", b"0123456789")
    wanted = [(2, 4), (8, 20), (10, 12), (50, 60), (3, 3)]  # the last three hold nothing
    assert [bytes(there.get_range("k", *one) or b"") for one in wanted] == [b"23", b"89", b"", b"", b""]
    assert there.get_range("none", 0, 5) is None


@everywhere
def test_a_big_file_is_written_in_parts(bucket: BucketURL, tmp_path: Path) -> None:
    data = os.urandom(17 << 20)
    (tmp_path / "big").write_bytes(data)
    there = Bucket(bucket)
    there.put_file("big", str(tmp_path / "big"), 3)
    found = there.head("big")
    assert found is not None
    assert found.size == len(data)
    for begin, end in (((8 << 20) - 10, (8 << 20) + 10), (16 << 20, 17 << 20)):
        assert bytes(there.get_range("big", begin, end) or b"") == data[begin:end]


@pytest.mark.parametrize("service", [AZURE, "gs"])
def test_there_is_no_such_bucket(bucket: BucketURL) -> None:
    """On S3 a faulty server says it (test_faults.py): this one makes buckets on demand."""
    there = Bucket(bucket._replace(bucket="nobucket"))
    for act in (lambda: there.get("x"), lambda: there.put("x", b"1"), lambda: list(there.listing(""))):
        with pytest.raises(BucketError, match="there is no bucket 'nobucket'"):
            act()


@everywhere
def test_a_store_there(store: Store, tmp_path: Path) -> None:
    """Through the public API: logged, used, downloaded, checked, collected."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "small").write_bytes(b"s" * 1000)
    (tmp_path / "data" / "big").write_bytes(b"b" * 1_000_000)
    with wandb.init(project="p", store=store.location) as run:
        artifact = wandb.Artifact("data", "dataset")
        artifact.add_dir(str(tmp_path / "data"))
        assert run.log_artifact(artifact).version == "v0"
        used = run.use_artifact("data:latest")
        out = tmp_path / "out"
        used.download(str(out))
        assert (out / "big").read_bytes() == b"b" * 1_000_000
    assert store.verify(data=True) == []
    store.catalog.versions.delete(store.catalog.versions.resolve("p", "data", "latest").id)
    assert store.gc(now=True).freed > 1_000_000


@everywhere
def test_two_accounts_have_two_parts_here(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket's name says not everything: the service's address does, or Azure's account."""
    name = {"s3": "AWS_ENDPOINT_URL", "az": "AZURE_STORAGE_ACCOUNT_NAME", "gs": "GOOGLE_BASE_URL"}[service]
    homes = set()
    for value in ("https://one.example", "https://two.example"):
        monkeypatch.setenv(name, value)
        homes.add(home_of(f"{service}://team/x"))
    assert len(homes) == 2
