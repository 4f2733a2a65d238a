"""What one kit is told: its leases and the people they are for, staff, trust, revocations.

A bundle is built when it is asked for and kept until its content changes; only then does the
version rise. Time freshness travels in checkpoints, so an unchanged bundle is never sent twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from agent_sync.district import (
    device_secrets,
    former_keys,
    ids,
    orders,
    overrides,
    returned,
    signers,
    staff,
    stand_ins,
    standing_data,
    trusts,
)
from agent_sync.district.database import chunks
from agent_sync.district.errors import Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import (
    bundle,
    chip_challenge,
    chip_key,
    device,
    entitlement,
    lease,
    payee,
    payout,
    person,
    recipient,
)
from agent_sync.district.schema import (
    pay_list as list_table,
)
from agent_sync.district.states import DeviceState, LeaseState, WitnessState
from kiosk.exchange import bundle as bundles
from kiosk.exchange.shapes import Held
from kiosk.payout import canonical
from kiosk.payout.names import (
    CitizenNumber,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    HouseholdId,
    Kind,
    LeaseId,
    Method,
    Period,
    PersonId,
    Programme,
    Role,
    Sex,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.paylist import Entitlement, Lease, PayList, Policy
from kiosk.payout.people import BirthDate, Payee, Person, Phone, Recipient
from kiosk.payout.rules import local_day

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle's bytes, its version and an opaque tag of its content."""

    data: bytes
    version: int
    tag: str


def current(connection: Connection, home: Home, device_id: DeviceId) -> Built:
    """The newest bundle for a kit, built anew when its content has changed. Raises Unknown.

    Call inside a write transaction: a new version is taken from the device's row.
    """
    kit = _kit(connection, home, device_id)
    epoch = orders.reported_epoch(connection, home.area, device_id)
    serial = standing_data.revocation_serial(connection, home.area)
    life = standing_data.incarnation(connection, home.area)
    public, sealed = _public(connection, home), _sealed(connection, home, kit, epoch)
    content = _content(public, sealed, life, serial, epoch)
    stored = _stored(connection, home, device_id)
    if stored is not None and stored["content"] == content:
        return Built(stored["data"], stored["version"], content)
    version = kit["bundle_version"] + 1
    sealed = replace(sealed, pay_list=replace(sealed.pay_list, version=version))
    to = bundles.Addressee(home.area, device_id, epoch, bytes.fromhex(kit["sealing_key"]))
    header = bundles.bundle_header(to, Held(life, version, serial), ids.now(connection))
    data = bundles.seal_bundle(public, sealed, header, to.seal_key, home.keys.signing.sign)
    _store(connection, home, device_id, Built(data, version, content))
    return Built(data, version, content)


def _content(public: bundles.PublicPart, sealed: bundles.SealedPart, life: int, serial: int, epoch: int) -> str:
    parts = [canonical.encode(public), canonical.encode(sealed), life, serial, epoch]
    return hashlib.sha256(canonical.to_bytes(parts)).hexdigest()


def _kit(connection: Connection, home: Home, device_id: DeviceId) -> Row:
    # The write lock of PostgreSQL: two processes must not give one version to two contents.
    mine = (device.c.area == home.area) & (device.c.id == device_id)
    connection.execute(update(device).where(mine).values(last_seen=ids.now(connection)))
    row = connection.execute(select(device).where(mine)).mappings().first()
    if row is None or row["state"] == DeviceState.AWAITED.value:
        raise Unknown(f"no enrolled device {device_id}")
    return dict(row)


def _stored(connection: Connection, home: Home, device_id: DeviceId) -> Row | None:
    found = select(bundle).where(bundle.c.area == home.area, bundle.c.device == device_id)
    row = connection.execute(found).mappings().first()
    return None if row is None else dict(row)


def _store(connection: Connection, home: Home, device_id: DeviceId, built: Built) -> None:
    values = {"version": built.version, "content": built.tag, "built_at": ids.now(connection), "data": built.data}
    mine = (bundle.c.area == home.area) & (bundle.c.device == device_id)
    if connection.execute(update(bundle).where(mine).values(**values)).rowcount == 0:
        connection.execute(insert(bundle).values(area=home.area, device=device_id, **values))
    kit = (device.c.area == home.area) & (device.c.id == device_id)
    connection.execute(update(device).where(kit).values(bundle_version=built.version))


def _public(connection: Connection, home: Home) -> bundles.PublicPart:
    alive = (device.c.area == home.area) & (device.c.state == DeviceState.ACTIVE.value)
    cards = select(device.c.id, device.c.signing_key).where(alive).order_by(device.c.id)
    present = tuple(bundles.DeviceCard(DeviceId(row[0]), row[1]) for row in connection.execute(cards))
    certificates, crls = trusts.files(connection, home.area)
    return bundles.PublicPart(
        mode=home.settings.mode,
        district_seal_key=home.keys.intake_public.hex(),
        notices=standing_data.notices(connection, home.area, ids.now(connection)),
        revocations=standing_data.revocations(connection, home.area),
        devices=(*present, *former_keys.cards(connection, home.area)),
        trust_certs=tuple(map(bundles.to_pieces, certificates)),
        crls=tuple(map(bundles.to_pieces, crls)),
    )


def _sealed(connection: Connection, home: Home, kit: Row, epoch: Epoch) -> bundles.SealedPart:
    leases = _leases(connection, home, kit) if _may_pay(kit, epoch) else []
    caps, device_id = overrides.caps(connection, home.area), DeviceId(kit["id"])
    people = _recipients(connection, home, sorted(_owners(connection, home, leases)))
    names = sorted(each.person.id for each in people)
    pay_list = PayList(
        area=home.area, version=0, recipients=tuple(people), payees=tuple(_payees(connection, home, names)),
        entitlements=tuple(_entitlements(connection, home, names)), leases=tuple(leases),
        policy=_policy(connection, home, caps),
    )  # fmt: skip
    return bundles.SealedPart(
        pay_list, standing_data.agents(connection, home.area), pinned_keys=tuple(_pinned(connection, home, names)),
        observed_signers=tuple(map(Digest, signers.observed(connection, home.area))),
        lease_secrets=stand_ins.secrets_of(connection, home.area, kit["id"]),
        stand_ins=stand_ins.offered_to(connection, home.area, kit["id"], ids.now(connection)),
        supervisors=staff.supervisors(connection, home.area) if caps.payout else (),
        override_key=overrides.key_of(connection, home.area, device_id) if caps.payout else "",
        escrow_keys=device_secrets.holders_of(connection, home.area),
    )  # fmt: skip


def pay_list_of(connection: Connection, home: Home, device_id: DeviceId) -> PayList:
    """The list as this device's next bundle would bring it. Raises Unknown."""
    epoch = orders.reported_epoch(connection, home.area, device_id)
    return _sealed(connection, home, _kit(connection, home, device_id), epoch).pay_list


def _policy(connection: Connection, home: Home, caps: overrides.Caps) -> Policy:
    settings = home.settings
    return Policy(
        level_b_programmes=signers.level_b(connection, home.area),
        override_cap=caps.payout,
        override_day_cap=caps.day,
        override_times=caps.times,
        rounding=standing_data.rounding(connection, home.area),
        complaint_phone=settings.complaint_phone,
        place=settings.place,
        receipt_page=settings.receipt_page or settings.url,
    )


def _may_pay(kit: Row, reported: Epoch) -> bool:
    """Nothing to pay for a revoked kit, nor in an epoch that it was ordered to leave."""
    return bool(kit["state"] == DeviceState.ACTIVE.value and kit["epoch"] == reported)


def _leases(connection: Connection, home: Home, kit: Row) -> list[Lease]:
    live = (lease.c.state == LeaseState.LIVE.value) & ~returned.asked_back()
    held = live | (lease.c.state == LeaseState.SPENT.value)
    mine = (lease.c.area == home.area) & (lease.c.device == kit["id"]) & (lease.c.epoch == kit["epoch"])
    rows = connection.execute(select(lease).where(mine & held).order_by(lease.c.id)).mappings()
    return [_lease(dict(row)) for row in rows]


def _lease(row: Row) -> Lease:
    return Lease(
        LeaseId(row["id"]), EntitlementId(row["entitlement"]), DeviceId(row["device"]), Epoch(row["epoch"]),
        Vnd(row["amount"]), row["nonce"], UnixSeconds(row["expires_at"]),
    )  # fmt: skip


def _owners(connection: Connection, home: Home, leases: list[Lease]) -> set[str]:
    owners: set[str] = set()
    for chunk in chunks(sorted(each.entitlement for each in leases)):
        found = select(entitlement.c.recipient).where(entitlement.c.area == home.area, entitlement.c.id.in_(chunk))
        owners |= {row[0] for row in connection.execute(found)}
    return owners


def _recipients(connection: Connection, home: Home, names: Sequence[str]) -> list[Recipient]:
    at = (person.c.area == recipient.c.area) & (person.c.id == recipient.c.person)
    found: list[Recipient] = []
    for chunk in chunks(list(names)):
        mine = (recipient.c.area == home.area) & recipient.c.person.in_(chunk)
        rows = connection.execute(select(recipient, person).select_from(recipient.join(person, at)).where(mine))
        found += [_recipient(dict(row)) for row in rows.mappings()]
    return sorted(found, key=lambda each: (each.hamlet, each.order, each.person.id))


def _recipient(row: Row) -> Recipient:
    return Recipient(
        person=_person(row), household=HouseholdId(row["household"]), hamlet=row["hamlet"], address=row["address"],
        order=row["walking_order"], phone=Phone(row["phone"], row["phone_owner"]) if row["phone"] else None,
        language=row["language"], note=row["note"], deceased_on=row["deceased_on"],
    )  # fmt: skip


def _person(row: Row) -> Person:
    birth = BirthDate(*(int(part) for part in row["birth"].split("-")))
    number, sex = CitizenNumber(row["number"]), Sex(row["sex"])
    return Person(PersonId(row["id"]), number, row["full_name"], birth, sex, bool(row["heroic_mother"]))


def _payees(connection: Connection, home: Home, names: Sequence[str]) -> list[Payee]:
    at = (person.c.area == payee.c.area) & (person.c.id == payee.c.person)
    found: list[Payee] = []
    for chunk in chunks(list(names)):
        mine = (payee.c.area == home.area) & payee.c.recipient.in_(chunk)
        listed = select(payee, person).select_from(payee.join(person, at)).where(mine)
        rows = connection.execute(listed.order_by(payee.c.recipient, payee.c.person, payee.c.role))
        found += [_payee(dict(row)) for row in rows.mappings()]
    return sorted(found, key=lambda each: (each.recipient, each.role.value, each.person.id))


def _payee(row: Row) -> Payee:
    covers = tuple(Programme(each) for each in row["programmes"].split(",") if each)
    terms = (row["valid_from"], row["valid_until"], row["paper"])
    return Payee(Role(row["role"]), _person(row), PersonId(row["recipient"]), *terms, programmes=covers)


def _entitlements(connection: Connection, home: Home, names: Sequence[str]) -> list[Entitlement]:
    found: list[Entitlement] = []
    for chunk in chunks(list(names)):
        mine = (entitlement.c.area == home.area) & entitlement.c.recipient.in_(chunk)
        its_list = (list_table.c.area == entitlement.c.area) & (list_table.c.id == entitlement.c.list)
        joined = entitlement.outerjoin(list_table, its_list)
        rows = select(entitlement, list_table.c.imported_at).select_from(joined).where(mine)
        found += [_entitlement(dict(row)) for row in connection.execute(rows).mappings()]
    return sorted(found, key=lambda each: each.id)


def _entitlement(row: Row) -> Entitlement:
    return Entitlement(
        EntitlementId(row["id"]), PersonId(row["recipient"]), Programme(row["programme"]), Period.parse(row["period"]),
        Kind(row["kind"]), row["line"], Vnd(row["amount"]), Method(row["method"]), bool(row["held"]),
        _listed_on(row),
    )  # fmt: skip


def _listed_on(row: Row) -> str | None:
    """Since when a recipient can expect it elsewhere: the day of the list that says so."""
    if row["method"] == Method.CASH.value or row["imported_at"] is None:
        return None
    return local_day(UnixSeconds(row["imported_at"])).isoformat()


def _pinned(connection: Connection, home: Home, names: Sequence[str]) -> list[bundles.PinnedKey]:
    """Chip keys that were seen with one of these people, with nobody else, and never under a signature that failed."""
    found: list[bundles.PinnedKey] = []
    for chunk in chunks(list(names)):
        mine = (chip_key.c.area == home.area) & chip_key.c.person.in_(chunk)
        rows = connection.execute(select(chip_key.c.person, chip_key.c.key).where(mine & _unshared() & _unrefuted()))
        found += [bundles.PinnedKey(PersonId(row[0]), Digest(row[1])) for row in rows]
    return sorted(found, key=lambda each: (each.person, each.key))


def _unrefuted() -> Any:
    failed = (payout.c.area == chip_key.c.area) & (payout.c.witness == WitnessState.FAILED.value)
    mine = (chip_challenge.c.area == chip_key.c.area) & (chip_challenge.c.key == chip_key.c.key)
    signed = failed & mine & (payout.c.hash == chip_challenge.c.entry) & (payout.c.payee == chip_key.c.person)
    return ~select(payout.c.hash).where(signed).exists()


def _unshared() -> Any:
    other = chip_key.alias("other")
    same = (other.c.area == chip_key.c.area) & (other.c.key == chip_key.c.key) & (other.c.person != chip_key.c.person)
    return ~select(other.c.key).where(same).exists()
