"""Section 1.10, as far as runs and artifacts go: what each medium leaves in history and among the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p") as run:
        yield run


def kept(run: wandb.Run, key: str = "x") -> tuple[dict[str, Any], dict[str, bytes]]:
    """Finish the run; return what history has under a key, and the run's files."""
    run.finish()
    past = wandb.Api().run(run.id)
    [row] = past.scan_history()
    value = row[key]
    assert isinstance(value, dict)
    return value, {file.name: file.read() for file in past.files()}


@covers("Table")
def test_a_table_is_a_file(run: wandb.Run) -> None:
    run.log({"x": wandb.Table(columns=["a", "b"], data=[[1, "one"], [2, None]])})
    value, files = kept(run)
    assert (value["_type"], value["nrows"], value["ncols"]) == ("table-file", 2, 2)
    document = json.loads(files[value["path"]])
    assert (document["columns"], document["data"]) == (["a", "b"], [[1, "one"], [2, None]])


@covers("Table(dataframe=)")
def test_a_data_frame_becomes_a_table(run: wandb.Run) -> None:
    run.log({"x": pd.DataFrame({"a": [1, 2]})})
    value, files = kept(run)
    assert value["_type"] == "table-file"
    assert json.loads(files[value["path"]])["data"] == [[1], [2]]


def test_pictures_in_a_table_are_files_beside_it(run: wandb.Run) -> None:
    picture = wandb.Image(np.zeros((2, 2), np.uint8))
    run.log({"x": wandb.Table(columns=["p"], data=[[picture]])})
    value, files = kept(run)
    assert [name for name in files if name.startswith("media/images/")]
    assert value["path"].startswith("media/table/x_0_")


@covers("Histogram")
def test_a_histogram_stands_in_history(run: wandb.Run) -> None:
    run.log({"x": wandb.Histogram([1, 2, 2], num_bins=2)})
    value, files = kept(run)
    assert (value["_type"], value["values"], len(value["bins"]), files) == ("histogram", [1, 2], 3, {})


@covers("log(matplotlib figure)", differs="becomes a picture, not a plotly chart")
@pytest.mark.parametrize("which", ["figure", "axes", "pyplot"])
def test_a_matplotlib_figure_becomes_a_picture(run: wandb.Run, which: str) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2])
    run.log({"x": {"figure": figure, "axes": axes, "pyplot": plt}[which]})
    plt.close(figure)
    value, files = kept(run)
    assert value["_type"] == "image-file"
    assert files[value["path"]].startswith(b"\x89PNG")


@covers("Html")
def test_html_is_a_file(run: wandb.Run) -> None:
    run.log({"x": wandb.Html("<b>bold</b>")})
    value, files = kept(run)
    assert value["_type"] == "html-file"
    assert b"<b>bold</b>" in files[value["path"]]


@covers("plot.*", differs="drawn by this package's panels")
def test_a_chart(run: wandb.Run) -> None:
    table = wandb.Table(columns=["x", "y"], data=[[1, 2], [3, 4]])
    run.log({"x": wandb.plot.line(table, "x", "y", title="t")})
    value, files = kept(run)
    assert "_type" in value
    assert value["path"] in files


def test_a_list_of_media_that_are_no_pictures(run: wandb.Run) -> None:
    run.log({"x": [wandb.Html("<i>1</i>"), wandb.Html("<i>2</i>")]})
    run.finish()
    past = wandb.Api().run(run.id)
    [row] = past.scan_history()
    assert isinstance(row["x"], list)
    assert len(past.files()) == len(row["x"]) == 2


def test_what_lists_its_own_media_is_kept_whole(run: wandb.Run) -> None:
    class Hundreds:
        def to_media(self) -> list[wandb.Image]:
            return [wandb.Image(np.full((1, 1), i, np.uint8)) for i in range(200)]

    run.log({"x": Hundreds()})
    value, files = kept(run)
    assert (value["count"], len(files)) == (200, 200)


def test_a_medium_in_the_summary_set_by_hand(run: wandb.Run) -> None:
    run.summary["best"] = wandb.Image(np.zeros((2, 2), np.uint8))
    run.finish()
    past = wandb.Api().run(run.id)
    assert past.summary["best"]["_type"] == "image-file"
    assert [file.name for file in past.files()] == [past.summary["best"]["path"]]


def test_a_file_that_was_logged_is_a_file_of_the_run(run: wandb.Run) -> None:
    Path("page.html").write_text("<p>x</p>")
    run.log({"x": wandb.Html("page.html")})
    value, files = kept(run)
    assert value["path"] in files


def test_a_table_that_grew_since_it_was_added_is_not_taken_for_the_old_one() -> None:
    artifact = wandb.Artifact("tables", type="dataset")
    table = wandb.Table(columns=["a"], data=[[1]])
    first = artifact.add(table, "t")
    assert artifact.add(table, "again") == first
    table.add_data(2)
    grown = artifact.add(table, "t2")
    assert grown.path == "t2.table.json"
    with wandb.init(project="p") as run:
        logged = run.log_artifact(artifact)
    found = [logged.get(name) for name in ("t", "t2")]
    assert [len(each.data) for each in found if isinstance(each, wandb.Table)] == [1, 2]


def test_a_histogram_of_values_that_lie_closer_than_its_bins() -> None:
    with wandb.init(project="p") as run:
        run.log({"t": np.full(40, 1.7e18)})
        histogram = dict(run.summary["t"])
    assert sum(histogram["values"]) == 40


@covers("Table.set_pk, set_fk", refused="refused in one line: index_ref() and JoinedTable do it")
def test_keys_of_tables_are_refused_by_name() -> None:
    table = wandb.Table(columns=["id"], data=[["a"]])
    with pytest.raises(wandb.errors.UnsupportedError, match=r"set_pk\('id'\) is not offered here"):
        table.set_pk("id")
    with pytest.raises(wandb.errors.UnsupportedError, match=r"set_fk\('id'\) is not offered here"):
        table.set_fk("id", table, "id")
