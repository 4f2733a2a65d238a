"""Judges lines against each other and against what the district already has.

One row cannot know that its person stands in the list twice, that its number carries two names, or
that its arrears are last month's sum which is still open (M1). None of this is decided here: both
sides are kept, and what could pay twice waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from agent_sync.district.lists.findings import HeldReason, Warn
from agent_sync.district.lists.people import same_name
from agent_sync.district.lists.verdicts import HeldLine, Line
from agent_sync.district.lists.words import fold
from kiosk.payout.names import CitizenNumber, Kind, Period, Programme, Vnd

MANY: Final = 5
"""One payee for more recipients than this is pointed out: it may be a home, or a fraud."""

EntitlementKey = tuple[CitizenNumber, Programme, Period, Kind]


@dataclass(frozen=True, slots=True)
class KnownEntitlement:
    """An entitlement that the district has already imported; ``open`` while it is neither paid nor closed."""

    id_number: CitizenNumber
    programme: Programme
    period: Period
    kind: Kind
    amount: Vnd
    open: bool


@dataclass(frozen=True, slots=True)
class KnownWorld:
    """What the district already has, as far as a list can collide with it."""

    entitlements: tuple[KnownEntitlement, ...] = ()

    def by_month(self) -> dict[tuple[CitizenNumber, Programme, Period], list[KnownEntitlement]]:
        """The entitlements of each person, programme and month."""
        months = defaultdict(list)
        for each in self.entitlements:
            months[each.id_number, each.programme, each.period].append(each)
        return dict(months)


Key = TypeVar("Key", bound=Hashable)


def _grouped(lines: Iterable[HeldLine], key: Callable[[Line], Key | None]) -> dict[Key, list[HeldLine]]:
    groups: dict[Key, list[HeldLine]] = defaultdict(list)
    for each in lines:
        if (value := key(each.line)) is not None:
            groups[value].append(each)
    return groups


def judge_together(lines: list[HeldLine], known: KnownWorld | None) -> list[HeldLine]:
    """Add the reasons and warnings that only the whole shows. Order and number of lines stay."""
    reasons: dict[str, list[HeldReason]] = defaultdict(list)
    warnings: dict[str, list[Warn]] = defaultdict(list)
    _shared_numbers(lines, reasons)
    _duplicates(lines, reasons)
    _namesakes(lines, warnings)
    _busy_payees(lines, warnings)
    if known is not None:
        _known(lines, known, reasons)
    return [_with(each, reasons[each.line.line], warnings[each.line.line]) for each in lines]


def _with(each: HeldLine, reasons: list[HeldReason], warnings: list[Warn]) -> HeldLine:
    if not reasons and not warnings:
        return each
    line = replace(each.line, warnings=tuple(dict.fromkeys((*each.line.warnings, *warnings))))
    return HeldLine(line, tuple(dict.fromkeys((*each.reasons, *reasons))))


def _shared_numbers(lines: list[HeldLine], reasons: dict[str, list[HeldReason]]) -> None:
    for group in _grouped(lines, lambda line: line.id_number).values():
        first = group[0].line
        if any(not same_name(each.line.full_name, first.full_name) for each in group[1:]):
            for each in group:
                reasons[each.line.line].append(HeldReason.NUMBER_SHARED)


def _duplicates(lines: list[HeldLine], reasons: dict[str, list[HeldReason]]) -> None:
    """The second of two equal lines waits; if they differ in the sum, nobody knows which is right."""
    months = _grouped(lines, lambda line: (line.id_number, line.programme, line.period) if line.id_number else None)
    for (_, _, period), group in months.items():
        by_kind = _grouped(group, lambda line: line.kind)
        for same in by_kind.values():
            _repeated(same, reasons)
        if period is not None and Kind.MONTHLY in by_kind:
            for each in by_kind.get(Kind.ARREARS, ()):
                reasons[each.line.line].append(HeldReason.MONTHLY_IN_SAME_LIST)


def _repeated(same: list[HeldLine], reasons: dict[str, list[HeldReason]]) -> None:
    if len(same) < 2:
        return
    equal = len({each.line.amount for each in same}) == 1
    for each in same[1:] if equal else same:
        reasons[each.line.line].append(HeldReason.DUPLICATE_LINE if equal else HeldReason.DUPLICATE_DIFFERS)


def _namesakes(lines: list[HeldLine], warnings: dict[str, list[Warn]]) -> None:
    def person(line: Line) -> tuple[str, object] | None:
        birth = line.date_of_birth or line.birth_year
        return (fold(line.full_name), birth) if birth else None

    for group in _grouped(lines, person).values():
        if len({each.line.id_number or each.line.line for each in group}) > 1:
            for each in group:
                warnings[each.line.line].append(Warn.NAMESAKE)


def _busy_payees(lines: list[HeldLine], warnings: dict[str, list[Warn]]) -> None:
    served: dict[str, set[str]] = defaultdict(set)
    for each in lines:
        for payee in each.line.payees:
            served[payee.id_number or fold(payee.full_name)].add(each.line.id_number or f"row {each.line.row}")
    for each in lines:
        if any(len(served[p.id_number or fold(p.full_name)]) > MANY for p in each.line.payees):
            warnings[each.line.line].append(Warn.PAYEE_FOR_MANY)


def _known(lines: list[HeldLine], known: KnownWorld, reasons: dict[str, list[HeldReason]]) -> None:
    months = known.by_month()
    for each in lines:
        line = each.line
        if line.id_number is None or line.programme is None or line.period is None:
            continue
        have = months.get((line.id_number, line.programme, line.period), [])
        reason = _collision(line.kind, have)
        if reason is not None:
            reasons[line.line].append(reason)


def _collision(kind: Kind, have: list[KnownEntitlement]) -> HeldReason | None:
    """A line that the district has; an arrears row for a month that is open, or was settled already."""
    if any(each.kind is kind for each in have):
        return HeldReason.ALREADY_IMPORTED
    rival = [each for each in have if {kind, each.kind} == {Kind.ARREARS, Kind.MONTHLY}]
    if any(each.open for each in rival):
        return HeldReason.MATCHES_OPEN
    return HeldReason.ALREADY_SETTLED if rival else None
