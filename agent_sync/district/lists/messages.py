"""The sentences that an officer reads for each finding, in Vietnamese and English.

An error goes back to a commune, so it says what to do, not only what is wrong. ``{detail}`` is what
was found. A test walks every finding through every language.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from agent_sync.district.lists.findings import ErrorKind as E
from agent_sync.district.lists.findings import FileErrorKind as F
from agent_sync.district.lists.findings import HeldReason as H
from agent_sync.district.lists.findings import NoticeKind as N
from agent_sync.district.lists.findings import Warn as W  # noqa: N817

LANGUAGES: Final = ("vi", "en")

Texts = tuple[str, str]

_FILE: Final[dict[F, Texts]] = {
    F.NOT_FOUND: ("Không mở được tệp.", "The file cannot be opened."),
    F.EMPTY_FILE: ("Tệp rỗng.", "The file is empty."),
    F.TOO_LARGE: ("Tệp lớn hơn 10 MB: không phải danh sách chi trả.", "The file is larger than 10 MB."),
    F.UNPACKS_TOO_LARGE: ("Tệp bung ra quá lớn, không an toàn để mở.", "The file unpacks to an unsafe size."),
    F.ENCRYPTED: ("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "The file has a password. Remove it, send again."),
    F.OLD_XLS: ("Tệp Excel kiểu cũ (.xls). Hãy lưu lại thành .xlsx.", "An old .xls file. Save it as .xlsx."),
    F.BINARY_WORKBOOK: ("Tệp .xlsb. Hãy lưu lại thành .xlsx.", "An .xlsb file. Save it as .xlsx."),
    F.CSV: ("Đây là tệp văn bản (CSV). Hãy lưu lại thành .xlsx.", "A text (CSV) file. Save it as .xlsx."),
    F.HTML: (
        "Đây là trang web hoặc XML đổi đuôi. Hãy lưu lại thành .xlsx.",
        "A web page or XML renamed. Save as .xlsx.",
    ),
    F.PDF: ("Đây là tệp PDF. Cần bảng tính .xlsx.", "A PDF. A spreadsheet (.xlsx) is needed."),
    F.OTHER_DOCUMENT: ("Đây là loại tệp khác, không phải bảng tính .xlsx.", "Another kind of document, no .xlsx."),
    F.NOT_A_WORKBOOK: ("Tệp không phải bảng tính .xlsx.", "The file is no .xlsx workbook."),
    F.BROKEN_WORKBOOK: (
        "Bảng tính bị hỏng ({detail}). Hãy mở, lưu lại và gửi lại.",
        "The workbook is broken ({detail}).",
    ),
    F.TOO_MANY_SHEETS: ("Tệp có quá nhiều trang tính.", "The file has too many sheets."),
    F.TOO_MANY_ROWS: ("Một trang tính có hơn 20.000 dòng.", "A sheet has more than 20,000 rows."),
    F.TOO_MANY_CELLS: ("Tệp có quá nhiều ô.", "The file has too many cells."),
    F.TOO_MANY_COLUMNS: ("Một trang tính có hơn 256 cột.", "A sheet has more than 256 columns."),
    F.NO_LIST: (
        "Không thấy danh sách chi trả: cần một dòng tiêu đề có họ tên và số tiền.",
        "No pay list found: a header with names and sums is needed.",
    ),
    F.DECREASE_LIST: (
        "Đây là danh sách giảm, không phải danh sách chi trả.",
        "A list of those who leave, no pay list.",
    ),
    F.PERIOD_MISMATCH: (
        "Kỳ ghi trong danh sách khác kỳ cần nhập: {detail}.",
        "The list is for another month: {detail}.",
    ),
    F.PERIOD_MISSING: ("Không rõ kỳ chi trả. Hãy chọn kỳ.", "The month is unknown. Choose one."),
    F.SEVERAL_PERIODS: ("Tệp có nhiều kỳ: {detail}. Hãy chọn một kỳ.", "Several months: {detail}. Choose one."),
    F.PROGRAMME_MISSING: ("Không rõ chương trình trợ cấp. Hãy chọn.", "The programme is unknown. Choose one."),
    F.TOTAL_MISMATCH: (
        "Dòng tổng cộng không bằng tổng các dòng: {detail}. Cả danh sách không được nhập.",
        "The total is not the sum of the rows: {detail}. Nothing is imported.",
    ),
    F.TOTAL_WORDS_MISMATCH: ("Số tiền bằng chữ khác tổng các dòng: {detail}.", "The sum in words differs: {detail}."),
    F.COUNT_MISMATCH: ("Số người ghi trong danh sách khác số dòng: {detail}.", "The stated count differs: {detail}."),
}

_ERROR: Final[dict[E, Texts]] = {
    E.NAME_MISSING: ("Thiếu họ và tên.", "The name is missing."),
    E.NAME_UNREADABLE: ("Ô họ tên không phải là tên người.", "The name cell holds no name."),
    E.ID_NOT_DIGITS: ("Số định danh phải là 12 chữ số; hãy định dạng ô là văn bản.", "The number must be 12 digits."),
    E.ID_WRONG_LENGTH: ("Số định danh không đủ 12 chữ số.", "The number does not have 12 digits."),
    E.AMOUNT_MISSING: ("Thiếu số tiền.", "The sum is missing."),
    E.AMOUNT_UNREADABLE: ("Không đọc được số tiền. Hãy ghi bằng chữ số.", "The sum cannot be read."),
    E.AMOUNT_WITHOUT_VALUE: (
        "Ô số tiền là công thức chưa có kết quả. Hãy mở bằng Excel, lưu lại rồi gửi.",
        "The sum is a formula without a value. Open, save and send again.",
    ),
    E.AMOUNT_SCIENTIFIC: ("Số tiền ghi dạng 5E+05. Hãy ghi đủ các chữ số.", "The sum is in scientific notation."),
    E.AMOUNT_FRACTION: ("Số tiền có phần lẻ dưới một đồng.", "The sum has a fraction of a đồng."),
    E.AMOUNT_ZERO: ("Số tiền bằng 0.", "The sum is zero."),
    E.AMOUNT_NEGATIVE: ("Số tiền âm.", "The sum is negative."),
    E.AMOUNT_TOO_LARGE: ("Số tiền lớn quá mức có thể.", "The sum is impossibly large."),
    E.ROW_TOTAL_MISMATCH: ("Tổng của dòng khác các khoản cộng lại.", "The row's total differs from its parts."),
    E.BIRTH_UNREADABLE: ("Không đọc được ngày sinh (ngày/tháng/năm).", "The date of birth cannot be read."),
    E.BIRTH_IMPOSSIBLE: ("Ngày sinh không có trong lịch.", "The date of birth is impossible."),
    E.BIRTH_FUTURE: ("Ngày sinh ở tương lai.", "The date of birth lies in the future."),
    E.PERIOD_UNREADABLE: ("Không đọc được tháng của dòng.", "The month of the row cannot be read."),
    E.TEXT_TOO_LONG: ("Một ô có quá nhiều chữ.", "A cell holds too much text."),
    E.CELL_ERROR: (
        "Một ô là công thức lỗi hoặc chưa có kết quả.",
        "A cell is a formula with an error or without a value.",
    ),
    E.ROW_INCOMPLETE: (
        "Có tên “{detail}” nhưng không có số thứ tự, số định danh và số tiền.",
        "A name “{detail}” without number and sum.",
    ),
}

_HELD: Final[dict[H, Texts]] = {
    H.ID_MISSING: ("Chưa có số định danh.", "No citizen number."),
    H.CMND_ONLY: (
        "Chỉ có số CMND cũ (hết giá trị từ 31/12/2024).",
        "Only an old CMND number (invalid since 2024-12-31).",
    ),
    H.ID_SHORT: (
        "Số định danh thiếu chữ số; có thể thiếu số 0 ở đầu.",
        "The number lacks digits, perhaps leading zeros.",
    ),
    H.NUMBER_SHARED: ("Hai tên khác nhau dùng chung một số định danh.", "Two names share one number."),
    H.DUPLICATE_LINE: ("Trùng với một dòng khác trong danh sách.", "The same as another line of the list."),
    H.DUPLICATE_DIFFERS: (
        "Một người có hai dòng với số tiền khác nhau.",
        "Two lines of one person with different sums.",
    ),
    H.NAME_UNUSUAL: ("Họ tên có ký tự lạ.", "The name has unusual characters."),
    H.NAME_SAYS_DECEASED: ("Ghi bên tên: người hưởng đã mất.", "Beside the name: deceased."),
    H.NOTE_SAYS_DECEASED: ("Ghi chú: người hưởng đã mất.", "The note says: deceased."),
    H.NOTE_SAYS_STOPPED: ("Ghi chú: dừng hoặc chưa chi.", "The note says: stopped."),
    H.DECREASE_SECTION: ("Nằm trong phần giảm của danh sách.", "In the part of those who leave."),
    H.HIDDEN_ROW: ("Dòng bị ẩn trong bảng tính.", "The row is hidden in the spreadsheet."),
    H.STRUCK_THROUGH: ("Dòng bị gạch ngang.", "The row is struck through."),
    H.ENCODING_UNSURE: ("Bảng mã của tên không chắc chắn.", "The encoding of the name is unsure."),
    H.AMOUNT_SMALL: (
        "Số tiền nhỏ bất thường; có thể ghi theo nghìn đồng.",
        "An unusually small sum, perhaps in thousands.",
    ),
    H.AMOUNT_LARGE: ("Số tiền lớn bất thường.", "An unusually large sum."),
    H.DEDUCTION: ("Có khoản khấu trừ.", "There is a deduction."),
    H.DIFFERENCE_UNLINKED: ("Khoản chênh lệch: cần gắn với khoản đã có.", "A difference that needs its entitlement."),
    H.ARREARS_WITHOUT_PERIOD: ("Truy lĩnh không ghi của tháng nào.", "Arrears without their month."),
    H.ARREARS_SEVERAL_MONTHS: ("Truy lĩnh nhiều tháng, không chia được.", "Arrears of several months."),
    H.ARREARS_NOT_PAST: ("Truy lĩnh của tháng chưa qua.", "Arrears of a month that is not past."),
    H.SEVERAL_MONTHS: ("Một số tiền cho nhiều tháng.", "One sum for several months."),
    H.PERIOD_AHEAD: ("Tháng của dòng sau kỳ của danh sách.", "The row's month lies after the list's."),
    H.PROGRAMME_DIFFERS: ("Chương trình của dòng khác chương trình đã chọn.", "Another programme than chosen."),
    H.PROGRAMME_UNKNOWN: ("Không rõ chương trình của dòng.", "The row's programme is unknown."),
    H.METHOD_UNKNOWN: ("Không rõ hình thức nhận.", "The way of payment is unclear."),
    H.ALREADY_IMPORTED: ("Khoản này đã được nhập.", "This entitlement was imported already."),
    H.MATCHES_OPEN: ("Tháng này còn một khoản chưa chi.", "An entitlement of that month is still open."),
    H.ALREADY_SETTLED: ("Khoản của tháng này đã chi xong.", "That month's entitlement was settled."),
    H.MONTHLY_IN_SAME_LIST: ("Danh sách đã có khoản của đúng tháng này.", "The list has this month's sum already."),
}

_WARN: Final[dict[W, Texts]] = {
    W.LEADING_ZERO_RESTORED: ("Đã thêm lại số 0 ở đầu số định danh.", "Leading zeros were restored."),
    W.REPAIRED_TCVN3: ("Đã chuyển chữ từ bảng mã TCVN3.", "Converted from TCVN3."),
    W.REPAIRED_VNI: ("Đã chuyển chữ từ bảng mã VNI.", "Converted from VNI."),
    W.REPAIRED_BROKEN_UTF8: ("Đã sửa chữ bị lỗi phông.", "Broken UTF-8 was repaired."),
    W.HIDDEN_CHARACTERS: ("Đã bỏ ký tự không nhìn thấy.", "Invisible characters were removed."),
    W.NAME_UNUSUAL: ("Họ tên có chữ số hoặc chỉ một chữ.", "The name has digits or is one word."),
    W.HONORIFIC_REMOVED: ("Đã bỏ danh xưng trước tên.", "The form of address was removed."),
    W.BIRTH_MISSING: ("Thiếu ngày sinh.", "No date of birth."),
    W.BIRTH_TWO_DIGIT_YEAR: ("Năm sinh chỉ có hai chữ số.", "The year of birth has two digits."),
    W.DAY_MONTH_SWAPPED: ("Ngày và tháng sinh có thể bị đổi chỗ.", "Day and month may have changed places."),
    W.BIRTH_DIFFERS_FROM_ID: ("Năm sinh khác năm trong số định danh.", "The year of birth differs from the number."),
    W.SEX_DIFFERS_FROM_ID: ("Giới tính khác trong số định danh.", "The sex differs from the number."),
    W.AGE_UNUSUAL: ("Tuổi không thường gặp ở chương trình này.", "An unusual age for the programme."),
    W.SEX_UNREADABLE: ("Không đọc được giới tính.", "The sex cannot be read."),
    W.PHONE_UNREADABLE: ("Không đọc được số điện thoại.", "The telephone number cannot be read."),
    W.PAYEE_WITHOUT_ID: ("Người nhận thay chưa có số định danh.", "The payee has no number."),
    W.PAYEE_ID_UNREADABLE: ("Số định danh người nhận thay không đúng.", "The payee's number is wrong."),
    W.PAYEE_IS_RECIPIENT: ("Người nhận thay chính là người hưởng.", "The payee is the recipient."),
    W.PAYEE_FOR_MANY: ("Một người nhận thay cho nhiều người.", "One payee for many recipients."),
    W.METHOD_FROM_ACCOUNT: ("Có số tài khoản nên coi là chuyển khoản.", "Taken as bank for its account."),
    W.ACCOUNT_MISSING: ("Chuyển khoản nhưng thiếu số tài khoản.", "Bank without an account number."),
    W.THOUSANDS: ("Danh sách ghi theo nghìn đồng; đã nhân 1.000.", "In thousands: multiplied by 1,000."),
    W.MONTHS_SPLIT: ("Đã tách số tiền nhiều tháng.", "Several months were split."),
    W.NAMESAKE: ("Trùng họ tên và ngày sinh với người khác.", "Same name and birth as another person."),
}

_NOTICE: Final[dict[N, Texts]] = {
    N.SHEET_WITHOUT_LIST: ("Trang tính không phải danh sách chi trả.", "The sheet is no pay list."),
    N.HIDDEN_SHEET_SKIPPED: ("Trang tính bị ẩn nên không đọc.", "A hidden sheet was left out."),
    N.SHEET_OF_OTHER_PERIOD: ("Trang tính của kỳ khác: {detail}.", "A sheet of another month: {detail}."),
    N.DECREASE_SHEET_SKIPPED: ("Trang danh sách giảm, không chi.", "A sheet of those who leave was left out."),
    N.PERIOD_UNKNOWN: ("Danh sách không ghi kỳ; cần chọn khi nhập.", "The month is unknown; choose one to import."),
    N.PROGRAMME_UNKNOWN: (
        "Không rõ chương trình; cần chọn khi nhập.",
        "The programme is unknown; choose one to import.",
    ),
    N.PROGRAMME_TITLE_DIFFERS: (
        "Tiêu đề ghi chương trình khác: {detail}.",
        "The title names another programme: {detail}.",
    ),
    N.TOTAL_NOT_CHECKED: ("Chưa đối chiếu được dòng tổng cộng.", "The total could not be checked."),
    N.NO_TOTAL_ROW: ("Danh sách không có dòng tổng cộng.", "The list has no total row."),
    N.SUBTOTAL_MISMATCH: ("Dòng cộng nhóm không khớp: {detail}.", "A subtotal does not fit: {detail}."),
    N.TEXT_OUTSIDE_ROWS: ("Có chữ nằm ngoài danh sách: “{detail}”.", "Words outside the list: “{detail}”."),
    N.COLUMN_NOT_UNDERSTOOD: ("Không hiểu cột “{detail}”.", "The column “{detail}” is not understood."),
}


def sentence(finding: StrEnum, detail: str = "", language: str = "vi") -> str:
    """The sentence for a finding. Raises KeyError for a finding or ValueError for a language unknown here."""
    return _of(finding)[LANGUAGES.index(language)].replace("{detail}", detail)


def _of(finding: StrEnum) -> Texts:
    # Two enums may use one word (``programme_unknown``), and equal words are one key: look in the own table.
    match finding:
        case F():
            return _FILE[finding]
        case E():
            return _ERROR[finding]
        case H():
            return _HELD[finding]
        case W():
            return _WARN[finding]
        case N():
            return _NOTICE[finding]
        case _:
            raise KeyError(finding)
