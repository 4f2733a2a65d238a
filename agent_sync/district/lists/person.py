"""Judges one row of a person: the lines it gives, why they wait, or what is wrong with it.

Everything that can be said against a row is said at once, so that the commune mends it in one go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from agent_sync.district.lists.cells import CellKind
from agent_sync.district.lists.columns import MONEY, Column
from agent_sync.district.lists.dates import Birth, join_parts, read_birth
from agent_sync.district.lists.dues import Due, Sums, read_dues
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from agent_sync.district.lists.header import Header
from agent_sync.district.lists.numbers import IdNumber, read_number, sex_and_year
from agent_sync.district.lists.people import (
    MAX_NOTE,
    Name,
    note_reasons,
    read_method,
    read_name,
    read_payee,
    read_phone,
    read_programme,
    read_sex,
    same_name,
)
from agent_sync.district.lists.periods import MonthRef
from agent_sync.district.lists.rows import Texts, hamlet_in
from agent_sync.district.lists.verdicts import HeldLine, Line, ListedPayee, RowError
from agent_sync.district.lists.words import BLANK, Reader, Reading
from kiosk.payout.names import Method, Period, Programme, Role, Sex

MAX_TEXT: Final = 300
OLD_ENOUGH: Final = 70
"""Youngest age at which the social pension can be due (75, or 70 for poor households)."""
OLDEST: Final = 115
_LONG: Final = (Column.HAMLET, Column.ADDRESS, Column.HOUSEHOLD, Column.ACCOUNT, Column.BANK)
_NO_MARK: Final = frozenset(("", "-", "–", "0", "không", "k"))


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a row: its sheet, the heading above it, and what the officer asked for."""

    sheet: str
    header: Header
    reader: Reader
    period: Period | None
    programme: Programme | None
    asked: Programme | None
    today: date | None
    hamlet: str = ""
    section: Programme | None = None
    months: tuple[MonthRef, ...] = ()
    """The months that the title names; several mean that a sum may be for all of them."""
    decrease: bool = False
    thousands: bool = False
    swapped: bool = False
    """The sheet's real dates look as if day and month had changed places."""
    inherited: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Texts of cells merged downwards over several people: a household, a hamlet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of a person: what it gives, or what is wrong with it."""

    row: int
    hidden: bool
    errors: tuple[RowError, ...]
    lines: tuple[HeldLine, ...]
    """Every line with the reasons against it; without reasons it may be paid."""


@dataclass(slots=True)
class _Gathered:
    errors: list[ErrorKind] = field(default_factory=list)
    reasons: list[HeldReason] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)


def judge_row(texts: Texts, sums: Sums, context: Context) -> Judged:
    """Judge one row."""
    found = _Gathered()
    name = _name(texts, context, found)
    number = _number(texts, context, found)
    birth = _birth(texts, context, found)
    dues, wrong = read_dues(texts, context.header, sums, context.period, context.months)
    found.errors += wrong
    found.errors += _too_long(texts, context)
    if context.thousands:
        found.warnings.append(Warn.THOUSANDS)
    if found.errors or name is None or number is None or birth is None:
        row = texts.row.number
        errors = tuple(RowError(context.sheet, row, kind) for kind in dict.fromkeys(found.errors))
        return Judged(row, texts.row.hidden, errors, ())
    lines = _lines(texts, context, (name, number, birth), dues, found)
    return Judged(texts.row.number, texts.row.hidden, (), tuple(lines))


def _lines(
    texts: Texts, context: Context, who: tuple[Name, IdNumber, Birth], dues: list[Due], found: _Gathered
) -> list[HeldLine]:
    name, number, birth = who
    sex = _sex(texts, context, name, found)
    programme = _programme(texts, context, found)
    method, account = _method(texts, context, found)
    note = _note(texts, context, name, found)
    phone, owner = _phone(texts, context, found)
    payees = _payees(texts, context, name, number, found)
    _compare(number, birth, sex, found)
    _age(birth, programme, context, found)
    _situation(texts, context, found)
    address = _context_text(texts, context, Column.ADDRESS)
    out: list[HeldLine] = []
    for index, due in enumerate(dues):
        line = Line(
            line=f"{context.sheet}!{texts.row.number}" + (f"#{index + 1}" if index else ""),
            sheet=context.sheet,
            row=texts.row.number,
            id_number=number.number,
            full_name=name.full,
            programme=programme,
            period=due.period,
            kind=due.kind,
            amount=due.amount,
            date_of_birth=birth.day,
            birth_year=birth.year,
            sex=sex,
            method=method,
            account=account,
            bank=_context_text(texts, context, Column.BANK),
            hamlet=_context_text(texts, context, Column.HAMLET) or hamlet_in(address) or context.hamlet,
            address=address,
            household=_context_text(texts, context, Column.HOUSEHOLD),
            phone=phone,
            phone_owner=owner,
            payees=payees,
            note=note,
            warnings=tuple(dict.fromkeys((*found.warnings, *due.warnings))),
            id_as_written=number.as_written[:40],
            id_proposed=number.proposed,
        )
        out.append(HeldLine(line, tuple(dict.fromkeys((*found.reasons, *due.reasons)))))
    return out


def _reading(texts: Texts, context: Context, column: Column) -> Reading:
    heading = context.header.first(column)
    return context.reader.read(texts.row.cells.get(heading.index)) if heading else BLANK


def _context_text(texts: Texts, context: Context, column: Column) -> str:
    """A text of the row, or of the cell that is merged down over it."""
    heading = context.header.first(column)
    if heading is None:
        return ""
    own = texts.by_column.get(heading.index, "")
    return own or context.inherited.get((texts.row.number, heading.index), "")


def _too_long(texts: Texts, context: Context) -> list[ErrorKind]:
    too_long = any(len(texts.of(context.header, column)) > MAX_TEXT for column in _LONG)
    return [ErrorKind.TEXT_TOO_LONG] if too_long else []


def _name(texts: Texts, context: Context, found: _Gathered) -> Name | None:
    columns = context.header.all(Column.FAMILY_NAME, Column.NAME, Column.GIVEN_NAME)
    if context.header.first(Column.FAMILY_NAME) is None and context.header.first(Column.NAME) is not None:
        columns = tuple(h for h in columns if h.column is Column.NAME or h.title == columns[0].title)
    cells = [texts.row.cells.get(h.index) for h in columns]
    if any(cell is not None and cell.kind in (CellKind.ERROR, CellKind.NO_VALUE) for cell in cells):
        found.errors.append(ErrorKind.CELL_ERROR)
        return None
    readings = [context.reader.read(cell) for cell in cells]
    warnings = tuple(dict.fromkeys(w for r in readings for w in r.warnings))
    text = " ".join(r.text for r in readings if r.text)
    if not text:
        found.errors.append(ErrorKind.NAME_MISSING)
        return None
    name = read_name(Reading(text, warnings, any(r.unsure for r in readings)))
    if isinstance(name, ErrorKind):
        found.errors.append(name)
        return None
    found.reasons += name.reasons
    found.warnings += name.warnings
    return name


def _number(texts: Texts, context: Context, found: _Gathered) -> IdNumber | None:
    read = _read_column(texts, context, Column.ID)
    if isinstance(read, IdNumber) and read.number is None and not read.as_written:
        old = _read_column(texts, context, Column.OLD_ID)
        read = old if isinstance(old, IdNumber) else read
    if isinstance(read, ErrorKind):
        found.errors.append(read)
        return None
    found.reasons += read.reasons
    found.warnings += read.warnings
    return read


def _read_column(texts: Texts, context: Context, column: Column) -> IdNumber | ErrorKind:
    heading = context.header.first(column)
    cell = texts.row.cells.get(heading.index) if heading else None
    return read_number(cell, texts.by_column.get(heading.index, "") if heading else "")


def _birth(texts: Texts, context: Context, found: _Gathered) -> Birth | None:
    birth = _read_birth(texts, context)
    if isinstance(birth, ErrorKind):
        found.errors.append(birth)
        return None
    found.warnings += birth.warnings
    return birth


def _read_birth(texts: Texts, context: Context) -> Birth | ErrorKind:
    header = context.header
    if header.first(Column.BIRTH_YEAR) is not None and header.first(Column.BIRTH_DAY) is not None:
        day, month, year = (texts.of(header, c) for c in (Column.BIRTH_DAY, Column.BIRTH_MONTH, Column.BIRTH_YEAR))
        return join_parts(day, month, year, context.today)
    for heading in header.all(Column.BIRTH, Column.BIRTH_MALE, Column.BIRTH_FEMALE, Column.BIRTH_YEAR):
        text = texts.by_column.get(heading.index, "")
        cell = texts.row.cells.get(heading.index)
        if cell is not None and text.lower() != "x":
            birth = read_birth(cell, text, context.today)
            if isinstance(birth, Birth) and context.swapped and cell.kind is CellKind.DATE:
                return Birth(birth.day, birth.year, (Warn.DAY_MONTH_SWAPPED,))
            return birth
    return Birth(warnings=(Warn.BIRTH_MISSING,))


def _sex(texts: Texts, context: Context, name: Name, found: _Gathered) -> Sex | None:
    text = texts.of(context.header, Column.SEX)
    if text:
        sex = read_sex(text)
        if sex is None:
            found.warnings.append(Warn.SEX_UNREADABLE)
        return sex
    marked = [
        sex
        for columns, sex in (
            ((Column.SEX_MALE, Column.BIRTH_MALE), Sex.MALE),
            ((Column.SEX_FEMALE, Column.BIRTH_FEMALE), Sex.FEMALE),
        )
        if any(texts.of(context.header, c).lower() not in _NO_MARK for c in columns)
    ]
    return marked[0] if len(marked) == 1 else name.sex


def _programme(texts: Texts, context: Context, found: _Gathered) -> Programme | None:
    own = read_programme(_context_text(texts, context, Column.PROGRAMME), context.programme) or context.section
    if own is not None and context.asked is not None and own is not context.asked:
        found.reasons.append(HeldReason.PROGRAMME_DIFFERS)
    return own or context.programme


def _method(texts: Texts, context: Context, found: _Gathered) -> tuple[Method, str]:
    account = re.sub(r"[\s.\-]+", "", texts.of(context.header, Column.ACCOUNT))
    account = account if any(c.isdigit() for c in account) else ""
    chosen = _chosen_methods(texts, context)
    if len(chosen) > 1 or None in chosen:
        found.reasons.append(HeldReason.METHOD_UNKNOWN)
        return Method.CASH, account
    if not chosen:
        if account:
            found.warnings.append(Warn.METHOD_FROM_ACCOUNT)
        return (Method.BANK if account else Method.CASH), account
    method = chosen.pop() or Method.CASH
    if method is Method.BANK and not account:
        found.warnings.append(Warn.ACCOUNT_MISSING)
    return method, account


def _chosen_methods(texts: Texts, context: Context) -> set[Method | None]:
    chosen: set[Method | None] = set()
    text = _context_text(texts, context, Column.METHOD)
    if text and text not in _NO_MARK:
        chosen.add(read_method(text))
    marks = {
        Column.METHOD_CASH: Method.CASH,
        Column.METHOD_BANK: Method.BANK,
        Column.METHOD_WALLET: Method.WALLET,
    }
    sums = context.header.all(Column.AMOUNT)
    for heading in sums if len(sums) > 1 else ():
        own = read_method(heading.title)
        if own is not None and texts.by_column.get(heading.index, "").lower() not in _NO_MARK:
            chosen.add(own)
    for column, method in marks.items():
        if texts.of(context.header, column).lower() not in _NO_MARK:
            chosen.add(method)
    return chosen


def _note(texts: Texts, context: Context, name: Name, found: _Gathered) -> str:
    note = "; ".join(part for part in (texts.of(context.header, Column.NOTE), name.aside) if part)
    found.reasons += note_reasons(note)
    if HeldReason.NAME_SAYS_DECEASED in found.reasons and HeldReason.NOTE_SAYS_DECEASED in found.reasons:
        found.reasons.remove(HeldReason.NOTE_SAYS_DECEASED)
    return note[:MAX_NOTE]


def _phone(texts: Texts, context: Context, found: _Gathered) -> tuple[str, str]:
    text = _context_text(texts, context, Column.PHONE)
    if not text or text in _NO_MARK:
        return "", ""
    phone, owner = read_phone(text)
    if not phone:
        found.warnings.append(Warn.PHONE_UNREADABLE)
    return phone, owner


def _payees(texts: Texts, context: Context, name: Name, number: IdNumber, found: _Gathered) -> tuple[ListedPayee, ...]:
    pairs = (
        (Role.ALTERNATE, Column.ALTERNATE, Column.ALTERNATE_ID),
        (Role.GUARDIAN, Column.GUARDIAN, Column.GUARDIAN_ID),
        (Role.RELATIVE_OF_DECEASED, Column.RELATIVE, Column.RELATIVE_ID),
    )
    payees: list[ListedPayee] = []
    for role, who, which in pairs:
        reading = _reading(texts, context, who)
        if not reading.text:
            continue
        heading = context.header.first(which)
        cell = texts.row.cells.get(heading.index) if heading else None
        payee, warnings = read_payee(role, reading, cell, texts.by_column.get(heading.index, "") if heading else "")
        if payee is None:
            continue
        if _is_recipient(payee, name, number):
            found.warnings.append(Warn.PAYEE_IS_RECIPIENT)
            continue
        found.warnings += warnings
        payees.append(payee)
    return tuple(payees)


def _is_recipient(payee: ListedPayee, name: Name, number: IdNumber) -> bool:
    if payee.id_number is not None:
        return payee.id_number == number.number
    return same_name(payee.full_name, name.full)


def _compare(number: IdNumber, birth: Birth, sex: Sex | None, found: _Gathered) -> None:
    """The number says a sex and a year; another one in the row is shown, not judged: old papers err."""
    if number.number is None:
        return
    number_sex, year = sex_and_year(number.number)
    if birth.year is not None and birth.year != year:
        found.warnings.append(Warn.BIRTH_DIFFERS_FROM_ID)
    if sex is not None and sex is not number_sex:
        found.warnings.append(Warn.SEX_DIFFERS_FROM_ID)


def _age(birth: Birth, programme: Programme | None, context: Context, found: _Gathered) -> None:
    year = context.period.year if context.period else context.today.year if context.today else None
    if birth.year is None or year is None:
        return
    age = year - birth.year
    too_young = programme is Programme.SOCIAL_PENSION and age < OLD_ENOUGH
    if too_young or age > OLDEST:
        found.warnings.append(Warn.AGE_UNUSUAL)


def _situation(texts: Texts, context: Context, found: _Gathered) -> None:
    if texts.row.hidden:
        found.reasons.append(HeldReason.HIDDEN_ROW)
    if any(_is_struck(texts, context, column) for column in (Column.NAME, Column.ID, *MONEY)):
        found.reasons.append(HeldReason.STRUCK_THROUGH)
    if context.decrease:
        found.reasons.append(HeldReason.DECREASE_SECTION)


def _is_struck(texts: Texts, context: Context, column: Column) -> bool:
    """Offices strike out those who died and leave the row."""
    cells = (texts.row.cells.get(heading.index) for heading in context.header.all(column))
    return any(cell is not None and cell.struck for cell in cells)
