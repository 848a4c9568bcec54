"""Bad inputs.  run_case(adapter, id, work) -> {"outcome": ..., "detail": ...}

outcome: ok (round-trips), changed (accepted, comes back different), error,
ESCAPED (wrote or read outside), MERGED (two things became one), n/a.
"""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import hashlib
import math
import os
import shutil
import socket
import stat

import payload
from adapter import Unsupported
from case_data import CASES, ENTRIES, META, NAMES, PAIRS


def _err(e):
    return {"outcome": "error", "detail": f"{type(e).__name__}: {str(e)[:150]}"}


def _small(work, tag="x", text="hello"):
    d = os.path.join(work, "in-" + hashlib.sha1(tag.encode("utf-8", "surrogatepass")).hexdigest()[:6])
    os.makedirs(d)
    with open(os.path.join(d, "f.txt"), "w") as f:
        f.write(text)
    return d


def _snap(root, avoid):
    out = set()
    for d, ds, fs in os.walk(root):
        if os.path.abspath(d).startswith(tuple(os.path.abspath(a) for a in avoid)):
            ds[:] = []
            continue
        out |= {os.path.join(d, f) for f in fs}
    return out


def run_case(a, case, work):
    parent = os.path.dirname(work.rstrip("/"))
    store = os.path.abspath(a.store)
    around = os.path.dirname(parent)
    import glob as g

    watch = lambda: set(
        g.glob(os.path.join(parent, "*"))
        + g.glob(os.path.join(around, "ESC*"))
        + g.glob(os.path.join(around, "esc*"))
        + g.glob("/tmp/chaos-*abs*")
        + g.glob("/tmp/chaos-ESC*")
        + g.glob(os.path.join(os.path.dirname(around), "ESC*"))
    )
    for p in g.glob("/tmp/chaos-abs-name") + g.glob("/tmp/chaos-ESCAPED"):  # left by an escape of an earlier run
        shutil.rmtree(p, ignore_errors=True)
    before = watch()
    try:
        r = _run(a, case, work)
    except Unsupported as e:
        r = {"outcome": "n/a", "detail": str(e)}
    except BaseException as e:
        r = _err(e)
    new = [p for p in watch() - before if not p.startswith((work, store))]
    if new:
        r = {
            "outcome": "ESCAPED",
            "detail": f"wrote {os.path.basename(new[0])!r} outside the store; "
            + r["outcome"]
            + " "
            + r.get("detail", "")[:120],
        }
    return r


def _readback(a, name, v, want, work):
    dest = os.path.join(work, "out")
    try:
        got = payload.read(a.use(name, v, dest))
    except Unsupported:
        return {"outcome": "ok", "detail": "logged (no use offline)"}
    except BaseException as e:
        return {"outcome": "changed", "detail": f"logged, but use fails: {type(e).__name__}: {str(e)[:140]}"}
    if got == want:
        return {"outcome": "ok"}
    miss, more = sorted(set(want) - set(got))[:3], sorted(set(got) - set(want))[:3]
    differing = [k for k in want if k in got and want[k] != got[k]][:3]
    return {
        "outcome": "changed",
        "detail": f"silently different: missing {miss} extra {more} differing {differing}",
    }


def _run(a, case, work):
    if case in NAMES:
        d = _small(work, case)
        v = a.log_dir(NAMES[case], d)
        ls = a.list(NAMES[case])
        if v not in ls:
            return {"outcome": "changed", "detail": f"logged as {v!r} but list gives {ls!r}"}
        return _readback(a, NAMES[case], v, {"f.txt": b"hello"}, work)
    if case in PAIRS:
        n1, n2 = PAIRS[case]
        v1 = a.log_dir(n1, _small(work, n1 + "1", "one"))
        v2 = a.log_dir(n2, _small(work, n2 + "2", "two"))
        l1, l2 = a.list(n1), a.list(n2)
        if len(l1) != 1 or len(l2) != 1:
            return {"outcome": "MERGED", "detail": f"{n1!r}:{l1} {n2!r}:{l2}"}
        dest = os.path.join(work, "o1")
        try:
            t = payload.read(a.use(n1, v1, dest))
        except Unsupported:
            return {"outcome": "ok", "detail": "distinct (not read)"}
        return (
            {"outcome": "ok", "detail": "distinct"}
            if t == {"f.txt": b"one"}
            else {"outcome": "MERGED", "detail": f"first name now reads {t!r}"}
        )
    if case in ENTRIES:
        d = _small(work, case)
        src = os.path.join(d, "f.txt")
        v = a.log_entry("n", src, ENTRIES[case])
        try:
            dest = os.path.join(work, "deep", "deeper", "out")
            os.makedirs(os.path.dirname(dest))
            got = payload.read(a.use("n", v, dest))
        except Unsupported:
            return {"outcome": "ok", "detail": "accepted (not read)"}
        except BaseException as e:
            return {"outcome": "changed", "detail": f"accepted as {v!r}; use: {type(e).__name__}: {str(e)[:120]}"}
        esc = [
            os.path.join(dd, f)
            for dd, _, fs in os.walk(work)
            for f in fs
            if "ESCAPED" in f and not os.path.join(dd, f).startswith(dest)
        ]
        if esc:
            return {"outcome": "ESCAPED", "detail": f"use wrote {os.path.relpath(esc[0], dest)!r} outside dest"}
        return {"outcome": "ok", "detail": f"came back as {sorted(got)[:2]}"}
    if case in META:
        m = META[case]()
        v = a.log_dir("n", _small(work, case), metadata=m)
        got = a.metadata("n", v)
        same = _same(m, got)
        return {"outcome": "ok"} if same else {"outcome": "changed", "detail": f"{_r(m)} came back {_r(got)}"}
    if case.startswith("alias "):
        names = {"alias latest": "latest", "alias v0": "v0", "alias empty": "", "alias slash": "a/b"}
        if "alias" in a.lacks:
            raise Unsupported("alias")
        if case == "alias moves":
            v1 = a.log_dir("n", _small(work, "1", "1"), aliases=["best"])
            v2 = a.log_dir("n", _small(work, "2", "2"), aliases=["best"])
            got = a.resolve("n", "best")
            return {"outcome": "ok" if got == v2 else "changed", "detail": f"best -> {got}"}
        al = names[case]
        v1 = a.log_dir("n", _small(work, "1", "1"), aliases=[al])
        v2 = a.log_dir("n", _small(work, "2", "2"))
        try:
            return {"outcome": "ok", "detail": f"accepted; {al!r} -> {a.resolve('n', al)} (versions {v1},{v2})"}
        except Exception as e:
            return {
                "outcome": "changed",
                "detail": f"accepted, but {al!r} does not resolve: {type(e).__name__} {str(e)[:100]}",
            }
    return _file_case(a, case[4:], work)


def _same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float):
        return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (math.isnan(a) and math.isnan(b))
    return a == b


def _r(x):
    try:
        s = repr(x)
    except BaseException as e:
        s = type(e).__name__
    return s if len(s) < 80 else s[:60] + f"...({len(s)})"


def _file_case(a, f, work):
    d = os.path.join(work, "src")
    os.makedirs(d)
    w = lambda p, b=b"x": (
        os.makedirs(os.path.dirname(os.path.join(d, p)), exist_ok=True),
        open(os.path.join(d, p), "wb").write(b),
    )
    w("f.txt", b"hello")
    want = {"f.txt": b"hello"}
    secret = os.path.join(work, "secret.txt")
    open(secret, "w").write("SECRET")
    J = lambda p: os.path.join(d, p)
    if f == "dir missing":
        d = os.path.join(work, "nope")
    elif f == "dir is a file":
        d = J("f.txt")
    elif f == "dir empty":
        os.unlink(J("f.txt"))
        want = {}
    elif f == "file 0 byte":
        w("z", b"")
        want["z"] = b""
    elif f == "symlink in tree":
        os.symlink("f.txt", J("l"))
        want["l"] = b"hello"
    elif f == "symlink out of tree":
        os.symlink(secret, J("l"))
    elif f == "symlink dangling":
        os.symlink("nope", J("l"))
    elif f == "symlink loop":
        os.symlink("l", J("l"))
    elif f == "symlink dir loop":
        os.makedirs(J("s"))
        w("s/g")
        os.symlink("..", J("s/up"))
        want["s/g"] = b"x"
    elif f == "fifo":
        os.mkfifo(J("p"))
    elif f == "socket":
        s = socket.socket(socket.AF_UNIX)
        old = os.getcwd()
        os.chdir(d)
        s.bind("s")
        os.chdir(old)
    elif f == "device":
        os.mknod(J("null"), stat.S_IFCHR | 0o666, os.makedev(1, 3))
    elif f in ("file unreadable", "dir unreadable"):
        p = J("u") if f[0] == "f" else J("ud")
        (w("u", b"no") if f[0] == "f" else (os.makedirs(p), w("ud/x")))
        want["u" if f[0] == "f" else "ud/x"] = b"no" if f[0] == "f" else b"x"
        os.chmod(p, 0)
        if os.geteuid() == 0:
            a.close()
            # give the store to nobody and go on as nobody
            for r, ds, fs in os.walk(a.store):
                for x in ds + fs:
                    os.chown(os.path.join(r, x), 65534, 65534, follow_symlinks=False)
            os.chown(a.store, 65534, 65534)
            for r, ds, fs in os.walk(work):
                os.chown(r, 65534, 65534)
                for x in fs:
                    os.chown(os.path.join(r, x), 65534, 65534, follow_symlinks=False)
            q = os.path.dirname(work)
            os.chmod(q, 0o777)
            while len(q) > 4:
                os.chmod(q, os.stat(q).st_mode | 0o011)
                q = os.path.dirname(q)
            h = os.environ.get("HOME", "")
            os.system(f"chown -R 65534:65534 '{h}' '{os.environ.get('TMPDIR', h)}'")
            os.setgid(65534)
            os.setuid(65534)
            a = type(a)(a.store)
            a.init()
    elif f == "file name not UTF-8":
        open(os.path.join(os.fsencode(d), b"\xff\xfe.bin"), "wb").write(b"x")
        want["\udcff\udcfe.bin"] = b"x"
    elif f == "file name newline":
        w("a\nb")
        want["a\nb"] = b"x"
    elif f == "file names NFC+NFD":
        w("\u00e9", b"1")
        w("e\u0301", b"2")
        want.update({"\u00e9": b"1", "e\u0301": b"2"})
    elif f == "file names case":
        w("A", b"1")
        w("a", b"2")
        want.update({"A": b"1", "a": b"2"})
    elif f == "file name 255":
        w("n" * 255)
        want["n" * 255] = b"x"
    elif f == "deep path":
        p = "/".join(["d" * 100] * 20) + "/f"
        w(p)
        want[p] = b"x"
    elif f == "many files 3000":
        for i in range(3000):
            w(f"m/{i}", str(i).encode())
            want[f"m/{i}"] = str(i).encode()
    elif f == "sparse 256 MiB":
        with open(J("big"), "wb") as fh:
            fh.truncate(256 << 20)
        v = a.log_dir("n", d)
        dest = os.path.join(work, "out")
        a.use("n", v, dest)
        n = os.path.getsize(os.path.join(dest, "big"))
        used = sum(os.lstat(os.path.join(r, x)).st_blocks * 512 for r, _, fs in os.walk(a.store) for x in fs)
        return {"outcome": "ok" if n == 256 << 20 else "changed", "detail": f"store takes {used >> 20} MiB"}
    elif f == "empty subdir":
        os.makedirs(J("e"))
    elif f == "exec bit":
        w("x.sh")
        os.chmod(J("x.sh"), 0o755)
        want["x.sh"] = b"x"
    elif f == "hard links":
        os.link(J("f.txt"), J("h"))
        want["h"] = b"hello"
    elif f == "hidden files":
        w(".h")
        w(".git/config", b"x")
        want.update({".h": b"x", ".git/config": b"x"})
    elif f == "file .dvcignore":
        w(".dvcignore", b"*.txt\n")
        want[".dvcignore"] = b"*.txt\n"
    elif f == "file deleted while listed":
        w("gone")
        v = a.log_dir("n", d)
        return {"outcome": "n/a", "detail": "covered by mutate"}
    v = a.log_dir("n", d)
    dest = os.path.join(work, "out")
    try:
        got = a.use("n", v, dest)
    except Unsupported:
        return {"outcome": "ok", "detail": "logged (no use)"}
    except BaseException as e:
        return {"outcome": "changed", "detail": f"logged, but use fails: {type(e).__name__}: {str(e)[:140]}"}
    tree = {}
    links = []
    for r, ds, fs in os.walk(got):
        for x in fs + [y for y in ds if os.path.islink(os.path.join(r, y))]:
            p = os.path.join(r, x)
            rel = os.path.relpath(p, got)
            if os.path.islink(p):
                links.append(rel)
            if stat.S_ISREG(os.stat(p).st_mode if os.path.exists(p) else 0):
                tree[rel] = open(p, "rb").read()
            elif not os.path.isdir(p):
                tree[rel] = b"<special>"
    notes = []
    if f == "symlink out of tree":
        notes.append(
            "content of the outside file stored"
            if any(b"SECRET" in b for b in tree.values())
            else "link itself stored"
            if links
            else "left out"
        )
        return {
            "outcome": "ok" if links else "changed" if "l" not in tree else "ok",
            "detail": "; ".join(notes) + f"; got {sorted(tree)}",
        }
    if f == "empty subdir":
        return {
            "outcome": "ok" if os.path.isdir(os.path.join(got, "e")) else "changed",
            "detail": "" if os.path.isdir(os.path.join(got, "e")) else "empty folder dropped",
        }
    if f == "exec bit" and not os.access(os.path.join(got, "x.sh"), os.X_OK):
        return {"outcome": "changed", "detail": "mode bits dropped"}
    if tree == want:
        return {"outcome": "ok", "detail": ("links: " + str(links)) if links else ""}
    miss, more = sorted(set(want) - set(tree)), sorted(set(tree) - set(want))
    return {
        "outcome": "changed",
        "detail": f"missing {[m[:30] for m in miss[:3]]} extra {[m[:30] for m in more[:3]]} of {len(want)}",
    }


__all__ = ["CASES", "run_case"]
