"""Keep the bytecode of these modules in the user's cache, so that they are not compiled anew at each start.

Nothing is written into the project: there it would end up in somebody's commit. What is kept stands beside the source that
it was made from, and serves every project whose source is the same; a cache that cannot be written costs time only.
"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.machinery import FileFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from _typeshed.importlib import PathEntryFinderProtocol


def users_cache(environ: Mapping[str, str], platform: str, home: str) -> str:
    """Return the folder of the user's cache that is ours; the platform as `sys.platform` names it."""
    if environ.get("VENV_TEMPLATE_CACHE"):
        return environ["VENV_TEMPLATE_CACHE"]
    if platform == "win32":
        local = environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(local, "venv-template", "cache")
    if platform == "darwin":
        return os.path.join(home, "Library", "Caches", "venv-template")
    shared = environ.get("XDG_CACHE_HOME", "")
    # The specification wants relative values ignored (XDG Base Directory 0.8).
    return os.path.join(shared if shared.startswith("/") else os.path.join(home, ".cache"), "venv-template")


_HERE = os.path.dirname(__file__)
_PROJECT = os.path.dirname(os.path.dirname(_HERE))
_PYTHON = f"{sys.implementation.cache_tag}-{sys.hexversion:x}"
_FOLDER = os.path.join(users_cache(os.environ, sys.platform, os.path.expanduser("~")), "bytecode", _PYTHON)


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path)
        kept = os.path.join(_FOLDER, f"{fullname}-{len(source)}")
        try:
            with open(kept, "rb") as file:
                made_from, code = marshal.load(file)  # noqa: S302 from our own folder, as importlib does
        except (OSError, EOFError, ValueError, TypeError):
            made_from = None
        if made_from != source:
            # A traceback names the file as it is called in every project, which keeps somebody's home out of a report.
            code = self.source_to_code(source, os.path.relpath(self.path, _PROJECT or "."))
            self.set_data(kept, marshal.dumps((source, code)))
        return code  # type: ignore[no-any-return]


def is_own(folder: str) -> bool:
    """Tell whether a folder, or what it would be made in, belongs to who runs this; Windows keeps caches apart itself."""
    folder = os.path.abspath(folder)
    while not os.path.exists(folder):
        folder = os.path.dirname(folder)
    return not hasattr(os, "geteuid") or os.stat(folder).st_uid == os.geteuid()


def keep() -> None:
    """Keep the bytecode of every module beside and below this one that is imported from here on.

    Not in a folder of somebody else's, or one that others may write to: with sudo it would become root's, and what others
    wrote there is not run.
    """
    if not is_own(_FOLDER):
        return
    try:
        os.makedirs(_FOLDER, mode=0o700, exist_ok=True)
        if os.name != "nt" and os.stat(_FOLDER).st_mode & 0o022:
            return
    except OSError:
        return
    finder = FileFinder.path_hook((_Loader, [".py"]))

    def ours(path: str) -> PathEntryFinderProtocol:
        if path != _HERE and not path.startswith(_HERE + os.sep):
            raise ImportError(path)
        return finder(path)

    sys.path_hooks.insert(0, ours)
    sys.path_importer_cache.pop(_HERE, None)
