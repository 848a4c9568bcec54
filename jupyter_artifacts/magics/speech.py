"""The lines that the magics say, in the language of ``%config JupyterArtifacts.lang``."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "ja"]

_LINES: dict[str, dict[Language, str]] = {
    "not-logged": {
        "en": "{name} not logged ({why}); latest is still {latest}.",
        "ja": "{name} は記録されませんでした({why})。latest は {latest} のままです。",
    },
    "not-logged-first": {
        "en": "{name} not logged ({why}); it has no version yet.",
        "ja": "{name} は記録されませんでした({why})。バージョンはまだありません。",
    },
    "run-failed": {
        "en": "run {name} failed ({why}).",
        "ja": "run {name} は失敗しました({why})。",
    },
    "run-interrupted": {
        "en": "run {name} was interrupted ({why}).",
        "ja": "run {name} は中断されました({why})。",
    },
    "retry": {
        "en": "{name} not logged: {why}. The variables are there: mend it, then %log_artifact --retry",
        "ja": "{name} は記録されませんでした: {why}。変数は残っています。直して %log_artifact --retry",
    },
    "crashed": {
        "en": "run {name} did not end: its kernel is gone. It is marked as crashed; what it had logged is kept.",
        "ja": "run {name} は終了していません。カーネルが消えたため crashed とし、記録済みのものは残しました。",
    },
    "nothing-to-retry": {
        "en": "there is nothing to retry: no tracked cell has failed to log in this session",
        "ja": "やり直すものはありません。このセッションで記録に失敗したセルはありません",
    },
    "dry-run": {
        "en": "would log {name} ({kind}): {what}. Nothing was logged.",
        "ja": "{name}({kind})を記録する内容: {what}。何も記録していません。",
    },
    "unchanged": {
        "en": "{name} is as {latest}; nothing was changed.",
        "ja": "{name} は {latest} と同じです。何も変更していません。",
    },
    "loaded": {
        "en": "jupyter_artifacts {version}: the store is {store}, the project {project}.",
        "ja": "jupyter_artifacts {version}: ストアは {store}、プロジェクトは {project} です。",
    },
}


def say(which: str, language: Language, /, **parts: str) -> str:
    """Return a line with its parts filled in."""
    return _LINES[which][language].format(**parts)
