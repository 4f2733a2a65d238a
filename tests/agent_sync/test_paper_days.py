"""A lost kit's day: printed, read back from the paper, entered by two officers, counted once whatever comes later."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from agent_sync.district import cli, leases, paper_days, receipt_page, reports, security
from agent_sync.district.paper_days import Judged, Verdict
from agent_sync.district.schema import case_table, lease, paper_payout, payout
from agent_sync.district.states import LeaseState, PaperDoubt
from agent_sync.district.verify import Verification, verify
from hardware.printer.driver import Printer
from hardware.printer.profiles import GENERIC_58
from hardware.virtual.printer.server import new_machine
from kiosk.desk.slips import Issuer
from kiosk.exchange import claim as claims
from kiosk.exchange import keys
from kiosk.paper import page_for
from kiosk.payout import journal as j
from kiosk.payout.cash import fewest_notes
from kiosk.payout.names import Mode, ReversalReason, UnixSeconds, Vnd
from kiosk.payout.receipt import EndOfDayList
from kiosk.payout.rules import local_day
from kiosk.payout.standing import Status, stand
from tests.agent_sync.field_kit import MONTH, FieldKit, Seat
from tests.agent_sync.test_intake import kinds, send
from tests.hardware.printer.wire_in_memory import Bench

OFFICERS = ("hoa", "binh")


def day_list(kit: FieldKit) -> EndOfDayList:
    """What the kiosk itself prints when the session closes."""
    standing = stand(kit.entries)
    assert kit.pay_list is not None
    paid = [each for each in standing.payouts.values() if each.status is Status.COMPLETED]
    issuer = Issuer(kit.pay_list, standing, "Lê Văn Bình", kit.sign)
    return issuer.day_list(paid, UnixSeconds(kit.now), simulated=True)


def codes(kit: FieldKit) -> list[str]:
    return [row.claim.decode() for row in day_list(kit).rows]


def enter(seat: Seat, scanned: list[str]) -> list[Judged]:
    with seat.database.write() as connection:
        return paper_days.enter(seat.database, connection, seat.home, scanned, OFFICERS)


def verdicts(judged: list[Judged]) -> list[str]:
    return [each.verdict.value for each in judged]


def checked(seat: Seat) -> Verification:
    report = verify(seat.home, seat.database)
    assert report.problems == []
    return report


def states_of(seat: Seat, kit: FieldKit, persona: str) -> set[str]:
    mine = [each.id for each in kit.leases_of(persona)]
    with seat.database.read() as connection:
        return set(connection.execute(select(lease.c.state).where(lease.c.id.in_(mine))).scalars())


def test_a_lost_kits_day_goes_from_paper_into_the_books_and_its_journal_is_not_counted_again(
    seat: Seat, kit: FieldKit, tmp_path: Path
) -> None:
    paid = [kit.pay("ba-sau"), kit.pay("ba-khe", chip=False)]
    kit.close_session()
    machine = new_machine(GENERIC_58, tmp_path)
    bench = Bench(machine)
    printer = Printer(bench.connect, GENERIC_58, now=bench.now, pause=lambda _: None)
    printer.print_page(page_for(day_list(kit), GENERIC_58.paper))
    picture = machine.roll.tear()
    assert picture is not None
    read = subprocess.run(["zbarimg", "--quiet", picture], capture_output=True, text=True, check=True, timeout=60)
    scanned = paper_days.codes_in(read.stdout.splitlines())

    assert verdicts(enter(seat, scanned)) == ["new", "new"]
    before = checked(seat)
    total = sum(each.fact.total for each in paid if isinstance(each.fact, j.PayoutAuthorised))
    assert (before.completed, before.from_paper, before.completed_vnd) == (2, 2, total)
    assert kinds(seat) == ["from_paper", "from_paper"]

    send(seat, kit, kit.seal())
    after = checked(seat)
    assert (after.completed, after.from_paper, after.completed_vnd) == (2, 0, total)
    assert after.cases == 0, "what has come to an agreement asks nobody any more"
    assert verdicts(enter(seat, scanned)) == ["entered", "entered"]


@pytest.fixture
def paid(kit: FieldKit) -> FieldKit:
    """A kit that has paid one person."""
    kit.pay("ba-sau")
    return kit


def test_what_paper_says_is_paid_is_in_the_report_and_granted_to_nobody_else(seat: Seat, paid: FieldKit) -> None:
    enter(seat, codes(paid))
    assert states_of(seat, paid, "ba-sau") == {LeaseState.SPENT.value}
    other = seat.enrol("kit-02")
    with seat.database.write() as connection:
        connection.execute(update(lease).where(lease.c.state == "live").values(state=LeaseState.RETURNED.value))
        expires = UnixSeconds(paid.now + 86_400)
        again = leases.grant(connection, seat.home.area, other.device, leases.Wanted(MONTH), expires, "test")
        made = reports.month(connection, seat.home.area, MONTH)
    assert again.already == len(paid.leases_of("ba-sau"))
    assert made["paid"] >= 1
    assert made["unpaid"] == made["due"] - made["paid"]


def test_what_the_journal_said_already_is_not_entered(seat: Seat, paid: FieldKit) -> None:
    send(seat, paid, paid.seal())
    assert verdicts(enter(seat, codes(paid))) == ["known"]
    assert kinds(seat) == []


def test_without_officers_it_is_only_shown(seat: Seat, paid: FieldKit) -> None:
    with seat.database.write() as connection:
        shown = paper_days.enter(seat.database, connection, seat.home, codes(paid), None)
    assert verdicts(shown) == ["new"]
    assert checked(seat).completed == 0
    assert states_of(seat, paid, "ba-sau") == {LeaseState.LIVE.value}


@pytest.mark.parametrize("cut", [1, 2], ids=["authorised and completed apart", "all at once"])
def test_the_journal_may_come_in_pieces(seat: Seat, paid: FieldKit, cut: int) -> None:
    """The lease that its own paper has spent is no lease that had ended."""
    enter(seat, codes(paid))
    last = len(paid.entries) - cut
    send(seat, paid, paid.seal(0, last), *([] if cut == 1 else [paid.seal(last + 1)]))
    assert kinds(seat) == ["from_paper"]
    assert (checked(seat).completed, checked(seat).from_paper) == (1, 0)


def test_a_kit_lost_between_authorising_and_sending_the_end_is_completed_by_its_paper(
    seat: Seat, paid: FieldKit
) -> None:
    send(seat, paid, paid.seal(0, len(paid.entries) - 2))
    assert verdicts(enter(seat, codes(paid))) == ["new"]
    assert checked(seat).completed == 1
    send(seat, paid, paid.seal(len(paid.entries) - 1))
    assert (checked(seat).completed, checked(seat).from_paper) == (1, 0)


def test_a_payout_reversed_later_is_reversed_in_the_books(seat: Seat, paid: FieldKit) -> None:
    scanned = codes(paid)
    enter(seat, scanned)
    (fact,) = (each.fact for each in paid.entries if isinstance(each.fact, j.PayoutAuthorised))
    notes = fewest_notes(fact.total)
    assert notes is not None
    paid.write(
        j.PayoutReversed(
            fact.payout, paid.session, ReversalReason.WRONG_PERSON, notes.counts, paid.operator, "Đỗ Thị Hoa"
        )
    )
    send(seat, paid, paid.seal())
    assert (checked(seat).completed, checked(seat).reversed) == (0, 1)
    assert states_of(seat, paid, "ba-sau") == {LeaseState.REVERSED.value}


def doubts_of(judged: list[Judged]) -> tuple[PaperDoubt, ...]:
    return judged[0].doubts


def test_another_journal_under_the_same_number_is_asked_about_and_both_stay(seat: Seat, kit: FieldKit) -> None:
    twin = kit.twin()
    kit.pay("ba-sau")
    twin.pay("ba-khe", chip=False)
    enter(seat, codes(kit))
    send(seat, twin, twin.seal())
    assert kinds(seat) == ["from_paper", "paper_differs"]
    assert (checked(seat).completed, checked(seat).from_paper) == (2, 1)


def test_paper_that_contradicts_a_journal_on_record_is_entered_and_asked_about(seat: Seat, kit: FieldKit) -> None:
    twin = kit.twin()
    kit.pay("ba-sau")
    twin.pay("ba-khe", chip=False)
    send(seat, twin, twin.seal())
    assert doubts_of(enter(seat, codes(kit))) == (PaperDoubt.JOURNAL,)
    assert kinds(seat) == ["from_paper", "paper_differs"]


def test_what_another_device_has_paid_meanwhile_is_a_case_and_found_by_verify(seat: Seat, paid: FieldKit) -> None:
    scanned = codes(paid)
    mine = [each.id for each in paid.leases_of("ba-sau")]
    with seat.database.write() as connection:
        connection.execute(update(lease).where(lease.c.id.in_(mine)).values(state=LeaseState.RETURNED.value))
    other = seat.enrol("kit-02")
    seat.lease(other)
    seat.bundle(other)
    other.begin()
    other.pay("ba-sau")
    send(seat, other, other.seal())
    assert doubts_of(enter(seat, scanned)) == (PaperDoubt.LEASE_NOT_HELD, PaperDoubt.PAID_ELSEWHERE)
    assert any("was paid by" in problem for problem in verify(seat.home, seat.database).problems)


def stated(kit: FieldKit, **other: object) -> str:
    """A genuine row, but for what is said otherwise; signed by the kit's own key."""
    (row,) = day_list(kit).rows
    public = kit.sign_public
    found = claims.verify_claim(row.claim, lambda *_: lambda sig, message: keys.verify(public, sig, message))
    assert isinstance(found, claims.Claim)
    return claims.encode_claim(replace(found, **other), kit.sign).decode()  # type: ignore[arg-type]


ODD = [
    ({"total": Vnd(1)}, (PaperDoubt.SUM,)),
    ({"leases": ()}, (PaperDoubt.LEASE_UNKNOWN,)),
    ({"leases": (bytes(8),)}, (PaperDoubt.LEASE_UNKNOWN,)),
    ({"practice": False}, (PaperDoubt.MODE,)),
]


@pytest.mark.parametrize(("other", "doubts"), ODD, ids=[each[1][0].value for each in ODD])
def test_a_signed_row_that_does_not_fit_is_kept_and_asked_about(
    seat: Seat, paid: FieldKit, other: dict[str, object], doubts: tuple[PaperDoubt, ...]
) -> None:
    judged = enter(seat, [stated(paid, **other)])
    assert doubts_of(judged) == doubts
    assert kinds(seat) == ["from_paper", "paper_differs"]
    assert checked(seat).completed == (0 if "practice" in other else 1)


def test_a_simulated_card_is_no_money_in_production(seat: Seat, paid: FieldKit) -> None:
    real = replace(seat.home, settings=replace(seat.home.settings, mode=Mode.PRODUCTION))
    with seat.database.write() as connection:
        row = stated(paid, practice=False)
        judged = paper_days.enter(seat.database, connection, real, [row], OFFICERS)
    assert doubts_of(judged) == (PaperDoubt.MODE,)
    assert states_of(seat, paid, "ba-sau") == {LeaseState.LIVE.value}


def test_what_proves_nothing_is_named_and_never_entered(seat: Seat, paid: FieldKit) -> None:
    (row,) = codes(paid)
    stranger = seat.enrol("kit-09")
    forged = claims.encode_claim(claims.Claim(**_fields(row)), stranger.sign).decode()
    touched = row[:-20] + ("A" if row[-20] == "B" else "B") + row[-19:]
    judged = enter(seat, ["https://example.vn/", touched, forged])
    assert [each.refusal for each in judged[::2]] == ["not_a_claim", "bad_signature"]
    assert verdicts(judged) == ["no_proof"] * 3
    assert kinds(seat) == []


def _fields(row: str) -> dict[str, object]:
    found = claims.verify_claim(row, lambda *_: lambda *_: True)
    assert isinstance(found, claims.Claim)
    return {name: getattr(found, name) for name in claims.Claim.__dataclass_fields__}


def test_verify_proves_the_paper_again_from_its_signed_text(seat: Seat, paid: FieldKit) -> None:
    enter(seat, codes(paid))
    with seat.database.write() as connection:
        connection.execute(update(payout).values(total=payout.c.total + 1))
    assert "its paper does not prove it" in verify(seat.home, seat.database).problems[0]
    with seat.database.write() as connection:
        connection.execute(paper_payout.delete())
    assert "its paper does not prove it" in verify(seat.home, seat.database).problems[0]


def test_the_receipt_page_confirms_what_was_entered_from_paper(seat: Seat, paid: FieldKit) -> None:
    (row,) = codes(paid)
    enter(seat, [row])
    with seat.database.read() as connection:
        standing, claim = receipt_page.judge(connection, seat.home, row)
    assert standing is receipt_page.Standing.CONFIRMED
    assert claim is not None
    assert claim.day == local_day(UnixSeconds(paid.now))


def test_scanned_lines_are_bounded_each_taken_once_and_a_scanners_prefix_is_passed_over() -> None:
    lines = ["QR-Code:TN1AA\n", "\n", "TN1AA\n", "x" * 5_000, *(f"TN1{number}" for number in range(5_000))]
    found = paper_days.codes_in(lines)
    assert found[0] == "TN1AA"
    assert len(found) == paper_days.MAX_ROWS
    assert max(map(len, found)) == claims.MAX_TEXT + 1


PASSWORD = "mot mat khau dai"


def command(seat: Seat, monkeypatch: pytest.MonkeyPatch, stdin: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    return cli.main(["enter-day", "--home", str(seat.home.folder), "--json", *arguments])


def test_the_command_shows_first_and_enters_with_two_officers(
    seat: Seat, paid: FieldKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with seat.database.write() as connection:
        for login in OFFICERS:
            security.add_officer(connection, seat.home.area, login, login, security.OfficerRole.CLERK, PASSWORD)
    scanned = tmp_path / "scanned.txt"
    scanned.write_text("\n".join(codes(paid)) + "\n")
    assert command(seat, monkeypatch, "", str(scanned)) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["new"], shown["written"]) == (1, False)
    both = ("--by", "hoa", "--second", "binh", str(scanned))
    assert command(seat, monkeypatch, "wrong\n", *both) == 3
    assert command(seat, monkeypatch, PASSWORD + "\n", *both[:2], "--second", "hoa", str(scanned)) == 3
    assert checked(seat).completed == 0
    capsys.readouterr()
    assert command(seat, monkeypatch, f"{PASSWORD}\n" + scanned.read_text(), *both[:-1]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["new"], written["written"]) == (1, True)
    assert written["rows"][0]["recipient"] == "Nguyễn Thị Sáu"
    assert checked(seat).from_paper == 1
    assert command(seat, monkeypatch, "no code\n") == 1
    with seat.database.read() as connection:
        (detail,) = connection.execute(select(case_table.c.detail)).scalars()
    assert json.loads(detail)["officers"] == list(OFFICERS)


def test_verdicts_are_told_for_a_console(seat: Seat, paid: FieldKit) -> None:
    judged = enter(seat, [stated(paid, total=Vnd(1)), "rubbish"])
    text = paper_days.text(paper_days.told(judged, entered=True))
    assert "differs\tkit-01-1-3\t" in text
    assert "other_sum" in text
    assert "no_proof\tnot_a_claim\trubbish" in text
    assert Verdict.DIFFERS in verdicts(judged)
