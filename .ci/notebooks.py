"""Execute the notebooks in notebooks/ and store their outputs in place, for readers on code-hosting sites.

Each runs in an empty folder of its own; only static twins are stored, no widget state,
no timings, nothing of this machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def main() -> int:
    """Execute every notebook; the files are rewritten only when all cells ran."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        print(f"{path.name} ...", end=" ", flush=True)
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "MNIST").symlink_to(FOLDER / "MNIST")
            NotebookClient(
                notebook,
                extra_arguments=["--log-level=ERROR"],
                timeout=900,
                record_timing=False,
                store_widget_state=False,
                resources={"metadata": {"path": folder}},
            ).execute()
        notebook.metadata.pop("widgets", None)
        notebook.metadata.language_info = {"name": "python"}
        nbformat.write(notebook, path)
        print(f"{path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
