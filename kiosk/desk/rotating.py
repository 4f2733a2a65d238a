"""A new store key, and a store key brought back from escrow: the two days on which every slot is made anew.

Both are done with the screen signed out, at a desk in the post office, never on the road.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.desk import enrolled, enrolment, intention, opening
from kiosk.desk.hours import Hours
from kiosk.desk.keyroom import KeyRoom
from kiosk.payout.key_facts import KeyChange, KeysChanged
from kiosk.payout.names import OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.settings import Settings
from kiosk.store import engine
from kiosk.store.store import Store
from kiosk.vault import device_keys, files, rotation
from kiosk.vault.errors import DamagedVault, NotPermitted
from kiosk.vault.factors import best_factor
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slot_files import Announce, SlotChange
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked


def rotate(settings: Settings, hours: Hours, operator: OperatorId, pin: str) -> enrolled.DeviceFile:
    """Another store key; every other slot and every code ends. Finishes a rotation that was cut.

    Raises NotPermitted, VaultError, StoreError (StoreBusy while somebody is signed in: nothing was begun).
    """
    device = enrolled.load(settings.slots)
    vault = enrolment.vault_of(settings, device.mode)
    by = vault.unlock(operator, pin)
    if isinstance(by, PinRefused):
        raise NotPermitted(f"{by.key.replace('_', ' ')}, {by.tries_left} tries left")
    half_done = rotation.pending(settings.slots, by.store_key)
    if half_done is None:  # with the other slots their counters end
        books = opening.open_books(settings, device, vault, by, hours)
        KeyRoom(settings, vault, books).tell_locks(by)
        books.store.close()
    elif half_done == by.store_key:  # all but the end of it: what the slots have, the journal gets
        opening.settled_books(settings, device, vault, by, hours).store.close()
    enrolled.save(settings.slots, replace(device, escrow_at=0))
    announce = _announcing(settings, vault, hours, KeyChange.STORE_KEY_ROTATED)
    fresh = rotation.rotate(vault, settings.slots, by, pin, lambda old, new: _rekey(settings, old, new), announce)
    by.lock()
    return _recorded(settings, vault, hours, fresh, int(hours.trusted().now))


def adopt(
    settings: Settings, hours: Hours, store_key: bytes, operator: tuple[OperatorId, str], params: Argon2Params
) -> enrolled.DeviceFile:
    """Slots of this board for a store whose board died. ``operator`` is (id, PIN) of a supervisor.

    Raises NotPermitted, VaultError, StoreError (WrongKey before anything was changed).
    """
    device = enrolled.load(settings.slots)
    Store.open(settings.store, store_key).close()
    for old in settings.slots.glob("*.json"):
        if old.name != enrolled.NAME:
            files.remove(old)
    factor = best_factor(device.mode, settings.slots / enrolment.FACTOR)
    factor.provision()
    vault = Vault.create(settings.slots, factor, params, device.mode)
    announce = _announcing(settings, vault, hours, KeyChange.ESCROW_OPENED)
    fresh = vault.add_operator(*operator, OperatorRole.SUPERVISOR, adopted=store_key, announce=announce)
    return _recorded(settings, vault, hours, fresh, device.key_since)


def _rekey(settings: Settings, old: bytes, new: bytes) -> None:
    engine.rekey(settings.store, old, new)
    path = settings.slots / enrolled.KEYS
    try:
        device_keys.load(path, new)
    except DamagedVault:
        device_keys.load(path, old).save(path, new)


def _announcing(settings: Settings, vault: Vault, hours: Hours, change: KeyChange) -> Announce:
    """Keeps the fact in the store before the slot that it tells of is written."""

    def announce(slots: SlotChange, fresh: Unlocked) -> None:
        books = opening.settled_books(settings, enrolled.load(settings.slots), vault, fresh, hours)
        fact = KeysChanged(change, fresh.operator, fresh.operator, fresh.public_key.hex())
        intention.keep(books, intention.signed(books, fresh, fact), slots)
        books.store.close()

    return announce


def _recorded(settings: Settings, vault: Vault, hours: Hours, fresh: Unlocked, since: int) -> enrolled.DeviceFile:
    """The fact (opening writes it), who is left, and the escrow of the key in use."""
    device = enrolled.load(settings.slots)
    books = opening.open_books(settings, device, vault, fresh, hours)
    left = (enrolled.SlotName(fresh.operator, device.name_of(fresh.operator)),)
    enrolled.save(settings.slots, replace(device, operators=left, key_since=since, escrow_at=0))
    if device.escrow_keys:
        KeyRoom(settings, vault, books).seal_escrow(fresh)
    books.store.close()
    fresh.lock()
    return enrolled.load(settings.slots)
