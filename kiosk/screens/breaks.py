"""Where a few lines break: about equally long, after a sentence rather than within, a two-syllable word left whole.

Filled line by line, a sentence leaves its last word alone below, and "nhân viên" apart on two lines: slow to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

MOST = 6
"""Lines up to which a text is balanced; a longer one reads as a paragraph."""
SENTENCE_END, COMMA, CUT_NAME, CUT_WORD = -0.2, -0.06, 0.1, 0.2
"""What a break costs after a sentence, after a comma, within a name and within a word, in squared shares of a line
left empty; less than nothing where it helps."""
WORDS = (
    ",nhân viên,bưu cục,bưu điện,tài khoản,căn cước,quyền chi,danh sách,biên nhận,hôm nay,điện thoại,ngân hàng,đầu đọc,"
    "mã pin,mã qr,mã này,số tiền,tiền mặt,thu hồi,phụ trách,máy in,đặc cách,lý do,ý kiến,người hưởng,quay lại,chữ số,"
    "bắt đầu,màn hình,hết hạn,ngày sinh,kiểm tra,khác nhau,vì sao,làm chứng,giao ca,thứ hai,ủy quyền,trả lời,họ tên,"
    "điểm chỉ,giấy tờ,báo cáo,ghi sổ,thử lại,nhập lại,đặt lại,giám hộ,thứ tự,giới tính,dữ liệu,liên lạc,sổ quỹ,sổ này,"
    "thay đổi,trước khi,cán bộ,huấn luyện,mang theo,thân nhân,mai táng,đồng ý,sự việc,xảy ra,đăng ký,quy định,làm tròn,"
    "chứng minh,thẻ gốc,chứng thư,xác nhận,khuôn mặt,xem xét,toàn vẹn,xem lại,nhận được,chi được,tận tay,kỳ sổ,số lẻ,"
    "gia đình,hàng xóm,trưởng ấp,máy quét,máy khác,lần chi,chuyển tiền,nhà này,người nhà,bàn giao,con trai,con gái,"
    "bệnh viện,chuyển đi,đọc được,in được,báo mất,cách nhận,thủ quỹ,quan hệ,liên hệ,"
    "hướng dẫn,nhận thay,hiệu lực,chương trình,chỉ định,lúc này,"
    "tiếp theo,phím xanh,ký nhận,ghi chép,số cuối,mở khóa,đặt thẻ,nhận tiền,trao tiền,đếm tiền,"
)
"""Vietnamese words of two syllables on these pages: a line does not end in the middle of one, where it can."""

NUMBERED = frozenset({"ngày", "tháng", "số", "mã", "lúc", "tổ"})
"""Words that stay with the figure after them."""


def balanced(lines: list[str], pieces: tuple[str, ...], room: float, width: Callable[[str], float]) -> list[str]:
    """As many lines of one paragraph's words as ``lines``, broken better; the same lines where that cannot be done.

    ``pieces`` are the words with the space after them; ``room`` and ``width`` are in pixels. Only words are measured,
    and the lines that are chosen: measuring every line that might be would cost more than drawing the page.
    """
    wide = [width(piece.rstrip()) for piece in pieces]
    if not 1 < len(lines) <= MOST or max(wide) > room:
        return lines
    space = width("n n") - 2 * width("n")
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    for start in range(len(pieces)):
        for row in range(len(lines)):
            cost, ends = best.get((start, row), (0.0, None))
            if ends is None:
                continue
            for end, price in _next(pieces, wide, start, room, space):
                if cost + price < best.get((end, row + 1), (float("inf"), ()))[0]:
                    best[end, row + 1] = (cost + price, (*ends, end))
    ends = best.get((len(pieces), len(lines)), (0.0, ()))[1]
    better = ["".join(pieces[one:two]).rstrip().replace("\u200b", "") for one, two in pairwise((0, *ends))]
    return better if ends and all(width(line) <= room for line in better) else lines


def cuts_word(lines: tuple[str, ...]) -> bool:
    """True when a word of two syllables is torn between two of these lines."""
    pairs = [(above.split(), below.split()) for above, below in pairwise(lines)]
    return any(above and below and _price(above[-1], below[0]) >= CUT_WORD for above, below in pairs)


def _next(pieces: tuple[str, ...], wide: list[float], start: int, room: float, space: float) -> list[tuple[int, float]]:
    """Every line that may begin here: where it ends, and what it costs."""
    found: list[tuple[int, float]] = []
    filled = 0.0
    for end in range(start + 1, len(pieces) + 1):
        filled += wide[end - 1] + (space if end > start + 1 and pieces[end - 2].endswith(" ") else 0.0)
        left = (room - filled) / room
        if left < 0:
            break
        after = pieces[end].strip() if end < len(pieces) else ""
        found.append((end, left**2 + (_price(pieces[end - 1].strip(), after) if after else 0.0)))
    return found


def _price(last: str, first: str) -> float:
    """What it costs to break between these two words."""
    if last.endswith((".", "?", "!", ":")):
        return SENTENCE_END
    if last.endswith(",") or first.startswith("("):
        return COMMA
    before, after = last.lower().strip("(“”"), re.sub(r"[^\w]", "", first).lower()
    if f",{before} {after}," in WORDS or last.isdigit() or (first[:1].isdigit() and before in NUMBERED):
        return CUT_WORD
    return CUT_NAME if last[:1].isupper() and first[:1].isupper() else 0.0
