"""``wandb.sdk.lib.RunDisabled``: a class that integrations ask for by name."""

from __future__ import annotations

__all__ = ["RunDisabled"]


class RunDisabled:
    """Nothing is an instance of it: a disabled run is a `Run`, whose `disabled` is True."""
