"""Compares what a sheet says of itself (sums, counts, sums in words) with its own rows.

The commune's sum is the only thing in a list that a person has checked. If the last total is not
the sum of the rows, a row was lost, added or changed, and nobody knows which: the file is refused.
Subtotals that do not fit under a grand total that does are only pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agent_sync.district.lists.amounts import Amount
from agent_sync.district.lists.columns import MONEY, Column
from agent_sync.district.lists.findings import ErrorKind, FileErrorKind, NoticeKind
from agent_sync.district.lists.header import Header
from agent_sync.district.lists.rows import RowKind
from agent_sync.district.lists.spoken import read_words
from agent_sync.district.lists.verdicts import FileError, Notice
from agent_sync.district.lists.words import fold

_STATED: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[., ]\d{3})+|\d{5,15})(?:,00)?(?![\d.,]*\d)\s*(?:đ|vnđ|vnd|đồng)?", re.IGNORECASE
)
_COUNT: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3})?|\d{1,5})\s*(?:người|đối tượng|nhân khẩu|trường hợp|đt)\b"
    r"|(?:số người|số đối tượng|đối tượng|số lượng)\s*:?\s*(\d{1,5})(?![\d.,]*\d)",
    re.IGNORECASE,
)
_PAGE: Final = re.compile(r"mang sang|chuyen|luy ke|\btrang\b")
_GRAND: Final = re.compile(r"^(?:[ivx]+ )?(tong cong|tong so|tong|cong)( so)?( tien)?( cong)?( toan \w+)?( \d|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as the totals look at it."""

    kind: RowKind
    row: int
    hidden: bool
    texts: tuple[str, ...]
    sums: Mapping[int, Amount]


@dataclass(slots=True)
class Findings:
    """What the comparison found."""

    errors: list[FileError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Span:
    """Sum and count of some rows, with and without hidden ones; ``unread`` if one has no readable sum."""

    all: int
    shown: int
    count: int
    count_shown: int
    unread: bool

    def has(self, value: int) -> bool:
        """Whether a stated sum is this span's."""
        return value in (self.all, self.shown)


def check_totals(sheet: str, seen: Sequence[Seen], header: Header, earlier: int) -> Findings:
    """Check every total row of a sheet. ``earlier`` is the sum of the sheets before it, for a last grand total."""
    findings = Findings()
    totals = [index for index, each in enumerate(seen) if each.kind is RowKind.TOTAL]
    if not totals:
        findings.notices.append(Notice(NoticeKind.NO_TOTAL_ROW, sheet=sheet))
        return findings
    columns = [h.index for h in header.all(*MONEY)]
    valued = [i for i in totals if any(v is not None for v in _stated_sums(seen[i], header))]
    for column in columns:
        _check_column(sheet, seen, column, earlier, findings)
    for index in totals:
        _check_label(sheet, seen, index, header, earlier, findings)
    said = [i for i in totals if _spoken(seen[i]) is not None or _STATED.search(" ".join(seen[i].texts))]
    if not valued and not said and not findings.errors:
        findings.notices.append(Notice(NoticeKind.NO_TOTAL_ROW, sheet=sheet))
    return findings


def _check_column(sheet: str, seen: Sequence[Seen], column: int, earlier: int, findings: Findings) -> None:
    stated = [i for i, each in enumerate(seen) if each.kind is RowKind.TOTAL and each.sums.get(column) is not None]
    for place, index in enumerate(stated):
        value = seen[index].sums[column]
        if not isinstance(value, int):
            findings.notices.append(Notice(NoticeKind.TOTAL_NOT_CHECKED, sheet=sheet, row=seen[index].row))
            continue
        last = place == len(stated) - 1
        verdict = _compare(seen, index, column, value, earlier, repeated=_label_repeats(seen, stated, index), last=last)
        if verdict is None:
            continue
        if verdict is NoticeKind.TOTAL_NOT_CHECKED:
            findings.notices.append(Notice(verdict, sheet=sheet, row=seen[index].row))
        elif last or not _grand_fits(seen, stated[-1], column, earlier):
            detail = f"{value} ≠ {_span(seen[:index], column).all}"
            findings.errors.append(FileError(FileErrorKind.TOTAL_MISMATCH, detail, sheet, seen[index].row))
        else:
            findings.notices.append(Notice(NoticeKind.SUBTOTAL_MISMATCH, str(value), sheet, seen[index].row))


def _compare(
    seen: Sequence[Seen], index: int, column: int, value: int, earlier: int, *, repeated: bool, last: bool
) -> NoticeKind | None:
    """None if the stated sum fits, TOTAL_NOT_CHECKED if a row has no readable sum, SUBTOTAL_MISMATCH if it is wrong."""
    # A sum that stands above its rows speaks of those below.
    above = not any(each.kind is RowKind.PERSON for each in seen[:index])
    whole = _span(seen if above else seen[:index], column)
    label = fold(" ".join(seen[index].texts))
    spans = [whole]
    if not (last and _is_grand(label) and not repeated):
        spans += [_span(_since(seen, index, kinds), column) for kinds in ((RowKind.GROUP,), (RowKind.TOTAL,))]
        spans.append(_span(_since(seen, index, (RowKind.GROUP, RowKind.TOTAL)), column))
        spans.append(_span(_until(seen, index), column))
    if any(span.has(value) for span in spans) or (last and value in (whole.all + earlier, whole.shown + earlier)):
        return None
    if any(span.unread and value > span.all for span in spans):
        return NoticeKind.TOTAL_NOT_CHECKED
    return NoticeKind.SUBTOTAL_MISMATCH


def _grand_fits(seen: Sequence[Seen], index: int, column: int, earlier: int) -> bool:
    value = seen[index].sums.get(column)
    whole = _span(seen[:index], column)
    return isinstance(value, int) and (whole.has(value) or value == whole.all + earlier)


def _is_grand(label: str) -> bool:
    return bool(_GRAND.match(label)) and not _PAGE.search(label)


def _label_repeats(seen: Sequence[Seen], stated: Sequence[int], index: int) -> bool:
    own = fold(seen[index].texts[0]) if seen[index].texts else ""
    return sum(1 for i in stated if seen[i].texts and fold(seen[i].texts[0]) == own) > 1


def _since(seen: Sequence[Seen], index: int, kinds: tuple[RowKind, ...]) -> Sequence[Seen]:
    start = next((i for i in range(index - 1, -1, -1) if seen[i].kind in kinds), -1)
    return seen[start + 1 : index]


def _until(seen: Sequence[Seen], index: int) -> Sequence[Seen]:
    end = next((i for i in range(index + 1, len(seen)) if seen[i].kind in (RowKind.GROUP, RowKind.TOTAL)), len(seen))
    return seen[index + 1 : end]


def fits_a_total(seen: Sequence[Seen], header: Header) -> bool:
    """Whether the last row, which has sums but no words, is the sum of rows before it."""
    index = len(seen) - 1
    stated = [(h.index, value) for h in header.all(*MONEY) if isinstance(value := seen[index].sums.get(h.index), int)]
    compared = [_compare(seen, index, c, v, 0, repeated=True, last=False) is None for c, v in stated]
    return bool(compared) and all(compared)


def _span(seen: Sequence[Seen], column: int | None) -> _Span:
    people = [each for each in seen if each.kind is RowKind.PERSON]
    values = [(each.sums.get(column), each.hidden) for each in people] if column is not None else []
    known = [(value, hidden) for value, hidden in values if isinstance(value, int)]
    return _Span(
        sum(value for value, _ in known),
        sum(value for value, hidden in known if not hidden),
        len(people),
        sum(1 for each in people if not each.hidden),
        any(isinstance(value, ErrorKind) for value, _ in values),
    )


def _stated_sums(each: Seen, header: Header) -> list[Amount]:
    return [each.sums.get(h.index) for h in header.all(*MONEY)]


def _spoken(each: Seen) -> int | None:
    text = next((t for t in each.texts if "bang chu" in fold(t) or "viet bang" in fold(t)), None)
    if text is None:
        return None
    value = read_words(text)
    if value is None and len(each.texts) > 1:
        value = read_words(each.texts[-1])
    return value


def _whole_sum(seen: Sequence[Seen], header: Header) -> _Span:
    """What is owed by all rows together: the total column, or the sum of the parts."""
    total = header.first(Column.TOTAL)
    if total is not None:
        return _span(seen, total.index)
    spans = [_span(seen, h.index) for h in header.all(*MONEY) if h.column is not Column.DEDUCTION]
    first = spans[0]
    return _Span(
        sum(s.all for s in spans),
        sum(s.shown for s in spans),
        first.count,
        first.count_shown,
        any(s.unread for s in spans),
    )


def _check_label(
    sheet: str, seen: Sequence[Seen], index: int, header: Header, earlier: int, findings: Findings
) -> None:
    """Sums and counts that stand in the words of a total row."""
    each = seen[index]
    whole = _whole_sum(seen[:index], header)
    spoken = _spoken(each)
    if spoken is not None and not (whole.has(spoken) or spoken == whole.all + earlier):
        _judge(findings, FileErrorKind.TOTAL_WORDS_MISMATCH, f"{spoken} ≠ {whole.all}", sheet, each.row, whole)
    label = each.texts[0] if each.texts else ""
    counted = _COUNT.search(label) or next((m for t in each.texts[1:] if (m := _COUNT.search(t))), None)
    groups = _since(seen, index, (RowKind.GROUP, RowKind.TOTAL))
    if counted is not None:
        stated = int(re.sub(r"\D", "", counted[1] or counted[2]))
        part = _span(groups, None)
        if stated not in (whole.count, whole.count_shown, part.count, part.count_shown) and not earlier:
            detail = f"{stated} ≠ {whole.count}"
            findings.errors.append(FileError(FileErrorKind.COUNT_MISMATCH, detail, sheet, each.row))
    written = _STATED.search(_COUNT.sub(" ", label)) if spoken is None and "bang chu" not in fold(label) else None
    if written is not None and not any(v is not None for v in _stated_sums(each, header)):
        value = int(re.sub(r"\D", "", written[1]))
        part = _whole_sum(groups, header)
        if not (whole.has(value) or part.has(value) or value == whole.all + earlier):
            _judge(findings, FileErrorKind.TOTAL_MISMATCH, f"{value} ≠ {whole.all}", sheet, each.row, whole)


def _judge(findings: Findings, kind: FileErrorKind, detail: str, sheet: str, row: int, whole: _Span) -> None:
    if whole.unread:
        findings.notices.append(Notice(NoticeKind.TOTAL_NOT_CHECKED, detail, sheet, row))
    else:
        findings.errors.append(FileError(kind, detail, sheet, row))
