"""What an agent changes around a household: the plan of the day, kept beside the journal."""

from __future__ import annotations

from dataclasses import replace

from kiosk import text
from kiosk.desk.books import Books
from kiosk.desk.plan import MAX_NOTE, House
from kiosk.flow import events as ev
from kiosk.flow.effects_house import PlanHouse
from kiosk.flow.values_house import Plan
from kiosk.payout.rules import local_day


def plan(books: Books, effect: PlanHouse) -> ev.HousePlanned:
    """Keep the change, and answer with the household and the route as they stand now. Raises StoreError, KeyError."""
    now = books.plan
    if effect.plan in (Plan.UP, Plan.DOWN):
        walk = tuple(row.household for row in books.board().rows())
        changed = now.moved(walk, effect.household, -1 if effect.plan is Plan.UP else 1)
    else:
        changed = now.with_house(_changed(books, now.house(effect.household), effect))
    books.keep_plan(changed)
    board = books.board()
    return ev.HousePlanned(effect.operation, board.household(effect.household), board.rows())


def _changed(books: Books, house: House, effect: PlanHouse) -> House:
    match effect.plan:
        case Plan.COME_BACK:
            today = local_day(books.hours.trusted().now).isoformat()
            return replace(house, come_back_on=today if effect.words else "", come_back_at=effect.words)
        case Plan.NEXT_VISIT:
            return replace(house, next_visit=effect.words)
        case Plan.PHONE:
            owner = "" if effect.owner is None else text.word(effect.owner, "vi")
            return replace(house, phone=effect.words, phone_owner=owner)
        case _:
            return replace(house, note=effect.words[:MAX_NOTE])
