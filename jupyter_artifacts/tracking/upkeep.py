"""Looking after a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import Problem
    from jupyter_artifacts.tracking.stores import Where


def verify(store: Where = None, data: bool = False) -> list[Problem]:
    """Return what is wrong with a store; empty when it is sound.

    Parameters
    ----------
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.
    data : bool, default False
        Read and hash every byte, not only the manifests.

    Raises
    ------
    NotFoundError
        There is no store.

    Examples
    --------
    ::

        for problem in verify(data=True):
            print(problem)
    """
    return store_at(store, create=False).verify(data=data)
