"""Lines as people in Tokyo, on Windows and in a hurry write them."""

from __future__ import annotations

import keyword
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import jupyter_artifacts as ja
from jupyter_artifacts.magics.completion import Completer, Source
from jupyter_artifacts.magics.expressions import Expression, assignment, fill
from jupyter_artifacts.magics.log_tables import LOG_CELL
from jupyter_artifacts.magics.parser import parse
from jupyter_artifacts.magics.place import StorePlace
from jupyter_artifacts.magics.words import split

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.expressions import Namespace

NAMES = st.from_regex(r"[^\W\d]\w{0,8}", fullmatch=True).filter(str.isidentifier)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}$\\'\"\n\r\0"), max_size=8)
FIELDS = st.builds(
    lambda name, conversion, spec: f"{{{name}{conversion}{spec}}}",
    st.sampled_from(["acc", "数", "d['a:b']", "xs[1:]", "xs[0] != 3", "(lambda n: n)(1)", "{1: 2}[1]", "{'{'!r}"]),
    st.sampled_from(["", "!r", "!s", "!a"]),
    st.sampled_from(["", ":>9", ":{数}", ":^{数}"]),
)


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


@given(st.lists(st.one_of(PLAIN, FIELDS), max_size=6))
def test_text_is_filled_as_python_fills_an_f_string(parts: list[str]) -> None:
    names: Namespace = {"acc": "0.9", "数": 7, "d": {"a:b": "x"}, "xs": "abc"}
    # f-strings before 3.12 take no quotes inside of quotes of their own kind, and "{{" for a brace.
    parts = [f"{{ {part[1:]}" if part.startswith("{{") else part for part in parts]
    template = "".join(parts)
    try:
        expected = eval(f'f"""{template} """', dict(names))[:-1]  # noqa: S307  the property is to do as Python does
    except (SyntaxError, ValueError, TypeError):
        assume(False)
        raise
    assert fill(template, names, "-d") == expected


@given(NAMES, st.integers(0, 9))
def test_any_name_is_a_variable_a_key_and_a_dollar(name: str, value: int) -> None:
    seen_by_python = unicodedata.normalize("NFKC", name)
    assume(not keyword.iskeyword(seen_by_python))
    names: Namespace = {seen_by_python: value}
    assert fill(f"<${name}>", names, "-d") == f"<{value}>"
    assert fill(f"<{{{name}}}>", names, "-d") == f"<{value}>"
    assert Expression(f"${name} + 1", "-m").value(names) == value + 1
    found = assignment(f"{name}={name}", "-m")
    assert (found.key, found.expression.value(names)) == (name, value)
    parsed = parse(LOG_CELL, f"x -v {name} -m {name}=1")
    assert [word.source for word in parsed.words("vars")] == [name]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20))
def test_a_quoted_word_is_one_word_and_itself(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    (word,) = split(f"'{escaped}'")
    assert word.text == text


@pytest.mark.parametrize(
    "path", [r"C:\data\train\*.pt", r"C:\Users\太郎\out", r"\\server\share\a.csv", r"..\models\{name}.pt"]
)
def test_a_windows_path_keeps_its_backslashes(path: str) -> None:
    (word,) = split(path)
    assert word.text == path
    (word,) = split(f'"{path}"')
    assert word.text == (path if not path.startswith("\\\\") else path.replace("\\\\", "\\", 1))


@pytest.mark.usefixtures("loaded")
def test_japanese_all_along(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as ja")
    line = "%%log_artifact jp -v データ 重み=データ -m 精度=0.9 名前='太郎' -d \"$データ の {len(データ)} 件\" -q"
    run(ipython, f"{line}\nデータ = [1]")
    made = ja.Api().artifact("jp")
    assert made.metadata == {"精度": 0.9, "名前": "太郎"}
    assert made.description == "[1] の 1 件"
    assert sorted(made.manifest.entries) == ["データ.json", "重み.json"]
    assert run(ipython, "%log_artifact jp2 $データ -q") is None
    assert sorted(ja.Api().artifact("jp2").manifest.entries) == ["データ.json"]
    assert run(ipython, "%use_artifact jp:v0 -f 重み.json --load") == [1]
    completer = Completer(LOG_CELL, ipython.user_ns, Source(StorePlace()))
    assert completer.complete("%%log_artifact x -v 重み=デ", "デ") == ["データ"]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("setting", ["suggest", "off"])
def test_files_with_spaces_brackets_and_japanese_names(ipython: InteractiveShell, setting: str) -> None:
    Path("my out").mkdir()
    for name in ("[1].pt", "b c.pt"):
        Path("my out", name).write_text(name)
    run(ipython, f"%config JupyterArtifacts.autofiles = {setting!r}\nfrom pathlib import Path")
    run(ipython, "%%log_artifact a -f 'my out/*.pt' -q\n_ = Path('my out/新しい 1.pt').write_text('n')")
    assert list(ja.Api().artifact("a").manifest.entries) == ["新しい 1.pt"]
    same = ipython.run_cell("%%log_artifact b -f 'my out/[1].pt' -q\n1")
    assert "this cell has not changed 'my out/[1].pt'" in str(same.error_in_exec)
    run(ipython, "%%log_artifact c -f 'my out/[1].pt' -q\n_ = Path('my out/[1].pt').write_text('longer')")
    assert list(ja.Api().artifact("c").manifest.entries) == ["[1].pt"]


@pytest.mark.usefixtures("loaded")
def test_a_cell_magic_below_code_is_told_where_it_belongs(ipython: InteractiveShell) -> None:
    for name in ("log_artifact", "track"):
        result = ipython.run_cell(f"x = 1\n%%{name} y\nz = 2")
        assert str(result.error_in_exec) == f"%%{name} must be the first line of its cell"
        assert "z" not in ipython.user_ns
