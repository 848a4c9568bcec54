"""Scenarios that end a writer: kill -9, Ctrl-C, the power."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time

import payload
from findings import NAME, check_store, final, short
from target import alive, descendants


def kill9(t, n=100, seed=1, profiles=("small", "medium"), every_new_store=25, init_kills=True, repair=True):
    """kill -9 at random moments while logging; then list, use, verify, log again.

    Odd kills take the whole process tree (OOM killer, container stop), even
    ones only the process itself; helpers that outlive it get 5 s to finish.
    """
    rnd = random.Random(seed)
    R = dict(
        kills=0,
        during_init=0,
        in_flight=0,
        acked=0,
        lost_acked=0,
        lost_by_mode={},
        torn_visible=0,
        unacked_complete=0,
        unlistable=0,
        stuck=0,
        repaired_by_hand=0,
        dead_stores=0,
        verify_dirty=0,
        leftover_bytes=0,
        examples=[],
    )

    def ex(s):
        if len(R["examples"]) < 12:
            R["examples"].append(s[:300])

    work = t.scratch("work")
    span, dts = {}, {}
    for p in profiles:  # calibrate
        cal = t.run(
            "write_loop", store=t.scratch("cal"), name=NAME, seed=seed, writer=0, start=0, n=5, profile=p, work=work
        )
        if cal.fatal() or not cal.get("ack"):
            return dict(R, error=short(cal.fatal() or (cal.get("err") or [{}])[0]))
        d = [a["dt"] for a in cal.get("ack")]
        per = sorted(d)[len(d) // 2]
        # the first log of a process may cost more (a service starts): strike there too
        cal2 = t.run(
            "write_loop", store=t.scratch("cal"), name=NAME, seed=seed, writer=0, start=0, n=1, profile=p, work=work
        )
        span[p], dts[p] = max(6 * per, (cal2.get("ack") or [{"dt": per}])[0]["dt"] + 2 * per), max(d)
        R[f"ms_per_log_{p}"], R[f"kill_window_ms_{p}"] = round(per * 1000, 1), round(span[p] * 1000)
    store, acked, writer, p = None, {}, 0, profiles[0]
    for it in range(n):
        fresh = it % every_new_store == 0
        if fresh:
            if store:
                final(t, store, acked, R, ex, work)
            p = profiles[it // every_new_store % len(profiles)]
            store, acked = os.path.join(t.scratch("kill"), "store"), {}
        want = lambda w, s, p=p: payload.digest(payload.files(seed, w, s, p))
        writer += 1
        j = t.start(
            "write_loop", store=store, name=NAME, seed=seed, writer=writer, start=0, n=200, profile=p, work=work
        )
        if fresh and init_kills and it:
            time.sleep(rnd.uniform(0, max(0.02, dts[p])))  # strikes store creation
        else:
            end = time.time() + 20
            while not j.get("intent") and time.time() < end and j.wait(0) is None:
                time.sleep(0.0005)
            time.sleep(rnd.uniform(0, span[p]))
        mode = "tree" if it % 2 else "proc"
        kids = descendants(j.pid)
        j.kill(mode)
        j.wait(20)
        end = time.time() + 5
        while any(alive(k) for k in kids) and time.time() < end:
            time.sleep(0.02)
        R["kills"] += 1
        L = j.lines()
        intents = [x["intent"] for x in L if "intent" in x]
        got = {x["ack"]: x["version"] for x in L if "ack" in x}
        for x in L:
            if "err" in x or "fatal" in x:
                ex(f"it{it} writer error before the kill: {short(x)}")
        R["acked"] += len(got)
        R["during_init"] += not intents
        if intents and intents[-1] not in got:
            R["in_flight"] += 1
        for s, v in got.items():
            acked[v] = want(writer, s)
        allowed = {want(writer, s): s for s in intents if s not in got}
        sample = rnd.sample(sorted(acked), min(4, len(acked)))
        before = R["lost_acked"]
        check_store(t, store, acked, allowed, R, ex, work, f"it{it}/{mode}", sample)
        R["lost_by_mode"][mode] = R["lost_by_mode"].get(mode, 0) + R["lost_acked"] - before
        # goes on without help?  As a person would: run the cell again, same content
        redo = (writer, intents[-1]) if intents and intents[-1] not in got else None
        for attempt in (0, 1):
            if redo is None:
                writer += 1
            w, s = redo or (writer, 0)
            j = t.run(
                "write_loop",
                timeout=60,
                store=store,
                name=NAME,
                seed=seed,
                writer=w,
                start=s,
                n=1,
                profile=p,
                work=work,
            )
            a = j.get("ack")
            if a:
                v = a[0]["version"]
                acked[v] = want(w, s)
                before = R["lost_acked"]
                check_store(t, store, acked, {}, R, ex, work, f"it{it}/{mode} re-run", [v], verify=False)
                R["rerun_wrong"] = R.get("rerun_wrong", 0) + R["lost_acked"] - before
                break
            why = short((j.get("err") or [j.fatal() or {"type": "hung" if j.hung else "?"}])[0])
            if attempt == 0:
                R["stuck"] += 1
                ex(f"it{it}/{mode} the next log failed: {why}")
                if repair:
                    R["repaired_by_hand"] += 1
                    t.run("repair", store=store)
            else:
                ex(f"it{it}/{mode} still stuck after repair: {why}")
                R["dead_stores"] += 1
                store, acked = os.path.join(t.scratch("kill"), "store"), {}
    final(t, store, acked, R, ex, work)
    return R


def sigint(t, n=20, seed=8):
    """Ctrl-C at random moments in the middle of log."""
    rnd = random.Random(seed)
    R = dict(
        sent=0,
        keyboardinterrupt=0,
        swallowed=0,
        other={},
        hung=0,
        lost_acked=0,
        torn_visible=0,
        unacked_complete=0,
        unlistable=0,
        verify_dirty=0,
        stuck=0,
        slow_s=0.0,
        examples=[],
    )
    ex = lambda s: R["examples"].append(s[:250]) if len(R["examples"]) < 8 else None
    store, work = os.path.join(t.scratch("int"), "store"), t.scratch("work")
    t.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=2, profile="medium", work=work)
    acked = {}
    for x in t.run("check", store=store, name=NAME, verify=False, work=work).get("used"):
        if "digest" in x:
            acked[x["used"]] = x["digest"]
    j = t.run("write_loop", store=store, name=NAME, seed=seed, writer=1000, start=0, n=3, profile="medium", work=work)
    per = min([x["dt"] for x in j.get("ack")] or [0.1])
    first = max([x["dt"] for x in j.get("ack")] or [0.1])
    for x in j.get("ack"):
        acked[x["version"]] = payload.digest(payload.files(seed, 1000, x["ack"], "medium"))
    for it in range(1, n + 1):
        j = t.start(
            "write_loop", store=store, name=NAME, seed=seed, writer=it, start=0, n=50, profile="medium", work=work
        )
        end = time.time() + 20
        while not j.get("intent") and time.time() < end and j.wait(0) is None:
            time.sleep(0.0005)
        time.sleep(rnd.uniform(0, first + per))
        t0 = time.time()
        seen = len(j.lines())
        with contextlib.suppress(ProcessLookupError):
            os.kill(j.pid, signal.SIGINT)
        R["sent"] += 1
        if j.wait(15) is None:
            if len(j.lines()) > seen + 4:
                R["swallowed"] += 1
                ex("went on logging after SIGINT")
            else:
                R["hung"] += 1
            j.kill("tree")
            j.wait(10)
        R["slow_s"] = max(R["slow_s"], round(time.time() - t0, 2))
        f = j.fatal()
        if f and f["fatal"] == "KeyboardInterrupt":
            R["keyboardinterrupt"] += 1
        elif f or j.get("err"):
            k = (f or {}).get("fatal") or j.get("err")[0]["type"]
            R["other"][k] = R["other"].get(k, 0) + 1
            ex(short(f or j.get("err")[0]))
        got = {x["ack"]: x["version"] for x in j.get("ack")}
        for s, v in got.items():
            acked[v] = payload.digest(payload.files(seed, it, s, "medium"))
        allowed = {
            payload.digest(payload.files(seed, it, x["intent"], "medium")): 1
            for x in j.get("intent")
            if x["intent"] not in got
        }
        check_store(
            t,
            store,
            acked,
            allowed,
            R,
            ex,
            work,
            f"it{it}",
            rnd.sample(sorted(acked), min(2, len(acked))),
            verify=it == n,
        )
        k = t.run(
            "write_loop",
            timeout=60,
            store=store,
            name=NAME,
            seed=seed,
            writer=500 + it,
            start=0,
            n=1,
            profile="small",
            work=work,
        )
        if k.get("ack"):
            acked[k.get("ack")[0]["version"]] = payload.digest(payload.files(seed, 500 + it, 0, "small"))
        else:
            R["stuck"] += 1
            ex("next log failed: " + short((k.get("err") or [k.fatal() or {}])[0]))
            t.run("repair", store=store)
    R.pop("_torn", None)
    return R


def powercut(t, rounds=6, each=3, seed=10, megabytes=192):
    """Power loss: the store is on a small loop-mounted ext4; right after the ack the image file is copied.

    The copy holds what reached the "disk" by then, and nothing that was only in
    the page cache.  It is mounted in the place of the original and checked.
    """
    R = dict(
        rounds=0,
        acked=0,
        lost_acked=0,
        torn_visible=0,
        unacked_complete=0,
        unlistable=0,
        verify_dirty=0,
        stuck=0,
        examples=[],
    )
    ex = lambda s: R["examples"].append(s[:260]) if len(R["examples"]) < 8 else None
    sh = lambda *a: subprocess.run(a, check=True, capture_output=True)
    for k in range(rounds):
        root, work = t.scratch("power"), t.scratch("work")
        img, cut, mnt = os.path.join(root, "disk.img"), os.path.join(root, "cut.img"), os.path.join(root, "mnt")
        os.mkdir(mnt)
        sh("truncate", "-s", f"{megabytes}M", img)
        sh("mkfs.ext4", "-q", "-F", img)
        sh("mount", "-o", "loop,commit=300", img, mnt)
        store, mounted = os.path.join(mnt, "store"), True
        try:
            t.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=1, profile="medium", work=work)
            acked = {}
            for x in t.run("check", store=store, name=NAME, verify=False, work=work).get("used"):
                if "digest" in x:
                    acked[x["used"]] = x["digest"]
            sh("sync", "-f", mnt)  # the first version is safe; the next are on their own
            j = t.run(
                "write_loop", store=store, name=NAME, seed=seed, writer=1, start=0, n=each, profile="medium", work=work
            )
            sh("cp", "--sparse=always", img, cut)  # the power goes
            for x in j.get("ack"):
                acked[x["version"]] = payload.digest(payload.files(seed, 1, x["ack"], "medium"))
            R["acked"] += len(acked)
            for _ in range(50):
                if subprocess.run(["umount", mnt], capture_output=True).returncode == 0:
                    break
                time.sleep(0.2)
            else:
                subprocess.run(["umount", "-l", mnt], capture_output=True)
            mounted = False
            sh("mount", "-o", "loop", cut, mnt)
            mounted = True
            check_store(t, store, acked, {}, R, ex, work, f"round {k}", None, verify="verify" not in t.lacks)
            j = t.run(
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
            if not j.get("ack"):
                R["stuck"] += 1
                ex("next log: " + short((j.get("err") or [j.fatal() or {"type": "hung"}])[0]))
            R["rounds"] += 1
        finally:
            for _ in range(2 * mounted):  # a helper process may still hold the folder
                if subprocess.run(["umount", mnt], capture_output=True).returncode:
                    time.sleep(1)
                    subprocess.run(["umount", "-l", mnt], capture_output=True)
            for p in (img, cut):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(p)
    R.pop("_torn", None)
    return R
