"""The district as a web application: the couriers' API and the officers' pages on one port.

Every body is read within a size and a time; work on the database happens in threads. The process
holds no state of its own, so three of them behind one PostgreSQL are one district.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from agent_sync.district import witness
from agent_sync.district.database import Database
from agent_sync.district.device_routes import TooLarge, TooSlow, device_router
from agent_sync.district.errors import DistrictError, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.pages import STATIC, page_router
from agent_sync.district.receipt_page import receipt_router
from agent_sync.district.telemetry import Telemetry, health_router

WITNESS_PAUSE_SECONDS = 2.0
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Handler = Callable[[Request], Awaitable[Response]]


def create_app(home: Home, database: Database, *, witness_worker: bool = True) -> FastAPI:
    """The application over one home and one database."""
    telemetry = Telemetry()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker = asyncio.create_task(_witnesses(home, database, telemetry)) if witness_worker else None
        yield
        if worker is not None:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    app = FastAPI(
        title="Tận Nhà district", version="1.0.0", lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url="/v1/openapi.json",
    )  # fmt: skip
    app.include_router(device_router(home, database, telemetry))
    app.include_router(health_router(home, database, telemetry))
    app.include_router(receipt_router(home, database))
    app.include_router(page_router(home, database))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_secured)
    app.add_exception_handler(DistrictError, _refused)
    app.add_exception_handler(OperationalError, _busy)
    return app


async def _secured(request: Request, call_next: Handler) -> Response:
    response = await call_next(request)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, DistrictError):
        raise error
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    return JSONResponse({"error": error.key, "message": str(error)}, status_code=status)


_STATUS: tuple[tuple[type[DistrictError], int], ...] = (
    (Unknown, 404), (NotPermitted, 403), (TooLarge, 413), (TooSlow, 408),
)  # fmt: skip


async def _busy(_request: Request, _error: Exception) -> Response:
    """The database cannot be had right now: couriers come back by themselves."""
    answer = {"error": "busy", "message": "the database cannot be reached"}
    return JSONResponse(answer, status_code=503, headers={"Retry-After": "5"})


async def _witnesses(home: Home, database: Database, telemetry: Telemetry) -> None:
    """Check chip witnesses as they come; a database that is away is tried again."""
    while True:
        try:
            started = database.clock()
            done = await run_in_threadpool(witness.check_pending, database, home.area)
            telemetry.witnesses.inc(done)
            telemetry.witness_seen.set(started)
        except OperationalError:
            done = 0
        if done == 0:
            await asyncio.sleep(WITNESS_PAUSE_SECONDS)
