"""How words are broken into lines: no more lines than they need, and none of them left nearly empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.fit import even, wrap


def test_no_last_word_stands_alone() -> None:
    assert wrap("Giữ máy lại, gọi bưu cục ngay.", 26, len) == ["Giữ máy lại, gọi bưu cục", "ngay."]
    assert even("Giữ máy lại, gọi bưu cục ngay.", 26, len) == ["Giữ máy lại, gọi", "bưu cục ngay."]


@given(st.lists(st.text("ab", min_size=1, max_size=9), min_size=1, max_size=12), st.integers(10, 40))
def test_even_lines_are_no_more_nor_wider_and_lose_no_word(words: list[str], room: int) -> None:
    sentence = " ".join(words)
    lines = even(sentence, room, len)
    assert " ".join(lines) == sentence
    assert len(lines) == len(wrap(sentence, room, len))
    assert max(len(line) for line in lines) <= room
