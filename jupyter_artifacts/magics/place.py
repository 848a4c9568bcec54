"""The store and project that the magics look in when a line names neither; none is made by looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.store import Store


class StorePlace:
    """Asks tracking anew each time: a run may begin, the working folder may change."""

    def store(self) -> Store | None:
        """Return the active run's store, else the one that is found, else None."""
        from jupyter_artifacts.tracking.session import active_run
        from jupyter_artifacts.tracking.stores import has_store, store_at

        run = active_run()
        if run is not None:
            return run.store
        return store_at(create=False) if has_store() else None

    def catalog(self) -> Catalog | None:
        """Return the store's catalog, None where there is no store."""
        store = self.store()
        return None if store is None else store.catalog

    def project(self) -> str:
        """Return the active run's project, else the environment's."""
        from jupyter_artifacts.tracking.artifact.host import default_project

        return default_project()

    def settle(self) -> list[str]:
        """Mark the runs that a killed process left as crashed; return their names."""
        from jupyter_artifacts.store.location import locate
        from jupyter_artifacts.store.peek import may_have_running

        found = locate(None)
        if not found.exists or not may_have_running(found.folder):
            return []
        from jupyter_artifacts.tracking.liveness import settle_dead_runs

        store = self.store()
        if store is None or store.read_only:
            return []
        return [run.name for run in settle_dead_runs(store)]

    def told(self) -> dict[str, str]:
        """Return what the line of ``verbose`` says."""
        from jupyter_artifacts._version import __version__
        from jupyter_artifacts.store.location import locate

        return {"version": __version__, "store": str(locate(None).folder), "project": self.project()}
