"""The documents: sums are computed, bounds are kept, nothing personal slips in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.paper.samples import SAMPLES
from kiosk.payout import receipt as r
from kiosk.payout.names import DeviceId, Epoch, Sequence, Vnd, VoidReason


def sample(name: str) -> r.ReceiptDocument:
    return SAMPLES[name].document


T = TypeVar("T")


def the(kind: type[T], name: str) -> T:
    document = sample(name)
    assert isinstance(document, kind)
    return document


def test_a_receipts_total_is_the_sum_of_its_lines() -> None:
    paid = the(r.PayoutReceipt, "payout")
    assert paid.total == sum(line.amount for line in paid.lines) == 1_250_000


def test_the_cash_equation_of_a_session() -> None:
    report = the(r.CashReport, "cash-report")
    assert report.expected == 30_000_000 + 10_000_000 - 0 - 27_650_000 + 0
    assert report.variance == 0
    assert the(r.CashReport, "cash-report-short").variance == 50_000


def test_every_part_of_the_cash_equation_has_its_sign() -> None:
    parts = {"opening": 1, "added": 20, "returned": 300, "paid": 4_000, "reversed": 50_000}
    report = replace(the(r.CashReport, "cash-report"), **{name: Vnd(sum_) for name, sum_ in parts.items()})
    assert report.expected == 1 + 20 - 300 - 4_000 + 50_000
    assert report.variance == report.expected - report.notes.amount


def test_a_slip_says_what_its_notes_and_rows_come_to() -> None:
    handover, day = the(r.HandoverSlip, "handover"), the(r.EndOfDayList, "end-of-day")
    assert handover.amount == handover.notes.amount > 0
    assert day.total == sum(row.total for row in day.rows) > day.rows[0].total


def test_a_receipt_number_names_device_epoch_and_entry() -> None:
    number = r.ReceiptNumber(DeviceId("KIT-03"), Epoch(2), Sequence(148))
    assert str(number) == "KIT-03-2-148"
    assert r.ReceiptNumber.parse("KIT-03-2-148") == number
    later = [replace(number, sequence=Sequence(149)), replace(number, epoch=Epoch(3)), replace(number, device="KIT-04")]
    assert sorted([*later[::-1], number]) == [number, *later]


amounts = st.integers(0, 10**9).map(Vnd)


@given(amounts, amounts, amounts, amounts, amounts)
def test_variance_is_what_the_plan_says(a: Vnd, b: Vnd, c: Vnd, d: Vnd, e: Vnd) -> None:
    report = replace(the(r.CashReport, "cash-report"), opening=a, added=b, returned=c, paid=d, reversed=e)
    assert report.variance == a + b - c - d + e - report.notes.amount


@given(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True),
    st.integers(0, 10**9 - 1),
    st.integers(0, 10**12 - 1),
)
def test_a_receipt_number_is_read_back(device: str, epoch: int, sequence: int) -> None:
    number = r.ReceiptNumber(DeviceId(device), Epoch(epoch), Sequence(sequence))
    assert r.ReceiptNumber.parse(str(number)) == number


@pytest.mark.parametrize("text", ["", "KIT03", "KIT03-1", "KIT03-1-x", "-1-2", "KIT 3-1-2", "K-1-" + "9" * 13])
def test_what_is_no_receipt_number(text: str) -> None:
    with pytest.raises(ValueError, match="receipt number"):
        r.ReceiptNumber.parse(text)


def broken() -> list[tuple[str, Callable[[], object]]]:
    paid, origin = the(r.PayoutReceipt, "payout"), the(r.PayoutReceipt, "payout").origin
    line = paid.lines[0]
    day = the(r.EndOfDayList, "end-of-day")
    return [
        ("no lines", lambda: replace(paid, lines=())),
        *(
            (f"no lines on {name}", lambda name=name: replace(sample(name), lines=()))
            for name in ("void", "reversal", "declined", "lease-release")
        ),
        ("one line of nothing", lambda: replace(paid, lines=(line, replace(line, amount=Vnd(0))))),
        ("claim of a row", lambda: replace(day.rows[0], claim=b"A" * 701)),
        ("too many lines", lambda: replace(paid, lines=(line,) * 61)),
        ("nothing to pay", lambda: replace(paid, lines=(replace(line, amount=Vnd(0)),))),
        ("claim not ascii", lambda: replace(paid, claim="ế".encode())),
        ("claim too long", lambda: replace(paid, claim=b"A" * 701)),
        ("reprints", lambda: replace(origin, reprint=1000)),
        ("negative reprint", lambda: replace(origin, reprint=-1)),
        ("code", lambda: replace(the(r.LeaseReleaseSlip, "lease-release"), code="12345")),
        ("account", lambda: replace(the(r.MethodSlip, "method"), account_tail="0123456789")),
        ("guidance", lambda: replace(the(r.GuidanceSlip, "guidance"), missing=())),
        ("day", lambda: replace(day, rows=day.rows * 101)),
        (
            "declined",
            lambda: replace(the(r.DeclinedSlip, "declined"), reason=VoidReason.OPERATOR_ERROR),
        ),
    ]


@pytest.mark.parametrize(("name", "make"), broken(), ids=[name for name, _ in broken()])
def test_a_document_that_may_not_be(name: str, make: Callable[[], object]) -> None:
    assert name
    with pytest.raises(ValueError, match=r".+"):
        make()


def test_the_bounds_are_reached_before_they_are_passed() -> None:
    paid, day = the(r.PayoutReceipt, "payout"), the(r.EndOfDayList, "end-of-day")
    assert len(replace(paid, lines=(paid.lines[0],) * 60).lines) == 60
    assert len(replace(day, rows=day.rows * 100).rows) == 400
    assert replace(paid, claim=b"A" * 700).claim
    assert replace(paid, lines=(replace(paid.lines[0], amount=Vnd(1)),)).total == 1
    assert [replace(paid.origin, reprint=each).reprint for each in (0, 1, 999)] == [0, 1, 999]
    with pytest.raises(ValueError, match="400"):
        replace(day, rows=(*day.rows * 100, day.rows[0]))


@pytest.mark.parametrize("reason", [VoidReason.RECIPIENT_DECLINED, VoidReason.DISPUTED_SUM])
def test_what_may_stand_on_paper_may(reason: VoidReason) -> None:
    """The samples are made while the tests are collected, so each kind is made once more here."""
    assert replace(the(r.DeclinedSlip, "declined"), reason=reason).reason is reason
    assert replace(the(r.GuidanceSlip, "guidance"), bring_to="").missing
    assert replace(the(r.MethodSlip, "method"), account_tail="0a9Z").account_tail == "0a9Z"
    assert replace(the(r.LeaseReleaseSlip, "lease-release"), code="000000000012").code


def test_no_document_has_room_for_a_citizen_number() -> None:
    kinds = [type(each.document) for each in SAMPLES.values()]
    names = {field.name for kind in kinds for field in fields(kind)}
    assert not {name for name in names if "citizen" in name or name in ("id_number", "cccd")}


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(each.document) for each in SAMPLES.values()} == set(r.ReceiptDocument.__args__)
