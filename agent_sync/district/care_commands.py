"""`tannha-district person, rounding, cash, unpaid`: what the office decides about people and sums, and watches over."""

from __future__ import annotations

from datetime import datetime

from agent_sync.district import cash, ids, persons, security, standing_data, uncollected
from agent_sync.district.console import Args, opened, say
from agent_sync.district.words import VIETNAM, moment, money
from kiosk.payout.names import Programme, Role
from kiosk.payout.rounding import RoundingRule, RoundingWay
from kiosk.payout.rules import local_day


def death(args: Args) -> int:
    """Enter a death: its day, who told of it, the paper."""
    told = persons.Death(args.on, args.reported_by, args.paper)
    with opened(args) as (home, database), database.write() as connection:
        who = persons.record_death(connection, home.area, args.number, told, local_day(ids.now(connection)))
        security.note(connection, home.area, args.by, "death_entered", f"{who} {args.on}")
    text = "entered: months up to the death go to a relative, a funeral sum to its organiser (person payee)"
    return say(args, {"person": who, "on": args.on}, text)


def payee(args: Args) -> int:
    """Let somebody receive for a recipient."""
    programmes = tuple(Programme(each) for each in args.programme)
    by = persons.Appointed(
        args.number, args.name, Role(args.role), args.paper, args.valid_from, args.until, programmes
    )  # fmt: skip
    with opened(args) as (home, database), database.write() as connection:
        who = persons.appoint(connection, home.area, args.recipient, by)
        security.note(connection, home.area, args.by, "payee_entered", f"{who} {args.role}")
    return say(args, {"person": who, "role": args.role}, "the next bundle names them; then grant the leases")


def rounding(args: Args) -> int:
    """Show the rounding rules; with --since and --way add one."""
    with opened(args) as (home, database), database.write() as connection:
        if args.since is not None:
            rule = RoundingRule(args.since, RoundingWay(args.way))
            standing_data.set_rounding(connection, home.area, rule, local_day(ids.now(connection)))
            security.note(connection, home.area, args.by, "rounding_set", f"{args.since} {args.way}")
        rules = standing_data.rounding(connection, home.area)
    shown = [{"since": each.since, "way": each.way.value} for each in rules]
    text = "\n".join(f"from {each.since}: {each.way.value}" for each in rules)
    return say(args, {"rounding": shown}, text or "no rule: sums that no notes make wait")


def cash_out(args: Args) -> int:
    """Who holds how much cash since when; with --limit-hours set from when on that is long."""
    with opened(args) as (home, database), database.write() as connection:
        if args.limit_hours is not None:
            cash.set_limit(connection, home.area, args.limit_hours)
            security.note(connection, home.area, args.by, "cash_limit_set", str(args.limit_hours))
        held = cash.held(connection, home.area)
    shown = [
        {"device": each.device, "operator": each.operator, "amount_vnd": each.amount, "since": each.since,
         "hours": each.hours, "too_long": each.too_long, "session_open": each.open}
        for each in held
    ]  # fmt: skip
    lines = [f"{each.device}\t{each.operator}\t{money(each.amount)}\t{moment(each.since)}" for each in held]
    return say(args, {"cash": shown}, "\n".join(lines) or "no cash is out")


def unpaid(args: Args) -> int:
    """Who has not collected for one, two, three months and more."""
    with opened(args) as (home, database), database.read() as connection:
        today = datetime.fromtimestamp(ids.now(connection), VIETNAM).date()
        found = uncollected.found(connection, home.area, today)
    shown = [
        {"person": each.person, "programme": each.programme.value, "months": each.months, "stage": each.stage.value,
         "periods": list(each.periods), "reason": each.reason}
        for each in found
    ]  # fmt: skip
    lines = [f"{each.months}\t{each.stage.value}\t{each.name}" for each in found]
    return say(args, {"unpaid": shown}, "\n".join(lines) or "everybody has collected")
