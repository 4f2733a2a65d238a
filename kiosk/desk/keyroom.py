"""What a signed-in person does to slots and keys; every act is a signed fact in the journal.

The vault changes first and the fact follows: a fact must never tell of a key that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.desk import enrolled
from kiosk.desk.books import Books
from kiosk.exchange.attachment import Attachment, AttachmentKind, new_attachment
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import canonical
from kiosk.payout.key_facts import KeyChange, KeysChanged, signed_bytes
from kiosk.payout.names import OperatorId
from kiosk.payout.operators import OperatorCard
from kiosk.settings import Settings
from kiosk.vault.errors import NotPermitted, WeakPin
from kiosk.vault.escrow import seal_escrow
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked


def redeem(vault: Vault, effect: ef.RedeemCode) -> Unlocked | ev.PinRejected | ev.SignInRefused:
    """Spend a one-time code on a new PIN: the operator, or what the flow hears. Raises VaultError."""
    try:
        answer = vault.redeem(effect.code, effect.operator, effect.new)
    except WeakPin as weak:
        return ev.PinRejected(effect.operation, _pin_fault(weak))
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
        answer = self.vault.change_pin(by.operator, old, new)
        if isinstance(answer, PinRefused):
            return answer
        answer.lock()
        self.note(KeyChange.PIN_CHANGED, by.operator, by)
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
        fresh = self.vault.add_operator(operator, pin, card.role, by)
        self.note(KeyChange.OPERATOR_ADDED, operator, by, fresh.public_key)
        fresh.lock()
        device = enrolled.load(self.settings.slots)
        others = tuple(each for each in device.operators if each.id != operator)
        names = (*others, enrolled.SlotName(operator, card.name))
        enrolled.save(self.settings.slots, replace(device, operators=names))
        return card

    def reset(self, by: Unlocked, operator: OperatorId, pin: str) -> None:
        """A new PIN for one who forgot theirs; with it comes a new signing key. Raises as `add`."""
        fresh = self.vault.reset_pin(operator, pin, by)
        self.note(KeyChange.PIN_RESET, operator, by, fresh.public_key)
        fresh.lock()

    def forgive(self, by: Unlocked, operator: OperatorId) -> None:
        """Open a slot that five wrong PINs have locked. Raises as `add`."""
        self.vault.forgive(operator, by)
        self.note(KeyChange.TRIES_FORGIVEN, operator, by)

    def remove(self, by: Unlocked, operator: OperatorId) -> None:
        """Take a slot away. Raises as `add`."""
        self.vault.remove(operator, by)
        device = enrolled.load(self.settings.slots)
        left = tuple(each for each in device.operators if each.id != operator)
        enrolled.save(self.settings.slots, replace(device, operators=left))
        self.note(KeyChange.OPERATOR_REMOVED, operator, by)

    def make_codes(self, by: Unlocked, count: int) -> int:
        """New one-time codes, sealed for the district: nobody here sees them. How many. Raises as `add`."""
        codes = self.vault.make_rescue_codes(by, count)
        content = canonical.to_bytes([each.typed for each in codes])
        self.note(KeyChange.CODES_MADE, by.operator, by, sealed=new_attachment(AttachmentKind.CODES, content))
        return len(codes)

    def seal_escrow(self, by: Unlocked) -> None:
        """The store key for two of the three holders, by way of the district. Raises as `add`."""
        device = enrolled.load(self.settings.slots)
        if not device.escrow_keys:
            raise NotPermitted("the district has named no escrow holders")
        holders = tuple(bytes.fromhex(each) for each in device.escrow_keys)
        content = seal_escrow(by.store_key, holders, self.vault.id)
        self.note(KeyChange.ESCROW_SEALED, by.operator, by, sealed=new_attachment(AttachmentKind.ESCROW, content))
        enrolled.save(self.settings.slots, replace(device, escrow_at=int(self.books.hours.trusted().now)))

    # -- writing --------------------------------------------------------------------------------------------------

    def note(
        self,
        change: KeyChange,
        operator: OperatorId,
        by: Unlocked,
        public_key: bytes = b"",
        sealed: Attachment | None = None,
    ) -> None:
        """Write it down, signed by the one who did it."""
        standing = self.books.standing
        digest = None if sealed is None else sealed.digest
        fact = KeysChanged(change, operator, by.operator, public_key.hex(), digest)
        signature = by.sign(signed_bytes(standing.device, standing.head, fact)).hex()
        self.books.write(replace(fact, signature=signature), attachments=() if sealed is None else (sealed,))

    def _listed(self, operator: OperatorId) -> OperatorCard:
        cards = () if self.books.sealed is None else self.books.sealed.operators
        found = next((each for each in cards if each.id == operator), None)
        if found is None:
            raise NotPermitted(f"the district does not list {operator}: list them there, sync, and try again")
        return found
