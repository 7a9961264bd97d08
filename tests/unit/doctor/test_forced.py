"""Forced packages are told by their records, whatever state those are in."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.doctor import forced
from projectenv.doctor.forced import Forced, find
from projectenv.doctor.managers import MANAGERS, Manager
from projectenv.doctor.pythons import Found
from projectenv.doctor.rollback import plan
from projectenv.machine import Machine
from projectenv.record import replace


@pytest.fixture
def python(tmp_path: Path) -> Found:
    """Return an externally managed Python with a folder of the distribution's, and one of this person's."""
    system, user = tmp_path / "usr/lib/python3/dist-packages", tmp_path / "home/.local/lib/python3.11/site-packages"
    for folder in (system, user):
        folder.mkdir(parents=True)
    return Found("/usr/bin/python3", "3.11.2", "apt", "", managed=True, places=(str(system),), user=str(user))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine without any package manager."""
    return Machine("linux", "x86_64", "", 1000, {"PATH": "/nowhere"}, tmp_path / "home")


def put(place: str, name: str, version: str, installer: str = "pip", *, record: bool = True) -> Path:
    """Lay the records of a package into a folder, as pip would."""
    folder = Path(place, f"{name}-{version}.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    if installer:
        (folder / "INSTALLER").write_text(f"{installer}\n")
    if record:
        (folder / "RECORD").write_text(f"{name}.py,,\n{folder.name}/METADATA,,\n../../../bin/{name},,\n")
    return folder


def test_what_a_distribution_installed_is_not_forced(python: Found, machine: Machine) -> None:
    """Without an INSTALLER that says pip or uv, a package among the distribution's is the distribution's."""
    put(python.places[0], "six", "1.16.0", installer="")
    put(python.places[0], "rich", "1.0", installer="rpm")
    Path(python.places[0], "requests-2.28.1.egg-info").mkdir()
    assert find([python], None, machine) == ([], [])


def test_what_pip_and_uv_put_there_is(python: Found, machine: Machine) -> None:
    """Among the distribution's packages both are told by their INSTALLER."""
    put(python.places[0], "cowsay", "1.0")
    put(python.places[0], "rich", "1.0", installer="uv")
    found, _ = find([python], None, machine)
    assert [(each.name, each.kind, each.installer) for each in found] == [
        ("cowsay", "system", "pip"),
        ("rich", "system", "uv"),
    ]


def test_the_users_packages_hide_the_distributions(python: Found, machine: Machine) -> None:
    """Whatever is in the user site comes first on the path: the version hidden is told."""
    Path(python.places[0], "PyYAML-6.0.egg-info").write_text("Metadata-Version: 1.0\n")
    put(python.user, "pyyaml", "6.9")
    (found,) = find([python], None, machine)[0]
    assert (found.kind, found.hides, found.complete) == ("user", "6.0", True)


def test_a_python_that_nobody_manages_is_left_alone(python: Found, machine: Machine) -> None:
    """Packages in a Python of the person's own are the person's business."""
    put(python.user, "six", "1.0")
    assert find([replace(python, managed=False)], None, machine) == ([], [])


def test_a_user_site_that_two_pythons_share_is_told_once(python: Found, machine: Machine) -> None:
    """One package is one line, however many Pythons see it."""
    put(python.user, "six", "1.0")
    assert len(find([python, replace(python, path="/usr/bin/python3.11")], None, machine)[0]) == 1


def test_a_folder_that_cannot_be_read_is_told(python: Found, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission is a line of the report, not its end."""

    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.listdir", refuse)
    found, troubles = find([python], None, machine)
    assert found == []
    assert f"{python.user} cannot be read: Permission denied" in troubles


def test_broken_records_do_not_stop_the_search(python: Found, machine: Machine) -> None:
    """A killed installation leaves folders without RECORD, empty ones, files of no encoding, and odd names."""
    put(python.user, "half", "1.0", record=False)
    Path(python.user, "empty-1.dist-info").mkdir()
    (put(python.user, "odd", "1.0") / "INSTALLER").write_bytes(b"\xff\xfe\x00")
    (put(python.user, "torn", "1.0") / "RECORD").write_bytes(b'"unclosed,,\n\xff\x00')
    Path(python.user, "-1.0.dist-info").mkdir()
    Path(python.user, "~ip-1.0.dist-info").mkdir()
    found, troubles = find([python], None, machine)
    assert {"half", "empty", "odd", "torn"} <= {each.name for each in found}
    assert not next(each for each in found if each.name == "half").complete
    assert troubles == []
    assert "half-1.0.dist-info: look into it yourself" in plan(found, {}, set(), None, "plan.sh", [])


def test_looking_for_forced_packages_reads_one_small_file_of_each(
    python: Found, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the thousands that a folder may hold only INSTALLER is read: neither METADATA nor RECORD."""
    for number in range(30):
        put(python.user, f"package{number}", "1.0")
    read: list[str] = []
    really = forced._text
    monkeypatch.setattr(forced, "_text", lambda file: (read.append(Path(file).name), really(file))[1])  # type: ignore[func-returns-value]
    assert len(find([python], None, machine)[0]) == 30
    assert read == ["INSTALLER"] * 30


def test_a_record_lists_files_outside_its_folder_too(python: Found, machine: Machine) -> None:
    """Scripts are part of a package, wherever they lie."""
    put(python.user, "tool", "1.0")
    (found,) = find([python], None, machine)[0]
    assert str(Path(python.user).parents[2] / "bin/tool") in forced.files(found)


def test_names_reach_the_plan_quoted() -> None:
    """A folder with a blank or a quote stays one word of the shell."""
    odd = Forced(
        "six",
        "1.0",
        "/home/o'k x/lib/python3.11/site-packages",
        "/home/o'k x/six-1.0.dist-info",
        "user",
        "/usr/bin/python3",
    )
    assert "'six=/home/o'\"'\"'k x/six-1.0.dist-info'" in plan([odd], {}, set(), None, "plan.sh", [])


def test_what_the_distribution_owns_is_never_removed_by_hand(python: Found, machine: Machine) -> None:
    """Of a package among the distribution's files only those are removed that nobody else owns."""
    put(python.places[0], "cowsay", "1.0")
    (found,) = find([python], None, machine)[0]
    mine = plan([found], {}, {f"{python.places[0]}/cowsay.py"}, None, "plan.sh", [])
    removed = mine.split("Uninstall")[1]
    assert f"{python.places[0]}/cowsay.py" not in removed
    assert f"{python.places[0]}/cowsay-1.0.dist-info/METADATA" in removed


def test_a_folder_whose_name_is_a_command_is_passed_over(python: Found, machine: Machine) -> None:
    """Names are written into a script: what could end a comment or a word there is no package."""
    for name in ("x-1.0\nrm -rf .dist-info", "$(id)-1.0.dist-info", "a b-1.0.dist-info", "x-1;id.dist-info"):
        Path(python.user, name).mkdir()
    assert find([python], None, machine) == ([], [])


def test_what_older_tools_installed_is_told_and_removed_by_its_list(python: Found, machine: Machine) -> None:
    """Before wheels the list of files was installed-files.txt; what distutils installed has none."""
    older = Path(python.user, "older-1.0-py3.11.egg-info")
    older.mkdir()
    (older / "installed-files.txt").write_text("../older/__init__.py\nPKG-INFO\n")
    Path(python.user, "oldest-1.0.egg-info").write_text("Metadata-Version: 1.0\n")
    found = {each.name: each for each in find([python], None, machine)[0]}
    assert (found["older"].complete, found["oldest"].complete) == (True, False)
    assert forced.files(found["older"]) == [f"{python.user}/older/__init__.py", str(older / "PKG-INFO")]


def answering(folder: Path, **programs: str) -> Machine:
    """Return a machine with stand-ins for a manager's programs, which print what is given."""
    for name, output in programs.items():
        file = folder / name.replace("_", "-")
        file.write_text(f"#!/bin/sh\ncat <<'END'\n{output}\nEND\n", encoding="utf-8")
        file.chmod(0o755)
    return Machine("linux", "x86_64", "debian", 1000, {"PATH": f"{folder}:/usr/bin:/bin"}, folder / "home")


def named(name: str) -> Manager:
    """Return one manager of the table."""
    return next(each for each in MANAGERS if each.name == name)


def test_what_pip_did_not_touch_is_no_damage(python: Found, tmp_path: Path) -> None:
    """A changed CA file of pip's own package, a configuration file, a diverted file: none is pip's to take back.

    The lines are of the shape that dpkg 1.21 prints on Debian 12.
    """
    site = python.places[0]
    put(site, "idna", "99.0")
    for file in ("idna.py", "cacert.pem"):
        Path(site, file).touch()
    owned = "\n".join(
        [
            f"diversion by local from: {site}/diverted.py",
            f"python3-idna: {site}/local.conf",
            f"python3-idna: {site}/idna.py",
            f"python3-idna: {site}/idna-3.3.egg-info",
            f"python3-idna: {site}/cacert.pem",
            f"python3-idna: {site}/gone.py",
        ]
    )
    wrong = f"missing   c {site}/local.conf\nmissing     {site}/diverted.py\n??5??????   {site}/cacert.pem\n??5??????   {site}/idna.py\nmissing     {site}/gone.py"
    machine = answering(tmp_path, dpkg_query=owned, dpkg=wrong)
    left, _ = find([python], None, machine)
    told, trouble = forced.damaged(left, [python], named("apt"), machine)
    assert (told, trouble) == ({f"{site}/idna.py": "python3-idna", f"{site}/gone.py": "python3-idna"}, "")


def test_with_nothing_forced_a_changed_file_is_not_asked_about(python: Found, tmp_path: Path) -> None:
    """Then there is nothing that pip did, whatever else changed."""
    site = python.places[0]
    Path(site, "pip-23.egg-info").touch()
    Path(site, "cacert.pem").touch()
    machine = answering(
        tmp_path, dpkg_query=f"python3-pip: {site}/pip-23.egg-info", dpkg=f"??5??????   {site}/cacert.pem"
    )
    assert forced.damaged([], [python], named("apt"), machine) == ({}, "")


def test_apks_answers_are_read_as_its_manual_has_them(python: Found, tmp_path: Path) -> None:
    """Owners as `apk info -W` prints them, the version being part of the word; damage as apk-audit(8) lists it."""
    site = python.places[0]
    put(site, "idna", "99.0")
    Path(site, "idna.py").touch()
    said = f"{site}/idna.py is owned by py3-idna-3.10-r0\n{site}/gone.py is owned by py3-idna-3.10-r0"
    apk = f'#!/bin/sh\ncase "$*" in info*) echo "{said}";; audit*) printf "U {site[1:]}/idna.py\\nX {site[1:]}/gone.py\\nA {site[1:]}/extra.py\\n";; esac\n'
    (tmp_path / "apk").write_text(apk, encoding="utf-8")
    (tmp_path / "apk").chmod(0o755)
    machine = answering(tmp_path)
    left, _ = find([python], None, machine)
    told, _ = forced.damaged(left, [python], named("apk"), machine)
    assert told == {f"{site}/idna.py": "py3-idna", f"{site}/gone.py": "py3-idna"}


def test_a_manager_that_cannot_tell_damage_says_so(python: Found, tmp_path: Path) -> None:
    """Homebrew compares no files: that is told, not passed over."""
    told = forced.damaged([], [python], named("brew"), answering(tmp_path))
    assert told == ({}, "brew cannot tell which of its files are damaged")
