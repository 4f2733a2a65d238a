"""Walks every way of the flow: each event on each screen that can be reached, until nothing new appears.

Screens are told apart by what decides where they can go (kind, what lies under them, what they wait for), not by names
and sums: so the walk ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow import events_money as em
from kiosk.flow import events_override as eo
from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import screens_money as sm
from kiosk.flow import screens_override as so
from kiosk.flow import values as v
from kiosk.flow import values_house as h
from kiosk.flow.effects import Effect
from kiosk.flow.halt import Halt
from kiosk.flow.machine import step
from kiosk.flow.values_money import CashWay, LeaseCode, Notice, NoticeKind, ReversalReason
from kiosk.flow.values_override import Override
from kiosk.flow.values_wish import NO_BANK
from kiosk.payout.names import ConsentWay, OverrideReason
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import PayWay, Right, StatementKind
from tests.screens import gallery, gallery_lease, gallery_money, gallery_wish
from tests.screens.gallery_override import SUPERVISORS

HERE = gallery.frame(v.Language.VI)
HOUSE = gallery.household(v.Language.VI)
CASE = v.UncertainCase(v.PayoutId("D-1-5"), gallery.LANH, v.Vnd(500_000), "09:41", None, v.Vnd(0), v.Vnd(500_000))
SHIFT = v.Shift(
    gallery.MAI,
    gallery.ROWS,
    (),
    v.Notes(),
    ("Thủ quỹ",),
    session_open=True,
    in_drawer=v.Vnd(1_000_000),
    colleagues=("Lê Quốc Khánh",),
    override=True,
)
REPORT = v.CashReport(*(v.Vnd(0),) * 8, payouts=0)
PAID = replace(gallery_money.paid_row(gallery.LANH), total=v.Vnd(500_000))
LEASED = gallery_lease.lease_row(gallery.LANH, gallery.LINES)
CODES = tuple(LeaseCode(line, "481027739156") for line in (*gallery.LINES, *gallery.LINES))
FACE = v.Face(gallery.LANH, v.Role.SELF, "1941", v.Sex.FEMALE, "0317", compared=gallery_wish.COMPARED,
              doubts=(v.Doubt(v.CardDoubt.LIST_BIRTH, "1940"),))  # fmt: skip
STROKE = ((100, 100), (500, 500))


@dataclass(frozen=True, slots=True)
class Way:
    """One step that was seen: from, by which event, to, and what was asked of the desk."""

    start: sc.Screen
    event: ev.Event
    end: sc.Screen
    effects: tuple[Effect, ...]


@cache
def intents() -> tuple[ev.Event, ...]:
    """What people and devices can do, one of each kind and every closed choice that leads elsewhere."""
    return (
        ev.Begin(), ev.Back(), ev.Confirm(), ev.Decline(), ev.Help(), ev.HearAgain(), ev.Lock(), ev.OpenMenu(),
        ev.LanguageChosen(v.Language.KM), ev.OperatorChosen(gallery.MAI.id), ev.Digit(1), ev.Erase(), ev.NoteChosen(2),
        ev.NextNote(), ev.SourceChosen(0), ev.HouseholdChosen(v.HouseholdId("h1")), ev.PayeeChosen(gallery.HOA.id),
        ev.Scrolled(1), ev.StrokeDrawn(STROKE), ev.StrokesCleared(), ev.CannotSignChosen(v.CannotSign.TREMOR),
        ev.WitnessChosen(0), ev.AskName(), ev.Letter("A"), ev.AskNewPin(),
        ev.OtherLetters(), ev.AskCannotSign(), ev.AskExact(), ev.AskUnpaid(), ev.UnpaidChosen(v.UnpaidReason.ABSENT),
        ev.VoidChosen(v.VoidReason.DISPUTED_SUM), ev.OutcomeChosen(v.Outcome.PAID), ev.PaperSeen(printed=True),
        ev.PaperSeen(printed=False), ev.AskReprint(), ev.AskClose(), ev.VarianceChosen(v.VarianceReason.COUNTING),
        eo.WithoutCard(), eo.OverrideBecause(OverrideReason.CARD_LOST),
        *(eo.ConsentChosen(way) for way in ConsentWay), eo.SupervisorChosen(SUPERVISORS[0].id),
        el.AskRelease(), el.AskAccept(), el.ReleaseChosen(LEASED.recipient.id),
        em.AskMoney(), *(em.AskMove(way) for way in CashWay), em.AskPayouts(), em.AskReversal(),
        em.PayoutChosen(PAID.payout),
        em.ReversalChosen(ReversalReason.WRONG_SUM), em.SecondChosen(0),
        ev.AskSync(), ev.AskShutDown(), ev.ContrastChosen(high=True), ev.VolumeChosen(40), ev.CardLaid(),
        ev.CardTaken(), *house_intents(), ev.IdleSoon(30), ev.IdleOver(), ev.StateSeen(printer=v.PrinterLight.NO_PAPER),
        ev.StateSeen(halt=Halt.ROLLED_BACK), ev.StateSeen(halt=Halt.NONE),
    )  # fmt: skip


def house_intents() -> tuple[ev.Event, ...]:
    """What is touched around a household."""
    return (
        ev.AskHouse(), ev.AskList(), ev.AskStick(), ev.Scanned("079041000317"), ev.Planned(h.Plan.UP),
        *(ev.AskNumber(what) for what in h.Number),
        *(ev.AskWords(what) for what in h.Wording), *(ev.AskTopic(topic) for topic in h.Topic),
        *(ev.Picked(answer) for answers in h.ANSWERS.values() for answer in answers),
        *(ev.Picked(way) for way in PayWay), ev.Picked(MissingPaper.GUARDIANSHIP), ev.Picked(Right.CARD),
        ev.BankChosen(NO_BANK), ev.AskReview(), ev.PayeeChosen(gallery.LANH.id),
    )  # fmt: skip


@cache
def results(operation: v.OperationId) -> tuple[ev.Event, ...]:
    """Every answer that the desk could give to an operation."""
    offer = gallery.offer()
    short = replace(REPORT, variance=v.Vnd(20_000))
    return (
        ev.OperatorsListed(operation, gallery.OPERATORS), ev.SignedIn(operation, SHIFT),
        ev.SignedIn(operation, replace(SHIFT, session_open=False)),
        ev.SignedIn(operation, replace(SHIFT, uncertain=(CASE,))),
        ev.SignInRefused(operation, 3), ev.SignInRefused(operation, 0), ev.ClockAccepted(operation),
        ev.SessionOpened(operation, SHIFT), ev.RouteLoaded(operation, gallery.ROWS),
        ev.HouseholdLoaded(operation, HOUSE), ev.ReadProgress(operation, v.ReadPhase.PHOTO, 3, 9),
        ev.CardRead(operation, FACE), *(ev.CardFailed(operation, trouble) for trouble in v.CardTrouble),
        ev.OfferMade(operation, offer), ev.Refused(operation, v.RefusalKey.NO_LEASE),
        ev.Authorised(operation, v.PayoutId("D-1-6")), ev.Completed(operation, gallery.ROWS, 500_000, "482913"),
        ev.Voided(operation, gallery.ROWS, v.VoidReason.OPERATOR_ERROR, "MAI07-1-40", v.PrintResult.PRINTED),
        *(ev.Printed(operation, result) for result in v.PrintResult),
        ev.UncertainSettled(operation, SHIFT), ev.UnpaidNoted(operation, gallery.ROWS),
        ev.CountCompared(operation, REPORT), ev.CountCompared(operation, short), ev.SessionClosed(operation, REPORT),
        ev.PinChanged(operation), *(ev.PinRejected(operation, why) for why in v.PinFault),
        ev.HousePlanned(operation, HOUSE, gallery.ROWS),
        *(em.MoneyMoved(operation, SHIFT, Notice(kind, v.Vnd(1_000), "quỹ")) for kind in NoticeKind),
        el.LeasesListed(operation, (LEASED,)), el.LeasesReleased(operation, SHIFT, LEASED, CODES),
        el.LeaseGot(operation, SHIFT, LEASED),
        *(eo.OverrideReady(operation, offer, "D", "271828314159", SUPERVISORS[:many]) for many in (0, 1, 3)),
        eo.OverrideAgreed(operation), ev.Refused(operation, v.RefusalKey.LEVEL_TOO_LOW),
        em.PayoutsListed(operation, (PAID,)), ev.SignedIn(operation, replace(SHIFT, session_of=gallery.MAI)),
        ev.HousePlanned(operation, HOUSE, gallery.ROWS), ev.PeopleFound(operation),
        ev.AccountRead(operation, None), ev.AccountRead(operation, gallery_wish.ACCOUNT),
        ev.ReceiptChecked(operation, h.SeenReceipt(h.ReceiptVerdict.GENUINE)),
        *(ev.StatementKept(operation, about, "D-1-9", v.PrintResult.PRINTED) for about in tuple(StatementKind)[:2]),
        ev.PeopleFound(operation, (v.HouseholdId("h1"), v.HouseholdId("h2"))),
        ev.PeopleFound(operation, (v.HouseholdId("h1"),), HOUSE, gallery.LANH.id),
        *(ev.Failed(operation, trouble) for trouble in v.Trouble),
    )  # fmt: skip


def awaited(screen: sc.Screen) -> v.OperationId | None:
    """The operation that a screen waits for, looking under overlays."""
    own: v.OperationId | None = getattr(screen, "awaited", None)
    under = getattr(screen, "under", None)
    return own if own is not None or under is None else awaited(under)


def kind(screen: sc.Screen) -> Hashable:
    """What decides where a screen can go."""
    under = getattr(screen, "under", None)
    visit: Any = getattr(screen, "visit", None)
    length = len(getattr(screen, "typed", getattr(screen, "keys", "")))
    most = sc.CODE_DIGITS if isinstance(screen, sc.NewPin | sl.TypeCitizen | sl.TypeCode | so.OverrideCode) else 6
    asked = next((each for each in (getattr(screen, "asked", None), visit and visit.override) if each), None)
    # In the middle of a number only keys lead on; what the lights do there they do at both ends of it too.
    typing = isinstance(screen, sc.EnterPin | sc.NewPin) and 0 < length < most
    lights = None if typing else (screen.frame.card_present, screen.frame.halt)
    return (
        type(screen).__name__, getattr(screen, "wait", None), getattr(screen, "awaited", None) is not None,
        getattr(screen, "result", None), getattr(screen, "trouble", None), getattr(screen, "exact", None),
        getattr(screen, "tries_left", None), min(length, most), getattr(screen, "stage", None),
        getattr(screen, "fault", None), getattr(screen, "by_code", None), bool(getattr(screen, "strokes", ())),
        getattr(screen, "what", None), getattr(screen, "topic", None), bool(getattr(screen, "search", "")),
        getattr(getattr(screen, "report", None), "variance", None),
        getattr(getattr(screen, "notice", None), "kind", None),
        counted(screen), getattr(screen, "handed", None), type(getattr(screen, "task", None)).__name__,
        getattr(screen, "reason", None),
        isinstance(asked, Override) and (len(asked.supervisors), asked.supervisor is None, visit.override is None),
        getattr(screen, "about", None), getattr(screen, "offer", None) is not None,
        getattr(getattr(screen, "wish", None), "way", None), getattr(screen, "request", None),
        getattr(screen, "no_cash", None),
        getattr(screen, "face", None) is not None, bool(getattr(screen, "chosen", ())),
        getattr(getattr(screen, "statement", None), "about", None),
        bool(getattr(screen, "only", ())), getattr(screen, "unknown", None),
        isinstance(screen, sl.LeaseTaken) and bool(screen.number),
        visit is not None and (visit.reading is None, len(visit.waiting)), lights,
        screen.frame.time_proven, None if under is None else type(under).__name__,
    )  # fmt: skip


def counted(screen: sc.Screen) -> Hashable:
    """Whether nothing, something, or exactly the sum that came back was counted: it decides what may follow."""
    count, row = getattr(screen, "count", None), getattr(screen, "row", None)
    if not isinstance(screen, sm.CountMove | sm.ReversalCount) or count is None:
        return None
    return bool(count.notes.amount), row is not None and count.notes.amount == row.total


def starts() -> tuple[sc.Screen, ...]:
    """A device that knows its date, one at a pay point, and one that does not know its date."""
    return (
        sc.Idle(HERE),
        sc.Queue(replace(HERE, profile=v.Profile.PAY_POINT), SHIFT),
        sc.Idle(replace(HERE, time_proven=False, today=date(2026, 1, 1))),
    )


def ways() -> Iterator[Way]:
    """Every step of every screen that can be reached."""
    seen: set[Hashable] = {kind(start) for start in starts()}
    queue: deque[sc.Screen] = deque(starts())
    while queue:
        screen = queue.popleft()
        operation = awaited(screen)
        for event in (*intents(), *(() if operation is None else results(operation))):
            after, effects = step(screen, event)
            yield Way(screen, event, after, effects)
            if after is not screen and (of := kind(after)) not in seen:
                seen.add(of)
                queue.append(after)
