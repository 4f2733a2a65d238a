"""The question behind ``tannha-district import-list``: judge the file, and say what an import still lacks.

A dry run may leave month and programme open, to see what the sheet says by itself. An import may
not: an entitlement without its origin month is none (M1).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from agent_sync.district.lists.findings import FileErrorKind
from agent_sync.district.lists.reading import read_pay_list
from agent_sync.district.lists.together import KnownWorld
from agent_sync.district.lists.verdicts import FileError, ImportResult
from kiosk.payout.names import Period, Programme


def import_command(
    path: Path,
    period: Period | None,
    programme: Programme | None,
    *,
    known: KnownWorld | None = None,
    today: date | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Judge a file for import. The caller stores ``lines`` and ``held`` if the outcome is IMPORT and it is no dry run."""
    result = read_pay_list(path, period=period, programme=programme, known=known, today=today)
    if dry_run or result.file_errors:
        return result
    lines = (*result.lines, *(held.line for held in result.held))
    missing = [
        *([FileError(FileErrorKind.PERIOD_MISSING)] if result.period is None else []),
        *([FileError(FileErrorKind.PROGRAMME_MISSING)] if lines and not any(line.programme for line in lines) else []),
    ]
    return replace(result, file_errors=tuple(missing))
