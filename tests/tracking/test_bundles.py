"""Bundles through the public names: what one store exports, another imports as it was."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import CorruptError, InvalidValueError, NewerFormatError, NotFoundError
from jupyter_artifacts.store.catalog.sqlite import SqliteDatabase
from jupyter_artifacts.store.catalog.transfers import SqlTransfers
from jupyter_artifacts.store.folder_update import lock_folder
from tests.store import conftest as in_memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.catalog.database import Work
    from jupyter_artifacts.store.records import VersionRecord

FORMS = ["b", "b.jab"]

tmp_path = in_memory.tmp_path


def log(
    name: str, files: dict[str, bytes], *, uses: tuple[str, ...] = (), aliases: str = "", tags: tuple[str, ...] = ()
) -> ja.Artifact:
    with ja.init(project="p", reinit="create_new", store="here", config={"lr": 0.1}) as run:
        for used in uses:
            run.use_artifact(used)
        run.log({"loss": 0.5})
        artifact = ja.Artifact(name, type="dataset", metadata={"nan": float("nan"), "é": [1]})
        for path, data in files.items():
            with artifact.new_file(path, mode="xb") as file:
                file.write(data)
        return run.log_artifact(artifact, aliases=[aliases] if aliases else None, tags=list(tags))


def some_store() -> None:
    """Log small and big files, one version deleted, one made from another."""
    log("raw", {"a/x.txt": b"one", "big.bin": bytes(range(256)) * 2048, "empty": b""}, tags=("clean",))
    doomed = log("raw", {"a/x.txt": b"two"})
    log("raw", {"a/x.txt": b"three", "big.bin": bytes(range(256)) * 2048}, aliases="best")
    doomed.delete(delete_aliases=True)
    log("model", {"weights": b"w" * 300_000}, uses=("raw:best",))


def told(store: str) -> dict[str, object]:
    """Return everything that must be the same in another store."""
    api = ja.Api(overrides={"project": "p"}, store=store)
    facts: dict[str, object] = {}
    for name in ("raw", "model"):
        for version in api.artifacts("dataset", f"p/{name}"):
            maker = version.logged_by()
            assert maker is not None
            record = version.state_of.record  # type: ignore[union-attr]  # it is logged
            facts[version.name] = (
                version.digest,
                sorted(version.aliases),
                version.tags,
                json.dumps(version.metadata),
                version.created_at,
                (maker.id, maker.name, maker.config, maker.summary["loss"], maker.state),
                [run.id for run in version.used_by()],
                {path: version.read_bytes(path) for path in version.manifest.entries},
                [row["loss"] for row in maker.scan_history()],
                (record.files, record.size, record.history_step),
            )
    assert ja.verify(store=store, data=True) == []
    return facts


def inside(bundle: Path) -> dict[str, bytes]:
    if bundle.is_dir():
        return {str(f.relative_to(bundle)): f.read_bytes() for f in bundle.rglob("*") if f.is_file()}
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(bundle: Path, members: dict[str, bytes]) -> Path:
    """Write a bundle with other members."""
    other = bundle.with_name(f"other-{bundle.name}")
    if bundle.is_dir():
        for name, data in members.items():
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            (other / name).write_bytes(data)
    else:
        with zipfile.ZipFile(other, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    return other


@pytest.mark.parametrize("target", FORMS)
def test_another_store_has_the_same(target: str) -> None:
    some_store()
    exported = ja.export(None, target, store="here")
    assert (exported.versions, exported.runs, exported.files) == (3, 4, 6)
    for again in (False, True):
        imported = ja.import_bundle(target, store="there")
        assert [v.label for v in imported.versions] == ["raw:v0", "raw:v2", "model:v0"]
        assert (imported.new_versions, imported.new_runs) == ((0, 0) if again else (3, 4))
        assert told("there") == told("here")
    with pytest.raises(NotFoundError, match="deleted"):
        ja.Api(overrides={"project": "p"}, store="there").artifact("raw:v1")


def test_what_was_logged_later_is_taken_in_later() -> None:
    some_store()
    ja.export(None, "first", store="here")
    ja.import_bundle("first", store="there")
    log("raw", {"a/x.txt": b"four"}, aliases="best")
    ja.export(["raw"], "second.jab", project="p", store="here")
    assert ja.import_bundle("second.jab", store="there").new_versions == 1
    assert told("there") == told("here")


def test_one_version_keeps_its_number_and_the_others_can_follow() -> None:
    some_store()
    assert ja.export("p/raw:best", "one.zip", store="here").versions == 1
    assert [v.label for v in ja.import_bundle("one.zip", store="there").versions] == ["raw:v2"]
    api = ja.Api(overrides={"project": "p"}, store="there")
    assert api.artifact("raw:latest").version == "v2"
    assert ja.verify(store="there", data=True) == []
    ja.export(None, "all", store="here")
    ja.import_bundle("all", store="there")
    assert told("there").keys() == told("here").keys()


def test_a_store_with_versions_of_its_own_renumbers_and_gives_nothing_away() -> None:
    some_store()
    ja.export("p/raw", "b", store="here")
    with ja.init(project="p", store="there") as run:
        own = ja.Artifact("raw", type="dataset")
        with own.new_file("mine") as file:
            file.write("mine")
        run.log_artifact(own, aliases=["best"])
    for _ in range(2):
        imported = ja.import_bundle("b", store="there")
        assert [v.label for v in imported.versions] == ["raw:v1", "raw:v3"]
    api = ja.Api(overrides={"project": "p"}, store="there")
    assert api.artifact("raw:best").version == "v0"
    assert api.artifact("raw:latest").version == "v3"
    assert api.artifact("raw:v3").metadata["imported_from"] == {
        "store": ja.Api(store="here").store.id,
        "version": "p/raw:v2",
    }
    assert ja.verify(store="there", data=True) == []


def test_links_go_with_their_versions() -> None:
    some_store()
    with ja.init(project="p", store="here") as run:
        for name, aliases in (("raw:v2", ["good"]), ("model:v0", [])):
            run.link_artifact(run.use_artifact(name), f"best/{name.partition(':')[0]}s", aliases=aliases)
    ja.export(None, "b", store="here")
    for _ in range(2):
        ja.import_bundle("b", store="there")
    for name in ("here", "there"):
        api = ja.Api(overrides={"project": "p"}, store=name)
        linked = api.artifact("best/raws:good")
        assert (linked.version, linked.source_name, sorted(linked.aliases)) == ("v0", "raw:v2", ["good", "latest"])
        assert api.artifact("best/models:latest").source_name == "model:v0"
    assert told("there") == told("here")


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        ja.export(None, "b", store="nowhere")
    log("raw", {"a": b"1"})
    with pytest.raises(NotFoundError, match="v7"):
        ja.export("p/raw:v7", "b", store="here")
    with pytest.raises(NotFoundError):
        ja.export("p/other", "b", store="here")
    with pytest.raises(NotFoundError, match="empty"):
        ja.export([], "b", store="here")
    Path("b").write_text("mine")
    with pytest.raises(InvalidValueError, match="there already"):
        ja.export(None, "b", store="here")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".ja-")) == []


def test_everything_is_what_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody deletes an artifact, and a run, between their listing and their reading: the rest is exported."""
    some_store()
    spare = log("spare", {"a": b"1"})
    maker = spare.logged_by()
    assert maker is not None
    doomed = [spare.collection.delete, maker.delete]

    def read(self: SqlTransfers, project: str, name: str) -> Sequence[tuple[VersionRecord, str]]:
        if name == "spare":
            while doomed:
                doomed.pop()()
        return versions(self, project, name)

    versions = SqlTransfers.versions
    monkeypatch.setattr(SqlTransfers, "versions", read)
    assert ja.export(None, "b", store="here").versions == 3
    ja.import_bundle("b", store="there")
    assert told("there") == told("here")
    doomed.append(log("spare", {"a": b"2"}).collection.delete)
    with pytest.raises(NotFoundError, match="spare"):
        ja.export("p/spare", "named", store="here")


def test_rotten_bytes_are_not_exported() -> None:
    log("raw", {"big": b"x" * 2_000_000})
    [blob] = [path for path in Path("here/blobs").rglob("*") if path.is_file()]
    blob.chmod(0o644)
    blob.write_bytes(b"y" * 2_000_000)
    with pytest.raises(CorruptError, match="raw:v0/big"):
        ja.export(None, "b", store="here")
    assert not Path("b").exists()
    assert list(Path().glob(".ja-*")) == []


@pytest.mark.parametrize("target", FORMS)
def test_every_single_byte_of_blobs_and_headers_counts(target: str) -> None:
    log("raw", {"small": b"small" * 10, "big": b"x" * 300_000})
    ja.export(None, target, store="here")
    members = inside(Path(target))
    for name in members:
        if name.startswith(("packs/", "blobs/")):
            for at in (0, len(members[name]) // 2, len(members[name]) - 1):
                flipped = bytearray(members[name])
                flipped[at] ^= 1
                bad = rebuilt(Path(target), {**members, name: bytes(flipped)})
                with pytest.raises(CorruptError):
                    ja.import_bundle(bad, store="there")
                if bad.is_dir():
                    shutil.rmtree(bad)
    assert ja.Api(store="there").store.catalog.versions.projects() == ()


EVIL: list[tuple[str, JsonObject]] = [
    ("version", {"name": "../../evil"}),
    ("version", {"name": ""}),
    ("version", {"project": "a/b"}),
    ("version", {"aliases": ["v1"]}),
    ("version", {"aliases": ["a/b"]}),
    ("version", {"tags": ["<script>"]}),
    ("version", {"version": -1}),
    ("version", {"bytes": 1 << 70}),
    ("version", {"files": 99}),
    ("version", {"digest": "b3:" + "0" * 64}),
    ("version", {"root": "b3:" + "0" * 64}),
    ("version", {"root": "sha256:" + "0" * 64}),
    ("version", {"commit": "'; drop table version; --"}),
    ("version", {"run": "nobody"}),
    ("version", {"created_at": 1e300}),
    ("version", {"metadata": {"x": "y" * 2_000_000}}),
    ("version", {"live": "yes"}),
    ("run", {"id": "../x"}),
    ("run", {"state": "odd"}),
    ("run", {"pid": 1 << 80}),
    ("run", {"files": [["../../x", "b3:" + "0" * 64, 1]]}),
    ("run", {"files": [["x", "b3:" + "0" * 64, 1]]}),
    ("history", {"rows": "["}),
    ("history", {"count": 7}),
    ("history", {"run": "nobody"}),
    ("edge", {"run": "nobody"}),
    ("edge", {"commit": "0"}),
    ("edge", {"direction": "up"}),
    ("link", {"commit": "0"}),
    ("link", {"name": "a/b"}),
    ("link", {"aliases": ["v1"]}),
    ("collection", {"name": "a/b"}),
    ("collection", {"kind": "other"}),
]


def test_hostile_lines_are_refused_before_anything_is_written() -> None:
    logged = log("raw", {"small": b"small"})
    logged.link("linked")
    ja.export(None, "b", store="here")
    good = [json.loads(text) for text in Path("b/facts.jsonl").read_text().splitlines()]
    for kind, change in EVIL:
        assert kind in {line["kind"] for line in good}
        bad = [{**line, **change} if line["kind"] == kind else line for line in good]
        Path("b/facts.jsonl").write_text("\n".join(map(json.dumps, bad)))
        with pytest.raises((CorruptError, InvalidValueError)):
            ja.import_bundle("b", store="there")
    assert ja.Api(store="there").store.catalog.versions.projects() == ()
    assert not any(path.is_file() for path in Path("there/packs").rglob("*"))


def test_hostile_text_is_refused() -> None:
    log("raw", {"small": b"small"})
    ja.export(None, "b", store="here")
    good = Path("b/facts.jsonl").read_bytes()
    for bad in (b"[" * 100_000, b'{"kind":"version"}', b"\xff\xfe", b"{}", b"null", good + good):
        Path("b/facts.jsonl").write_bytes(bad)
        with pytest.raises(CorruptError):
            ja.import_bundle("b", store="there")
    Path("b/facts.jsonl").unlink()
    Path("b/facts.jsonl").symlink_to("/etc/passwd")
    with pytest.raises(CorruptError):
        ja.import_bundle("b", store="there")
    shutil.rmtree("b/packs")
    Path("b/packs").symlink_to("/etc")
    with pytest.raises(CorruptError, match="link"):
        ja.import_bundle("b", store="there")


def test_headers_of_others() -> None:
    log("raw", {"small": b"small"})
    ja.export(None, "b", store="here")
    header = json.loads(Path("b/bundle.json").read_text())
    for change, error in (
        ({"form": 99}, NewerFormatError),
        ({"hash": "sha256"}, InvalidValueError),
        ({"kind": "other"}, CorruptError),
        ({"versions": 7}, CorruptError),
    ):
        Path("b/bundle.json").write_text(json.dumps({**header, **change}))
        with pytest.raises(error):
            ja.import_bundle("b", store="there")
    with pytest.raises(FileNotFoundError):
        ja.import_bundle("nowhere", store="there")


def test_a_type_that_differs_here_is_refused_before_anything_is_written() -> None:
    log("raw", {"small": b"small"})
    ja.export(None, "b", store="here")
    with ja.init(project="p", store="there") as run:
        own = ja.Artifact("raw", type="model")
        with own.new_file("mine") as file:
            file.write("mine")
        run.log_artifact(own)
    with pytest.raises(InvalidValueError, match="has the type 'model'"):
        ja.import_bundle("b", store="there")
    assert len(ja.Api(store="there").runs("p")) == 1


@pytest.mark.parametrize("kill_at", [0, 2, 5, 9, 14])
def test_an_import_that_is_cut_short_goes_on(kill_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    some_store()
    ja.export(None, "b", store="here")
    honest, calls = SqliteDatabase.write, 0

    def cut(self: SqliteDatabase) -> AbstractContextManager[Work]:
        nonlocal calls
        calls += 1
        if calls > kill_at:
            raise KeyboardInterrupt
        return honest(self)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteDatabase, "write", cut)
        with contextlib.suppress(KeyboardInterrupt):
            ja.import_bundle("b", store="there")
    ja.import_bundle("b", store="there")
    assert told("there") == told("here")


def test_a_zipped_store_opens_elsewhere() -> None:
    some_store()
    expected = told("here")
    ja.Api(store="here").store.close()
    shutil.make_archive("packed", "zip", "here")
    with zipfile.ZipFile("packed.zip") as archive:
        archive.extractall("moved/to")
    shutil.move("here", "gone")
    assert told("moved/to") == expected


def test_archives_that_are_no_bundles() -> None:
    log("raw", {"small": b"small"})
    ja.export(None, "b.zip", store="here")
    good = Path("b.zip").read_bytes()
    members = inside(Path("b.zip"))

    def archive(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", method) as file:
            for name, data in members.items():
                file.writestr(name, data)
        return whole.getvalue()

    for bad, why in (
        (b"", "cannot be read"),
        (b"PK", "cannot be read"),
        (good[:-1], "cut short"),
        (good[: len(good) // 2], "cut short"),
        (good[100:], "does not lie where|larger than|damaged|cannot be read"),
        (archive(members, zipfile.ZIP_DEFLATED), "compressed"),
        (archive({**members, "../evil": b"x"}), "no bundle does"),
        (archive({**members, "/etc/cron.d/evil": b"x"}), "no bundle does"),
    ):
        Path("bad.zip").write_bytes(bad)
        with pytest.raises(CorruptError, match=why):
            ja.import_bundle("bad.zip", store="there")
    Path("again.zip").write_bytes(archive(members))
    assert ja.import_bundle("again.zip", store="there").new_versions == 1


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    some_store()
    words = (
        "import os,sys,signal;from jupyter_artifacts.store.bundle import exporting;"
        "exporting._write=lambda *_: os.kill(os.getpid(),signal.SIGKILL);"
        "import jupyter_artifacts as ja;ja.export(None,'out/one', store='here')"
    )
    subprocess.run([sys.executable, "-c", words], check=False)
    out = tmp_path / "out"
    [left] = out.iterdir()
    assert left.name.endswith(".export")
    living = lock_folder(str(left))
    ja.export(None, "out/two", store="here")
    assert sorted(path.name for path in out.iterdir()) == sorted([left.name, "two"]), "somebody is at it"
    os.close(living)
    ja.export(None, "out/three", store="here")
    assert sorted(path.name for path in out.iterdir()) == ["three", "two"]
