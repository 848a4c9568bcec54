"""Who looks at a store, and who began a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Who is looking: the local user."""

    username: str
    entity: str

    @property
    def name(self) -> str:
        """The same as `username`."""
        return self.username
