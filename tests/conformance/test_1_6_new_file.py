"""Section 1.6, new_file: a real path while it is open, an entry when it closes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import jupyter_artifacts as wandb
from tests.conformance.support import covers


def paths(artifact: wandb.Artifact) -> list[str]:
    """Return the paths of an artifact's files."""
    return list(artifact.manifest.entries)


def content(artifact: wandb.Artifact, path: str) -> bytes:
    """Log the artifact and return what one file holds."""
    with wandb.init(project="p", reinit="create_new") as run:
        run.log_artifact(artifact)
    with artifact.open(path) as file:
        return file.read()


def test_an_entry_appears_on_close_only(draft: wandb.Artifact) -> None:
    with draft.new_file("a/b.txt") as file:
        file.write("héllo")
        assert paths(draft) == []
        assert Path(file.name).name == "b.txt"
        assert Path(file.name).exists()
    assert paths(draft) == ["a/b.txt"]
    assert content(draft, "a/b.txt") == "héllo".encode()


def test_an_exception_inside_propagates_and_adds_nothing(draft: wandb.Artifact) -> None:
    with pytest.raises(ZeroDivisionError), draft.new_file("a") as file:  # noqa: PT012  half written is the test
        file.write("x")
        1 / 0  # noqa: B018  the exception is the test
    assert paths(draft) == []


@covers("artifact.new_file")
def test_modes(draft: wandb.Artifact) -> None:
    with draft.new_file("a") as file:
        file.write("one")
    with pytest.raises(ValueError, match="already exists"), draft.new_file("a"):
        pass
    with draft.new_file("a", mode="a") as file:
        file.write(" two")
    with draft.new_file("b", mode="wb") as raw:
        raw.write(b"old")
    with draft.new_file("b", mode="wb") as raw:
        raw.write(b"\x00\xff")
    with pytest.raises(ValueError, match="mode"), draft.new_file("c", mode="r"):  # type: ignore[call-overload]  # wrong on purpose
        pass
    assert content(draft, "a") == b"one two"
    assert content(draft, "b") == b"\x00\xff"


def test_an_encoding_error_is_raised_and_adds_nothing(draft: wandb.Artifact) -> None:
    with pytest.raises(UnicodeEncodeError), draft.new_file("a", encoding="ascii") as file:
        file.write("é")  # buffered: the error may come as late as the close
    assert paths(draft) == []


def test_writers_of_torch_and_numpy_work_on_the_handle(draft: wandb.Artifact) -> None:
    with draft.new_file("t.pt", mode="wb") as file:
        torch.save((torch.arange(3), torch.ones(1)), file)
    with draft.new_file("a.npy", mode="wb") as file:
        np.save(file, np.arange(4))
    assert draft.manifest.entries["a.npy"].size == 160
    with wandb.init(project="p") as run:
        folder = run.log_artifact(draft).download()
    assert torch.load(f"{folder}/t.pt")[0].tolist() == [0, 1, 2]
