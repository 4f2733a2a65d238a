"""The officers' pages: plain HTML from the server, in Vietnamese, no script at all.

Every page but the sign-in needs a session; every form carries the session's token. What is shown is
what `queries` found, put into words by `words`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, Field

from agent_sync.district import (
    cases,
    cash,
    devices,
    held,
    orders,
    override_list,
    overrides,
    queries,
    security,
    statements,
    uncollected,
    words,
)
from agent_sync.district.cases import CaseKind, CaseState
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, DistrictError, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.lists import sentence
from agent_sync.district.lists.findings import HeldReason
from agent_sync.district.security import OfficerRole, SignedIn
from agent_sync.district.states import DeviceState, HeldState, OrderKind, PayoutPhase, WitnessState
from kiosk.payout.names import (
    CitizenNumber,
    ConsentWay,
    DeviceId,
    Kind,
    Level,
    Mode,
    OverrideReason,
    Period,
    Programme,
    Role,
    UnpaidReason,
)

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
COOKIE = "__Host-tannha"
MAX_PAGE = 10_000

Login = Annotated[str, Form(max_length=40)]
Secret = Annotated[str, Form(max_length=security.MAX_PASSWORD)]
Token = Annotated[str, Form(max_length=100)]
Finding = Annotated[str, Form(max_length=cases.MAX_SETTLEMENT)]
Back = Annotated[str, Form(max_length=20)]
PageNumber = Annotated[int, Query(alias="trang", ge=0, le=MAX_PAGE)]


def environment() -> Environment:
    """Templates that escape everything and fail on an unknown name."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "money": words.money, "hour": words.hour, "day": words.day, "moment": words.moment, "month": words.month,
        "payout": lambda text: words.PAYOUT[PayoutPhase(text)], "level": lambda text: words.LEVEL[Level(text)],
        "witness": lambda text: words.WITNESS[WitnessState(text)], "role": lambda text: words.ROLE[Role(text)],
        "order": lambda text: words.ORDER[OrderKind(text)],
        "device": lambda text: words.DEVICE[DeviceState(text)], "profile": lambda text: words.PROFILE[text],
        "held": lambda text: words.HELD[HeldState(text)], "why_held": lambda text: sentence(HeldReason(text)),
        "programme": lambda text: words.PROGRAMME[Programme(text)], "kind": lambda text: words.KIND[Kind(text)],
        "stage": lambda stage: words.STAGE[stage], "unpaid": lambda text: words.UNPAID[UnpaidReason(text)],
        "override_reason": lambda text: words.OVERRIDE_REASON[OverrideReason(text)],
        "consent": lambda text: words.CONSENT[ConsentWay(text)],
        "lasted": words.lasted, "case_title": lambda text: words.CASE[CaseKind(text)][0],
        "case_help": lambda text: words.CASE[CaseKind(text)][1],
    }  # fmt: skip
    return made


class _Pages:
    """Rendering and the session, shared by the routes."""

    def __init__(self, home: Home, database: Database) -> None:
        self.home = home
        self.database = database
        self._environment = environment()

    def show(self, name: str, officer: SignedIn | None, status: int = 200, **values: Any) -> HTMLResponse:
        practice = self.home.settings.mode is Mode.PRACTICE
        shared = {"area": self.home.area, "practice": practice, "officer": officer, "place": self.home.settings.place}
        text = self._environment.get_template(name).render(shared | values)
        return HTMLResponse(text, status_code=status)

    def who(self, request: Request) -> SignedIn | None:
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        with self.database.read() as connection:
            return security.who(connection, self.home.area, token)

    def page(self, request: Request, make: Callable[[SignedIn], Response]) -> Response:
        """``make`` for a signed-in officer, the sign-in page for anybody else."""
        officer = self.who(request)
        return RedirectResponse("/dang-nhap", status_code=303) if officer is None else make(officer)

    def act(self, request: Request, csrf: str, do: Callable[[SignedIn], None], back: str) -> Response:
        """Perform a form of a signed-in officer; what the rules say no to becomes a page."""
        officer = self.who(request)
        if officer is None:
            return RedirectResponse("/dang-nhap", status_code=303)
        if not officer.csrf_holds(csrf):
            return self.show("refused.html", officer, 403, message="Trang đã cũ. Mời mở lại trang và làm lại.")
        try:
            do(officer)
        except (BadInput, NotPermitted) as error:
            return self.show("refused.html", officer, 400, message=_said(error))
        return RedirectResponse(back, status_code=303)


def page_router(home: Home, database: Database) -> APIRouter:
    """The officers' routes."""
    router = APIRouter(include_in_schema=False)
    pages = _Pages(home, database)
    _session_routes(router, pages)
    _reading_routes(router, pages)
    _watching_routes(router, pages)
    _list_routes(router, pages)
    _statement_routes(router, pages)
    _acting_routes(router, pages)
    return router


def _session_routes(router: APIRouter, pages: _Pages) -> None:
    home = pages.home

    @router.get("/dang-nhap")
    def sign_in_page() -> HTMLResponse:
        return pages.show("sign_in.html", None, wrong=False)

    @router.post("/dang-nhap")
    def sign_in(ten: Login = "", mat_khau: Secret = "") -> Response:
        with pages.database.write() as connection:
            token = security.sign_in(connection, home.area, ten, mat_khau)
        if token is None:
            return pages.show("sign_in.html", None, 403, wrong=True)
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")
        return response

    @router.post("/dang-xuat")
    def sign_out(request: Request, csrf: Token = "") -> Response:
        def do(_officer: SignedIn) -> None:
            with pages.database.write() as connection:
                security.sign_out(connection, home.area, request.cookies.get(COOKIE, ""))

        return pages.act(request, csrf, do, "/dang-nhap")


def _reading_routes(router: APIRouter, pages: _Pages) -> None:
    area = pages.home.area

    @router.get("/")
    def today(request: Request) -> Response:
        def make(officer: SignedIn) -> Response:
            on = _today()
            with pages.database.read() as connection:
                figures = queries.day_figures(connection, area, on)
                periods = queries.period_figures(connection, area)
                rows = queries.payouts_of(connection, area, on, 0)[:8]
                opened = queries.cases_of(connection, area, CaseState.OPEN, 0)[:5]
                wait, said = held.waiting(connection, area), statements.waiting(connection, area)
            values: dict[str, Any] = {"figures": figures, "periods": periods, "rows": rows, "cases": opened, "on": on}
            return pages.show("today.html", officer, here="today", held=wait, said=said, **values)

        return pages.page(request, make)

    @router.get("/chi-tra")
    def payouts(request: Request, ngay: date | None = None, trang: PageNumber = 0) -> Response:
        def make(officer: SignedIn) -> Response:
            on = ngay or _today()
            with pages.database.read() as connection:
                rows = queries.payouts_of(connection, area, on, trang)
                figures = queries.day_figures(connection, area, on)
            more = len(rows) == queries.PAGE
            values: dict[str, Any] = {"rows": rows, "on": on, "page": trang, "more": more, "figures": figures}
            return pages.show("payouts.html", officer, here="payouts", **values)

        return pages.page(request, make)

    @router.get("/truong-hop")
    def case_list(request: Request, xong: bool = False, trang: PageNumber = 0) -> Response:
        def make(officer: SignedIn) -> Response:
            state = CaseState.SETTLED if xong else CaseState.OPEN
            with pages.database.read() as connection:
                rows = queries.cases_of(connection, area, state, trang)
            shown = [row | words.told(json.loads(row["detail"])) for row in rows]
            values: dict[str, Any] = {"rows": shown, "settled": xong, "page": trang, "more": len(rows) == queries.PAGE}
            return pages.show("cases.html", officer, here="cases", **values)

        return pages.page(request, make)

    @router.get("/thiet-bi")
    def device_list(request: Request) -> Response:
        def make(officer: SignedIn) -> Response:
            with pages.database.read() as connection:
                rows = queries.devices_of(connection, area)
                asking = devices.waiting(connection, pages.home)
                ordered = orders.orders_of(connection, area)
            shown = [row | {"orders": ordered.get(row["id"], [])} for row in rows]
            return pages.show("devices.html", officer, here="devices", rows=shown, asking=asking)

        return pages.page(request, make)


def _watching_routes(router: APIRouter, pages: _Pages) -> None:
    area = pages.home.area

    @router.get("/theo-doi")
    def watched(request: Request) -> Response:
        def make(officer: SignedIn) -> Response:
            with pages.database.read() as connection:
                out, limit = cash.held(connection, area), cash.limit(connection, area)
                people = uncollected.found(connection, area, _today())
            values: dict[str, Any] = {"cash": out, "limit": limit, "people": people}
            return pages.show("watched.html", officer, here="watched", **values)

        return pages.page(request, make)

    @router.get("/dac-cach")
    def overridden(request: Request, trang: PageNumber = 0) -> Response:
        def make(officer: SignedIn) -> Response:
            with pages.database.read() as connection:
                rows = override_list.overrides_of(connection, area, trang)
                caps = overrides.caps(connection, area)
            values: dict[str, Any] = {"rows": rows, "caps": caps, "page": trang}
            more = len(rows) == override_list.PAGE
            return pages.show("overrides.html", officer, here="overrides", more=more, **values)

        return pages.page(request, make)


def _list_routes(router: APIRouter, pages: _Pages) -> None:
    home = pages.home

    @router.get("/danh-sach")
    def lists(request: Request, xong: bool = False, trang: PageNumber = 0) -> Response:
        def make(officer: SignedIn) -> Response:
            with pages.database.write() as connection:
                rows = held.lines_of(connection, home.area, decided=xong, page=trang)
                files = queries.lists_of(connection, home.area)
                security.note(
                    connection, home.area, officer.login, "held_lines_seen", f"page {trang}, {len(rows)} lines"
                )
            more = len(rows) == held.PAGE
            values: dict[str, Any] = {"rows": rows, "files": files, "settled": xong, "page": trang, "more": more}
            return pages.show("lists.html", officer, here="lists", programmes=words.PROGRAMME, **values)

        return pages.page(request, make)

    @router.post("/danh-sach/{held_id}/cho-chi")
    def accept_line(request: Request, held_id: str, form: Annotated[_HeldForm, Form()]) -> Response:
        def do(officer: SignedIn) -> None:
            _may_act(officer)
            with pages.database.write() as connection:
                held.accept(connection, home.area, held_id, _mended(form), officer.login, form.ly_do)
                security.note(connection, home.area, officer.login, "held_line_accepted", held_id)

        return pages.act(request, form.csrf, do, "/danh-sach")

    @router.post("/danh-sach/{held_id}/tra-lai")
    def return_line(request: Request, held_id: str, csrf: Token = "", ly_do: Finding = "") -> Response:
        def do(officer: SignedIn) -> None:
            _may_act(officer)
            with pages.database.write() as connection:
                held.send_back(connection, home.area, held_id, officer.login, ly_do)
                security.note(connection, home.area, officer.login, "held_line_returned", held_id)

        return pages.act(request, csrf, do, "/danh-sach")


def _statement_routes(router: APIRouter, pages: _Pages) -> None:
    area = pages.home.area

    @router.get("/y-kien")
    def statement_list(request: Request, xong: bool = False, trang: PageNumber = 0) -> Response:
        def make(officer: SignedIn) -> Response:
            state = CaseState.SETTLED if xong else CaseState.OPEN
            with pages.database.read() as connection:
                rows = statements.statements_of(connection, area, state, trang)
            values: dict[str, Any] = {
                "rows": rows,
                "settled": xong,
                "page": trang,
                "more": len(rows) == statements.PAGE,
            }
            return pages.show("statements.html", officer, here="statements", **values)

        return pages.page(request, make)

    @router.get("/y-kien/{case_id}")
    def statement_page(request: Request, case_id: str) -> Response:
        def make(officer: SignedIn) -> Response:
            try:
                with pages.database.write() as connection:
                    row = statements.opened(connection, area, case_id, officer.login)
            except Unknown:
                return pages.show("refused.html", officer, 404, message="Không có ý kiến này.")
            return pages.show("statement.html", officer, here="statements", each=row)

        return pages.page(request, make)


def _acting_routes(router: APIRouter, pages: _Pages) -> None:
    home = pages.home

    @router.post("/truong-hop/{case_id}")
    def settle(request: Request, case_id: str, csrf: Token = "", ket_luan: Finding = "", ve: Back = "") -> Response:
        def do(officer: SignedIn) -> None:
            _may_act(officer)
            with pages.database.write() as connection:
                cases.settle(connection, home.area, case_id, officer.login, ket_luan)
                security.note(connection, home.area, officer.login, "case_settled", case_id)

        return pages.act(request, csrf, do, "/y-kien" if ve == "y-kien" else "/truong-hop")

    @router.post("/thiet-bi/{device_id}/xac-nhan")
    def confirm(
        request: Request, device_id: str, csrf: Token = "", dau_van: Token = "", nhom_cuoi: Token = ""
    ) -> Response:
        def do(officer: SignedIn) -> None:
            _may_act(officer)
            with pages.database.write() as connection:
                devices.confirm(connection, home, DeviceId(device_id), f"{dau_van} {nhom_cuoi}")
                security.note(connection, home.area, officer.login, "device_confirmed", device_id)

        return pages.act(request, csrf, do, "/thiet-bi")


class _HeldForm(BaseModel):
    """What an officer adds to a line that lets it be paid."""

    csrf: str = Field("", max_length=100)
    ly_do: str = Field("", max_length=held.MAX_FINDING)
    so_dinh_danh: str = Field("", max_length=20)
    chuong_trinh: str = Field("", max_length=30)
    ky: str = Field("", max_length=7)


def _mended(form: _HeldForm) -> held.Mended:
    """Raises BadInput for a month or a programme that does not exist."""
    number = form.so_dinh_danh.replace(" ", "")
    try:
        return held.Mended(
            CitizenNumber(number) if number else None,
            Programme(form.chuong_trinh) if form.chuong_trinh else None,
            Period.parse(form.ky) if form.ky else None,
        )
    except ValueError as error:
        raise BadInput("Chương trình hoặc kỳ chi trả không đúng. Kỳ viết là NĂM-THÁNG, ví dụ 2026-11.") from error


def _may_act(officer: SignedIn) -> None:
    if officer.role is OfficerRole.AUDITOR:
        raise NotPermitted("Vai trò kiểm soát chỉ được xem.")


def _said(error: DistrictError) -> str:
    return str(error)


def _today() -> date:
    return datetime.now(words.VIETNAM).date()
