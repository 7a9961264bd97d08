"""Know how each shell activates an environment: (environment, current folder, system, shell) -> lines.

Pure and light: it is on the path that answers in milliseconds, so nothing is imported that is not needed.
A system is "windows" or "posix"; a shell is a key of SHELLS.
"""

from __future__ import annotations

from .failure import Failure

TYPE_CHECKING = False  # not imported: doing nothing is measured in milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable

LEAVE = "deactivate"
IS_IT_ON = 'python -c "import sys; print(sys.prefix)"'
POLICY = "Set-ExecutionPolicy -Scope Process Bypass"
"""Lets PowerShell run scripts in this window only; needs no administrator."""


def quote_sh(text: str) -> str:
    """Quote for POSIX shells."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def quote_csh(text: str) -> str:
    """Quote for csh, where history expands even between single quotes."""
    return quote_sh(text).replace("!", "\\!")


def quote_fish(text: str) -> str:
    """Quote for fish, which knows two escapes between single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quote_doubling(text: str) -> str:
    """Quote for elvish, which doubles a single quote."""
    return "'" + text.replace("'", "''") + "'"


def quote_powershell(text: str) -> str:
    """Quote for PowerShell, to which typographic quotes are quotes as well."""
    return "'" + "".join(each * 2 if each in "'\u2018\u2019\u201a\u201b" else each for each in text) + "'"


def quote_nu(text: str) -> str:
    """Quote for nushell."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_xonsh(text: str) -> str:
    """Quote for xonsh: a Python string in which no variable is looked for."""
    return "r" + quote_nu(text) if not {"\\", '"'} & set(text) else repr(text)


def quote_cmd(text: str) -> str:
    """Quote for cmd.exe; a Windows path holds no double quote."""
    return f'"{text}"'


# shell: its activator, the line, how it quotes.
SHELLS: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "bash": ("activate", "source {}", quote_sh),
    "zsh": ("activate", "source {}", quote_sh),
    "sh": ("activate", ". {}", quote_sh),
    "ksh": ("activate", ". {}", quote_sh),
    "mksh": ("activate", ". {}", quote_sh),
    "yash": ("activate", ". {}", quote_sh),
    "fish": ("activate.fish", "source {}", quote_fish),
    "csh": ("activate.csh", "source {}", quote_csh),
    "tcsh": ("activate.csh", "source {}", quote_csh),
    "nu": ("activate.nu", "overlay use {}", quote_nu),
    "xonsh": ("activate.xsh", "source {}", quote_xonsh),
    "elvish": ("activate.elv", "eval (slurp < {})", quote_doubling),
    "pwsh": ("Activate.ps1", "{}", quote_powershell),
    "powershell": ("Activate.ps1", "{}", quote_powershell),
    "cmd": ("activate.bat", "{}", quote_cmd),
}
ALIASES = {
    "dash": "sh", "ash": "sh", "busybox": "sh", "rbash": "bash", "ksh93": "ksh", "rksh": "ksh", "lksh": "mksh",
    "bsd-csh": "csh", "nushell": "nu", "pwsh-preview": "pwsh",
}  # fmt: skip
LABELS = {"sh": "sh (dash, busybox)", "nu": "nushell", "pwsh": "PowerShell", "powershell": "PowerShell"}
ON: dict[str, tuple[str, ...]] = {
    "posix": ("bash", "zsh", "sh", "ksh", "mksh", "yash", "fish", "csh", "tcsh", "nu", "xonsh", "elvish", "pwsh"),
    "windows": ("powershell", "pwsh", "cmd", "bash", "zsh", "fish", "nu", "xonsh"),
}
_BACKSLASH = ("powershell", "pwsh", "cmd")


def shell_named(name: str) -> str | None:
    """Return the key for a shell as people or processes name it, or None when it is unknown."""
    word = name.lower().removesuffix(".exe")
    word = ALIASES.get(word, word)
    return word if word in SHELLS else None


def activation(folder: str, cwd: str, system: str, shell: str) -> str:
    """Return the line that activates the environment in this folder."""
    file, line, _ = SHELLS[shell]
    scripts = "\\Scripts\\" if system == "windows" else "/bin/"
    path = _quoted(_below(folder + scripts + file, cwd, system), system, shell)
    return ("& " if path.startswith("'") and line == "{}" else "") + line.format(path)


def without_activating(folder: str, cwd: str, system: str, shell: str, starter: str = "") -> str:
    """Return the line that runs python inside the environment without activating it; `starter` may be the folder's name."""
    project = (
        folder.replace("/", "\\").rpartition("\\")[0] + "\\" if system == "windows" else folder.rpartition("/")[0] + "/"
    )
    if starter == "bootstrap":
        program = "python3" if system == "posix" else "py"
        return f"{program} {_quoted(_below(project + starter, cwd, system), system, shell)} run python"
    if system == "posix" or shell in ("bash", "zsh", "fish"):
        return f"sh {_quoted(_below(project + 'bootstrap.sh', cwd, system), system, shell)} run python"
    path = _below(project + "bootstrap.cmd", cwd, system)
    if "\\" not in path and shell != "cmd":
        path = ".\\" + path
    path = _quoted(path, system, shell)
    return ("& " if path.startswith("'") else "") + f"{path} run python"


def in_words(folder: str, cwd: str, system: str, shell: str | None, starter: str = "") -> str:
    """Return how to use the environment, for the shell in use or, when that is unknown, for all of this system's."""
    if shell not in ON[system]:
        rows = table(folder, cwd, system)
        width = max(len(shells) for shells, _ in rows)
        lines = ["Activate it, by shell:", *(f"    {shells:{width}}  {line}" for shells, line in rows)]
        shell = ON[system][0]
    else:
        lines = [
            f"Activate it in this shell ({LABELS.get(shell, shell)}):",
            f"    {activation(folder, cwd, system, shell)}",
        ]
        if system == "windows" and shell in ("powershell", "pwsh"):
            lines += ["If running scripts is disabled here, first, for this window only:", f"    {POLICY}"]
    without = without_activating(folder, cwd, system, shell, starter)
    return "\n".join([*lines, "Or work without activating:", f"    {without}"])


def table(folder: str, cwd: str, system: str) -> list[tuple[str, str]]:
    """Return (shells, line) for every shell of this system; shells with the same line share it."""
    rows: dict[str, list[str]] = {}
    for shell in ON[system]:
        shells = rows.setdefault(activation(folder, cwd, system, shell), [])
        label = LABELS.get(shell, shell)
        shells += [label] if label not in shells else []
    return [(", ".join(shells), line) for line, shells in rows.items()]


def one_line(folder: str, cwd: str, system: str, name: str) -> str:
    """Return the activation line for a shell that somebody named; a Failure lists the names that are known."""
    shell = shell_named(name)
    if shell not in ON[system]:
        raise Failure(
            f"the shell {name!r} is not known here.",
            f"Known: {', '.join(ON[system])}.",
            "bootstrap activate --all",
            exit_code=2,
        )
    return activation(folder, cwd, system, shell)


def _below(path: str, cwd: str, system: str) -> str:
    """Return the path relative to the current folder when it is in it; `./` keeps a dash from being an option."""
    slash = "/"
    if system == "windows":
        slash, path, cwd = "\\", path.replace("/", "\\"), cwd.replace("/", "\\")
    start = cwd.rstrip(slash) + slash
    here = path.lower().startswith(start.lower()) if system == "windows" else path.startswith(start)
    short = path[len(start) :] if here else path
    return f".{slash}{short}" if short.startswith("-") else short


def _quoted(path: str, system: str, shell: str) -> str:
    if system == "windows" and shell not in _BACKSLASH:
        path = path.replace("\\", "/")
    plain = all(each.isascii() and (each.isalnum() or each in "/._-+" + "\\:" * (shell in _BACKSLASH)) for each in path)
    return path if plain else SHELLS[shell][2](path)
