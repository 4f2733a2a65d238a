"""The officers' pages: who may see, who may act, and that every closed word has its Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from agent_sync.district import paper_days, security, statement_words, words
from agent_sync.district.app import create_app
from agent_sync.district.cases import CaseKind, CaseState
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.schema import audit, entitlement, person
from agent_sync.district.security import OfficerRole
from agent_sync.district.states import DeviceState, PayoutPhase, WitnessState
from agent_sync.district.uncollected import Stage
from kiosk.exchange.attachment import AttachmentKind, new_attachment
from kiosk.exchange.claim import Claim, encode_claim, entry_prefix, page_prefix
from kiosk.payout import journal as j
from kiosk.payout.names import (
    ConsentWay,
    Kind,
    Level,
    Mode,
    OverrideReason,
    Period,
    PersonId,
    Programme,
    Role,
    UnpaidReason,
)
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import PayWay, Right, StatementKind
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.agent_sync.test_paper_days import codes

PASSWORD = "mật-khẩu-thử-1"


@pytest.fixture
def browser(seat: Seat) -> Iterator[Browser]:
    with seat.database.write() as connection:
        security.add_officer(connection, seat.home.area, "hoa", "Lê Thị Hoa", OfficerRole.CLERK, PASSWORD)
        security.add_officer(connection, seat.home.area, "kiem", "Võ Kiểm", OfficerRole.AUDITOR, PASSWORD)
    app = create_app(seat.home, seat.database, witness_worker=False)
    client = Browser(app)
    yield client
    client.close()


def sign_in(browser: Browser, login: str = "hoa", password: str = PASSWORD) -> int:
    return browser.post("/dang-nhap", data={"ten": login, "mat_khau": password}).status_code


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/", "/chi-tra", "/truong-hop", "/theo-doi", "/dac-cach", "/thiet-bi"])
def test_strangers_are_led_to_the_sign_in(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap")


def test_a_day_is_shown_with_names_sums_and_evidence(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kit.pay("ba-khe", chip=False)
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    paid = [each for each in kit.entries if isinstance(each.fact, j.PayoutAuthorised)]
    copied = [f"{each.fact.payout} · mã {j.slip_code(each.hash)}" for each in paid]
    assert len(copied) == 2
    assert sign_in(browser) == 303
    for path in ("/", "/chi-tra"):
        page = browser.get(path).text
        for expected in ("Nguyễn Thị Sáu", "Phạm Thị Khế", "Ấp Bến Đò", "1.000.000 đ", "Chưa kiểm tra", "Theo lời máy"):
            assert expected in page
        assert all(each in page for each in copied), "what an agent copied onto a slip is found by number and code"
    assert "099141000016" not in page, "no citizen number on the pages"
    assert "HUẤN LUYỆN" in page


def test_a_payout_on_paper_alone_is_named_so(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    with seat.database.write() as connection:
        paper_days.enter(seat.database, connection, seat.home, codes(kit), ("hoa", "binh"))
    sign_in(browser)
    assert "Bảng kê giấy" in browser.get("/chi-tra").text
    page = browser.get("/truong-hop").text
    assert "Nhập từ bảng kê giấy" in page
    assert "hoa, binh" in page


def test_cash_that_is_out_and_months_uncollected_are_on_one_page(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    with seat.database.write() as connection:
        connection.execute(update(entitlement).values(period="2026-10"))
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    assert sign_in(browser) == 303
    page = browser.get("/theo-doi").text
    for expected in ("20.000.000 đ", "đang mở ca", "Nguyễn Thị Sáu", "1 tháng", "Gọi điện hỏi thăm"):
        assert expected in page


def test_five_wrong_passwords_lock_for_a_while(browser: Browser) -> None:
    for _ in range(security.MAX_TRIES):
        assert sign_in(browser, password="sai-mat-khau") == 403
    assert sign_in(browser) == 403


def test_an_unknown_login_and_a_wrong_password_look_the_same(browser: Browser) -> None:
    wrong = browser.post("/dang-nhap", data={"ten": "hoa", "mat_khau": "khong-phai"})
    nobody = browser.post("/dang-nhap", data={"ten": "ai-do", "mat_khau": "khong-phai"})
    assert (wrong.status_code, wrong.text) == (nobody.status_code, nobody.text)


def test_a_case_is_settled_with_the_token_and_not_without(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    kit.close_session(missing=20_000)
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    sign_in(browser)
    page = browser.get("/truong-hop").text
    assert "Chênh lệch tiền mặt" in page
    assert "20.000 đ" in page
    found = re.search(r'action="(/truong-hop/[^"]+)"', page)
    assert found is not None
    finding = {"ket_luan": "Đã đếm lại <b>đủ</b>"}
    assert browser.post(found[1], data=finding | {"csrf": "x"}).status_code == 403
    assert browser.post(found[1], data=finding | {"csrf": csrf_of(page)}).status_code == 303
    assert "Không có trường hợp nào" in browser.get("/truong-hop").text
    assert "Đã đếm lại &lt;b&gt;đủ&lt;/b&gt;" in browser.get("/truong-hop?xong=1").text


def sau(seat: Seat) -> PersonId:
    with seat.database.read() as connection:
        return PersonId(
            connection.execute(select(person.c.id).where(person.c.full_name == "Nguyễn Thị Sáu")).scalar_one()
        )


def said(kit: FieldKit, who: PersonId, about: StatementKind, choice: str = "", words: str = "") -> None:
    """A statement as a device writes it down: the fact in its journal, the words beside it."""
    item = new_attachment(AttachmentKind.WORDS, words.encode()) if words else None
    digest = None if item is None else item.digest
    kit.write(j.StatementTaken(kit.session, kit.operator, who, about, choice, digest))
    if item is not None:
        kit._attach(item)


def test_a_wish_is_opened_by_an_officer_answered_and_changes_no_list(
    browser: Browser, seat: Seat, kit: FieldKit
) -> None:
    who = sau(seat)
    said(kit, who, StatementKind.METHOD, "bank", "Ngân hàng: Agribank (970405)\nSố tài khoản: 1903204567")
    said(kit, who, StatementKind.PAPERS, "citizen_card,guardianship")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    sign_in(browser)
    assert "2 ý kiến" in browser.get("/").text
    assert "Mở nội dung" in browser.get("/truong-hop").text
    page = browser.get("/y-kien").text
    for expected in ("Đề nghị cách nhận tiền", "tài khoản ngân hàng", "thẻ căn cước, giấy cử người giám hộ",
                     "Nguyễn Thị Sáu", f"{kit.device}-1-"):  # fmt: skip
        assert expected in page
    assert "1903204567" not in page
    path = re.search(r'href="(/y-kien/[^"]+)">Mở<', page[page.index("tài khoản ngân hàng") :])
    assert path is not None
    assert "chưa đến" in browser.get(path[1]).text
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    opened = browser.get(path[1]).text
    assert "Số tài khoản: 1903204567" in opened
    with seat.database.read() as connection:
        looks = connection.execute(select(audit.c.action)).scalars().all()
        assert set(connection.execute(select(entitlement.c.method)).scalars()) == {"cash"}
    assert list(looks).count("statement_read") == 2
    answer = {"csrf": csrf_of(opened), "ket_luan": "Đã chuyển hồ sơ cho xã", "ve": "y-kien"}
    done = browser.post(path[1].replace("y-kien", "truong-hop"), data=answer)
    assert done.headers["location"] == "/y-kien"
    assert "Đề nghị cách nhận tiền" not in browser.get("/y-kien").text
    assert "Đã chuyển hồ sơ cho xã" in browser.get("/y-kien?xong=1").text
    assert browser.get("/y-kien/C-0").status_code == 404


def test_an_auditor_sees_and_does_nothing(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    kit.close_session(missing=20_000)
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    sign_in(browser, "kiem")
    page = browser.get("/truong-hop").text
    assert "Ghi kết luận" not in page
    answer = browser.post("/truong-hop/C-1", data={"csrf": csrf_of(page), "ket_luan": "x"})
    assert answer.status_code == 400


def test_signing_out_ends_the_session_for_good(browser: Browser) -> None:
    sign_in(browser)
    cookie = browser.cookies["__Host-tannha"]
    page = browser.get("/").text
    assert browser.post("/dang-xuat", data={"csrf": csrf_of(page)}).status_code == 303
    assert browser.get("/", headers={"Cookie": f"__Host-tannha={cookie}"}).status_code == 303


def test_pages_carry_no_script_and_forbid_it(browser: Browser) -> None:
    sign_in(browser)
    for path in ("/", "/chi-tra", "/truong-hop", "/y-kien", "/thiet-bi", "/kiem-tra", "/dang-nhap"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def claim_of(kit: FieldKit, authorised: j.Entry, total: int | None = None) -> str:
    fact = authorised.fact
    assert isinstance(fact, j.PayoutAuthorised)
    claim = Claim(
        kit.device, kit.epoch, authorised.sequence, fact.total if total is None else fact.total.__class__(total),
        datetime.now(UTC).date(), (Period(2026, 11),), entry_prefix(authorised.hash), practice=True, simulated=True,
    )  # fmt: skip
    return encode_claim(claim, kit.sign).decode()


def test_a_receipt_is_confirmed_without_saying_more_than_the_paper(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    authorised = kit.pay("ba-sau")
    code = claim_of(kit, authorised)
    assert "sổ chưa về đủ" in browser.get("/kiem-tra", params={"q": code}).text
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    page = browser.get("/kiem-tra", params={"q": code}).text
    assert "có trong sổ" in page
    assert "500.000 đ" in page
    for hidden in ("Nguyễn Thị Sáu", "Ấp Bến Đò", "099141000016", "tam"):
        assert hidden not in page.replace("tam-", "")
    assert kit.pay_list is not None
    scanned = page_prefix(kit.pay_list.policy.receipt_page) + code
    assert scanned.startswith("HTTPS://")
    assert browser.get(urlsplit(scanned).path).text.count("có trong sổ") == 1


def test_other_receipts_cannot_be_asked_about(browser: Browser, seat: Seat, kit: FieldKit) -> None:
    authorised = kit.pay("ba-sau")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    assert "khác với sổ" in browser.get("/kiem-tra", params={"q": claim_of(kit, authorised, 900_000)}).text
    stranger = kit.twin()
    stranger.sign = seat.enrol("kit-09").sign
    for forged in (claim_of(stranger, authorised), "TN1AAAA", "x" * 5_000, "kit-01-1-3"):
        assert "Không phải biên nhận" in browser.get("/kiem-tra", params={"q": forged}).text


def test_receipt_questions_are_rate_limited(browser: Browser) -> None:
    """Twenty a minute: of forty-one in a row one is too many, also when a minute ends among them."""
    codes = [browser.get("/kiem-tra", params={"q": f"TN1{n}"}).status_code for n in range(41)]
    assert codes[:20] == [200] * 20
    assert 429 in codes


@pytest.mark.parametrize(
    ("words_of", "closed"),
    [
        (words.PAYOUT, PayoutPhase), (words.WITNESS, WitnessState), (words.LEVEL, Level), (words.ROLE, Role),
        (words.PROGRAMME, Programme), (words.KIND, Kind), (words.DEVICE, DeviceState), (words.OFFICER, OfficerRole),
        (words.CASE_STATE, CaseState), (words.MODE, Mode), (words.CASE, CaseKind),
        (words.STAGE, Stage), (words.UNPAID, UnpaidReason),
        (words.OVERRIDE_REASON, OverrideReason), (words.CONSENT, ConsentWay),
        (statement_words.ABOUT, StatementKind), (statement_words.PAY_WAY, PayWay),
        (statement_words.RIGHT, Right), (statement_words.MISSING, MissingPaper),
    ],
)  # fmt: skip
def test_every_closed_word_has_its_vietnamese(words_of: dict[object, object], closed: type) -> None:
    assert set(words_of) == set(closed)
    assert all(words_of.values())
