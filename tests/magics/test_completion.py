from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from jupyter_artifacts.magics.completion import Completer, Source
from jupyter_artifacts.magics.log_tables import LOG_CELL, LOG_LINE, TRACK_CELL, TRACK_LINE
from jupyter_artifacts.magics.look_tables import ARTIFACT, ARTIFACT_DIFF, IMAGE_GRID, JA, RECREATE, STALE, USE

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.commands.options import Command
    from jupyter_artifacts.store.protocols import Catalog


@dataclass
class Names:
    """A source without a store."""

    known: dict[str, list[str]] = field(
        default_factory=lambda: {"mnist-raw": ["latest", "best", "v1", "v0"], "mnist-preprocess": ["latest", "v0"]}
    )

    def names(self, begin: str) -> list[str]:
        return [name for name in self.known if name.startswith(begin)]

    def selectors(self, name: str) -> list[str]:
        return self.known.get(name, [])

    def aliases(self) -> list[str]:
        return ["best", "latest"]

    def types(self) -> list[str]:
        return ["dataset", "model"]

    def runs(self, begin: str) -> list[str]:
        return [name for name in ("nightly", "warm-up") if name.startswith(begin)]


VARIABLES = {"training": 1, "test": 2, "_hidden": 3, "hard": 4}


def offered(command: Command, text: str) -> list[str]:
    """Complete as IPython does: the symbol is what follows its delimiters."""
    symbol = "" if text[-1].isspace() else text.rsplit(maxsplit=1)[-1]
    for delimiter in "=:$":
        symbol = symbol.rpartition(delimiter)[2]
    return Completer(command, VARIABLES, cast("Source", Names())).complete(text, symbol)


@pytest.mark.parametrize(
    ("command", "text", "expected"),
    [
        (LOG_CELL, "%%log_artifact mnist-p", ["mnist-preprocess"]),
        (LOG_CELL, "%%log_artifact x --de", ["--description"]),
        (LOG_CELL, "%%log_artifact x -t ", ["dataset", "model"]),
        (LOG_CELL, "%%log_artifact x -t d", ["dataset"]),
        (LOG_CELL, "%%log_artifact x -v t", ["test", "training"]),
        (LOG_CELL, "%%log_artifact x -v training t", ["test", "training"]),
        (LOG_CELL, "%%log_artifact x -m size=t", ["test", "training"]),
        (LOG_CELL, "%%log_artifact x --uses mnist-raw:", ["best", "latest", "v0", "v1"]),
        (LOG_CELL, "%%log_artifact x --uses mnist-raw:v", ["v0", "v1"]),
        (LOG_CELL, "%%log_artifact x -a b", ["best"]),
        (LOG_CELL, "%%log_artifact x -q ", []),
        (LOG_CELL, "%%log_artifact x --on-error ", ["draft", "drop"]),
        (TRACK_LINE, "%track sta", ["start", "status"]),
        (TRACK_LINE, "%track start ni", ["nightly"]),
        (TRACK_CELL, "%%track --cache -v t", ["test", "training"]),
        (TRACK_CELL, "%%track ", ["nightly", "warm-up"]),
        (JA, "%ja ", ["doctor", "export", "gc", "import", "where"]),
        (STALE, "%stale mnist-p", ["mnist-preprocess"]),
        (ARTIFACT_DIFF, "%artifact_diff mnist-raw:v0 mnist-raw:v", ["v0", "v1"]),
        (RECREATE, "%recreate mnist-raw:v0 --pr", ["--print", "--project"]),
        (LOG_CELL, "%%log_artifact x y", []),
        (LOG_CELL, "%%log_artifact x -d 'half", []),
        (LOG_LINE, "%log_artifact x $t", ["test", "training"]),
        (USE, "%use_artifact ", ["mnist-preprocess", "mnist-raw"]),
        (USE, "%use_artifact nothing:", []),
        (ARTIFACT, "%artifact mnist-raw:b", ["best"]),
        (ARTIFACT, "%artifact -p x mnist-r", ["mnist-raw"]),
        (ARTIFACT, "%artifact --files mnist-r", ["mnist-raw"]),
        (IMAGE_GRID, "%image_grid ha", ["hard"]),
    ],
)
def test_what_tab_offers(command: Command, text: str, expected: list[str]) -> None:
    assert offered(command, text) == expected


def test_files(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.pt").touch()
    (tmp_path / "out" / "b.pt").touch()
    assert offered(LOG_CELL, "%%log_artifact x -f out/a") == ["out/a.pt"]
    assert offered(LOG_LINE, "%log_artifact x ou") == ["out"]


class NoStore:
    def catalog(self) -> Catalog | None:
        return None

    def project(self) -> str:
        return "p"


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    source = Source(NoStore())
    assert source.names("m") == []
    assert source.selectors("m") == []
    assert source.aliases() == []
    assert source.types() == ["dataset", "model"]
    assert list(tmp_path.iterdir()) == []
