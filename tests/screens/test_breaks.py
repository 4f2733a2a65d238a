"""Line breaks: no word left alone below, sentences and two-syllable words kept whole where there is room."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.breaks import balanced
from kiosk.screens.fit import wrap


def lines(words: str, room: int) -> list[str]:
    """Broken as for letters one pixel wide each."""
    pieces = tuple(re.findall(r"[^ ]* |[^ ]+", words))
    return balanced(wrap(words, room, len), pieces, room, len)


@pytest.mark.parametrize(
    ("words", "room", "wanted"),
    [
        ("Nguyễn Thị Hương Lành", 17, ["Nguyễn Thị", "Hương Lành"]),
        ("Mã này không đúng. Xin giữ phiếu, báo bưu điện.", 40, ["Mã này không đúng.", "Xin giữ phiếu, báo bưu điện."]),
        ("Nhân viên xem", 9, ["Nhân viên", "xem"]),
        ("Nhập 6 số cuối", 10, ["Nhập", "6 số cuối"]),
        ("Tắt máy", 20, ["Tắt máy"]),
    ],
)
def test_lines_break_where_a_reader_would(words: str, room: int, wanted: list[str]) -> None:
    assert lines(words, room) == wanted


@given(st.lists(st.text("aáb6.,?", min_size=1, max_size=9), min_size=1, max_size=24).map(" ".join), st.integers(4, 60))
def test_no_word_is_lost_and_no_line_too_wide_or_added(words: str, room: int) -> None:
    before, after = wrap(words, room, len), lines(words, room)
    assert len(after) == len(before)
    assert " ".join(after) == " ".join(before)
    assert max(map(len, after)) <= max(room, *map(len, before))
