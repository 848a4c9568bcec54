#!/usr/bin/env bash
# Where torchvision's own library does not load beside torch (a CPU torch next to the CUDA torchvision
# of the index), `import torchvision` fails for want of two operator schemas. Declare them, in this
# virtual environment alone. Elsewhere this does nothing.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

stamp=$venv/.torchvision-imports
pair="$("$py" .ci/check.py torchvision-pair) $(cksum <.ci/ja_torchvision_schema.py)"
site=$("$py" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$pair" ]; then
    if [ ! -e "$stamp.declared" ] || [ -e "$site/ja_torchvision_schema.pth" ]; then
        exit 0
    fi
fi

imports() {
    "$py" -c 'import torchvision' >/dev/null 2>&1
}

rm -f "$stamp" "$stamp.declared" "$site/ja_torchvision_schema.pth"
if ! imports; then
    say "torchvision: declaring the operators its library did not bring"
    cp .ci/ja_torchvision_schema.py "$site/ja_torchvision_schema.py"
    echo 'import ja_torchvision_schema; ja_torchvision_schema.install()' >"$site/ja_torchvision_schema.pth"
    imports || fail "torchvision does not import: $venv/bin/python -c 'import torchvision' tells why"
    touch "$stamp.declared"
fi
echo "$pair" >"$stamp"
