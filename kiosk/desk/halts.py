"""Why this device must not pay now, until when, and what the agent is told about it (plan §5).

A halt is remembered with its epoch: a new one that the district ordered ends it by itself. Suppression and
revocation are not remembered but judged each time, from the district's own signed words.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.desk.books import Books
from kiosk.exchange import contact as xt
from kiosk.exchange.checkpoint import Checkpoint
from kiosk.exchange.shapes import Held
from kiosk.flow.halt import Halt
from kiosk.payout import canonical
from kiosk.payout.clock import TimeVerdict
from kiosk.payout.names import RefusalKey, UnixSeconds

_CONTACT = "contact"
_FLOOR = "district-floor"
_HALTED = "halted"

SHOWN = {
    RefusalKey.ROLLED_BACK: Halt.ROLLED_BACK,
    RefusalKey.FORKED: Halt.FORKED,
    RefusalKey.REVOKED: Halt.REVOKED,
    RefusalKey.SUPPRESSED: Halt.SUPPRESSED,
    RefusalKey.LEASE_OTHER_EPOCH: Halt.CLOSE_FIRST,
}


@dataclass(slots=True)
class Halts:
    """What the district's words mean for paying, kept beside the journal."""

    books: Books
    close_first: bool = False
    """An order of a new epoch lies here and waits until the session is closed."""

    def recall(self) -> None:
        """After sign-in: what was known before."""
        store = self.books.store
        halted = store.kept(_HALTED)
        if halted is not None:
            key, _, epoch = halted.decode().partition(":")
            self.books.halted = RefusalKey(key) if int(epoch) == self.books.standing.epoch else None
        self.books.hours.floor = UnixSeconds(max(self.books.hours.floor, int(store.kept(_FLOOR) or 0)))
        self._keep(self.contact())

    def halt(self, key: RefusalKey) -> None:
        """This epoch pays nothing more."""
        self.books.halted = key
        self.books.store.keep(_HALTED, f"{key.value}:{self.books.standing.epoch}".encode())

    # -- what the district said -----------------------------------------------------------------------------------

    def contact(self) -> xt.Contact:
        """What is remembered of the district's word; at first the hour of the enrolment."""
        kept = self.books.store.kept(_CONTACT)
        if kept is None:
            return xt.Contact(self.books.standing.proven_until)
        return canonical.decode(xt.Contact, canonical.from_bytes(kept))

    def heard(self, checkpoint: Checkpoint, held: Held, *, fresh: bool) -> None:
        """A genuine checkpoint. ``fresh``: it answers to something this boot has sent."""
        self._keep(xt.after_checkpoint(self.contact(), checkpoint, held))
        self._hour(checkpoint.time, fresh=fresh)

    def bundle_reads(self, at: UnixSeconds) -> None:
        """A genuine bundle for this device names its hour. Kept before it is taken over: a bundle is read only once."""
        self._hour(at, fresh=False)

    def bundle_came(self, held: Held) -> None:
        """A bundle is in force."""
        self._keep(xt.after_bundle(self.contact(), held))

    def lower_floor(self, floor: UnixSeconds) -> None:
        """The district took back an hour. Kept before the fact is written: a power cut leaves the order open."""
        self._keep(xt.after_floor(self.contact(), floor))
        self.books.store.keep(_FLOOR, str(min(floor, self.books.hours.floor)).encode())
        self.books.hours.lower_floor(floor)

    def _hour(self, at: UnixSeconds, *, fresh: bool) -> None:
        self.books.hours.district_said(at, fresh=fresh)
        newest = max(at, int(self.books.store.kept(_FLOOR) or 0))
        self.books.store.keep(_FLOOR, str(newest).encode())

    def _keep(self, contact: xt.Contact) -> None:
        self.books.store.keep(_CONTACT, canonical.to_bytes(canonical.encode(contact)))

    # -- what follows ---------------------------------------------------------------------------------------------

    def reason(self) -> RefusalKey | None:
        """Why this device must not pay now, or None."""
        if self.books.standing.stopped or self._revoked():
            return RefusalKey.REVOKED
        if self.close_first:
            return RefusalKey.LEASE_OTHER_EPOCH
        if self.books.halted is not None:
            return self.books.halted
        days = self.books.pay_list.policy.max_days_without_checkpoint
        suppressed = xt.suppression(self.contact(), self.books.hours.trusted().now, days)
        return None if suppressed is None else RefusalKey.SUPPRESSED

    def _revoked(self) -> bool:
        """The bundle in force names this device or the operator who is signed in."""
        if self.books.public is None:
            return False
        subjects = {f"device:{self.books.standing.device}", f"operator:{self.books.operator.id}"}
        return any(each.subject in subjects for each in self.books.public.revocations)

    def shown(self) -> Halt:
        """The same for the agent's eyes, with the clock that stands below the floor."""
        reason = self.reason()
        if reason is not None:
            return SHOWN[reason]
        below = self.books.hours.judged().verdict is TimeVerdict.BELOW_FLOOR
        return Halt.BELOW_FLOOR if below else Halt.NONE
