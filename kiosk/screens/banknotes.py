"""Banknotes as signs: the right colour and figure, clearly a drawing.

No portrait, no ornament, no serial number: enough to be recognised on a table, nothing that could be passed.
"""

from __future__ import annotations

from kiosk.flow.values import Notes
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Fill, Text
from kiosk.screens.sheet import Sheet
from kiosk.screens.theme import Colour, Type

TINTS = {
    500_000: "a9d5e8", 200_000: "f0b9a8", 100_000: "b5dcae", 50_000: "f1c3d6", 20_000: "b3cbea", 10_000: "ecdf9e",
    5_000: "b9cbe6", 2_000: "d8c2a4", 1_000: "d9cfe3",
}  # fmt: skip
"""The tint of each note, light enough for dark figures."""
INK = Colour.of("221a14")


def banknote(sheet: Sheet, area: Area, denomination: int) -> None:
    """One note: tinted paper, a lotus medallion, its figure."""
    tint = Colour.of(TINTS[denomination])
    page = sheet.page
    page.add(Fill(area, tint, sheet.mm(0.8), tint.mixed(INK, 0.55), sheet.mm(0.25)))
    medallion, figure = area.inset(area.width * 0.05, area.height * 0.16).cut_left(area.width * 0.16, area.width * 0.05)
    page.add(Fill(medallion.fitted(1), tint.mixed(INK, 0.22), medallion.fitted(1).width / 2))
    words = f"{denomination // 1000}.000"
    page.add(Text(figure, words, Type.PRINTED, INK, tint, sheet.language, Align.RIGHT, bold=True))


LARGEST_MM = 26
"""Height of a drawn note at most: about half of a real one."""


def _of_its_size(sheet: Sheet, area: Area) -> Area:
    """The note's place beside its number, not larger than a drawing should be."""
    note = area.fitted(2.1)
    height = min(note.height, sheet.mm(LARGEST_MM))
    return Area(area.x, area.middle[1] - height / 2, height * 2.1, height)


def stack(sheet: Sheet, area: Area, notes: Notes, kind: Type, columns: int = 3) -> None:
    """Each kind of note once, with how many of it: ``3 x [500.000]``, in rows of what fits."""
    items = notes.items()
    if not items:
        return
    columns = min(len(items), columns)
    rows = -(-len(items) // columns)
    for cell, (note, count) in zip(area.grid(columns, rows, sheet.mm(2.5)), items, strict=False):
        times, picture = cell.cut_left(cell.width * 0.42, sheet.mm(1.2))
        sheet.text(times, f"{count}\u00a0×", kind, align=Align.RIGHT, bold=True)
        banknote(sheet, _of_its_size(sheet, picture), note)
