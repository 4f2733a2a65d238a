"""From an operator's keys to open books: the same for the desk at sign-in and for a supervisor's command.

Whoever opens the store here has proven a PIN; the identity inside is compared with what the slots folder says,
so that files of two devices or of both modes are never mixed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kiosk.desk import enrolled, intention
from kiosk.desk.books import Books, DeviceKeys, DistrictKeys
from kiosk.desk.hours import Hours
from kiosk.exchange.bundle import Notice
from kiosk.exchange.shapes import is_digest
from kiosk.flow import events as ev
from kiosk.flow.effects import SetClock
from kiosk.payout import journal as j
from kiosk.payout.names import NOTICE_LETTERS, RefusalKey, UnixSeconds
from kiosk.payout.operators import OperatorCard
from kiosk.payout.rules import VIETNAM, local_day
from kiosk.settings import Settings
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from kiosk.store.values import Identity
from kiosk.vault import device_keys, rotation
from kiosk.vault.errors import VaultError
from kiosk.vault.escrow import HOLDERS
from kiosk.vault.slots import Vault
from kiosk.vault.unlocked import Unlocked

SHOWN_NOTICES = 5


def open_books(
    settings: Settings, device: enrolled.DeviceFile, vault: Vault, unlocked: Unlocked, hours: Hours
) -> Books:
    """Store, keys and the bundle in force. Raises StoreError (StoreBusy while another process has it), VaultError."""
    if (settings.slots / rotation.PENDING).exists():
        raise StoreError("a change of the store key was cut short: finish it with tannha operator rotate")
    return settled_books(settings, device, vault, unlocked, hours)


def settled_books(
    settings: Settings, device: enrolled.DeviceFile, vault: Vault, unlocked: Unlocked, hours: Hours
) -> Books:
    """The same in the midst of a rotation. An act on slots that a power cut left half done is settled first."""
    books = _books(settings, device, unlocked, hours)
    try:
        intention.settle(books, vault)
    except (StoreError, VaultError):
        books.store.close()
        raise
    return books


def _books(settings: Settings, device: enrolled.DeviceFile, unlocked: Unlocked, hours: Hours) -> Books:
    store = Store.open(settings.store, bytes(unlocked.store_key))
    if store.identity != Identity(device.area, device.device, device.mode):
        store.close()
        raise StoreError("this store belongs to another device or mode")
    keys = device_keys.load(settings.slots / enrolled.KEYS, unlocked.store_key)
    hours.floor = UnixSeconds(max(hours.floor, store.standing().proven_until))
    books = Books(
        store=store,
        keys=DeviceKeys(keys.sign, keys.open, keys.seal_public, keys.sign_public),
        district=DistrictKeys(bytes.fromhex(device.district_sign), bytes.fromhex(device.district_seal)),
        operator=OperatorCard(unlocked.operator, device.name_of(unlocked.operator), unlocked.role),
        hours=hours,
    )
    books.load_bundle()
    return books


def learn(settings: Settings, vault: Vault, books: Books) -> enrolled.DeviceFile:
    """What the bundle says that is needed before a sign-in: names, place, known issuers, escrow holders."""
    before = enrolled.load(settings.slots)
    if books.sealed is None or books.public is None:
        return before
    names = {each.id: each.name for each in books.sealed.operators}
    slots = (slot.operator for slot in vault.slots())
    learnt = replace(
        before,
        place=books.pay_list.policy.place,
        operators=tuple(enrolled.SlotName(each, names.get(each, before.name_of(each))) for each in slots),
        issuers=len(books.public.trust_certs),
        notices=_newest(books.public.notices),
    )
    holders = books.sealed.escrow_keys
    if len(holders) == HOLDERS and holders != before.escrow_keys and all(map(is_digest, holders)):
        learnt = replace(learnt, escrow_keys=holders, escrow_at=0)
    if learnt != before:
        enrolled.save(settings.slots, learnt)
    return learnt


def _newest(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """The few that people are shown; what is too long for the screen is cut, so that the rest can be seen."""
    newest = sorted(notices, key=lambda each: each.until, reverse=True)[:SHOWN_NOTICES]
    return tuple(replace(each, text=each.text[:NOTICE_LETTERS]) for each in newest)


def set_clock(books: Books, effect: SetClock) -> ev.ClockAccepted | ev.Refused:
    """The date as stated, at this hour of the day: refused below the floor, written down when it counts."""
    now = datetime.fromtimestamp(books.hours.trusted().now, VIETNAM)
    at = UnixSeconds(int(datetime.combine(effect.stated, now.time(), VIETNAM).timestamp()))
    if effect.stated == local_day(books.hours.floor):
        at = max(at, books.hours.floor)  # a date was stated, no hour: the floor's own day is not before it
    if not books.hours.operator_said(at):
        return ev.Refused(effect.operation, RefusalKey.BELOW_TIME_FLOOR)
    books.write(j.ClockSet(books.operator.id, at))
    return ev.ClockAccepted(effect.operation)
