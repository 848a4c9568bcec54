#!/usr/bin/env bash
# Set-up for `make tutorial` (setup.sh tutorial) and for developing (setup.sh dev).
# Every step looks at what is there, repairs what is not, and costs little when all is well.
set -eu
cd "$(dirname "$0")/.."

extra=${1:-dev}
case $extra in
    dev | tutorial) ;;
    *) echo "usage: .ci/setup.sh dev|tutorial" >&2 && exit 2 ;;
esac

.ci/setup_venv.sh
.ci/setup_js.sh "$extra"
.ci/setup_packages.sh "$extra"
.ci/setup_torchvision.sh
.ci/setup_mnist.sh
if [ "$extra" = dev ]; then
    .ci/setup_chromium.sh
    .ci/setup_servers.sh
    .venv/bin/python -m tests.magics.colab.environment >/dev/null # what tests/magics/test_colab.py runs in
fi
