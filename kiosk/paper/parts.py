"""Pieces that several papers share: head, lines, foot, people who sign."""

from __future__ import annotations

from hardware.printer.layout import (
    Amount,
    Banner,
    Block,
    Line,
    Qr,
    Row,
    Rule,
    SignBox,
    Size,
    Space,
    Text,
    heading,
)
from kiosk.numerals import grouped, in_figures, in_words
from kiosk.paper import words
from kiosk.payout.cash import Notes
from kiosk.payout.names import Mode, Vnd
from kiosk.payout.receipt import Origin, ReceiptLine


def head(origin: Origin, title: str) -> tuple[Block, ...]:
    """Marks that a paper is not worth money, who pays, and the title."""
    return (
        *practice(origin),
        *((Banner(f"{words.REPRINT} {origin.reprint}"),) if origin.reprint else ()),
        Text(origin.area, Size.SMALL, bold=True),
        heading(title),
        Space(8),
    )


def practice(origin: Origin) -> tuple[Block, ...]:
    """Across the paper in practice; a simulated card is named wherever it turns up (M8)."""
    if origin.mode is Mode.PRACTICE:
        return (Banner(words.PRACTICE), Space(8))
    return (Banner(words.SIMULATED), Space(8)) if origin.simulated else ()


def person(label: str, name: str) -> tuple[Block, ...]:
    """A small label and the name in large letters."""
    return (Text(label, Size.SMALL), Text(name, Size.LARGE, bold=True))


def entitlement_rows(lines: tuple[ReceiptLine, ...]) -> tuple[Block, ...]:
    """One row a month and programme; the programme's name once for a run of its lines."""
    rows: list[Block] = []
    last = None
    for line in lines:
        if line.programme is not last:
            rows.append(Text(words.PROGRAMME[line.programme]))
        last = line.programme
        named = words.share(line.kind, line.period)
        rows.append(Row(named, grouped(line.amount), Size.BODY, bold=True))
        if line.rounding:
            rows.append(Text(words.rounded(line.rounding), Size.SMALL))
    return tuple(rows)


def total(origin: Origin, amount: Vnd) -> tuple[Block, ...]:
    """The sum in figures as large as fits, and in words; in practice never without saying so."""
    mark = Text(words.PRACTICE, Size.SMALL, bold=True, fit=True)
    return (
        Amount(in_figures(amount)),
        *((mark,) if origin.mode is Mode.PRACTICE else ()),
        Text(in_words(amount), Size.LARGE, bold=True),
    )


def facts(*pairs: tuple[str, str]) -> tuple[Block, ...]:
    """Small ``label: value`` lines; a pair without a value is left out."""
    return tuple(Text(f"{label}: {value}", Size.SMALL) for label, value in pairs if value)


def provenance(origin: Origin) -> tuple[Block, ...]:
    """When, where, who, with which device."""
    return facts(
        ("Lúc", words.moment(origin.at)),
        ("Tại", origin.place),
        ("Nhân viên", origin.agent),
        ("Máy", str(origin.device)),
        ("Số phiếu", "" if origin.number is None else str(origin.number)),
    )


def foot(origin: Origin, claim: bytes = b"") -> tuple[Block, ...]:
    """Where to complain, the code that proves the paper, and in practice the bar once more.

    Nothing stands beside the code: alone on its rows a printer draws it from a quarter of the bytes.
    """
    call = Text(f"{words.COMPLAINTS} {origin.complaint_phone}", bold=True, fit=True)
    calls = (Space(10), call) if origin.complaint_phone else ()
    proof = (Space(5), Text(words.SCAN, Size.SMALL), Qr(claim)) if claim else ()
    closing = (Space(8), Banner(words.PRACTICE)) if origin.mode is Mode.PRACTICE else ()
    return (*calls, *proof, *closing)


def notes_table(notes: Notes) -> tuple[Block, ...]:
    """Banknotes by denomination: ``500.000 x 12 = 6.000.000``."""
    rows = [Row(f"{grouped(note)} x {count}", grouped(note * count)) for note, count in notes.items()]
    return (*rows, Rule(Line.DASHED), Row("Cộng", in_figures(notes.amount), Size.BODY, bold=True))


def signatures(*people: tuple[str, str]) -> tuple[Block, ...]:
    """An empty frame for each person who signs with a pen."""
    boxes = [(Space(10), SignBox(f"{label} ký:", name, 140)) for label, name in people]
    return tuple(block for pair in boxes for block in pair)
