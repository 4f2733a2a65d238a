"""What stands on each paper. Read as the words that are laid out, before they are dots."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import pytest

from hardware.printer.layout import Amount, Banner, Block, Qr, Row, SignBox, Strokes, Text
from hardware.printer.paper import PAPER_58, PAPER_80
from hardware.printer.state import PrinterState
from hardware.printer.text import TextFlag
from kiosk.paper import blocks_for, page_for, words
from kiosk.paper.samples import SAMPLES, scribble
from kiosk.payout import receipt as r
from kiosk.payout.names import (
    CannotSign,
    Kind,
    Level,
    Mode,
    Period,
    Programme,
    ReversalReason,
    Role,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
    WitnessKind,
)
from kiosk.payout.statements import PayWay

CATALOGUES: list[tuple[type[StrEnum], dict[StrEnum, object]]] = [
    (Programme, dict(words.PROGRAMME)),
    (Kind, dict(words.SHARE)),
    (Role, dict(words.ROLE)),
    (Level, dict(words.LEVEL)),
    (WitnessKind, dict(words.WITNESS)),
    (CannotSign, dict(words.CANNOT_SIGN)),
    (VoidReason, dict(words.VOID)),
    (ReversalReason, dict(words.REVERSAL)),
    (PayWay, dict(words.PAY_WAY)),
    (VarianceReason, dict(words.VARIANCE)),
    (r.HandoverKind, dict(words.HANDOVER)),
    (r.MissingPaper, dict(words.MISSING)),
    (PrinterState, dict(words.PRINTER)),
]


@pytest.mark.parametrize(("kind", "catalogue"), CATALOGUES, ids=[kind.__name__ for kind, _ in CATALOGUES])
def test_every_closed_word_has_a_phrase_of_its_own(kind: type[StrEnum], catalogue: dict[StrEnum, object]) -> None:
    assert set(catalogue) == set(kind)
    assert len(set(catalogue.values())) == len(catalogue)
    assert all(catalogue.values())


def said(blocks: tuple[Block, ...]) -> str:
    """All the words of a paper, one block a line."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Text(text) | Banner(text):
                lines.append(text)
            case Row(left, right):
                lines.append(f"{left} | {right}")
            case Amount(figures):
                lines.append(figures)
            case SignBox(label, name):
                lines.append(f"[{label} {name}]")
            case Qr(_, beside):
                lines += [text.text for text in beside]
            case _:
                pass
    return "\n".join(lines)


def paper(name: str) -> str:
    return said(blocks_for(SAMPLES[name].document, SAMPLES[name].signature))


T = TypeVar("T")


def the(kind: type[T], name: str) -> T:
    document = SAMPLES[name].document
    assert isinstance(document, kind)
    return document


MUST_SAY = [
    "PHIẾU NHẬN TIỀN",
    "Nguyễn Thị Sáu",
    "Trợ cấp hưu trí xã hội",
    "Truy lĩnh 10/2026 | 625.000",
    "Tháng 11/2026 | 625.000",
    "1.250.000 đ",
    "Một triệu hai trăm năm mươi nghìn đồng",
    "KHÔNG THU PHÍ",
    "09:12 ngày 22/11/2026",
    "Ấp 3, xã Tân Thuận",
    "Lê Văn Bình",
    "Máy: KIT03",
    "KIT03-1-148",
    "mức A",
    "chip đã ký",
    "1900 0000",
]


@pytest.mark.parametrize("phrase", MUST_SAY)
def test_a_receipt_says(phrase: str) -> None:
    assert phrase in paper("payout")


def test_a_receipt_carries_its_claim_and_its_signature() -> None:
    sample = SAMPLES["payout"]
    blocks = blocks_for(sample.document, sample.signature)
    assert [block.data for block in blocks if isinstance(block, Qr)] == [the(r.PayoutReceipt, "payout").claim]
    assert [block for block in blocks if isinstance(block, Strokes)] == [scribble(1)]


def test_one_who_receives_for_another_is_named_with_the_role() -> None:
    text = paper("payout-alternate")
    assert "Người được ủy quyền nhận\nTrần Thị Lan" in text
    assert "mức B" in text
    assert "theo máy ghi" in text
    assert "Người được ủy quyền" not in paper("payout")


def test_who_cannot_sign_presses_a_finger_on_the_agents_copy_only() -> None:
    own, agents = paper("payout-ink"), paper("payout-agent-copy")
    assert "[Điểm chỉ (tay run): Phạm Thị Khế]" in agents
    assert "[Người làm chứng ký: Võ Văn Hai]" in agents
    assert "LIÊN BƯU ĐIỆN GIỮ" in agents
    assert "Điểm chỉ trên liên bưu điện giữ: tay run" in own
    assert "[" not in own


def test_a_reprint_has_the_same_number_and_says_which_print_it_is() -> None:
    again = paper("payout-reprint")
    assert "BẢN IN LẠI 1" in again
    assert "KIT03-1-148" in again
    assert "BẢN IN LẠI" not in paper("payout")


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_paper_in_practice_is_marked_at_both_ends(name: str) -> None:
    document = SAMPLES[name].document
    practice = replace(document, origin=replace(document.origin, mode=Mode.PRACTICE))
    blocks = blocks_for(practice)
    marks = [i for i, block in enumerate(blocks) if block == Banner(words.PRACTICE)]
    assert len(marks) == 2
    assert marks[-1] == len(blocks) - 1
    assert marks[0] <= 1
    sums = [i for i, block in enumerate(blocks) if isinstance(block, Amount)]
    if sums and name not in ("lease-release", "test-page"):
        assert words.PRACTICE in said(blocks[sums[0] : sums[0] + 2])
    assert words.PRACTICE not in said(blocks_for(document)) or name == "payout-practice"


def test_a_simulated_card_in_production_is_named() -> None:
    paid = the(r.PayoutReceipt, "payout")
    text = said(blocks_for(replace(paid, origin=replace(paid.origin, simulated=True))))
    assert text.count(words.SIMULATED) == 2


NOT_PAID = ["void", "declined", "disputed"]


@pytest.mark.parametrize("name", NOT_PAID)
def test_a_paper_without_money_says_so_in_the_largest_letters(name: str) -> None:
    blocks = blocks_for(SAMPLES[name].document)
    assert Banner("CHƯA TRẢ TIỀN") in blocks
    assert "còn nguyên" in said(blocks)


SAYS = [
    ("reversal", "Phiếu bị hủy: KIT03-1-148"),
    ("reversal", "[Người thứ hai ký: Đỗ Thị Hoa]"),
    ("disputed", "Người hưởng chưa đồng ý số tiền"),
    ("guidance", "1. Thẻ căn cước còn hạn"),
    ("guidance", "2. Giấy ủy quyền nhận thay"),
    ("guidance", "KHÔNG THU PHÍ"),
    ("method", "Số tài khoản: ... 0042"),
    ("method", "vẫn nhận như cũ"),
    ("lease-release", "4820 1937 5560"),
    ("lease-release", "KIOSK-TT1"),
    ("lease-release", "17:00 ngày 27/11/2026"),
    ("cash-report", "Phải còn | 12.350.000 đ"),
    ("cash-report", "500.000 x 12 | 6.000.000"),
    ("cash-report", "QUỸ KHỚP"),
    ("cash-report-short", "THIẾU 50.000 đ"),
    ("cash-report-short", "thối tiền nhầm"),
    ("handover", "[Người giao ký: Đỗ Thị Hoa]"),
    ("handover", "[Người nhận ký: Lê Văn Bình]"),
    ("handover", "Ba mươi triệu đồng"),
    ("end-of-day", "Cộng 4 lượt | 5.000.000 đ"),
    ("end-of-day", "09:39  KIT03-1-151"),
]


@pytest.mark.parametrize(("name", "phrase"), SAYS)
def test_each_slip_says(name: str, phrase: str) -> None:
    assert phrase in paper(name)


def test_too_much_cash_is_named_as_well() -> None:
    report = the(r.CashReport, "cash-report")
    text = said(blocks_for(replace(report, opening=Vnd(29_900_000))))
    assert "THỪA 100.000 đ" in text


def test_every_row_of_the_day_has_its_own_code() -> None:
    day = the(r.EndOfDayList, "end-of-day")
    codes = [block.data for block in blocks_for(day) if isinstance(block, Qr)]
    assert codes == [row.claim for row in day.rows]
    assert len(set(codes)) == 4


def test_a_full_day_of_a_pay_point_fits_one_roll() -> None:
    day = the(r.EndOfDayList, "end-of-day")
    rows = tuple(day.rows[i % 4] for i in range(r.MAX_DAY_ROWS))
    page = page_for(replace(day, rows=rows), PAPER_80)
    assert 9_000 < page.rows * 25.4 / 203 < 12_000


def test_dirty_names_are_cleaned_and_the_paper_says_so() -> None:
    paid = the(r.PayoutReceipt, "payout")
    page = page_for(replace(paid, recipient_name="Sáu\u202e\x1b@"), PAPER_58)
    assert page.flags == {TextFlag.BIDI, TextFlag.CONTROL}
    clean = page_for(replace(paid, recipient_name="Sáu@"), PAPER_58)
    assert page.rows > clean.rows


def test_the_hour_is_vietnams_whatever_the_machine_is_set_to() -> None:
    assert words.moment(UnixSeconds(1_795_313_520)) == "09:12 ngày 22/11/2026"
    assert words.day(UnixSeconds(1_795_280_400 - 1)) == "21/11/2026"
    assert words.day(UnixSeconds(1_795_280_400)) == "22/11/2026"


def test_months_and_shares() -> None:
    assert words.month(Period(2026, 9)) == "tháng 9/2026"
    assert words.share(Kind.FUNERAL, Period(2026, 9)) == "Mai táng phí 9/2026"
