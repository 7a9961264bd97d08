# Tell somebody whose Python is too old what this needs and how to get it.
#
# Kept in the syntax of Python 2.7, because that is who reads it (FAILURES A6).
import sys

OLDEST = "3.10"


def how_to_install(platform, distribution=""):
    """Return the command that installs a current Python on this system, as one line."""
    if platform.startswith("win"):
        return "winget install Python.Python.3.13   (or download it from https://www.python.org/downloads/)"
    if platform == "darwin":
        return "brew install python   (or download it from https://www.python.org/downloads/)"
    commands = (
        ("debian ubuntu raspbian linuxmint pop", "sudo apt install python3"),
        ("fedora rhel centos rocky almalinux amzn", "sudo dnf install python3"),
        ("arch manjaro endeavouros", "sudo pacman -S python"),
        ("opensuse suse sles opensuse-leap opensuse-tumbleweed", "sudo zypper install python3"),
        ("alpine postmarketos", "sudo apk add python3"),
    )
    for family in distribution.split():
        for names, command in commands:
            if family in names.split():
                return command
    return "install python3 with your system's package manager"


def distribution_family(path="/etc/os-release"):
    """Return ID and ID_LIKE of os-release(5) as one line of words, or an empty one."""
    words = []
    try:
        with open(path) as lines:
            for line in lines:
                key, _, value = line.strip().partition("=")
                if key in ("ID", "ID_LIKE"):
                    words.append(value.strip("\"'"))
    except (IOError, OSError, ValueError):
        pass
    return " ".join(words)


def refuse(_arguments):
    """Print the version message on the error stream and return exit code 2."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write(
        "error: this is Python %s (%s); the bootstrap needs Python %s or newer.\n"
        "Older versions get no security fixes, and current packages do not install on them.\n"
        "Next: sh bootstrap.sh   looks for a newer one on this machine (Windows: bootstrap.cmd).\n"
        "      If there is none: %s\n"
        % (version, sys.executable, OLDEST, how_to_install(sys.platform, distribution_family()))
    )
    return 2
