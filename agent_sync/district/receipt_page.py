"""The public page that checks a receipt's QR: it repeats what the paper says, never more.

The claim is signed, so nobody can ask about receipts they do not hold: there is nothing to
enumerate. A slow bucket per address keeps guessing pointless and the page cheap.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import Connection, select

from agent_sync.district.database import Database
from agent_sync.district.home import Home
from agent_sync.district.ids import short
from agent_sync.district.pages import environment
from agent_sync.district.paper_days import key_of
from agent_sync.district.schema import payout
from agent_sync.district.states import PayoutPhase
from kiosk.exchange import claim as claims
from kiosk.payout.journal import payout_id
from kiosk.payout.names import Mode

PER_MINUTE = 20
ADDRESSES = 10_000


class Standing(StrEnum):
    """What can be said of a claim."""

    CONFIRMED = "confirmed"
    NOT_YET = "not_yet"
    REVERSED = "reversed"
    DIFFERS = "differs"
    NOT_GENUINE = "not_genuine"
    TOO_MANY = "too_many"
    ASK = "ask"


@dataclass(slots=True)
class Bucket:
    """A bounded count of questions per address and minute."""

    _seen: OrderedDict[tuple[str, int], int] = field(default_factory=OrderedDict)

    def allows(self, address: str, now: float) -> bool:
        """Count one question; False beyond the limit."""
        key = (address, int(now // 60))
        self._seen[key] = self._seen.get(key, 0) + 1
        while len(self._seen) > ADDRESSES:
            self._seen.popitem(last=False)
        return self._seen[key] <= PER_MINUTE


def receipt_router(home: Home, database: Database) -> APIRouter:
    """`/kiem-tra`, for everybody."""
    router = APIRouter(tags=["receipts"], responses={429: {"description": "asked too often, wait a little"}})
    templates, bucket = environment(), Bucket()

    @router.get("/kiem-tra", response_class=HTMLResponse)
    def check(request: Request, q: str = "") -> Response:
        """The standing of a scanned receipt code ``q``; without one, how to check."""
        address = request.client.host if request.client else ""
        if q and not bucket.allows(address, time.monotonic()):
            return _page(templates, home, Standing.TOO_MANY, None, 429)
        with database.read() as connection:
            standing, claim = judge(connection, home, q) if q else (Standing.ASK, None)
        return _page(templates, home, standing, claim, 200)

    @router.get("/TN1{body}", response_class=HTMLResponse)
    def scanned(request: Request, body: str) -> Response:
        """The address that stands in a receipt's QR."""
        return check(request, "TN1" + body)

    return router


def _page(templates: Environment, home: Home, standing: Standing, claim: claims.Claim | None, status: int) -> Response:
    practice = home.settings.mode is Mode.PRACTICE
    values = {"standing": standing.value, "claim": claim, "practice": practice, "area": home.area, "officer": None}
    text = templates.get_template("receipt.html").render(
        values | {"place": home.settings.place, "phone": home.settings.complaint_phone}
    )
    return HTMLResponse(text, status_code=status)


def judge(connection: Connection, home: Home, scanned: str) -> tuple[Standing, claims.Claim | None]:
    """Hold a scanned code against the journal. Nothing is said of a claim whose signature fails."""

    claim = claims.verify_claim(scanned, lambda kit, epoch: key_of(connection, home.area, kit, epoch))
    if isinstance(claim, claims.ClaimRefusal):
        return Standing.NOT_GENUINE, None
    return _held(connection, home, claim), claim


def _held(connection: Connection, home: Home, claim: claims.Claim) -> Standing:
    name = short(payout_id(claim.device, claim.epoch, claim.sequence))
    mine = (payout.c.area == home.area) & (payout.c.id == name)
    rows = connection.execute(select(payout.c.state, payout.c.total, payout.c.hash).where(mine)).all()
    if not rows:
        return Standing.NOT_YET
    entry = claim.entry.hex()
    same = [state for state, total, digest in rows if total == claim.total and digest.startswith(entry)]
    if not same:
        return Standing.DIFFERS
    if PayoutPhase.COMPLETED.value in same:
        return Standing.CONFIRMED
    return Standing.REVERSED if PayoutPhase.REVERSED.value in same else Standing.NOT_YET
