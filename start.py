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


INTERRUPTED = 130
VALUED = (
    "-a",
    "--answers-file",
    "-d",
    "--data",
    "--data-file",
    "-r",
    "--vcs-ref",
    "-s",
    "--skip",
    "-x",
    "--exclude",
    "--ask",
)


def bootstrap(*arguments):
    """Run the bootstrap on this repository and return its exit code."""
    begin = [sys.executable, "-B", BOOTSTRAP, "--project", ROOT]
    if sys.version_info >= (3, 4):
        begin.insert(1, "-I")
    child = subprocess.Popen(begin + list(arguments))
    interrupted = False
    while True:
        try:
            code = child.wait()
            if code and (interrupted or code == -2):
                return INTERRUPTED
            # As a shell says it of a program that a signal ended.
            return 128 - code if code < 0 else code
        except KeyboardInterrupt:
            # Ctrl-C reaches the child as well, which has words for it and puts things in order.
            interrupted = True


def inside(*command):
    """Run a command in this repository's own .venv, made and filled first, and return its exit code."""
    return bootstrap("run", "--", *command)


def copier(*command):
    """Run a command that needs Copier alone: where .venv has the tools of development it stays as it is, else it gets none."""
    tools = [os.path.join(ROOT, ".venv", "bin", "pytest"), os.path.join(ROOT, ".venv", "Scripts", "pytest.exe")]
    if any(os.path.exists(each) for each in tools):
        return inside(*command)
    return bootstrap("run", "--prod", "--", *command)


def destination(arguments):
    """Return the folder among Copier's arguments, or nothing."""
    before = ""
    for each in arguments:
        bundled = before[:1] == "-" and before[1:2] != "-" and before[-1:] in "adrsx"
        if not each.startswith("-") and before not in VALUED and not bundled:
            return each
        before = each
    return ""


def refusal(folder, arguments):
    """Return why no project can be made in this folder, and what to type; empty when one can."""
    kept = set(os.listdir(folder)) - {".git"} if os.path.isdir(folder) else set()
    if ".copier-answers.yml" in kept:
        again = pasteable(["python3", "start.py", "update", folder])
        return "error: %s is a project of this template already.\nNext: %s   or name another folder\n" % (folder, again)
    asked = {"-f", "--force", "-w", "--overwrite"} & set(arguments)
    if not kept or asked or any(each.endswith("starter=existing") for each in arguments):
        return ""
    again = pasteable(["python3", "start.py", "new", folder, "--data", "starter=existing"])
    return "error: %s is not empty.\nNext: name another folder, or give the repository in it a bootstrap: %s\n" % (
        folder,
        again,
    )


def new(arguments):
    """Make a project with the template as it stands here; Copier's own options go through to it."""
    if not arguments:
        sys.stderr.write("error: new needs the folder to make.\nNext: python3 start.py new ../my-project\n")
        return 2
    refused = refusal(destination(arguments), arguments)
    if refused:
        sys.stderr.write(refused)
        return 1
    # The checkout in front of you, not its latest tag, unless you ask for one.
    chosen = [] if "--vcs-ref" in arguments or "-r" in arguments else ["--vcs-ref", "HEAD"]
    begin = os.path.join(ROOT, "hooks", "begin.py")
    return copier("python", begin, "copy", "--trust", *(chosen + [ROOT] + arguments))


def update(arguments):
    """Bring a project to the template as it stands here, or to the version that --vcs-ref names."""
    if not arguments:
        sys.stderr.write("error: update needs the project's folder.\nNext: python3 start.py update ../my-project\n")
        return 2
    chosen = [] if "--vcs-ref" in arguments or "-r" in arguments else ["--vcs-ref", "HEAD"]
    serve_origin(noted_in(arguments[0]))
    # Copier compares the folder with the one that git names, and cannot see through `..` or a link.
    return copier("copier", "update", "--trust", *(chosen + [os.path.realpath(arguments[0])] + arguments[1:]))


def noted_in(folder):
    """Return the address of the template that a project notes, or nothing."""
    try:
        with open(os.path.join(folder, ".copier-answers.yml"), "rb") as answers:
            lines = answers.read().decode("utf-8", "replace").splitlines()
    except EnvironmentError:
        return ""
    noted = [line.split(":", 1)[1].strip(" '\"") for line in lines if line.startswith("_src_path:")]
    return noted[0] if noted else ""


def bare(address):
    """Return an address without what Copier puts before and behind it."""
    address = address[4:] if address.startswith("git+") else address  # noqa: FURB188 old Pythons
    return address[:-4] if address.endswith(".git") else address  # noqa: FURB188


def serve_origin(noted):
    """Have git read this checkout where a project notes the address that it was cloned from: no network is needed then."""
    try:
        asked = subprocess.Popen(["git", "-C", ROOT, "config", "remote.origin.url"], stdout=subprocess.PIPE)
        origin = asked.communicate()[0].decode("utf-8").strip()
    except OSError:
        return
    if "://" not in origin and "@" not in origin:
        return
    scheme, _, rest = origin.rpartition("://")
    public = scheme + "://" + rest.split("@", 1)[-1] if scheme.startswith("http") else origin
    base = bare(public)
    if bare(noted) != base:
        return  # git would take any address that begins alike for ours
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    # Copier adds the ending for some hosts.
    for address in (base, base + ".git"):
        os.environ["GIT_CONFIG_KEY_%d" % count] = "url.%s.insteadOf" % ROOT
        os.environ["GIT_CONFIG_VALUE_%d" % count] = address
        count += 1
    os.environ["GIT_CONFIG_COUNT"] = str(count)


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
