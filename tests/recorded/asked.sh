#!/bin/sh
# Stand before one program of a package manager: ask it, and write down what it was asked and what it answered.
name=${0##*/}
place=/world/recorded/$(date +%s%N).$$
mkdir -p "$place"
printf '%s\n' "$name" "$@" > "$place/asked"
"/usr/bin/$name" "$@" > "$place/output" 2> "$place/errors"
code=$?
echo "$code" > "$place/code"
cat "$place/output"
cat "$place/errors" >&2
exit "$code"
