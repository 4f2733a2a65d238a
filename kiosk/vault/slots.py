"""Operators' slots: each opens the same random store key with an own PIN on this one board.

    KEK = HKDF( Device( Argon2id(PIN, salt) ) ),  slot = AES-256-GCM(KEK, store key ‖ signing seed)

A try is counted on disk before it is answered, so cutting the power does not buy another one.
The counter holds honest hands; against a copied disk stands the device factor (docs/threats.md).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault import files
from kiosk.vault.codes import RescueCode
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused, NotPermitted, WeakPin
from kiosk.vault.factor import DeviceFactor, WrongAuth
from kiosk.vault.pin import MOST_DIGITS, SALT_LENGTH, Argon2Params, check_pin, hash_pin
from kiosk.vault.slot_files import Announce, SlotChange, SlotFile, VaultFile, bound, kek, unannounced
from kiosk.vault.tries import MAX_TRIES, Tries, TriesFile
from kiosk.vault.unlocked import KEY_LENGTH, Unlocked, new_seed, public_of

VERSION = 1
VAULT_FILE = "vault.json"
_RESCUE = "rescue-"
_OPERATOR = re.compile(r"(?!rescue-)[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class PinKey(StrEnum):
    """Why a sign-in was answered with no."""

    WRONG_PIN = "wrong_pin"
    LOCKED = "locked"
    NO_SUCH_OPERATOR = "no_such_operator"


@dataclass(frozen=True, slots=True)
class PinRefused:
    """A refused sign-in, and how many tries are left."""

    key: PinKey
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """What may be shown of a slot before anyone has signed in."""

    operator: OperatorId
    role: OperatorRole
    public_key: bytes
    tries_left: int


class Vault:
    """A folder of slots and the factor that made them."""

    def __init__(self, folder: Path, factor: DeviceFactor, about: VaultFile) -> None:
        self._folder, self._factor, self._about = folder, factor, about
        self._tries = Tries(folder)

    @classmethod
    def create(cls, folder: Path, factor: DeviceFactor, params: Argon2Params, mode: Mode) -> Vault:
        """A vault without slots in an existing folder. Raises NotPermitted when there is one, VaultDisk."""
        if (folder / VAULT_FILE).exists():
            raise NotPermitted("there is a vault already")
        about = VaultFile(VERSION, secrets.token_hex(16), mode, factor.kind, params)
        files.write(folder / VAULT_FILE, about)
        return cls(folder, factor, about)

    @classmethod
    def open(cls, folder: Path, factor: DeviceFactor) -> Vault:
        """The vault in ``folder``. Raises DamagedVault, FactorMissing for a factor of another kind."""
        about = files.read(folder / VAULT_FILE, VaultFile)
        if about.version != VERSION:
            raise DamagedVault(f"vault version {about.version} is not known here")
        if about.factor is not factor.kind:
            raise FactorMissing(f"this vault was made with {about.factor.value}")
        return cls(folder, factor, about)

    @property
    def mode(self) -> Mode:
        """Fixed when the vault was made (M8)."""
        return self._about.mode

    @property
    def least_digits(self) -> int:
        """The shortest PIN allowed with this factor."""
        return self._factor.least_digits

    def set_params(self, params: Argon2Params, by: Unlocked) -> None:
        """New parameters (another board, another measurement); each slot takes them at its next sign-in."""
        self._require_supervisor(by)
        about = replace(self._about, params=params)
        files.write(self._folder / VAULT_FILE, about)
        self._about = about

    @property
    def id(self) -> str:
        """Names this vault in escrow files."""
        return self._about.id

    def slots(self) -> tuple[SlotInfo, ...]:
        """Who can sign in here, by id."""
        return tuple(map(self._info, self._operators()))

    def _operators(self) -> tuple[OperatorId, ...]:
        names = sorted(path.name[5:-5] for path in self._folder.glob("slot-*.json"))
        return tuple(OperatorId(name) for name in names if _OPERATOR.fullmatch(name))

    def add_operator(
        self,
        operator: OperatorId,
        pin: str,
        role: OperatorRole,
        by: Unlocked | None = None,
        adopted: bytes = b"",
        announce: Announce = unannounced,
    ) -> Unlocked:
        """A new slot; the operator is signed in with it. All but the very first need a supervisor.

        ``adopted`` is an escrowed store key for the first slot of a new board's vault.
        Raises NotPermitted, WeakPin, VaultDisk, FactorMissing, FactorRefused.
        """
        self._check_new(operator, by)
        check_pin(pin, self._factor.least_digits)
        store_key = (adopted or secrets.token_bytes(KEY_LENGTH)) if by is None else bytes(by.store_key)
        slot, fresh = self._new_slot(operator, role, pin, store_key + new_seed(), "" if by is None else by.operator)
        return self._change(SlotChange((slot,)), fresh, announce)

    def unlock(self, operator: OperatorId, pin: str) -> Unlocked | PinRefused:
        """Sign in. The try is on disk before it is judged.

        Raises DamagedVault, FactorMissing, FactorRefused, VaultDisk.
        """
        known = _OPERATOR.fullmatch(operator) is not None
        return self._unlock(operator, pin) if known else PinRefused(PinKey.NO_SUCH_OPERATOR)

    def _unlock(self, operator: OperatorId, pin: str) -> Unlocked | PinRefused:
        if not self._path(operator).exists():
            return PinRefused(PinKey.NO_SUCH_OPERATOR)
        before = self._tries.of(operator)
        if before.failed >= MAX_TRIES:
            return PinRefused(PinKey.LOCKED)
        slot = self._slot(operator)
        secret = self._try(slot, pin, before)
        if secret is None:
            left = MAX_TRIES - before.failed - 1
            return PinRefused(PinKey.WRONG_PIN if left else PinKey.LOCKED, left)
        self._tries.write(operator, replace(before, failed=0))
        if slot.params != self._about.params:
            moved, same = self._new_slot(operator, slot.role, pin, secret, slot.added_by)
            return self._change(SlotChange((moved,)), same, unannounced)
        return Unlocked(operator, slot.role, secret)

    def change_pin(
        self, operator: OperatorId, old: str, new: str, announce: Announce = unannounced
    ) -> Unlocked | PinRefused:
        """Replace the own PIN; key and seed stay. Raises WeakPin and what `unlock` raises."""
        check_pin(new, self._factor.least_digits)
        if new == old:
            raise WeakPin("same_as_before")
        session = self.unlock(operator, old)
        if isinstance(session, PinRefused):
            return session
        slot = self._slot(operator)
        secret = session.secret()
        session.lock()
        changed, fresh = self._new_slot(operator, slot.role, new, secret, slot.added_by)
        return self._change(SlotChange((changed,)), fresh, announce)

    def reset_pin(self, operator: OperatorId, new: str, by: Unlocked, announce: Announce = unannounced) -> Unlocked:
        """A forgotten PIN, with a supervisor signed in: same role, a new signing key, tries forgiven.

        The old signing seed is lost with the PIN, so the new public key must be reported.
        """
        slot, fresh = self._reset(operator, new, by)
        return self._change(SlotChange((slot,)), fresh, announce)

    def _reset(self, operator: OperatorId, new: str, by: Unlocked) -> tuple[SlotFile, Unlocked]:
        self._require_supervisor(by)
        check_pin(new, self._factor.least_digits)
        role = self._slot(operator).role
        return self._new_slot(operator, role, new, bytes(by.store_key) + new_seed(), by.operator)

    def forgive(self, operator: OperatorId, by: Unlocked, announce: Announce = unannounced) -> None:
        """Open a slot again that was locked by wrong tries. Raises NotPermitted."""
        self._require_supervisor(by)
        self._slot(operator)
        self._change(SlotChange(forgiven=(operator,)), by, announce)

    def untold_locks(self) -> tuple[OperatorId, ...]:
        """Slots and codes that wrong tries have locked since that was last told (`tell_lock`)."""
        every = (*self._operators(), *map(_rescue, self.rescue_numbers()))
        return tuple(each for each in every if self._tries.of(each).untold)

    def tell_lock(self, operator: OperatorId, by: Unlocked, announce: Announce) -> None:
        """Strike one off `untold_locks`; anybody who is signed in may. It stays locked."""
        self._change(SlotChange(told=(operator,)), by, announce)

    def remove(self, operator: OperatorId, by: Unlocked, announce: Announce = unannounced) -> None:
        """Take another's slot away. Raises NotPermitted, VaultDisk."""
        self._require_supervisor(by)
        if operator == by.operator:
            raise NotPermitted("nobody removes the own slot")
        self._change(SlotChange(dropped=(operator,)), by, announce)

    def rewrap(self, by: Unlocked, pin: str, store_key: bytes, announce: Announce = unannounced) -> Unlocked:
        """The supervisor's slot with another store key; all other slots and codes end (see rotation.py)."""
        self._require_supervisor(by)
        slot = self._slot(by.operator)
        seed = by.secret()[KEY_LENGTH:]
        own, session = self._new_slot(by.operator, slot.role, pin, store_key + seed, slot.added_by)
        all_slots = (*self._operators(), *map(_rescue, self.rescue_numbers()))
        others = tuple(each for each in all_slots if each != by.operator)
        return self._change(SlotChange((own,), others), session, announce)

    def put_rescue_codes(self, by: Unlocked, codes: tuple[RescueCode, ...], announce: Announce = unannounced) -> None:
        """Let each of `new_codes` set one forgotten PIN; earlier ones end. The caller seals them for the district.

        For the day when nobody here knows a PIN: an officer reads one out. Raises NotPermitted.
        """
        self._require_supervisor(by)
        slots = tuple(self._code_slot(each, by) for each in codes)
        old = map(_rescue, self.rescue_numbers())
        ended = tuple(each for each in old if each not in {slot.operator for slot in slots})
        self._change(SlotChange(slots, ended), by, announce)

    def _code_slot(self, code: RescueCode, by: Unlocked) -> SlotFile:
        secret = bytes(by.store_key) + new_seed()
        slot, helper = self._new_slot(_rescue(code.number), OperatorRole.SUPERVISOR, code.code, secret, by.operator)
        helper.lock()
        return slot

    def rescue_numbers(self) -> tuple[int, ...]:
        """Which one-time codes are left, by number."""
        found = (re.fullmatch(r"rescue-([0-9]{1,3})\.json", path.name) for path in self._folder.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match is not None))

    def redeem(
        self, typed: str, operator: OperatorId, new: str, announce: Announce = unannounced
    ) -> Unlocked | PinRefused:
        """A forgotten PIN, with a one-time code (`RescueCode.typed`): a new PIN, and the code is gone.

        A wrong code counts like a wrong PIN. Raises WeakPin before the code is looked at, and what `unlock` raises.
        """
        check_pin(new, self._factor.least_digits)
        if not self._has(operator) or not typed[:1].isdecimal():
            return PinRefused(PinKey.NO_SUCH_OPERATOR)
        helper = self._unlock(_rescue(int(typed[:1])), typed[1:])
        if isinstance(helper, PinRefused):
            return helper
        slot, fresh = self._reset(operator, new, helper)
        helper.lock()
        return self._change(SlotChange((slot,), (helper.operator,)), fresh, announce)

    # -- one act, all or nothing --------------------------------------------------------------------------------------

    def _change(self, change: SlotChange, keys: Unlocked, announce: Announce) -> Unlocked:
        announce(change, keys)
        self.finish(change)
        return keys

    def begun(self, change: SlotChange) -> bool:
        """The first step of an announced change is on the disk: it cannot be taken back any more. Raises VaultError."""
        if change.written:
            return self._lies_here(change.written[0])
        gone = any(not self._path(each).exists() for each in change.dropped)
        forgiven = any(self._tries.of(each).failed == 0 for each in change.forgiven)
        return gone or forgiven or any(not self._tries.of(each).untold for each in change.told)

    def finish(self, change: SlotChange) -> None:
        """Do what is left of a change; doing it again changes nothing. Raises VaultDisk, DamagedVault.

        A slot comes before its counter: tries are never given back to a PIN that is about to end.
        """
        for slot in change.written:
            if not self._lies_here(slot):
                files.write(self._path(slot.operator), slot)
            self._tries.forget(slot.operator)
        for each in change.dropped:
            self._drop(each)
        for each in change.forgiven:
            self._tries.forget(each)
        for each in change.told:
            self._tries.told(each)

    def _lies_here(self, slot: SlotFile) -> bool:
        return self._path(slot.operator).exists() and self._slot(slot.operator) == slot

    def _drop(self, operator: OperatorId) -> None:
        files.remove(self._path(operator))
        files.remove(self._tries.path(operator))

    def _check_new(self, operator: OperatorId, by: Unlocked | None) -> None:
        if not _OPERATOR.fullmatch(operator):
            raise NotPermitted("an operator's id is 1 to 64 of A-Za-z0-9._-")
        if self._has(operator):
            raise NotPermitted("this operator has a slot")
        if by is None and any(self._folder.glob("slot-*.json")):
            raise NotPermitted("somebody who is signed in must add the next operator")
        if by is not None:
            self._require_supervisor(by)

    def _require_supervisor(self, by: Unlocked) -> None:
        if by.locked or by.role is not OperatorRole.SUPERVISOR:
            raise NotPermitted("a supervisor must be signed in")

    def _new_slot(
        self, operator: OperatorId, role: OperatorRole, pin: str, secret: bytes, added_by: str
    ) -> tuple[SlotFile, Unlocked]:
        salt = secrets.token_bytes(SALT_LENGTH)
        pin_hash = hash_pin(pin, salt, self._about.params)
        record = self._factor.new_record(pin_hash)
        slot = SlotFile(
            version=VERSION,
            vault=self._about.id,
            operator=operator,
            role=role,
            salt=salt.hex(),
            params=self._about.params,
            record=record.hex(),
            public_key=public_of(secret[KEY_LENGTH:]).hex(),
            added_by=added_by,
            nonce=secrets.token_hex(12),
        )
        cipher = AESGCM(kek(self._factor.mix(pin_hash, record), operator))
        wrapped = cipher.encrypt(bytes.fromhex(slot.nonce), secret, bound(slot))
        return replace(slot, wrapped=wrapped.hex()), Unlocked(operator, role, secret)

    def _try(self, slot: SlotFile, pin: str, before: TriesFile) -> bytes | None:
        """Count, then judge. Hardware that did not answer has judged nothing: that try is given back."""
        self._tries.begin(slot.operator, before)
        try:
            return self._unwrap(slot, pin)
        except (FactorMissing, FactorRefused):
            self._tries.write(slot.operator, before)
            raise

    def _unwrap(self, slot: SlotFile, pin: str) -> bytes | None:
        """Store key ‖ seed, or None for a wrong PIN: nobody can tell it from a wrong board."""
        if len(pin) > MOST_DIGITS:
            return None
        try:
            salt, record = bytes.fromhex(slot.salt), bytes.fromhex(slot.record)
            nonce, wrapped = bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped)
            mixed = self._factor.mix(hash_pin(pin, salt, slot.params), record)
            return AESGCM(kek(mixed, slot.operator)).decrypt(nonce, wrapped, bound(slot))
        except (InvalidTag, WrongAuth):
            return None
        except ValueError as error:
            raise DamagedVault("a slot is damaged") from error

    def _slot(self, operator: OperatorId) -> SlotFile:
        slot = files.read(self._path(operator), SlotFile)
        if slot.version != VERSION or slot.vault != self._about.id or slot.operator != operator:
            raise DamagedVault("this slot belongs to another vault or operator")
        return slot

    def _info(self, operator: OperatorId) -> SlotInfo:
        slot = self._slot(operator)
        left = max(0, MAX_TRIES - self._tries.of(operator).failed)
        return SlotInfo(operator, slot.role, bytes.fromhex(slot.public_key), left)

    def _has(self, operator: OperatorId) -> bool:
        return _OPERATOR.fullmatch(operator) is not None and self._path(operator).exists()

    def _path(self, operator: OperatorId) -> Path:
        prefix = "" if operator.startswith(_RESCUE) else "slot-"
        return self._folder / f"{prefix}{operator}.json"


def _rescue(number: int) -> OperatorId:
    return OperatorId(f"{_RESCUE}{number}")
