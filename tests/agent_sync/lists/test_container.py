"""Files that are no .xlsx get one clear answer, and none of them gets to work on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists import read_pay_list
from agent_sync.district.lists.container import MAX_FILE_BYTES
from agent_sync.district.lists.errors import UnreadableWorkbook
from agent_sync.district.lists.findings import FileErrorKind
from agent_sync.district.lists.workbook import read_workbook
from tests.agent_sync.samples import NOVEMBER, Person, book_of, list_rows, one_cell, packed, write_rows, write_sheets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows_of(count: int) -> str:
    rows = "".join(f'<row r="{k}"><c><v>1</v></c></row>' for k in range(1, count + 1))
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>"


def answer(folder: Path, data: bytes) -> list[FileErrorKind]:
    path = folder / "list.xlsx"
    path.write_bytes(data)
    return [error.kind for error in read_pay_list(path, period=NOVEMBER).file_errors]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileErrorKind.EMPTY_FILE),
        ("STT;Họ tên;Số tiền\n1;A;2\n".encode(), FileErrorKind.CSV),
        ("STT\tHọ tên\n".encode("utf-16"), FileErrorKind.CSV),
        (b"<html><table><tr><td>1", FileErrorKind.HTML),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><Workbook/>", FileErrorKind.HTML),
        (b"%PDF-1.7 ...", FileErrorKind.PDF),
        (OLE + bytes(600), FileErrorKind.OLD_XLS),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), FileErrorKind.ENCRYPTED),
        (b"\x00\x01\x02\x03", FileErrorKind.NOT_A_WORKBOOK),
        (b"PK\x03\x04 cut off", FileErrorKind.BROKEN_WORKBOOK),
        (packed({"word/document.xml": "<a/>", "_rels/.rels": "<a/>"}), FileErrorKind.OTHER_DOCUMENT),
        (packed({"notes.txt": "x"}), FileErrorKind.OTHER_DOCUMENT),
        (packed({"xl/workbook.bin": "x", "_rels/.rels": "<a/>"}), FileErrorKind.BINARY_WORKBOOK),
        (packed({"xl/workbook.xml": "<a>"}), FileErrorKind.BROKEN_WORKBOOK),
        (packed({f"x{k}": "" for k in range(2100)}), FileErrorKind.UNPACKS_TOO_LARGE),
        (bytes(MAX_FILE_BYTES + 1), FileErrorKind.TOO_LARGE),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, data: bytes, kind: FileErrorKind) -> None:
    assert answer(tmp_path, data) == [kind]


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [
        ("<worksheet>" + " " * (64 << 20) + "</worksheet>", FileErrorKind.UNPACKS_TOO_LARGE),
        ("<worksheet>" + "<a>" * 900_000, FileErrorKind.UNPACKS_TOO_LARGE),
        (rows_of(20_001), FileErrorKind.TOO_MANY_ROWS),
        (one_cell('<c r="XFD1"><v>1</v></c>'), FileErrorKind.TOO_MANY_COLUMNS),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet>&b;</worksheet>", FileErrorKind.BROKEN_WORKBOOK),
        ("<worksheet><sheetData>", FileErrorKind.BROKEN_WORKBOOK),
        (one_cell('<c t="s"><v>7</v></c>'), FileErrorKind.BROKEN_WORKBOOK),
        (one_cell('<c s="-1"><v>7</v></c>'), FileErrorKind.BROKEN_WORKBOOK),
        (rows_of(2).replace('r="2"', 'r="1"'), FileErrorKind.BROKEN_WORKBOOK),
        ("<worksheet><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells></worksheet>", FileErrorKind.NO_LIST),
        (one_cell("<c><v>1e999</v></c><c><v>NaN</v></c><c><v>-1E-999</v></c>"), FileErrorKind.NO_LIST),
    ],
)
def test_hostile_sheets(tmp_path: Path, sheet: str, kind: FileErrorKind) -> None:
    assert answer(tmp_path, book_of(sheet)) == [kind]


def test_cells_are_counted_over_all_sheets(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "two.xlsx", {"A": [[1] * 30], "B": [[1] * 30]})
    assert [len(sheet.rows) for sheet in read_workbook(path, max_cells=60)] == [1, 1]
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(path, max_cells=59)
    assert refused.value.kind is FileErrorKind.TOO_MANY_CELLS


def test_what_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xlsx", tmp_path, Path("a\0b")):
        assert [e.kind for e in read_pay_list(path).file_errors] == [FileErrorKind.NOT_FOUND]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a list that is imported."""
    return write_rows(tmp_path_factory.mktemp("good") / "good.xlsx", list_rows([Person()])).read_bytes()


def test_every_cut_of_a_good_file_is_an_answer_and_no_exception(tmp_path: Path, good: bytes) -> None:
    assert answer(tmp_path, good) == []
    for length in range(0, len(good), 97):
        assert answer(tmp_path, good[:length]) != []


@given(place=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_every_changed_byte_is_an_answer_and_no_exception(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, place: int, byte: int
) -> None:
    data = bytearray(good)
    data[place % len(data)] = byte
    answer(tmp_path_factory.getbasetemp(), bytes(data))
