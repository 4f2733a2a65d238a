"""The desk's side of the spool: seal what is new, take in what came (plan §4.8, §5).

The courier moves these files and reads none of them. Whatever comes in is believed only after the
district's signature held; a file that does not hold is recorded, removed and changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from kiosk.desk.books import Books
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import spool
from kiosk.exchange.attachment import referenced, seal_attachment
from kiosk.exchange.bundle import Addressee, open_bundle
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.segment import peek, seal
from kiosk.exchange.shapes import Held
from kiosk.payout.journal import GENESIS
from kiosk.payout.names import Digest, RefusalKey, Sequence, UnixSeconds

log = logging.getLogger("tannha.mail")
DAY = 86_400
_CONTACT = "last-contact"
_HALTED = "halted"
_INCARNATION = "incarnation"
_MISSING = "bundle-missing-since"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What taking in brought: whether the list changed, and how many files were refused and why."""

    bundle: bool = False
    checkpoint: bool = False
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Mail:
    """Outgoing and incoming spool of an open desk."""

    books: Books
    outbox: spool.Outbox
    inbox: spool.Inbox

    # -- out ------------------------------------------------------------------------------------------------------

    def post(self) -> int:
        """Seal everything that is not sealed yet; how many entries. Raises SpoolFault (disk full): nothing is lost."""
        books, done = self.books, 0
        while entries := books.store.unsent():
            data = seal(
                entries,
                area=books.area,
                held=self.held(),
                time=books.hours.trusted().now,
                district_key=books.district.seal_public,
                sign=books.keys.sign,
            )
            self.outbox.put_segment(data, peek(data))
            books.store.mark_sealed(entries[-1].epoch, entries[-1].sequence + 1)
            done += len(entries)
        for digest in books.store.unsent_attachments():
            self._post_attachment(digest)
        return done

    def _post_attachment(self, digest: Digest) -> None:
        books = self.books
        item = books.store.attachment(digest)
        if item is None:
            return
        data = seal_attachment(
            item, area=books.area, device=books.standing.device, district_key=books.district.seal_public
        )
        self.outbox.put_attachment(data, digest)
        books.store.mark_attachment_sent(digest)

    def held(self) -> Held:
        """Newest district state that this device has."""
        standing = self.books.standing
        return Held(standing.incarnation, standing.bundle_version, standing.revocation_serial)

    def waiting(self) -> int:
        """Entries that no checkpoint covers yet."""
        standing = self.books.standing
        box = self.books.store.outbox(standing.epoch)
        return standing.next_sequence - (0 if box is None else box.acknowledged)

    # -- in -------------------------------------------------------------------------------------------------------

    def take_in(self) -> Arrived:
        """Consume what the courier brought; bundles wait while a payout is not settled."""
        bundle = checkpoint = False
        refused: list[str] = []
        for file in self.inbox.files():
            try:
                match file.kind:
                    case spool.FileKind.BUNDLE:
                        if self.books.standing.pending:
                            continue
                        self._bundle(spool.read(file))
                        bundle = True
                    case spool.FileKind.CHECKPOINT:
                        self._checkpoint(spool.read(file))
                        checkpoint = True
                    case _:
                        continue  # orders and enrolment answers are taken in where they were asked for
            except ExchangeError as error:
                refused.append(str(error.key))
                log.warning("refused %s: %s", file.kind.name.lower(), error.key)
            self.inbox.consume(file)
        return Arrived(bundle, checkpoint, tuple(refused))

    def _addressee(self) -> Addressee:
        standing = self.books.standing
        return Addressee(self.books.area, standing.device, standing.epoch, self.books.keys.seal_public)

    def _bundle(self, data: bytes) -> None:
        district = self.books.district.sign_public
        opened = open_bundle(data, district, self._addressee(), self.held(), self.books.keys.open)
        self.books.take_over(opened, Digest(hashlib.sha256(data).hexdigest()))
        self._contact(opened.header.time, fresh=False)

    def _checkpoint(self, data: bytes) -> None:
        checkpoint = xc.read_checkpoint(data, self.books.district.sign_public, self._addressee())
        verdict = xc.judge(checkpoint, self._position(checkpoint))
        match verdict:
            case xc.CheckpointVerdict.OLDER_INCARNATION | xc.CheckpointVerdict.EARLIER_EPOCH:
                return
            case xc.CheckpointVerdict.DEVICE_ROLLED_BACK | xc.CheckpointVerdict.FORK:
                self._halt(RefusalKey.ROLLED_BACK)
            case xc.CheckpointVerdict.DISTRICT_RESTORED:
                self._restored(checkpoint)
            case xc.CheckpointVerdict.DEVICE_AHEAD | xc.CheckpointVerdict.IN_STEP:
                self._acknowledged(checkpoint)
        covers_this_boot = checkpoint.epoch == self.books.standing.epoch and checkpoint.next > self.books.booted_at
        self._contact(checkpoint.time, fresh=covers_this_boot)
        self._note_missing_bundle(checkpoint)

    def _position(self, checkpoint: xc.Checkpoint) -> xc.Position:
        standing = self.books.standing
        return xc.Position(standing.epoch, standing.next_sequence, self._head_below(checkpoint), self._incarnation())

    def _head_below(self, checkpoint: xc.Checkpoint) -> Digest | None:
        if checkpoint.next == 0:
            return GENESIS
        last = checkpoint.next - 1
        found = self.books.store.entries(checkpoint.epoch, last, last)
        return found[0].hash if found else None

    def _incarnation(self) -> int:
        kept = self.books.store.kept(_INCARNATION)
        return self.books.standing.incarnation if kept is None else int(kept)

    def _acknowledged(self, checkpoint: xc.Checkpoint) -> None:
        store = self.books.store
        before = store.outbox(checkpoint.epoch)
        store.acknowledge(checkpoint.epoch, checkpoint.next, checkpoint.head, checkpoint.backed_up)
        store.keep(_INCARNATION, str(checkpoint.incarnation).encode())
        self.outbox.acknowledge(checkpoint.epoch, checkpoint.backed_up)
        self._forget_attachments(checkpoint, Sequence(0) if before is None else before.backed_up)

    def _forget_attachments(self, checkpoint: xc.Checkpoint, since: Sequence) -> None:
        """Evidence that is backed up at the district needs no sealed copy in the spool any more (M5)."""
        if checkpoint.backed_up <= since:
            return
        entries = self.books.store.entries(checkpoint.epoch, since, checkpoint.backed_up - 1)
        gone = {f"a-{digest}.tn" for digest in referenced(entries)}
        for file in self.outbox.files():
            if file.name in gone:
                self.outbox.forget(file)

    def _restored(self, checkpoint: xc.Checkpoint) -> None:
        """The district came back from a backup: everything it has lost is sealed and sent again."""
        self.books.store.resend_from(checkpoint.epoch, checkpoint.next)
        self.books.store.keep(_INCARNATION, str(checkpoint.incarnation).encode())

    # -- what stops payouts -----------------------------------------------------------------------------------------

    def _halt(self, key: RefusalKey) -> None:
        self.books.halted = key
        self.books.store.keep(_HALTED, key.value.encode())

    def recall(self) -> None:
        """After sign-in: what was known before, and whether the district has been silent for too long."""
        store = self.books.store
        halted = store.kept(_HALTED)
        if halted is not None:
            self.books.halted = RefusalKey(halted.decode())
        contact = store.kept(_CONTACT)
        if contact is not None:
            self.books.hours.floor = UnixSeconds(max(self.books.hours.floor, int(contact)))

    def suppressed(self) -> bool:
        """True when the district was silent too long, or a bundle it speaks of is kept from us (plan §5)."""
        now, store = self.books.hours.trusted().now, self.books.store
        contact, missing = store.kept(_CONTACT), store.kept(_MISSING)
        limit = self.books.pay_list.policy.max_days_without_checkpoint * DAY
        silent = contact is not None and now - int(contact) > limit
        withheld = bool(missing) and now - int(missing or 0) > DAY
        return silent or withheld

    def halted(self) -> RefusalKey | None:
        """Why this device must not pay now, or None."""
        if self.books.halted is not None:
            return self.books.halted
        return RefusalKey.SUPPRESSED if self.suppressed() else None

    def _contact(self, at: UnixSeconds, *, fresh: bool) -> None:
        self.books.hours.district_said(at, fresh=fresh)
        newest = max(at, int(self.books.store.kept(_CONTACT) or 0))
        self.books.store.keep(_CONTACT, str(newest).encode())

    def last_contact(self) -> UnixSeconds | None:
        """The newest hour that the district signed."""
        kept = self.books.store.kept(_CONTACT)
        return None if kept is None else UnixSeconds(int(kept))

    def _note_missing_bundle(self, checkpoint: xc.Checkpoint) -> None:
        here = self.held()
        behind = (checkpoint.incarnation, checkpoint.bundle_version) > (here.incarnation, here.version)
        store = self.books.store
        if not behind:
            store.keep(_MISSING, b"")
        elif not store.kept(_MISSING):
            store.keep(_MISSING, str(checkpoint.time).encode())
