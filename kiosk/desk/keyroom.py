"""What a signed-in person does to slots and keys; every act is a signed fact in the journal.

The vault changes first and the fact follows: a fact must never tell of a key that is not there. What is meant is
kept before either (intention.py), so that a power cut between them is made good at the next sign-in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kiosk.desk import enrolled, intention
from kiosk.desk.books import Books
from kiosk.exchange.attachment import Attachment, AttachmentKind, new_attachment
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import canonical
from kiosk.payout.key_facts import NEW_KEY, KeyChange, KeysChanged
from kiosk.payout.names import OperatorId
from kiosk.payout.operators import OperatorCard
from kiosk.settings import Settings
from kiosk.vault.codes import new_codes
from kiosk.vault.errors import NotPermitted, WeakPin
from kiosk.vault.escrow import seal_escrow
from kiosk.vault.slot_files import Announce, SlotChange
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

log = logging.getLogger("tannha.keyroom")
OpenBooks = Callable[[Unlocked], Books]


def redeem(vault: Vault, effect: ef.RedeemCode, open_books: OpenBooks) -> Unlocked | ev.PinRejected | ev.SignInRefused:
    """Spend a one-time code on a new PIN: the operator, or what the flow hears. Raises VaultError, StoreError.

    ``open_books`` is called with the fresh keys before a slot changes, and refuses by NotPermitted.
    """
    opened: list[Books] = []

    def announce(change: SlotChange, fresh: Unlocked) -> None:
        opened.append(books := open_books(fresh))
        fact = KeysChanged(KeyChange.CODE_USED, effect.operator, effect.operator, fresh.public_key.hex())
        intention.keep(books, intention.signed(books, fresh, fact), change)

    try:
        with intention.settled(opened, vault):
            answer = vault.redeem(effect.code, effect.operator, effect.new, announce)
    except WeakPin as weak:
        return ev.PinRejected(effect.operation, _pin_fault(weak))
    except NotPermitted:
        return ev.SignInRefused(effect.operation, 0)
    return ev.SignInRefused(effect.operation, answer.tries_left) if isinstance(answer, PinRefused) else answer


def _pin_fault(weak: WeakPin) -> v.PinFault:
    """Why a PIN is too weak, as screens say it; what a screen cannot type counts as too simple."""
    why = str(weak)
    return v.PinFault(why) if why in set(v.PinFault) else v.PinFault.TOO_SIMPLE


@dataclass(frozen=True, slots=True)
class KeyRoom:
    """The vault with open books. Owned by whoever owns the books."""

    settings: Settings
    vault: Vault
    books: Books

    # -- the own PIN ----------------------------------------------------------------------------------------------

    def change_pin(self, by: Unlocked, old: str, new: str) -> PinRefused | None:
        """Another PIN for the one who is signed in. Raises WeakPin, VaultError, StoreError."""
        with self._act(by, KeyChange.PIN_CHANGED, by.operator) as announce:
            answer = self.vault.change_pin(by.operator, old, new, announce)
        if isinstance(answer, PinRefused):
            return answer
        answer.lock()
        return None

    def answer_change(self, by: Unlocked, effect: ef.ChangePin) -> ev.PinChanged | ev.PinRejected | ev.SignInRefused:
        """`change_pin` as the flow hears it. Raises VaultError, StoreError."""
        try:
            refused = self.change_pin(by, effect.old, effect.new)
        except WeakPin as weak:
            return ev.PinRejected(effect.operation, _pin_fault(weak))
        if refused is not None:
            return ev.SignInRefused(effect.operation, refused.tries_left)
        return ev.PinChanged(effect.operation)

    # -- a supervisor's acts ----------------------------------------------------------------------------------------

    def add(self, by: Unlocked, operator: OperatorId, pin: str) -> OperatorCard:
        """Let in somebody whom the district lists. Raises NotPermitted, WeakPin, VaultError, StoreError."""
        card = self._listed(operator)
        with self._act(by, KeyChange.OPERATOR_ADDED, operator) as announce:
            self.vault.add_operator(operator, pin, card.role, by, announce=announce).lock()
        device = enrolled.load(self.settings.slots)
        others = tuple(each for each in device.operators if each.id != operator)
        names = (*others, enrolled.SlotName(operator, card.name))
        enrolled.save(self.settings.slots, replace(device, operators=names))
        return card

    def reset(self, by: Unlocked, operator: OperatorId, pin: str) -> None:
        """A new PIN for one who forgot theirs; with it comes a new signing key. Raises as `add`."""
        with self._act(by, KeyChange.PIN_RESET, operator) as announce:
            self.vault.reset_pin(operator, pin, by, announce).lock()

    def forgive(self, by: Unlocked, operator: OperatorId) -> None:
        """Open a slot that five wrong PINs have locked. Raises as `add`."""
        with self._act(by, KeyChange.TRIES_FORGIVEN, operator) as announce:
            self.vault.forgive(operator, by, announce)

    def remove(self, by: Unlocked, operator: OperatorId) -> None:
        """Take a slot away. Raises as `add`."""
        with self._act(by, KeyChange.OPERATOR_REMOVED, operator) as announce:
            self.vault.remove(operator, by, announce)
        device = enrolled.load(self.settings.slots)
        left = tuple(each for each in device.operators if each.id != operator)
        enrolled.save(self.settings.slots, replace(device, operators=left))

    def make_codes(self, by: Unlocked, count: int) -> int:
        """New one-time codes, sealed for the district: nobody here sees them. How many. Raises as `add`."""
        codes = new_codes(count)
        content = canonical.to_bytes([each.typed for each in codes])
        sealed = new_attachment(AttachmentKind.CODES, content)
        with self._act(by, KeyChange.CODES_MADE, by.operator, sealed) as announce:
            self.vault.put_rescue_codes(by, codes, announce)
        return len(codes)

    def seal_escrow(self, by: Unlocked) -> None:
        """The store key for two of the three holders, by way of the district. Raises as `add`."""
        device = enrolled.load(self.settings.slots)
        if not device.escrow_keys:
            raise NotPermitted("the district has named no escrow holders")
        holders = tuple(bytes.fromhex(each) for each in device.escrow_keys)
        content = seal_escrow(by.store_key, holders, self.vault.id)
        self.note(KeyChange.ESCROW_SEALED, by.operator, by, b"", new_attachment(AttachmentKind.ESCROW, content))
        enrolled.save(self.settings.slots, replace(device, escrow_at=int(self.books.hours.trusted().now)))

    def catch_up(self, by: Unlocked) -> None:
        """At a sign-in: slots that were locked meanwhile, and an escrow whose holders were named, or changed, later."""
        self.tell_locks(by)
        device = enrolled.load(self.settings.slots)
        if not device.escrow_keys or device.escrow_at:
            return
        try:
            self.seal_escrow(by)
        except NotPermitted as fault:
            log.warning("the district names holders whose keys nobody can use: %s", fault)

    def tell_locks(self, by: Unlocked) -> None:
        """Who locks a slot cannot write it down: the next one who signs in does. Raises VaultError, StoreError."""
        for each in self.vault.untold_locks():
            with self._act(by, KeyChange.SLOT_LOCKED, each) as announce:
                self.vault.tell_lock(each, by, announce)

    # -- writing --------------------------------------------------------------------------------------------------

    @contextmanager
    def _act(
        self, by: Unlocked, change: KeyChange, operator: OperatorId, sealed: Attachment | None = None
    ) -> Iterator[Announce]:
        """Around one act of the vault, which is told here before a slot changes, and written down when it has."""

        def announce(slots: SlotChange, _keys: Unlocked) -> None:
            key = slots.written[0].public_key if change in NEW_KEY else ""
            digest = None if sealed is None else sealed.digest
            fact = KeysChanged(change, operator, by.operator, key, digest)
            intention.keep(self.books, intention.signed(self.books, by, fact), slots)
            if sealed is not None:
                self.books.store.add_attachment(sealed)

        with intention.settled([self.books], self.vault):
            yield announce

    def note(
        self, change: KeyChange, operator: OperatorId, by: Unlocked, public_key: bytes = b"", *sealed: Attachment
    ) -> None:
        """Write down an act that changes no slot, signed by the one who did it."""
        digest = sealed[0].digest if sealed else None
        fact = KeysChanged(change, operator, by.operator, public_key.hex(), digest)
        self.books.write(intention.signed(self.books, by, fact), attachments=sealed)

    def _listed(self, operator: OperatorId) -> OperatorCard:
        cards = () if self.books.sealed is None else self.books.sealed.operators
        found = next((each for each in cards if each.id == operator), None)
        if found is None:
            raise NotPermitted(f"the district does not list {operator}: list them there, sync, and try again")
        return found
