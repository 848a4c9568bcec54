#!/usr/bin/env bash
# The package itself, editable, with the extra's requirements at the pins of constraints.txt.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

extra=$1

# JupyterLab finds the extension where a wheel would put it; here it is what `npm run build` has made last.
link_extension() {
    local target=$venv/share/jupyter/labextensions/jupyter-artifacts built=$PWD/jupyter_artifacts/labextension
    [ "$(readlink "$target" 2>/dev/null)" = "$built" ] && return 0
    rm -rf "$target"
    mkdir -p "$(dirname "$target")"
    ln -s "$built" "$target"
}

if "$py" .ci/check.py python "$extra"; then
    link_extension
    exit 0
fi
say "Python packages of [$extra] (the first time: a few minutes, about 1.5 GB)"
# The bundles are built by now; pip's hook need not look again.
JUPYTER_ARTIFACTS_SKIP_JS=1 "$py" -m pip install --quiet --disable-pip-version-check \
    -e ".[$extra]" -c constraints.txt ||
    fail "pip could not install [$extra] (its words are above): is the package index reachable?"
"$py" .ci/check.py python "$extra" ||
    fail "pip ended well, yet the above is still missing: remove .venv and try again"
link_extension
