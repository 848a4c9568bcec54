"""Loading the extension stays light: what records is imported by the first cell that records."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.magics.conftest import environment_of_kernels

CODE = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "jupyter_artifacts")
shell.run_cell("x = 1")
light = sorted(set(sys.modules) - before)
shell.run_cell("%%track -q\\nx = 2")
print(json.dumps([light, sorted(set(sys.modules) - before)]))
"""


def test_what_loading_imports() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment_of_kernels(), capture_output=True, text=True, check=True
    )
    light, all_of_it = json.loads(done.stdout.splitlines()[-1])
    assert not [name for name in light if name.startswith(("jupyter_artifacts.tracking", "jupyter_artifacts.handlers"))]
    assert not {"sqlalchemy", "torch", "numpy", "pandas", "PIL"} & set(light)
    assert "jupyter_artifacts.tracking.session" in all_of_it
