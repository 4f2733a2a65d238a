"""Says what each row below a header is: a person, a sum, a hamlet's heading, a signature.

Two mistakes are guarded against: a row that pays nobody must not become a person, and a person must
not vanish because the name looks like a heading. Tống and Công are surnames; "Tổng" and "Cộng" are
not, and a row that carries a citizen number is a person whatever its words say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agent_sync.district.lists.amounts import is_nothing
from agent_sync.district.lists.cells import Cell, CellKind, Row
from agent_sync.district.lists.columns import MONEY, Column
from agent_sync.district.lists.header import Header, is_numbering
from agent_sync.district.lists.people import read_programme
from agent_sync.district.lists.words import Reader, fold


class RowKind(StrEnum):
    """What a row is."""

    PERSON = "person"
    TOTAL = "total"
    GROUP = "group"
    SIGNATURE = "signature"
    FURNITURE = "furniture"
    """The numbering of the columns."""
    LOOSE = "loose"
    """Words that belong to no row of the list."""


_PLACE: Final = r"(ap|thon|khom|khu pho|kp|to dan pho|tdp|to|ban|buon|lang|xom|khoi|soc|phum|khu)"
_COMMUNE: Final = r"(xa|phuong|thi tran|dac khu)"
_NUMERAL: Final = r"(?:[ivxlc]{1,5}|[a-h]|\d{1,2})"
_TOTAL_TAIL: Final = (
    rf"(cong|so|tien|so tien|so nguoi|nguoi|doi tuong|ho|so ho|{_PLACE}|{_COMMUNE}|trang|toan|danh sach|bang chu|"
    r"viet bang|mang sang|chuyen|luy ke|nhom|muc|phan|[0-9]|ca|chung|kinh phi|huong|chi|theo|[ivx]+$|[a-h]$)"
)
_TOTAL: Final = re.compile(
    rf"^(?:{_NUMERAL} )?(?:(?:tong cong|tong so|tong|cong|cong don|mang sang|luy ke|an dinh|"
    rf"danh sach (?:nay )?(?:co|gom))"
    rf"(?:$| {_TOTAL_TAIL})|(?:(?:tong )?(?:so )?tien )?(?:\(?(?:viet )?bang chu)\b)"
)
_ROMAN: Final = re.compile(r"(?:[IVXLC]+|[A-H])[.)]?")
_SURNAME: Final = re.compile(r"^(tống|công|cống|tòng|tông|cồng)\b", re.IGNORECASE)
_HAMLET: Final = re.compile(rf"^(?:{_NUMERAL} )?{_PLACE}\b(?! (?:truong|pho|quan ly|bo))")
_COMMUNE_ROW: Final = re.compile(rf"^(?:{_NUMERAL} )?{_COMMUNE}\b")
_SECTION: Final = re.compile(r"^(?:[ivxlc]{1,5}|[a-h]) \S")
_DECREASE: Final = re.compile(r"\b(giam|cat giam|thoi huong|dung huong|tu tran|da mat|dung chi|ngung huong)\b")
_SIGNATURE: Final = re.compile(
    r"^(nguoi lap|lap bieu|lap bang|nguoi chi|nguoi giao|nguoi nhan|can bo|cong chuc|ke toan|thu quy|thu truong|"
    r"chu tich|pho chu tich|tm |kt |tl |ubnd|uy ban nhan dan|giam doc|buu dien|buu cuc|dai dien|xac nhan|truong|"
    r"noi nhan|ky ten|ky ghi ro|ky ho ten|da ky|duyet|kiem soat|ngay \d* ?thang|.*\bngay \d{0,2} ?thang \d{0,2} ?nam)"
)
_HAMLET_NAME: Final = (
    r"(?:ấp|thôn|khóm|khu phố|KP\.?|tổ dân phố|TDP|tổ|bản|buôn|làng|xóm|khối|sóc|phum|ap|thon|khom|to|ban|xom)"
    r"\s+[^,;:()\-–]{1,40}"
)
_HAMLET_INSIDE: Final = re.compile(rf"(?:^|[\s,;.])({_HAMLET_NAME})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Texts:
    """A row with its cleaned texts by column."""

    row: Row
    by_column: Mapping[int, str]

    def of(self, header: Header, column: Column) -> str:
        """The text of the first column of this meaning."""
        heading = header.first(column)
        return self.by_column.get(heading.index, "") if heading else ""

    @property
    def label(self) -> str:
        """The first words of the row that are more than a number."""
        return next((text for _, text in sorted(self.by_column.items()) if has_words(text)), "")


def has_words(text: str) -> bool:
    """Whether a text is more than a number, Arabic or Roman."""
    return bool(re.search(r"[^\W\d_]{2}", text)) and not _ROMAN.fullmatch(text)


def texts_of(row: Row, reader: Reader) -> Texts:
    """Clean all cells of a row."""
    return Texts(row, {column: reader.text(cell) for column, cell in row.cells.items()})


def classify(texts: Texts, header: Header, reader: Reader) -> RowKind:
    """What the row is."""
    if is_numbering(texts.row, reader):
        return RowKind.FURNITURE
    if _has_number(texts, header):
        return RowKind.PERSON
    label = fold(texts.label)
    if is_total(texts):
        return RowKind.TOTAL
    if _is_group(texts, header, label):
        return RowKind.GROUP
    if _SIGNATURE.match(label):
        return RowKind.SIGNATURE
    return RowKind.PERSON if _is_person(texts, header) else RowKind.LOOSE


def is_total(texts: Texts) -> bool:
    """A row of sums, by its first words."""
    return bool(_TOTAL.match(fold(texts.label))) and not _SURNAME.match(texts.label)


def _has_number(texts: Texts, header: Header) -> bool:
    return len(re.sub(r"\D", "", texts.of(header, Column.ID))) >= 8


def has_ordinal(texts: Texts, header: Header) -> bool:
    """Whether the row carries a running number."""
    return bool(re.fullmatch(r"\d{1,5}\.?", texts.of(header, Column.ORDINAL)))


def _has_name(texts: Texts, header: Header) -> bool:
    return bool(texts.of(header, Column.NAME) or texts.of(header, Column.FAMILY_NAME))


def has_money(texts: Texts, header: Header) -> bool:
    """Whether any sum is written in the row."""
    return any(_says_money(texts.row.cells.get(h.index)) for h in header.all(*MONEY))


def _says_money(cell: Cell | None) -> bool:
    if cell is None or is_nothing(cell):
        return False
    return cell.kind is not CellKind.TEXT or bool(re.search(r"\d", cell.text))


def _is_person(texts: Texts, header: Header) -> bool:
    name, ordinal = _has_name(texts, header), has_ordinal(texts, header)
    money = has_money(texts, header)
    digits = bool(re.search(r"\d", texts.of(header, Column.ID)))
    return (name and (ordinal or money or digits)) or (money and (ordinal or digits))


def _is_group(texts: Texts, header: Header, label: str) -> bool:
    words = {text for text in texts.by_column.values() if has_words(text)}
    if len(words) != 1 or (has_ordinal(texts, header) and has_money(texts, header)):
        return False
    if _HAMLET.match(label) or _COMMUNE_ROW.match(label) or _DECREASE.search(label):
        return True
    numeral = bool(_ROMAN.fullmatch(texts.of(header, Column.ORDINAL)))
    alone = numeral or not has_money(texts, header)
    return alone and bool(numeral or _SECTION.match(label) or read_programme(texts.label))


def is_decrease(text: str) -> bool:
    """Whether a heading opens the part of those who leave the list."""
    return bool(_DECREASE.search(fold(text)))


def is_commune(text: str) -> bool:
    """Whether a heading names a commune."""
    return bool(_COMMUNE_ROW.match(fold(text)))


def hamlet_in(text: str) -> str:
    """ "Ấp 3" out of "1. Ấp 3: 45 người" or "Số 5, Ấp 3, xã X"; blank if no hamlet is named."""
    named = [found[1] for found in _HAMLET_INSIDE.finditer(text)]
    if not named:
        return ""
    # "Tổ 5, ấp Tân Lập": the hamlet is walked, the group of houses only lies in it.
    name = next((each for each in named if not re.match(r"(tổ|to) (?!dân)", each, re.IGNORECASE)), named[0])
    words = name.split()[:5]
    tidy = [word.capitalize() for word in words] if name.isupper() else [words[0].capitalize(), *words[1:]]
    return " ".join(tidy)[:60].rstrip(". ")
