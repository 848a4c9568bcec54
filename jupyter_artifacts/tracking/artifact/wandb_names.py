"""``wandb.sdk.artifacts.artifact_manifest_entry``: the class of an artifact's entries under W&B's name."""

from __future__ import annotations

from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry

__all__ = ["ArtifactManifestEntry"]

ArtifactManifestEntry = ArtifactEntry
