"""Python objects in and out of files, one handler a kind. Nothing is ever pickled."""

from __future__ import annotations

from jupyter_artifacts.handlers.base import Handler
from jupyter_artifacts.handlers.registry import (
    handler_for,
    handler_for_path,
    register_handler,
    registered_handlers,
)

__all__ = ["Handler", "handler_for", "handler_for_path", "register_handler", "registered_handlers"]
