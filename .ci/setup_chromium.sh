#!/usr/bin/env bash
# A Chromium for the browser tests: $JA_CHROMIUM, one that is here, or Debian's.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

find_chromium() {
    if [ -n "${JA_CHROMIUM:-}" ]; then
        [ -x "$JA_CHROMIUM" ] || fail "JA_CHROMIUM names $JA_CHROMIUM, which is no program"
        return 0
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if have "$name"; then
            return 0
        fi
    done
    [ -x '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' ]
}

if ! find_chromium; then
    say "Chromium and a font (apt-get)"
    apt_install chromium fonts-dejavu-core || true
    find_chromium ||
        fail "no Chromium for the browser tests: apt-get install chromium, or set JA_CHROMIUM=/path/to/chrome"
fi

# Playwright, which drives it, has a Node.js of its own, and that wants a library which small systems leave out.
driver=$(echo "$venv"/lib/python3*/site-packages/playwright/driver/node)
if ! "$driver" --version >/dev/null 2>&1; then
    say "what Playwright's driver needs (apt-get)"
    apt_install libatomic1 libstdc++6 || true
    "$driver" --version >/dev/null || fail "Playwright's driver does not start; its words are above"
fi

# Names in Chinese, Japanese or Korean show as boxes on screenshots without a font; no test needs one.
tried=$venv/.cjk-font-tried
if [ ! -e "$tried" ] && have fc-list && [ -z "$(fc-list :lang=zh)" ]; then
    say "a font for Chinese, Japanese and Korean"
    apt_install fonts-droid-fallback 2>/dev/null || say "no such font to be had: screenshots show boxes in its place"
fi
touch "$tried"
