"""``wandb.data_types``: the loggable types under the module that examples import them from."""

from __future__ import annotations

from jupyter_artifacts.media.audio import Audio
from jupyter_artifacts.media.base import Media, WBValue
from jupyter_artifacts.media.classes import Classes
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.html import Html
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.molecule import Molecule
from jupyter_artifacts.media.object3d import Object3D
from jupyter_artifacts.media.plotly import Plotly
from jupyter_artifacts.media.tables.joined import JoinedTable
from jupyter_artifacts.media.tables.partitioned import PartitionedTable
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.media.tables.type_names import _ForeignIndexType
from jupyter_artifacts.media.video import Video

__all__ = [
    "Audio",
    "Classes",
    "Histogram",
    "Html",
    "Image",
    "JoinedTable",
    "Media",
    "Molecule",
    "Object3D",
    "PartitionedTable",
    "Plotly",
    "Table",
    "Video",
    "WBValue",
    "_ForeignIndexType",
]
