"""What the magics say in Japanese: their lines, their reports, their errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts import words
from jupyter_artifacts.magics.speech import LINES
from jupyter_artifacts.magics.tables import COMMANDS
from jupyter_artifacts.words.dictionary import everything

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

KANA = re.compile("[ぁ-んァ-ヶ一-龠]")


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def test_every_line_has_its_japanese_with_the_same_parts() -> None:
    known = everything()
    asked = [p.help for command in COMMANDS for p in command.positionals if p.required]
    asked += [p.otherwise for command in COMMANDS for p in command.positionals if p.otherwise]
    for english in [*LINES.values(), *asked]:
        japanese = known[english]
        assert KANA.search(japanese)
        assert sorted(re.findall(r"\{\w+\}", japanese)) == sorted(re.findall(r"\{\w+\}", english))


@pytest.mark.usefixtures("loaded")
def test_reports_and_errors(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%config JupyterArtifacts.lang = 'ja'")
    run(ipython, "%%log_artifact raw -v x -q\nx = [1]")
    run(ipython, "%%log_artifact model --uses raw -v y -q\ny = 2")
    assert repr(run(ipython, "%stale")) == "古いものはありません(2 バージョン中)"
    run(ipython, "%%log_artifact raw -v x -q\nx = [2]")
    report = run(ipython, "%stale")
    assert repr(report).splitlines()[:3] == [
        "2 バージョン中 1 件が古くなっています:",
        "  model:v0  raw:v0 から作成。新しい raw:v1 があります",
        "次の順に再実行:",
    ]
    assert "<th" in str(report.html())
    assert report.facts.found[0].why == "made from raw:v0; raw:v1 is newer", "what programs read stays as it is"
    capsys.readouterr()
    run(ipython, "%ja doctor")
    for line in capsys.readouterr().out.splitlines():
        assert KANA.search(line) or line.startswith(("jupyter_artifacts ", "Python ", "SQLite ")), line
    refused = ipython.run_cell("%%log_artifact raw --typ dataset\nx = 1").error_in_exec
    assert "--typ というオプションはありません。もしかして '--type' ですか? (使い方: " in str(refused)
    ipython.run_cell("%%track --cache --uses raw\n1/0")
    assert "実行します" in capsys.readouterr().out
    run(ipython, "%config JupyterArtifacts.lang = 'en'")
    assert repr(run(ipython, "%stale")).startswith("1 of 2 versions out of date:")


@pytest.mark.usefixtures("loaded")
def test_a_cell_says_in_japanese_what_became_of_it(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ipython, "%config JupyterArtifacts.lang = 'ja'\nrun = None")
    ipython.run_cell("%%log_artifact fresh -v x\n1/0")
    assert "✗ fresh は記録されませんでした(ZeroDivisionError, line 2)" in capsys.readouterr().err
    failed = ipython.run_cell("%%log_artifact fresh -v trainin\ntraining = 1")
    said = str(failed.error_in_exec)
    assert "-v: name 'trainin' is not defined。もしかして 'training' ですか?" in said
    assert "直して %log_artifact --retry" in said


@given(st.text())
def test_a_reason_that_is_not_known_stays(text: str) -> None:
    words.choose("ja")
    try:
        assert words.reason(text) == text
        assert words.reason(f"made from a:v0; {'b'}:v1 is newer") == "a:v0 から作成。新しい b:v1 があります"
    finally:
        words.choose("auto")
