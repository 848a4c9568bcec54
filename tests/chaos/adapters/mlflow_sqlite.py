"""MLflow: SQLite tracking store + local artifact folder, model registry versions."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

import logging
import os
import warnings

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
warnings.filterwarnings("ignore")
import mlflow
import mlflow.store.artifact.local_artifact_repo
import mlflow.store.model_registry.sqlalchemy_store
import mlflow.store.tracking.sqlalchemy_store
from mlflow.exceptions import MlflowException

logging.getLogger("mlflow").setLevel(logging.ERROR)
logging.getLogger("alembic").setLevel(logging.ERROR)
from adapter import Adapter


class ADAPTER(Adapter):
    title = "mlflow " + mlflow.__version__
    lacks = frozenset({"verify"})

    def init(self):
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

    def log_dir(self, name, path, metadata=None, aliases=(), type="dataset"):
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

    def log_entry(self, name, local_file, entry):
        run = self.c.create_run(self.eid)
        _d, _b = os.path.split(entry)
        self.c.log_artifact(run.info.run_id, local_file, entry)
        return run.info.run_id

    def use(self, name, version, dest):
        os.makedirs(dest)
        return mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}/{version}", dst_path=dest)

    def list(self, name):
        return [
            str(m.version) for m in sorted(self.c.search_model_versions(f"name='{name}'"), key=lambda m: int(m.version))
        ]

    def latest(self, name):
        return str(self.c.get_latest_versions(name)[0].version)

    def metadata(self, name, version):
        mv = self.c.get_model_version(name, version)
        return dict(self.c.get_run(mv.run_id).data.params)

    def resolve(self, name, alias):
        return str(self.c.get_model_version_by_alias(name, alias).version)

    def catalog_files(self):
        return [os.path.join(self.store, "mlflow.db")]
