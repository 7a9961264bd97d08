#!/bin/sh
# Find a Python by running it, and hand over to the bootstrap folder beside this file.
#
# Any Python from 3.10 on will do: the core chooses the one that the environment is made with.
# This file is a constant; nothing of a project is written into it.

[ -z "${ZSH_VERSION-}" ] || emulate sh
probe='import sys; sys.stdout.write("%s %s" % (("old", "new")[sys.version_info >= (3, 10)], sys.platform))'
old=

# Stubs, pyenv's shims and Store aliases exist without being a Python: only running one tells.
usable() {
    program=$(command -v "$1" 2>/dev/null) || return 1
    case $program in
        # Without the developer tools, running Apple's placeholder pops up an installer.
        /usr/bin/python*) ! command -v xcode-select >/dev/null || xcode-select -p >/dev/null 2>&1 || return 1 ;;
        # Windows locks a program while it runs, so an environment cannot be remade by its own Python.
        */.venv/Scripts/*) return 1 ;;
    esac
    case $("$program" -E -s -S -B -c "$probe" 2>/dev/null </dev/null) in
        "new win32") [ "${OS-}" = Windows_NT ] ;; # met from WSL it would make a Windows environment
        new*) ;;
        old*) old=${old:-$program} && return 1 ;;
        *) return 1 ;;
    esac
}

find_python() {
    for python in python3 python3.15 python3.14 python3.13 python3.12 python3.11 python3.10 python \
        "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-${HOME-}/.local/share}/uv/python}"/*/bin/python3 \
        "${PYENV_ROOT:-${HOME-}/.pyenv}"/versions/3.*/bin/python3 \
        /opt/homebrew/bin/python3 /usr/local/bin/python3 /opt/local/bin/python3.1? /usr/bin/python3 \
        /Library/Frameworks/Python.framework/Versions/3.*/bin/python3 \
        "${LOCALAPPDATA-}"/Programs/Python/Python3*/python.exe; do
        ! usable "$python" || return 0
    done
    [ "${OS-}" != Windows_NT ] || python=$(py -3 -c 'import sys; sys.stdout.write(sys.executable)' 2>/dev/null) || python=
    usable "$python" || { python=$(uv python find --system --no-python-downloads '>=3.10' 2>/dev/null) && usable "$python"; }
}

how_to_install() {
    case $(uname -s) in
        Darwin)
            if command -v brew >/dev/null 2>&1; then echo "brew install python"
            else echo "install Python from https://www.python.org/downloads/"; fi
            return ;;
    esac
    # shellcheck disable=SC1091 # it is on the reader's machine
    ids=$( (. /etc/os-release && echo " ${ID-} ${ID_LIKE-} ") 2>/dev/null) || ids=
    case $ids in
        *" debian "* | *" ubuntu "*) echo "sudo apt install python3" ;;
        *" fedora "* | *" rhel "*) echo "sudo dnf install python3" ;;
        *" arch "*) echo "sudo pacman -S python" ;;
        *suse*) echo "sudo zypper install python3" ;;
        *" alpine "*) echo "sudo apk add python3" ;;
        *) echo "install Python from https://www.python.org/downloads/" ;;
    esac
}

give_up() {
    echo "error: no Python that runs was found on this machine."
    echo "The bootstrap needs one, 3.10 or newer; it makes everything else itself, without sudo."
    echo "Next: $(how_to_install)"
    ! command -v uv >/dev/null 2>&1 || echo "  or: uv python install   (uv is here; it needs no sudo)"
    echo "Then: sh bootstrap.sh"
}

main() {
    script=$1
    shift
    case $script in /*) ;; *) script=./$script ;; esac # it may begin with a dash
    while [ -L "$script" ]; do
        link=$(readlink "$script")
        case $link in /*) script=$link ;; *) script=${script%/*}/$link ;; esac
    done
    folder=${script%/*}/bootstrap
    ! find_python || exec "$program" -I -B "$folder" "$@"
    [ -z "$old" ] || exec "$old" -B "$folder" "$@" # it says what is too old, and what to install
    give_up >&2
    exit 2
}

main "$0" "$@"
