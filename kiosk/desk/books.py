"""The opened store with its keys and its list: what exists only between sign-in and lock.

Every fact is written here and nowhere else, so that time, place and chain are filled in one way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hardware.card.errors import TrustFault
from hardware.card.trust import TrustStore
from kiosk.desk import plan, taken
from kiosk.desk.board import Board, Listing
from kiosk.desk.hours import Hours
from kiosk.desk.plan import DayPlan
from kiosk.devices.evidence import Known
from kiosk.exchange import bundle as xb
from kiosk.exchange.attachment import Attachment
from kiosk.exchange.keys import Opener, Signer
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, Digest, EntitlementId, Epoch, Mode, OperatorId, RefusalKey, Sequence
from kiosk.payout.operators import OperatorCard
from kiosk.payout.paylist import Lease, PayList, Policy
from kiosk.payout.standing import Standing
from kiosk.store.store import Store
from kiosk.store.values import HeldBundle

log = logging.getLogger("tannha.books")
CHIP = "chip:"
"""What a revoked card key is called in bundles."""
Listen = Callable[[Standing], None]


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The device's keys as callables, and the public key bundles are sealed to."""

    sign: Signer
    open: Opener
    seal_public: bytes
    sign_public: bytes


@dataclass(frozen=True, slots=True)
class DistrictKeys:
    """What the district is recognised by, and what to seal for it (32 bytes each)."""

    sign_public: bytes
    seal_public: bytes


@dataclass(slots=True)
class Books:
    """Store, keys, list and operator of a signed-in desk. Owned by the desk's worker thread."""

    store: Store
    keys: DeviceKeys
    district: DistrictKeys
    operator: OperatorCard
    hours: Hours
    halted: RefusalKey | None = None
    booted_at: int = 0
    """Sequence of this boot's first entry in this epoch: a checkpoint beyond it is an answer to this boot."""
    public: xb.PublicPart | None = None
    sealed: xb.SealedPart | None = None
    _board: Board | None = field(default=None, repr=False)
    _listing: Listing | None = field(default=None, repr=False)
    _whole: PayList | None = field(default=None, repr=False)
    _plan: DayPlan | None = field(default=None, repr=False)

    @property
    def standing(self) -> Standing:
        """After the last durable entry."""
        return self.store.standing()

    @property
    def area(self) -> AreaId:
        """The area this device is enrolled in."""
        return self.store.identity.area

    @property
    def mode(self) -> Mode:
        """Production or practice, for ever."""
        return self.store.identity.mode

    @property
    def pay_list(self) -> PayList:
        """The list in force with what came by telephone; an empty one before the first bundle."""
        if self._whole is None:
            empty = PayList(self.area, 0, (), (), (), (), Policy())
            own = empty if self.sealed is None else self.sealed.pay_list
            self._whole = taken.merged(own, self.taken())
        return self._whole

    def taken(self) -> tuple[taken.Taken, ...]:
        """Leases of other devices that were taken over here."""
        return taken.all_taken(self.store, self.standing)

    @property
    def plan(self) -> DayPlan:
        """The agent's own plan of the day."""
        if self._plan is None:
            self._plan = plan.load(self.store)
        return self._plan

    def keep_plan(self, changed: DayPlan) -> None:
        """Keep another plan, durable on return. Raises StoreError."""
        plan.save(self.store, changed)
        self._plan, self._board = changed, None

    def _listed(self) -> Listing:
        """The list in force, sorted once."""
        if self._listing is None:
            self._listing = Listing(self.pay_list)
        return self._listing

    def board(self) -> Board:
        """What the screens show, built anew after each write."""
        if self._board is None:
            self._board = Board(self._listed(), self.standing, self.hours.trusted(), self.plan)
        return self._board

    def leases(self) -> Mapping[EntitlementId, Lease]:
        """The leases of the bundle in force."""
        return self.pay_list.leases_by_entitlement()

    def revoked(self, operator: OperatorId) -> bool:
        """The district says that this operator must not work any more."""
        subjects = () if self.public is None else (each.subject for each in self.public.revocations)
        return f"operator:{operator}" in subjects

    def trust(self) -> TrustStore:
        """Issuers that the bundle brought; nothing else makes an issuer known (plan §7).

        One file that cannot be used leaves nobody known: cards are then level C, and the kiosk goes on.
        """
        if self.public is None:
            return TrustStore()
        crls = (xb.from_pieces(each) for each in self.public.crls)
        try:
            return TrustStore.of(self.public.certificates(), crls)
        except TrustFault as fault:
            log.warning("no issuer is known: %s", fault)
            return TrustStore()

    def known(self) -> Known:
        """Observed signers and pinned keys (level B), and revoked ones."""
        listed = () if self.public is None else self.public.revocations
        chips = frozenset(each.subject.removeprefix(CHIP) for each in listed if each.subject.startswith(CHIP))
        if self.sealed is None:
            return Known(revoked_keys=chips)
        pinned = {str(each.key): each.person for each in self.sealed.pinned_keys}
        return Known(frozenset(self.sealed.observed_signers), pinned, chips)

    # -- writing --------------------------------------------------------------------------------------------------

    def entry(self, fact: j.Fact, witness: j.Witness | None = None) -> j.Entry:
        """The entry that would carry ``fact`` next."""
        standing, judged = self.standing, self.hours.judged()
        return j.Entry(
            device=standing.device,
            epoch=standing.epoch,
            sequence=standing.next_sequence,
            at=judged.time.now,
            time_proven=judged.raises_floor,
            previous=standing.head,
            fact=fact,
            witness=witness,
        )

    def write(
        self,
        fact: j.Fact,
        witness: j.Witness | None = None,
        attachments: tuple[Attachment, ...] = (),
        bundle: HeldBundle | None = None,
    ) -> j.Entry:
        """One fact, durable on return. Raises what the store raises; ImpossibleFact is our own fault."""
        judged = self.hours.judged()
        entry = self.entry(fact, witness)
        self.store.append([entry], attachments, bundle)
        self.hours.written(entry, judged)
        self._board = None
        if isinstance(fact, j.LeaseTaken):
            self._listing = self._whole = None
        return entry

    def open_epoch(self, epoch: Epoch, fact: j.EpochOpened) -> None:
        """Begin the next journal. It starts without leases: those of the bundle in force are of the old epoch."""
        judged = self.hours.judged()
        first = replace(self.entry(fact), epoch=epoch, sequence=Sequence(0), previous=j.GENESIS)
        self.store.append([first])
        self.hours.written(first, judged)
        self._board = None

    def take_over(self, bundle: xb.Bundle, digest: Digest) -> None:
        """Put an opened bundle in force: its fact and its content in one transaction."""
        held = bundle.header.held
        parts = {"public": canonical.encode(bundle.public), "sealed": canonical.encode(bundle.sealed)}
        body = canonical.to_bytes(parts)
        kept = HeldBundle(held.incarnation, held.version, held.revocation_serial, digest, body)
        self.write(j.BundleAccepted(held.incarnation, held.version, held.revocation_serial, digest), bundle=kept)
        self.public, self.sealed = bundle.public, bundle.sealed
        self._board = self._listing = self._whole = None

    def load_bundle(self) -> None:
        """The bundle that was in force when the desk was last open. Raises EncodingFault if the store lies."""
        kept = self.store.bundle()
        if kept is None:
            return
        value = canonical.from_bytes(kept.body)
        if not isinstance(value, dict):
            raise canonical.EncodingFault("the kept bundle is no object")
        self.public = canonical.decode(xb.PublicPart, value.get("public"))
        self.sealed = canonical.decode(xb.SealedPart, value.get("sealed"))
        self._board = self._listing = self._whole = None
