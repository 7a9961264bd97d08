"""Share a wheelhouse with the room: the address, a code for it, and how many machines came."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ..console import Console, colour_wanted
from ..failure import Failure
from .described import pins_digest
from .examine import Room
from .house import House, house_in, megabytes
from .laptops import from_keys, in_words
from .qr import LONGEST, in_ascii, in_half_blocks, qr_code
from .sharing import Server
from .shelf import Shared, table
from .stick import Opener

_PORTS = range(8000, 8010)
_LAST_PORT = 65535
_PLAIN_SECONDS = 10
"""How often the count is printed where no line can be redrawn."""


def serve(room: Room, folder: Path, port: int | None, address: str | None) -> int:
    """Verify the folder, share it until Ctrl-C, and return 0."""
    house = sound_house(room, folder)
    server = _listening(address or "", port, table(folder, house, room.workshop.project / "START-HERE.html"))
    seen = [address] if address else list(dict.fromkeys(own_addresses()))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
    _tell(room.console, house, seen, server.server_address[1])
    try:
        _count(room.console, server)
    except KeyboardInterrupt:
        room.console.say(f"\nNo longer shared. {server.count.says(ended=True)}.")
    finally:
        server.shutdown()
        server.server_close()
    return 0


def sound_house(room: Room, folder: Path) -> House:
    """Return the manifest of a folder whose every wheel is what it must be; else a Failure: a room is no place to find out."""
    house = house_in(folder)
    if house is None:
        raise Failure(
            f"there is no wheelhouse in {folder}.",
            "Only one that is complete, with its manifest.json, is shared.",
            "bootstrap wheelhouse",
        )
    again = f"bootstrap wheelhouse {in_words(from_keys(house.sets))}"
    if house.pins != pins_digest(room.workshop.project, room.settings.pins):
        raise Failure(f"{folder} is for another version of this workshop.", "Its pins are not those here.", again)
    with room.console.progress(f"reading {megabytes(house.size())}"):
        wrong = [
            name
            for name, file in house.files.items()
            if (folder / name).is_symlink() or Opener(folder / name).measured() != (file.size, file.sha256)
        ]
    if wrong:
        raise Failure(
            f"{wrong[0]}{f' and {len(wrong) - 1} more' if len(wrong) > 1 else ''} in {folder} is not what it should be.",
            "It is missing or was changed since it was fetched. `bootstrap wheelhouse --check` names each.",
            again,
        )
    return house


def _listening(address: str, port: int | None, shared: dict[str, Shared]) -> Server:
    ports = _PORTS if port is None else [port]
    if not 0 <= ports[0] <= _LAST_PORT:
        raise Failure(
            f"there is no port {port}.",
            f"Ports go from 0 to {_LAST_PORT}; 0 lets the system choose one.",
            "bootstrap wheelhouse --serve --port 8080",
            exit_code=2,
        )
    for each in ports:
        try:
            return Server((address, each), shared)
        except OSError as error:
            told = error
    raise Failure(
        f"nothing can be shared at {address or 'this computer'}, port {ports[0]}: {told.strerror or told}.",
        "Another program has that port, or this computer has no such address.",
        "bootstrap wheelhouse --serve --port 8080",
    ) from told


def own_addresses() -> Iterator[str]:
    """Yield this computer's addresses in the networks it is in, that of the way out first; nothing is sent for it."""
    # Each of these would be reached by the interface that leads there; the last is in no network at all.
    for there in ("192.168.255.254", "10.255.255.254", "172.31.255.254", "192.0.2.1"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                asked.connect((there, 9))
                found = asked.getsockname()[0]
            except OSError:
                continue
        if not found.startswith(("127.", "0.")):
            yield found
    try:
        names = socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return
    yield from (each for each in names if not each.startswith("127."))


def _tell(console: Console, house: House, seen: list[str], port: int) -> None:
    say = console.say
    say(
        f"Sharing {len(house.files)} wheels, {megabytes(house.size())}, to be read only. For: {', '.join(house.sets)}.\n"
    )
    if not seen:
        console.warn("this computer seems to be in no network: join the room's, then start this again")
        seen = ["127.0.0.1"]
    url = f"http://{seen[0]}:{port}"
    say(f"    {url}\n")
    for each in seen[1:]:
        say(f"    or, in another network of this computer: http://{each}:{port}")
    if len(url) <= LONGEST:
        say(code_for(url, console) + "\n")
    say(f"On each laptop:   sh bootstrap.sh start --from {url}")
    say(f"      Windows:    .\\bootstrap.cmd start --from {url}")
    host = f"{url}/wheels/ --trusted-host {seen[0]}"
    say(f"      only pip:   pip install --no-index --find-links {host} --require-hashes -r requirements.txt")
    say(f"Beforehand: with `address = {url}` in bootstrap/settings.ini, plain `start` finds it.")
    say(
        "Nobody gets through? Allow Python where the firewall asks; some guest networks keep laptops apart: use sticks."
    )
    say("Ctrl-C ends it.\n")


def code_for(url: str, console: Console) -> str:
    """Return the QR code as this console can show it."""
    matrix = qr_code(url)
    try:
        "\u2580\u2584\u2588".encode(console.stream.encoding or "ascii")
    except (LookupError, UnicodeError):
        return in_ascii(matrix)
    return in_half_blocks(matrix, colours=colour_wanted(console.stream, dict(os.environ)))


def _count(console: Console, server: Server) -> None:
    """Show the count until Ctrl-C: on a terminal in one line, elsewhere now and then, when it changed."""
    drawn, when = server.count.says(), 0.0
    while True:
        says = server.count.says()
        if console.stream.isatty():
            console.write(console.stream, f"\r  {says:<60}")
        elif says != drawn and time.monotonic() - when > _PLAIN_SECONDS:
            console.say(f"  {says}")
            drawn, when = says, time.monotonic()
        time.sleep(1)
        if sys.stdout.closed:
            return
