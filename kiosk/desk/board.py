"""What the screens show of pay list and journal: rows, households, offers, cash, as the flow's plain values.

Pure functions of values. The screens look nothing up, so everything a person reads is decided here, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.desk.plan import DayPlan, phone_of
from kiosk.flow import values as v
from kiosk.payout.cash import Notes, plan_route
from kiosk.payout.clock import TrustedTime
from kiosk.payout.names import HouseholdId, Kind, Method, Period, PersonId, PrintResult, Role, Vnd
from kiosk.payout.paylist import Entitlement, Lease, PayList
from kiosk.payout.people import Payee, Person, Recipient
from kiosk.payout.rounding import payable
from kiosk.payout.rules import AFTER_DEATH, VIETNAM, PayoutOffer, held_here, local_day
from kiosk.payout.standing import PayoutState, Standing, Status
from kiosk.text import address


class Listing:
    """A pay list by recipient and entitlement: five thousand of them are sorted once a bundle, not once a payout."""

    def __init__(self, pay_list: PayList) -> None:
        self.pay_list = pay_list
        self.recipients = {each.person.id: each for each in pay_list.recipients}
        self.leases = pay_list.leases_by_entitlement()
        self.owed: dict[PersonId, list[Entitlement]] = {}
        for each in sorted(pay_list.entitlements, key=lambda owed: (owed.period, owed.programme, owed.line)):
            self.owed.setdefault(each.recipient, []).append(each)


class Board:
    """One pay list seen through one standing at one hour; built anew whenever either changes."""

    def __init__(self, listing: Listing, standing: Standing, time: TrustedTime, plan: DayPlan) -> None:
        self.pay_list = listing.pay_list
        self.plan_of_day = plan
        self.standing = standing
        self.time = time
        self._today = local_day(time.now)
        self._recipients, self._leases, self._owed = listing.recipients, listing.leases, listing.owed

    def recipient(self, person: PersonId) -> Recipient:
        """The listed recipient. Raises KeyError."""
        return self._recipients[person]

    def payable(self, person: PersonId) -> tuple[Entitlement, ...]:
        """What this device could still hand this recipient: cash, not held, not paid, under a live lease."""
        return tuple(each for each in self._owed.get(person, ()) if self._can_pay(each))

    def listed(self, person: PersonId) -> tuple[Entitlement, ...]:
        """Every entitlement of the recipient, paid or not."""
        return tuple(self._owed.get(person, ()))

    def leases(self) -> dict[str, Lease]:
        """Leases by entitlement."""
        return {str(key): lease for key, lease in self._leases.items()}

    def _can_pay(self, owed: Entitlement) -> bool:
        lease = self._leases.get(owed.id)
        return (
            lease is not None
            and not owed.held
            and owed.method is Method.CASH
            and self._in_notes(owed) is not None
            and owed.id not in self.standing.paid
            and held_here(lease, self.standing) is None
            and lease.expires_at > self.time.now
        )

    def _in_notes(self, owed: Entitlement) -> Vnd | None:
        return payable(owed.amount, self.pay_list.policy.rounding, self._today)

    def _line(self, owed: Entitlement) -> v.Line:
        """What of it would be handed over today; what waits or goes elsewhere stands as it is owed."""
        paid = self._in_notes(owed) or owed.amount
        return v.Line(owed.programme, owed.kind, owed.period, paid, Vnd(owed.amount - paid))

    def _lines(self, owed: Iterable[Entitlement]) -> tuple[v.Line, ...]:
        return tuple(map(self._line, owed))

    def named(self, person: Person) -> v.Named:
        """A person with the form of address that they wish for, or else that of today."""
        form = self.plan_of_day.form(person.id)
        form = form or address(person, self._today, self.pay_list.policy.address_cu_from_age)
        return v.Named(person.id, person.full_name, form)

    # -- the route ------------------------------------------------------------------------------------------------

    def rows(self) -> tuple[v.RouteRow, ...]:
        """Households by hamlet in walking order; hamlets in the order in which the walk comes to them."""
        homes: dict[HouseholdId, list[Recipient]] = {}
        for each in self.pay_list.recipients:
            homes.setdefault(each.household, []).append(each)
        rows = [self._row(home, people) for home, people in homes.items()]
        first = {row.hamlet: row.order for row in sorted(rows, key=lambda row: row.order, reverse=True)}
        walk = sorted(rows, key=lambda row: (first[row.hamlet], row.hamlet, row.order, row.household))
        by_hand = {home: place for place, home in enumerate(self.plan_of_day.order)}
        walk.sort(key=lambda row: by_hand.get(row.household, len(by_hand)))  # stable: a new household comes last
        return tuple(replace(row, order=place) for place, row in enumerate(walk, start=1))

    def _row(self, home: HouseholdId, people: list[Recipient]) -> v.RouteRow:
        first = min(people, key=lambda each: each.order)
        owed = [self.payable(each.person.id) for each in people]
        planned, today = self.plan_of_day.house(home), self._today
        come_back = planned.come_back_at if planned.come_back_on == today.isoformat() else ""
        later = date.fromisoformat(planned.next_visit) if planned.next_visit else None
        status = self._status(people, any(owed))
        if status in (v.VisitStatus.WAITING, v.VisitStatus.UNPAID) and (
            come_back or (later is not None and later > today)
        ):
            status = v.VisitStatus.COME_BACK
        return v.RouteRow(
            household=home,
            hamlet=first.hamlet,
            order=first.order,
            names=tuple(each.person.full_name for each in people),
            address=first.address,
            due=Vnd(sum(self._line(each).amount for lines in owed for each in lines)),
            months=max(len({line.period for line in lines}) for lines in owed),
            status=status,
            note=" · ".join(each for each in (first.note, planned.note) if each),
            phone=phone_of(planned) or first.phone,
            come_back_at=come_back,
            next_visit=None if later is None or later < today else later,
        )

    def _status(self, people: list[Recipient], something_due: bool) -> v.VisitStatus:
        ids = [each.person.id for each in people]
        if something_due:
            unpaid = any(each in self.standing.unpaid for each in ids)
            return v.VisitStatus.UNPAID if unpaid else v.VisitStatus.WAITING
        if any(owed.id in self.standing.paid for each in ids for owed in self.listed(each)):
            return v.VisitStatus.PAID
        to_bank = any(owed.method is not Method.CASH for each in ids for owed in self.listed(each))
        return v.VisitStatus.SENT_TO_BANK if to_bank else v.VisitStatus.UNPAID

    def household(self, home: HouseholdId) -> v.Household:
        """One visit: recipients, what is due, who may receive. Raises KeyError for an unknown household."""
        people = [each for each in self.pay_list.recipients if each.household == home]
        if not people:
            raise KeyError(home)
        payees = [payee for each in people for payee in self.pay_list.payees_of(each.person.id) if _lives(each, payee)]
        return v.Household(
            row=self._row(home, people),
            recipients=tuple(self._visit_recipient(each) for each in people),
            payees=self._options(payees),
            witnesses=self._witnesses(people, payees),
        )

    def _visit_recipient(self, recipient: Recipient) -> v.VisitRecipient:
        person = recipient.person
        sent = [each for each in self.listed(person.id) if each.method is not Method.CASH]
        days = [date.fromisoformat(each.listed_on) for each in sent if each.listed_on]
        return v.VisitRecipient(
            person=self.named(person),
            lines=self._lines(self.payable(person.id)),
            language=v.Language(recipient.language),
            already_sent=self._lines(sent),
            sent_on=max(days, default=None),
        )

    def _options(self, payees: list[Payee]) -> tuple[v.PayeeOption, ...]:
        """One option for a person, even when they receive for several recipients (a household visit)."""
        grouped: dict[PersonId, list[Payee]] = {}
        for payee in payees:
            grouped.setdefault(payee.person.id, []).append(payee)
        return tuple(self._option(each) for each in grouped.values())

    def _option(self, payees: list[Payee]) -> v.PayeeOption:
        named = next((each for each in payees if each.role is not Role.SELF), payees[0])
        return v.PayeeOption(
            person=self.named(named.person),
            role=payees[0].role,
            recipients=tuple(dict.fromkeys(each.recipient for each in payees)),
            paper=named.paper,
            valid_until=None if named.valid_until is None else date.fromisoformat(named.valid_until),
        )

    @staticmethod
    def _witnesses(people: list[Recipient], payees: list[Payee]) -> tuple[str, ...]:
        """Who else is known in the house: they can witness an ink print."""
        return tuple(dict.fromkeys(each.full_name for each in _known(people, payees)))

    # -- the shift ------------------------------------------------------------------------------------------------

    def shift(
        self, operator: v.OperatorName, sources: tuple[str, ...], staff: tuple[v.OperatorName, ...] = ()
    ) -> v.Shift:
        """The operator's day as the screens show it; ``staff`` is everyone who signs in here."""
        session, since = self.standing.session, self.standing.cash_since
        other = session is not None and session.operator != operator.id
        colleagues = tuple(each.name for each in staff if each.id != operator.id)
        rows = self.rows()
        return v.Shift(
            operator=operator,
            rows=rows,
            uncertain=tuple(self._uncertain(each) for each in self._pending()),
            plan=self.plan(),
            sources=(*sources, *colleagues),
            session_open=session is not None and not other,
            in_drawer=Vnd(0) if session is None else session.expected,
            session_of=named(session.operator, staff) if session is not None and other else None,
            colleagues=colleagues,
            override=self.pay_list.policy.override_cap > 0,
            cash_hours=max(0, self.time.now - since) // 3600 if since else 0,
        )

    def plan(self) -> Notes:
        """The fewest notes that pay the whole route, in any order: a funeral sum is a payout of its own."""
        sums: Counter[tuple[PersonId, bool]] = Counter()
        for each in self.pay_list.recipients:
            for owed in self.payable(each.person.id):
                sums[each.person.id, owed.kind is Kind.FUNERAL] += self._line(owed).amount
        return plan_route(map(Vnd, sums.values()))

    def _pending(self) -> tuple[PayoutState, ...]:
        states = (self.standing.payouts[each] for each in self.standing.pending)
        return tuple(each for each in states if each.status is Status.UNCERTAIN)

    def _uncertain(self, state: PayoutState) -> v.UncertainCase:
        session = self.standing.session
        expected = Vnd(0) if session is None else session.expected
        started = datetime.fromtimestamp(state.authorised_at, UTC).astimezone(VIETNAM)
        return v.UncertainCase(
            payout=state.id,
            recipient=self.named(self.recipient(state.recipient).person),
            total=state.total,
            started=f"{started:%H:%M %d/%m/%Y}",
            paper=PrintResult.UNKNOWN if state.prints else None,
            expected_if_paid=Vnd(expected - state.total),
            expected_if_not_paid=expected,
        )

    def report(self, counted: Notes) -> v.CashReport:
        """The open session's books against a count (M4). Raises ValueError without a session."""
        session = self.standing.session
        if session is None:
            raise ValueError("no session is open")
        mine = [each for each in self.standing.payouts.values() if each.session == session.session]
        return v.CashReport(
            opening=session.opening,
            added=session.added,
            returned=session.returned,
            paid=session.paid,
            reversed=session.reversed,
            expected=session.expected,
            counted=counted.amount,
            variance=Vnd(session.expected - counted.amount),
            payouts=sum(each.status in (Status.COMPLETED, Status.REVERSED) for each in mine),
            unpaid=len(self.standing.unpaid),
        )

    def offer(self, offered: PayoutOffer) -> v.Offer:
        """The rules' offer in the screens' values."""
        return v.Offer(
            recipient=self.named(offered.recipient.person),
            payee=self.named(offered.payee.person),
            role=offered.payee.role,
            lines=tuple(
                v.Line(each.programme, each.kind, Period.parse(each.period), each.amount, each.rounding or Vnd(0))
                for each in offered.lines
            ),
            total=offered.total,
            hand_over=offered.hand_over,
            level=offered.level,
            simulated=offered.simulated,
        )


def named(operator: v.OperatorId, staff: tuple[v.OperatorName, ...]) -> v.OperatorName:
    """The operator by name, where the name is known."""
    return next((each for each in staff if each.id == operator), v.OperatorName(operator, operator))


def _lives(recipient: Recipient, payee: Payee) -> bool:
    """Nobody is asked to lay the card of somebody who has died, nor a relative's before."""
    return (recipient.deceased_on is None) == (payee.role not in AFTER_DEATH)


def _known(people: list[Recipient], payees: list[Payee]) -> list[Person]:
    return [each.person for each in people] + [each.person for each in payees]
