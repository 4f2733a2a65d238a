"""Reads the XML of an .xlsx into cells, in one pass and within bounds.

openpyxl writes our sheets but does not read other people's: it builds an object for every cell of
a merged range (one line of XML can ask for 17 billion), needs two passes to know both a formula
and its value, and turns numbers into floats. ISO/IEC 29500-1 §18 is what is followed here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from agent_sync.district.lists.cells import Area, Cell, CellKind, Row, Sheet
from agent_sync.district.lists.container import Container, open_container
from agent_sync.district.lists.errors import UnreadableWorkbook
from agent_sync.district.lists.findings import FileErrorKind
from agent_sync.district.text_repair import Encoding, font_hint

MAX_SHEETS: Final = 60
MAX_ROWS: Final = 20_000
"""Rows with content in one sheet; the largest commune has about 6,000 recipients."""
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 600_000
MAX_TEXT: Final = 4_000
"""Characters of one cell that are kept; the people reader refuses far shorter ones."""
MAX_MERGES: Final = 20_000
_MAX_STRINGS: Final = 400_000
_NUMBER: Final = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_TRUE: Final = ("1", "true")

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell format says that matters here."""

    is_date: bool = False
    font: Encoding | None = None
    struck: bool = False


@dataclass(slots=True)
class _Styles:
    struck: set[int] = field(default_factory=set)
    fonts: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    cell_formats: list[Style] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def start(self, name: str, attrs: Attributes) -> None:
        parent = self.inside[-1] if self.inside else ""
        if name == "numFmt" and attrs.get("numFmtId", "").isdigit():
            self.formats[int(attrs["numFmtId"])] = attrs.get("formatCode", "")
        elif name == "font" and parent == "fonts":
            self.fonts.append("")
        elif name in ("name", "rFont") and parent == "font" and "fonts" in self.inside and self.fonts:
            self.fonts[-1] = attrs.get("val", "")
        elif name == "strike" and parent == "font" and "fonts" in self.inside and attrs.get("val", "1") in _TRUE:
            self.struck.add(len(self.fonts) - 1)
        elif name == "xf" and parent == "cellXfs":
            self.cell_formats.append(self._style(attrs))
        self.inside.append(name)

    def end(self, _name: str) -> None:
        self.inside.pop()

    def _style(self, attrs: Attributes) -> Style:
        number = _small_int(attrs.get("numFmtId", "0"))
        code = self.formats.get(number) or BUILTIN_FORMATS.get(number) or ""
        # 27-36 and 50-58 are the date formats of East Asian locales, which carry no code.
        local_date = 27 <= number <= 36 or 50 <= number <= 58
        font = _small_int(attrs.get("fontId", "0"))
        name = self.fonts[font] if font < len(self.fonts) else ""
        return Style(bool(is_date_format(code[:200])) or local_date, font_hint(name), font in self.struck)


@dataclass(slots=True)
class _Strings:
    """The shared strings; phonetic runs are left out."""

    items: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def start(self, name: str, _attrs: Attributes) -> None:
        self.inside.append(name)
        if name == "si":
            self.parts = []

    def text(self, data: str) -> None:
        if self.inside and self.inside[-1] == "t" and "rPh" not in self.inside:
            self.parts.append(data)

    def end(self, name: str) -> None:
        self.inside.pop()
        if name == "si":
            if len(self.items) >= _MAX_STRINGS:
                raise UnreadableWorkbook(FileErrorKind.TOO_MANY_CELLS)
            self.items.append("".join(self.parts)[:MAX_TEXT])


@dataclass(slots=True)
class _Book:
    """The workbook part: the sheets in order, and the calendar of the dates."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    epoch: datetime = CALENDAR_WINDOWS_1900

    def start(self, name: str, attrs: Attributes) -> None:
        if name == "workbookPr" and attrs.get("date1904") in _TRUE:
            self.epoch = CALENDAR_MAC_1904
        elif name == "sheet":
            if len(self.sheets) >= MAX_SHEETS:
                raise UnreadableWorkbook(FileErrorKind.TOO_MANY_SHEETS)
            hidden = attrs.get("state", "visible") != "visible"
            self.sheets.append((attrs.get("name", "")[:100], attrs.get("id", ""), hidden))


@dataclass(slots=True)
class _Relations:
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attrs: Attributes) -> None:
        if name == "Relationship":
            kind = attrs.get("Type", "").rsplit("/", 1)[-1]
            self.targets[attrs.get("Id", "")] = (kind, attrs.get("Target", ""))

    def of_kind(self, kind: str, base: str) -> str | None:
        """The part that the first relation of this kind points to."""
        return next((_resolve(base, target) for k, target in self.targets.values() if k == kind), None)


@dataclass(slots=True)
class _Grid:
    """One sheet while it is being read."""

    strings: list[str]
    styles: list[Style]
    epoch: datetime
    budget: int
    rows: list[Row] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    cells: dict[int, Cell] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    hidden: bool = False
    rows_hidden: bool = False
    kind: str = "n"
    style: Style = field(default_factory=Style)
    formula: bool = False
    value: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def start(self, name: str, attrs: Attributes) -> None:
        self.inside.append(name)
        if name == "c":
            self._start_cell(attrs)
        elif name == "row":
            self._start_row(attrs)
        elif name == "f":
            self.formula = True
        elif name == "sheetFormatPr":
            self.rows_hidden = attrs.get("zeroHeight") in _TRUE
        elif name == "mergeCell" and len(self.merged) < MAX_MERGES:
            area = _area(attrs.get("ref", ""))
            if area is not None:
                self.merged.append(area)

    def text(self, data: str) -> None:
        if not self.inside or "c" not in self.inside:
            return
        inline = self.inside[-1] == "t" and "rPh" not in self.inside
        if self.inside[-1] == "v" or inline:
            self.value.append(data)

    def end(self, name: str) -> None:
        self.inside.pop()
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def _start_row(self, attrs: Attributes) -> None:
        number = attrs.get("r", "")
        self.row = _small_int(number) if number else self.row + 1
        self.hidden = attrs["hidden"] in _TRUE if "hidden" in attrs else self.rows_hidden
        self.hidden = self.hidden or attrs.get("ht") == "0"
        self.column = 0
        self.cells = {}

    def _end_row(self) -> None:
        if not self.cells:
            return
        if len(self.rows) >= MAX_ROWS:
            raise UnreadableWorkbook(FileErrorKind.TOO_MANY_ROWS)
        if self.rows and self.row <= self.rows[-1].number:
            raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, "rows out of order")
        self.rows.append(Row(self.row, self.cells, self.hidden))

    def _start_cell(self, attrs: Attributes) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise UnreadableWorkbook(FileErrorKind.TOO_MANY_CELLS)
        place = _place(attrs.get("r", ""))
        self.column = place[1] if place else self.column + 1
        self.kind = attrs.get("t", "n")
        number = _small_int(attrs.get("s", "0"))
        self.style = self.styles[number] if number < len(self.styles) else Style()
        self.formula = False
        self.value = []

    def _end_cell(self) -> None:
        cell = self._cell("".join(self.value)[:MAX_TEXT])
        if cell is None:
            return
        if self.column > MAX_COLUMNS:
            raise UnreadableWorkbook(FileErrorKind.TOO_MANY_COLUMNS)
        self.cells[self.column] = replace(cell, struck=True) if self.style.struck else cell

    def _cell(self, raw: str) -> Cell | None:
        font = self.style.font
        match self.kind:
            case "s":
                return _text(self._shared(raw), font)
            case "str" | "inlineStr":
                return _text(raw, font)
            case "e":
                return Cell(CellKind.ERROR, raw)
            case "b":
                return _text("TRUE" if raw.strip() in _TRUE else "FALSE", font) if raw else None
            case "d":
                return _iso_day(raw)
            case _:
                return self._number(raw.strip())

    def _shared(self, raw: str) -> str:
        if not raw.strip():
            return ""
        index = _small_int(raw.strip())
        if index >= len(self.strings):
            raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, "shared string")
        return self.strings[index]

    def _number(self, raw: str) -> Cell | None:
        if not raw:
            return Cell(CellKind.NO_VALUE, "") if self.formula else None
        if not _NUMBER.fullmatch(raw) or not raw.isascii():
            return _text(raw, self.style.font)
        number = Decimal(raw)
        day = serial_day(number, self.epoch)
        if self.style.is_date and day is not None:
            return Cell(CellKind.DATE, day.strftime("%d/%m/%Y"), number, day)
        return Cell(CellKind.NUMBER, plain(number), number, day)


def plain(number: Decimal) -> str:
    """A number as digits, without exponent or needless zeros; huge ones stay as they are."""
    if number.adjusted() > 40 or number.adjusted() < -40:
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def serial_day(number: Decimal, epoch: datetime = CALENDAR_WINDOWS_1900) -> date | None:
    """The day of an Excel serial number, None outside 1900-2100 (ISO/IEC 29500-1 §18.17.4)."""
    if not 1 <= number < 73_051:
        return None
    moment = from_excel(int(number), epoch)
    return moment.date() if isinstance(moment, datetime) else None


def _iso_day(raw: str) -> Cell | None:
    try:
        day = datetime.fromisoformat(raw.strip()).date()
    except ValueError:
        return _text(raw, None)
    return Cell(CellKind.DATE, day.strftime("%d/%m/%Y"), None, day)


def _text(text: str, font: Encoding | None) -> Cell | None:
    return Cell(CellKind.TEXT, text, font=font) if text.strip() else None


def _small_int(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, "a number in the markup")


def _place(reference: str) -> tuple[int, int] | None:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _area(reference: str) -> Area | None:
    start, _, end = reference.partition(":")
    first, last = _place(start), _place(end or start)
    if first is None or last is None:
        return None
    return Area(first[0], first[1], last[0], last[1])


def _resolve(base: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def _parse(
    data: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run the XML past the callbacks with local names. A document type is refused: no entities."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def local(name: str) -> str:
        return name.rpartition("}")[2]

    def refuse(*_args: object) -> None:
        raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, "document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attrs: start(local(name), {local(k): v for k, v in attrs.items()})
    if end is not None:
        parser.EndElementHandler = lambda name: end(local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, "markup") from fault


def _relations(container: Container, part: str) -> _Relations:
    folder, name = posixpath.split(part)
    relations = _Relations()
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if container.has(path):
        _parse(container.read(path), relations.start)
    return relations


def read_workbook(path: Path, *, max_cells: int = MAX_CELLS) -> tuple[Sheet, ...]:
    """All sheets of the file in order, hidden ones marked. Raises UnreadableWorkbook.

    ``max_cells`` bounds the cells of all sheets together, blank ones with a format included.
    """
    container = open_container(path)
    root = _relations(container, "").of_kind("officeDocument", "") or "xl/workbook.xml"
    book = _Book()
    _parse(container.read(root), book.start)
    relations = _relations(container, root)
    strings, styles = _Strings(), _Styles()
    shared = relations.of_kind("sharedStrings", root)
    if shared is not None and container.has(shared):
        _parse(container.read(shared), strings.start, strings.end, strings.text)
    looks = relations.of_kind("styles", root)
    if looks is not None and container.has(looks):
        _parse(container.read(looks), styles.start, styles.end)
    return _sheets(container, root, book, relations, _Grid(strings.items, styles.cell_formats, book.epoch, max_cells))


def _sheets(container: Container, root: str, book: _Book, relations: _Relations, blank: _Grid) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    budget = blank.budget
    for name, relation, hidden in book.sheets:
        kind, target = relations.targets.get(relation, ("", ""))
        if kind != "worksheet":
            continue  # chart sheets and macro sheets hold no rows
        grid = _Grid(blank.strings, blank.styles, blank.epoch, budget)
        _parse(container.read(_resolve(root, target)), grid.start, grid.end, grid.text)
        budget = grid.budget
        sheets.append(Sheet(name, hidden, tuple(grid.rows), tuple(grid.merged)))
    return tuple(sheets)
