"""Optional packages: ask for one, and get an error that says how to install it."""

from __future__ import annotations

import importlib.util

from jupyter_artifacts.errors import MissingDependencyError


def require(package: str, install: str, purpose: str) -> None:
    """Refuse unless `package` can be imported; it is not imported here.

    Parameters
    ----------
    package : str
        The top-level import name, for instance ``"safetensors"``.
    install : str
        What to give to pip.
    purpose : str
        Completes "... is needed", for instance ``"to save tensors"``.
    """
    if importlib.util.find_spec(package) is None:
        raise MissingDependencyError(f"{package} is needed {purpose}: pip install {install}", name=package)
