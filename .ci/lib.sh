# Shared by the set-up steps; sourced, from the repository's root.
# shellcheck shell=bash disable=SC2034

venv=.venv
py=$venv/bin/python
# Where setup_node.sh puts Node.js on a machine without one; the Makefile looks there too.
node=$venv/node
PATH=$PWD/$node/bin:$PATH

say() {
    printf '· %s\n' "$*"
}

fail() {
    printf '\nset-up stopped: %s\n' "$*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

new_enough_node() {
    have npm && have node && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null
}

# Run as root, or not at all: without a terminal nobody can type a password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo && [ -t 0 ]; then
        sudo "$@"
    elif have sudo; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Install Debian packages; a machine that never ran `apt-get update` gets one.
apt_install() {
    have apt-get || return 1
    apt_get install "$@" || { apt_get_update && apt_get install "$@"; }
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >/dev/null
}

apt_get_update() {
    as_root apt-get -qq update >/dev/null
}
