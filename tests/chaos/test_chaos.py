"""The harness in its short form: our own store must come through clean, and a store with a bug must not.

`python tests/chaos/run.py` runs any scenario in full, on any adapter.
"""
# mypy: ignore-errors
# The harness is untyped on purpose: see the heads of its files.

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.append(str(HERE))

import harness
import jobs

SEED = int(os.environ.get("CHAOS_SEED", "20261123"))
ZERO = (
    *("lost_acked", "torn_visible", "unlistable", "stuck", "repaired_by_hand", "dead_stores", "verify_dirty"),
    *("rerun_wrong", "errors", "hung", "acked_not_listed", "wrong_content", "use_errors", "swallowed"),
    *("torn_copies_stored", "unstable"),
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("chaos")]

needs_mount = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to mount small and read-only disks"
)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """Start the process that runs our adapter."""
    started = harness.Target(sys.executable, "jupyter_artifacts", tmp_path_factory.mktemp("chaos"))
    yield started
    started.close()


@pytest.fixture
def reference(tmp_path, monkeypatch, request):
    """Start the reference store with one of its bugs switched on."""
    monkeypatch.setenv("CHAOS_BUG", request.param)
    started = harness.Target(sys.executable, "refcas", tmp_path)
    yield started
    started.close()


def clean(found):
    """Check that no column but those of zero harm is filled."""
    assert "error" not in found, found
    harm = {name: found[name] for name in ZERO if found.get(name)}
    assert harm == {}, found.get("examples", found)


def test_kill_9(target):
    found = harness.SCENARIOS["kill9"](target, n=12, seed=SEED, every_new_store=6)
    clean(found)
    assert found["kills"] == 12
    assert found["in_flight"] >= 3, "the kills came at uninteresting moments"
    assert found["leftover_bytes"] == 0


def test_rotten_blobs(target):
    found = harness.SCENARIOS["bitflip"](target, seed=SEED, kinds=("bitflip-keep-mtime", "truncate", "delete"))
    assert len(found) == 3
    for how, said in found.items():
        assert said["use"].startswith("error CorruptError"), how
        assert said["verify"] == "reports", how
        assert said["after_relog"] == {"v0": "ok"}, how


def test_a_damaged_catalog(target):
    found = harness.SCENARIOS["catalog"](target, seed=SEED, rounds=6)
    assert sum(found["tally"].values()) == 6
    told = ("error on open/list: CatalogDamagedError", "reads fine, verify reports", "no effect seen")
    assert [what for what in found["tally"] if not what.endswith(told)] == []
    assert any("CatalogDamagedError" in what for what in found["tally"])


def test_many_at_once(target):
    found = harness.SCENARIOS["concurrent"](target, procs=4, each=4, seed=SEED)
    for kind, said in found.items():
        clean(said)
        assert said["acked"] == said["asked"] == 16
        assert said["verify"] == []
        # Equal content is one version, by law; different content never shares one.
        assert (said["shared_ids"], said["listed"]) == ((15, 1) if kind == "same" else (0, 16))


def test_a_file_that_changes_meanwhile(target):
    found = harness.SCENARIOS["mutate"](target, seconds=2)
    clean(found)
    assert found["acked"] + found["refused"] >= 3
    assert found["verify"] == []
    assert all("FileChangedError" in text for text in found["refused_as"])


def test_ctrl_c(target):
    found = harness.SCENARIOS["sigint"](target, n=5, seed=SEED)
    clean(found)
    assert found["keyboardinterrupt"] == found["sent"] == 5
    assert found["other"] == {}


def test_wrong_clocks(target):
    assert set(harness.SCENARIOS["clock"](target, seed=SEED).values()) == {"ok"}


@needs_mount
def test_a_read_only_mount(target):
    found = harness.SCENARIOS["readonly"](target, seed=SEED)
    assert (found["open_list"], found["use"], found["verify"]) == ("ok", "ok", "[]")
    assert found["log"].startswith("ReadOnlyStoreError")


@needs_mount
def test_a_full_disk(target):
    found = harness.SCENARIOS["diskfull"](target, megabytes=10, seed=SEED, tries=4)
    clean({**found, "errors": 0})
    assert found["acked"] > 0
    assert set(found["error_kinds"]) == {"StoreFullError (OSError)"}
    assert found["recovers_after_space_freed"]


CASES = [
    *("name dotdot", "name newline", "names case", "entry ../", "entry absolute", "entry NUL", "entry double slash"),
    *("meta NaN", "meta deep 5000", "meta 1 and '1'", "meta lone surrogate", "dir:dir missing", "dir:fifo"),
    *("dir:symlink out of tree", "dir:file unreadable", "dir:file name not UTF-8", "dir:file name newline"),
    *("dir:deep path", "alias v0", "alias moves"),
]


def test_bad_input(target):
    found = harness.SCENARIOS["badinput"](target, only=CASES)
    assert len(found) == len(CASES)
    bad = {
        case: said
        for case, said in found.items()
        if said.startswith(("ESCAPED", "MERGED", "HANG", "changed", "process"))
    }
    assert bad == {}
    known = ("error: Invalid", "error: UnsafePath", "error: SpecialFile", "error: Link", "error: NoSuchPath", "ok")
    unread = ("error: UnreadableFileError", "error: MissingFileError")
    assert {case: said for case, said in found.items() if not said.startswith((*known, *unread))} == {}


@pytest.mark.parametrize("reference", ["noverify", "norehash"], indirect=True)
def test_the_harness_sees_a_store_that_does_not_check(reference):
    found = harness.SCENARIOS["bitflip"](reference, seed=SEED, kinds=("bitflip",))["bitflip"]
    assert found["use"] == "SILENT WRONG BYTES" or "error" in found["after_relog"].values()


@pytest.mark.parametrize("reference", ["race"], indirect=True)
def test_the_harness_sees_a_race(reference):
    found = harness.SCENARIOS["concurrent"](reference, procs=4, each=8, seed=SEED)["small"]
    assert found["shared_ids"] + found["errors"] + found["acked_not_listed"] + found["wrong_content"] > 0


def test_the_harness_sees_a_mixture():
    """Whether threads interleave is the machine's affair; what counts as a mixture is not."""
    block = 4096
    assert not jobs._torn(bytes([7]) * 16 * block)
    assert not jobs._torn(bytes([8]) * 5 * block + bytes([7]) * 11 * block)
    assert not jobs._torn(bytes([0]) * 5 * block + bytes([255]) * 11 * block)
    assert jobs._torn(bytes([7]) * 5 * block + bytes([8]) * 11 * block)
    assert jobs._torn(bytes([9]) * 5 * block + bytes([8]) * 5 * block + bytes([7]) * 6 * block)
    assert jobs._torn(bytes([9]) * 5 * block + bytes([7]) * 11 * block)


@pytest.mark.parametrize("reference", ["follow"], indirect=True)
def test_the_harness_sees_an_escape(reference):
    found = harness.SCENARIOS["badinput"](reference, only=["entry ../"])
    assert found["entry ../"].startswith("ESCAPED")
