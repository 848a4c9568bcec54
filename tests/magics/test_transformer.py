from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.magics.transformer import find_first_line, rewrite_first_line


def rewritten(cell: str) -> str:
    return "".join(rewrite_first_line(cell.splitlines(keepends=True)))


def call(args: str) -> str:
    return f"get_ipython().run_line_magic('_ja_begin', {args!r})\n"


def test_only_the_first_line_changes() -> None:
    assert rewritten("%%log_artifact a -t x\nb = 1\nb\n") == call("%%log_artifact a -t x") + "b = 1\nb\n"


def test_comments_and_blank_lines_may_precede() -> None:
    assert rewritten("\n# mine\n  # too\n%%track\nx\n") == "\n# mine\n  # too\n" + call("%%track") + "x\n"


@pytest.mark.parametrize(
    ("first", "args"),
    [
        ("%log_artifact a --cell", "%log_artifact a --cell"),
        ("%log_artifact a -v x --cell  ", "%log_artifact a -v x --cell"),
        ("%track", "%track"),
        ("%track warm-up --job-type train", "%track warm-up --job-type train"),
    ],
)
def test_line_form_covers_the_cell(first: str, args: str) -> None:
    assert rewritten(first + "\nx = 1\n") == call(args) + "x = 1\n"


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "\n\n# only comments\n",
        "x = 1\n%%log_artifact a\n",
        "%%time\n%%log_artifact a\n",
        "%log_artifact a out.txt\nx\n",
        "%log_artifact a -d '--cell'\nx\n",
        "%log_artifact a 'unclosed\n",
        "%track stop\n",
        "%track start warm-up\n",
        "%%log_artifacts a\n",
        "%%log_artifact?\n",
        "%%log_artifact??\n",
        "%tracker\n",
        " %%track\n",
        "'%%track'\n",
    ],
)
def test_other_cells_are_left_alone(cell: str) -> None:
    assert rewritten(cell) == cell


def test_a_backslash_goes_on_with_the_next_line() -> None:
    cell = "%%log_artifact a \\\n    -t dataset \\\n    -v x\nx = 1\n"
    assert rewritten(cell) == call("%%log_artifact a      -t dataset      -v x") + "\n\nx = 1\n"


def test_another_cell_magic_may_stand_below() -> None:
    below = "get_ipython().run_cell_magic('bash', '-e', 'echo 1\\necho 2\\n')\n\n\n"
    assert rewritten("%%track\n%%bash -e\necho 1\necho 2\n") == call("%%track") + below
    assert rewritten("%%track\n\n# c\n%%time\n").endswith("run_cell_magic('time', '', '')\n")
    assert rewritten("%%track\nx = 1\n%%time\n") == call("%%track") + "x = 1\n%%time\n"


def test_help_runs_no_body() -> None:
    assert rewritten("%%log_artifact a -h\nboom()\nboom()\n") == call("%%log_artifact --help") + "\n\n"
    assert "boom" in rewritten("%%log_artifact a -d '-h'\nboom()\n")


def test_a_broken_line_still_begins_so_that_it_is_refused() -> None:
    assert rewritten("%%log_artifact a 'half\nx\n") == call("%%log_artifact a 'half") + "x\n"


LINES = st.lists(
    st.sampled_from(
        ["%%log_artifact a -v x", "%track", "%%track r \\", "# c", "", "x = 1", "%%time", "-t y", "%%log_artifact -h"]
    ),
    max_size=6,
)


@given(LINES)
def test_same_number_of_lines_and_idempotent(lines: list[str]) -> None:
    cell = [line + "\n" for line in lines]
    once = rewrite_first_line(cell)
    assert len(once) == len(cell)
    assert find_first_line(once) is None
    assert rewrite_first_line(once) == once
