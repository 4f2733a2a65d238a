"""Two months in which everything happens, by touches on two devices, balanced at a real district to the last note.

November: a household is one cash total, and in it an heir receives the last month and the funeral sum; a payout is
taken back; one is made without a card; two months are given over, one by telephone and one by QR, and paid by the
other device; a note is missing at the close. December: what was taken back is paid again, beside the new month.
One device's files travel by USB stick, the other's by the courier into the district's application.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from agent_sync.district import cash, ids, leases, reports, security
from agent_sync.district.app import create_app
from agent_sync.district.cases import CaseKind
from agent_sync.district.lists.sample import write_sample_list
from agent_sync.district.schema import entitlement, lease, payout, payout_line, person, recipient
from agent_sync.district.security import OfficerRole
from hardware.virtual.card.personas import PERSONAS
from hardware.virtual.printer.server import Server
from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import screens_money as sm
from kiosk.flow import screens_override as so
from kiosk.flow import values as v
from kiosk.payout.cash import Notes
from kiosk.payout.names import DeviceId, Kind, Period, UnixSeconds, Vnd
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import MONTH
from tests.desk.area import NOW
from tests.journeys.conftest import Road, ScannerLine, sent_out, ticking
from tests.journeys.real_area import KIT, SOON, Area
from tests.journeys.test_money import count, done, to_money
from tests.journeys.test_overrides import without_card

SECOND = DeviceId("kit-02")
NEXT_MONTH = Period(2026, 12)
DECEMBER = UnixSeconds(NOW + 30 * 86_400)
SAU, TU, LAN = "Nguyễn Thị Sáu", "Trần Văn Tư", "Trần Thị Lan"
KHE, RAY = "Phạm Thị Khế", "Danh Sà Rây"
HOUSE, HAMLET = "BD01", "Ấp Bến Đò"
ODD, ROUNDED, FUNERAL = 372_650, 372_000, 1_000_000
TILL = Notes.of({500_000: 4})
PAID = {
    (SAU, "2026-11", "monthly"): ROUNDED,
    (SAU, "2026-12", "monthly"): 500_000,
    (TU, "2026-11", "monthly"): 500_000,
    (TU, "2026-11", "funeral"): FUNERAL,
    (RAY, "2026-11", "monthly"): 750_000,
    (KHE, "2026-11", "monthly"): 500_000,
    (KHE, "2026-10", "arrears"): 500_000,
}
"""What leaves the drawers for good: each right once, by whatever way."""


# -- at the district, before the day --


def who(key: str) -> object:
    """The district's id of a persona."""
    return select(person.c.id).where(person.c.number == PERSONAS[key].id_number).scalar_subquery()


def bereaved(area: Area) -> None:
    """Ông Tư of bà Sáu's house died; the list brings a funeral sum; his daughter is relative and organiser."""
    with area.seat.database.write() as connection:
        owed = select(entitlement).where(entitlement.c.recipient == who("ong-tu"))
        funeral = {"id": "E-funeral", "kind": Kind.FUNERAL.value, "amount": FUNERAL}
        connection.execute(entitlement.insert().values(**(dict(connection.execute(owed).mappings().one()) | funeral)))
        connection.execute(update(recipient).where(recipient.c.person == who("ong-tu")).values(household=HOUSE))
    number, lan = PERSONAS["ong-tu"].id_number, PERSONAS["con-lan"]
    told = ("--on", "2026-11-03", "--reported-by", "Trưởng ấp Bến Đò", "--paper", "TLKT 7/2026")
    assert area.officer("person", "death", number, *told) == 0
    for role in ("relative_of_deceased", "funeral_organiser"):
        heir = ("--number", lan.id_number, "--name", lan.full_name, "--paper", "TLKT 7/2026", "--role", role)
        assert area.officer("person", "payee", number, *heir) == 0
    assert granted(area, MONTH, SOON) == 1, "the funeral sum; all the rest was granted before"


def odd_sum(area: Area) -> None:
    """Bà Sáu is owed a sum that no notes make; the district rounds down."""
    owed = select(entitlement.c.id).where(entitlement.c.recipient == who("ba-sau"))
    with area.seat.database.write() as connection:
        connection.execute(update(lease).where(lease.c.entitlement.in_(owed)).values(amount=ODD))
        connection.execute(update(entitlement).where(entitlement.c.recipient == who("ba-sau")).values(amount=ODD))
    assert area.officer("rounding", "--since", "2026-11-09", "--way", "down") == 0


def granted(area: Area, month: Period, expires: UnixSeconds) -> int:
    """What is open in the hamlet, to the agent's device; how many."""
    with area.seat.database.write() as connection:
        wanted = leases.Wanted(month, hamlets=(HAMLET,))
        return leases.grant(connection, area.seat.home.area, KIT, wanted, expires, "an").granted


def overrides_allowed(area: Area) -> None:
    """A clerk, and how much the office may let out without a card."""
    with area.seat.database.write() as connection:
        security.add_officer(connection, area.seat.home.area, "hoa", "Lê Thị Hoa", OfficerRole.CLERK, "a long password")
    caps = ("--payout", "5000000", "--day", "9000000", "--times", "2")
    assert area.officer("override", "caps", *caps, "--by", "hoa") == 0


@pytest.fixture
def second(area: Area, tmp_path: Path) -> Iterator[Area]:
    """Another device of the same district, on which nothing is leased; it stands in for the first."""
    (tmp_path / "second").mkdir()
    browser = Browser(create_app(area.seat.home, area.seat.database, witness_worker=False))
    up = Area(tmp_path / "second", area.seat, SECOND, browser)
    assert area.officer("stand-in", "--device", KIT, "--stand-in", SECOND) == 0
    yield up
    up.cut_power()
    browser.close()


# -- November, the agent's device --


def household(road: Road) -> None:
    """She by her own card, he through his daughter: one door, one sum."""
    assert {SAU, TU} <= set(road.visit._row(SAU).names)
    assert road.visit._row(SAU).due == ROUNDED + 500_000 + FUNERAL
    door = road.visit.to_door(TU)
    assert {each.person.full_name for each in door.visit.household.payees} == {SAU, LAN}, "nobody asks for his card"
    road.player.touch("back")
    road.visit.pay(SAU, "ba-sau")
    for left in (500_000 + FUNERAL, 500_000):
        assert road.visit._row(TU).due == left, "the household still waits for him"
        road.visit.pay(TU, "con-lan", payee=LAN)


def taken_back(road: Road) -> None:
    """Her receipt once more, then the payout whole: the notes lie on the table again, before two people."""
    to_money(road)
    road.player.touch("payouts")
    rows = road.player.see(sm.ChoosePayout).rows
    assert [row.recipient.full_name for row in rows] == [TU, TU, SAU], "the newest first"
    road.player.touch(f"payout-{rows[2].payout}")
    road.player.see(sm.PaidPayout)
    road.player.touch("reprint")
    paper = road.player.until("the paper", lambda now: isinstance(now, sm.PaidPayout) and now.awaited is None)
    assert isinstance(paper, sm.PaidPayout)
    assert (paper.result, paper.row.prints) == (v.PrintResult.PRINTED, 2)
    road.player.touch("reverse")
    road.player.see(sm.ReversalReasonScreen)
    road.player.touch("reversal-wrong_person")
    road.player.see(sm.ReversalCount)
    count(road, Notes.of({200_000: 1}))
    assert isinstance(road.player.screen, sm.ReversalCount), "part of it is not enough"
    back = Notes.of({100_000: 3, 50_000: 1, 20_000: 1, 2_000: 1})
    count(road, back)
    road.player.see(sm.ChooseSecond)
    road.player.touch("second-0")
    noted = done(road)
    assert (noted.notice.amount, noted.notice.about) == (ROUNDED, SAU)
    road.player.touch("next")
    road.visit.drawer += back
    assert road.visit._row(SAU).due == 0, "its lease stays spent until the district grants it anew"


def without_a_card(area: Area, road: Road, capsys: pytest.CaptureFixture[str]) -> None:
    """The clerk hears two numbers, looks, and says a code; a slip of the tongue first."""
    say = without_card(road, RAY)
    spoken = ("--device", KIT, "--request", say.asked.request, "--sum", str(say.asked.offer.total))
    assert told(area, capsys, "look", *spoken)["full_name"] == RAY
    code = str(told(area, capsys, "give", *spoken, "--reason", "card_lost")["code"])
    road.player.touch("heard")
    road.player.see(so.OverrideCode)
    for digits in ("000000000000", code):
        road.player.type(digits)
        road.player.touch("done")
        after = road.player.until("an answer", lambda now: not isinstance(now, sc.Waiting))
        assert isinstance(after, so.OverrideCode if digits != code else sc.ShowOffer)
    road.visit._hand_over("override")
    road.visit._signature("override")
    road.visit._paper("override")


def told(area: Area, capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    """What the clerk at the console is told."""
    capsys.readouterr()
    assert area.officer("override", *command, "--by", "hoa", "--json") == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def given_over(road: Road) -> tuple[str, str]:
    """Her month as digits on the telephone, her arrears as the QR that the screen shows."""
    to_money(road)
    road.player.touch("release")
    row = next(row for row in road.player.see(sl.ChooseRelease).rows if row.recipient.full_name == KHE)
    while not road.player.has(f"release-{row.recipient.id}"):
        road.player.touch("page-next")
    road.player.touch(f"release-{row.recipient.id}")
    road.player.see(sl.ConfirmRelease)
    road.player.touch("release")
    shown = road.player.see(sl.ReleaseCodes)
    road.player.touch("print")
    out = road.player.until("the slip", lambda now: isinstance(now, sl.ReleaseCodes) and now.result is not None)
    assert isinstance(out, sl.ReleaseCodes)
    assert out.result is v.PrintResult.PRINTED
    road.player.touch("page-next")
    road.kiosk.host.screenshot(road.folder / "qr.png")
    road.player.touch("done")
    route = road.player.see(sc.Route)
    assert next(row for row in route.shift.rows if KHE in row.names).due == 0, "this device pays her no more"
    command = ["zbarimg", "--quiet", "--raw", str(road.folder / "qr.png")]
    seen = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return shown.codes[0].code, seen.stdout.strip()


def closed_short(road: Road) -> Notes:
    """One note is not there: a reason first, then the close. What was counted."""
    lost = Notes.of({road.visit.drawer.items()[0][0]: 1})
    counted = road.visit.drawer - lost
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("close")
    road.player.see(sc.CountClose)
    count(road, counted)
    assert road.player.see(sc.CloseVariance).report.variance == lost.amount
    assert not road.player.has("close")
    road.player.touch("variance-unexplained")
    road.player.touch("close")
    road.player.until("the report", lambda now: isinstance(now, sc.Closed) and now.awaited is None)
    return counted


# -- November, the other device --


def opened_with(road: Road, notes: Notes) -> None:
    """Signed in, these notes in the drawer."""
    road.visit.sign_in()
    road.player.see(sc.CountFloat)
    road.visit.drawer = notes
    count(road, notes)
    road.player.see(sc.ChooseSource)
    road.player.touch("source-0")
    road.player.see(sc.Route)


def taken_over(road: Road, line: ScannerLine, spoken: str, shown: str) -> None:
    """A slip of the tongue; then a month by digits, and before the next digits the other device's screen."""
    for code in ("000000000000", spoken):
        to_money(road)
        road.player.touch("accept")
        road.player.see(sl.TypeCitizen)
        road.player.type(PERSONAS["ba-khe"].id_number)
        road.player.touch("done")
        road.player.see(sl.TypeCode)
        road.player.type(code)
        road.player.touch("done")
        if code != spoken:
            assert road.player.see(sc.RefusedScreen).key is v.RefusalKey.RELEASE_CODE_WRONG
            road.player.touch("go-on")
            road.player.see(sc.Route)
    road.player.see(sl.LeaseTaken)
    road.player.touch("more")
    road.player.see(sl.TypeCode)
    line.reads(road, shown, sl.TypeCode, sl.LeaseTaken)
    assert road.player.see(sl.LeaseTaken).row.total == 1_000_000
    road.player.touch("next")
    road.player.see(sc.Route)


# -- December --


def next_month(area: Area, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new list is loaded, and the hamlet granted: her November again, her December, and a neighbour's."""
    monkeypatch.setattr(ids, "now", ticking(DECEMBER))
    write_sample_list(folder / "december.xlsx", NEXT_MONTH)
    assert area.officer("import-list", str(folder / "december.xlsx"), "--by", "an") == 0
    assert granted(area, NEXT_MONTH, UnixSeconds(DECEMBER + 20 * 86_400)) == 3
    area.cut_power()
    area.clock = lambda: DECEMBER
    area.start()
    area.sign_in()
    area.meet()


# -- proof --


def proven(area: Area, lost: int, out: dict[str, int]) -> None:
    """Every right paid once, every witness proved again, every note accounted for, two cases and no more."""
    report = area.verified()
    assert (report.problems, report.open_or_uncertain, report.waiting_segments) == ([], 0, 0)
    assert report.cases_by_kind == {CaseKind.REVERSAL.value: 1, CaseKind.CASH_VARIANCE.value: 1}
    assert (report.completed, report.completed_vnd, report.reversed) == (5, sum(PAID.values()), 1)
    assert (report.devices, report.sessions_closed, report.cash_variance_vnd) == (2, 3, lost)
    assert (report.chip_witnesses, report.chip_witness_verified) == (5, 5), "all but the one without a card"
    home = area.seat.home.area
    with area.seat.database.read() as connection:
        assert {each.device: each.amount for each in cash.held(connection, home)} == out
        months = [reports.month(connection, home, each) for each in (MONTH, NEXT_MONTH)]
        same = (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
        what = (person.c.full_name, payout_line.c.period, payout_line.c.kind)
        counted = select(*what, func.count(), func.sum(payout_line.c.amount)).where(
            same, payout.c.state == "completed", payout_line.c.entitlement == entitlement.c.id,
            person.c.id == entitlement.c.recipient,
        ).group_by(*what)  # fmt: skip
        once = {tuple(row) for row in connection.execute(counted)}
        roles = {str(row[0]) for row in connection.execute(select(payout.c.role))}
        spent = connection.execute(select(lease.c.id).where(lease.c.device == SECOND, lease.c.state == "spent")).all()
    assert once == {(*right, 1, amount) for right, amount in PAID.items()}
    assert {"relative_of_deceased", "funeral_organiser"} <= roles
    assert len(spent) == 2, "her month and her arrears"
    assert [each["rounding_vnd"] for each in months] == [ODD - ROUNDED, 0]
    for each in months:
        assert each["due_vnd"] == each["paid_vnd"] + each["rounding_vnd"] + each["unpaid_vnd"]


def test_two_months_of_two_devices_are_balanced_at_the_district_to_the_last_note(
    area: Area, second: Area, printer: Server, scanner_line: ScannerLine, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bereaved(area)
    odd_sum(area)
    overrides_allowed(area)
    for each in (area, second):
        each.sign_in()
        each.meet()
    with sent_out(area, printer) as road:
        road.visit.sign_in()
        road.visit.take_cash()
        taken_along = road.visit.drawer
        household(road)
        taken_back(road)
        without_a_card(area, road, capsys)
        spoken, shown = given_over(road)
        left = closed_short(road)
    second.settings = replace(second.settings, scanner=scanner_line.device)
    with sent_out(second, printer) as road:
        opened_with(road, TILL)
        taken_over(road, scanner_line, spoken, shown)
        road.visit.pay(KHE, "ba-khe")
        road.visit.close()
        report = road.player.see(sc.Closed).report
        assert (report.payouts, report.variance) == (1, 0)
    next_month(area, tmp_path, monkeypatch)
    with sent_out(area, printer) as road:
        opened_with(road, left)
        assert road.visit._row(SAU).due == ROUNDED + 500_000
        papers = road.slips()
        road.visit.pay(SAU, "ba-sau")
        assert road.slips() == papers + 1, "two months, one receipt"
        road.visit.close()
    november = ROUNDED + 500_000 + FUNERAL - ROUNDED + 750_000
    lost = Vnd(taken_along.amount - november - left.amount)
    out = {KIT: left.amount - ROUNDED - 500_000, SECOND: TILL.amount - 1_000_000}
    assert sum(out.values()) == taken_along.amount + TILL.amount - sum(PAID.values()) - lost
    proven(area, lost, out)
