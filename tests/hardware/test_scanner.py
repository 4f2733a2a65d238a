"""What a scanner sends: lines in pieces, nonsense, too much of it; and what the QR of a citizen card says."""

from __future__ import annotations

import contextlib
import os
import pty
import queue
import tty
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card.reading import Sex
from hardware.scanner import MAX_LINE, Lines, Scanner, card_code

QR = "079041000317|023456789|Nguyễn Thị Hương Lành|14021941|Nữ|số 12, Ấp Trung Hòa|01052021"


@pytest.mark.parametrize("text", [QR, f"{QR}||", f" {QR}\n", QR.replace("023456789", "")])
def test_the_number_and_the_name_of_a_card(text: str) -> None:
    code = card_code(text)
    assert code is not None
    assert (code.number, code.full_name) == ("079041000317", "Nguyễn Thị Hương Lành")
    assert (code.birth, code.birth_year) == (date(1941, 2, 14), 1941)
    assert (code.sex, code.issued) == (Sex.FEMALE, date(2021, 5, 1))
    assert "079" not in repr(code)


@pytest.mark.parametrize(
    ("birth", "day", "year"),
    [
        ("14021941", date(1941, 2, 14), 1941),
        ("14/02/1941", date(1941, 2, 14), 1941),
        ("00001941", None, 1941),
        ("1941", None, 1941),
        ("30021941", None, 1941),
        ("", None, None),
        ("mùa lúa", None, None),
        ("١٤٠٢١٩٤١", None, None),
    ],
)
def test_a_birth_as_far_as_it_is_printed(birth: str, day: date | None, year: int | None) -> None:
    code = card_code(QR.replace("14021941", birth))
    assert code is not None
    assert (code.birth, code.birth_year) == (day, year)


@pytest.mark.parametrize(
    ("word", "sex"), [("Nam", Sex.MALE), ("nu\u031b\u0303", Sex.FEMALE), (" NỮ ", Sex.FEMALE), ("?", None), ("", None)]
)
def test_a_sex_as_far_as_it_is_printed(word: str, sex: Sex | None) -> None:
    code = card_code(QR.replace("Nữ", word))
    assert code is not None
    assert code.sex is sex


@pytest.mark.parametrize(
    "text", ["", "079041000317", "https://vneid.gov.vn/x", QR[1:], "x|" * 40, QR.replace("0", "٠")]
)
def test_anything_else_is_no_card(text: str) -> None:
    assert card_code(text) is None


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    code = card_code(text)
    assert code is None or len(code.number) == 12


@given(st.lists(st.binary(max_size=40), max_size=20), st.binary(max_size=200))
def test_a_line_is_the_same_however_it_comes_in_pieces(pieces: list[bytes], rest: bytes) -> None:
    whole, cut = Lines(), Lines()
    stream = b"".join(pieces) + rest + b"\n"
    assert whole.feed(stream) == [line for piece in (*pieces, rest, b"\n") for line in cut.feed(piece)]


def test_a_line_without_end_is_dropped_whole_and_the_next_one_is_heard() -> None:
    lines = Lines()
    assert lines.feed(b"x" * (MAX_LINE * 5)) == []
    assert lines.feed(b"\r\nafter\r\n") == ["after"]


def test_a_scan_over_a_serial_line_is_heard() -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    heard: queue.Queue[str] = queue.Queue()
    scanner = Scanner(Path(os.ttyname(theirs)), heard.put)
    scanner.start()
    try:
        assert _scanned_until_heard(ours, heard) == QR
    finally:
        scanner.stop()
        os.close(ours)
        os.close(theirs)


def _scanned_until_heard(line: int, heard: queue.Queue[str]) -> str:
    """Opening a serial line drops what came before, so whoever is not heard scans again."""
    for _ in range(40):
        os.write(line, f"{QR}\r\n".encode())
        with contextlib.suppress(queue.Empty):
            return heard.get(timeout=0.5)
    return ""
