#!/usr/bin/env python3
# Begin on a fresh machine: with a Python and git, and nothing else.
#
#     python3 start.py new ../my-project     a project from this checkout, its environment filled
#     python3 start.py update ../my-project  bring a project to the template as it stands here
#     python3 start.py test                  this repository's own tests
#     python3 start.py run ruff check        any command in this repository's environment
#     python3 start.py pins                  renew every pin: the starters', the tools', this repository's
#     python3 start.py docs                  write again what the documents take from the code; --pictures: and the pictures
#     python3 start.py doctor                what this machine has, before there is any project
#
# Old syntax on purpose: any Python, however old, must be able to read this and pass it on to the bootstrap's guard.
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
BOOTSTRAP = os.path.join(ROOT, "template", "bootstrap")

USAGE = """\
usage: python3 start.py new DEST [Copier's own options]   make a project, its environment filled
       python3 start.py update DEST [Copier's options]     update a project that is recorded in git
       python3 start.py test [pytest's own options]        run the quick tests; --full runs every one
       python3 start.py bench [--short]                    measure it beside the alternatives; --help tells more
       python3 start.py run CMD ...                        run a command in this repository's own .venv
       python3 start.py pins [--cooldown DAYS] [--keep]    renew every pin that is shipped or used here
       python3 start.py docs [--pictures]                  write again what the documents take from the code
       python3 start.py release                            check that a release is ready; changes nothing
       python3 start.py doctor [--explain]                 explain this machine; makes and changes nothing
"""


def bootstrap(*arguments):
    """Run the bootstrap on this repository and return its exit code."""
    begin = [sys.executable, "-B", BOOTSTRAP, "--project", ROOT]
    if sys.version_info >= (3, 4):
        begin.insert(1, "-I")
    return subprocess.call(begin + list(arguments))


def inside(*command):
    """Run a command in this repository's own .venv, made and filled first, and return its exit code."""
    return bootstrap("run", "--", *command)


def new(arguments):
    """Make a project with the template as it stands here; Copier's own options go through to it."""
    if not arguments:
        sys.stderr.write("error: new needs the folder to make.\nNext: python3 start.py new ../my-project\n")
        return 2
    # The checkout in front of you, not its latest tag, unless you ask for one.
    chosen = [] if "--vcs-ref" in arguments or "-r" in arguments else ["--vcs-ref", "HEAD"]
    return inside("copier", "copy", "--trust", *(chosen + [ROOT] + arguments))


def update(arguments):
    """Bring a project to the template as it stands here, or to the version that --vcs-ref names."""
    if not arguments:
        sys.stderr.write("error: update needs the project's folder.\nNext: python3 start.py update ../my-project\n")
        return 2
    chosen = [] if "--vcs-ref" in arguments or "-r" in arguments else ["--vcs-ref", "HEAD"]
    # Copier compares the folder with the one that git names, and cannot see through `..` or a link.
    return inside("copier", "update", "--trust", *(chosen + [os.path.realpath(arguments[0])] + arguments[1:]))


def test(arguments):
    """Run the test suite: the quick part, or all of it."""
    marks = ["-m", ""] if "--full" in arguments else []
    os.chdir(ROOT)
    return inside("python", "-m", "pytest", *(marks + [each for each in arguments if each != "--full"]))


def bench(arguments):
    """Measure the bootstrap beside the alternatives."""
    os.chdir(ROOT)
    return inside("python", "-m", "benchmarks", *arguments)


def run(arguments):
    """Run any command in this repository's own environment."""
    return inside(*arguments)


def doctor(arguments):
    """Explain this machine, before there is an environment or a project."""
    return bootstrap("doctor", *arguments)


def pins(arguments):
    """Renew every pin that this repository ships or uses."""
    return inside("python", os.path.join(ROOT, "release", "pins.py"), *arguments)


def docs(arguments):
    """Write the reference again from the code, and on request the pictures from a real terminal."""
    os.chdir(ROOT)
    return inside("python", "-m", "handbook", *arguments)


def release(_arguments):
    """Check that a release is ready."""
    return inside("python", os.path.join(ROOT, "release", "ready.py"))


def pasteable(words):
    """Return words as they are typed: what a shell would read otherwise stands in quotes."""
    plain = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:\\")
    return " ".join(word if word and set(word) <= plain else '"%s"' % word for word in words)


def nearest(word, words):
    """Return which of these words was probably meant, or None."""
    import difflib

    return (difflib.get_close_matches(word, words, 1) or [None])[0]


def main(arguments):
    """Do what the first word says."""
    verbs = {
        "new": new,
        "update": update,
        "test": test,
        "pins": pins,
        "docs": docs,
        "release": release,
        "bench": bench,
        "run": run,
        "doctor": doctor,
    }
    if arguments and arguments[0] in verbs:
        return verbs[arguments[0]](arguments[1:])
    if not arguments or arguments[0] in ("-h", "--help"):
        (sys.stdout if arguments else sys.stderr).write(USAGE)
        return 0 if arguments else 2
    meant = nearest(arguments[0], sorted(verbs))
    sys.stderr.write("error: %s is not a command of start.py.\n" % arguments[0])
    again = pasteable(["python3", "start.py", meant] + arguments[1:]) if meant else "python3 start.py --help"
    sys.stderr.write("Next: %s\n" % again)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
