"""Values that are logged as files with a small JSON beside them: pictures, so far."""

from __future__ import annotations

from jupyter_artifacts.media.base import Media, MediaFile, MediaSource
from jupyter_artifacts.media.image import Image

__all__ = ["Image", "Media", "MediaFile", "MediaSource"]
