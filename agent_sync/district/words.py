"""Every closed word of the district in Vietnamese, for the pages and reports.

Words live at the edge: the code knows enums, officers read these. A test walks every enum.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from agent_sync.district.cases import CaseKind, CaseState
from agent_sync.district.security import OfficerRole
from agent_sync.district.statement_words import ABOUT
from agent_sync.district.states import DeviceState, HeldState, OrderKind, PaperDoubt, PayoutPhase, WitnessState
from agent_sync.district.uncollected import Stage
from kiosk.payout.evidence import CardDoubt
from kiosk.payout.names import (
    ConsentWay,
    DeathTeller,
    Kind,
    Level,
    Mode,
    Outcome,
    OverrideReason,
    Period,
    Programme,
    Role,
    UnpaidReason,
    VarianceReason,
    VoidReason,
)

VIETNAM = timezone(timedelta(hours=7))

PAYOUT: Mapping[PayoutPhase, str] = {
    PayoutPhase.OPEN: "Đang chi",
    PayoutPhase.UNCERTAIN: "Chưa rõ đã trao tiền",
    PayoutPhase.COMPLETED: "Đã trao",
    PayoutPhase.VOIDED: "Không chi",
    PayoutPhase.REVERSED: "Đã thu hồi",
}
WITNESS: Mapping[WitnessState, str] = {
    WitnessState.NONE: "Theo lời máy",
    WitnessState.PENDING: "Chưa kiểm tra",
    WitnessState.VERIFIED: "Chip xác nhận",
    WitnessState.ISSUER_UNKNOWN: "Chip ký, chưa rõ nơi cấp",
    WitnessState.FAILED: "Chip không khớp",
    WitnessState.VOID: "Chữ ký chip bị loại",
}
LEVEL: Mapping[Level, str] = {
    Level.A: "A – chip và khuôn mặt",
    Level.B: "B – chip, nơi cấp chưa rõ",
    Level.C: "C – chi đặc cách",
}
ROLE: Mapping[Role, str] = {
    Role.SELF: "Chính người hưởng",
    Role.ALTERNATE: "Người được ủy quyền",
    Role.GUARDIAN: "Người giám hộ",
    Role.RELATIVE_OF_DECEASED: "Thân nhân người đã mất",
    Role.FUNERAL_ORGANISER: "Người lo mai táng",
}
PROGRAMME: Mapping[Programme, str] = {
    Programme.SOCIAL_PENSION: "Trợ cấp hưu trí xã hội",
    Programme.SOCIAL_ASSISTANCE: "Trợ cấp bảo trợ xã hội",
    Programme.MERIT: "Người có công",
    Programme.MERIT_RELATIVE: "Thân nhân người có công",
}
KIND: Mapping[Kind, str] = {
    Kind.MONTHLY: "hằng tháng",
    Kind.ARREARS: "truy lĩnh",
    Kind.DIFFERENCE: "chênh lệch",
    Kind.FUNERAL: "mai táng phí",
}
ORDER: Mapping[OrderKind, str] = {
    OrderKind.NEW_EPOCH: "Mở sổ mới",
    OrderKind.FLOOR_RESET: "Hạ mốc giờ",
    OrderKind.DEVICE_REVOKED: "Thu hồi máy",
}
DEVICE: Mapping[DeviceState, str] = {
    DeviceState.AWAITED: "Chờ đăng ký",
    DeviceState.ACTIVE: "Đang dùng",
    DeviceState.REVOKED: "Đã thu hồi",
}
HELD: Mapping[HeldState, str] = {
    HeldState.WAITING: "Chờ quyết định",
    HeldState.ACCEPTED: "Cho chi",
    HeldState.RETURNED: "Trả lại xã",
}
OFFICER: Mapping[OfficerRole, str] = {
    OfficerRole.CLERK: "Cán bộ",
    OfficerRole.SUPERVISOR: "Phụ trách",
    OfficerRole.AUDITOR: "Kiểm soát",
}
CASE_STATE: Mapping[CaseState, str] = {CaseState.OPEN: "Chờ xem xét", CaseState.SETTLED: "Đã xong"}
MODE: Mapping[Mode, str] = {Mode.PRODUCTION: "Chính thức", Mode.PRACTICE: "Huấn luyện"}
PROFILE: Mapping[str, str] = {"home_visit": "Chi tại nhà", "pay_point": "Điểm chi trả"}

CASE: Mapping[CaseKind, tuple[str, str]] = {
    CaseKind.DOUBLE_CLAIM: (
        "Một khoản chi hai lần",
        "Hai máy cùng báo đã chi một khoản. Đối chiếu hai biên nhận, gặp người nhận.",
    ),
    CaseKind.NO_LEASE: (
        "Chi không có quyền chi",
        "Máy báo chi một khoản chưa được giao cho máy nào. Xem lại danh sách đã giao.",
    ),
    CaseKind.LEASE_OTHER_DEVICE: (
        "Quyền chi của máy khác",
        "Khoản này đã giao cho máy khác. Hỏi người giữ hai máy.",
    ),
    CaseKind.LEASE_NOT_LIVE: (
        "Quyền chi không còn hiệu lực",
        "Quyền chi đã dùng hoặc đã trả lại trước lúc chi.",
    ),
    CaseKind.LEASE_EXPIRED: (
        "Chi sau hạn",
        "Máy chi sau khi quyền chi hết hạn. Kiểm tra đồng hồ máy và biên nhận.",
    ),
    CaseKind.SUM_DIFFERS: (
        "Số tiền khác danh sách",
        "Số tiền đã chi khác số tiền được giao.",
    ),
    CaseKind.SIMULATED_IN_PRODUCTION: (
        "Dữ liệu mô phỏng",
        "Giao dịch mô phỏng gửi vào khu vực chính thức. Không được tính vào số đã chi.",
    ),
    CaseKind.MODE_DIFFERS: (
        "Sai chế độ hoặc khu vực",
        "Máy mở sổ ở chế độ hoặc khu vực khác với lúc đăng ký.",
    ),
    CaseKind.FORK: (
        "Hai bản sổ khác nhau",
        ("Cùng một máy gửi hai bản sổ khác nhau: có thể thẻ nhớ bị sao chép, và cả hai bản đều còn chạy. "
        "Bước tiếp theo: tìm và giữ cả hai máy, rồi ra lệnh mở sổ mới cho máy được giữ lại "
        "(tannha-district device new-epoch) hoặc thu hồi (tannha-district device revoke)."),
    ),
    CaseKind.ROLLED_BACK: (
        "Máy quay về bản cũ",
        ("Máy khởi động từ một bản cũ, thiếu những dòng sổ mà nơi đây đã có. Máy tự ngừng chi khi liên lạc được. "
        "Bước tiếp theo: hỏi người giữ máy đã làm gì với thẻ nhớ, rồi ra lệnh mở sổ mới "
        "(tannha-district device new-epoch)."),
    ),
    CaseKind.REVOKED_DEVICE: (
        "Máy đã bị thu hồi",
        "Máy đã bị thu hồi vẫn gửi giao dịch.",
    ),
    CaseKind.REVOKED_OPERATOR: (
        "Nhân viên đã bị thu hồi quyền",
        "Nhân viên đã bị thu hồi quyền vẫn chi.",
    ),
    CaseKind.REVOKED_CHIP: (
        "Thẻ đã bị thu hồi",
        "Đã chi bằng chip của thẻ đã bị thu hồi. Hỏi người nhận xem có đúng họ đã nhận không.",
    ),
    CaseKind.UNKNOWN_EPOCH: (
        "Sổ mới chưa được cho phép",
        "Máy mở sổ mới khi chưa có lệnh.",
    ),
    CaseKind.IMPOSSIBLE_FACT: (
        "Dòng sổ không hợp lý",
        "Dòng sổ không thể có trong vận hành đúng. Giữ máy lại để kiểm tra.",
    ),
    CaseKind.POISON_SEGMENT: (
        "Gói dữ liệu không mở được",
        "Gói có chữ ký của máy nhưng không đọc được. Dữ liệu gốc được giữ nguyên.",
    ),
    CaseKind.WITNESS_FAILED: (
        "Chữ ký chip không khớp",
        "Chữ ký của chip không khớp với lần chi này. Gặp người nhận để xác minh.",
    ),
    CaseKind.SHARED_CHIP_KEY: (
        "Một chip đứng tên hai người",
        "Cùng một chip được dùng cho hai người khác nhau.",
    ),
    CaseKind.REPEATED_CHALLENGE: (
        "Chữ ký chip dùng lại",
        "Một chữ ký chip xuất hiện ở hai lần chi.",
    ),
    CaseKind.CARD_DOUBT: (
        "Thẻ không khớp danh sách",
        "Thẻ và danh sách, hoặc các phần trong chip, ghi khác nhau về một người. Xem lại hồ sơ gốc, sửa danh sách.",
    ),
    CaseKind.CASH_VARIANCE: (
        "Chênh lệch tiền mặt",
        "Tiền đếm cuối ca khác số phải có. Xem lý do nhân viên đã ghi.",
    ),
    CaseKind.UNCERTAIN_RESOLVED: (
        "Khoản chưa rõ đã được xử lý",
        "Mất điện lúc đang chi; nhân viên đã đếm tiền và ghi kết quả. Đối chiếu giấy.",
    ),
    CaseKind.VOID_AFTER_CASH: (
        "Hủy sau khi đếm tiền",
        "Lần chi bị hủy sau khi tiền đã được đưa ra.",
    ),
    CaseKind.REVERSAL: (
        "Thu hồi khoản đã chi",
        "Khoản đã chi được thu hồi. Kiểm tra tiền đã về và lý do.",
    ),
    CaseKind.ACCEPTED_RISK: (
        "Giao lại quyền chi khi chưa biết kết quả",
        ("Hai cán bộ đã quyết định giao lại các khoản của sổ cũ. Sổ bị mất có thể đã chi những khoản này: "
        "nếu sau này một khoản có hai biên nhận, xem lại quyết định này."),
    ),
    CaseKind.FROM_PAPER: (
        "Nhập từ bảng kê giấy",
        ("Khoản này được nhập từ bảng kê cuối ngày vì sổ của máy chưa về. Đã tính là đã chi. "
        "Khi máy gửi sổ, khoản này tự khớp và không tính hai lần. Tìm máy, giữ bảng kê có chữ ký."),
    ),
    CaseKind.PAPER_DIFFERS: (
        "Bảng kê giấy không khớp sổ",
        "Bảng kê đúng chữ ký của máy, nhưng sổ hoặc quyền chi ghi khác. Đối chiếu biên nhận, gặp người nhận.",
    ),
    CaseKind.CODES_TRIED: (
        "Nhập sai mã nhiều lần",
        "Máy đã nhận năm mã sai liên tiếp. Gọi người giữ máy; nếu không phải họ nhập, thu hồi máy.",
    ),
    CaseKind.SLOT_LOCKED: (
        "Khóa đăng nhập vì sai PIN",
        ("Sai PIN năm lần liên tiếp nên máy đã khóa tên đăng nhập này. Gọi người giữ máy: nếu họ quên PIN, "
        "người phụ trách mở lại; nếu không phải họ bấm, thu hồi máy."),
    ),
    CaseKind.OVERRIDE_NOT_GIVEN: (
        "Chi đặc cách không có mã của bưu cục",
        "Khoản này ghi là đã có mã qua điện thoại, nhưng không cán bộ nào cho mã đó. Hỏi người chi và người nhận.",
    ),
    CaseKind.OVERRIDE_NOT_SUPERVISOR: (
        "Chi đặc cách không đúng người phụ trách",
        "Người đồng ý không phải người phụ trách, đã bị thu hồi, hoặc là chính người chi. Hỏi cả hai người.",
    ),
    CaseKind.OVERRIDE_OVER_CAP: (
        "Chi đặc cách vượt mức",
        "Tổng các lần chi đặc cách vượt mức của khoản, của ngày hoặc của người nhận. Gặp người nhận.",
    ),
    CaseKind.DEATH_REPORTED: (
        "Được báo là người hưởng đã mất",
        ("Người đi chi được báo tin này, chưa xem giấy tờ. Bước tiếp theo: hỏi xã, rồi ghi ngày mất và người báo "
        "(tannha-district person death), và người được nhận thay (tannha-district person payee)."),
    ),
    CaseKind.STATEMENT: (
        "Ý kiến, đề nghị",
        "Người hưởng hoặc nhân viên đã ghi một việc cần trả lời. Danh sách chi trả không tự đổi theo.",
    ),
    CaseKind.BAD_CLOCK: (
        "Đồng hồ máy sai",
        "Giờ của máy nằm ngoài khoảng hợp lý.",
    ),
}  # fmt: skip

STAGE: Mapping[Stage, tuple[str, str]] = {
    Stage.ALERT: ("1 tháng", "Gọi điện hỏi thăm."),
    Stage.HOME_VISIT: ("2 tháng", "Đề nghị đến chi tại nhà."),
    Stage.SUSPENSION: ("Từ 3 tháng", "Sắp bị tạm dừng trợ cấp: đến nhà và báo xã ngay."),
}
UNPAID: Mapping[UnpaidReason, str] = {
    UnpaidReason.ABSENT: "Vắng nhà",
    UnpaidReason.MOVED: "Đã chuyển đi",
    UnpaidReason.DECEASED: "Được báo là đã mất",
    UnpaidReason.HOSPITAL: "Đang nằm viện",
    UnpaidReason.REFUSED: "Không nhận",
    UnpaidReason.CARD_MISSING: "Không có thẻ",
    UnpaidReason.PAPER_MISSING: "Thiếu giấy tờ",
    UnpaidReason.NOT_ENOUGH_CASH: "Người chi thiếu tiền",
    UnpaidReason.CONFUSED_WITHOUT_GUARDIAN: "Lẫn, chưa có người giám hộ",
}

OVERRIDE_REASON: Mapping[OverrideReason, str] = {
    OverrideReason.CARD_LOST: "Mất thẻ căn cước",
    OverrideReason.CHIP_BROKEN: "Chip của thẻ bị hỏng",
    OverrideReason.CARD_EXPIRED: "Thẻ căn cước hết hạn",
    OverrideReason.READER_BROKEN: "Đầu đọc thẻ bị hỏng",
}
CONSENT: Mapping[ConsentWay, str] = {
    ConsentWay.CARD: "bằng thẻ căn cước tại máy",
    ConsentWay.TELEPHONE: "đọc mã qua điện thoại",
}

WORDS: tuple[Mapping[StrEnum, object], ...] = (
    PAYOUT, WITNESS, LEVEL, ROLE, PROGRAMME, KIND, ORDER, DEVICE, HELD, OFFICER, CASE_STATE, MODE, CASE, STAGE, UNPAID,
    OVERRIDE_REASON, CONSENT,
)  # type: ignore[assignment]  # fmt: skip


def money(amount: int) -> str:
    """Whole đồng with the points that Vietnamese writes: 1.500.000 đ."""
    return f"{amount:,}".replace(",", ".") + " đ"


def hour(at: int | None) -> str:
    """Hours and minutes in Vietnam."""
    return "–" if at is None else _local(at).strftime("%H:%M")


def day(at: int | None) -> str:
    """The day in Vietnam."""
    return "–" if at is None else _local(at).strftime("%d/%m/%Y")


def moment(at: int | None) -> str:
    """Day and hour in Vietnam."""
    return "chưa có" if at is None else _local(at).strftime("%H:%M ngày %d/%m/%Y")


def month(period: str) -> str:
    """A period as people say it: tháng 11/2026."""
    at = Period.parse(period)
    return f"tháng {at.month:02d}/{at.year}"


DETAIL: Mapping[str, str] = {
    "variance_vnd": "Thiếu so với sổ",
    "amount_vnd": "Số tiền",
    "counted_vnd": "Tiền đếm được",
    "outcome": "Nhân viên ghi",
    "period": "Kỳ",
    "leases": "Số khoản giao lại",
    "officers": "Hai cán bộ quyết định",
    "day": "Ngày chi",
    "note": "Ghi chú",
    "revoked_at": "Thu hồi lúc",
    "first_paid_at": "Lần chi đầu sau đó",
    "reason": "Lý do",
    "doubts": "Không khớp",
    "about": "Việc",
    "told_by": "Người báo",
}
REASON: Mapping[str, str] = {
    **{kind.value: said for kind, said in ABOUT.items()},
    Outcome.PAID.value: "đã trao tiền",
    Outcome.NOT_PAID.value: "chưa trao tiền",
    VarianceReason.COUNTING.value: "đếm nhầm",
    VarianceReason.CHANGE_ERROR.value: "trả lại nhầm",
    VarianceReason.DAMAGED_NOTE.value: "tiền rách",
    VarianceReason.UNEXPLAINED.value: "không rõ lý do",
    VoidReason.RECIPIENT_DECLINED.value: "người nhận không nhận",
    VoidReason.DISPUTED_SUM.value: "người nhận thắc mắc số tiền",
    VoidReason.NOT_ENOUGH_CASH.value: "không đủ tiền",
    VoidReason.OPERATOR_ERROR.value: "nhân viên thao tác nhầm",
    PaperDoubt.JOURNAL.value: "sổ của máy ghi khác",
    PaperDoubt.LEASE_UNKNOWN.value: "không tìm thấy quyền chi",
    PaperDoubt.LEASE_NOT_HELD.value: "quyền chi không còn ở máy này",
    PaperDoubt.SUM.value: "số tiền khác số được giao",
    PaperDoubt.PAID_ELSEWHERE.value: "khoản này đã có nơi khác chi",
    PaperDoubt.MODE.value: "sai chế độ hoặc mô phỏng",
    DeathTeller.FAMILY.value: "người nhà",
    DeathTeller.NEIGHBOUR.value: "hàng xóm",
    DeathTeller.HAMLET_HEAD.value: "trưởng ấp",
    DeathTeller.COMMUNE.value: "cán bộ xã",
    CardDoubt.CARD_NUMBER.value: "hai số căn cước trong chip",
    CardDoubt.QR_NUMBER.value: "số căn cước trong mã QR in trên thẻ",
    CardDoubt.QR_NAME.value: "họ tên trong mã QR in trên thẻ",
    CardDoubt.QR_BIRTH.value: "ngày sinh trong mã QR in trên thẻ",
    CardDoubt.QR_SEX.value: "giới tính trong mã QR in trên thẻ",
    CardDoubt.QR_ISSUED.value: "ngày cấp trong mã QR in trên thẻ",
    CardDoubt.LIST_NAME.value: "họ tên trên danh sách",
    CardDoubt.LIST_BIRTH.value: "ngày sinh trên danh sách",
    CardDoubt.LIST_SEX.value: "giới tính trên danh sách",
    CardDoubt.LIST_SPELLING.value: "cách viết họ tên",
    CardDoubt.CARD_NAME.value: "hai họ tên trong chip",
    CardDoubt.CARD_BIRTH.value: "hai ngày sinh trong chip",
    CardDoubt.CARD_SEX.value: "hai giới tính trong chip",
    CardDoubt.CARD_EXPIRY.value: "hai ngày hết hạn trong chip",
    CardDoubt.CARD_ZONE.value: "số kiểm tra trong chip",
    CardDoubt.CARD_FILE.value: "dữ liệu chip bị giấu hoặc hỏng",
}


def told(detail: dict[str, Any]) -> dict[str, Any]:
    """A case's details in two parts: ``told`` in words for everybody, ``detail`` for technicians."""
    said = [(label, _detail(name, detail[name])) for name, label in DETAIL.items() if detail.get(name)]
    return {"told": said, "detail": {name: value for name, value in detail.items() if name not in DETAIL}}


def _detail(name: str, value: object) -> str:
    if name.endswith("_vnd") and isinstance(value, int):
        return money(value)
    if name.endswith("_at") and isinstance(value, int):
        return moment(value)
    if isinstance(value, list):
        return ", ".join(REASON.get(str(each), str(each)) for each in value)
    return REASON.get(str(value), str(value))


def lasted(hours: int) -> str:
    """How long something has lasted: hours, from two days on days."""
    return f"{hours} giờ" if hours < 48 else f"{hours // 24} ngày"


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(VIETNAM)
