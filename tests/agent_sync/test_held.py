"""Lines that an import held: kept, decided once by an officer with a reason, and never a way around M1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_sync.district import held, queries, security, world
from agent_sync.district.app import create_app
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.lists import ImportResult, Line, import_command
from agent_sync.district.lists.sample import write_sample_list
from agent_sync.district.schema import audit, entitlement, held_line
from agent_sync.district.security import OfficerRole
from kiosk.payout.names import CitizenNumber, Kind, Period, Programme
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import MONTH, Seat
from tests.agent_sync.samples import Person, list_rows, write_rows

PASSWORD = "mật-khẩu-thử-1"
NGHIA = CitizenNumber("099045000123")
WHY = "Đã hỏi xã: bác Nghĩa mới đổi thẻ."


def load(seat: Seat, folder: Path, *people: Person, period: Period = MONTH) -> ImportResult:
    """A list of these people, imported as the command does."""
    path = write_rows(folder / f"list-{len(list(folder.iterdir()))}.xlsx", list_rows(people))
    with seat.database.write() as connection:
        known = world.known_world(connection, seat.home.area)
        result = import_command(path, period, Programme.SOCIAL_PENSION, known=known)
        assert not result.file_errors
        world.store_list(connection, seat.home.area, result, world.Origin(path, "hoa", "Xã Tân An Thử"))
    return result


def waiting(seat: Seat) -> list[dict[str, object]]:
    with seat.database.read() as connection:
        return held.lines_of(connection, seat.home.area, decided=False, page=0)


def accept(seat: Seat, row: dict[str, object], mended: held.Mended, why: str = WHY) -> str:
    with seat.database.write() as connection:
        return held.accept(connection, seat.home.area, str(row["id"]), mended, "hoa", why)


def the_one(seat: Seat) -> dict[str, object]:
    (row,) = waiting(seat)
    return row


def test_the_samples_old_number_waits_with_its_reason_and_place(seat: Seat) -> None:
    row = the_one(seat)
    assert (row["full_name"], row["reasons"], row["commune"]) == ("Hồ Văn Nghĩa", ["cmnd_only"], "Tân An Thử")
    with seat.database.read() as connection:
        assert held.waiting(connection, seat.home.area) == 1
        (file,) = queries.lists_of(connection, seat.home.area)
    assert (file["waiting"], file["commune"]) == (1, "Tân An Thử")


def test_an_accepted_line_becomes_an_entitlement_that_can_be_leased(seat: Seat) -> None:
    owed = accept(seat, the_one(seat), held.Mended(number=NGHIA))
    with seat.database.read() as connection:
        row = connection.execute(select(entitlement).where(entitlement.c.id == owed)).mappings().one()
        kept = connection.execute(select(held_line)).mappings().one()
    assert (row["amount"], row["period"], row["held"]) == (500_000, str(MONTH), False)
    assert (kept["state"], kept["entitlement"], kept["finding"]) == ("accepted", owed, WHY)
    assert seat.lease(seat.enrol("kit-01")).granted == 10
    assert waiting(seat) == []


def test_a_line_without_a_number_is_not_paid_before_it_has_one(seat: Seat) -> None:
    for number in (None, "12", "09904500012x"):
        with pytest.raises(BadInput, match="12 chữ số"):
            accept(seat, the_one(seat), held.Mended(number=CitizenNumber(number) if number else None))
    assert the_one(seat)["state"] == "waiting", "a refused decision leaves nothing behind"


def test_a_number_that_belongs_to_somebody_else_is_refused(seat: Seat) -> None:
    with pytest.raises(BadInput, match="Nguyễn Thị Sáu"):
        accept(seat, the_one(seat), held.Mended(number=CitizenNumber("099141000016"), period=Period(2026, 9)))


def test_a_decision_is_made_once_and_with_a_reason(seat: Seat) -> None:
    row = the_one(seat)
    for nothing in ("", "  ", "x" * 401):
        with pytest.raises(BadInput, match="Lý do"):
            accept(seat, row, held.Mended(number=NGHIA), nothing)
    with seat.database.write() as connection:
        held.send_back(connection, seat.home.area, str(row["id"]), "hoa", "Xã sẽ gửi lại.")
    with pytest.raises(Unknown):
        accept(seat, row, held.Mended(number=NGHIA))


def test_of_two_that_differ_only_one_can_be_paid(seat: Seat, tmp_path: Path) -> None:
    twice = Person("Ngô Thị Út", "099140000105")
    load(seat, tmp_path, twice, Person("Ngô Thị Út", "099140000105", amount=600_000))
    first, second = (row for row in waiting(seat) if row["full_name"] == "Ngô Thị Út")
    assert "duplicate_differs" in first["reasons"]  # type: ignore[operator]
    accept(seat, first, held.Mended())
    with pytest.raises(BadInput):
        accept(seat, second, held.Mended())


def test_a_difference_is_linked_to_the_months_sum_that_it_corrects_and_leased_beside_it(
    seat: Seat, tmp_path: Path
) -> None:
    """M7: a sum that was too low is never edited; the rest is an entitlement of its own, of the same month."""
    title, header, row = list_rows([Person("Ngô Thị Út", "099140000105")])
    path = write_rows(tmp_path / "more.xlsx", [title, [*header, "Chênh lệch"], [*row, 50_000]])
    with seat.database.write() as connection:
        known = world.known_world(connection, seat.home.area)
        result = import_command(path, MONTH, Programme.SOCIAL_PENSION, known=known)
        world.store_list(connection, seat.home.area, result, world.Origin(path, "hoa", "Xã Tân An Thử"))
    (waits,) = (each for each in waiting(seat) if each["full_name"] == "Ngô Thị Út")
    with pytest.raises(BadInput, match="chênh lệch"):
        accept(seat, waits, held.Mended(period=Period(2026, 1)))
    owed = accept(seat, waits, held.Mended(period=MONTH))
    kit = seat.enrol("kit-01")
    seat.lease(kit)
    listed = seat.bundle(kit).sealed.pay_list
    (mine,) = (each for each in listed.entitlements if each.id == owed)
    (base,) = (each for each in listed.entitlements_of(mine.recipient) if each.kind is Kind.MONTHLY)
    assert (mine.kind, mine.amount, mine.programme, mine.period) == (
        Kind.DIFFERENCE, 50_000, base.programme, base.period
    )  # fmt: skip
    assert {each.amount for each in listed.leases if each.entitlement in (mine.id, base.id)} == {50_000, 500_000}


def test_the_same_file_again_changes_no_decision(seat: Seat, tmp_path: Path) -> None:
    accept(seat, the_one(seat), held.Mended(number=NGHIA))
    path = tmp_path / "list.xlsx"
    write_sample_list(path, MONTH)
    again = import_command(path, None, None)
    with seat.database.write() as connection:
        world.store_list(connection, seat.home.area, again, world.Origin(path, "hoa", "Tân An Thử"))
    assert all(row["state"] == "waiting" for row in waiting(seat))
    with seat.database.read() as connection:
        assert len(held.lines_of(connection, seat.home.area, decided=True, page=0)) == 1


def test_a_line_survives_being_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_sample_list(path, MONTH)
    result = import_command(path, None, None)
    for each in (*result.lines, *(waits.line for waits in result.held)):
        assert Line.from_json(each.to_json()).to_json() == each.to_json()


# -- the page ----------------------------------------------------------------------------------


@pytest.fixture
def browser(seat: Seat) -> Iterator[Browser]:
    with seat.database.write() as connection:
        security.add_officer(connection, seat.home.area, "hoa", "Lê Thị Hoa", OfficerRole.CLERK, PASSWORD)
        security.add_officer(connection, seat.home.area, "kiem", "Võ Kiểm", OfficerRole.AUDITOR, PASSWORD)
    client = Browser(create_app(seat.home, seat.database, witness_worker=False))
    yield client
    client.close()


def sign_in(browser: Browser, login: str = "hoa") -> None:
    assert browser.post("/dang-nhap", data={"ten": login, "mat_khau": PASSWORD}).status_code == 303


def form_of(browser: Browser) -> tuple[str, str]:
    """(the line's address, the session's token)."""
    page = browser.get("/danh-sach").text
    address, token = re.search(r'action="(/danh-sach/[^"/]+)/cho-chi"', page), re.search(r'csrf" value="([^"]+)"', page)
    assert address is not None
    assert token is not None
    return address[1], token[1]


def test_the_officer_reads_the_reason_and_decides(browser: Browser, seat: Seat) -> None:
    sign_in(browser)
    assert "1 dòng chưa được chi" in browser.get("/").text
    page = browser.get("/danh-sach").text
    for expected in ("Hồ Văn Nghĩa", "500.000 đ", "099000123", "CMND", "Cho chi", "Trả lại xã"):
        assert expected in page
    address, token = form_of(browser)
    wrong = {"csrf": token, "ly_do": WHY, "so_dinh_danh": "12"}
    assert "12 chữ số" in browser.post(f"{address}/cho-chi", data=wrong).text
    right = {"csrf": token, "ly_do": WHY, "so_dinh_danh": "099 045 000 123"}
    assert browser.post(f"{address}/cho-chi", data=right).status_code == 303
    assert "Không có dòng nào chờ quyết định" in browser.get("/danh-sach").text
    assert WHY in browser.get("/danh-sach?xong=1").text
    with seat.database.read() as connection:
        actions = set(connection.execute(select(audit.c.action)).scalars())
    assert {"held_line_accepted", "held_lines_seen"} <= actions


def test_a_line_is_given_back_by_the_other_button(browser: Browser) -> None:
    sign_in(browser)
    address, token = form_of(browser)
    assert browser.post(f"{address}/tra-lai", data={"csrf": token, "ly_do": "Thiếu giấy."}).status_code == 303
    assert "Trả lại xã" in browser.get("/danh-sach?xong=1").text


def test_neither_an_auditor_nor_a_foreign_form_decides(browser: Browser, seat: Seat) -> None:
    sign_in(browser)
    address, token = form_of(browser)
    data = {"csrf": "khong-phai", "ly_do": WHY, "so_dinh_danh": NGHIA}
    assert browser.post(f"{address}/cho-chi", data=data).status_code == 403
    sign_in(browser, "kiem")
    assert "Cho chi</button>" not in browser.get("/danh-sach").text
    assert browser.post(f"{address}/tra-lai", data={"csrf": token, "ly_do": WHY}).status_code == 403
    assert the_one(seat)["state"] == "waiting"


@pytest.mark.parametrize(("field", "value"), [("ky", "2026-13"), ("chuong_trinh", "nothing"), ("ky", "x" * 99)])
def test_a_form_with_nonsense_changes_nothing(browser: Browser, seat: Seat, field: str, value: str) -> None:
    sign_in(browser)
    address, token = form_of(browser)
    data = {"csrf": token, "ly_do": WHY, "so_dinh_danh": NGHIA, field: value}
    assert browser.post(f"{address}/cho-chi", data=data).status_code in (400, 422)
    assert the_one(seat)["state"] == "waiting"
