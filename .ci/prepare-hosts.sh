#!/usr/bin/env bash
# Fetch Debian's Pythons for tests/hosts: one tarball for each release and state, kept in the user's cache.
#
# Nothing is installed: apt downloads into a private directory with a package database of its own, and dpkg-deb unpacks.
# A tarball that is there already is kept; remove it to fetch it again.
set -euo pipefail

cache=${VENV_TEMPLATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/venv-template}/hosts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$cache"

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "tests/hosts: apt-get and dpkg-deb are not on this machine, so Debian's Pythons cannot be fetched" >&2
    exit 0
fi

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ ! -e "$keyring" ]; then
    echo "tests/hosts: $keyring is missing (sudo apt install debian-archive-keyring)" >&2
    exit 0
fi

# The mirror that this machine uses itself, if it is a Debian.
# shellcheck disable=SC2016 # apt expands it
mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m 1 '/debian/$' || true)
if [ -z "$mirror" ]; then
    echo "tests/hosts: apt knows no Debian mirror on this machine, so Debian's Pythons cannot be fetched" >&2
    exit 0
fi

# What a person's machine has besides Python, as far as bootstrap.sh asks for it.
base="base-files dash coreutils libc-bin"

private_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/$release/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/$release/lists" -o Dir::State::status="$work/$release/status" \
        -o Dir::Cache="$work/$release/cache" -o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

update() {
    [ ! -e "$work/$release/status" ] || return 0
    mkdir -p "$work/$release"/{lists,cache/archives}/partial
    touch "$work/$release/status"
    echo "deb [signed-by=$keyring] $mirror $release main" \
        >"$work/$release/sources.list"
    private_apt update
}

# Unpack the closure of some packages as a root of its own. Merged /usr first: old packages still ship /bin.
unpack() {
    local root=$1 package
    mkdir -p "$root"/{dev,proc,tmp,work,home,etc/ssl/certs} "$root"/usr/{bin,sbin,lib,lib64}
    for package in bin sbin lib lib64; do ln -s "usr/$package" "$root/$package"; done
    for package in "$work/$release/cache/archives"/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
            --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
            --exclude='./usr/share/perl*' --exclude='./usr/lib/gcc' --exclude='./dev/*'
    done
    touch "$root/dev/null"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    # What the packages' own scripts would have done, as far as it matters here.
    [ -e "$root/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
}

host() {
    local name=$1 tarball
    release=$2
    shift 2
    tarball=$cache/$name.tar.gz
    [ ! -s "$tarball" ] || return 0
    update
    rm -f "$work/$release/cache/archives"/*.deb
    # shellcheck disable=SC2086 # a list of words
    private_apt install -y --no-install-recommends --download-only $base "$@" >/dev/null
    unpack "$work/$name"
    tar -C "$work/$name" -cf - . | gzip -1 >"$tarball.part"
    mv "$tarball.part" "$tarball"
    rm -rf "${work:?}/$name"
    echo "tests/hosts: $name $(du -h "$tarball" | cut -f1)"
}

for release in bookworm trixie sid; do
    suite=$release
    host "$suite-bare" "$suite" python3
    host "$suite-venv" "$suite" python3 python3-venv
    host "$suite-pip" "$suite" python3 python3-pip
    host "$suite-pipx" "$suite" python3 pipx
done
host sid-3.15-bare sid python3.15
host sid-3.15-venv sid python3.15 python3.15-venv
