#!/bin/sh
# Tell the README's story as a plain user on a bare machine: sh .ci/story.sh [CHECKOUT]
#
# As root it makes such a user first. It needs a Python and git, and nothing else; it leaves nothing behind but that user.
set -eu

checkout=$(cd "${1:-.}" && pwd)

if [ "$(id -u)" = 0 ]; then
    # busybox has adduser, the others useradd.
    useradd --create-home person 2>/dev/null || adduser -D person
    cp -R "$checkout" /home/person/checkout
    chown -R person /home/person/checkout
    exec su person -c "sh /home/person/checkout/.ci/story.sh /home/person/checkout"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$checkout" "$work/venv-template"
say() { printf '\n== %s\n' "$*"; }

say "$(python3 --version), $(git --version), as $(id -un)"
cd "$work/venv-template"

say "python3 start.py new ../my-project"
python3 start.py new ../my-project --defaults
cd ../my-project

say "a second run has nothing to do"
sh bootstrap.sh | tee said.txt
grep "^Nothing to do" said.txt

say "its tests and its program"
sh bootstrap.sh run pytest -q
sh bootstrap.sh run python -m my_project

say "check, activate"
sh bootstrap.sh check
sh bootstrap.sh activate

say "without activating and without the bootstrap: pip inside is .venv's own"
.venv/bin/pip --version | grep "my-project/.venv"

say "the system's own pip, if there is one, is as it was"
python3 -m pip --version 2>/dev/null || true
test ! -d "$HOME/.local/lib" || { echo "something was installed below $HOME/.local" >&2; exit 1; }
