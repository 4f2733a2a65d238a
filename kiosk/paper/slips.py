"""Papers for the road and the drawer: guidance, method, release code, cash, handover, day, test."""

from __future__ import annotations

from hardware.printer.layout import (
    Amount,
    Banner,
    Block,
    Line,
    Picture,
    Qr,
    Row,
    Rule,
    Size,
    Space,
    Text,
)
from kiosk.numerals import grouped, in_figures
from kiosk.paper import parts, words
from kiosk.payout.names import Vnd
from kiosk.payout.receipt import (
    CashReport,
    DayRow,
    EndOfDayList,
    GuidanceSlip,
    HandoverSlip,
    LeaseReleaseSlip,
    MethodSlip,
    StatementSlip,
    TestPage,
    total_of,
)
from kiosk.payout.statements import PayWay, StatementKind


def guidance(slip: GuidanceSlip) -> tuple[Block, ...]:
    """What to bring, numbered, in words an old person can have read aloud."""
    rows: list[Block] = []
    for number, paper in enumerate(slip.missing, start=1):
        what, how = words.MISSING[paper]
        rows += [Text(f"{number}. {what}", Size.LARGE, bold=True), Text(how), Space(10)]
    return (
        *parts.head(slip.origin, "GIẤY HƯỚNG DẪN"),
        *parts.person("Người hưởng", slip.recipient_name),
        Text("Để nhận tiền, xin mang theo:", Size.BODY),
        Space(8),
        *rows,
        *parts.person("Mang đến", slip.bring_to),
        Text("Khoản trợ cấp vẫn còn nguyên.", Size.BODY, bold=True),
        Text(words.NO_FEE, Size.BODY, bold=True),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


_STATEMENT = {
    StatementKind.SUM_ACCEPTED: ("PHIẾU GHI Ý KIẾN", "Đã nhận tiền, có ý kiến về số tiền."),
    StatementKind.SUM_DECLINED: ("PHIẾU GHI Ý KIẾN", "Chưa nhận tiền, vì số tiền chưa đúng."),
    StatementKind.COMPLAINT: ("PHIẾU GHI Ý KIẾN", "Ý kiến của người hưởng:"),
    StatementKind.PAPERS: ("PHIẾU GHI NHẬN", "Còn thiếu giấy tờ."),
    StatementKind.INCIDENT: ("PHIẾU GHI SỰ VIỆC", "Sự việc do nhân viên ghi:"),
    StatementKind.METHOD: ("PHIẾU ĐĂNG KÝ CÁCH NHẬN", "Cách nhận tiền mong muốn:"),
    StatementKind.CARD_HANDED: ("PHIẾU GIAO THẺ", "Đã nhận thẻ ngân hàng:"),
    StatementKind.DATA: ("PHIẾU ĐỀ NGHỊ SỬA THÔNG TIN", "Thẻ và danh sách ghi như sau:"),
}
_ANSWER = {
    StatementKind.CARD_HANDED: "Xin giữ kín mã PIN. Nhân viên bưu điện không bao giờ hỏi mã PIN.",
    StatementKind.DATA: "Ủy ban xã xem lại và trả lời. Quyền lợi không thay đổi.",
}


def _signature(name: str, *, signed: bool) -> tuple[Block, ...]:
    """A frame for the pen, or the word that the screen was signed."""
    return (Text(f"{name} đã ký trên máy.", Size.BODY),) if signed else parts.signatures(("Người hưởng", name))


def statement(slip: StatementSlip) -> tuple[Block, ...]:
    """What was said, word by word, and that it was received."""
    title, says = _STATEMENT[slip.about]
    return (
        *parts.head(slip.origin, title),
        *parts.person("Người hưởng", slip.recipient_name),
        Text(says, Size.BODY, bold=True),
        *((Text(slip.words, Size.LARGE),) if slip.words else ()),
        *(() if slip.total is None else parts.total(slip.origin, slip.total)),
        Space(8),
        Text(_ANSWER.get(slip.about, "Bưu điện đã ghi nhận và sẽ trả lời. Quyền lợi không thay đổi."), Size.BODY),
        *_signature(slip.recipient_name, signed=slip.signed),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


_TAIL = {
    PayWay.CASH: "",
    PayWay.BANK: "Số tài khoản",
    PayWay.WALLET: "Số điện thoại",
    PayWay.OPEN_ACCOUNT: "Điện thoại để ngân hàng gọi",
}


def method(slip: MethodSlip) -> tuple[Block, ...]:
    """The way of payment that was wished for; the account shows its last digits only."""
    tail = f"... {slip.account_tail}" if slip.account_tail else ""
    account = parts.facts(("Nơi mở", slip.provider), ("Chủ tài khoản", slip.holder), (_TAIL[slip.way], tail))
    return (
        *parts.head(slip.origin, "PHIẾU ĐĂNG KÝ CÁCH NHẬN"),
        *parts.person("Người hưởng", slip.recipient_name),
        *parts.person("Cách nhận tiền", words.PAY_WAY[slip.way]),
        *account,
        Text("Khi bưu điện báo lại thì mới đổi. Từ nay đến đó vẫn nhận như cũ.", Size.BODY, bold=True),
        Text("Muốn đổi lại, xin báo bưu điện hoặc Ủy ban xã. Không mất phí.", Size.BODY),
        *_signature(slip.recipient_name, signed=slip.signed),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


def lease_release(slip: LeaseReleaseSlip) -> tuple[Block, ...]:
    """The code in three groups of four, to be read out over the telephone."""
    code = " ".join(slip.code[start : start + 4] for start in (0, 4, 8))
    return (
        *parts.head(slip.origin, "PHIẾU NHẢ QUYỀN CHI"),
        Text(f"Máy nhận: {slip.stand_in}", Size.LARGE, bold=True),
        Text("Đọc mã này qua điện thoại:", Size.BODY),
        Amount(code),
        *parts.person("Người hưởng", slip.recipient_name),
        *parts.entitlement_rows(slip.lines),
        Row("Cộng", in_figures(total_of(slip.lines)), Size.LARGE, bold=True),
        Text(f"Hết hạn: {words.moment(slip.expires_at)}", Size.BODY, fit=True),
        Space(5),
        Banner("MÁY NÀY KHÔNG TRẢ KHOẢN NÀY NỮA"),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


def cash_report(report: CashReport) -> tuple[Block, ...]:
    """A session's cash, line by line, with the variance spelled out."""
    session = f"{words.hour(report.opened_at)} - {words.moment(report.closed_at)}"
    return (
        *parts.head(report.origin, "BÁO CÁO QUỸ CA CHI"),
        Text(session, Size.BODY),
        Rule(),
        Row("Đầu ca", grouped(report.opening)),
        Row("Tiếp thêm", _signed("+", report.added)),
        Row("Nộp lại", _signed("-", report.returned)),
        Row(f"Đã chi ({report.payouts} lượt)", _signed("-", report.paid)),
        Row("Thu hồi", _signed("+", report.reversed)),
        Rule(Line.DASHED),
        Row("Phải còn", in_figures(report.expected), Size.BODY, bold=True),
        Space(10),
        Text("Đếm thực tế:", Size.BODY),
        *parts.notes_table(report.notes),
        Space(8),
        *_variance(report),
        *parts.signatures(("Nhân viên", report.origin.agent)),
        Rule(Line.DASHED),
        *parts.provenance(report.origin),
        *parts.foot(report.origin),
    )


def _signed(sign: str, amount: Vnd) -> str:
    """``+ 500.000``; nothing needs no sign."""
    return f"{sign} {grouped(amount)}" if amount else "0"


def _variance(report: CashReport) -> tuple[Block, ...]:
    if report.variance == 0:
        return (Banner("QUỸ KHỚP"),)
    side = "THIẾU" if report.variance > 0 else "THỪA"
    reason = words.VARIANCE[report.reason]
    return (
        Banner(f"{side} {grouped(abs(report.variance))} đ"),
        *parts.facts(("Lý do", reason), ("Ghi chú", report.remark)),
    )


def handover(slip: HandoverSlip) -> tuple[Block, ...]:
    """Cash between two named people: counted note by note, signed by both."""
    return (
        *parts.head(slip.origin, words.HANDOVER[slip.kind]),
        *parts.person("Người giao", slip.from_name),
        *parts.person("Người nhận", slip.to_name),
        *parts.notes_table(slip.notes),
        *parts.total(slip.origin, slip.amount),
        *parts.signatures(("Người giao", slip.from_name), ("Người nhận", slip.to_name)),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


def end_of_day(document: EndOfDayList) -> tuple[Block, ...]:
    """Every payout of the day with its own QR, from which the day can be entered again."""
    rows = [block for row in document.rows for block in _day_row(row)]
    return (
        *parts.head(document.origin, "BẢNG KÊ CUỐI NGÀY"),
        Text(f"Ngày {words.day(document.origin.at)}", Size.LARGE, bold=True),
        Text("Cất riêng, không để cùng máy. Nếu mất máy, bưu điện quét từng mã để nhập lại ngày này.", Size.SMALL),
        Rule(),
        *rows,
        Row(f"Cộng {len(document.rows)} lượt", in_figures(document.total), Size.BODY, bold=True),
        *parts.signatures(("Nhân viên", document.origin.agent)),
        Rule(Line.DASHED),
        *parts.provenance(document.origin),
        *parts.foot(document.origin),
    )


def _day_row(row: DayRow) -> tuple[Block, ...]:
    beside = (
        Text(row.recipient_name, Size.BODY, bold=True),
        Text(in_figures(row.total), Size.BODY, bold=True),
        Text(f"{words.hour(row.at)}  {row.number}", Size.SMALL),
    )
    if row.claim:
        return (Qr(row.claim, beside, module_tenths_mm=4), Rule(Line.DASHED))
    return (*beside, Rule(Line.DASHED))


def test_page(page: TestPage) -> tuple[Block, ...]:
    """Letters with every tone, a scale of greys, a ruler and a code."""
    return (
        *parts.head(page.origin, "TRANG IN THỬ"),
        Text("Ặ Ẫ Ể Ỗ Ợ Ữ Ỵ Đ ă ằ ẵ ệ ỏ ộ ừ ỹ", Size.LARGE, bold=True),
        Text("Một triệu hai trăm năm mươi nghìn đồng. 0123456789", Size.SMALL),
        Amount("1.250.000 đ"),
        Picture(256, 40, bytes(range(256)) * 40),
        Rule(),
        Rule(Line.THICK),
        Rule(Line.DASHED),
        Text("Thấy rõ mọi dấu và mã, mã rộng 1 cm: máy in tốt."),
        Qr(b"TANNHA-TEST-PAGE"),
        *parts.facts(("Loại máy in", page.profile), ("Trạng thái", page.state)),
        *parts.provenance(page.origin),
        *parts.foot(page.origin),
    )
