"""The same sealed files over a USB stick, for places that no network reaches.

    <stick>/tannha/<area>/<device>/out/    copied from spool/out, taken in by the district
    <stick>/tannha/<area>/<device>/in/     written by the district, copied into spool/in

Nothing is parsed here; kiosk and district check signatures as for the network. Names are matched
against the spool's own pattern, sizes and counts are bounded, links are not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent_sync.courier_home import CourierHome
from agent_sync.errors import BadHome
from kiosk.durable import write_whole
from kiosk.exchange import spool

FROM_DISTRICT = (spool.FileKind.BUNDLE, spool.FileKind.CHECKPOINT, spool.FileKind.ORDER, spool.FileKind.ENROLMENT)


@dataclass(frozen=True, slots=True)
class Carried:
    """How many files went each way."""

    out: int
    taken: int


def place(stick: Path, area: str, device: str) -> Path:
    """A device's folder on a stick."""
    return stick / "tannha" / area / device


def exchange(home: CourierHome, stick: Path) -> Carried:
    """Copy both ways. Raises BadHome without a stick, SpoolFault when one side is full."""
    if not stick.is_dir():
        raise BadHome(f"no stick at {stick}")
    folder = place(stick, home.link.area, home.link.device)
    return Carried(_put_out(home, folder / "out"), _take_in(home, folder / "in"))


def _put_out(home: CourierHome, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    held = {each.name for each in spool.Outbox(folder).files()}
    copied = 0
    for each in spool.Outbox(home.out).files():
        if each.name not in held:
            write_whole(folder / each.name, spool.read(each))
            copied += 1
    return copied


def _take_in(home: CourierHome, folder: Path) -> int:
    if not folder.is_dir():
        return 0
    taken = 0
    for each in spool.Inbox(folder).files():
        if each.kind in FROM_DISTRICT:
            name = each.name.removeprefix(f"{each.kind.value}-").removesuffix(".tn")
            spool.Inbox(home.inbox).deliver(each.kind, name, spool.read(each))
            taken += 1
    return taken
