"""Files on their way out of a store: all of them or none, never through a link, nothing wrong."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import CorruptError, UnsafePathError, UsageError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import copying_out, folding, standing, stat_cache
from jupyter_artifacts.store.folder_update import FolderUpdate, is_left_behind
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.materialise import Wanted, write_blobs
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.packs import Packed, parse
from jupyter_artifacts.store.records import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest, Hasher
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.store.materialise import Link
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Facts
    from jupyter_artifacts.store.stat_cache import Tree
    from jupyter_artifacts.store.store import Store

BIG = bytes(range(256)) * 8192


def put(store: Store, files: dict[str, bytes]) -> list[Wanted]:
    """Store files' bytes; return what to ask for."""
    session = store.session()
    for data in files.values():
        session.put_bytes(data)
    session.checkpoint()
    session.close()
    return [Wanted(path, digest_of(data, store.algorithm), len(data)) for path, data in files.items()]


def bring(store: Store, wanted: Sequence[Wanted], root: Path, link: Link = "") -> list[str]:
    """Bring files to a folder as a download does; return the paths that were written."""
    with FolderUpdate(str(root), "data:v0") as update:
        left = standing.missing(store, update, wanted)
        write_blobs(store, update, left, "data:v0", link=link)
        update.commit()
    return [one.path for one in left]


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def stored(store: Store, data: bytes) -> Stored:
    return store.places([digest_of(data, store.algorithm)])[digest_of(data, store.algorithm)]


def file_of(store: Store, data: bytes) -> tuple[Path, int]:
    """Return the file that holds a blob's bytes, and where in it they begin."""
    assert isinstance(store.blobs, LocalBlobs)
    blob = stored(store, data)
    place = parse(blob.place)
    if isinstance(place, Packed):
        return Path(store.root, "packs", f"{place.pack}.pack"), place.offset
    return Path(store.root, "blobs", *store.blobs.file_name(blob.digest, place)), 0


def rot(store: Store, data: bytes) -> None:
    path, offset = file_of(store, data)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(offset + len(data) // 2)
        [byte] = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b/c", "b/d/e", "é/ü", "x y"]), st.binary(max_size=50) | st.just(BIG), max_size=5
    ),
    st.sampled_from(["", "hard"]),
)
def test_whatever_is_asked_for_is_there(files: dict[str, bytes], link: Link) -> None:
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a disk in memory
    with TemporaryDirectory(dir=memory) as folder, open_store(Path(folder, "store")) as store:
        wanted = put(store, files)
        root = Path(folder, "out")
        assert sorted(bring(store, wanted, root, link)) == sorted(files)
        assert tree(root) == files
        before = {path: path.stat().st_ino for path in root.rglob("*")}
        assert bring(store, wanted, root, link) == []
        assert {path: path.stat().st_ino for path in root.rglob("*")} == before
        assert sorted(path.name for path in Path(folder).iterdir()) == ["out", "store"]


def test_only_what_differs_is_written(store: Store, tmp_path: Path) -> None:
    files = {f"d{n % 3}/f{n}": bytes([n]) * 100 for n in range(150)}
    wanted = put(store, files)
    root = tmp_path / "out"
    bring(store, wanted, root)
    (root / "d0/f0").write_bytes(b"x" * 100)
    (root / "d1/f1").unlink()
    (root / "d2/f2").write_bytes(b"short")
    (root / "d2/mine").write_bytes(b"mine")
    assert sorted(bring(store, wanted, root)) == ["d0/f0", "d1/f1", "d2/f2"]
    assert tree(root) == {**files, "d2/mine": b"mine"}


def test_what_was_hashed_is_not_hashed_again_until_it_changes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"f{n}": bytes([n]) * 100 for n in range(150)}
    wanted = put(store, files)
    root = tmp_path / "out"
    bring(store, wanted, root)
    monkeypatch.setattr(standing, "at_rest", at_rest_at_once)
    read: list[int] = []

    def counted(fd: int, h: Hasher, size: int) -> int:
        read.append(size)
        return copying_out.read_hashed(fd, h, size)

    monkeypatch.setattr(standing, "read_hashed", counted)
    assert bring(store, wanted, root) == []
    assert len(read) == 150
    assert bring(store, wanted, root) == []
    assert len(read) == 150
    times = (root / "f7").stat()
    (root / "f7").write_bytes(b"x" * 100)
    os.utime(root / "f7", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert bring(store, wanted, root) == ["f7"]
    assert tree(root) == files


def at_rest_at_once(files: Mapping[str, Facts], entries: Iterable[Entry], scanned_ns: int, rest_ns: int) -> Tree:
    """Believe what files say of themselves, however young they are."""
    del rest_ns
    return stat_cache.at_rest(files, entries, scanned_ns, rest_ns=0)


@pytest.mark.parametrize("data", [b"small" * 10, BIG], ids=["packed", "loose"])
def test_rotten_bytes_change_nothing(store: Store, tmp_path: Path, data: bytes) -> None:
    wanted = put(store, {"good": b"good", "bad": data})
    rot(store, data)
    fresh, there = tmp_path / "fresh", tmp_path / "there"
    there.mkdir()
    (there / "good").write_bytes(b"old")
    for root in (fresh, there):
        with pytest.raises(CorruptError, match=r"data:v0/bad \((b3|sha256):[0-9a-f]{64}\)"):
            bring(store, wanted, root)
    assert not fresh.exists()
    assert tree(there) == {"good": b"old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "there"]
    assert bring(store, wanted[:1], there) == ["good"]
    put(store, {"bad": data})
    bring(store, wanted, fresh)
    assert tree(fresh) == {"good": b"good", "bad": data}


def test_a_blob_that_moved_is_found_where_it_is_now(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"a": b"a" * 100, "b": BIG})
    for data in (b"a" * 100, BIG):
        path, _ = file_of(store, data)
        path.unlink()
    honest = store.places

    def late(digests: Sequence[Digest]) -> dict[Digest, Stored]:
        found = dict(honest(digests))
        put(store, {"a": b"a" * 100, "b": BIG})
        return found

    store.places = late  # type: ignore[method-assign,assignment]  # repacked between the look and the reading
    bring(store, wanted, tmp_path / "out")
    assert tree(tmp_path / "out") == {"a": b"a" * 100, "b": BIG}


def test_places_that_are_none_are_told(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"a": b"a" * 100})
    blob = stored(store, b"a" * 100)
    for place in ("../../etc/passwd", f"{'0' * 20}@5", f"{'0' * 20}@99999999999999999", "x@1", ""):
        store.catalog.blobs.replace([type(blob)(blob.digest, blob.size, Place(place))])
        with pytest.raises(CorruptError, match="data:v0/a"):
            bring(store, wanted, tmp_path / "out")
    unknown = Wanted("u", digest_of(b"unknown", store.algorithm), 7)
    with pytest.raises(CorruptError, match="data:v0/u: the catalog does not know"):
        bring(store, [unknown], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_links_in_the_way_are_replaced_never_followed(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"a": b"new", "sub/b": b"new", "sub/deep/c": b"new"})
    outside, root = tmp_path / "outside", tmp_path / "out"
    (outside / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (outside / name).write_bytes(b"new" if name == "b" else b"mine")
    root.mkdir()
    (root / "a").symlink_to(outside / "a")
    (root / "sub").symlink_to(outside)
    bring(store, wanted, root)
    assert tree(root) == {"a": b"new", "sub/b": b"new", "sub/deep/c": b"new"}
    assert not any(path.is_symlink() for path in root.rglob("*"))
    assert tree(outside) == {"a": b"mine", "b": b"new", "deep/c": b"mine"}
    home = tmp_path / "home"
    home.symlink_to(root)
    assert bring(store, wanted, home) == []
    assert home.is_symlink()


def test_hard_links_are_read_only_names_of_sound_blobs(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"small": b"small", "big": BIG})
    root = tmp_path / "out"
    bring(store, wanted, root, "hard")
    blob, _ = file_of(store, BIG)
    assert (root / "big").stat().st_ino == blob.stat().st_ino
    assert (root / "small").stat().st_nlink == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.iterdir()} == {0o444}
    assert tree(root) == {"small": b"small", "big": BIG}
    rot(store, BIG)
    with pytest.raises(CorruptError, match="data:v0/big"):
        bring(store, wanted, tmp_path / "again", "hard")
    assert not (tmp_path / "again").exists()


def test_where_links_cannot_be_made_files_are_copied(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = put(store, {"big": BIG})

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    bring(store, wanted, tmp_path / "out", "hard")
    assert (tmp_path / "out/big").stat().st_nlink == 1
    assert stat.S_IMODE((tmp_path / "out/big").stat().st_mode) == 0o444
    assert tree(tmp_path / "out") == {"big": BIG}


def test_a_clone_is_verified_too(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = put(store, {"big": BIG})
    content = BIG

    def clone(_source: int, target: int) -> bool:
        os.pwrite(target, content, 0)
        return True

    monkeypatch.setattr(copying_out, "clone", clone)
    bring(store, wanted, tmp_path / "out")
    assert tree(tmp_path / "out") == {"big": BIG}
    content = BIG[:-1] + b"x"
    shutil.rmtree(tmp_path / "out")
    bring(store, wanted, tmp_path / "out")  # what was cloned is refused, what is copied by the reader is right
    assert tree(tmp_path / "out") == {"big": BIG}


def test_a_folder_in_a_files_place_is_refused_first(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"a": b"1", "b/c": b"2"})
    root = tmp_path / "out"
    (root / "a").mkdir(parents=True)
    with pytest.raises(UsageError, match="is a folder where data:v0 has a file"):
        bring(store, wanted, root)
    (root / "a").rmdir()
    (root / "b").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is a file where data:v0 has a folder"):
        bring(store, wanted, root)
    assert tree(root) == {"b": b"mine"}
    with pytest.raises(UsageError, match="is a file where"):
        bring(store, wanted, root / "b")


def left_behind(root: Path, files: dict[str, bytes]) -> Path:
    """Leave what a download into `root` leaves that is killed when it has written these files."""
    words = (
        "import os,sys,signal;from jupyter_artifacts.store.folder_update import FolderUpdate;"
        "u=FolderUpdate(sys.argv[1],'x');print(u.aside,flush=True);os.kill(os.getpid(),signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", words, str(root)], check=False, capture_output=True, text=True)
    aside = Path(done.stdout.strip())
    for path, data in files.items():
        (aside / path).parent.mkdir(parents=True, exist_ok=True)
        (aside / path).write_bytes(data)
    return aside


@pytest.mark.parametrize("there", [False, True])
def test_a_download_that_was_killed_goes_on_with_what_is_right(store: Store, tmp_path: Path, there: bool) -> None:
    files = {"a": b"1" * 5000, "d/b": b"2" * 5000, "d/c": BIG, "d/e/f": b"3"}
    wanted, root = put(store, files), tmp_path / "out"
    if there:
        root.mkdir()
    rest = {"d/b": b"2" * 4999 + b"x", "stranger": b"s", "q/other": b"o", "d/e/f/g": b"a folder in its place"}
    aside = left_behind(root, {"a": files["a"], "d/c": BIG, **rest})
    (aside / "link").symlink_to(tmp_path)
    (aside / "d" / "linked").symlink_to(tmp_path, target_is_directory=True)
    kept = (aside / "a").stat().st_ino, (aside / "d" / "c").stat().st_ino
    reported: list[int] = []
    with FolderUpdate(str(root), "data:v0") as update:
        left = standing.missing(store, update, wanted)
        write_blobs(store, update, left, "data:v0", report=lambda count, _: reported.append(count))
        update.commit()
    assert tree(root) == files
    assert sorted(path.name for path in root.iterdir()) == ["a", "d"]
    assert ((root / "a").stat().st_ino, (root / "d" / "c").stat().st_ino) == kept
    assert sum(reported) == len(files)
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []


def test_what_was_left_is_not_taken_for_another_folders_files(store: Store, tmp_path: Path) -> None:
    """Names of the store's own files never become the user's, and nothing comes in that was not asked for."""
    wanted, root = put(store, {"a": BIG, "b": b"b"}), tmp_path / "out"
    aside = left_behind(root, {"b": b"b"})
    own, _ = file_of(store, BIG)
    os.link(own, aside / "a")
    (aside / "b").chmod(0o444)
    bring(store, wanted, root)
    assert tree(root) == {"a": BIG, "b": b"b"}
    assert not (root / "a").samefile(own)
    assert (root / "b").stat().st_mode & 0o200
    left_behind(root, {"c": b"c"})
    with FolderUpdate(str(root), "data:v0") as update:
        assert update.aside
        assert update.inherited
        update.commit()
    assert tree(root) == {"a": BIG, "b": b"b"}


def test_what_a_kill_left_is_removed_and_what_is_in_use_stays(store: Store, tmp_path: Path) -> None:
    wanted = put(store, {"a": b"1"})
    words = (
        "import os,sys,signal;from jupyter_artifacts.store.folder_update import FolderUpdate;"
        "u=FolderUpdate(sys.argv[1],'x');open(u.place('left'),'w').close();os.kill(os.getpid(),signal.SIGKILL)"
    )
    root = tmp_path / "out"
    for folder in (root, tmp_path / "new"):
        subprocess.run([sys.executable, "-c", words, str(folder)], check=False)
    root.mkdir()
    subprocess.run([sys.executable, "-c", words, str(root)], check=False)
    [left] = root.iterdir()
    assert is_left_behind(f"{left.name}/left")
    assert not is_left_behind("a/.ja-1.part")
    with FolderUpdate(str(root), "another") as living:
        living.place("in use")
        assert len(list(root.iterdir())) == 1
        bring(store, wanted, root)
        bring(store, wanted, tmp_path / "new")
        assert {path.name for path in root.iterdir()} == {"a", Path(living.aside).name}
    assert [path.name for path in root.iterdir()] == ["a"]
    assert {path.name for path in tmp_path.iterdir()} == {"store", "out", "new"}


def test_names_that_are_one_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twins = [["A", "a"], ["d/Readme", "d/readme"], ["Straße/x", "STRASSE/x"], ["\u00e9", "e\u0301"], ["A", "a/b"]]
    folding.refuse_folding(lambda: str(tmp_path), [path for pair in twins[:4] for path in pair], "data:v0")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(folding, "_folds", lambda *_: True)
    for pair in twins:
        with pytest.raises(UnsafePathError, match="which are one file on this disk"):
            folding.refuse_folding(lambda: str(tmp_path), ["other", *pair], "data:v0")
    folding.refuse_folding(lambda: pytest.fail("nothing to ask"), ["a", "b", "c/a", "c/b"], "data:v0")


def test_the_second_of_two_writers_merges(store: Store, tmp_path: Path) -> None:
    first, second = put(store, {"a": b"1", "sub/b": b"2"}), put(store, {"a": b"3", "sub/c": b"4"})
    root = tmp_path / "out"
    with FolderUpdate(str(root), "data:v0") as update:
        write_blobs(store, update, first, "data:v0")
        bring(store, second, root)
        update.commit()
    assert tree(root) == {"a": b"1", "sub/b": b"2", "sub/c": b"4"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "store"]
