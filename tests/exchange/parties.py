"""The parties of the exchange with fixed keys, so that a failing test shows the same bytes again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from kiosk.exchange import bundle, checkpoint, keys, segment
from kiosk.exchange.shapes import Held
from kiosk.payout import names as n
from kiosk.payout.journal import Entry
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.payout.paylist import Entitlement, Lease, PayList, Policy
from kiosk.payout.people import BirthDate, Person, Recipient
from tests.exchange import samples

HELD = Held(incarnation=1, version=4, revocation_serial=2)
NOW = n.UnixSeconds(1_795_003_600)


def private(label: str) -> bytes:
    """A private key that every run has in common."""
    return hashlib.sha256(b"tannha test key " + label.encode()).digest()


class District:
    """Keys of the district server of the training area."""

    def __init__(self, label: str = "district") -> None:
        self.sign_private, self.seal_private = private(label + " sign"), private(label + " seal")
        self.sign_key, self.seal_key = keys.sign_public(self.sign_private), keys.seal_public(self.seal_private)
        self.sign, self.open = keys.signer(self.sign_private), keys.opener(self.seal_private)

    def bundle(self, to: bundle.Addressee, held: Held = HELD, area: n.AreaId | None = None) -> bytes:
        header = bundle.bundle_header(to, held, NOW)
        sealed = bundle.SealedPart(pay_list(area or to.area, held.version, to.device, to.epoch), STAFF)
        return bundle.seal_bundle(self.public(), sealed, header, to.seal_key, self.sign)

    def public(self) -> bundle.PublicPart:
        return bundle.PublicPart(
            mode=n.Mode.PRACTICE,
            district_seal_key=self.seal_key.hex(),
            notices=(bundle.Notice("n1", "Chi trả từ ngày 1 đến ngày 10.", n.UnixSeconds(NOW + 86_400)),),
            trust_certs=(bundle.to_pieces(bytes(range(256)) * 20),),
        )

    def checkpoint(self, kit: Kit, entries: Sequence[Entry], **changes: object) -> bytes:
        return checkpoint.sign_checkpoint(checkpoint_of(kit, entries, **changes), self.sign)


class Kit:
    """Keys and place of one device."""

    def __init__(self, device: str, seed: int, epoch: int = samples.EPOCH) -> None:
        self.device, self.epoch = n.DeviceId(device), n.Epoch(epoch)
        self.sign_private, self.seal_private = private(f"{device} sign"), private(f"{device} seal")
        self.sign_key, self.seal_key = keys.sign_public(self.sign_private), keys.seal_public(self.seal_private)
        self.sign, self.open = keys.signer(self.sign_private), keys.opener(self.seal_private)

    @property
    def addressee(self) -> bundle.Addressee:
        return bundle.Addressee(samples.AREA, self.device, self.epoch, self.seal_key)

    def segment(self, entries: Sequence[Entry], district: District, area: n.AreaId = samples.AREA) -> bytes:
        return segment.seal(entries, area=area, held=HELD, time=NOW, district_key=district.seal_key, sign=self.sign)


def checkpoint_of(kit: Kit, entries: Sequence[Entry], **changes: object) -> checkpoint.Checkpoint:
    values: dict[str, object] = {
        "area": samples.AREA,
        "device": kit.device,
        "epoch": kit.epoch,
        "incarnation": 1,
        "next": n.Sequence(len(entries)),
        "head": entries[-1].hash,
        "backed_up": n.Sequence(0),
        "time": NOW,
        "bundle_version": 4,
        "revocation_serial": 2,
    }
    return checkpoint.Checkpoint(**(values | changes))  # type: ignore[arg-type]


STAFF = (OperatorCard(n.OperatorId("lan"), "Nguyễn Thị Lan", OperatorRole.AGENT, "ab" * 32),)


def pay_list(area: n.AreaId, version: int, device: n.DeviceId, epoch: n.Epoch) -> PayList:
    """One household of a synthetic person."""
    person = Person(n.PersonId("p1"), n.CitizenNumber("001040000017"), "Trần Văn Mẫu", BirthDate(1940), n.Sex.MALE)
    entitlement = Entitlement(
        n.EntitlementId("e1"), person.id, n.Programme.SOCIAL_PENSION, n.Period(2026, 11), n.Kind.MONTHLY, "12",
        n.Vnd(500_000),
    )  # fmt: skip
    lease = Lease(
        n.LeaseId("l1"), entitlement.id, device, epoch, entitlement.amount, "00" * 16, n.UnixSeconds(NOW + 864_000)
    )
    recipient = Recipient(person, n.HouseholdId("h1"), "Xóm Mới", "số 3", 1)
    return PayList(area, version, (recipient,), (), (entitlement,), (lease,), Policy())
