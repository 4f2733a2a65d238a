"""How a new device is set up: slots and keys first, then the request, and after the officer's word the store.

Two steps with a person between them: ``begin`` leaves a request in the spool and shows a fingerprint,
``finish`` takes the grant. A step that was cut off can be begun again: nothing counts before the store is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.desk import enrolled, opening
from kiosk.desk.hours import Hours
from kiosk.desk.keyroom import KeyRoom
from kiosk.exchange import enrolment as xe
from kiosk.exchange import spool
from kiosk.exchange.keys import fingerprint
from kiosk.exchange.shapes import from_base64, to_base64
from kiosk.payout.key_facts import KeyChange
from kiosk.payout.names import Mode, OperatorId, UnixSeconds
from kiosk.payout.operators import OperatorRole
from kiosk.settings import Settings
from kiosk.store.store import Store
from kiosk.store.values import Identity
from kiosk.vault import device_keys, files
from kiosk.vault.errors import DamagedVault, NotPermitted
from kiosk.vault.factors import best_factor, factor_of
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

PENDING = "enrolment.json"
FACTOR = "factor.bin"


@dataclass(frozen=True, slots=True)
class Pending:
    """What is remembered between request and grant. Gone once the device is enrolled."""

    invitation: str
    request: str
    operator: OperatorId
    name: str


class NotYet(Exception):
    """The officer has not confirmed, or the courier has not brought the grant yet."""


def vault_of(settings: Settings, mode: Mode) -> Vault:
    """The device's vault with the factor that made it. Raises VaultError, also for the other mode (M8)."""
    vault = Vault.open(settings.slots, factor_of(settings.slots, settings.slots / FACTOR))
    if vault.mode is not mode:
        raise DamagedVault("this vault was made for the other mode")
    return vault


def begin(settings: Settings, qr: str, label: str, operator: tuple[OperatorId, str, str], params: Argon2Params) -> str:
    """Make slots and keys and put the request in the spool; the fingerprint the officer compares.

    ``operator`` is (id, name, PIN) of the first supervisor. Production needs a TPM or the board's
    OTP key. Raises ExchangeError, VaultError, SpoolFault.
    """
    invitation = xe.from_qr(qr)
    for folder in (settings.slots, settings.store.parent, settings.outbox, settings.inbox):
        folder.mkdir(parents=True, exist_ok=True)
    if settings.store.exists():
        raise NotPermitted("this device is enrolled already")
    keys = _fresh_keys(settings, invitation.mode, operator, params)
    request = xe.request_enrolment(invitation, keys.sign_public, keys.seal_public, label)
    identity, name, _ = operator
    files.write(settings.slots / PENDING, Pending(qr, to_base64(request), identity, name))
    spool.Outbox(settings.outbox).put_enrolment(request, invitation.ticket)
    return fingerprint(keys.sign_public, keys.seal_public)


def _fresh_keys(
    settings: Settings, mode: Mode, operator: tuple[OperatorId, str, str], params: Argon2Params
) -> device_keys.DeviceKeys:
    """A new vault with its first slot; what an earlier attempt left is replaced."""
    for old in settings.slots.iterdir():
        files.remove(old)
    factor = best_factor(mode, settings.slots / FACTOR)
    factor.provision()
    vault = Vault.create(settings.slots, factor, params, mode)
    unlocked = vault.add_operator(operator[0], operator[2], OperatorRole.SUPERVISOR)
    keys = device_keys.DeviceKeys.new()
    keys.save(settings.slots / enrolled.KEYS, unlocked.store_key)
    unlocked.lock()
    return keys


def finish(settings: Settings, pin: str, now: UnixSeconds) -> enrolled.DeviceFile:
    """Take the grant and make the store. Raises NotYet, ExchangeError, VaultError, StoreError."""
    pending = files.read(settings.slots / PENDING, Pending)
    invitation = xe.from_qr(pending.invitation)
    inbox = spool.Inbox(settings.inbox)
    found = [file for file in inbox.files() if file.kind is spool.FileKind.ENROLMENT]
    if not found:
        raise NotYet("the district has not confirmed this device yet")
    grant = xe.check_grant(spool.read(found[0]), from_base64(pending.request), invitation)
    vault = vault_of(settings, invitation.mode)
    unlocked = _unlock(vault, pending.operator, pin)
    device = _device_file(grant, pending, max(now, grant.time))
    enrolled.save(settings.slots, device)
    if not settings.store.exists():
        identity = Identity(grant.area, grant.device, grant.mode)
        at = UnixSeconds(device.key_since)
        after = (grant.previous_epoch, grant.previous_head)
        Store.create(settings.store, bytes(unlocked.store_key), identity, grant.epoch, at, after).close()
    _first_facts(settings, vault, device, unlocked)
    unlocked.lock()
    _clean_up(settings, inbox, found, settings.slots / PENDING)
    return enrolled.load(settings.slots)


def _first_facts(settings: Settings, vault: Vault, device: enrolled.DeviceFile, unlocked: Unlocked) -> None:
    """Who the first supervisor is, by the own key; and the store key for the escrow holders, where there are any."""
    hours = Hours(lambda: UnixSeconds(device.key_since), lambda: 0.0)
    books = opening.open_books(settings, device, vault, unlocked, hours)
    room = KeyRoom(settings, vault, books)
    if books.standing.next_sequence == 1:  # not yet written by an attempt that was cut
        room.note(KeyChange.OPERATOR_ADDED, unlocked.operator, unlocked, unlocked.public_key)
    if device.escrow_keys:
        room.seal_escrow(unlocked)
    books.store.close()


def _unlock(vault: Vault, operator: OperatorId, pin: str) -> Unlocked:
    answer = vault.unlock(operator, pin)
    if isinstance(answer, PinRefused):
        raise NotPermitted(f"wrong PIN, {answer.tries_left} tries left")
    return answer


def _device_file(grant: xe.EnrolmentGrant, pending: Pending, now: UnixSeconds) -> enrolled.DeviceFile:
    return enrolled.DeviceFile(
        area=grant.area,
        device=grant.device,
        mode=grant.mode,
        epoch=grant.epoch,
        district_sign=grant.sign_key,
        district_seal=grant.seal_key,
        place="",
        operators=(enrolled.SlotName(pending.operator, pending.name),),
        escrow_keys=grant.escrow_keys,
        key_since=now,
    )


def _clean_up(settings: Settings, inbox: spool.Inbox, found: list[spool.SpoolFile], pending: Path) -> None:
    """The secret served once: neither it nor the messages under it are kept."""
    for file in found:
        inbox.consume(file)
    outbox = spool.Outbox(settings.outbox)
    for file in outbox.files():
        if file.kind is spool.FileKind.ENROLMENT:
            outbox.forget(file)
    files.remove(pending)
