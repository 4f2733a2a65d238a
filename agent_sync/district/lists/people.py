"""Reads who a row is about: the name, the sex, the telephone, and who may receive instead.

Names come with what belongs elsewhere: "Bà Nguyễn Thị Sáu", "Trần Văn Tư (đã mất)", "Trần Thị Lan
(con) - CCCD 0...". What is understood goes to its place, and what is no name at all is shown to a
person, never paid.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from agent_sync.district.lists.numbers import read_number
from agent_sync.district.lists.verdicts import ListedPayee
from agent_sync.district.lists.words import Reading, fold
from kiosk.payout.names import CitizenNumber, Method, Programme, Role, Sex

MAX_NAME: Final = 80
MAX_NOTE: Final = 500
_HONORIFIC: Final = re.compile(
    r"^(?:\d{1,4}[.)]\s*)?(ông|bà|cụ|mẹ|anh|chị|em|cháu|bé)(?:[.:]| (?=\S+ \S))\s*", re.IGNORECASE
)
_HONORED_SEX: Final = {"ông": Sex.MALE, "bà": Sex.FEMALE, "mẹ": Sex.FEMALE, "anh": Sex.MALE, "chị": Sex.FEMALE}
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]{0,120})[)\]]\s*")
_DECEASED: Final = re.compile(r"\b(da mat|da chet|tu tran|qua doi|da qua doi|chet|mat ngay|mat thang|bao tu)\b")
_STOPPED: Final = re.compile(
    r"\b(tam dung|dung huong|dung chi|ngung|thoi huong|cat giam|cat tro cap|cat che do|khong chi|chua chi|"
    r"chuyen di|da chuyen|bao giam|cham dut|dinh chi|giam tu|huong bhxh)\b"
)
_PHONE: Final = re.compile(r"(?:\+?84|0)?(?:[35789]\d{8}|2\d{9})")
_TWELVE: Final = re.compile(r"(?<!\d)\d{9,12}(?!\d)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in NFC as it will be shown and printed."""

    full: str
    sex: Sex | None = None
    aside: str = ""
    """What stood in brackets; it belongs to the note."""
    reasons: tuple[HeldReason, ...] = ()
    warnings: tuple[Warn, ...] = ()


def read_name(reading: Reading) -> Name | ErrorKind:
    """Read a recipient's name."""
    if len(reading.text) > MAX_NAME + 120:
        return ErrorKind.TEXT_TOO_LONG
    asides = _BRACKETS.findall(reading.text)
    text = " ".join(_BRACKETS.sub(" ", reading.text).split()).strip(" ,;-")
    warnings = list(reading.warnings)
    title = _HONORIFIC.match(text)
    if title:
        text = text[title.end() :].strip()
        warnings.append(Warn.HONORIFIC_REMOVED)
    if Warn.REPAIRED_TCVN3 in warnings:
        # .VnTime has no toned capitals: "¸nh" was meant as Ánh.
        text = " ".join(word[:1].upper() + word[1:] for word in text.split())
    if not text or len(text) > MAX_NAME:
        return ErrorKind.TEXT_TOO_LONG if text else ErrorKind.NAME_MISSING
    if not any(unicodedata.category(c).startswith("L") for c in text):
        return ErrorKind.NAME_UNREADABLE
    if _is_odd(text):
        warnings.append(Warn.NAME_UNUSUAL)
    aside = "; ".join(aside.strip() for aside in asides if aside.strip())
    sex = _HONORED_SEX.get(title[1].lower()) if title else None
    return Name(text, sex, aside, tuple(_doubts(text, aside, reading)), tuple(warnings))


def _doubts(text: str, aside: str, reading: Reading) -> list[HeldReason]:
    reasons = []
    if not is_name(text):
        reasons.append(HeldReason.NAME_UNUSUAL)
    if reading.unsure:
        reasons.append(HeldReason.ENCODING_UNSURE)
    if _DECEASED.search(fold(aside)):
        reasons.append(HeldReason.NAME_SAYS_DECEASED)
    return reasons


def is_name(text: str) -> bool:
    """Letters of one script, with nothing but ' - . and a number between them ("Nguyễn Thị Hai 2")."""
    if not all(c in " '’-." or (c.isascii() and c.isdigit()) or unicodedata.category(c)[0] in "LM" for c in text):
        return False
    scripts = {unicodedata.name(c, "?").split()[0] for c in text if unicodedata.category(c).startswith("L")}
    return len(scripts) == 1 and scripts <= {"LATIN", "KHMER"}


def _is_odd(text: str) -> bool:
    return any(c.isdigit() for c in text) or (" " not in text and text.isascii())


def same_name(left: str, right: str) -> bool:
    """Whether two spellings are the same name but for marks, case and spaces."""
    return fold(left).replace(" ", "") == fold(right).replace(" ", "")


def note_reasons(note: str) -> tuple[HeldReason, ...]:
    """What a note says against paying."""
    folded = fold(note)
    dead = (HeldReason.NOTE_SAYS_DECEASED,) if _DECEASED.search(folded) else ()
    stopped = (HeldReason.NOTE_SAYS_STOPPED,) if _STOPPED.search(folded) else ()
    return dead + stopped


def read_sex(text: str) -> Sex | None:
    """Nam, Nữ, M, F; None for anything else."""
    match fold(text):
        case "nam" | "m" | "male" | "trai" | "ong":
            return Sex.MALE
        case "nu" | "f" | "female" | "gai" | "ba" | "n":
            return Sex.FEMALE
        case _:
            return None


def read_phone(text: str) -> tuple[str, str]:
    """The first telephone number as 0xxxxxxxxx, and the words around it ("con trai"). Blank if there is none."""
    squeezed = re.sub(r"(?<=\d)[ .\-](?=\d)", "", text)
    found = next((m for m in re.finditer(r"\+?\d+", squeezed) if _PHONE.fullmatch(m[0])), None)
    if found is None:
        return "", ""
    bare = found[0].removeprefix("+")
    bare = bare[2:] if bare.startswith("84") and len(bare) > 10 else bare
    words = (squeezed[: found.start()] + " " + squeezed[found.end() :]).strip(" ()-:,;")
    return bare if bare.startswith("0") else f"0{bare}", words[:60]


def read_payee(
    role: Role, reading: Reading, id_cell: Cell | None, id_text: str
) -> tuple[ListedPayee | None, list[Warn]]:
    """Someone who may receive instead; the number from its own column or from the same cell."""
    text = reading.text[: MAX_NAME + 120]
    inside = _TWELVE.search(text)
    name = _TWELVE.sub(" ", _BRACKETS.sub(lambda m: f" {m[1]} " if _TWELVE.search(m[1]) else " ", text))
    name = re.sub(r"(?i)\b(số )?(cccd|cmnd|cc|đdcn|sđt|đt)\b[ :.]*", " ", name)
    name = _HONORIFIC.sub("", re.split(r"[,;/]|\s[-–]\s", name)[0].strip(" -–:,;.")).strip()
    name = " ".join(name.split())[:MAX_NAME]
    if not any(c.isalpha() for c in name):
        return None, []
    warnings = list(reading.warnings)
    number: CitizenNumber | None = None
    if id_text or inside:
        read = (
            read_number(id_cell, id_text) if id_text else read_number(_text_cell(inside), inside[0] if inside else "")
        )
        if isinstance(read, ErrorKind) or read.number is None:
            warnings.append(Warn.PAYEE_ID_UNREADABLE)
        else:
            number = read.number
            warnings.extend(read.warnings)
    else:
        warnings.append(Warn.PAYEE_WITHOUT_ID)
    return ListedPayee(role, name, number), warnings


def _text_cell(found: re.Match[str] | None) -> Cell | None:
    return Cell(CellKind.TEXT, found[0]) if found else None


_METHODS: Final[tuple[tuple[str, Method], ...]] = (
    (r"tien mat|^tm$|^mat$|cash|tai nha|truc tiep", Method.CASH),
    (r"\bvi\b|momo|viettel|vnpt money|mobile money|zalopay|wallet", Method.WALLET),
    (r"khoan|^ck$|\batm\b|ngan hang|^nh$|^tk$|bank|^the$", Method.BANK),
)


def read_method(text: str) -> Method | None:
    """How the recipient wants to be paid; None if the words say nothing known."""
    folded = fold(text)
    return next((method for pattern, method in _METHODS if re.search(pattern, folded)), None)


_ASSISTANCE: Final = (
    r"bao tro|tro giup xa hoi|btxh|tgxh|khuyet tat|\bnkt\b|mo coi|don than|nguoi cao tuoi|\bnct\b|\bhiv\b|tre em|"
    r"ho ngheo|nuoi duong|cham soc|tro cap xa hoi|an sinh xa hoi"
)
_PROGRAMMES: Final[tuple[tuple[str, Programme], ...]] = (
    (
        r"than nhan|tuat|vo liet si|con liet si|me liet si|cha liet si|tho cung liet si|ncc tu tran",
        Programme.MERIT_RELATIVE,
    ),
    (
        r"nguoi co cong|\bncc\b|thuong binh|benh binh|viet nam anh hung|vnah|cach mang|khang chien|chat doc|anh hung",
        Programme.MERIT,
    ),
    (r"huu tri xa hoi|huu tri xh|\bhtxh\b|tro cap huu tri", Programme.SOCIAL_PENSION),
    (_ASSISTANCE, Programme.SOCIAL_ASSISTANCE),
)


def read_programme(text: str, listed: Programme | None = None) -> Programme | None:
    """The programme that words stand for; the first that fits, relatives before the merit people themselves.

    "Người cao tuổi" alone says nothing against a list of social pensions (``listed``).
    """
    folded = fold(text)
    if listed is Programme.SOCIAL_PENSION and re.search(r"cao tuoi|\bnct\b", folded):
        return listed
    for programme in Programme:
        if folded == fold(programme.value):
            return programme
    return next((programme for pattern, programme in _PROGRAMMES if re.search(pattern, folded)), None)


def title_programme(texts: list[str]) -> Programme | None:
    """The one programme of a title; None when it names none or several."""
    folded = " | ".join(fold(text) for text in texts)
    named = {programme for pattern, programme in _PROGRAMMES if re.search(pattern, folded)}
    if re.search(r"(nguoi co cong|ncc) (va|voi|cung) (than nhan|gia dinh)", folded):
        return None
    if named == {Programme.MERIT, Programme.MERIT_RELATIVE} and re.search(
        r"than nhan (nguoi co cong|liet si|ncc)", folded
    ):
        return Programme.MERIT_RELATIVE
    return named.pop() if len(named) == 1 else None
