#!/bin/sh
# Make the workshop ready, check it, and open the notebooks; Finder opens this in Terminal
cd -- "$(dirname -- "$0")" || exit 1

stay() {
    # Where nobody reads, nothing is asked.
    if [ -t 0 ] && [ -z "${CI-}" ]; then
        printf '\n%s' "$1"
        read -r _
    else
        return 1
    fi
}

if [ ! -f bootstrap.sh ]; then
    echo "This is still inside the ZIP."
    echo "next: extract all of it, and start again from the new folder"
    stay 'Press Enter to close. '
    exit 1
fi
if ! sh bootstrap.sh --help >/dev/null 2>&1; then
    sh bootstrap.sh --help
    # Without a Python nothing can be computed: this code says only that.
    echo "NOT READY  code: 8080-00E0-0HFG"
    echo "next: install Python from https://www.python.org/downloads/ and start again"
    stay 'Press Enter to close. '
    exit 2
fi
sh bootstrap.sh start "$@"
code=$?
if [ "$code" = 0 ]; then
    stay 'Write the code into the chat. Then press Enter to open the notebooks, or close this window. ' && sh bootstrap.sh open
else
    stay 'Press Enter to close. '
fi
exit "$code"
