"""What an administrator's monitoring asks: is the district well, and how much goes through it.

Counters are per process and carry no personal data; Prometheus adds the processes up.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from sqlalchemy import func, select

from agent_sync import api
from agent_sync.district.cases import CaseState
from agent_sync.district.database import Database
from agent_sync.district.home import Home
from agent_sync.district.schema import case_table, payout, segment
from agent_sync.district.states import SegmentState, WitnessState


class Telemetry:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("kind", "outcome")
        self.files = Counter("tannha_files", "Files received, by kind and outcome", labels, registry=self.registry)
        self.witnesses = Counter("tannha_witnesses", "Chip witnesses decided", registry=self.registry)
        self.witness_seen = Gauge(
            "tannha_witness_worker_seconds", "Last round of the witness worker", registry=self.registry
        )
        self.cases = Gauge("tannha_open_cases", "Cases that wait for a person", registry=self.registry)
        self.pending = Gauge("tannha_pending_witnesses", "Witnesses not checked yet", registry=self.registry)
        self.waiting = Gauge("tannha_waiting_segments", "Segments behind a gap", registry=self.registry)

    def received(self, kind: str, answers: Sequence[api.FileAnswer]) -> None:
        """Count a batch."""
        for outcome, count in Tally(each.outcome.value for each in answers).items():
            self.files.labels(kind, outcome).inc(count)


def health_router(home: Home, database: Database, telemetry: Telemetry) -> APIRouter:
    """`/v1/health` and `/v1/metrics`."""
    router = APIRouter(prefix=f"/{api.VERSION}", tags=["operation"])

    @router.get("/health")
    def health() -> JSONResponse:
        """200 when the database answers, with the district's hour."""
        with database.read() as connection:
            connection.execute(select(1))
        state = {"status": "ok", "area": home.area, "mode": home.settings.mode.value, "time": database.clock()}
        return JSONResponse(state)

    @router.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Prometheus text."""
        with database.read() as connection:
            count = select(func.count())
            opened = count.select_from(case_table).where(
                case_table.c.area == home.area, case_table.c.state == CaseState.OPEN.value
            )
            pending = count.select_from(payout).where(
                payout.c.area == home.area, payout.c.witness == WitnessState.PENDING.value
            )
            waiting = count.select_from(segment).where(
                segment.c.area == home.area, segment.c.state == SegmentState.WAITING.value
            )
            telemetry.cases.set(connection.execute(opened).scalar() or 0)
            telemetry.pending.set(connection.execute(pending).scalar() or 0)
            telemetry.waiting.set(connection.execute(waiting).scalar() or 0)
        return Response(generate_latest(telemetry.registry), media_type="text/plain; version=0.0.4")

    return router
