"""Values that are logged as files with a small JSON beside them: pictures, tables, sounds, charts."""

from __future__ import annotations

from jupyter_artifacts.media.base import Inline, Media, MediaFile, MediaSource
from jupyter_artifacts.media.image import Image

__all__ = ["Image", "Inline", "Media", "MediaFile", "MediaSource"]
