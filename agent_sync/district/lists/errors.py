"""The faults of reading a spreadsheet: one small tree.

A file that cannot be read is an ordinary answer to an officer, so ``read_pay_list`` turns the
fault into a file error; inside the readers it is raised, because XML callbacks cannot return.
"""

from __future__ import annotations

from agent_sync.district.lists.findings import FileErrorKind


class ListFault(Exception):
    """Anything that stops the reading of a pay list."""


class UnreadableWorkbook(ListFault):
    """The file is no workbook that we read, or is beyond the bounds."""

    def __init__(self, kind: FileErrorKind, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind
        self.detail = detail
