"""One kit: the real store, desk rooms, spool and courier on a folder that can be cut off, copied and put back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from agent_sync.courier import Courier
from agent_sync.courier_home import CourierHome, Link
from agent_sync.wire import Wire
from kiosk.desk.books import Books, DeviceKeys, DistrictKeys
from kiosk.desk.hours import Hours
from kiosk.desk.mail import Mail
from kiosk.desk.till import Till
from kiosk.exchange import keys, spool
from kiosk.payout import journal as j
from kiosk.payout.clock import TimeSource
from kiosk.payout.names import DeviceId, Epoch, OperatorId, UnixSeconds
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.store import Identity, Store

STORE_KEY = bytes(range(32))


class PowerCut(Exception):
    """The battery died at this very moment."""


@dataclass
class Power:
    """Decides at every store write whether the power goes before it or after it."""

    rng: Random
    chance: float = 0.0
    armed: bool = True
    struck: dict[str, int] = field(default_factory=dict)

    def moment(self, when: str) -> None:
        """Just before or just after a durable write."""
        if self.armed and self.chance and self.rng.random() < self.chance:
            self.struck[when] = self.struck.get(when, 0) + 1
            raise PowerCut(when)


class CutStore(Store):
    """The real store on a weak battery: every write may be the last thing that happens, or never happen."""

    power: Power | None = None


def _cut(name: str) -> Callable[..., Any]:
    real = getattr(Store, name)

    def write(self: CutStore, *args: Any, **kwargs: Any) -> Any:
        if self.power is not None:
            self.power.moment("power_cut_before_write")
        result = real(self, *args, **kwargs)
        if self.power is not None:
            self.power.moment("power_cut_after_write")
        return result

    return write


WRITES = ("append", "mark_sealed", "acknowledge", "resend_from", "keep", "add_attachment", "mark_attachment_sent")
for _name in WRITES:
    setattr(CutStore, _name, _cut(_name))


@dataclass
class Clock:
    """The kit's own clock: right, frozen, or wrong by some seconds."""

    offset: int = 0
    frozen_at: int | None = None
    proves: bool = True


@dataclass
class Identities:
    """Keys and names that enrolment gave this kit."""

    area: str
    name: DeviceId
    mode: Any
    sign: bytes
    seal: bytes
    district_sign: bytes
    district_seal: bytes


class Kit:
    """A device in an agent's case. ``books`` exists only while it is switched on."""

    def __init__(self, folder: Path, who: Identities, wire: Wire, now: Callable[[], int], power: Power) -> None:
        self.folder, self.who, self.power, self._now = folder, who, power, now
        self.clock = Clock()
        self.books: Books | None = None
        self.mail: Mail | None = None
        self.till = Till(None, lambda: 0.0, lambda _: None)
        self.spool = folder / "spool"
        for each in (self.spool / "out", self.spool / "in", folder / "courier"):
            each.mkdir(parents=True)
        home = CourierHome(folder / "courier", self.spool, Link("https://district", who.area, who.name, 1))
        self.courier = Courier(home, wire, clock=lambda: float(now()))
        identity = Identity(who.area, who.name, who.mode)  # type: ignore[arg-type]
        Store.create(self.path, STORE_KEY, identity, Epoch(1), UnixSeconds(now())).close()

    @property
    def path(self) -> Path:
        """The encrypted database."""
        return self.folder / "store" / "kit.db" if (self.folder / "store").is_dir() else self._first_path()

    def _first_path(self) -> Path:
        (self.folder / "store").mkdir()
        return self.folder / "store" / "kit.db"

    @property
    def on(self) -> bool:
        """True while somebody is signed in."""
        return self.books is not None

    def _read_clock(self) -> UnixSeconds:
        at = self._now() if self.clock.frozen_at is None else self.clock.frozen_at
        return UnixSeconds(at + self.clock.offset)

    def boot(self, operator: str) -> None:
        """Switch on and sign in, as the desk does. May raise PowerCut."""
        store = CutStore.open(self.path, STORE_KEY)
        assert isinstance(store, CutStore)
        store.power = self.power
        source = TimeSource.RTC if self.clock.proves else TimeSource.SYSTEM
        started = self._now()
        hours = Hours(self._read_clock, lambda: float(self._now() - started), source)
        hours.floor = store.standing().proven_until
        who = self.who
        device = DeviceKeys(
            keys.signer(who.sign), keys.opener(who.seal), keys.seal_public(who.seal), keys.sign_public(who.sign)
        )
        card = OperatorCard(OperatorId(operator), operator, OperatorRole.AGENT)
        self.books = Books(store, device, DistrictKeys(who.district_sign, who.district_seal), card, hours)
        self.books.load_bundle()
        self.mail = Mail(self.books, spool.Outbox(self.spool / "out"), spool.Inbox(self.spool / "in"))
        self.mail.halts.recall()
        self.books.booted_at = self.books.write(j.DeviceStarted("sim", hours.trusted().proven)).sequence

    def off(self) -> None:
        """No power: whatever was not durable is gone."""
        if self.books is not None:
            self.books.store.close()
        self.books = self.mail = None

    def image(self, to: Path) -> None:
        """Copy the SD card (while it is switched off)."""
        shutil.copytree(self.folder / "store", to / "store")

    def put_back(self, image: Path) -> None:
        """An old image on the card: store as it was then; what lies in the spool is the courier's."""
        shutil.rmtree(self.folder / "store")
        shutil.copytree(image / "store", self.folder / "store")

    def segments(self) -> dict[str, tuple[int, int, int]]:
        """Segments in spool/out: name -> (epoch, first, last)."""
        places = {each.name: spool.segment_place(each.name) for each in spool.Outbox(self.spool / "out").files()}
        return {name: (int(at[0]), int(at[1]), int(at[2])) for name, at in places.items() if at is not None}
