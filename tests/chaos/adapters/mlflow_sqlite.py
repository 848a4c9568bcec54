"""MLflow: SQLite tracking store + local artifact folder, model registry versions."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
warnings.filterwarnings("ignore")
mlflow: Any = importlib.import_module("mlflow")
for _module in ("artifact.local_artifact_repo", "model_registry.sqlalchemy_store", "tracking.sqlalchemy_store"):
    importlib.import_module(f"mlflow.store.{_module}")
MlflowException: type[Exception] = importlib.import_module("mlflow.exceptions").MlflowException

logging.getLogger("mlflow").setLevel(logging.ERROR)
logging.getLogger("alembic").setLevel(logging.ERROR)
from tests.chaos.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Sequence


class ADAPTER(Adapter):
    title = "mlflow " + mlflow.__version__
    lacks = frozenset({"verify"})

    def init(self) -> None:
        s = os.path.abspath(self.store)
        os.makedirs(os.path.join(s, "artifacts"), exist_ok=True)
        uri = "sqlite:///" + os.path.join(s, "mlflow.db")
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        self.c = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
        e = self.c.get_experiment_by_name("chaos")
        if e is None:
            try:
                self.eid = self.c.create_experiment("chaos", artifact_location="file://" + os.path.join(s, "artifacts"))
            except MlflowException as ex:
                if "exist" not in str(ex):
                    raise
                self.eid = self.c.get_experiment_by_name("chaos").experiment_id
        else:
            self.eid = e.experiment_id

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        c = self.c
        run = c.create_run(self.eid)
        rid = run.info.run_id
        for k, v in (metadata or {}).items():
            c.log_param(rid, k, v)
        c.log_artifacts(rid, path, "data")
        try:
            c.create_registered_model(name)
        except MlflowException as ex:
            if "exist" not in str(ex):
                raise
        mv = c.create_model_version(name, source=f"{run.info.artifact_uri}/data", run_id=rid)
        for al in aliases:
            c.set_registered_model_alias(name, al, mv.version)
        c.set_terminated(rid)
        return str(mv.version)

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        run = self.c.create_run(self.eid)
        self.c.log_artifact(run.info.run_id, local_file, entry)
        return str(run.info.run_id)

    def use(self, name: str, version: str, dest: str) -> str:
        os.makedirs(dest)
        return str(mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}/{version}", dst_path=dest))

    def list(self, name: str) -> Sequence[str]:
        return [
            str(m.version) for m in sorted(self.c.search_model_versions(f"name='{name}'"), key=lambda m: int(m.version))
        ]

    def latest(self, name: str) -> str:
        return str(self.c.get_latest_versions(name)[0].version)

    def metadata(self, name: str, version: str) -> Any:
        mv = self.c.get_model_version(name, version)
        return dict(self.c.get_run(mv.run_id).data.params)

    def resolve(self, name: str, alias: str) -> str:
        return str(self.c.get_model_version_by_alias(name, alias).version)

    def catalog_files(self) -> Sequence[str]:
        return [os.path.join(self.store, "mlflow.db")]
