"""Importing the month's spreadsheets: from a file that an office made to lines that may be paid.

``read_pay_list`` judges a file, ``import_command`` is what the command line and the pages call.
Words for findings are in ``findings``, their sentences in ``messages``.
"""

from agent_sync.district.lists.command import import_command
from agent_sync.district.lists.messages import sentence
from agent_sync.district.lists.people import same_name
from agent_sync.district.lists.reading import read_pay_list
from agent_sync.district.lists.together import KnownEntitlement, KnownWorld, judge_together
from agent_sync.district.lists.verdicts import FileError, HeldLine, ImportResult, Line, ListedPayee, Notice, RowError

__all__ = [
    "FileError",
    "HeldLine",
    "ImportResult",
    "KnownEntitlement",
    "KnownWorld",
    "Line",
    "ListedPayee",
    "Notice",
    "RowError",
    "import_command",
    "judge_together",
    "read_pay_list",
    "same_name",
    "sentence",
]
