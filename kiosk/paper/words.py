"""The Vietnamese of the papers: one phrase for every closed word of the domain.

Receipts are Vietnamese by rule, whatever language the screen speaks, so their words live here and
not in the screens' catalogues. A test walks every enum: a new member without a phrase fails it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hardware.printer.state import PrinterState
from kiosk.payout.names import (
    CannotSign,
    Kind,
    Level,
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
from kiosk.payout.receipt import HandoverKind, MissingPaper
from kiosk.payout.statements import PayWay

VIETNAM: Final = timezone(timedelta(hours=7))
"""Vietnam keeps one time zone all year."""

PRACTICE = "HUẤN LUYỆN - KHÔNG CÓ GIÁ TRỊ"
SIMULATED = "THẺ MÔ PHỎNG"
REPRINT = "BẢN IN LẠI"
AGENT_COPY = "LIÊN BƯU ĐIỆN GIỮ"
NO_FEE = "KHÔNG THU PHÍ"
COMPLAINTS = "Khiếu nại gọi:"
SCAN = "Quét mã để kiểm tra phiếu"
CLEANED = "(*) Đã bỏ ký tự lạ trong nội dung phiếu."

PROGRAMME: Mapping[Programme, str] = {
    Programme.SOCIAL_PENSION: "Trợ cấp hưu trí xã hội",
    Programme.SOCIAL_ASSISTANCE: "Trợ cấp xã hội",
    Programme.MERIT: "Trợ cấp người có công",
    Programme.MERIT_RELATIVE: "Trợ cấp thân nhân người có công",
}
SHARE: Mapping[Kind, str] = {
    Kind.MONTHLY: "Tháng",
    Kind.ARREARS: "Truy lĩnh",
    Kind.DIFFERENCE: "Chênh lệch",
    Kind.FUNERAL: "Mai táng phí",
}
ROLE: Mapping[Role, str] = {
    Role.SELF: "Người nhận",
    Role.ALTERNATE: "Người được ủy quyền nhận",
    Role.GUARDIAN: "Người giám hộ nhận",
    Role.RELATIVE_OF_DECEASED: "Thân nhân nhận",
    Role.FUNERAL_ORGANISER: "Người lo mai táng nhận",
}
LEVEL: Mapping[Level, str] = {
    Level.A: "đúng chip, đúng nơi cấp",
    Level.B: "đúng chip, chưa rõ nơi cấp",
    Level.C: "chi đặc cách, người phụ trách đồng ý",
}
WITNESS: Mapping[WitnessKind, str] = {
    WitnessKind.CHIP: "chip đã ký",
    WitnessKind.DEVICE_WORD: "theo máy ghi",
}
CANNOT_SIGN: Mapping[CannotSign, str] = {
    CannotSign.ILLITERATE: "không biết chữ",
    CannotSign.TREMOR: "tay run",
    CannotSign.BLIND: "mắt không thấy",
    CannotSign.INJURED: "tay đau",
    CannotSign.UNABLE: "không ký được",
}
VOID: Mapping[VoidReason, str] = {
    VoidReason.RECIPIENT_DECLINED: "Người hưởng không nhận lần này",
    VoidReason.DISPUTED_SUM: "Người hưởng chưa đồng ý số tiền",
    VoidReason.NOT_ENOUGH_CASH: "Không đủ tiền mặt để trả",
    VoidReason.OPERATOR_ERROR: "Nhân viên thao tác nhầm",
}
REVERSAL: Mapping[ReversalReason, str] = {
    ReversalReason.WRONG_PERSON: "Trả nhầm người",
    ReversalReason.WRONG_SUM: "Trả sai số tiền",
    ReversalReason.RECIPIENT_DECEASED: "Người hưởng đã mất",
}
PAY_WAY: Mapping[PayWay, str] = {
    PayWay.CASH: "Tiền mặt, như trước",
    PayWay.BANK: "Tài khoản ngân hàng",
    PayWay.WALLET: "Ví điện tử trên điện thoại",
    PayWay.OPEN_ACCOUNT: "Muốn mở tài khoản",
}
HANDOVER: Mapping[HandoverKind, str] = {
    HandoverKind.FLOAT_ADDED: "PHIẾU TIẾP THÊM TIỀN",
    HandoverKind.CASH_RETURNED: "PHIẾU NỘP LẠI TIỀN",
    HandoverKind.SHIFT: "PHIẾU BÀN GIAO CA",
}
VARIANCE: Mapping[VarianceReason, str] = {
    VarianceReason.NONE: "khớp",
    VarianceReason.COUNTING: "đếm nhầm",
    VarianceReason.CHANGE_ERROR: "thối tiền nhầm",
    VarianceReason.DAMAGED_NOTE: "tiền rách, hỏng",
    VarianceReason.UNEXPLAINED: "chưa rõ nguyên nhân",
}
MISSING: Mapping[MissingPaper, tuple[str, str]] = {
    MissingPaper.CITIZEN_CARD: ("Thẻ căn cước", "Công an xã làm thẻ, không phải chờ kỳ sau."),
    MissingPaper.CARD_EXPIRED: ("Thẻ căn cước còn hạn", "Công an xã cấp đổi thẻ."),
    MissingPaper.CHIP_UNREADABLE: ("Thẻ căn cước đọc được chip", "Công an xã kiểm tra, đổi thẻ."),
    MissingPaper.NUMBER_DIFFERS: (
        "Số căn cước đúng với danh sách",
        "Ủy ban xã sửa danh sách theo thẻ.",
    ),
    MissingPaper.AUTHORISATION: (
        "Giấy ủy quyền nhận thay",
        "Hai người cùng ký, Ủy ban xã chứng thực.",
    ),
    MissingPaper.AUTHORISATION_ENDED: ("Giấy ủy quyền còn hạn", "Làm lại giấy tại Ủy ban xã."),
    MissingPaper.GUARDIANSHIP: ("Giấy cử người giám hộ", "Ủy ban xã cấp."),
    MissingPaper.DEATH_CERTIFICATE: ("Trích lục khai tử", "Ủy ban xã cấp."),
    MissingPaper.FUNERAL_CLAIM: ("Tờ khai mai táng phí", "Lấy mẫu và nộp tại Ủy ban xã."),
    MissingPaper.PHONE_NUMBER: ("Số điện thoại liên lạc", "Báo cho nhân viên bưu điện."),
}

PRINTER: Mapping[PrinterState, str] = {
    PrinterState.READY: "sẵn sàng",
    PrinterState.PAPER_LOW: "sắp hết giấy",
    PrinterState.NO_PAPER: "hết giấy",
    PrinterState.COVER_OPEN: "nắp đang mở",
    PrinterState.HOT: "đầu in quá nóng",
    PrinterState.OFFLINE: "không trả lời",
    PrinterState.ERROR: "báo lỗi",
    PrinterState.UNKNOWN: "không rõ",
}


def month(period: Period) -> str:
    """``tháng 11/2026``."""
    return f"tháng {period.month}/{period.year}"


def share(kind: Kind, period: Period) -> str:
    """One line's name on paper: ``Tháng 11/2026``, ``Truy lĩnh 10/2026``."""
    return f"{SHARE[kind]} {period.month}/{period.year}"


def rounded(rest: Vnd) -> str:
    """What the rounding rule made of a sum's end: kept for later, or added."""
    return f"Số lẻ {rest} đ giữ lại, chi sau" if rest > 0 else f"Đã làm tròn thêm {-rest} đ"


def local(at: UnixSeconds) -> datetime:
    """The hour in Vietnam."""
    return datetime.fromtimestamp(at, UTC).astimezone(VIETNAM)


def day(at: UnixSeconds) -> str:
    """``22/11/2026``."""
    return local(at).strftime("%d/%m/%Y")


def hour(at: UnixSeconds) -> str:
    """``09:05``."""
    return local(at).strftime("%H:%M")


def moment(at: UnixSeconds) -> str:
    """``09:05 ngày 22/11/2026``."""
    return f"{hour(at)} ngày {day(at)}"
