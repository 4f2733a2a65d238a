"""What an import says: lines that may be paid, lines that wait, and what goes back.

Money leaves by these lines, so a row is payable only when nothing was found against it; what a
person must decide is held, what the commune must mend is an error, and nothing is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from agent_sync.district.lists.findings import (
    UNREADABLE,
    ErrorKind,
    FileErrorKind,
    HeldReason,
    NoticeKind,
    Outcome,
    Warn,
)
from agent_sync.district.lists.messages import sentence
from kiosk.payout.names import CitizenNumber, Kind, Method, Period, Programme, Role, Sex, Vnd


@dataclass(frozen=True, slots=True)
class FileError:
    """One reason to refuse the file; sheet and row where one can be pointed at (row 1-based)."""

    kind: FileErrorKind
    detail: str = ""
    sheet: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know about the file."""

    kind: NoticeKind
    detail: str = ""
    sheet: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one row (1-based, as the spreadsheet shows it)."""

    sheet: str
    row: int
    kind: ErrorKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ListedPayee:
    """Someone the list names to receive for the recipient. Without a number nobody can match them."""

    role: Role
    full_name: str
    id_number: CitizenNumber | None = None

    def to_json(self) -> dict[str, str | None]:
        """Role, name and number."""
        return {"role": self.role.value, "full_name": self.full_name, "id_number": self.id_number}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> ListedPayee:
        """The payee again."""
        return cls(Role(plain["role"]), plain["full_name"], plain["id_number"])


@dataclass(frozen=True, slots=True)
class Line:
    """One entitlement as a list states it: one person, programme, origin period, kind and sum."""

    line: str
    """Stable id ``sheet!row``, with ``#2``, ``#3`` for further entitlements of the same row."""
    sheet: str
    row: int
    id_number: CitizenNumber | None
    full_name: str
    programme: Programme | None
    period: Period | None
    kind: Kind
    amount: Vnd
    date_of_birth: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    method: Method = Method.CASH
    account: str = ""
    bank: str = ""
    hamlet: str = ""
    address: str = ""
    household: str = ""
    phone: str = ""
    phone_owner: str = ""
    """Whose telephone it is, as the list says: families share them."""
    payees: tuple[ListedPayee, ...] = ()
    note: str = ""
    warnings: tuple[Warn, ...] = ()
    id_as_written: str = ""
    id_proposed: CitizenNumber | None = None
    """For a held line: the number that the written one may stand for."""

    def to_json(self) -> dict[str, Any]:
        """The line with plain values; unknown ones are null."""
        return {
            "line": self.line,
            "sheet": self.sheet,
            "row": self.row,
            "id_number": self.id_number,
            "full_name": self.full_name,
            "date_of_birth": self.date_of_birth.isoformat() if self.date_of_birth else None,
            "birth_year": self.birth_year,
            "sex": _text(self.sex),
            "programme": _text(self.programme),
            "period": _text(self.period),
            "kind": self.kind.value,
            "amount_vnd": int(self.amount),
            "method": self.method.value,
            "account": self.account,
            "bank": self.bank,
            "hamlet": self.hamlet,
            "address": self.address,
            "household": self.household,
            "phone": self.phone,
            "phone_owner": self.phone_owner,
            "payees": [payee.to_json() for payee in self.payees],
            "note": self.note,
            "warnings": [warning.value for warning in self.warnings],
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Line:
        """The line again, from what ``to_json`` made of it; keys that it does not know are left alone."""
        born = plain["date_of_birth"]
        return cls(
            **{name: plain[name] for name in _AS_WRITTEN},
            id_number=plain["id_number"],
            programme=None if plain["programme"] is None else Programme(plain["programme"]),
            period=None if plain["period"] is None else Period.parse(plain["period"]),
            kind=Kind(plain["kind"]),
            amount=Vnd(plain["amount_vnd"]),
            date_of_birth=None if born is None else date.fromisoformat(born),
            birth_year=plain["birth_year"],
            sex=None if plain["sex"] is None else Sex(plain["sex"]),
            method=Method(plain["method"]),
            payees=tuple(ListedPayee.from_json(each) for each in plain["payees"]),
            warnings=tuple(Warn(each) for each in plain["warnings"]),
        )


_AS_WRITTEN = (
    "line", "sheet", "row", "full_name", "account", "bank", "hamlet", "address", "household", "phone", "phone_owner",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that waits, and every reason why."""

    line: Line
    reasons: tuple[HeldReason, ...]

    def to_json(self, language: str = "vi") -> dict[str, Any]:
        """The line with the reasons, as words for programs and as sentences for people."""
        return {
            **self.line.to_json(),
            "id_as_written": self.line.id_as_written,
            "id_proposed": self.line.id_proposed,
            "reasons": [reason.value for reason in self.reasons],
            "messages": [sentence(reason, language=language) for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Everything one pay-list file says. ``lines`` may be paid, ``held`` waits, ``errors`` goes back."""

    lines: tuple[Line, ...] = ()
    held: tuple[HeldLine, ...] = ()
    errors: tuple[RowError, ...] = ()
    file_errors: tuple[FileError, ...] = ()
    notices: tuple[Notice, ...] = ()
    period: Period | None = None
    programme: Programme | None = None
    commune: str = ""
    """Which commune the title names; blank when none or several."""

    @property
    def outcome(self) -> Outcome:
        """REFUSE exactly when a file error was found."""
        return Outcome.REFUSE if self.file_errors else Outcome.IMPORT

    @property
    def total(self) -> Vnd:
        """Sum of the payable lines in đồng."""
        return Vnd(sum(line.amount for line in self.lines))

    @property
    def held_total(self) -> Vnd:
        """Sum of the held lines in đồng."""
        return Vnd(sum(held.line.amount for held in self.held))

    @property
    def exit_code(self) -> int:
        """0 imported or importable, 1 a check of the list failed, 2 the file or the question is no good."""
        kinds = {error.kind for error in self.file_errors}
        return 2 if kinds & UNREADABLE else 1 if kinds else 0

    def to_json(self, language: str = "vi") -> dict[str, Any]:
        """The answer of ``tannha-district import-list --json`` (plan §8), with sentences in one language."""
        return {
            "outcome": self.outcome.value,
            "period": _text(self.period),
            "programme": _text(self.programme),
            "commune": self.commune,
            "lines": [line.to_json() for line in self.lines],
            "held": [held.to_json(language) for held in self.held],
            "total_vnd": int(self.total),
            "held_total_vnd": int(self.held_total),
            "errors": [_finding(error, language) for error in self.errors],
            "file_errors": [_finding(error, language) for error in self.file_errors],
            "notices": [_finding(notice, language) for notice in self.notices],
        }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _finding(finding: FileError | Notice | RowError, language: str) -> dict[str, Any]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "kind": finding.kind.value,
        "message": sentence(finding.kind, finding.detail, language),
        "detail": finding.detail,
    }
