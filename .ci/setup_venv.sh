#!/usr/bin/env bash
# A virtual environment in .venv, made by $PYTHON or by the first Python that is new enough.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

# Sound: it has pip, and its scripts still find their interpreter (a moved folder breaks them).
sound() {
    "$py" -c 'import pip' 2>/dev/null && [ -x "$(sed -n '1s/^#! *//p' "$venv/bin/pip")" ]
}

if sound; then
    exit 0
fi

python=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.10 python3.14}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "no Python 3.10 or newer found: apt-get install python3 python3-venv, or set PYTHON=/path/to/python3"

if [ -e "$venv" ]; then
    say "$venv does not work any more: making it anew"
    rm -rf "$venv"
fi
say "virtual environment in $venv ($("$python" --version))"
if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    # Debian keeps ensurepip in a package of its own.
    rm -rf "$venv"
    apt_install python3-venv || true
    "$python" -m venv "$venv" ||
        fail "$python cannot make a virtual environment: apt-get install python3-venv"
fi
