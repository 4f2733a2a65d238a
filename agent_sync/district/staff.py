"""Whose citizen card can agree to an override: supervisors, by the number that their own chip carries.

The number travels in the sealed part of bundles alone, like every other citizen number.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.schema import agent, person
from kiosk.exchange.bundle import Supervisor
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, CitizenNumber, ConsentWay, OperatorId
from kiosk.payout.operators import OperatorRole

NUMBER_DIGITS = 12


def name_card(connection: Connection, area: AreaId, operator: OperatorId, number: str) -> None:
    """This member of staff has the citizen card with this number. Raises BadInput or Unknown."""
    if not (number.isascii() and number.isdigit() and len(number) == NUMBER_DIGITS):
        raise BadInput("a citizen number has 12 digits")
    mine = (agent.c.area == area) & (agent.c.id == operator)
    if connection.execute(update(agent).where(mine).values(number=number)).rowcount != 1:
        raise Unknown(f"no operator {operator}")


def supervisors(connection: Connection, area: AreaId) -> tuple[Supervisor, ...]:
    """Everybody who may agree with a card."""
    may = (agent.c.area == area) & (agent.c.role == OperatorRole.SUPERVISOR.value) & agent.c.disabled.is_(False)
    found = select(agent.c.id, agent.c.number).where(may & (agent.c.number != "")).order_by(agent.c.id)
    return tuple(Supervisor(OperatorId(row[0]), CitizenNumber(row[1])) for row in connection.execute(found))


def card_of(connection: Connection, area: AreaId, operator: OperatorId) -> CitizenNumber | None:
    """The citizen number of a supervisor; None for anybody else."""
    return next((each.number for each in supervisors(connection, area) if each.operator == operator), None)


def signer(connection: Connection, area: AreaId, fact: j.PayoutAuthorised) -> str:
    """The person whose chip signs this payout: the payee, or the supervisor who agreed with the own card."""
    if fact.override is None or fact.override.way is not ConsentWay.CARD:
        return fact.payee
    number = card_of(connection, area, fact.override.given_by)
    known = select(person.c.id).where(person.c.area == area, person.c.number == number)
    row = connection.execute(known).first()  # a supervisor may be on a pay list too
    return f"operator:{fact.override.given_by}" if row is None else str(row[0])
