"""Reads the command line, runs one command, and turns errors into one line and an exit status.

Exit status: 0 done; 1 done, and there is something to look at (``verify`` found a
problem, ``diff`` a difference); 2 the command line is wrong; 3 there is no such
thing; 4 the store is in trouble.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.cli.parser import parser
from jupyter_artifacts.errors import ArtifactsError, CommError, StoreError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.cli.output import Answer

_USAGE, _MISSING, _TROUBLE = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["artifact"]:  # W&B's own command line says `wandb artifact put`
        del given[0]
    options = parser().parse_args(given)
    # One line in colour-free text is the answer, not what the API says beside it.
    os.environ.setdefault("JUPYTER_ARTIFACTS_SILENT", "1")
    from jupyter_artifacts.cli.output import show

    module, _, function = options.command.partition(":")
    command: Callable[[argparse.Namespace], Answer] = getattr(
        importlib.import_module(f"jupyter_artifacts.cli.{module}"), function
    )
    try:
        answer = command(options)
        show(answer, as_json=options.json)
    except ArtifactsError as error:
        print(f"jupyter artifacts {options.verb}: {error}", file=sys.stderr)  # noqa: T201  this is a command line
        return _MISSING if isinstance(error, CommError) else _TROUBLE if isinstance(error, StoreError) else _USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return answer.status


if __name__ == "__main__":
    sys.exit(main())
