"""The couriers' side of the district: batches in, bundles and checkpoints out, enrolment.

Who sent something is told by what was sent: segments are signed, bundles are sealed. The TLS client
certificate is an outer gate. Nothing here parses a body before its length is bounded.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from agent_sync import api
from agent_sync.district import bundles, checkpoints, devices, orders
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.home import Home
from agent_sync.district.intake import Intake
from agent_sync.district.telemetry import Telemetry
from agent_sync.district.tls import MAX_CSR_BYTES
from kiosk.exchange.enrolment import MAX_MESSAGE
from kiosk.payout.names import DeviceId, Epoch

BODY_SECONDS = 60.0
MAX_EPOCH = 2**31 - 1

Responses = dict[int | str, dict[str, Any]]
Area = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$")]
Device = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Ticket = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
EpochPath = Annotated[int, Path(ge=0, le=MAX_EPOCH)]

BYTES: Responses = {200: {"content": {api.OCTETS: {"schema": {"type": "string", "format": "binary"}}}}}
NEWEST: Responses = BYTES | {304: {"description": "the ETag is the newest"}}
ORDERS: Responses = BYTES | {204: {"description": "no order waits for this device"}}
GRANT: Responses = BYTES | {202: {"description": "waits for the officer"}}
BODY = {"requestBody": {"required": True, "content": {api.OCTETS: {"schema": {"type": "string", "format": "binary"}}}}}
REFUSALS: Responses = {
    400: {"description": "not understood, nothing was changed"},
    404: {"description": "no such area, device or invitation"},
    408: {"description": "the body did not come in time"},
    413: {"description": "the body is too large"},
    503: {"description": "busy, try again"},
}


def device_router(home: Home, database: Database, telemetry: Telemetry) -> APIRouter:
    """Routes of the couriers."""
    router = APIRouter(prefix=f"/{api.VERSION}/areas/{{area}}", tags=["couriers"], responses=REFUSALS)
    _add_uploads(router, home, database, telemetry)
    _add_downloads(router, home, database)
    _add_enrolments(router, home, database)
    return router


def _add_uploads(router: APIRouter, home: Home, database: Database, telemetry: Telemetry) -> None:
    intake, evidence = Intake(home, database), EvidenceIntake(home, database)

    @router.post("/devices/{device}/segments", openapi_extra=BODY)
    async def segments(area: Area, device: Device, request: Request) -> JSONResponse:
        """Take a batch of sealed segments; the answer says what became of each."""
        _ours(home, area)
        files = await _batch(request)
        answers = await run_in_threadpool(intake.receive, DeviceId(device), files)
        telemetry.received("segment", answers)
        return JSONResponse(api.IntakeAnswer(answers).to_json())

    @router.post("/devices/{device}/attachments", openapi_extra=BODY)
    async def attachments(area: Area, device: Device, request: Request) -> JSONResponse:
        """Take a batch of sealed attachments."""
        _ours(home, area)
        files = await _batch(request)
        if await run_in_threadpool(intake.kit, DeviceId(device)) is None:
            raise Unknown(f"no enrolled device {device}")
        answers = await run_in_threadpool(evidence.receive, DeviceId(device), files)
        telemetry.received("attachment", answers)
        return JSONResponse(api.IntakeAnswer(answers).to_json())


def _add_downloads(router: APIRouter, home: Home, database: Database) -> None:
    @router.get("/devices/{device}/bundle", response_class=Response, responses=NEWEST)
    def bundle(area: Area, device: Device, request: Request) -> Response:
        """The device's newest bundle; 304 when the caller's ETag is still the newest."""
        _ours(home, area)
        with database.write() as connection:
            built = bundles.current(connection, home, DeviceId(device))
        tag = f'"{built.version}-{built.tag[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(built.data, media_type=api.OCTETS, headers={"ETag": tag})

    @router.get("/devices/{device}/checkpoints/{epoch}", response_class=Response, responses=BYTES)
    def checkpoint(area: Area, device: Device, epoch: EpochPath) -> Response:
        """The signed checkpoint of one epoch.

        It names the newest bundle, so that bundle is built first: whoever keeps a courier from asking for
        bundles is found out by the kiosk all the same.
        """
        _ours(home, area)
        with database.write() as connection:
            bundles.current(connection, home, DeviceId(device))
            data = checkpoints.current(connection, home, DeviceId(device), Epoch(epoch))
        return Response(data, media_type=api.OCTETS)

    @router.get("/devices/{device}/orders", response_class=Response, responses=ORDERS)
    def waiting_orders(area: Area, device: Device) -> Response:
        """Sealed orders that the device has not taken yet, each for this device only."""
        _ours(home, area)
        with database.write() as connection:
            files = list(orders.waiting(connection, home, DeviceId(device)).values())
        return Response(api.pack(files), media_type=api.OCTETS) if files else Response(status_code=204)


def _add_enrolments(router: APIRouter, home: Home, database: Database) -> None:
    @router.post("/enrolments/{ticket}", response_class=Response, responses=GRANT, openapi_extra=BODY)
    async def enrol(area: Area, ticket: Ticket, request: Request) -> Response:
        """A kit's request: 200 with the grant, or 202 while the officer has not confirmed."""
        _ours(home, area)
        data = await _body(request, MAX_MESSAGE)
        grant = await run_in_threadpool(_enrol, home, database, ticket, data)
        return Response(status_code=202) if grant is None else Response(grant, media_type=api.OCTETS)

    @router.post("/enrolments/{ticket}/certificate", response_class=Response, openapi_extra=BODY)
    async def certificate(area: Area, ticket: Ticket, request: Request) -> Response:
        """The courier's TLS client certificate, once the device is granted."""
        _ours(home, area)
        csr = await _body(request, MAX_CSR_BYTES)
        return Response(await run_in_threadpool(_certify, home, database, ticket, csr), media_type=api.PEM)


def _certify(home: Home, database: Database, ticket: str, csr: bytes) -> bytes:
    with database.write() as connection:
        return devices.client_certificate(connection, home, ticket, csr)


def _enrol(home: Home, database: Database, ticket: str, data: bytes) -> bytes | None:
    with database.write() as connection:
        return devices.receive_request(connection, home, ticket, data)


def _ours(home: Home, area: str) -> None:
    if area != home.area:
        raise Unknown(f"no area {area} here")


async def _batch(request: Request) -> tuple[bytes, ...]:
    body = await _body(request, api.MAX_BATCH_BYTES)
    try:
        return api.unpack(body)
    except ValueError as error:
        raise BadInput(str(error)) from error


class TooLarge(BadInput):
    """A body beyond its bound; answered before it is read to the end."""

    key = "too_large"


class TooSlow(BadInput):
    """A body that trickles."""

    key = "too_slow"


async def _body(request: Request, limit: int) -> bytes:
    """The body, within a size and a time."""
    claimed = request.headers.get("content-length", "0")
    if claimed.isdecimal() and int(claimed) > limit:
        raise TooLarge(f"at most {limit} bytes")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, limit)
    except TimeoutError as error:
        raise TooSlow("the body did not come in time") from error


async def _read(request: Request, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge(f"at most {limit} bytes")
        parts.append(part)
    return b"".join(parts)
