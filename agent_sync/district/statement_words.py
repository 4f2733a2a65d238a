"""The closed words of statements in Vietnamese: what was said at a household, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import PayWay, Right, StatementKind

ABOUT: Final[Mapping[StatementKind, str]] = {
    StatementKind.SUM_ACCEPTED: "Nhận tiền, có ý kiến về số tiền",
    StatementKind.SUM_DECLINED: "Không nhận, vì số tiền chưa đúng",
    StatementKind.COMPLAINT: "Ý kiến của người hưởng",
    StatementKind.PAPERS: "Còn thiếu giấy tờ",
    StatementKind.INCIDENT: "Sự việc do nhân viên ghi",
    StatementKind.METHOD: "Đề nghị cách nhận tiền",
    StatementKind.CARD_HANDED: "Đã giao thẻ ngân hàng",
    StatementKind.DATA: "Thẻ và danh sách ghi khác nhau",
}
PAY_WAY: Final[Mapping[PayWay, str]] = {
    PayWay.CASH: "tiền mặt",
    PayWay.BANK: "tài khoản ngân hàng",
    PayWay.WALLET: "ví trên điện thoại",
    PayWay.OPEN_ACCOUNT: "muốn mở tài khoản",
}
RIGHT: Final[Mapping[Right, str]] = {
    Right.CARD: "nhân viên cho là thẻ đúng",
    Right.LIST: "nhân viên cho là danh sách đúng",
    Right.NEITHER: "nhân viên cho là cả hai sai",
}
MISSING: Final[Mapping[MissingPaper, str]] = {
    MissingPaper.CITIZEN_CARD: "thẻ căn cước",
    MissingPaper.CARD_EXPIRED: "thẻ căn cước còn hạn",
    MissingPaper.CHIP_UNREADABLE: "thẻ căn cước đọc được chip",
    MissingPaper.NUMBER_DIFFERS: "số căn cước khớp danh sách",
    MissingPaper.AUTHORISATION: "giấy ủy quyền",
    MissingPaper.AUTHORISATION_ENDED: "giấy ủy quyền còn hạn",
    MissingPaper.GUARDIANSHIP: "giấy cử người giám hộ",
    MissingPaper.DEATH_CERTIFICATE: "trích lục khai tử",
    MissingPaper.FUNERAL_CLAIM: "tờ khai mai táng phí",
    MissingPaper.PHONE_NUMBER: "số điện thoại",
}
_CHOICES: Final[Mapping[StatementKind, Mapping[str, str]]] = {
    StatementKind.METHOD: {way.value: said for way, said in PAY_WAY.items()},
    StatementKind.DATA: {right.value: said for right, said in RIGHT.items()},
    StatementKind.PAPERS: {paper.value: said for paper, said in MISSING.items()},
}


def chosen(about: StatementKind, choice: str) -> str:
    """The closed words of a statement; what is unknown stays as it came."""
    known = _CHOICES.get(about, {})
    return ", ".join(known.get(each, each) for each in choice.split(",") if each)
