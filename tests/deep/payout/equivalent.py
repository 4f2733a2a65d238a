"""Why: some changes make no difference to anybody. Each is named here with its reason: none is waved by."""

from __future__ import annotations

from typing import Final

_ASKED_BEFORE: Final = "`cash_is_there` has refused before; the branch is there for the type checker"
_SESSION_BEFORE: Final = "`session_is_open` has refused before; the branch is there for the type checker"
_NOTES_BEFORE: Final = "`sum_is_in_notes` has refused before; the other value is there for the type checker"
_COMPLETE: Final = "every member has its arm; this one is for the type checker"
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
_UNREAD: Final = "nobody reads what it gives back: it refuses or says nothing"
_TREES: Final = "only trees come here: there is no circle to look for"
_SAME_BYTES: Final = "both ways write the same bytes, which a test holds them to: one is faster"
_NO_INDENT: Final = "nothing is indented: the depth to begin with is never read"
_NULL: Final = "`null` would stand for it, and that is not what came: refused all the same"
_NAN: Final = "`NaN` is refused when it is written again, for what is read must be what is written"
_NO_X: Final = "base32 has no small letters: there is none to strip"
_SHORT: Final = "one byte has no payload before its signature, just as none has"
_NO_PAYLOAD: Final = "without a payload before its signature it is malformed all the same"
_ONE_BYTE: Final = "of one byte the first is the last"
_NINE: Final = "eight bytes as before, or a ninth that makes a number beyond every bound of a claim"
_NO_OVERFLOW: Final = "nothing here overflows; it stands there so that no input ever raises"
_CLAIM_ASKS: Final = "`Claim` itself refuses more; a count of one byte ends soon"
_PLAIN: Final = "`encode` gives plain values back as they are: one call is saved"
_ONE_MEMBER: Final = "a list of one: its first is its last"
_PYTEST: Final = "it only tells pytest that this is no test"

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
    "cash.Notes.__add__: True => False": _STRICT,
    "cash.Notes.__add__: zip(self.counts, other.counts, strict=True) => zip(self.counts, other.counts)": _STRICT,
    "cash.Notes.__sub__: True => False": _STRICT,
    "cash.Notes.__sub__: zip(self.counts, other.counts, strict=True) => zip(self.counts, other.counts)": _STRICT,
    "cash.Notes.covers: True => False": _STRICT,
    "cash.Notes.covers: zip(self.counts, other.counts, strict=True) => zip(self.counts, other.counts)": _STRICT,
    "cash.Notes.items: True => False": _STRICT,
    "cash.Notes.items: zip(DENOMINATIONS, self.counts, strict=True) => zip(DENOMINATIONS, self.counts)": _STRICT,
    "cash._ends_fit: 1 => 2": _MORE_ENDS,
    "cash._ends_fit: if note < _ROUND => if True": _MORE_ENDS,
    "cash._ends_fit: note < _ROUND => note <= _ROUND": _MORE_ENDS,
    "cash._fewest: (at, amount) => (amount,)": _ONCE,
    "cash._fewest: (at, amount) => (at,)": _ONCE,
    "cash._fewest: if (at, amount) not in known => if True": _ONCE,
    "cash._search: (DENOMINATIONS[at + 1:], counts[at + 1:], strict=True)"
    " => (DENOMINATIONS[at + 1:], counts[at + 1:])": _STRICT,
    "cash._search: -(-rest // largest) => -rest // largest": _SOONER,
    "cash._search: -rest => rest": _SOONER,
    "cash._search: None if rest and rest % unit else _fewest(rest, at + 1, counts, known)"
    " => _fewest(rest, at + 1, counts, known)": _SOONER,
    "cash._search: True => False": _STRICT,
    "cash._search: for value, count in smaller if count => for value, count in smaller": _SOONER,
    "cash._search: for value, count in smaller if count => for value, count in smaller (2)": _SOONER,
    "cash._search: n + -(-rest // largest) => n - -(-rest // largest)": _SOONER,
    "cash._search: n + -(-rest // largest) >= sum(best) => n + -(-rest // largest) > sum(best)": _SOONER,
    "cash._search: rest > most or (best is not None and n + -(-rest // largest) >= sum(best)) => rest > most": _SOONER,
    "cash.fewest_notes: 0 => -1 (2)": _MINUS_ONE,
    "cash.from_drawer: if not _ends_fit(int(amount), drawer) => if False": _MORE_ENDS,
    "rules._line: _in_notes(owed, request) or owed.amount => _in_notes(owed, request)": _NOTES_BEFORE,
    "rules._total: 0 => -1": _NOTES_BEFORE,
    "rules._total: 0 => 1": _NOTES_BEFORE,
    "rules._total: _in_notes(each, request) or 0 => _in_notes(each, request)": _NOTES_BEFORE,
    "rounding.payable: 0 => 1": "whole notes are paid here: 1 đồng is none",
    "rounding._rounded: arm dropped: _ as unknown": _COMPLETE,
    "rounding._rounded: assert_never(unknown) => pass": _COMPLETE,
    "standing._open_epoch: fault or '' => fault": _NO_WORDS,
    "standing._open_epoch: '' => 'x'": _NO_WORDS,
    "people.BirthDate.__post_init__: 1 => 2 (2)": "every month has a second day, as it has a first",
    "standing._fact: arm dropped: j.EpochOpened()": _EPOCH_FIRST,
    "standing._fact: raise ImpossibleFact('epoch_opened is applied before') => pass": _EPOCH_FIRST,
    "standing._take: zip(drawer.counts, notes.counts, strict=True) => zip(drawer.counts, notes.counts)": _STRICT,
    "standing._take: True => False": _STRICT,
    "standing._check_override: return => return ...": _UNREAD,
    "standing._authorised: (*now.pending, fact.payout) => (fact.payout,)": _ONE_PENDING,
    "canonical.module: , separators=(',', ':'), allow_nan=False, check_circular=False)"
    " => , separators=(',', ':'), allow_nan=False)": _TREES,
    "canonical.module: False => True (3)": _TREES,
    "canonical._encoder: 'c_make_encoder' => 'c_make_encoderx'": _SAME_BYTES,
    "canonical._encoder: if make is None => if True": _SAME_BYTES,
    "canonical._encoder: 0 => 1": _NO_INDENT,
    "canonical._encoder: 0 => -1": _NO_INDENT,
    "canonical._no_float: raise EncodingFault(f'a number that is not an integer: {text[:20]}') => pass": _NULL,
    "canonical.encode: item if type(item) in _PLAIN else encode(item) => encode(item)": _PLAIN,
    "canonical._encode_dataclass: item if type(item) in _PLAIN else encode(item) => encode(item)": _PLAIN,
    "canonical._union_decoder: 0 => -1": _ONE_MEMBER,
    "receipt.TestPage: False => True": _PYTEST,
    "canonical.from_bytes: json.loads(data, parse_float=_no_float, parse_constant=_no_float)"
    " => json.loads(data, parse_float=_no_float)": _NAN,
    "handover.encode_handover: b'=' => b'=x'": _NO_X,
    "handover.verify_handover: b'' => b'x'": _SHORT,
    "claim.encode_claim: b'=' => b'=x'": _NO_X,
    "claim._unwrapped: raw is not None and len(raw) > SIGNATURE_BYTES => raw is not None": _NO_PAYLOAD,
    "claim._unwrapped: len(raw) > SIGNATURE_BYTES => len(raw) >= SIGNATURE_BYTES": _NO_PAYLOAD,
    "claim._Bytes.byte: 0 => -1": _ONE_BYTE,
    "claim._Bytes.varint: 56 => 57": _NINE,
    "claim._Bytes.varint: 56 => 55": _NINE,
    "claim._parsed: (_Bad, ValueError, OverflowError) => (_Bad, ValueError)": _NO_OVERFLOW,
    "claim._bounded: if count > most => if False": _CLAIM_ASKS,
    "claim._bounded: raise _Bad => pass": _CLAIM_ASKS,
}
