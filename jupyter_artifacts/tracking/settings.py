"""Settings: what W&B code passes to ``init(settings=...)``, and what a run was begun with."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_artifacts.errors import InvalidTypeError


@dataclass
class Settings:
    """The settings that mean something here; W&B's others are taken and change nothing.

    Parameters
    ----------
    mode, project, entity, run_id, run_name, run_group, run_job_type, run_notes : str, optional
    run_tags : sequence of str, optional
    reinit, resume : str or bool, optional
    allow_val_change : bool, optional
    fork_from, resume_from : str, optional
        ``"id?_step=N"``
    root_dir : str, optional
        Where the run's folder is made, instead of in the store.
    save_code : bool, optional
        Whether the program, or the notebook, is kept with the run.
    """

    mode: str | None = None
    project: str | None = None
    entity: str | None = None
    run_id: str | None = None
    run_name: str | None = None
    run_group: str | None = None
    run_job_type: str | None = None
    run_notes: str | None = None
    run_tags: tuple[str, ...] | list[str] | None = None
    reinit: str | bool | None = None
    resume: str | bool | None = None
    allow_val_change: bool | None = None
    fork_from: str | None = None
    resume_from: str | None = None
    silent: bool | None = None
    quiet: bool | None = None
    console: str | None = None
    start_method: str | None = None
    init_timeout: float | None = None
    save_code: bool | None = None
    disable_code: bool | None = None
    disable_git: bool | None = None
    root_dir: str | None = None
    notebook_name: str | None = None
    anonymous: str | None = None
    x_disable_stats: bool | None = None
    _disable_stats: bool | None = None
    _disable_meta: bool | None = None
    api_key: str | None = None
    base_url: str | None = None
    code_dir: str | None = None
    disable_job_creation: bool | None = None
    git_root: str | None = None
    host: str | None = None
    program: str | None = None
    show_info: bool | None = None
    show_warnings: bool | None = None
    strict: bool | None = None
    symlink: bool | None = None
    sync_tensorboard: bool | None = None
    table_raise_on_max_row_limit_exceeded: bool | None = None
    x_stats_sampling_interval: float | None = None
    allow_offline_artifacts: bool | None = None
    app_url_override: str | None = None
    capture_loggers: list[str] | None = None
    config_paths: list[str] | None = None
    console_multipart: bool | None = None
    credentials_file: str | None = None
    docker: str | None = None
    email: str | None = None
    finish_timeout: float | None = None
    force: bool | None = None
    heartbeat_seconds: int | None = None
    http_proxy: str | None = None
    https_proxy: str | None = None
    identity_token_file: str | None = None
    ignore_globs: tuple[str, ...] | list[str] | None = None
    insecure_disable_ssl: bool | None = None
    job_name: str | None = None
    job_source: str | None = None
    label_disable: bool | None = None
    launch: bool | None = None
    login_timeout: float | None = None
    max_end_of_run_history_metrics: int | None = None
    max_end_of_run_summary_metrics: int | None = None
    monitor_gym: bool | None = None
    organization: str | None = None
    program_relpath: str | None = None
    relogin: bool | None = None
    sagemaker_disable: bool | None = None
    show_colors: bool | None = None
    show_errors: bool | None = None
    sweep_id: str | None = None
    username: str | None = None
    x_disable_machine_info: bool | None = None
    x_disable_meta: bool | None = None
    x_disable_setproctitle: bool | None = None
    x_disable_update_check: bool | None = None
    x_extra_http_headers: dict[str, str] | None = None
    x_file_stream_timeout_seconds: float | None = None
    x_file_stream_transmit_interval: float | None = None
    x_files_dir: str | None = None
    x_graphql_timeout_seconds: float | None = None
    x_label: str | None = None
    x_primary: bool | None = None
    x_primary_node: bool | None = None
    x_require_legacy_service: bool | None = None
    x_save_requirements: bool | None = None
    x_server_side_derived_summary: bool | None = None
    x_service_transport: str | None = None
    x_service_wait: float | None = None
    x_skip_transaction_log: bool | None = None
    x_stats_buffer_size: int | None = None
    x_stats_disk_paths: tuple[str, ...] | list[str] | None = None
    x_stats_gpu_device_ids: tuple[int, ...] | list[int] | None = None
    x_stats_pid: int | None = None
    x_stats_track_process_tree: bool | None = None
    x_sync: bool | None = None
    x_update_finish_state: bool | None = None
    _disable_setproctitle: bool | None = None
    _executable: str | None = None
    _live_policy_rate_limit: int | None = None
    _save_requirements: bool | None = None
    _service_wait: float | None = None
    _stats_sample_rate_seconds: float | None = None
    _stats_samples_to_average: int | None = None
    _stats_sampling_interval: float | None = None


def check_settings(value: object) -> Settings:
    """Return settings given as an object, a dict or not at all."""
    if value is None:
        return Settings()
    if isinstance(value, Settings):
        return value
    if isinstance(value, dict):
        return Settings(**value)
    raise InvalidTypeError(f"settings must be Settings or a dict, not {type(value).__name__}")
