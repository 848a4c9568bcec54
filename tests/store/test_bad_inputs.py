"""The bad-input catalogue's rows on files (46 to 66) and on the store (86 to 104): which test holds each.

What no other file tests is tested here, through the public names.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.errors import Error, MissingFileError
from jupyter_artifacts.store.local_session import LocalSession
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.stores import read_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_artifacts.store.sources import Source, Taken
    from jupyter_artifacts.tracking.run import Run

HERE = "tests/store/test_bad_inputs.py"
FOLDERS = "tests/conformance/test_1_6_folders.py"
DOWNLOAD = "tests/tracking/artifact/test_download.py"
CHAOS = "tests/chaos/test_chaos.py"

ROWS: dict[int, list[str]] = {
    46: [f"{FOLDERS}::test_what_is_not_a_folder"],
    47: [f"{FOLDERS}::test_an_empty_folder_warns_and_adds_nothing"],
    48: [f"{HERE}::test_a_file_of_no_bytes"],
    49: [f"{FOLDERS}::test_what_may_not_be_read_is_refused"],
    50: [f"{FOLDERS}::test_what_may_not_be_read_is_refused", f"{CHAOS}::test_bad_input"],
    51: [f"{FOLDERS}::test_special_files_are_refused_at_once"],
    52: [f"{FOLDERS}::test_links_inside_the_folder_are_stored_as_their_content"],
    53: [f"{FOLDERS}::test_ours_a_link_out_of_the_folder_is_refused_unless_asked_for"],
    54: [f"{FOLDERS}::test_links_that_dangle_or_go_round"],
    55: [
        "tests/store/test_copying.py::test_a_file_that_keeps_changing_is_refused_by_name",
        f"{CHAOS}::test_a_file_that_changes_meanwhile",
    ],
    56: [
        f"{HERE}::test_a_file_that_goes_between_looking_and_reading",
        f"{HERE}::test_a_file_that_is_cut_between_looking_and_reading",
    ],
    57: [f"{HERE}::test_ten_times_the_files_take_little_more_memory"],
    58: [f"{HERE}::test_a_big_sparse_file_is_streamed"],
    59: [f"{FOLDERS}::test_a_name_that_is_not_utf8_is_refused_by_its_bytes"],
    60: [f"{FOLDERS}::test_a_name_with_a_newline_round_trips"],
    61: [
        f"{HERE}::test_names_that_some_disks_take_for_one",
        f"{DOWNLOAD}::test_names_that_are_one_on_this_disk_are_refused_before_anything_is_written",
    ],
    62: [f"{HERE}::test_the_longest_name_and_a_deep_path"],
    63: [f"{HERE}::test_empty_folders_and_modes_are_dropped_and_hard_links_are_files"],
    64: [f"{HERE}::test_hidden_files_are_files", f"{FOLDERS}::test_excluding_a_folder"],
    65: [f"{FOLDERS}::test_the_store_inside_the_folder_is_skipped_with_a_warning"],
    66: [f"{DOWNLOAD}::test_a_full_disk_leaves_what_was_there_and_no_part"],
    86: [
        f"{CHAOS}::test_a_read_only_mount",
        "tests/store/test_sqlite.py::test_reading_works_and_writing_says_why_not",
    ],
    87: [f"{CHAOS}::test_a_full_disk", "tests/store/test_sqlite.py::test_a_full_disk_while_committing"],
    88: [
        "tests/store/test_sqlite.py::test_a_program_that_does_not_let_go_is_named",
        "tests/store/test_sqlite.py::test_one_of_ours_that_does_not_let_go_is_named",
        "tests/store/test_locks.py::test_waiting_is_told_once_and_given_up",
    ],
    89: [
        "tests/store/test_layout.py::test_a_newer_store_is_refused_with_the_right_advice",
        "tests/store/test_migrations.py::test_a_newer_form_is_refused_with_the_right_advice",
    ],
    90: [
        "tests/store/test_migrations.py::test_a_step_is_taken_once_after_a_backup",
        "tests/store/test_migrations.py::test_a_step_that_fails_leaves_the_old_form",
        f"{HERE}::test_a_migration_that_is_killed_leaves_the_old_form_or_the_new",
    ],
    91: [
        f"{CHAOS}::test_a_damaged_catalog",
        "tests/store/test_sqlite.py::test_a_damaged_file_raises_with_the_way_out",
        "tests/store/test_sqlite.py::test_any_damaged_page_is_never_silent",
    ],
    92: [
        f"{CHAOS}::test_rotten_blobs",
        "tests/store/test_store.py::test_rot_is_named_by_artifact_path_and_digest_and_heals",
    ],
    93: [f"{CHAOS}::test_wrong_clocks"],
    94: [f"{CHAOS}::test_kill_9", "tests/store/test_machine.py::kill"],
    95: [f"{CHAOS}::test_a_power_cut", f"{CHAOS}::test_blobs_and_their_folders_are_flushed_before_the_ack"],
    96: [f"{CHAOS}::test_many_at_once", "tests/store/test_durable.py::test_four_processes_one_name"],
    97: [
        "tests/store/test_sqlite.py::test_a_child_reconnects",
        "tests/store/test_sqlite.py::test_children_and_parent_write_at_once",
        "tests/store/test_local_blobs.py::test_a_session_does_not_outlive_a_fork",
        "tests/tracking/test_session.py::test_rows_and_versions_from_many_threads",
    ],
    98: [
        "tests/store/test_networks.py::test_kinds_that_machines_share",
        "tests/store/test_networks.py::test_a_store_there_has_no_log_beside_it",
        "tests/store/test_networks.py::test_readers_and_writers_there_go_on_side_by_side",
    ],
    99: [f"{HERE}::test_a_store_at_a_difficult_path"],
    100: [
        f"{HERE}::test_a_store_that_was_moved_away_stays_away",
        "tests/store/test_sqlite.py::test_a_deleted_store_is_not_replaced",
    ],
    101: [
        "tests/store/test_location.py::test_found_is_refused_with_two_ways_out",
        "tests/store/test_location.py::test_allowed_by_the_variable",
    ],
    102: [
        "tests/store/test_gc.py::test_bytes_that_are_not_published_yet_stay",
        "tests/store/test_gc.py::test_a_draft_keeps_what_it_relies_on_through_any_collection",
        "tests/store/test_gc_model.py::test_with_all_rules_nothing_is_lost_and_nobody_has_to_write_again",
    ],
    103: [
        "tests/store/test_gc.py::test_what_a_killed_writer_left_is_removed",
        "tests/store/test_local_blobs.py::test_a_dead_session_is_swept_at_the_next_opening",
    ],
    104: [
        "tests/store/test_postgres.py::test_a_restart_in_the_commit",
        "tests/store/test_postgres.py::test_restarts_at_any_moment",
        "tests/store/remote/test_faults.py::test_writing_in_parts",
        "tests/store/remote/test_faults.py::test_reading",
        "tests/store/remote/test_faults.py::test_answers",
        "tests/store/remote/test_faults.py::test_a_wrong_secret",
        "tests/tracking/artifact/test_remote_buckets.py::test_wrong_credentials_are_told",
    ],
}
"""Tests by row: path and function."""


@functools.cache
def functions(path: Path) -> frozenset[str]:
    """Return the functions and methods of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_its_test(row: int, repository: Path) -> None:
    for name in ROWS[row]:
        path, _, function = name.partition("::")
        assert function in functions(repository / path), f"row {row}: {path} has no {function} any more"


def test_no_row_is_left_out() -> None:
    assert set(ROWS) == {*range(46, 67), *range(86, 105)}


# ---------------------------------------------------------------- through the public names


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Return a run with a store of its own."""
    with wandb.init(project="p", store=tmp_path / "store", reinit="create_new") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder to be logged."""
    made = tmp_path / "source"
    made.mkdir()
    return made


def put(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Write files; return them."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return files


def logged(run: Run, folder: Path, name: str = "data") -> wandb.Artifact:
    """Log a folder."""
    artifact = wandb.Artifact(name, type="dataset")
    artifact.add_dir(str(folder))
    return run.log_artifact(artifact)


def brought_back(artifact: wandb.Artifact, target: Path) -> dict[str, bytes]:
    """Download a version and return its files."""
    root = Path(artifact.download(root=str(target)))
    return {os.path.relpath(path, root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_file_of_no_bytes(run: Run, folder: Path, tmp_path: Path) -> None:
    files = put(folder, {"empty": b"", "other/empty": b""})
    artifact = logged(run, folder)
    assert artifact.size == 0
    assert brought_back(artifact, tmp_path / "back") == files


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Return a way to do something after a folder was looked at and before its files are read."""
    real = LocalSession.put_files

    def arrange(change: Callable[[], object]) -> None:
        def later(self: LocalSession, sources: Sequence[Source]) -> list[Taken]:
            change()
            return real(self, sources)

        monkeypatch.setattr(LocalSession, "put_files", later)

    return arrange


@pytest.mark.parametrize("size", [5_000, 400_000])
def test_a_file_that_goes_between_looking_and_reading(
    run: Run, folder: Path, between: Callable[[Callable[[], object]], None], size: int
) -> None:
    put(folder, {"a": b"a" * size, "gone": b"b" * size, "z": b"c" * size})
    between((folder / "gone").unlink)
    artifact = wandb.Artifact("data", type="dataset")
    with pytest.raises(MissingFileError, match="gone"):
        artifact.add_dir(str(folder))
    assert len(artifact.manifest.entries) == 0
    assert not wandb.Api(store=folder.parent / "store").artifact_collection_exists("p/data", "dataset")
    assert run.id


@pytest.mark.parametrize("size", [5_000, 400_000])
def test_a_file_that_is_cut_between_looking_and_reading(
    run: Run, folder: Path, tmp_path: Path, between: Callable[[Callable[[], object]], None], size: int
) -> None:
    files = put(folder, {"a": b"a" * size, "cut": b"b" * size, "z": b"c" * size})
    between(lambda: os.truncate(folder / "cut", size // 2))
    assert brought_back(logged(run, folder), tmp_path / "back") == {**files, "cut": b"b" * (size // 2)}


MEASURE = """
    import os, resource, sys
    import jupyter_artifacts as wandb
    folder, store = sys.argv[1:]
    def logged(name):
        with wandb.init(project="p", store=store, reinit="create_new") as run:
            artifact = wandb.Artifact("data", type="dataset")
            artifact.add_dir(os.path.join(folder, name))
            return run.log_artifact(artifact)
    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    logged("small")
    before = peak()
    logged("large")
    print(peak() - before)
"""


def growth(folder: Path, store: Path, repository: Path) -> int:
    """Return by how many bytes logging the folder `large` after `small` made a process grow."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), str(folder), str(store)],
        env={**os.environ, "PYTHONPATH": str(repository), "JUPYTER_ARTIFACTS_SILENT": "true"},
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1])


def test_ten_times_the_files_take_little_more_memory(folder: Path, tmp_path: Path, repository: Path) -> None:
    for name, count in (("small", 500), ("large", 5000)):
        put(folder / name, {f"{number % 50}/{number}": b"%d" % number for number in range(count)})
    # An entry of the manifest, its digest and path, what was read at once: a little over a kilobyte a file.
    grew = growth(folder, tmp_path / "store", repository)
    assert grew < 5000 * 4096


def test_a_big_sparse_file_is_streamed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, repository: Path
) -> None:
    folder = tmp_path_factory.mktemp("sparse")
    for name, size in (("small", 1 << 20), ("large", 96 << 20)):
        (folder / name).mkdir()
        with (folder / name / "file").open("wb") as out:
            out.truncate(size)
    grew = growth(folder, tmp_path / "store", repository)
    assert grew < 32 << 20


def test_names_that_some_disks_take_for_one(run: Run, folder: Path, tmp_path: Path) -> None:
    files = put(folder, {"\u00e9": b"one letter", "e\u0301": b"a letter and an accent", "A": b"1", "a": b"2"})
    assert brought_back(logged(run, folder), tmp_path / "back") == files


def test_the_longest_name_and_a_deep_path(run: Run, folder: Path, tmp_path: Path) -> None:
    files = put(folder, {"n" * 255: b"long", "/".join(["d" * 100] * 20) + "/f": b"deep"})
    assert brought_back(logged(run, folder), tmp_path / "back") == files


def test_empty_folders_and_modes_are_dropped_and_hard_links_are_files(run: Run, folder: Path, tmp_path: Path) -> None:
    files = put(folder, {"run.sh": b"echo", "sub/data": b"data"})
    (folder / "run.sh").chmod(0o755)
    (folder / "empty" / "below").mkdir(parents=True)
    os.link(folder / "sub/data", folder / "linked")
    back = tmp_path / "back"
    assert brought_back(logged(run, folder), back) == {**files, "linked": b"data"}
    assert not (back / "empty").exists()
    assert not os.access(back / "run.sh", os.X_OK)
    assert (back / "linked").stat().st_nlink == 1


def test_hidden_files_are_files(run: Run, folder: Path, tmp_path: Path) -> None:
    names = [".hidden", ".git/config", ".git/objects/00/11", ".dvcignore", ".gitignore", "__pycache__/x.pyc"]
    files = put(folder, {name: name.encode() for name in names})
    assert brought_back(logged(run, folder), tmp_path / "back") == files


@pytest.mark.parametrize("name", ["with blank", "50%25 #1 ?x=1&y", "data:v0 'q\"", "\u00e9\u4e2d\U0001f600", "n" * 200])
def test_a_store_at_a_difficult_path(tmp_path: Path, folder: Path, name: str) -> None:
    files = put(folder, {"f": b"bytes", "big": b"b" * 300_000})
    store = tmp_path / name / "store"
    with wandb.init(project="p", store=store, reinit="create_new") as run:
        logged(run, folder)
    assert wandb.verify(store=store, data=True) == []
    version = wandb.Api(store=store).artifact("p/data:latest")
    assert brought_back(version, tmp_path / "back") == files
    assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["store"]


def test_a_store_that_was_moved_away_stays_away(tmp_path: Path, folder: Path) -> None:
    put(folder, {"f": b"bytes"})
    store, moved = tmp_path / "store", tmp_path / "moved"
    run = wandb.init(project="p", store=store, reinit="create_new")
    logged(run, folder)
    store.rename(moved)
    put(folder, {"f": b"others"})
    with pytest.raises(Error, match="store"):
        logged(run, folder)
    assert not store.exists()
    moved.rename(store)
    assert logged(run, folder).version == "v1"
    run.finish()


def in_a_child(work: Callable[[], object], moment: float | None = None) -> float:
    """Do something in a forked child, killed after `moment` seconds; return how long it lived."""
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests, since Python 3.12
        child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    if moment is not None:
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - began


def form_of(root: Path) -> str:
    """Return the form that a catalog says it has."""
    with contextlib.closing(sqlite3.connect(root / "catalog.db")) as connection:
        form: str = connection.execute("SELECT value FROM store_meta WHERE key='form'").fetchone()[0]
    return form


def test_a_migration_that_is_killed_leaves_the_old_form_or_the_new(tmp_path: Path) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "formats" / "form1.zip") as archive:
        archive.extractall(tmp_path / "first")
    shutil.copytree(tmp_path / "first", tmp_path / "whole")
    takes = in_a_child(lambda: open_store(tmp_path / "whole").close())
    forms = set()
    for kill in range(8):
        root = tmp_path / f"killed-{kill}"
        shutil.copytree(tmp_path / "first", root)
        in_a_child(functools.partial(open_store, root), takes * (kill + 1) / 8)
        forms.add(form_of(root))
        with open_store(root) as store:
            assert store.verify(data=True) == []
            raw = store.catalog.versions.resolve("old", "raw", "gold")
            assert read_files(store, raw)["small.txt"] == b"hello\n"
    both = {form_of(tmp_path / "first"), form_of(tmp_path / "whole")}
    assert len(both) == 2
    assert forms <= both
