"""A kit in the field, played by its real keys over the real formats: it keeps a journal, pays, seals and sends.

Only the screens, reader and store are missing; every byte that reaches the district is what a device would send.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent_sync.district import bundles, devices, ids, leases, world
from agent_sync.district import home as homes
from agent_sync.district.database import Database
from agent_sync.district.lists import import_command
from agent_sync.district.lists.sample import write_sample_list
from hardware.card.authenticity import aa_key_fingerprint
from hardware.virtual.card.authentication import ActiveSigner
from hardware.virtual.card.issuer import Issuer, make_issuer
from hardware.virtual.card.personas import PERSONAS, card_of
from kiosk.exchange import attachment as xa
from kiosk.exchange import bundle as xb
from kiosk.exchange import enrolment as xe
from kiosk.exchange import keys, segment
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, Notes, fewest_notes
from kiosk.payout.evidence import Chain, Chip, ChipChecks, Integrity, Override
from kiosk.payout.names import (
    AreaId,
    CannotSign,
    ConsentWay,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    Level,
    Mode,
    OperatorId,
    Period,
    PersonId,
    Role,
    Sequence,
    SessionId,
    UnixSeconds,
    VarianceReason,
    Vnd,
)
from kiosk.payout.paylist import Lease, PayList
from tests.agent_sync import databases

MONTH = Period(2026, 11)
CHECKS = ChipChecks(Integrity.PASSED, Chain.PASSED, Chip.PASSED)
FIRST, NO_SESSION, TAM = Epoch(1), SessionId(""), OperatorId("tam")


def new_district(folder: Path, *, mode: Mode = Mode.PRACTICE, url: str = "", area: str = "tan-an") -> Seat:
    """A district in a folder, migrated and empty."""
    settings = homes.Settings(
        area=AreaId(area),
        mode=mode,
        database=url or databases.fresh(folder),
        hosts=("localhost", "127.0.0.1"),
        url="https://localhost:8443",
        complaint_phone="1900 0000",
        place="Bưu cục Tân An Thử",
    )
    seat = Seat(homes.create(folder, settings), Database(settings.database))
    seat.database.migrate()
    return seat


@dataclass
class Seat:
    """A district's home and database, and what tests do with them again and again."""

    home: homes.Home
    database: Database

    def load_sample(self, folder: Path) -> None:
        """Import the demo's list."""
        path = folder / "list.xlsx"
        write_sample_list(path, MONTH)
        result = import_command(path, None, None)
        with self.database.write() as connection:
            world.store_list(connection, self.home.area, result, world.Origin(path, "test", "Tân An Thử"))

    def enrol(self, name: str) -> FieldKit:
        """A device that went the whole way: invitation, request, officer, grant."""
        kit = FieldKit(self.home.area, DeviceId(name), self.home.settings.mode)
        with self.database.write() as connection:
            qr = devices.invite(connection, self.home, kit.device, name, "home_visit")
        invitation = xe.from_qr(qr)
        request = xe.request_enrolment(invitation, kit.sign_public, kit.seal_public, name)
        with self.database.write() as connection:
            assert devices.receive_request(connection, self.home, invitation.ticket, request) is None
            data = devices.confirm(connection, self.home, kit.device, xe.peek_request(request).fingerprint())
        kit.grant = xe.check_grant(data, request, invitation)
        return kit

    def lease(self, kit: FieldKit, period: Period = MONTH, days: int = 30) -> leases.Granted:
        """Everything that is open, to one kit."""
        expires = UnixSeconds(ids.server_clock() + days * 86_400)
        with self.database.write() as connection:
            return leases.grant(connection, self.home.area, kit.device, leases.Wanted(period), expires, "test")

    def bundle(self, kit: FieldKit) -> xb.Bundle:
        """The kit's bundle, opened with its own key."""
        with self.database.write() as connection:
            built = bundles.current(connection, self.home, kit.device)
        to = xb.Addressee(self.home.area, kit.device, kit.epoch, kit.seal_public)
        opened = xb.open_bundle(built.data, self.home.keys.signing_public, to, NOTHING_HELD, kit.open)
        kit.pay_list = opened.sealed.pay_list
        return opened


@dataclass
class FieldKit:
    """One device's keys and journal."""

    area: AreaId
    device: DeviceId
    mode: Mode
    epoch: Epoch = FIRST
    entries: list[j.Entry] = field(default_factory=list)
    attachments: list[bytes] = field(default_factory=list)
    now: int = field(default_factory=lambda: int(ids.server_clock()))
    simulated: bool = True
    session: SessionId = NO_SESSION
    operator: OperatorId = TAM
    opening: int = 20_000_000
    paid: int = 0
    issuer: Issuer = field(default_factory=lambda: make_issuer(b"district tests"))
    pay_list: PayList | None = None
    grant: xe.EnrolmentGrant | None = None
    agreed: Override | None = None
    """What the next payout stands on instead of a chip."""

    def __post_init__(self) -> None:
        self._sign, self._seal = keys.new_private(), keys.new_private()
        self.sign, self.open = keys.signer(self._sign), keys.opener(self._seal)

    @property
    def sign_public(self) -> bytes:
        return keys.sign_public(self._sign)

    @property
    def seal_public(self) -> bytes:
        return keys.seal_public(self._seal)

    @property
    def head(self) -> Digest:
        return self.entries[-1].hash if self.entries else j.GENESIS

    def twin(self) -> FieldKit:
        """A copy of the card: same keys, same journal, its own future."""
        other = replace(self, entries=list(self.entries), attachments=[])
        other._sign, other._seal = self._sign, self._seal
        other.sign, other.open = self.sign, self.open
        return other

    def write(self, fact: j.Fact, witness: j.Witness | None = None) -> j.Entry:
        """Append one fact."""
        self.now += 1
        place = Sequence(len(self.entries))
        entry = j.Entry(self.device, self.epoch, place, UnixSeconds(self.now), True, self.head, fact, witness)
        self.entries.append(entry)
        return entry

    def begin(self) -> None:
        """Epoch, start and session."""
        self.write(j.EpochOpened(self.area, self.mode, Epoch(0), j.GENESIS))
        self.write(j.DeviceStarted("test", True))
        self.open_session()

    def open_session(self) -> None:
        """Count a float in."""
        self.session = SessionId(f"{self.device}-s{len(self.entries)}")
        notes = fewest_notes(Vnd(self.opening))
        assert notes is not None
        self.paid = 0
        self.write(j.SessionOpened(self.session, self.operator, notes.amount, notes.counts, "Quỹ"))

    def close_session(self, missing: int = 0) -> None:
        """Count the drawer and close."""
        counted = fewest_notes(Vnd(self.opening - self.paid - missing))
        assert counted is not None
        reason = VarianceReason.COUNTING if missing else VarianceReason.NONE
        self.write(
            j.SessionClosed(self.session, self.operator, counted.amount, counted.counts, Vnd(missing), reason, "")
        )

    def leases_of(self, persona: str) -> list[Lease]:
        """Leases for the person of a virtual card."""
        assert self.pay_list is not None
        number = PERSONAS[persona].id_number
        mine = {each.person.id for each in self.pay_list.recipients if each.person.number == number}
        owed = {each.id for each in self.pay_list.entitlements if each.recipient in mine}
        return [each for each in self.pay_list.leases if each.entitlement in owed]

    def authorise(self, persona: str, *, chip: bool = True, signer: str = "", amount: int | None = None) -> j.Entry:
        """Authorise all that a persona is leased, with the chip's witness over it."""
        assert self.pay_list is not None
        held = self.leases_of(persona)
        owed = {each.id: each for each in self.pay_list.entitlements}
        lines = tuple(_line(owed[each.entitlement], each, amount) for each in held)
        who = owed[held[0].entitlement].recipient
        return self.authorise_lines(who, lines, [each.nonce for each in held], signer or persona, chip=chip)

    def authorise_lines(
        self, who: PersonId, lines: tuple[j.AuthorisedLine, ...], nonces: list[str], signer: str, *, chip: bool = True
    ) -> j.Entry:
        """Authorise given lines."""
        card = card_of(self.issuer, signer) if chip else None
        evidence = None
        if card is not None:
            files = {name: card.files[name] for name in xa.CHIP_FILES}
            item = xa.new_attachment(xa.AttachmentKind.CHIP, xa.chip_content(files))
            evidence = item.digest
            self._attach(item)
        place = Sequence(len(self.entries))
        override, self.agreed = self.agreed, None
        if override is not None and override.way is ConsentWay.CARD and evidence is not None:
            override, evidence = replace(override, consent=evidence), None
        fact = j.PayoutAuthorised(
            payout=j.payout_id(self.device, self.epoch, place), device=self.device, epoch=self.epoch,
            previous_head=self.head, session=self.session, operator=self.operator, recipient=who, payee=who,
            role=Role.SELF, lines=lines, total=Vnd(sum(line.amount for line in lines)),
            level=Level.C if override else Level.A,
            checks=CHECKS,
            simulated=self.simulated, evidence=evidence, override=override,
        )  # fmt: skip
        witness = None
        if card is not None and card.active_key is not None:
            challenge = j.challenge(fact, nonces)
            response = ActiveSigner(card.active_key).sign(challenge)
            key = _key_of(card.files["DG15"])
            witness = j.Witness(challenge.hex(), response.hex(), key)
        return self.write(fact, witness)

    def complete(self, authorised: j.Entry) -> j.Entry:
        """Hand the cash over."""
        fact = authorised.fact
        assert isinstance(fact, j.PayoutAuthorised)
        notes = fewest_notes(fact.total)
        assert notes is not None
        self.paid += notes.amount
        name = xa.new_attachment(xa.AttachmentKind.WITNESS, "Người làm chứng".encode())
        self._attach(name)
        return self.write(
            j.PayoutCompleted(fact.payout, notes.counts, NO_NOTES.counts, None, CannotSign.TREMOR, name.digest)
        )

    def pay(self, persona: str, *, chip: bool = True) -> j.Entry:
        """Authorise and complete."""
        authorised = self.authorise(persona, chip=chip)
        self.complete(authorised)
        return authorised

    def seal(self, first: int = 0, last: int | None = None) -> bytes:
        """A segment of the journal from ``first`` to ``last`` (inclusive)."""
        assert self.grant is not None
        end = len(self.entries) if last is None else last + 1
        return segment.seal(
            self.entries[first:end], area=self.area, held=NOTHING_HELD, time=UnixSeconds(self.now),
            district_key=bytes.fromhex(self.grant.seal_key), sign=self.sign,
        )  # fmt: skip

    def _attach(self, item: xa.Attachment) -> None:
        assert self.grant is not None
        key = bytes.fromhex(self.grant.seal_key)
        self.attachments.append(xa.seal_attachment(item, area=self.area, device=self.device, district_key=key))


def _line(owed: object, lease: Lease, amount: int | None) -> j.AuthorisedLine:
    entitlement: EntitlementId = owed.id  # type: ignore[attr-defined]
    return j.AuthorisedLine(
        entitlement,
        lease.id,
        owed.programme,
        owed.kind,
        str(owed.period),
        Vnd(amount or lease.amount),  # type: ignore[attr-defined]
    )


def _key_of(dg15: bytes) -> Digest:
    found = aa_key_fingerprint(dg15)
    assert found is not None
    return Digest(found.hex())


def random_nonce() -> str:
    """16 random bytes as hexadecimal."""
    return secrets.token_hex(16)


__all__ = ["FieldKit", "Notes", "Seat", "new_district", "random_nonce"]
