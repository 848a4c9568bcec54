"""``wandb.data_types``: the loggable types under the module that examples import them from."""

from __future__ import annotations

from jupyter_artifacts.media.image import Image

__all__ = ["Image"]
