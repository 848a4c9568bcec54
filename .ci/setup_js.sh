#!/usr/bin/env bash
# The panels' bundles, and for developing the node modules as well.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

extra=$1
static=jupyter_artifacts/panels/static

# Missing, or older than any source (the same rule as in hatch_build.py).
stale() {
    local oldest
    # shellcheck disable=SC2012  # the names are our own, and `find -printf` is GNU's alone
    oldest=$(ls -tr "$static"/*.js 2>/dev/null | head -n 1)
    [ -n "$oldest" ] && [ -e jupyter_artifacts/labextension/package.json ] || return 0
    [ -n "$(find js \( -name node_modules -o -name 'test*' -o -name '.?*' \) -prune -o \
        -type f -newer "$oldest" -print -quit)" ]
}

if [ "$extra" = tutorial ] && ! stale; then
    exit 0
fi

.ci/setup_node.sh
if ! "$py" .ci/check.py node; then
    say "node modules in js/"
    (cd js && npm ci --no-audit --no-fund --loglevel=error) ||
        fail "npm ci failed in js/ (its words are above): is the npm registry reachable?"
fi
if stale; then
    say "bundles in $static"
    (cd js && npm run --silent build) || fail "the panels did not build: (cd js && npm run build) tells why"
fi
