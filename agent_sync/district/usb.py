"""The district's end of a USB stick: takes in what kits left there and leaves bundles, checkpoints and orders.

The same intake as for the network, so a stick can be read twice, by two people, or be a forgery:
nothing is believed that a device did not sign.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agent_sync import api
from agent_sync.district import bundles, checkpoints, orders
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.home import Home
from agent_sync.district.intake import Intake
from kiosk.exchange import spool
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.shapes import is_id
from kiosk.payout.names import DeviceId

MAX_DEVICES = 500


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What became of the files on the stick, by outcome, and how many devices were served."""

    devices: int
    outcomes: dict[str, int]


def exchange(home: Home, database: Database, stick: Path) -> Exchanged:
    """Take in and leave files for every enrolled device that has a folder on the stick.

    Raises BadInput when there is nothing of this area on it.
    """
    folder = stick / "tannha" / home.area
    if not folder.is_dir():
        raise BadInput(f"no files of area {home.area} on {stick}")
    intake, evidence = Intake(home, database), EvidenceIntake(home, database)
    outcomes: Counter[str] = Counter()
    served = 0
    for each in sorted(folder.iterdir())[:MAX_DEVICES]:
        device = DeviceId(each.name)
        if not is_id(each.name) or each.is_symlink() or intake.kit(device) is None:
            outcomes["unknown_device"] += 1
            continue
        outcomes += _take_in(intake, evidence, device, each / "out")
        _leave(home, database, device, each / "in")
        served += 1
    return Exchanged(served, dict(sorted(outcomes.items())))


def _take_in(intake: Intake, evidence: EvidenceIntake, device: DeviceId, folder: Path) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    if not folder.is_dir() or folder.is_symlink():
        return outcomes
    files = spool.Outbox(folder).files()
    for kind, receive in ((spool.FileKind.SEGMENT, intake.receive), (spool.FileKind.ATTACHMENT, evidence.receive)):
        waiting = [data for each in files if each.kind is kind and (data := _read(each)) is not None]
        while waiting:
            batch = api.bounded(waiting)
            outcomes.update(answer.outcome.value for answer in receive(device, batch))
            waiting = waiting[len(batch) :]
    return outcomes


def _read(file: spool.SpoolFile) -> bytes | None:
    try:
        return spool.read(file, api.MAX_BATCH_BYTES)
    except ExchangeError:
        return None


def _leave(home: Home, database: Database, device: DeviceId, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with database.write() as connection:
        bundle = bundles.current(connection, home, device)
        ordered = orders.waiting(connection, home, device)
    with database.read() as connection:
        epoch = orders.reported_epoch(connection, home.area, device)
        checkpoint = checkpoints.current(connection, home, device, epoch)
    inbox = spool.Inbox(folder)
    inbox.deliver(spool.FileKind.BUNDLE, "newest", bundle.data)
    inbox.deliver(spool.FileKind.CHECKPOINT, f"{epoch:06d}", checkpoint)
    for serial, data in ordered.items():
        inbox.deliver(spool.FileKind.ORDER, f"{serial:012d}", data)
