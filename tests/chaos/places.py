"""Scenarios about the disk and the clock: full, read-only, wrong."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import contextlib
import os
import subprocess
import time

import payload
from findings import NAME, check_store, short


@contextlib.contextmanager
def small_disk(t, megabytes, kind="tmpfs"):
    d = t.scratch("disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "tmpfs", d], check=True)
    try:
        yield d
    finally:
        for _ in range(20):
            if subprocess.run(["umount", d], capture_output=True).returncode == 0:
                break
            time.sleep(0.5)
        else:
            subprocess.run(["umount", "-l", d])


def diskfull(t, megabytes=24, seed=3, tries=12):
    """The disk fills while logging; what was acked stays; after space is freed it goes on."""
    R = dict(
        acked=0,
        errors=[],
        error_kinds={},
        lost_acked=0,
        torn_visible=0,
        unacked_complete=0,
        verify_dirty=0,
        unlistable=0,
        acked_when_full=0,
        examples=[],
    )
    ex = lambda s: R["examples"].append(s[:300]) if len(R["examples"]) < 8 else None
    work = t.scratch("work")
    with small_disk(t, megabytes) as d:
        store = os.path.join(d, "store")
        j0 = t.run("init", store=store)
        if j0.fatal():
            return dict(R, error=short(j0.fatal()))
        acked, allowed = {}, {}
        # fill slowly: a ballast leaves room for a few versions, then none
        for w in range(tries):
            j = t.run(
                "write_loop",
                timeout=90,
                store=store,
                name=NAME,
                seed=seed,
                writer=w,
                start=0,
                n=6,
                profile="medium",
                work=work,
            )
            for x in j.get("ack"):
                acked[x["version"]] = payload.digest(payload.files(seed, w, x["ack"], "medium"))
            for x in j.get("intent"):
                allowed[payload.digest(payload.files(seed, w, x["intent"], "medium"))] = 1
            bad = j.get("err") + ([j.fatal()] if j.fatal() else []) + ([{"type": "HUNG"}] if j.hung else [])
            for b in bad:
                k = (b.get("type") or b.get("fatal")) + (" (OSError)" if "OSError" in b.get("mro", []) else "")
                R["error_kinds"][k] = R["error_kinds"].get(k, 0) + 1
                if len(R["errors"]) < 3:
                    R["errors"].append(short(b)[:260])
            free = os.statvfs(d)
            R["free_at_end"] = free.f_bavail * free.f_bsize
            if [1 for _ in bad] and sum(R["error_kinds"].values()) >= 4:
                break
        R["acked"] = len(acked)
        check_store(t, store, acked, allowed, R, ex, work, "full", None)
        R["after_full"] = dict(
            lost=R["lost_acked"], torn=R["torn_visible"], unlistable=R["unlistable"], verify=R["verify_dirty"]
        )
        subprocess.run(["mount", "-o", f"remount,size={megabytes * 4}m", d], check=True)
        j = t.run(
            "write_loop",
            timeout=90,
            store=store,
            name=NAME,
            seed=seed,
            writer=99,
            start=0,
            n=1,
            profile="medium",
            work=work,
        )
        a = j.get("ack")
        R["recovers_after_space_freed"] = bool(a)
        if not a:
            ex("after freeing: " + short((j.get("err") or [j.fatal() or {"type": "hung"}])[0]))
            t.run("repair", store=store)
            j = t.run(
                "write_loop",
                timeout=90,
                store=store,
                name=NAME,
                seed=seed,
                writer=98,
                start=0,
                n=1,
                profile="medium",
                work=work,
            )
            R["recovers_after_hand_repair"] = bool(j.get("ack"))
        acked = dict(acked.items())
        for x in a:
            acked[x["version"]] = payload.digest(payload.files(seed, 99, 0, "medium"))
        check_store(t, store, acked, allowed, R, ex, work, "freed", None)
    return R


def readonly(t, seed=6):
    """A store on a read-only mount: list and use work, log says why not, nothing hangs."""
    d, work = t.scratch("ro"), t.scratch("work")
    store = os.path.join(d, "store")
    j = t.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=2, profile="small", work=work)
    want = {x["version"]: payload.digest(payload.files(seed, 0, x["ack"], "small")) for x in j.get("ack")}
    subprocess.run(["mount", "--bind", d, d], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", d], check=True)
    try:
        t0 = time.time()
        c = t.run("check", timeout=60, store=store, name=NAME, verify="verify" not in t.lacks, work=work)
        R = {
            "open_list": "ok"
            if c.get("listed") and len(c.get("listed")[0]["listed"]) == len(want)
            else short((c.get("list_err") or [c.fatal() or {"type": "hung"}])[0])
        }
        us = c.get("used")
        R["use"] = (
            "ok"
            if us and all(x.get("digest") == want.get(x["used"]) for x in us)
            else short(next(x for x in us if "use_err" in x))
            if any("use_err" in x for x in us)
            else "-"
        )
        R["verify"] = (
            str((c.get("verify") or [{"verify": None}])[0]["verify"])
            if not c.get("verify_err")
            else short(c.get("verify_err")[0])
        )
        R["read_s"] = round(time.time() - t0, 2)
        t0 = time.time()
        j = t.run(
            "write_loop",
            timeout=60,
            store=store,
            name=NAME,
            seed=seed,
            writer=1,
            start=0,
            n=1,
            profile="small",
            work=work,
        )
        e = (j.get("err") or [j.fatal() or {"type": "HUNG" if j.hung else "ACKED?!"}])[0]
        R["log"] = "ACKED?!" if j.get("ack") else short(e)
        R["log_s"] = round(time.time() - t0, 2)
    finally:
        subprocess.run(["umount", d], check=False)
    return R


def clock(t, seed=7):
    """The clock jumps back a day between two versions, and forward ten years."""
    R = {}
    for tag, skew in (("back 1 day", -86400.0), ("forward 10 years", 315e6), ("before 1970", -2e9)):
        store, work = os.path.join(t.scratch("clk"), "store"), t.scratch("work")
        ids = []
        for w, s in enumerate((None, skew, None)):
            j = t.run(
                "write_loop",
                timeout=90,
                store=store,
                name=NAME,
                seed=seed,
                writer=w,
                start=0,
                n=1,
                profile="small",
                work=work,
                clock=s,
            )
            ids.append(
                j.get("ack")[0]["version"]
                if j.get("ack")
                else short((j.get("err") or [j.fatal() or {"type": "hung"}])[0])[:120]
            )
        l = t.run("latest", timeout=60, store=store, name=NAME)
        x = (l.get("listed") or [l.fatal() or {}])[0]
        R[tag] = (
            "ok"
            if x.get("listed") == ids and x.get("latest") == ids[-1]
            else dict(logged=ids, listed=x.get("listed"), latest=x.get("latest"), err=x.get("msg"))
        )
    return R
