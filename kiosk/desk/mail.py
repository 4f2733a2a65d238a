"""The desk's side of the spool: seal what is new, take in what came (plan §4.8, §5).

The courier moves these files and reads none of them. Whatever comes in is believed only after the
district's signature held; a file that does not hold is recorded, removed and changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field

from kiosk.desk import orders, refusals
from kiosk.desk.books import Books
from kiosk.desk.halts import Halts
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import orders as xo
from kiosk.exchange import spool
from kiosk.exchange.attachment import referenced, seal_attachment
from kiosk.exchange.bundle import Addressee, open_bundle, read_public
from kiosk.exchange.errors import ExchangeError, FaultKey, NotForUs
from kiosk.exchange.segment import peek, seal
from kiosk.exchange.shapes import Held
from kiosk.payout.journal import GENESIS, Entry
from kiosk.payout.names import Digest, Epoch, RefusalKey, Sequence

log = logging.getLogger("tannha.mail")
_INCARNATION = "incarnation"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What taking in brought: whether the list changed, and how many files were refused and why."""

    bundle: bool = False
    checkpoint: bool = False
    orders: int = 0
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Mail:
    """Outgoing and incoming spool of an open desk."""

    books: Books
    outbox: spool.Outbox
    inbox: spool.Inbox
    halts: Halts = field(init=False)

    def __post_init__(self) -> None:
        self.halts = Halts(self.books)

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
        done = self._orders(refused)
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
                        continue  # enrolment answers are taken in where they were asked for
            except ExchangeError as error:
                self._refused(file, error, refused)
            self.inbox.consume(file)
        return Arrived(bundle, checkpoint, done, tuple(refused))

    def _refused(self, file: spool.SpoolFile, error: ExchangeError, refused: list[str]) -> None:
        refused.append(str(error.key))
        refusals.note(self.books.store, self.books.hours.trusted().now, file, error.key)
        log.warning("refused %s: %s", file.kind.name.lower(), error.key)

    # -- orders ---------------------------------------------------------------------------------------------------

    def _orders(self, refused: list[str]) -> int:
        """Take orders in their turn; how many were done. Behind one that waits only the end of the device goes on."""
        done, waits = 0, False
        for file, data in self._in_turn(refused):
            try:
                header, order = self._opened(data)
            except ExchangeError as error:
                self._refused(file, error, refused)
                self.inbox.consume(file)
                continue
            if waits and not isinstance(order, xo.DeviceRevoked):
                continue
            if orders.take(self.books, self.halts, header, order):
                self.inbox.consume(file)
                done += 1
            else:
                waits = True
        return done

    def _opened(self, data: bytes) -> tuple[xo.OrderHeader, xo.Order]:
        books = self.books
        newest = books.standing.order_serial
        return xo.open_order(data, books.district.sign_public, self._addressee(), newest, books.keys.open)

    def _in_turn(self, refused: list[str]) -> list[tuple[spool.SpoolFile, bytes]]:
        found: list[tuple[int, spool.SpoolFile, bytes]] = []
        for file in self.inbox.files():
            if file.kind is not spool.FileKind.ORDER:
                continue
            try:
                data = spool.read(file)
                found.append((xo.claimed_serial(data), file, data))
            except ExchangeError as error:
                self._refused(file, error, refused)
                self.inbox.consume(file)
        return [(file, data) for _, file, data in sorted(found, key=lambda each: each[0])]

    def _addressee(self) -> Addressee:
        standing = self.books.standing
        return Addressee(self.books.area, standing.device, standing.epoch, self.books.keys.seal_public)

    def _bundle(self, data: bytes) -> None:
        district = self.books.district.sign_public
        try:
            opened = open_bundle(data, district, self._addressee(), self.held(), self.books.keys.open)
        except NotForUs as error:
            self._look_ahead(error, data)
            raise
        if opened.public.mode is not self.books.mode:  # M8: practice lists stay in practice
            raise NotForUs(FaultKey.WRONG_MODE)
        self.halts.bundle_reads(opened.header.time)
        self.books.take_over(opened, Digest(hashlib.sha256(data).hexdigest()))
        self.halts.bundle_came(self.held())

    def _look_ahead(self, error: NotForUs, data: bytes) -> None:
        """A genuine bundle of a later epoch: for these keys, and the journal here was put back; or another has come."""
        means = {FaultKey.WRONG_EPOCH: RefusalKey.ROLLED_BACK, FaultKey.WRONG_DEVICE: RefusalKey.REVOKED}
        if error.key not in means:
            return
        header, _ = read_public(data, self.books.district.sign_public)
        standing = self.books.standing
        if header.area == self.books.area and header.device == standing.device and header.epoch > standing.epoch:
            self.halts.halt(means[error.key])

    def _checkpoint(self, data: bytes) -> None:
        checkpoint = xc.read_checkpoint(data, self.books.district.sign_public, self._addressee())
        verdict = xc.judge(checkpoint, self._position(checkpoint))
        match verdict:
            case xc.CheckpointVerdict.OLDER_INCARNATION | xc.CheckpointVerdict.EARLIER_EPOCH:
                return
            case xc.CheckpointVerdict.DEVICE_ROLLED_BACK:
                self.halts.halt(RefusalKey.ROLLED_BACK)
            case xc.CheckpointVerdict.FORK:
                self.halts.halt(self.books.halted or RefusalKey.FORKED)
            case xc.CheckpointVerdict.DISTRICT_RESTORED:
                self._restored(checkpoint)
            case xc.CheckpointVerdict.DEVICE_AHEAD | xc.CheckpointVerdict.IN_STEP:
                self._acknowledged(checkpoint)
        fresh = xc.proves_time(checkpoint, self.books.standing.epoch, Sequence(self.books.booted_at))
        self.halts.heard(checkpoint, self.held(), fresh=fresh)

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
        if checkpoint.backed_up > 0:
            self._let_old_epochs_go(checkpoint.epoch)

    def _forget_attachments(self, checkpoint: xc.Checkpoint, since: Sequence) -> None:
        """Evidence that is backed up at the district needs no sealed copy in the spool any more (M5)."""
        if checkpoint.backed_up <= since:
            return
        self._forget(self.books.store.entries(checkpoint.epoch, since, checkpoint.backed_up - 1))

    def _forget(self, entries: tuple[Entry, ...]) -> None:
        gone = {f"a-{digest}.tn" for digest in referenced(entries)}
        for file in self.outbox.files():
            if file.name in gone:
                self.outbox.forget(file)

    def _let_old_epochs_go(self, epoch: Epoch) -> None:
        """The district took the new epoch in only behind the end of ours before it, and has both in a backup (M3, M5).

        That holds for a branch too, of which no checkpoint of the old epoch speaks.
        """
        store = self.books.store
        for old in store.epochs_before(epoch):
            entries = store.entries(old)
            self._forget(entries)
            if names := referenced(entries):
                store.shred(names, self.books.hours.trusted().now)
            self.outbox.acknowledge(old, Sequence(len(entries)))
        store.backed_up_before(epoch)
        store.purge_epochs_before(epoch)

    def _restored(self, checkpoint: xc.Checkpoint) -> None:
        """The district came back from a backup: everything it has lost is sealed and sent again."""
        self.books.store.resend_from(checkpoint.epoch, checkpoint.next)
        self.books.store.keep(_INCARNATION, str(checkpoint.incarnation).encode())
