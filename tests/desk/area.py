"""An area around one desk: the district's keys, a list of the virtual village, and a recorder for events.

The district is played by its own keys over the real exchange formats; card, printer, store and vault are real.
"""

from __future__ import annotations

import hashlib
import queue
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from hardware.card.pcsc import CardWatch, card_present
from hardware.virtual.card.issuer import Issuer, make_issuer
from hardware.virtual.card.personas import PERSONAS
from kiosk.desk import enrolment
from kiosk.desk.desk import Desk, Equipment
from kiosk.desk.hours import Hours
from kiosk.devices.printing import printer_for
from kiosk.devices.station import CardStation
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import enrolment as xe
from kiosk.exchange import keys, spool
from kiosk.exchange import orders as xo
from kiosk.exchange.segment import open_segment
from kiosk.exchange.shapes import Held
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.names import (
    AreaId,
    CitizenNumber,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    HouseholdId,
    Kind,
    LeaseId,
    Method,
    Mode,
    OperatorId,
    Period,
    PersonId,
    Programme,
    Role,
    Sequence,
    Sex,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.payout.paylist import Entitlement, Lease, PayList, Policy
from kiosk.payout.people import BirthDate, Payee, Person, Recipient
from kiosk.settings import PrinterKind, PrinterSettings, Settings
from kiosk.vault.pin import Argon2Params

PIN = "271828"
OPERATOR, MINH, HOA = OperatorId("tam"), OperatorId("minh"), OperatorId("hoa")
NOW = UnixSeconds(1_794_200_400)
DEVICE, AREA = DeviceId("KIT7"), AreaId("A01")
NOTICES = (
    xb.Notice("N-0", "Hết hạn rồi.", NOW),
    xb.Notice("N-1", "Chi trả từ ngày 1 đến ngày 10.", UnixSeconds(NOW + 5 * 86_400)),
    xb.Notice("N-2", "Tháng này chi trả sớm. " * 20, UnixSeconds(NOW + 9 * 86_400)),
)
FLOAT = Notes.of({500_000: 10, 200_000: 5, 100_000: 10, 50_000: 10})
PATIENCE = 20.0
FIRST = Epoch(1)
EXPIRES = UnixSeconds(NOW + 20 * 86_400)
E = TypeVar("E", bound=ev.Event)


def person(key: str) -> Person:
    """A villager as the district knows them."""
    card = PERSONAS[key]
    return Person(
        PersonId(key),
        CitizenNumber(card.id_number),
        card.full_name,
        BirthDate(card.birth.year, card.birth.month, card.birth.day),
        Sex.MALE if card.sex == "Nam" else Sex.FEMALE,
    )


def pay_list(version: int = 1, epoch: Epoch = FIRST) -> PayList:
    """Bà Sáu two months, Ông Tư (with his daughter as alternate) one, Bà Khế one, Ông Danh by bank."""
    owed = [("ba-sau", 10), ("ba-sau", 11), ("ong-tu", 11), ("ba-khe", 11), ("ong-danh", 11)]
    entitlements = tuple(
        Entitlement(
            EntitlementId(f"{who}-{month}"),
            PersonId(who),
            Programme.SOCIAL_PENSION,
            Period(2026, month),
            Kind.MONTHLY,
            f"Sheet1!{n}",
            Vnd(500_000),
            Method.BANK if who == "ong-danh" else Method.CASH,
        )
        for n, (who, month) in enumerate(owed)
    )
    leases = tuple(
        Lease(
            LeaseId(f"l{epoch}-{each.id}"),
            each.id,
            DEVICE,
            epoch,
            each.amount,
            f"{n:032x}",
            UnixSeconds(NOW + 20 * 86_400),
        )
        for n, each in enumerate(entitlements)
    )
    homes = {"ba-sau": "h1", "ong-tu": "h2", "ba-khe": "h3", "ong-danh": "h4"}
    recipients = tuple(
        Recipient(person(who), HouseholdId(home), "Ấp Bến Đò", f"Số {n}", n)
        for n, (who, home) in enumerate(homes.items())
    )
    lan = Payee(Role.ALTERNATE, person("con-lan"), PersonId("ong-tu"), "2026-01-01", "2026-12-31", "UQ 12/2026")
    return PayList(AREA, version, recipients, (lan,), entitlements, leases, Policy(complaint_phone="1900 0000"))


@dataclass
class District:
    """The other end of the exchange, with its keys in hand."""

    sign: bytes = field(default_factory=keys.new_private)
    seal: bytes = field(default_factory=keys.new_private)
    issuer: Issuer = field(default_factory=lambda: make_issuer(b"desk tests"))
    device_sign: bytes = b""
    device_seal: bytes = b""
    escrow: tuple[str, ...] = ()
    device: DeviceId = DEVICE

    def invitation(self) -> xe.Invitation:
        """A fresh invitation in practice mode."""
        district = Digest(hashlib.sha256(keys.sign_public(self.sign)).hexdigest())
        return xe.Invitation(("https://127.0.0.1",), AREA, Mode.PRACTICE, "5" * 32, district, UnixSeconds(NOW + 900))

    def grant(self, settings: Settings, invitation: xe.Invitation) -> None:
        """Answer the request that lies in the spool."""
        request_file = next(f for f in spool.Outbox(settings.outbox).files() if f.kind is spool.FileKind.ENROLMENT)
        request = spool.read(request_file)
        asked = xe.check_request(request, invitation, NOW)
        self.device_sign, self.device_seal = bytes.fromhex(asked.sign_key), bytes.fromhex(asked.seal_key)
        grant = xe.EnrolmentGrant(
            AREA, self.device, Mode.PRACTICE, Epoch(1), Epoch(0), j.GENESIS, 1,
            keys.sign_public(self.sign).hex(), keys.seal_public(self.seal).hex(), self.escrow, "", "", NOW,
        )  # fmt: skip
        data = xe.grant_enrolment(grant, request, invitation)
        spool.Inbox(settings.inbox).deliver(spool.FileKind.ENROLMENT, "grant", data)

    def send_order(
        self, settings: Settings, order: xo.Order, serial: int = 1, *, device: DeviceId = DEVICE, name: str = "",
        spoil: Callable[[bytes], bytes] = bytes,
    ) -> None:  # fmt: skip
        """A sealed order for the device in its first epoch."""
        to = xb.Addressee(AREA, device, Epoch(1), self.device_seal)
        data = spoil(xo.seal_order(order, to, serial, NOW, keys.signer(self.sign)))
        name = name or f"{time.monotonic_ns()}"
        spool.Inbox(settings.inbox).deliver(spool.FileKind.ORDER, name, data)

    def send_bundle(
        self,
        settings: Settings,
        version: int = 1,
        listed: PayList | None = None,
        revocations: tuple[xb.Revocation, ...] = (),
        trusted: tuple[bytes, ...] = (),
        epoch: Epoch = FIRST,
        devices: tuple[xb.DeviceCard, ...] = (),
        **more: object,
    ) -> None:
        """A bundle with the village's list and the issuer that only bundles bring."""
        certificates = trusted or (self.issuer.csca_certificate,)
        public = xb.PublicPart(
            Mode.PRACTICE,
            keys.seal_public(self.seal).hex(),
            notices=NOTICES,
            revocations=revocations,
            devices=devices,
            trust_certs=tuple(map(xb.to_pieces, certificates)),
        )
        operators = (
            OperatorCard(OPERATOR, "Lê Thị Tâm", OperatorRole.SUPERVISOR),
            OperatorCard(MINH, "Phạm Văn Minh", OperatorRole.AGENT),
        )
        if "supervisors" in more:
            operators = (*operators, OperatorCard(HOA, "Trần Thị Lan", OperatorRole.SUPERVISOR))
        sealed = xb.SealedPart(listed or pay_list(version, epoch), operators, **more)  # type: ignore[arg-type]
        to = xb.Addressee(AREA, self.device, epoch, self.device_seal)
        header = xb.bundle_header(to, Held(1, version, len(revocations)), NOW)
        data = xb.seal_bundle(public, sealed, header, self.device_seal, keys.signer(self.sign))
        spool.Inbox(settings.inbox).deliver(spool.FileKind.BUNDLE, f"{version:08d}", data)

    def entries(self, settings: Settings) -> list[j.Entry]:
        """Everything that lies sealed in the spool, opened and in order."""
        found: list[j.Entry] = []
        for file in spool.Outbox(settings.outbox).files():
            if file.kind is spool.FileKind.SEGMENT:
                found += open_segment(spool.read(file), self.device_sign, keys.opener(self.seal))
        return found

    def send_checkpoint(self, settings: Settings, **change: object) -> None:
        """A truthful checkpoint over what lies in the spool, spoiled by ``change``."""
        of = change.get("epoch", FIRST)
        entries = [each for each in self.entries(settings) if each.epoch == of]
        told: dict[str, object] = {
            "area": AREA, "device": DEVICE, "epoch": Epoch(1), "incarnation": 1,
            "next": Sequence(entries[-1].sequence + 1), "head": entries[-1].hash, "backed_up": Sequence(0),
            "time": NOW, "bundle_version": 1, "revocation_serial": 0,
        }  # fmt: skip
        data = xc.sign_checkpoint(xc.Checkpoint(**{**told, **change}), keys.signer(self.sign))  # type: ignore[arg-type]
        spool.Inbox(settings.inbox).deliver(spool.FileKind.CHECKPOINT, f"{time.monotonic_ns()}", data)


def until_empty(reader: str) -> None:
    """Wait until the service has seen that the last test's card is gone: two quick cards would look like one."""
    watch = CardWatch(reader)
    end = time.monotonic() + PATIENCE
    while card_present(reader) and time.monotonic() < end:
        watch.wait_for_change(0.2)
    watch.close()


class Recorder:
    """Owner of the desk and watcher of the reader: keeps every event, lets a test wait for one."""

    def __init__(self) -> None:
        self.events: queue.Queue[ev.Event] = queue.Queue()
        self.seen: list[ev.Event] = []
        self.died = ""

    def post(self, event: ev.Event) -> None:
        """An event from any thread."""
        self.events.put(event)

    def desk_alive(self) -> None:
        """The desk went round."""

    def reader_alive(self) -> None:
        """The reader went round."""

    def fatal(self, why: str) -> None:
        """The desk gave up."""
        self.died = why

    def card_laid(self) -> None:
        """From the reader."""
        self.post(ev.CardLaid())

    def card_taken(self) -> None:
        """From the reader."""
        self.post(ev.CardTaken())

    def wait(self, *kinds: type[E]) -> E:
        """The next event of one of these kinds; fails the test when none comes."""
        end = time.monotonic() + PATIENCE
        while True:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            self.seen.append(event)
            if isinstance(event, kinds):
                return event


class Office:
    """An enrolled device on a folder of its own, whose desk can be stopped and started."""

    def __init__(
        self,
        home: Path,
        printer_port: int | None = None,
        escrow: tuple[str, ...] = (),
        like: Office | None = None,
        *,
        agent_copy: bool = False,
        device: DeviceId = DEVICE,
    ) -> None:
        """``like`` is one that was enrolled before and is stopped: its folder is copied instead of enrolling anew."""
        network = PrinterSettings(
            PrinterKind.NETWORK, f"127.0.0.1:{printer_port}", "epson-tm-m30", agent_copy=agent_copy
        )
        printer = network if printer_port else PrinterSettings()
        self.settings = Settings(home, reader="Virtual PCD 00 01", printer=printer, cash_sources=("Quỹ bưu cục",))
        self.district = District(escrow=escrow, device=device) if like is None else replace(like.district)
        self.clock: Callable[[], UnixSeconds] = lambda: NOW
        self._operation = 0
        if like is None:
            self._enrol()
        else:
            shutil.copytree(like.settings.home, home, dirs_exist_ok=True)
        self.start()

    def _enrol(self) -> None:
        invitation = self.district.invitation()
        operator = (OPERATOR, "Lê Thị Tâm", PIN)
        enrolment.begin(self.settings, xe.to_qr(invitation), "Túi số 7", operator, Argon2Params())
        self.district.grant(self.settings, invitation)
        enrolment.finish(self.settings, PIN, NOW)
        self.district.send_bundle(self.settings)

    def start(self) -> None:
        """Switch the device on."""
        self.recorder = Recorder()
        self.station = CardStation(self.recorder, self.settings.reader)
        self.vault = vault = enrolment.vault_of(self.settings, Mode.PRACTICE)
        equipment = Equipment(self.station, printer_for(self.settings.printer))
        hours = Hours(self._now, time.monotonic)
        self.desk = Desk(self.settings, vault, equipment, hours, self.recorder)
        self.desk.start()

    def _now(self) -> UnixSeconds:
        return self.clock()

    def cut_power(self) -> None:
        """Stop without a word to anybody: nothing is written at the end."""
        self.desk.stop()

    def ask(self, effect: Callable[[v.OperationId], ef.Effect], *answers: type[E]) -> E:
        """Perform an effect and wait for its answer."""
        self._operation += 1
        self.desk.perform(effect(v.OperationId(self._operation)))
        return self.recorder.wait(*answers)

    def sign_in(self, pin: str = PIN, operator: OperatorId = OPERATOR) -> ev.SignedIn | ev.SignInRefused | ev.Failed:
        """Sign in, as a rule as the supervisor."""
        return self.ask(lambda o: ef.SignIn(o, operator, pin), ev.SignedIn, ev.SignInRefused, ev.Failed)

    def lock(self) -> None:
        """Lock the screen and wait until the store is closed."""
        self.desk.perform(ef.LockStore())
        self.ask(ef.ListOperators, ev.OperatorsListed)

    def sync(self) -> ev.StateSeen:
        """One round of the mail, and what the lights show after it."""
        self.desk.perform(ef.SyncNow())
        self.ask(ef.ListOperators, ev.OperatorsListed)
        lights = [each for each in self.recorder.seen if isinstance(each, ev.StateSeen) and each.sync is not None]
        return lights[-1]

    def work(self) -> ev.SignedIn:
        """Sign in, say the date, open the session."""
        signed = self.sign_in()
        assert isinstance(signed, ev.SignedIn)
        self.ask(lambda o: ef.SetClock(o, date(2026, 11, 9)), ev.ClockAccepted)
        self.ask(lambda o: ef.OpenSession(o, FLOAT, "Quỹ bưu cục"), ev.SessionOpened)
        return signed
