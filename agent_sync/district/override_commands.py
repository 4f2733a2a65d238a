"""`tannha-district override`: how much may go out without a chip, and the code for one payout by telephone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from agent_sync.district import override_codes, overrides, security
from agent_sync.district.console import Args, opened, say
from kiosk.payout.names import DeviceId, OverrideReason, Vnd

if TYPE_CHECKING:
    Sub = argparse._SubParsersAction[argparse.ArgumentParser]


def add_to(sub: Sub, shared: argparse.ArgumentParser) -> None:
    """The commands and their options."""
    group = sub.add_parser("override", help="payouts without a chip (chi đặc cách)").add_subparsers(required=True)
    caps = group.add_parser("caps", parents=[shared], help="how much; without options only says it. 0 allows none")
    caps.add_argument("--payout", type=int, help="most of one payout, in đồng")
    caps.add_argument("--day", type=int, help="most of one agent in a day, in đồng")
    caps.add_argument("--times", type=int, help="how often one recipient within 92 days")
    caps.set_defaults(run=set_caps)
    _one(group, shared, "look", "whom a request is about").set_defaults(run=look)
    said = _one(group, shared, "give", "the code to say, by --by LOGIN")
    said.add_argument("--reason", required=True, choices=[each.value for each in OverrideReason])
    said.set_defaults(run=give)


def _one(group: Sub, shared: argparse.ArgumentParser, name: str, words: str) -> argparse.ArgumentParser:
    one = group.add_parser(name, parents=[shared], help=words)
    one.add_argument("--device", required=True)
    one.add_argument("--request", required=True, help="the twelve digits that the agent reads out")
    one.add_argument("--sum", required=True, type=int, help="the sum that the agent reads out, in đồng")
    return one


def set_caps(args: Args) -> int:
    """Set what is given, and say what holds."""
    with opened(args) as (home, database), database.write() as connection:
        now = overrides.caps(connection, home.area)
        given = {name: getattr(args, name) for name in ("payout", "day", "times") if getattr(args, name) is not None}
        wanted = overrides.Caps(
            Vnd(given.get("payout", now.payout)), Vnd(given.get("day", now.day)), given.get("times", now.times)
        )
        if given:
            overrides.set_caps(connection, home.area, wanted)
            security.note(connection, home.area, args.by, "override_caps", f"{wanted}")
    answer = {"payout_vnd": wanted.payout, "day_vnd": wanted.day, "times": wanted.times}
    words = f"an override pays up to {wanted.payout} đ, an agent {wanted.day} đ a day, a person {wanted.times} times"
    return say(args, answer, words)


def look(args: Args) -> int:
    """Whom it is about; nothing is given."""
    with opened(args) as (home, database), database.write() as connection:
        found = override_codes.look(connection, home, _request(args))
    return say(args, _about(found), _words(found, args.sum))


def give(args: Args) -> int:
    """The code, for the person and the sum that were found; on record before it is shown."""
    with opened(args) as (home, database), database.write() as connection:
        request, reason = _request(args), OverrideReason(args.reason)
        found = override_codes.look(connection, home, request)
        code = override_codes.give(connection, home, request, reason, args.by)
        detail = f"{request.device} {found.recipient.person.id} {request.total} {reason.value}"
        security.note(connection, home.area, args.by, "override_given", detail)
    threes = " ".join(code[at : at + 3] for at in range(0, len(code), 3))
    return say(args, _about(found) | {"code": code}, f"{_words(found, args.sum)}\n{threes}")


def _request(args: Args) -> override_codes.Request:
    return override_codes.Request(DeviceId(args.device), "".join(args.request.split()), Vnd(args.sum))


def _about(found: override_codes.Found) -> dict[str, object]:
    person = found.recipient.person
    names = {"recipient": person.id, "full_name": person.full_name, "hamlet": found.recipient.hamlet}
    return names | {"months": list(found.months), "given_before": found.given}


def _words(found: override_codes.Found, total: int) -> str:
    where = f"{found.recipient.person.full_name}, {found.recipient.hamlet}"
    return f"{where}: {total} đ for {', '.join(found.months)}; codes in three months: {found.given}"
