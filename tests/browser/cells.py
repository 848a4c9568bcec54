"""The notebook that the browser tests run: it logs a small project and shows every panel."""

from __future__ import annotations

LOG = """\
import numpy as np
import jupyter_artifacts as ja
from jupyter_artifacts import panels

def log(name, kind, data, metadata, job, uses=()):
    with ja.init(project="digits", job_type=job) as run:
        for used in uses:
            run.use_artifact(used)
        artifact = ja.Artifact(name, type=kind, metadata=metadata)
        for path, content in data.items():
            with artifact.new_file(path, "wb") as file:
                file.write(content)
        run.log_artifact(artifact)

splits = {"training.bin": b"1" * 4000, "validation.bin": b"2" * 900, "test/images.bin": b"3" * 700}
log("mnist-raw", "dataset", splits, {"source": "torchvision", "sizes": [4000, 900, 700]}, "load")
made = {"training.bin": b"4" * 800}
log("mnist-preprocess", "dataset", made, {"normalise": True}, "preprocess", ["mnist-raw:latest"])
log("convnet", "model", {"initial.safetensors": b"5" * 300}, {"hidden": [32, 64], "dropout": 0.25}, "initialise")
for lr in (0.1, 0.01, 0.001):
    log("trained-model", "model", {"weights.safetensors": b"6" * int(lr * 5000)}, {"lr": lr, "acc": 0.97 - lr / 10},
        "train", ["convnet:latest", "mnist-preprocess:latest"])
log("mnist-raw", "dataset", {**splits, "training.bin": b"7" * 5000}, {"source": "torchvision"}, "load")
"""
HARD = """\
from jupyter_artifacts.tracking.hardest import HardestExamples
k = 48
y, x = np.mgrid[0:28, 0:28]
shapes = [np.clip(255 - 60 * abs(np.hypot(x - 14, y - 14 - i % 5) - 4 - i % 6), 0, 255) for i in range(k)]
labels = np.arange(k) % 10
predictions = np.where(np.arange(k) % 4 == 3, labels, (labels + 5) % 10)
probabilities = np.full((k, 10), 0.02, np.float32)
probabilities[np.arange(k), predictions] = 0.82
confusion = np.eye(10, dtype=int) * 90
np.add.at(confusion, (labels, predictions), 1)
hard = HardestExamples(np.linspace(9.8, 0.3, k).astype(np.float32), np.arange(k) * 7 + 3, labels, predictions,
    probabilities, np.stack(shapes).astype(np.uint8), 1000, 36, 0.3, confusion)
"""
CELLS = [
    LOG,
    'card = panels.card("mnist-raw:v1", "logged", new_bytes=5000, seconds=0.4)\ncard',
    "table = ja.artifacts()\ntable",
    'detail = ja.artifact("trained-model:v1")\ndetail',
    "lineage = ja.lineage()\nlineage",
    'focused = ja.lineage("trained-model:v1", up=None, down=None)\nfocused',
    HARD,
    "grid = ja.image_grid(hard)\ngrid",
]
CARD, TABLE, DETAIL, LINEAGE, FOCUSED, GRID = 1, 2, 3, 4, 5, 7
PANELS = {CARD: "card", TABLE: "table", DETAIL: "artifact", LINEAGE: "lineage", FOCUSED: "lineage", GRID: "examples"}
