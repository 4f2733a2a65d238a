"""Three hamlets of synthetic people, and what each month's list owes them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from agent_sync.district.lists.verdicts import Line, ListedPayee
from kiosk.payout.names import CitizenNumber, Kind, Method, Period, Programme, Role, Sex, Vnd

HAMLETS = ("Ấp 1", "Ấp 2", "Ấp 3")
SUMS = (500_000, 650_000, 700_000, 1_150_000, 2_789_000)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Thạch", "Võ")
GIVEN = ("Thị Sáu", "Văn Bảy", "Thị Mười", "Văn Chín", "Thị Khế", "Văn Ơn", "Thị Lành")


@dataclass(frozen=True)
class Villager:
    """A synthetic recipient: sums in đồng by programme."""

    number: CitizenNumber
    name: str
    hamlet: str
    household: str
    owed: tuple[tuple[Programme, Vnd], ...]
    method: Method
    alternate: ListedPayee | None


def village(rng: Random, count: int) -> tuple[Villager, ...]:
    """So many people, a third in each hamlet, most of them paid in cash."""
    return tuple(_villager(rng, each) for each in range(count))


def _villager(rng: Random, each: int) -> Villager:
    owed = [(Programme.SOCIAL_PENSION, Vnd(rng.choice(SUMS)))]
    if rng.random() < 0.2:
        owed.append((Programme.MERIT, Vnd(2_789_000)))
    other = CitizenNumber(f"0991{70_000_000 + each:08d}")
    alternate = ListedPayee(Role.ALTERNATE, f"Con của {each}", other)
    return Villager(
        number=CitizenNumber(f"0991{40_000_000 + each:08d}"),
        name=f"{rng.choice(FAMILY)} {rng.choice(GIVEN)} {each}",
        hamlet=HAMLETS[each % len(HAMLETS)],
        household=f"H-{each % len(HAMLETS)}-{each // (2 * len(HAMLETS))}",
        owed=tuple(owed),
        method=Method.BANK if rng.random() < 0.08 else Method.CASH,
        alternate=alternate if rng.random() < 0.2 else None,
    )


def month_lines(people: tuple[Villager, ...], period: Period, arrears: dict[CitizenNumber, Period]) -> list[Line]:
    """The month's list; ``arrears`` names people for whom the commune asks an earlier month again."""
    lines: list[Line] = []
    for row, each in enumerate(people, start=2):
        for programme, amount in each.owed:
            lines.append(_line(each, programme, period, Kind.MONTHLY, amount, row))
        if each.number in arrears:
            programme, amount = each.owed[0]
            lines.append(_line(each, programme, arrears[each.number], Kind.ARREARS, amount, row))
    return lines


def _line(each: Villager, programme: Programme, period: Period, kind: Kind, amount: Vnd, row: int) -> Line:
    return Line(
        line=f"T{period.month}!{row}#{programme.value}-{kind.value}",
        sheet=f"T{period.month}",
        row=row,
        id_number=each.number,
        full_name=each.name,
        programme=programme,
        period=period,
        kind=kind,
        amount=amount,
        birth_year=1941,
        sex=Sex.FEMALE,
        method=each.method,
        hamlet=each.hamlet,
        household=each.household,
        payees=() if each.alternate is None else (each.alternate,),
    )
