"""Why: some changes make no difference to anybody. Each is named here with its reason: none is waved by."""

from __future__ import annotations

from typing import Final

_ASKED_BEFORE: Final = "`cash_is_there` has refused before; the branch is there for the type checker"
_SESSION_BEFORE: Final = "`session_is_open` has refused before; the branch is there for the type checker"
_SELF_BEFORE: Final = "`session_is_open` has refused before: nobody's session is nobody else's"
_MONTH_BOUND: Final = "any end after every month is as good, and with its hyphen a month still stands before the next"
_MORE_ENDS: Final = "a bound that lets more through: the search that follows finds no way where there is none"
_SOONER: Final = "it only ends a search that could find nothing better: without it the same notes are found, later"
_ONCE: Final = "only what was found before is found again"
_NO_WORDS: Final = "words of a fault that is never raised: the condition held"
_MINUS_ONE: Final = "-1 đồng is no multiple of the smallest note: the other half of the condition says no as well"
_STRICT: Final = "both stacks have one count for each denomination (`Notes` refuses anything else)"
_EPOCH_FIRST: Final = "`_apply` takes `epoch_opened` before; the arm makes the match complete for the type checker"
_ONE_PENDING: Final = "nothing is pending here: the fold has refused the fact otherwise (M2)"

EQUIVALENT: Final[dict[str, str]] = {
    "rules._hand_over: None if standing.session is None else propose(total, standing.session.drawer)"
    " => propose(total, standing.session.drawer)": _SESSION_BEFORE,
    "rules.offer: if hand_over is None => if False": _ASKED_BEFORE,
    "rules.offer: return Refusal(RefusalKey.NOT_ENOUGH_CASH) => return None": _ASKED_BEFORE,
    "rules.offer: RefusalKey.NOT_ENOUGH_CASH => RefusalKey.OUTSIDE_WINDOW": _ASKED_BEFORE,
    "rules.authorise: if session is None => if False": _SESSION_BEFORE,
    "rules.authorise: return Refusal(RefusalKey.NO_SESSION) => return None": _SESSION_BEFORE,
    "rules.authorise: RefusalKey.NO_SESSION => RefusalKey.UNCERTAIN_OPEN": _SESSION_BEFORE,
    "rules.session_is_ones_own: session is not None and session.operator != request.operator"
    " => session.operator != request.operator": _SELF_BEFORE,
    "rules.receivable: '9999' => '9999x'": _MONTH_BOUND,
    "rules.receivable: 7 => 8": _MONTH_BOUND,
    "standing._open_epoch: fault or '' => fault": _NO_WORDS,
    "standing._open_epoch: '' => 'x'": _NO_WORDS,
    "people.BirthDate.__post_init__: 1 => 2 (2)": "every month has a second day, as it has a first",
    "standing._fact: arm dropped: j.EpochOpened()": _EPOCH_FIRST,
    "standing._fact: raise ImpossibleFact('epoch_opened is applied before') => pass": _EPOCH_FIRST,
    "standing._take: zip(drawer.counts, notes.counts, strict=True) => zip(drawer.counts, notes.counts)": _STRICT,
    "standing._take: True => False": _STRICT,
    "standing._authorised: (*now.pending, fact.payout) => (fact.payout,)": _ONE_PENDING,
}
