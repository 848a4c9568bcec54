"""The harness in its short form: our own store must come through clean, and a store with a bug must not.

`python -m tests.chaos.run` runs any scenario in full, on any adapter; `CHAOS_SEED` sets the seed here.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chaos import jobs, summary
from tests.chaos.scenarios import run
from tests.chaos.strace import missing
from tests.chaos.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = int(os.environ.get("CHAOS_SEED", "20261123"))

MEMORY, ROOM = Path("/dev/shm"), 2 << 30
"""A disk in memory, and what the scenarios together take of it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("chaos")]

needs_mount = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to mount small and read-only disks"
)
needs_strace = pytest.mark.skipif(missing() is not None, reason="needs strace")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Start the process that runs our adapter: in memory where there is room, `make chaos` is for disks."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    root = Path(tempfile.mkdtemp(prefix="chaos-", dir=MEMORY)) if roomy else tmp_path_factory.mktemp("chaos")
    root.chmod(0o755)
    started = Target(sys.executable, "jupyter_artifacts", root)
    yield started
    started.close()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Target]:
    """Start the reference store with one of its bugs switched on."""
    monkeypatch.setenv("CHAOS_BUG", request.param)
    started = Target(sys.executable, "refcas", tmp_path)
    yield started
    started.close()


def clean(name: str, found: dict[str, Any]) -> None:
    """Check that no column of harm is filled."""
    assert summary.harm({name: found}) == {}, found.get("examples", found)


def test_kill_9(target: Target) -> None:
    found = run(target, "kill9", n=9, seed=SEED, every_new_store=3)
    clean("kill9", found)
    assert found["kills"] == 9
    assert found["in_flight"] >= 3, "the kills came at uninteresting moments"
    assert found["leftover_bytes"] == 0


def test_rotten_blobs(target: Target) -> None:
    found = run(target, "bitflip", seed=SEED, kinds=("bitflip-keep-mtime", "truncate", "delete"))
    assert len(found) == 6
    for how, said in found.items():
        assert said["use"].startswith("error CorruptError"), how
        assert said["verify"] == "reports", how
        assert said["after_relog"] == {"v0": "ok"}, how


def test_a_damaged_catalog(target: Target) -> None:
    found = run(target, "catalog", seed=SEED, rounds=6)
    assert sum(found["tally"].values()) == 6
    told = ("error on open/list: CatalogDamagedError", "reads fine, verify reports", "no effect seen")
    assert [what for what in found["tally"] if not what.endswith(told)] == []
    assert any("CatalogDamagedError" in what for what in found["tally"])


def test_any_file_damaged(target: Target) -> None:
    found = run(target, "anyfile", seed=SEED, states=("killed",), every=48)
    clean("anyfile", found)
    assert found["cases"] >= 3
    assert found["noticed"] + found["refused_to_open"] + found["went_on"] >= 3


def test_collecting_beside_logging(target: Target) -> None:
    found = run(target, "collecting", kills=10, seed=SEED)
    clean("collecting", found)
    assert found["leftover_bytes"] == 0
    assert min(found["acked"], found["deleted"], found["collections"]) >= 3, "they hardly met"
    assert found["bytes_collected"] > 0


def test_many_at_once(target: Target) -> None:
    found = run(target, "concurrent", procs=4, each=4, seed=SEED)
    clean("concurrent", found)
    for kind, said in found.items():
        assert said["acked"] == said["asked"] == 16
        assert said["verify"] == []
        # Equal content is one version, by law; different content never shares one.
        assert (said["shared_ids"], said["listed"]) == ((15, 1) if kind == "same" else (0, 16))


def test_a_file_that_changes_meanwhile(target: Target) -> None:
    found = run(target, "mutate", seconds=2)
    clean("mutate", found)
    assert found["acked"] + found["refused"] >= 3
    assert found["verify"] == []
    assert all("FileChangedError" in text for text in found["refused_as"])


def test_ctrl_c(target: Target) -> None:
    found = run(target, "sigint", n=5, seed=SEED)
    clean("sigint", found)
    assert found["keyboardinterrupt"] == found["sent"] == 5
    assert found["other"] == {}


def test_wrong_clocks(target: Target) -> None:
    assert set(run(target, "clock", seed=SEED).values()) == {"ok"}


@needs_mount
def test_a_read_only_mount(target: Target) -> None:
    found = run(target, "readonly", seed=SEED)
    assert (found["open_list"], found["use"], found["verify"]) == ("ok", "ok", "[]")
    assert found["log"].startswith("ReadOnlyStoreError")


@needs_mount
def test_a_full_disk(target: Target) -> None:
    found = run(target, "diskfull", megabytes=10, seed=SEED, tries=4)
    clean("diskfull", {**found, "errors": 0})
    assert found["acked"] > 0
    assert set(found["error_kinds"]) == {"StoreFullError (OSError)"}
    assert found["recovers_after_space_freed"]


@needs_mount
def test_a_power_cut(target: Target) -> None:
    found = run(target, "powercut", rounds=2, seed=SEED, megabytes=64)
    clean("powercut", found)
    assert found["rounds"] == 2
    assert found["acked"] == 8


@needs_strace
def test_blobs_and_their_folders_are_flushed_before_the_ack(target: Target) -> None:
    found = run(target, "fsync_order", seed=SEED)
    assert found["blobs"] == found["flushed"] == found["folder_flushed"] > 0


@needs_strace
def test_calls_that_fail(target: Target) -> None:
    found = run(target, "sweep", seed=SEED, errors=("EIO",), most=1, only=("fdatasync", "rename", "pwrite64"))
    clean("sweep", found)
    assert found["fired"] >= 5
    assert all(found["calls"][name]["EIO"]["fired"] for name in ("fdatasync", "pwrite64"))


@needs_strace
def test_a_kill_right_at_a_call(target: Target) -> None:
    found = run(target, "killat", seed=SEED, most=1, only=("fdatasync", "rename"))
    clean("killat", found)
    assert found["killed"] == 2


def test_few_descriptors_and_short_files(target: Target) -> None:
    found = run(target, "limits", seed=SEED, more={"NOFILE": (0,), "FSIZE": (40 << 10,)})
    clean("limits", found)
    assert found["error_shown"] == 2


@needs_mount
def test_a_disk_that_is_pulled_out(target: Target) -> None:
    found = run(target, "diskgone", rounds=2, seed=SEED, megabytes=48)
    clean("diskgone", found)
    assert found["rounds"] == 2


@needs_mount
def test_a_disk_without_room_for_another_file(target: Target) -> None:
    found = run(target, "inodesfull", seed=SEED)
    clean("inodesfull", {**found, "errors": 0})
    assert set(found["error_kinds"]) == {"StoreFullError (OSError)"}
    assert "inode" in found["errors"][0]
    assert found["recovers_after_space_freed"]


def test_parts_that_are_moved_away(target: Target) -> None:
    found = run(target, "vanish", seed=SEED, what=("", "packs", "catalog.db-wal"), rounds=1)
    clean("vanish", found)
    assert found["cases"] == 3


def test_a_writer_that_is_stopped_and_woken(target: Target) -> None:
    found = run(target, "frozen", rounds=2, seed=SEED)
    clean("frozen", found)
    assert found["acked"] == 17


CASES = [
    *("name dotdot", "name newline", "names case", "entry ../", "entry absolute", "entry NUL", "entry double slash"),
    *("meta NaN", "meta deep 5000", "meta 1 and '1'", "meta lone surrogate", "dir:dir missing", "dir:fifo"),
    *("dir:symlink out of tree", "dir:file unreadable", "dir:file name not UTF-8", "dir:file name newline"),
    *("dir:deep path", "alias v0", "alias moves"),
]


def test_bad_input(target: Target) -> None:
    found = run(target, "badinput", only=CASES)
    assert len(found) == len(CASES)
    wrong = ("ESCAPED", "MERGED", "HANG", "changed", "process")
    assert {case: said for case, said in found.items() if said.startswith(wrong)} == {}
    known = ("error: Invalid", "error: UnsafePath", "error: SpecialFile", "error: Link", "error: NoSuchPath", "ok")
    unread = ("error: UnreadableFileError", "error: MissingFileError")
    assert {case: said for case, said in found.items() if not said.startswith((*known, *unread))} == {}


@pytest.mark.parametrize("reference", ["noverify", "norehash"], indirect=True)
def test_the_harness_sees_a_store_that_does_not_check(reference: Target) -> None:
    found = run(reference, "bitflip", seed=SEED, kinds=("bitflip",), profiles=("medium",))["bitflip, medium"]
    assert found["use"] == "SILENT WRONG BYTES" or "error" in found["after_relog"].values()


@pytest.mark.parametrize("reference", ["race"], indirect=True)
def test_the_harness_sees_a_race(reference: Target) -> None:
    found = run(reference, "concurrent", procs=4, each=8, seed=SEED)["small"]
    assert found["shared_ids"] + found["errors"] + found["acked_not_listed"] + found["wrong_content"] > 0


@needs_strace
@pytest.mark.parametrize("reference", ["earlyack"], indirect=True)
def test_the_harness_sees_a_row_before_its_bytes(reference: Target) -> None:
    found = run(reference, "sweep", seed=SEED, errors=("EIO",), most=1, only=("fsync",))
    assert found["torn_visible"] > 0


@needs_strace
@pytest.mark.parametrize("reference", ["inplace"], indirect=True)
def test_the_harness_sees_what_was_not_flushed(reference: Target) -> None:
    found = run(reference, "fsync_order", seed=SEED, profiles=("medium",))
    assert found["flushed"] < found["blobs"]


def test_the_harness_sees_a_mixture() -> None:
    """Whether threads interleave is the machine's affair; what counts as a mixture is not."""
    block = jobs.BLOCK
    assert not jobs.is_mixture(bytes([7]) * 16 * block)
    assert not jobs.is_mixture(bytes([8]) * 5 * block + bytes([7]) * 11 * block)
    assert not jobs.is_mixture(bytes([0]) * 5 * block + bytes([255]) * 11 * block)
    assert jobs.is_mixture(bytes([7]) * 5 * block + bytes([8]) * 11 * block)
    assert jobs.is_mixture(bytes([9]) * 5 * block + bytes([8]) * 5 * block + bytes([7]) * 6 * block)
    assert jobs.is_mixture(bytes([9]) * 5 * block + bytes([7]) * 11 * block)


@pytest.mark.parametrize("reference", ["follow"], indirect=True)
def test_the_harness_sees_an_escape(reference: Target) -> None:
    found = run(reference, "badinput", only=["entry ../"])
    assert found["entry ../"].startswith("ESCAPED")
