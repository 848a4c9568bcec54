"""The corners of `save` that the conformance suite does not reach."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import UnsafePathError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run() -> Iterator[ja.Run]:
    with ja.init(project="p") as run:
        yield run


def kept(run: ja.Run) -> dict[str, bytes]:
    run.finish()
    return {file.name: file.read() for file in ja.Api().run(run.id).files()}


@pytest.mark.parametrize("policy", ["live", "end"])
def test_where_a_disk_has_no_hard_links_a_copy_is_kept(
    run: ja.Run, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    def refuse(source: object, target: object) -> None:
        del source, target
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    Path("m").write_bytes(b"one")
    run.save("m", policy=policy)
    Path("m").write_bytes(b"two")
    assert kept(run) == {"m": b"two"}


def test_a_source_that_is_gone_at_the_end_is_kept_as_it_was(run: ja.Run) -> None:
    Path("m").write_bytes(b"one")
    run.save("m")
    Path("m").unlink()
    assert kept(run) == {"m": b"one"}


def test_a_link_is_kept_as_what_it_leads_to(run: ja.Run) -> None:
    Path("m").write_bytes(b"one")
    Path("link").symlink_to("m")
    run.save("link")
    assert kept(run) == {"link": b"one"}


def test_a_star_has_no_meaning_without_glob(run: ja.Run) -> None:
    for name in ("a*", "ab"):
        Path(name).write_bytes(name.encode())
    assert [Path(place).name for place in run.save("a*", glob=False)] == ["a*"]
    assert kept(run) == {"a*": b"a*"}


def test_saving_again_replaces(run: ja.Run) -> None:
    for text in (b"one", b"two"):
        Path("m").write_bytes(text)
        run.save("m", policy="now")
    assert kept(run) == {"m": b"two"}


def test_a_name_that_is_no_text_is_refused_by_save_and_skipped_at_the_end(run: ja.Run) -> None:
    name = os.fsdecode(b"\xff")
    Path(name).write_bytes(b"x")
    with pytest.raises(UnsafePathError, match=r"\\xff"):
        run.save(name)
    (Path(run.dir) / name).write_bytes(b"x")
    (Path(run.dir) / "good").write_bytes(b"y")
    with pytest.warns(UserWarning, match=r"not kept.*\\xff"):
        assert kept(run) == {"good": b"y"}


@pytest.mark.parametrize("bad", [3, None, ["m"]])
def test_what_is_no_path(run: ja.Run, bad: object) -> None:
    with pytest.raises(TypeError, match="save"):
        run.save(bad)  # type: ignore[arg-type]  # wrong on purpose
