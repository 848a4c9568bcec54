"""``%%track --cache`` in a real kernel that was restarted in between: what a front end gets is what it got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.magics.conftest import environment_of_kernels
from tests.magics.kernels import Kernel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.magics.kernels import Answer

pytestmark = pytest.mark.notebook

LOAD = "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja\nfrom pathlib import Path"
CELL = """%%track features --cache -v doubled
import logging, sys, ipywidgets
from IPython.display import HTML, clear_output, display
Path('times').open('a').write('x')
print('cleared')
clear_output()
print('out'); print('err', file=sys.stderr)
shown = display(HTML('<i>first</i>'), display_id='bar')
shown.update(HTML('<b>last</b>'))
display(ipywidgets.IntSlider())
Path('made.txt').write_text('made')
ja.log_artifact('made.txt', 'made')
doubled = [2, 4]
{'answer': 42}"""


def outputs(answer: Answer) -> list[tuple[str, Any]]:
    """Return what a notebook would store, our own two lines aside, text joined and updates applied."""
    found: list[tuple[str, Any]] = []
    for output in answer.outputs:
        if output["type"] == "stream":
            text = "".join(
                line
                for line in output["text"].splitlines(True)
                if not line.startswith(("the body", "↺", "run features"))
            )
            if found and found[-1][0] == output["name"]:
                found[-1] = (output["name"], found[-1][1] + text)
            elif text:
                found.append((output["name"], text))
        else:
            found.append((output["type"], output["data"]))
    return found


def test_after_a_restart(tmp_path: Path) -> None:
    first = Kernel(tmp_path, environment_of_kernels())
    first.run(LOAD)
    before = outputs(first.run(CELL))
    first.close()
    second = Kernel(tmp_path, environment_of_kernels())
    second.run(LOAD)
    answer = second.run(CELL)
    after = outputs(answer)
    assert answer.status == "ok", answer.traceback
    assert (tmp_path / "times").read_text() == "x", "the body ran once"
    assert second.value("doubled") == "[2, 4]"
    said = answer.stream("stdout").splitlines()[0]
    assert "back again: doubled, made:v0, 5 outputs (live widgets are not: 1), Out" in said
    assert second.value("(_, Out[2], _2)") == "({'answer': 42}, {'answer': 42}, {'answer': 42})"
    assert ("stdout", "out\n") in after
    assert ("stderr", "err\n") in after
    bar, card = (data for kind, data in after if kind == "display_data")
    assert bar["text/html"] == "<b>last</b>"
    assert "data-ja-static" in card["text/html"], "the card's twin"
    assert card == next(d for k, d in before if k == "display_data" and "made:v0" in d.get("text/plain", ""))
    (result,) = (output for output in answer.outputs if output["type"] == "execute_result")
    assert result["data"]["text/plain"] == "{'answer': 42}"
    assert result["execution_count"] == 2
    assert second.run(CELL.replace("--cache", "--cache --no-cache")).status == "ok"
    assert (tmp_path / "times").read_text() == "xx"
    second.close()


def test_fifty_megabytes_and_an_interrupt(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, environment_of_kernels())
    kernel.run(LOAD)
    flood = "%%track --cache -q\nimport sys\nfor n in range(500): print('x' * 100_000)"
    assert kernel.run(flood).status == "ok"
    again = kernel.run(flood)
    assert 3_900_000 < len(again.stream("stdout")) < 4_300_000
    stopped = kernel.run("%%track --cache -q\nprint('half')\nraise KeyboardInterrupt")
    assert stopped.ename == "KeyboardInterrupt"
    assert kernel.value("'recorder' in __import__('sys').stdout.write.__module__") == "False"
    assert kernel.run("print('plain')").text == "plain\n"
    kernel.close()
