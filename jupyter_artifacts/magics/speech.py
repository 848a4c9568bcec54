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
    "begun": {
        "en": "run {name} has begun: the cells up to %track stop belong to it.",
        "ja": "run {name} を始めました。%track stop までのセルが含まれます。",
    },
    "ended-before": {
        "en": "run {name} was still open; it ends here.",
        "ja": "run {name} が開いたままだったので、ここで終了しました。",
    },
    "nothing-started": {
        "en": "%track stop: no run was started; %track start begins one",
        "ja": "%track stop: 開始した run はありません。%track start で始めます",
    },
    "on": {
        "en": "each cell is a run from now on, its source included; %track off ends that.",
        "ja": "これからは各セルをソースごと run として記録します。%track off でやめます。",
    },
    "off": {
        "en": "only cells that say so are recorded.",
        "ja": "指定したセルだけを記録します。",
    },
    "every-cell": {
        "en": "%track on: each cell is recorded as a run; {count} so far.",
        "ja": "%track on: 各セルを run として記録中({count})。",
    },
    "started": {
        "en": "run {name} is open since {since}, over {cells}; %track stop ends it.",
        "ja": "run {name} は {since} 前から開いています({cells})。%track stop で終わります。",
    },
    "tracked-only": {
        "en": "nothing is recorded but cells that say so: %%log_artifact, %%track, or the Python API.",
        "ja": "%%log_artifact や %%track、Python API を使うセル以外は何も記録しません。",
    },
    "cell-not-recorded": {
        "en": "this cell is not recorded: {why}",
        "ja": "このセルは記録されません: {why}",
    },
    "no-run": {
        "en": "no run was begun here",
        "ja": "ここで始まった run はありません",
    },
    "wandb-failed": {
        "en": "the cell failed ({why}); its run goes on.",
        "ja": "セルは失敗しました({why})。run は続いています。",
    },
    "cache-hit": {
        "en": "↺ body not run: source, inputs and config as in run {run}; back again: {names}. --no-cache runs it.",
        "ja": "↺ 本体は実行しません: ソース、入力、設定が run {run} と同じ。復元: {names}。--no-cache で実行",
    },
    "outputs": {
        "en": "{count}",
        "ja": "出力({count})",
    },
    "lacks-bytes": {
        "en": "{size} more was too much to keep",
        "ja": "さらに {size} は多すぎて残していません",
    },
    "lacks-widgets": {
        "en": "live widgets are not: {count}",
        "ja": "動くウィジェット {count} 個は除く",
    },
    "lacks-html": {
        "en": "as text and pictures: not kept by you on this machine",
        "ja": "この環境で自分が残したものではないため、文字と画像のみ",
    },
    "cache-new": {
        "en": "the body runs: no run is kept that had this source, these inputs and this config.",
        "ja": "本体を実行します: 同じソース、入力、設定の run がありません。",
    },
    "cache-changed": {
        "en": "the body runs: changed since the last time: {what}.",
        "ja": "本体を実行します: 前回から変わったもの: {what}。",
    },
    "cache-failed-before": {
        "en": "the body runs: the last time it did not end well.",
        "ja": "本体を実行します: 前回は正常に終わっていません。",
    },
    "cache-forced": {
        "en": "the body runs: --no-cache.",
        "ja": "本体を実行します: --no-cache。",
    },
    "cache-moved": {
        "en": "the body runs: run {run} used {names}, which is not the newest any more.",
        "ja": "本体を実行します: run {run} が使った {names} は最新ではなくなりました。",
    },
    "cache-gone": {
        "en": "the body runs: {names}, which run {run} made, was deleted.",
        "ja": "本体を実行します: run {run} が作った {names} は削除されました。",
    },
    "cache-no-variables": {
        "en": "the body runs: run {run} could not keep its variables.",
        "ja": "本体を実行します: run {run} は変数を残せませんでした。",
    },
    "cache-unreadable": {
        "en": "the body runs: what run {run} kept cannot be read ({why}).",
        "ja": "本体を実行します: run {run} の残したものを読めません({why})。",
    },
    "cache-not-kept": {
        "en": "not kept for the next time: {why}",
        "ja": "次回のために残せませんでした: {why}",
    },
    "gc": {
        "en": "{freed} freed, {deleted} deleted; {waiting} wait for a day (--now does not wait).",
        "ja": "{freed} を解放、{deleted} を削除しました。{waiting} は 1 日待ちます(--now で待たずに削除)。",
    },
    "gc-would": {
        "en": "would free {freed} and delete {deleted}; {waiting} would wait for a day. Nothing was changed.",
        "ja": "{freed} を解放、{deleted} を削除し、{waiting} は 1 日待つ予定です。何も変更していません。",
    },
    "gc-expired": {
        "en": "{count} past their time to live are kept; --expired deletes them.",
        "ja": "期限切れの {count} は残しました。--expired で削除します。",
    },
    "draft-kept": {
        "en": "{files} kept until {until} as {name}.",
        "ja": "{files} を {name} として {until} まで残しました。",
    },
    "more-files": {
        "en": "{count} changed in this cell: {files} (-f or --auto-files takes them)",
        "ja": "このセルで変わったファイル: {count}、{files}(-f か --auto-files で含められます)",
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
