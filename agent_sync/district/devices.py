"""Enrolling kits: an invitation as a QR, the kit's keys, an officer who compares fingerprints.

The secret serves once and for 15 minutes. Production or practice is the district's mode and is
fixed in the grant (M8). The courier's client certificate is signed on the way.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from agent_sync.district import device_secrets, former_keys, ids, orders, standing_data, tls
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import device, enrolment
from agent_sync.district.states import DeviceState
from kiosk.exchange import enrolment as enrolments
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.shapes import is_device_id
from kiosk.payout.journal import GENESIS
from kiosk.payout.names import DeviceId, Digest, Epoch, Mode, UnixSeconds

PROFILES = ("home_visit", "pay_point")
FIRST_EPOCH = Epoch(1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that came for an invitation and waits for the officer's eye."""

    device: DeviceId
    ticket: str
    fingerprint: str


def invite(
    connection: Connection, home: Home, device_id: DeviceId, label: str, profile: str, *, again: bool = False
) -> str:
    """A new kit's row and its QR text, valid for 15 minutes. Raises BadInput or NotPermitted.

    ``again``: a kit takes the place and the name of one that is known, with new keys and in a new epoch. Until the
    officer confirms it, nothing changes for the one before.
    """
    if not is_device_id(device_id) or len(device_id) > 40:
        raise BadInput("a device id has 1 to 40 letters, digits, - and _")
    if profile not in PROFILES:
        raise BadInput(f"a profile is one of {', '.join(PROFILES)}")
    _awaited_row(connection, home, device_id, label, profile, again=again)
    invitation = enrolments.Invitation(
        urls=(home.settings.url,), area=home.area, mode=home.settings.mode, secret=secrets.token_hex(16),
        district=Digest(hashlib.sha256(home.keys.signing_public).hexdigest()),
        expires=UnixSeconds(ids.now(connection) + enrolments.LIFETIME_S),
    )  # fmt: skip
    row: dict[str, Any] = {"area": home.area, "ticket": invitation.ticket, "device": device_id}
    row |= {"secret": invitation.secret, "expires_at": invitation.expires, "state": "open"}
    row |= {"request": None, "grant_data": None, "client_request": None, "client_certificate": None}
    connection.execute(insert(enrolment).values(**row))
    return enrolments.to_qr(invitation)


def receive_request(connection: Connection, home: Home, ticket: str, data: bytes) -> bytes | None:
    """A kit's request for ``ticket``: the grant if the officer confirmed it, None while it waits.

    Raises BadInput for a request that is not for this invitation, late, or a second one.
    """
    row = _row(connection, home, ticket)
    if row["request"] is not None and row["request"] != data:
        raise BadInput("this invitation was used by another device")
    try:
        if row["request"] is None:
            enrolments.check_request(data, _invitation(home, row), ids.now(connection))
    except ExchangeError as error:
        raise BadInput(f"the request was refused: {error.key.value}") from error
    if row["request"] is None:
        _set(connection, home, ticket, {"request": data, "state": "asked"})
    grant: bytes | None = row["grant_data"]
    return grant


def client_certificate(connection: Connection, home: Home, ticket: str, csr: bytes) -> bytes:
    """The courier's TLS client certificate (PEM) for a granted invitation; one request, one answer.

    Raises Unknown, NotPermitted (before the grant, or for a second courier) or BadInput.
    """
    row = _row(connection, home, ticket)
    if row["state"] != "granted":
        raise NotPermitted("the officer has not confirmed this device yet")
    if row["client_request"] == csr:
        return bytes(row["client_certificate"])
    if row["client_request"] is not None or ids.now(connection) > row["expires_at"]:
        raise NotPermitted("this invitation has served its courier already")
    certificate = tls.sign_client(home.keys.ca, row["device"], csr)
    _set(connection, home, ticket, {"client_request": csr, "client_certificate": certificate})
    return certificate


def waiting(connection: Connection, home: Home) -> list[Waiting]:
    """Requests that an officer must compare with the screen of the kit."""
    found = select(enrolment).where(enrolment.c.area == home.area, enrolment.c.state == "asked")
    rows = connection.execute(found).mappings()
    return [
        Waiting(DeviceId(row["device"]), row["ticket"], enrolments.peek_request(row["request"]).fingerprint())
        for row in rows
    ]


def confirm(connection: Connection, home: Home, device_id: DeviceId, fingerprint: str | None) -> bytes:
    """The officer says that the fingerprints agree: the kit becomes active; the grant.

    ``fingerprint`` None means unseen, which only a practice district permits. Raises Unknown,
    NotPermitted or BadInput.
    """
    asked = (enrolment.c.device == device_id) & (enrolment.c.state == "asked")
    row = connection.execute(select(enrolment).where((enrolment.c.area == home.area) & asked)).mappings().first()
    if row is None:
        raise Unknown(f"device {device_id} has not asked yet")
    request = enrolments.peek_request(row["request"])
    if fingerprint is None and home.settings.mode is not Mode.PRACTICE:
        raise NotPermitted("in production an officer compares the fingerprint")
    if fingerprint is not None and fingerprint.split() != request.fingerprint().split():
        raise BadInput("the fingerprints differ: do not enrol this device")
    grant = _grant(connection, home, _kit(connection, home, device_id), request)
    data = enrolments.grant_enrolment(grant, row["request"], _invitation(home, dict(row)))
    _activate(connection, home, device_id, request, grant)
    _set(connection, home, row["ticket"], {"state": "granted", "grant_data": data, "secret": ""})
    return data


def _kit(connection: Connection, home: Home, kit: DeviceId) -> dict[str, Any]:
    mine = (device.c.area == home.area) & (device.c.id == kit)
    return dict(connection.execute(select(device).where(mine)).mappings().one())


def _grant(
    connection: Connection, home: Home, row: dict[str, Any], request: enrolments.EnrolmentRequest
) -> enrolments.EnrolmentGrant:
    kit = DeviceId(row["id"])
    client = tls.sign_client(home.keys.ca, kit, request.courier_csr.encode()) if request.courier_csr else b""
    epoch, previous = FIRST_EPOCH, (Epoch(0), GENESIS)
    if row["state"] != DeviceState.AWAITED.value:
        previous = orders.end_of(connection, home.area, kit)
        epoch = Epoch(max(int(row["epoch"]), previous[0]) + 1)
        orders.forget_pending(connection, home.area, kit)
        former_keys.retire(connection, home.area, row, epoch, previous)
    return enrolments.EnrolmentGrant(
        area=home.area, device=kit, mode=home.settings.mode, epoch=epoch, previous_epoch=previous[0],
        previous_head=previous[1], incarnation=standing_data.incarnation(connection, home.area),
        sign_key=home.keys.signing_public.hex(), seal_key=home.keys.intake_public.hex(),
        escrow_keys=device_secrets.holders_of(connection, home.area),
        ca_pem=home.keys.ca.certificate.decode(), client_cert_pem=client.decode(), time=ids.now(connection),
    )  # fmt: skip


def _activate(
    connection: Connection,
    home: Home,
    kit: DeviceId,
    request: enrolments.EnrolmentRequest,
    grant: enrolments.EnrolmentGrant,
) -> None:
    values: dict[str, Any] = {"signing_key": request.sign_key, "sealing_key": request.seal_key}
    values |= {"state": DeviceState.ACTIVE.value, "enrolled_at": ids.now(connection), "epoch": grant.epoch}
    values |= {"reported_incarnation": grant.incarnation, "bundle_held": 0, "revocation_held": 0}
    mine = (device.c.area == home.area) & (device.c.id == kit)
    connection.execute(update(device).where(mine).values(**values))


def _awaited_row(connection: Connection, home: Home, kit: DeviceId, label: str, profile: str, *, again: bool) -> None:
    mine = (device.c.area == home.area) & (device.c.id == kit)
    known = connection.execute(select(device.c.state).where(mine)).first()
    enrolled = known is not None and known[0] != DeviceState.AWAITED.value
    if enrolled != again:
        raise NotPermitted(
            f"device {kit} is enrolled already; only --again puts another one in its place"
            if enrolled else f"device {kit} was never enrolled: there is nothing to take the place of"
        )  # fmt: skip
    if known is not None:
        return
    row: dict[str, Any] = {"area": home.area, "id": kit, "label": label[:80] or kit, "profile": profile, "epoch": 0}
    row |= {"state": DeviceState.AWAITED.value, "signing_key": "", "sealing_key": "", "enrolled_at": None}
    row |= {"last_seen": None, "bundle_version": 0, "bundle_held": 0, "revocation_held": 0, "reported_incarnation": 0}
    connection.execute(insert(device).values(**row))


def _row(connection: Connection, home: Home, ticket: str) -> dict[str, Any]:
    found = select(enrolment).where(enrolment.c.area == home.area, enrolment.c.ticket == ticket)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise Unknown("no such invitation")
    return dict(row)


def _set(connection: Connection, home: Home, ticket: str, values: dict[str, Any]) -> None:
    mine = (enrolment.c.area == home.area) & (enrolment.c.ticket == ticket)
    connection.execute(update(enrolment).where(mine).values(**values))


def _invitation(home: Home, row: dict[str, Any]) -> enrolments.Invitation:
    return enrolments.Invitation(
        urls=(home.settings.url,), area=home.area, mode=home.settings.mode, secret=row["secret"],
        district=Digest(hashlib.sha256(home.keys.signing_public).hexdigest()), expires=row["expires_at"],
    )  # fmt: skip
