"""Knows what the columns of a pay list are called, in the many ways that offices call them.

Header cells are folded (no marks, no punctuation) and a two-row header is joined, "so tien truy
linh". Rules are tried in order and the first that fits decides, so the narrow ones stand first:
the number of the alternate before the alternate, the arrears before the sum.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agent_sync.district.lists.periods import MonthRef, find_months
from agent_sync.district.lists.words import fold


class Column(StrEnum):
    """What a column holds."""

    ORDINAL = "ordinal"
    NAME = "name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    ID = "id"
    OLD_ID = "old_id"
    BIRTH = "birth"
    BIRTH_MALE = "birth_male"
    BIRTH_FEMALE = "birth_female"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    SEX = "sex"
    SEX_MALE = "sex_male"
    SEX_FEMALE = "sex_female"
    HAMLET = "hamlet"
    ADDRESS = "address"
    HOUSEHOLD = "household"
    PHONE = "phone"
    AMOUNT = "amount"
    MONTH_AMOUNT = "month_amount"
    LEVEL = "level"
    MONTHS = "months"
    ARREARS = "arrears"
    ARREARS_PERIOD = "arrears_period"
    DIFFERENCE = "difference"
    FUNERAL = "funeral"
    DEDUCTION = "deduction"
    TOTAL = "total"
    PERIOD = "period"
    PROGRAMME = "programme"
    METHOD = "method"
    METHOD_CASH = "method_cash"
    METHOD_BANK = "method_bank"
    METHOD_WALLET = "method_wallet"
    ACCOUNT = "account"
    BANK = "bank"
    ALTERNATE = "alternate"
    ALTERNATE_ID = "alternate_id"
    GUARDIAN = "guardian"
    GUARDIAN_ID = "guardian_id"
    RELATIVE = "relative"
    RELATIVE_ID = "relative_id"
    NOTE = "note"
    SIGN = "sign"
    IGNORED = "ignored"
    """Known, and of no use to a payment: ethnicity, date of issue, decision number."""


MONEY: Final = frozenset(
    (
        *(Column.AMOUNT, Column.MONTH_AMOUNT, Column.ARREARS, Column.DIFFERENCE),
        *(Column.FUNERAL, Column.DEDUCTION, Column.TOTAL),
    )
)

_ID: Final = r"(cccd|cmnd|cmt|can cuoc|dinh danh|ddcn|chung minh|giay to tuy than)"
_ALTERNATE: Final = r"(nhan thay|uy quyen|nhan ho|linh thay|linh ho|nhan giup|nguoi dai dien|duoc dai dien)"
_RELATIVE: Final = r"(lo mai tang|to chuc mai tang|nhan mai tang)"
_PHONE: Final = r"(dien thoai|\bsdt\b|\bdt\b|di dong)"
_METHOD: Final = r"(hinh thuc|phuong thuc|cach thuc)"
_ARREARS: Final = r"(truy linh|truy nhan|truy tra|truy cap|linh bu|tra bu|chi bu)"
_SUM: Final = r"(so tien|tien|tro cap|muc huong|kinh phi|muc chi|chi tra|thanh tien)"

# Words may follow in brackets ("(đồng)", "(người cao tuổi)"), so most patterns are searched for.
_RULES: Final[tuple[tuple[str, Column], ...]] = (
    (r"^(nguoi nhan )?(ky|diem chi) ?(nhan|ten|linh|xac nhan)|^chu ky|nguoi nhan ky|^ky (hoac|va) ", Column.SIGN),
    (rf"{_ALTERNATE}.*({_PHONE}|quan he|dia chi|sinh|ky )|^(moi )?quan he|^xac nhan", Column.IGNORED),
    (rf"giam ho.*({_PHONE}|quan he|dia chi|sinh|ky )", Column.IGNORED),
    (rf"giam ho.*{_ID}|{_ID}.*giam ho", Column.GUARDIAN_ID),
    (rf"{_RELATIVE}.*{_ID}|{_ID}.*{_RELATIVE}", Column.RELATIVE_ID),
    (rf"(?=.*ho (va )?ten)(?=.*{_ID}).*{_ALTERNATE}", Column.ALTERNATE),
    (rf"{_ALTERNATE}.*{_ID}|{_ID}.*{_ALTERNATE}", Column.ALTERNATE_ID),
    (r"giam ho", Column.GUARDIAN),
    (rf"nguoi {_RELATIVE}|than nhan {_RELATIVE}", Column.RELATIVE),
    (_ALTERNATE, Column.ALTERNATE),
    (_PHONE, Column.PHONE),
    (rf"{_METHOD}.*(tien mat|\btm\b)|^tien mat$", Column.METHOD_CASH),
    (rf"{_METHOD}.*(vi dien tu|mobile money|\bvi\b)", Column.METHOD_WALLET),
    (r"so tai khoan|\bstk\b|so tk|^tai khoan so|so the( atm)?$", Column.ACCOUNT),
    (rf"{_METHOD}.*(khoan|\bck\b|atm|\bnh\b)|^(chuyen khoan|tai khoan|atm)$", Column.METHOD_BANK),
    (_METHOD, Column.METHOD),
    (r"ngan hang", Column.BANK),
    (r"ngay cap|noi cap|quyet dinh|\bqd\b|ma ho so|so ho so|dan toc|ton giao|^tuoi|thoi diem", Column.IGNORED),
    (r"quoc tich|chu ho|liet si|bhyt|bao hiem|thoi gian huong|huong tu|tu ngay|den ngay", Column.IGNORED),
    (r"(so )?tien.* (tien mat|tai khoan|chuyen khoan|atm)$", Column.AMOUNT),
    (r"(cccd|can cuoc|dinh danh|ddcn)", Column.ID),
    (r"(cmnd|cmt|chung minh|giay to tuy than|gttt)", Column.OLD_ID),
    (r"(tong cong|tong so tien|tong tien|tong so|thuc linh|thuc nhan|con duoc (linh|nhan))", Column.TOTAL),
    (r"(tien|tro cap) (tong|cong)$", Column.TOTAL),
    (rf"so thang.*{_ARREARS}|{_ARREARS}.*so thang", Column.IGNORED),
    (rf"(ly do|noi dung) {_ARREARS}", Column.ARREARS_PERIOD),
    (rf"{_ARREARS} (tu|cac|ky|thang nao|cua|thoi gian)[^0-9]*$|(thang|ky|thoi gian) {_ARREARS}", Column.ARREARS_PERIOD),
    (_ARREARS, Column.ARREARS),
    (r"truy thu|giam tru|khau tru|thu hoi|^tru\b|bi tru", Column.DEDUCTION),
    (r"mai tang", Column.FUNERAL),
    (r"chenh lech", Column.DIFFERENCE),
    (r"he so", Column.IGNORED),
    (r"muc chuan|chuan tro|don gia|(1|mot|moi) thang|/thang|muc thang", Column.LEVEL),
    (r"so thang", Column.MONTHS),
    (r"sinh.* (ngay)$", Column.BIRTH_DAY),
    (r"sinh.* (thang)$", Column.BIRTH_MONTH),
    (r"sinh.* nu$", Column.BIRTH_FEMALE),
    (r"sinh.* nam$", Column.BIRTH_MALE),
    (r"\b(ngay|nam|thang|nsinh|n) ?sinh\b|^sinh|^ns$|^nt ?n ?s$", Column.BIRTH),
    (r"(gioi tinh|phai|^gioi).*\bnu$|^nu$", Column.SEX_FEMALE),
    (r"(gioi tinh|phai|^gioi).*[^/] nam$|^nam$", Column.SEX_MALE),
    (r"gioi tinh|^phai|^gioi$|^nam nu$", Column.SEX),
    (r"loai tro cap|loai che do|che do tro cap|nhom tro cap|chuong trinh|^dien |^dien$", Column.PROGRAMME),
    (
        r"(^|ho va )ten dem|^ho (va )?(dem|lot|chu dem|chu lot|ten dem)$|^ho$|^ho va$|ho va (chu )?lot",
        Column.FAMILY_NAME,
    ),
    (r"^ten$", Column.GIVEN_NAME),
    (r"^ten (thon|ap|khom|to|khu|ban|buon|xom|lang)\b", Column.HAMLET),
    (r"ho va ten|ho ten|hoten|ten (doi tuong|nguoi)|^nguoi (thu )?huong|^ten ", Column.NAME),
    (
        rf"^(?!.*\bso thang).*{_SUM}.*\b(thang|t|ky) ?0?\d{{1,2}}\b|^(thang|t) ?0?\d{{1,2}}( (nam )?\d{{4}})?$",
        Column.MONTH_AMOUNT,
    ),
    (r"(so|tong) tien|thanh tien", Column.AMOUNT),
    (r"muc (duoc )?(huong|tro cap|tro giup|chi|tien|phu cap|tc\b)|^muc$", Column.AMOUNT),
    (r"^(tong|cong)$", Column.TOTAL),
    (r"loai doi tuong|nhom doi tuong|doi tuong|^che do|^chinh sach", Column.PROGRAMME),
    (r"tro cap|ho tro|kinh phi|tien (huu|tro)|^tien$|phu cap|tro giup|vnd$", Column.AMOUNT),
    (r"^ma ho( gia dinh)?( ngheo)?$|so ho khau|^ma ho gd|^ho so$|^ma ho dan", Column.HOUSEHOLD),
    (r"dia chi|noi o|thuong tru|cu tru|cho o|cu ngu|que quan", Column.ADDRESS),
    (r"\b(thon|ap|khom|to dan pho|khu pho|ban|buon|xom|lang|to|khoi|khu|tdp)\b", Column.HAMLET),
    (r"^(ky|thang|nam thang|t)\b", Column.PERIOD),
    (r"ghi chu|luu y|^ly do|^gc$", Column.NOTE),
    (r"^(stt|tt|so tt|so thu tu|thu tu|so)$", Column.ORDINAL),
)
_COMPILED: Final = tuple((re.compile(pattern), column) for pattern, column in _RULES)


@dataclass(frozen=True, slots=True)
class Heading:
    """One recognised column: where it is, what it holds, and the months its header names."""

    index: int
    column: Column
    title: str
    months: tuple[MonthRef, ...] = ()


def recognise(index: int, title: str) -> Heading | None:
    """What the column under this cleaned header text holds; None if nobody knows."""
    folded = fold(title)
    for pattern, column in _COMPILED:
        if pattern.search(folded):
            months = find_months(title) if column in MONEY else ()
            return Heading(index, _year_or_man(column, title), title, months)
    return None


def _year_or_man(column: Column, title: str) -> Column:
    # Folded, "Năm" (year) and "Nam" (male) are one word: here the marks decide.
    if not title.lower().endswith("năm"):
        return column
    match column:
        case Column.BIRTH_MALE:
            return Column.BIRTH_YEAR
        case Column.SEX_MALE:
            return Column.IGNORED
        case _:
            return column
