"""Find the shell in use from the process tree; $SHELL only says which one a login would start.

Light for the same reason as `activation`. Linux has /proc; macOS and the BSDs have ps; Windows takes a snapshot.
"""

from __future__ import annotations

import os
import sys

from .activation import shell_named

TYPE_CHECKING = False  # not imported: doing nothing is measured in milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Process = tuple[int, list[str], list[str]]
    """A process: its parent, the names it goes by, its arguments."""
    Reader = Callable[[int], Process | None]

_DEPTH = 15
_COMMAND = ("-command", "--command", "--commands")


def shell_in_use() -> str | None:
    """Return the nearest shell that a person types into: a key of activation.SHELLS, or None."""
    if sys.platform == "win32":
        return on_windows(nearest(os.getppid(), _snapshot()), os.environ)
    return nearest(os.getppid(), _from_proc if os.path.exists("/proc/self/stat") else _from_ps())


def nearest(pid: int, read: Reader) -> str | None:
    """Walk up from a process to a shell; one that only carries a command for another program is the second choice."""
    second = None
    for _ in range(_DEPTH):
        process = read(pid) if pid > 0 else None
        if process is None:
            break
        pid = process[0]
        shell = _shell(process)
        if shell and not _carries_a_command(process[2]) and not (shell == "cmd" and _shell(read(pid))):
            return shell
        second = second or shell
    return second


def on_windows(found: str | None, environ: Mapping[str, str]) -> str | None:
    """Return bash where Git Bash's or MSYS2's sh is all there is to see, or their chain of processes is broken."""
    return "bash" if found in (None, "sh") and "MSYSTEM" in environ else found


def _shell(process: Process | None) -> str | None:
    for name in process[1] if process else ():
        shell = shell_named(name)
        if shell:
            return shell
    return None


def _carries_a_command(arguments: list[str]) -> bool:
    """Tell `sh -c …`, as make and editors start it, from a shell with a prompt.

    cmd.exe does the same for a .cmd file that another shell starts, but the snapshot holds no arguments: `nearest`
    looks at its parent instead.
    """
    for word in arguments[1:]:
        if not word.startswith("-"):
            return False
        short = word[1:].isalpha() and len(word) <= 4
        if word.lower() in _COMMAND or (short and "c" in word):
            return True
    return False


def _from_proc(pid: int) -> Process | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            before, _, after = file.read().rpartition(")")
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            arguments = file.read().split("\0")
    except OSError:
        return None
    # A link may bear any name, and xonsh is a script: the program and the name are both asked, in this order.
    return int(after.split()[1]), [_program(pid), before.partition("(")[2]], arguments


def _program(pid: int) -> str:
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")).removesuffix(" (deleted)")
    except OSError:
        return ""  # another user's process


def _from_ps() -> Reader:
    import subprocess

    table: dict[int, Process] = {}
    command = ["ps", "-A", "-o", "pid=,ppid=,args="]
    try:
        output = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).stdout
    except OSError:
        return table.get  # a bare chroot has neither /proc nor ps
    for line in output.decode("utf-8", "replace").splitlines():
        pid, parent, *arguments = line.split()
        # A login shell's name begins with a dash; a script's follows its interpreter's.
        names = [os.path.basename(word).lstrip("-") for word in arguments[:2] if not word.startswith("--")]
        is_script = bool(names) and names[0].lower().startswith("python")
        table[int(pid)] = int(parent), names if is_script else names[:1], arguments
    return table.get


def _snapshot() -> Reader:
    import ctypes
    from ctypes import wintypes

    class Entry(ctypes.Structure):
        _fields_ = (
            ("size", wintypes.DWORD), ("usage", wintypes.DWORD), ("pid", wintypes.DWORD),
            ("heap", ctypes.c_size_t), ("module", wintypes.DWORD), ("threads", wintypes.DWORD),
            ("parent", wintypes.DWORD), ("priority", wintypes.LONG), ("flags", wintypes.DWORD),
            ("name", wintypes.WCHAR * 260),
        )  # fmt: skip

    kernel: ctypes.CDLL = getattr(ctypes, "WinDLL")("kernel32")  # noqa: B009 only Windows has it
    kernel.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
    kernel.CreateToolhelp32Snapshot.argtypes = wintypes.DWORD, wintypes.DWORD
    for name in ("Process32FirstW", "Process32NextW"):
        getattr(kernel, name).argtypes = wintypes.HANDLE, ctypes.POINTER(Entry)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    handle = kernel.CreateToolhelp32Snapshot(2, 0)
    entry, table = Entry(size=ctypes.sizeof(Entry)), dict[int, Process]()
    more = kernel.Process32FirstW(handle, ctypes.byref(entry))
    while more:
        table[entry.pid] = entry.parent, [entry.name], []
        more = kernel.Process32NextW(handle, ctypes.byref(entry))
    kernel.CloseHandle(handle)
    return table.get
