"""Scenarios that watch or break system calls, by strace."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import os
import re
import shutil
import time

import payload
from findings import NAME, blobs, check_store, short
from target import Target


def fsync_order(t, seed=9):
    """Power loss, statically: which blobs are flushed, and before the catalog is? (needs strace)"""
    if not shutil.which("strace"):
        return "skipped: no strace"
    root = t.scratch("strace")
    out = os.path.join(root, "trace")
    w = Target(
        t.python,
        t.adapter,
        os.path.join(root, "t"),
        wrap=[
            "strace",
            "-f",
            "-y",
            "-qq",
            "-o",
            out,
            "-e",
            "trace=fsync,fdatasync,sync_file_range,syncfs,sync,rename,renameat,renameat2,link,linkat,msync",
        ],
    )
    store, work = os.path.join(root, "store"), t.scratch("work")
    w.run("init", store=store)
    mark = os.path.getsize(out) if os.path.exists(out) else 0
    j = w.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=1, profile="medium", work=work)
    time.sleep(0.3)
    with open(out, errors="replace") as f:
        f.seek(mark)
        lines = f.read().splitlines()
    w.close()
    if not j.get("ack"):
        return {"error": short((j.get("err") or [j.fatal() or {}])[0])}
    synced, came, when = {}, {}, {}
    for i, l in enumerate(lines):
        m = re.search(r"\b(?:fsync|fdatasync|sync_file_range|syncfs)\(\d+<([^>]*)>", l)
        if m:
            synced[m[1]] = i
        m = re.search(r"\b(?:rename|renameat2?|linkat|link)\((.*)\)\s*= 0", l)
        if m:
            q = re.findall(r'"([^"]*)"', m[1])
            at = re.findall(r"<([^>]*)>", m[1])
            if len(q) == 2:
                ab = [p if os.path.isabs(p) else os.path.join(at[k] if k < len(at) else "", p) for k, p in enumerate(q)]
                came.setdefault(ab[1], []).append(ab[0])
    tree = payload.files(seed, 0, 0, "medium")
    R = dict(blobs=0, flushed=0, folder_flushed=0, renamed_into_place=0)
    where = {
        k: [p for p in ps if f"{os.sep}{NAME}{os.sep}" not in p[len(store) :] or len(ps) == 1]
        for k, ps in blobs(store, tree).items()
    }
    for ps in where.values():
        for p in ps:
            R["blobs"] += 1
            names = [p, *came.get(p, [])]
            R["renamed_into_place"] += p in came
            R["flushed"] += any(x in synced for x in names)
            R["folder_flushed"] += os.path.dirname(p) in synced
            when[p] = min([synced[x] for x in names if x in synced], default=None)
    others = {
        os.path.relpath(p, store): i
        for p, i in synced.items()
        if p.startswith(store) and p not in when and not any(p in c for c in came.values()) and not os.path.isdir(p)
    }
    R["other_files_flushed"] = sorted(others)[:6]
    R["fsync_calls"] = sum("fsync(" in l or "fdatasync(" in l for l in lines)
    return R


def sysfail(
    t,
    calls=("fsync:EIO", "fdatasync:EIO", "rename:EIO", "pwrite64:ENOSPC", "ftruncate:EIO"),
    nth=(1, 2, 3, 5, 8),
    seed=11,
):
    """The n-th system call of a kind fails once (strace injects it): an error, or a whole version; then it goes on."""
    if not shutil.which("strace"):
        return "skipped: no strace"
    R = dict(
        runs=0,
        fired=0,
        error_shown=0,
        acked_anyway=0,
        lost_acked=0,
        torn_visible=0,
        unacked_complete=0,
        unlistable=0,
        verify_dirty=0,
        stuck=0,
        kinds={},
        examples=[],
    )
    ex = lambda x: R["examples"].append(x[:260]) if len(R["examples"]) < 8 else None
    base, work = os.path.join(t.scratch("sys"), "store"), t.scratch("work")
    t.run("write_loop", store=base, name=NAME, seed=seed, writer=0, start=0, n=1, profile="small", work=work)
    first = {
        x["used"]: x["digest"]
        for x in t.run("check", store=base, name=NAME, verify=False, work=work).get("used")
        if "digest" in x
    }
    for call in calls:
        name, err = call.split(":")
        for n in nth:
            store = base  # the same path each time: some products store absolute ones
            shutil.rmtree(base + ".orig", ignore_errors=True)
            shutil.copytree(base, base + ".orig", symlinks=True)
            log = os.path.join(t.scratch("st"), "log")
            w = Target(
                t.python,
                t.adapter,
                t.scratch("z"),
                wrap=[
                    "strace",
                    "-f",
                    "-qq",
                    "-o",
                    log,
                    "-e",
                    f"trace={name}",
                    "-e",
                    f"inject={name}:error={err}:when={n}",
                ],
            )
            j = w.run(
                "write_loop",
                timeout=60,
                store=store,
                name=NAME,
                seed=seed,
                writer=1,
                start=0,
                n=2,
                profile="small",
                work=work,
                stop_on_error=False,
            )
            w.close()
            with open(log, errors="replace") as f:
                fired = "INJECTED" in f.read()
            R["runs"] += 1
            R["fired"] += fired
            bad = (
                j.get("err")
                + j.get("reopen_err")
                + ([j.fatal()] if j.fatal() else [])
                + ([{"type": "HUNG"}] if j.hung else [])
            )
            R["error_shown"] += bool(fired and bad)
            R["acked_anyway"] += bool(fired and not bad)
            for b in bad[:1]:
                k = f"{name}: {b.get('type') or b.get('fatal')}"
                R["kinds"][k] = R["kinds"].get(k, 0) + 1
            acked = dict(
                first, **{x["version"]: payload.digest(payload.files(seed, 1, x["ack"], "small")) for x in j.get("ack")}
            )
            allowed = {payload.digest(payload.files(seed, 1, x["intent"], "small")): 1 for x in j.get("intent")}
            check_store(t, store, acked, allowed, R, ex, work, f"{call} #{n}", None, verify="verify" not in t.lacks)
            k = t.run(
                "write_loop",
                timeout=60,
                store=store,
                name=NAME,
                seed=seed,
                writer=2,
                start=0,
                n=1,
                profile="small",
                work=work,
            )
            if not k.get("ack"):
                R["stuck"] += 1
                ex(f"{call} #{n} next log: " + short((k.get("err") or [k.fatal() or {}])[0]))
            shutil.rmtree(base)
            os.rename(base + ".orig", base)
    R.pop("_torn", None)
    return R
