"""Answering a device that asks for an override by telephone: whom it is about, then the code (plan §6).

The officer sees name and sum before saying anything, and what was said stands with name, reason and hour on record.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from agent_sync.district import bundles, ids, overrides, security
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import override_given
from kiosk.exchange import consent
from kiosk.payout.names import DeviceId, OverrideReason, Vnd
from kiosk.payout.overrides import RECENT_SECONDS
from kiosk.payout.paylist import PayList
from kiosk.payout.people import Recipient

REQUEST_DIGITS = consent.NONCE_DIGITS + consent.CHECK_DIGITS


@dataclass(frozen=True, slots=True)
class Request:
    """What the agent reads out."""

    device: DeviceId
    digits: str
    total: Vnd


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a request is about, as the officer sees it before saying anything."""

    recipient: Recipient
    months: tuple[str, ...]
    given: int
    """Codes that were said for this person within 92 days."""


def look(connection: Connection, home: Home, request: Request) -> Found:
    """Whom it is about. Raises Unknown or BadInput when nobody of this device fits; call in a write transaction."""
    listed = bundles.pay_list_of(connection, home, request.device)
    recipient = _asked_for(connection, home, listed, request)
    live = {each.entitlement for each in listed.leases}
    months = tuple(str(each.period) for each in listed.entitlements_of(recipient.person.id) if each.id in live)
    return Found(recipient, months, _given(connection, home, recipient))


def give(connection: Connection, home: Home, request: Request, reason: OverrideReason, by: str) -> str:
    """The twelve digits to say; the same again for the same request. Raises NotPermitted, Unknown or BadInput."""
    if not security.may_decide(connection, home.area, by):
        raise NotPermitted(f"{by} is no officer who may decide: --by LOGIN")
    allowed, found = overrides.caps(connection, home.area), look(connection, home, request)
    if request.total > allowed.payout:
        raise NotPermitted(f"the cap of an override is {allowed.payout} đ")
    asked = _consent(request, found.recipient)
    code = consent.answer(_key(connection, home, request.device), asked)
    mine = (override_given.c.area == home.area) & (override_given.c.device == request.device)
    said = select(override_given.c.request).where(mine & (override_given.c.request == request.digits))
    if connection.execute(said).first() is None:
        if found.given >= allowed.times:
            raise NotPermitted(f"{found.given} codes were given for this person in three months")
        row = {
            "area": home.area, "device": request.device, "request": request.digits,
            "recipient": found.recipient.person.id, "total": request.total, "consent": consent.proof(asked, code),
            "reason": reason.value, "given_by": by, "given_at": ids.now(connection), "used_by": "",
        }  # fmt: skip
        insert_new(connection, override_given, [row])
    return code


def _asked_for(connection: Connection, home: Home, listed: PayList, request: Request) -> Recipient:
    if not (request.digits.isascii() and request.digits.isdigit() and len(request.digits) == REQUEST_DIGITS):
        raise BadInput(f"a request has {REQUEST_DIGITS} digits")
    key = _key(connection, home, request.device)
    asked = ((each, _consent(request, each)) for each in listed.recipients)
    fits = [each for each, wanted in asked if consent.request_digits(key, wanted) == request.digits]
    if len(fits) != 1:
        raise Unknown("no recipient of this device fits this request and sum: have both read out again")
    owed = {each.id for each in listed.entitlements_of(fits[0].person.id)}
    if request.total > sum(each.amount for each in listed.leases if each.entitlement in owed):
        raise NotPermitted("more than this device is leased for this person")
    return fits[0]


def _consent(request: Request, recipient: Recipient) -> consent.Consent:
    nonce = request.digits[: consent.NONCE_DIGITS]
    return consent.Consent(request.device, recipient.person.id, request.total, nonce)


def _key(connection: Connection, home: Home, device: DeviceId) -> bytes:
    return bytes.fromhex(overrides.key_of(connection, home.area, device))


def _given(connection: Connection, home: Home, recipient: Recipient) -> int:
    """Codes that paid, or that may pay yet."""
    mine = (override_given.c.area == home.area) & (override_given.c.recipient == recipient.person.id)
    now = ids.now(connection)
    paid = (override_given.c.used_by != "") & (override_given.c.given_at > now - RECENT_SECONDS)
    may_pay = override_given.c.given_at > now - consent.LIFE_SECONDS
    return int(connection.execute(select(func.count()).where(mine & (paid | may_pay))).scalar_one())
