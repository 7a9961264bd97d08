#!/bin/sh
# Make the workshop ready, check it, and open the notebooks; Finder opens this in Terminal
cd -- "$(dirname -- "$0")" || exit 1

if [ ! -f bootstrap.sh ]; then
    echo "This is still inside the ZIP."
    echo "next: extract all of it, and start again from the new folder"
    exit 1
fi
sh bootstrap.sh start "$@"
code=$?
# Where nobody reads, nothing is asked.
if [ "$code" = 0 ] && [ -t 0 ] && [ -z "${CI-}" ]; then
    echo
    echo "Write the code into the chat, if you were asked to."
    printf 'Press Enter to open the notebooks, or close this window. '
    read -r _ && sh bootstrap.sh open
elif [ -t 0 ] && [ -z "${CI-}" ]; then
    printf 'Press Enter to close. '
    read -r _
fi
exit "$code"
