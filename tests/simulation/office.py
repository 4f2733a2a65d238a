"""The district as its officers run it: the real intake, lists, leases, bundles, backups, on a small SQLite file."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from agent_sync.api import FileAnswer
from agent_sync.district import (
    backups,
    bundles,
    checkpoints,
    leases,
    orders,
    returned,
    standing_data,
    telephone,
    verify,
    world,
)
from agent_sync.district import home as homes
from agent_sync.district.cases import CaseKind
from agent_sync.district.database import Database
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.ids import Clock
from agent_sync.district.intake import Intake
from agent_sync.district.lists.together import judge_together
from agent_sync.district.lists.verdicts import HeldLine, ImportResult, Line
from agent_sync.district.schema import case_table, chain, device, entitlement, entry, lease, payout, person
from agent_sync.district.states import DeviceState, LeaseState
from kiosk.exchange import keys
from kiosk.payout.names import AreaId, DeviceId, Epoch, Mode, Period, UnixSeconds

AREA = AreaId("vl-01")
EPOCH = Epoch(1)


@dataclass(frozen=True)
class KitKeys:
    """A kit's private keys, 32 bytes each."""

    sign: bytes
    seal: bytes


def found(folder: Path, mode: Mode, kits: dict[str, KitKeys]) -> None:
    """A district with enrolled kits, made once and copied for every run."""
    url = f"sqlite:///{folder / 'district.db'}"
    home = homes.create(folder, homes.Settings(AREA, mode, url, ("localhost",), "https://localhost"))
    database = Database(url)
    database.migrate()
    with database.write() as connection:
        for name, own in kits.items():
            connection.execute(insert(device).values(_kit_row(home, name, own)))
    database.close()


def _kit_row(home: homes.Home, name: str, own: KitKeys) -> dict[str, Any]:
    row: dict[str, Any] = {"area": home.area, "id": name, "label": name, "profile": "home_visit", "epoch": EPOCH}
    row |= {"state": DeviceState.ACTIVE.value, "signing_key": keys.sign_public(own.sign).hex()}
    row |= {"sealing_key": keys.seal_public(own.seal).hex(), "enrolled_at": 0, "last_seen": None}
    return row | {"bundle_version": 0, "bundle_held": 0, "revocation_held": 0, "reported_incarnation": 1}


class Office:
    """One district in one folder, until it is restored into the next."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self._clock = folder, clock
        self._open(folder / "life-1")

    def _open(self, folder: Path) -> None:
        self.home = homes.load(folder)
        self.database = Database(f"sqlite:///{folder / 'district.db'}", self._clock)
        self._intake = Intake(self.home, self.database)
        self._evidence = EvidenceIntake(self.home, self.database)

    def close(self) -> None:
        """Give the file back."""
        self.database.close()

    # -- the couriers' door --------------------------------------------------------------------

    def receive(self, kit: str, files: list[bytes], *, segments: bool) -> tuple[FileAnswer, ...]:
        """A batch from a courier."""
        if segments:
            return self._intake.receive(DeviceId(kit), files)
        return self._evidence.receive(DeviceId(kit), files)

    def bundle(self, kit: str) -> tuple[bytes, str]:
        """The kit's bundle and its tag."""
        with self.database.write() as connection:
            built = bundles.current(connection, self.home, DeviceId(kit))
        return built.data, f"{built.version}-{built.tag[:32]}"

    def orders(self, kit: str) -> list[bytes]:
        """What the kit has been ordered to do and has not done yet."""
        with self.database.write() as connection:
            return list(orders.waiting(connection, self.home, DeviceId(kit)).values())

    def checkpoint(self, kit: str) -> bytes:
        """The kit's checkpoint."""
        with self.database.read() as connection:
            return checkpoints.current(connection, self.home, DeviceId(kit), EPOCH)

    # -- lists and leases ----------------------------------------------------------------------

    def import_lines(self, lines: list[Line], name: str) -> tuple[HeldLine, ...]:
        """Judge a list against what is known and load what is payable; the lines that wait."""
        path = self.folder / f"{name}.xlsx"
        path.write_bytes(name.encode())
        with self.database.write() as connection:
            known = world.known_world(connection, AREA)
            judged = judge_together([HeldLine(line, ()) for line in lines], known)
            payable = tuple(each.line for each in judged if not each.reasons)
            result = ImportResult(lines=payable, held=tuple(each for each in judged if each.reasons))
            world.store_list(connection, AREA, result, world.Origin(path, "officer", "xa-1"))
        return result.held

    def entitlements(self) -> list[dict[str, Any]]:
        """Everything on record, with the recipient's number."""
        joined = entitlement.join(person, person.c.id == entitlement.c.recipient)
        columns = select(entitlement, person.c.number).select_from(joined)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(columns.order_by(entitlement.c.id)).mappings()]

    def grant(self, kit: str, period: Period, hamlets: tuple[str, ...], expires: int) -> leases.Granted:
        """Everything open up to a month, of some hamlets, to one kit."""
        wanted = leases.Wanted(period, hamlets)
        with self.database.write() as connection:
            return leases.grant(connection, AREA, DeviceId(kit), wanted, UnixSeconds(expires), "officer")

    def name_stand_in(self, holder: str, substitute: str) -> int:
        """Who may take the holder's leases over by telephone; for how many this is new."""
        with self.database.write() as connection:
            return telephone.name_stand_in(connection, self.home, DeviceId(holder), DeviceId(substitute))

    def leases(self, *states: LeaseState) -> list[dict[str, Any]]:
        """Leases, of some states only if any are named."""
        query = select(lease).order_by(lease.c.id)
        if states:
            query = query.where(lease.c.state.in_([each.value for each in states]))
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def roll_over(self) -> int:
        """Take back what ended and is known to be unpaid; how many leases."""
        with self.database.write() as connection:
            return returned.known_unpaid(connection, AREA)

    def revoke(self, kit: str) -> None:
        """A kit that nobody trusts any more."""
        with self.database.write() as connection:
            standing_data.revoke(connection, AREA, f"device:{kit}", "rolled back", "officer")

    # -- backup and restore --------------------------------------------------------------------

    def backup(self, to: Path) -> dict[tuple[str, int], int]:
        """A finished backup; by kit and epoch the sequence below which it holds everything."""
        backups.make(self.home, self.database, to)
        return self.reach()

    def reach(self) -> dict[tuple[str, int], int]:
        """How far each kit's trunk is on record."""
        with self.database.read() as connection:
            rows = connection.execute(select(chain.c.device, chain.c.epoch, chain.c.next))
            return {(row[0], row[1]): row[2] for row in rows}

    def restore(self, file: Path, life: int) -> None:
        """The server burnt: a new one from the backup."""
        self.database.close()
        old, new = self.home.folder, self.folder / f"life-{life}"
        backups.restore(file, new, f"sqlite:///{new / 'district.db'}")
        shutil.rmtree(old)
        self._open(new)

    # -- looking -------------------------------------------------------------------------------

    def verify(self) -> verify.Verification:
        """What `tannha-district verify` says."""
        return verify.verify(self.home, self.database)

    def cases(self) -> list[dict[str, Any]]:
        """Every case."""
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(case_table)).mappings()]

    def hashes(self, kit: str) -> set[str]:
        """Hashes of every entry on record, all branches."""
        with self.database.read() as connection:
            return set(connection.execute(select(entry.c.hash).where(entry.c.device == kit)).scalars())

    def completed(self) -> list[dict[str, Any]]:
        """Payouts that the district counts as completed."""
        with self.database.read() as connection:
            rows = connection.execute(select(payout).where(payout.c.state == "completed", payout.c.counted))
            return [dict(row) for row in rows.mappings()]


DOUBLE = CaseKind.DOUBLE_CLAIM
