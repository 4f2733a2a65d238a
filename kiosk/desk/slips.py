"""From facts and list to the paper's keys and numbers: which slip says what.

Nothing is passed in that a fact does not say; names come from the pay list, because facts carry none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.exchange.claim import MAX_LEASES, Claim, encode_claim, entry_prefix, lease_tag, page_prefix
from kiosk.exchange.keys import Signer
from kiosk.flow.values_house import Statement
from kiosk.flow.values_wish import Wish
from kiosk.payout import journal as j
from kiosk.payout.banks import bank_name
from kiosk.payout.cash import CashSession, Notes
from kiosk.payout.names import (
    CannotSign,
    CashWay,
    DeviceId,
    Mode,
    OperatorId,
    Period,
    PersonId,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.paylist import Entitlement, PayList
from kiosk.payout.receipt import (
    CashReport,
    CopyKind,
    DayRow,
    DeclinedSlip,
    EndOfDayList,
    GuidanceSlip,
    HandoverKind,
    HandoverSlip,
    LeaseReleaseSlip,
    MethodSlip,
    MissingPaper,
    Origin,
    PayoutReceipt,
    ReceiptLine,
    ReceiptNumber,
    ReversalSlip,
    StatementSlip,
    VoidSlip,
)
from kiosk.payout.rules import local_day
from kiosk.payout.standing import PayoutState, Standing
from kiosk.payout.statements import StatementKind


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues a paper: the device, its list's place and telephone, and the agent's name."""

    pay_list: PayList
    standing: Standing
    agent: str
    sign: Signer

    def _origin(
        self, number: ReceiptNumber | None, at: UnixSeconds, place: str, *, simulated: bool, reprint: int = 0
    ) -> Origin:
        """``place``: where the paper is handed over; the office stands at its head."""
        policy = self.pay_list.policy
        return Origin(
            number=number,
            mode=self.standing.mode,
            simulated=simulated,
            area=policy.place or self.pay_list.area,
            device=self.standing.device,
            agent=self.agent,
            place=place,
            at=at,
            complaint_phone=policy.complaint_phone,
            reprint=reprint,
        )

    def receipt(
        self, state: PayoutState, reprint: int, cannot_sign: CannotSign | None, witness_name: str, copy: CopyKind
    ) -> PayoutReceipt:
        """The receipt of a completed payout; the QR is a claim signed by this device."""
        number = ReceiptNumber.parse(state.id)
        at = state.settled_at or state.authorised_at
        return PayoutReceipt(
            origin=self._origin(number, at, self._hamlet(state.recipient), simulated=state.simulated, reprint=reprint),
            recipient_name=self._name(state.recipient),
            payee_name=self._name(state.payee),
            role=state.role,
            lines=tuple(map(_line, state.lines)),
            evidence_level=state.level,
            witness=state.witness,
            claim=self._claim(state, number, at),
            copy=copy,
            cannot_sign=cannot_sign,
            witness_name=witness_name,
        )

    def _claim(self, state: PayoutState, number: ReceiptNumber, at: UnixSeconds) -> bytes:
        page = page_prefix(self.pay_list.policy.receipt_page)
        return encode_claim(self._stated(state, number, at), self.sign, page)

    def _stated(self, state: PayoutState, number: ReceiptNumber, at: UnixSeconds) -> Claim:
        return Claim(
            device=number.device,
            epoch=number.epoch,
            sequence=number.sequence,
            total=state.total,
            day=local_day(at),
            periods=tuple(sorted({Period.parse(line.period) for line in state.lines})),
            entry=entry_prefix(state.authorised_hash),
            practice=self.standing.mode is Mode.PRACTICE,
            simulated=state.simulated,
        )

    def _hamlet(self, person: PersonId) -> str:
        """Where a home visit hands over. Raises KeyError for somebody who is not on the list."""
        return self.pay_list.recipient(person).hamlet

    def _name(self, person: PersonId) -> str:
        """The name on the list. Raises KeyError for somebody who is not on it."""
        for each in self.pay_list.recipients:
            if each.person.id == person:
                return each.person.full_name
        for payee in self.pay_list.payees:
            if payee.person.id == person:
                return payee.person.full_name
        raise KeyError(person)

    def cash_report(
        self, session: CashSession, closed: j.SessionClosed, at: UnixSeconds, payouts: int, simulated: bool
    ) -> CashReport:
        """The session's books on paper (M4)."""
        return CashReport(
            origin=self._origin(None, at, self.pay_list.policy.place, simulated=simulated),
            opened_at=UnixSeconds(session.opened_at),
            closed_at=at,
            opening=session.opening,
            added=session.added,
            returned=session.returned,
            paid=session.paid,
            reversed=session.reversed,
            payouts=payouts,
            notes=Notes(closed.notes),
            reason=VarianceReason(closed.reason),
            remark=closed.note,
        )

    def day_list(self, paid: Iterable[PayoutState], at: UnixSeconds, *, simulated: bool) -> EndOfDayList:
        """What a session paid, each with a code that names its leases: what is left of a day when its kit is lost."""
        origin = self._origin(None, at, self.pay_list.policy.place, simulated=simulated)
        return EndOfDayList(origin, tuple(map(self._day_row, paid)))

    def _day_row(self, state: PayoutState) -> DayRow:
        number, at = ReceiptNumber.parse(state.id), state.settled_at or state.authorised_at
        tags = tuple(lease_tag(line.lease) for line in state.lines[:MAX_LEASES])
        claim = encode_claim(replace(self._stated(state, number, at), leases=tags), self.sign)
        return DayRow(number, at, self._name(state.recipient), state.total, claim)

    def handover(self, fact: j.CashAdded | j.CashReturned, way: CashWay, entry: j.Entry) -> HandoverSlip:
        """Cash between two named people, who both sign."""
        came = way is CashWay.ADDED
        return HandoverSlip(
            origin=self._of_entry(entry, simulated=self.standing.mode is Mode.PRACTICE),
            kind=_HANDOVER[way],
            notes=Notes(fact.notes),
            from_name=fact.second if came else self.agent,
            to_name=self.agent if came else fact.second,
        )

    def not_paid(self, state: PayoutState, fact: j.PayoutVoided, entry: j.Entry) -> VoidSlip | DeclinedSlip:
        """An authorised sum that was not handed over: the recipient's own word where it was theirs."""
        origin = self._of_entry(entry, simulated=state.simulated)
        name, lines = self._name(state.recipient), tuple(map(_line, state.lines))
        if fact.reason in (VoidReason.RECIPIENT_DECLINED, VoidReason.DISPUTED_SUM):
            return DeclinedSlip(origin, name, lines, fact.reason)
        return VoidSlip(origin, name, lines, fact.reason)

    def reversal(self, state: PayoutState, fact: j.PayoutReversed, entry: j.Entry) -> ReversalSlip:
        """A payout taken back: its receipt is void from now on."""
        return ReversalSlip(
            origin=self._of_entry(entry, simulated=state.simulated),
            paid_number=ReceiptNumber.parse(state.id),
            recipient_name=self._name(state.recipient),
            payee_name=self._name(state.payee),
            lines=tuple(map(_line, state.lines)),
            reason=fact.reason,
            second=fact.second,
        )

    def release(
        self, owed: Entitlement, code: str, stand_in: DeviceId, expires_at: UnixSeconds, at: UnixSeconds
    ) -> LeaseReleaseSlip:
        """The digits on paper, for who cannot note them while telephoning."""
        return LeaseReleaseSlip(
            origin=self._origin(None, at, self.pay_list.policy.place, simulated=self.standing.mode is Mode.PRACTICE),
            recipient_name=self._name(owed.recipient),
            lines=(ReceiptLine(owed.programme, owed.kind, owed.period, owed.amount),),
            stand_in=stand_in,
            code=code,
            expires_at=expires_at,
        )

    def statement(
        self, fact: j.StatementTaken, entry: j.Entry, said: Statement, words: str
    ) -> StatementSlip | GuidanceSlip | MethodSlip:
        """What was said, under its number; what to bring and where; or the way to be paid that was wished for."""
        origin = self._of_entry(entry, simulated=self.standing.mode is Mode.PRACTICE)
        name = self._name(fact.recipient)
        if fact.about is StatementKind.PAPERS:
            missing = tuple(map(MissingPaper, fact.choice.split(",")))
            return GuidanceSlip(origin, name, missing, self.pay_list.policy.place or origin.area)
        signed = bool(said.strokes)
        if said.wish is not None:
            return _method(origin, name, said.wish, signed=signed)
        return StatementSlip(origin, name, fact.about, said.total, words, signed)

    def _of_entry(self, entry: j.Entry, *, simulated: bool) -> Origin:
        number = ReceiptNumber(entry.device, entry.epoch, entry.sequence)
        return self._origin(number, entry.at, self.pay_list.policy.place, simulated=simulated)


def _method(origin: Origin, name: str, wish: Wish, *, signed: bool) -> MethodSlip:
    return MethodSlip(origin, name, wish.way, bank_name(wish.bank), wish.holder, wish.number[-TAIL:], signed)


TAIL = 4
"""Characters of an account or a telephone that go on paper."""
_HANDOVER = {
    CashWay.ADDED: HandoverKind.FLOAT_ADDED,
    CashWay.RETURNED: HandoverKind.CASH_RETURNED,
    CashWay.HANDED_OVER: HandoverKind.SHIFT,
}


def _line(paid: j.AuthorisedLine) -> ReceiptLine:
    return ReceiptLine(paid.programme, paid.kind, Period.parse(paid.period), paid.amount, paid.rounding or Vnd(0))


def session_name(device: DeviceId, standing: Standing, operator: OperatorId) -> str:
    """A session is named by where it starts in the journal."""
    return f"{device}-{standing.epoch}-{standing.next_sequence}-{operator}"[:64]
