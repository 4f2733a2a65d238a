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
    """Judge a file. The caller stores ``lines`` and ``held`` if the outcome is IMPORT and it is no dry run."""
    result = read_pay_list(path, period=period, programme=programme, known=known, today=today)
    if dry_run or result.file_errors:
        return result
    missing = [
        *([FileError(FileErrorKind.PERIOD_MISSING)] if any(line.period is None for line in result.lines) else []),
        *([FileError(FileErrorKind.PROGRAMME_MISSING)] if any(line.programme is None for line in result.lines) else []),
    ]
    return replace(result, file_errors=tuple(missing))
