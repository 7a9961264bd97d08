#!/usr/bin/env bash
# Install the shells that tests/shells runs, on Debian or Ubuntu, as root.
set -euo pipefail

NUSHELL=0.115.1

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# procps: ps, which finds the shell in use where there is no /proc. wine and mingw: bootstrap.cmd and its stand-ins.
apt-get install -qq --no-install-recommends \
    bash zsh dash busybox ksh mksh yash fish csh tcsh xonsh elvish \
    procps wine wine64 gcc-mingw-w64-x86-64-win32 >/dev/null

# Debian has no nushell; its makers publish the program through npm.
if ! command -v nu >/dev/null; then
    command -v npm >/dev/null || apt-get install -qq --no-install-recommends npm >/dev/null
    npm install --global --silent --no-audit --no-fund --ignore-scripts "nushell@$NUSHELL"
fi

for shell in bash zsh dash busybox ksh mksh yash fish csh tcsh xonsh elvish nu; do
    command -v "$shell" >/dev/null || { echo "error: $shell is still missing after its installation" >&2; exit 1; }
done
