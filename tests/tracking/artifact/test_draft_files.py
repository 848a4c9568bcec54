"""A draft's files: whatever is entered, overwritten and removed, they are what a dict would hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidValueError, UnsafePathError
from jupyter_artifacts.model.manifest import Entry, Manifest
from jupyter_artifacts.model.paths import check_disjoint
from jupyter_artifacts.tracking.artifact.draft_files import DraftFiles, Origin

PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
BATCH = st.tuples(st.dictionaries(PATHS, st.integers(0, 1), max_size=4), st.booleans())
STEPS = st.lists(BATCH | PATHS, max_size=10)


def is_disjoint(paths: set[str]) -> bool:
    try:
        check_disjoint(paths)
    except UnsafePathError:
        return False
    return True


def entries(batch: dict[str, int]) -> list[Entry]:
    return [Entry(path, bytes([number]) * 32, number) for path, number in batch.items()]


@given(STEPS)
def test_they_are_what_a_dict_would_hold(steps: list[tuple[dict[str, int], bool] | str]) -> None:
    files, model = DraftFiles("data"), dict[str, int]()
    for step in steps:
        if isinstance(step, str):
            gone = [path for path in model if path == step or path.startswith(f"{step}/")]
            files.remove(gone)
            for path in gone:
                del model[path]
            continue
        batch, overwrite = step
        if not is_disjoint(set(batch)):
            continue
        if not is_disjoint({*model, *batch}):
            with pytest.raises(UnsafePathError):
                files.require_places(list(batch))
            continue
        files.require_places(list(batch))
        if not overwrite and any(model.get(path, number) != number for path, number in batch.items()):
            with pytest.raises(InvalidValueError, match="same path twice"):
                files.enter(entries(batch), None, overwrite=False)
            continue
        files.enter(entries(batch), None, overwrite=overwrite)
        model.update(batch)
    assert {path: entry.size for path, entry in files.entries.items()} == model
    assert files.manifest().entries == Manifest(entries(model)).entries
    for path in {*model}:
        with pytest.raises(UnsafePathError, match="is a file"):
            files.require_places([f"{path}/below"])
        if "/" in path:
            with pytest.raises(UnsafePathError, match="is a folder"):
                files.require_places([path.rpartition("/")[0]])


def test_where_they_came_from() -> None:
    files = DraftFiles("data")
    files.enter(
        entries({"in/a": 1, "in/b/c": 1}), Origin("/data", "in/"), overwrite=False, folders={"in": 1, "in/b": 1}
    )
    files.enter(entries({"d": 1}), "/elsewhere/d", overwrite=False)
    files.enter(entries({"e": 1}), None, overwrite=False)
    assert [files.local_paths.get(path) for path in ("in/a", "in/b/c", "d", "e", "f")] == [
        *("/data/a", "/data/b/c", "/elsewhere/d", None, None)
    ]
    files.enter(entries({"in/a": 0}), None, overwrite=True)
    assert files.local_paths.get("in/a") is None
