"""The same sealed files over a USB stick, for places that no network reaches.

    <stick>/tannha/<area>/<device>/out/    copied from spool/out, taken in by the district
    <stick>/tannha/<area>/<device>/in/     written by the district, copied into spool/in

Nothing is parsed here; kiosk and district check signatures as for the network. Names are matched
against the spool's own pattern, sizes and counts are bounded, links are not followed. How far it is
stands in spool/stick.json: a hint for the kiosk's screen, signed by nobody.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from agent_sync.courier_home import CourierHome
from agent_sync.errors import BadHome
from kiosk.durable import write_whole
from kiosk.exchange import spool
from kiosk.exchange.errors import ExchangeError

log = logging.getLogger("tannha.stick")
FROM_DISTRICT = (spool.FileKind.BUNDLE, spool.FileKind.CHECKPOINT, spool.FileKind.ORDER, spool.FileKind.ENROLMENT)
TELL_EVERY = 5
"""Files between two hints: each costs a flush of the device's own disk."""


class State(StrEnum):
    """How far an exchange is. ``done``: every file is flushed on both sides."""

    MOVING = "moving"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Carried:
    """How many files go each way, and how many of them went."""

    sent: int = 0
    to_send: int = 0
    brought: int = 0
    to_bring: int = 0


def place(stick: Path, area: str, device: str) -> Path:
    """A device's folder on a stick."""
    return stick / "tannha" / area / device


def exchange(home: CourierHome, stick: Path) -> Carried:
    """Copy both ways. Raises BadHome without a stick, SpoolFault when one side is full, OSError for a stick pulled."""
    if not stick.is_dir():
        raise BadHome(f"no stick at {stick}")
    folder, carried = place(stick, home.link.area, home.link.device), Carried()
    try:
        _put_out(home, folder / "out", carried)
        _take_in(home, folder / "in", carried)
    except (OSError, ExchangeError):
        _tell(home, State.FAILED, carried)
        raise
    _tell(home, State.DONE, carried)
    return carried


def _put_out(home: CourierHome, folder: Path, carried: Carried) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    held = {each.name for each in spool.Outbox(folder).files()}
    waiting = [each for each in spool.Outbox(home.out).files() if each.name not in held]
    carried.to_send, carried.to_bring = len(waiting), len(_for_us(folder.with_name("in")))
    for each in waiting:
        _moving(home, carried)
        write_whole(folder / each.name, spool.read(each))
        carried.sent += 1


def _take_in(home: CourierHome, folder: Path, carried: Carried) -> None:
    for each in _for_us(folder):
        _moving(home, carried)
        name = each.name.removeprefix(f"{each.kind.value}-").removesuffix(".tn")
        spool.Inbox(home.inbox).deliver(each.kind, name, spool.read(each))
        carried.brought += 1


def _for_us(folder: Path) -> list[spool.SpoolFile]:
    if not folder.is_dir():
        return []
    return [each for each in spool.Inbox(folder).files() if each.kind in FROM_DISTRICT]


def _moving(home: CourierHome, carried: Carried) -> None:
    if (carried.sent + carried.brought) % TELL_EVERY == 0:
        _tell(home, State.MOVING, carried)


def _tell(home: CourierHome, state: State, carried: Carried) -> None:
    """A hint that cannot be written stops nothing."""
    text = json.dumps({"state": state, **asdict(carried)}, sort_keys=True)
    try:
        write_whole(home.stick_hint, text.encode(), mode=0o640)
    except OSError as error:
        log.warning("stick hint: %s", error.strerror)
