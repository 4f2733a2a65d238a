"""One example of every paper, with invented people: for the command, the guide and the tests.

The claims are signed with a key that is printed here on purpose, so that nobody can mistake a
sample for a receipt: no district ever lists it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hardware.printer.layout import Strokes
from kiosk.exchange.claim import Claim, encode_claim, lease_tag, page_prefix
from kiosk.paper import Signature
from kiosk.paper.words import local
from kiosk.payout.cash import Notes
from kiosk.payout.names import (
    CannotSign,
    DeviceId,
    Epoch,
    Kind,
    LeaseId,
    Level,
    Mode,
    Period,
    Programme,
    ReversalReason,
    Role,
    Sequence,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
    WitnessKind,
)
from kiosk.payout.receipt import (
    CashReport,
    CopyKind,
    DayRow,
    DeclinedSlip,
    EndOfDayList,
    GuidanceSlip,
    HandoverKind,
    HandoverSlip,
    LeaseReleaseSlip,
    MethodSlip,
    MissingPaper,
    Origin,
    PayoutReceipt,
    ReceiptDocument,
    ReceiptLine,
    ReceiptNumber,
    ReversalSlip,
    StatementSlip,
    TestPage,
    VoidSlip,
)
from kiosk.payout.statements import PayWay, StatementKind

SAMPLE_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"tannha sample key").digest())
"""Public on purpose."""
DEVICE = DeviceId("KIT03")
PAGE = page_prefix("https://phieuchi.example.vn")


@dataclass(frozen=True, slots=True)
class Sample:
    """A document and, for receipts, a drawn signature."""

    document: ReceiptDocument
    signature: Signature | None = None


def scribble(seed: int) -> Strokes:
    """Pen strokes like an unsteady signature, the same for the same seed; pad 600 x 160."""
    points = [
        (
            40 + 5 * step,
            80 + round(48 * math.sin(step / (5 + seed % 3)) * math.cos(step / 17 + seed)),
        )
        for step in range(100)
    ]
    under = [(30 + 6 * step, 132 + round(5 * math.sin(step / 4))) for step in range(80)]
    return Strokes(600, 160, (tuple(points[:55]), tuple(points[60:]), tuple(under)))


def _at(hour: int, minute: int) -> UnixSeconds:
    """22 November 2026, Vietnam time."""
    return UnixSeconds(int(datetime(2026, 11, 22, hour - 7, minute, tzinfo=UTC).timestamp()))


def _number(sequence: int) -> ReceiptNumber:
    return ReceiptNumber(DEVICE, Epoch(1), Sequence(sequence))


def _origin(sequence: int) -> Origin:
    return Origin(
        number=_number(sequence),
        mode=Mode.PRODUCTION,
        simulated=False,
        area="Bưu điện khu vực Đất Mũi",
        device=DEVICE,
        agent="Lê Văn Bình",
        place="Ấp 3, xã Tân Thuận",
        at=_at(9, 12),
        complaint_phone="1900 0000",
    )


def _line(month: int, amount: int, kind: Kind = Kind.MONTHLY) -> ReceiptLine:
    return ReceiptLine(Programme.SOCIAL_PENSION, kind, Period(2026, month), Vnd(amount))


def claim_of(number: ReceiptNumber, at: UnixSeconds, lines: tuple[ReceiptLine, ...]) -> Claim:
    """A claim for sample lines; the entry hash is that of the number's text."""
    return Claim(
        device=number.device,
        epoch=number.epoch,
        sequence=number.sequence,
        total=Vnd(sum(line.amount for line in lines)),
        day=local(at).date(),
        periods=tuple(sorted({line.period for line in lines})),
        entry=hashlib.sha256(str(number).encode()).digest()[:12],
    )


def _receipt(sequence: int, lines: tuple[ReceiptLine, ...]) -> PayoutReceipt:
    origin = _origin(sequence)
    number = _number(sequence)
    return PayoutReceipt(
        origin=origin,
        recipient_name="Nguyễn Thị Sáu",
        payee_name="Nguyễn Thị Sáu",
        role=Role.SELF,
        lines=lines,
        evidence_level=Level.A,
        witness=WitnessKind.CHIP,
        claim=encode_claim(claim_of(number, origin.at, lines), SAMPLE_KEY.sign, PAGE),
    )


ONE_MONTH = (_line(11, 500_000),)
TWO_MONTHS = (_line(10, 625_000, Kind.ARREARS), _line(11, 625_000))
MERIT_LINES = (
    ReceiptLine(Programme.MERIT, Kind.MONTHLY, Period(2026, 11), Vnd(2_789_000)),
    ReceiptLine(Programme.MERIT, Kind.DIFFERENCE, Period(2026, 10), Vnd(167_000)),
)
FUNERAL = Vnd(27_890_000)
LONG_PLACE = "Ấp Trung Thạnh Đông, xã Nguyễn Việt Khái Thượng"
THREE_LINES = (
    *MERIT_LINES,
    ReceiptLine(Programme.SOCIAL_ASSISTANCE, Kind.MONTHLY, Period(2026, 11), Vnd(1_250_000)),
)


def _payouts() -> dict[str, Sample]:
    plain = _receipt(148, TWO_MONTHS)
    thay = replace(
        _receipt(151, MERIT_LINES),
        recipient_name="Trần Văn Tư",
        payee_name="Trần Thị Lan",
        role=Role.ALTERNATE,
        evidence_level=Level.B,
        witness=WitnessKind.DEVICE_WORD,
    )
    guardian = replace(
        _receipt(152, THREE_LINES),
        recipient_name="Lê Thị Hạnh",
        payee_name="Lê Văn Mười",
        role=Role.GUARDIAN,
    )
    ink = replace(
        _receipt(153, ONE_MONTH),
        recipient_name="Phạm Thị Khế",
        payee_name="Phạm Thị Khế",
        cannot_sign=CannotSign.TREMOR,
        witness_name="Võ Văn Hai",
    )
    again = replace(plain, origin=replace(plain.origin, reprint=1))
    longest = replace(
        _receipt(154, (*THREE_LINES, ReceiptLine(Programme.MERIT_RELATIVE, Kind.ARREARS, Period(2026, 10), FUNERAL))),
        origin=replace(_origin(154), reprint=12, agent="Huỳnh Nguyễn Phương Thảo Nguyên", place=LONG_PLACE),
        recipient_name="Công Tằng Tôn Nữ Hoàng Thị Phương Quỳnh",
        payee_name="Nguyễn Phúc Hoàng Trương Phương Uyên",
        role=Role.ALTERNATE,
        evidence_level=Level.B,
    )
    claim = replace(claim_of(_number(148), plain.origin.at, TWO_MONTHS), practice=True, simulated=True)
    practice = replace(
        plain,
        origin=replace(plain.origin, mode=Mode.PRACTICE, simulated=True),
        claim=encode_claim(claim, SAMPLE_KEY.sign, PAGE),
    )
    return {
        "payout": Sample(plain, scribble(1)),
        "payout-alternate": Sample(thay, scribble(2)),
        "payout-three-lines": Sample(guardian, scribble(3)),
        "payout-ink": Sample(ink),
        "payout-agent-copy": Sample(replace(ink, copy=CopyKind.AGENT)),
        "payout-reprint": Sample(again, scribble(1)),
        "payout-practice": Sample(practice, scribble(1)),
        "payout-longest": Sample(longest, scribble(2)),
    }


def _undone() -> dict[str, Sample]:
    paid = _number(148)
    name = "Danh Sà Rây"
    return {
        "void": Sample(VoidSlip(_origin(160), name, ONE_MONTH, VoidReason.NOT_ENOUGH_CASH)),
        "reversal": Sample(
            ReversalSlip(_origin(162), paid, name, name, TWO_MONTHS, ReversalReason.WRONG_SUM, "Đỗ Thị Hoa")
        ),
        "declined": Sample(DeclinedSlip(_origin(163), name, ONE_MONTH, VoidReason.RECIPIENT_DECLINED)),
        "complaint": Sample(
            StatementSlip(_origin(165), name, StatementKind.COMPLAINT, words="Thiếu một tháng, từ hồi tháng tám")
        ),
        "taken-with-complaint": Sample(StatementSlip(_origin(166), name, StatementKind.SUM_ACCEPTED, Vnd(1_000_000))),
        "disputed": Sample(DeclinedSlip(_origin(164), name, ONE_MONTH, VoidReason.DISPUTED_SUM)),
    }


def _slips() -> dict[str, Sample]:
    bare = replace(_origin(1), number=None)
    missing = (MissingPaper.CARD_EXPIRED, MissingPaper.AUTHORISATION)
    return {
        "guidance": Sample(
            GuidanceSlip(
                bare,
                "Lê Thị Hạnh",
                missing,
                "Bộ phận một cửa, Ủy ban xã Tân Thuận",
            )
        ),
        "method": Sample(
            MethodSlip(
                _origin(170),
                "Trần Văn Tư",
                PayWay.BANK,
                "Ngân hàng Mẫu",
                "Trần Văn Tư",
                "0042",
            )
        ),
        "lease-release": Sample(
            LeaseReleaseSlip(
                _origin(171),
                "Lê Thị Hạnh",
                MERIT_LINES,
                DeviceId("KIOSK-TT1"),
                "482019375560",
                UnixSeconds(_at(17, 0) + 5 * 86_400),
            )
        ),
        "test-page": Sample(TestPage(bare, "58 mm", "sẵn sàng")),
    }


def _drawer() -> dict[str, Sample]:
    notes = Notes.of({500_000: 12, 200_000: 21, 100_000: 15, 50_000: 8, 20_000: 12, 1_000: 10})
    report = CashReport(
        origin=replace(_origin(190), at=_at(16, 40)),
        opened_at=_at(7, 30),
        closed_at=_at(16, 40),
        opening=Vnd(30_000_000),
        added=Vnd(10_000_000),
        returned=Vnd(0),
        paid=Vnd(27_650_000),
        reversed=Vnd(0),
        payouts=38,
        notes=notes,
        reason=VarianceReason.NONE,
    )
    short = replace(
        report,
        paid=Vnd(27_600_000),
        reason=VarianceReason.CHANGE_ERROR,
        remark="Có thể thối thừa ở Ấp 2",
    )
    slip = HandoverSlip(
        replace(_origin(101), at=_at(7, 20)),
        HandoverKind.FLOAT_ADDED,
        Notes.of({500_000: 40, 200_000: 30, 100_000: 20, 50_000: 40}),
        "Đỗ Thị Hoa",
        "Lê Văn Bình",
    )
    return {
        "cash-report": Sample(report),
        "cash-report-short": Sample(short),
        "handover": Sample(slip),
        "end-of-day": Sample(_day()),
    }


def _day() -> EndOfDayList:
    people = ("Nguyễn Thị Sáu", "Trần Văn Tư", "Phạm Thị Khế", "Danh Sà Rây")
    rows = []
    for index, name in enumerate(people):
        number = _number(148 + index)
        at = _at(9, 12 + 9 * index)
        claim = replace(
            claim_of(number, at, TWO_MONTHS),
            leases=(lease_tag(LeaseId(f"lease-{index}a")), lease_tag(LeaseId(f"lease-{index}b"))),
        )
        rows.append(DayRow(number, at, name, claim.total, encode_claim(claim, SAMPLE_KEY.sign)))
    return EndOfDayList(replace(_origin(191), at=_at(16, 45)), tuple(rows))


SAMPLES: Mapping[str, Sample] = {**_payouts(), **_undone(), **_slips(), **_drawer()}
"""By the names that ``tannha receipt --list`` prints."""
