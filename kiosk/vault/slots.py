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
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.payout import canonical
from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault import files
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused, NotPermitted, WeakPin
from kiosk.vault.factor import DeviceFactor, FactorKind, WrongAuth
from kiosk.vault.pin import MOST_DIGITS, SALT_LENGTH, Argon2Params, check_pin, hash_pin
from kiosk.vault.unlocked import KEY_LENGTH, Unlocked, new_seed, public_of

VERSION = 1
VAULT_FILE = "vault.json"
MAX_TRIES = 5
RESCUE_DIGITS = 12
MOST_CODES = 9
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
class VaultFile:
    """``vault.json``: what all slots share."""

    version: int
    id: str
    mode: Mode
    factor: FactorKind
    params: Argon2Params


@dataclass(frozen=True, slots=True)
class SlotFile:
    """``slot-<operator>.json``. All but ``wrapped`` is bound as associated data. Bytes are hexadecimal."""

    version: int
    vault: str
    operator: OperatorId
    role: OperatorRole
    salt: str
    params: Argon2Params
    record: str
    """What the device factor keeps for this slot."""
    public_key: str
    added_by: str
    nonce: str
    wrapped: str = ""


@dataclass(frozen=True, slots=True)
class TriesFile:
    """``tries-<operator>.json``: how often in a row it went wrong."""

    failed: int


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """What may be shown of a slot before anyone has signed in."""

    operator: OperatorId
    role: OperatorRole
    public_key: bytes
    tries_left: int


@dataclass(frozen=True, slots=True)
class RescueCode:
    """A one-time code: its number, 1 to 9, and 12 digits."""

    number: int
    code: str

    @property
    def typed(self) -> str:
        """The 13 digits that an officer reads out and an operator types."""
        return f"{self.number}{self.code}"


class Vault:
    """A folder of slots and the factor that made them."""

    def __init__(self, folder: Path, factor: DeviceFactor, about: VaultFile) -> None:
        self._folder, self._factor, self._about = folder, factor, about

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
        names = sorted(path.name[5:-5] for path in self._folder.glob("slot-*.json"))
        return tuple(self._info(OperatorId(name)) for name in names if _OPERATOR.fullmatch(name))

    def add_operator(
        self, operator: OperatorId, pin: str, role: OperatorRole, by: Unlocked | None = None, adopted: bytes = b""
    ) -> Unlocked:
        """A new slot; the operator is signed in with it. All but the very first need a supervisor.

        ``adopted`` is an escrowed store key for the first slot of a new board's vault.
        Raises NotPermitted, WeakPin, VaultDisk, FactorMissing, FactorRefused.
        """
        self._check_new(operator, by)
        check_pin(pin, self._factor.least_digits)
        store_key = (adopted or secrets.token_bytes(KEY_LENGTH)) if by is None else bytes(by.store_key)
        return self._write_slot(operator, role, pin, store_key + new_seed(), "" if by is None else by.operator)

    def unlock(self, operator: OperatorId, pin: str) -> Unlocked | PinRefused:
        """Sign in. The try is on disk before it is judged.

        Raises DamagedVault, FactorMissing, FactorRefused, VaultDisk.
        """
        known = _OPERATOR.fullmatch(operator) is not None
        return self._unlock(operator, pin) if known else PinRefused(PinKey.NO_SUCH_OPERATOR)

    def _unlock(self, operator: OperatorId, pin: str) -> Unlocked | PinRefused:
        if not self._path(operator).exists():
            return PinRefused(PinKey.NO_SUCH_OPERATOR)
        failed = self._failed(operator)
        if failed >= MAX_TRIES:
            return PinRefused(PinKey.LOCKED)
        slot = self._slot(operator)
        secret = self._try(slot, pin, failed)
        if secret is None:
            left = MAX_TRIES - failed - 1
            return PinRefused(PinKey.WRONG_PIN if left else PinKey.LOCKED, left)
        self._count(operator, 0)
        if slot.params != self._about.params:
            return self._write_slot(operator, slot.role, pin, secret, slot.added_by)
        return Unlocked(operator, slot.role, secret)

    def change_pin(self, operator: OperatorId, old: str, new: str) -> Unlocked | PinRefused:
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
        return self._write_slot(operator, slot.role, new, secret, slot.added_by)

    def reset_pin(self, operator: OperatorId, new: str, by: Unlocked) -> Unlocked:
        """A forgotten PIN, with a supervisor signed in: same role, a new signing key, tries forgiven.

        The old signing seed is lost with the PIN, so the new public key must be reported.
        """
        self._require_supervisor(by)
        check_pin(new, self._factor.least_digits)
        slot = self._slot(operator)
        return self._write_slot(operator, slot.role, new, bytes(by.store_key) + new_seed(), by.operator)

    def forgive(self, operator: OperatorId, by: Unlocked) -> None:
        """Open a slot again that was locked by wrong tries. Raises NotPermitted."""
        self._require_supervisor(by)
        self._slot(operator)
        self._count(operator, 0)

    def remove(self, operator: OperatorId, by: Unlocked) -> None:
        """Take another's slot away. Raises NotPermitted, VaultDisk."""
        self._require_supervisor(by)
        if operator == by.operator:
            raise NotPermitted("nobody removes the own slot")
        self._drop(operator)

    def rewrap(self, by: Unlocked, pin: str, store_key: bytes) -> Unlocked:
        """The supervisor's slot with another store key; all other slots and codes end (see rotation.py)."""
        self._require_supervisor(by)
        slot = self._slot(by.operator)
        seed = by.secret()[KEY_LENGTH:]
        session = self._write_slot(by.operator, slot.role, pin, store_key + seed, slot.added_by)
        for other in (*(each.operator for each in self.slots()), *map(_rescue, self.rescue_numbers())):
            if other != by.operator:
                self._drop(other)
        return session

    def make_rescue_codes(self, by: Unlocked, count: int = 5) -> tuple[RescueCode, ...]:
        """New one-time codes of 12 digits; earlier ones end. The caller seals them for the district.

        For the day when nobody here knows a PIN: an officer reads one out. Raises NotPermitted.
        """
        self._require_supervisor(by)
        if not 1 <= count <= MOST_CODES:
            raise NotPermitted(f"1 to {MOST_CODES} codes at a time")
        for number in self.rescue_numbers():
            self._drop(_rescue(number))
        codes = tuple(RescueCode(n, f"{secrets.randbelow(10**RESCUE_DIGITS):012d}") for n in range(1, count + 1))
        for each in codes:
            secret = bytes(by.store_key) + new_seed()
            self._write_slot(_rescue(each.number), OperatorRole.SUPERVISOR, each.code, secret, by.operator).lock()
        return codes

    def rescue_numbers(self) -> tuple[int, ...]:
        """Which one-time codes are left, by number."""
        found = (re.fullmatch(r"rescue-([0-9]{1,3})\.json", path.name) for path in self._folder.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match is not None))

    def redeem(self, typed: str, operator: OperatorId, new: str) -> Unlocked | PinRefused:
        """A forgotten PIN, with a one-time code (`RescueCode.typed`): a new PIN, and the code is gone.

        A wrong code counts like a wrong PIN. Raises WeakPin before the code is looked at, and what `unlock` raises.
        """
        check_pin(new, self._factor.least_digits)
        if not self._has(operator) or not typed[:1].isdecimal():
            return PinRefused(PinKey.NO_SUCH_OPERATOR)
        helper = self._unlock(_rescue(int(typed[:1])), typed[1:])
        if isinstance(helper, PinRefused):
            return helper
        session = self.reset_pin(operator, new, helper)
        self._drop(helper.operator)
        helper.lock()
        return session

    def _drop(self, operator: OperatorId) -> None:
        files.remove(self._path(operator))
        files.remove(self._tries(operator))

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

    def _write_slot(self, operator: OperatorId, role: OperatorRole, pin: str, secret: bytes, added_by: str) -> Unlocked:
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
        cipher = AESGCM(_kek(self._factor.mix(pin_hash, record), operator))
        wrapped = cipher.encrypt(bytes.fromhex(slot.nonce), secret, _bound(slot))
        self._count(operator, 0)
        files.write(self._path(operator), replace(slot, wrapped=wrapped.hex()))
        return Unlocked(operator, role, secret)

    def _try(self, slot: SlotFile, pin: str, failed: int) -> bytes | None:
        """Count, then judge. Hardware that did not answer has judged nothing: that try is given back."""
        self._count(slot.operator, failed + 1)
        try:
            return self._unwrap(slot, pin)
        except (FactorMissing, FactorRefused):
            self._count(slot.operator, failed)
            raise

    def _unwrap(self, slot: SlotFile, pin: str) -> bytes | None:
        """Store key ‖ seed, or None for a wrong PIN: nobody can tell it from a wrong board."""
        if len(pin) > MOST_DIGITS:
            return None
        try:
            salt, record = bytes.fromhex(slot.salt), bytes.fromhex(slot.record)
            nonce, wrapped = bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped)
            mixed = self._factor.mix(hash_pin(pin, salt, slot.params), record)
            return AESGCM(_kek(mixed, slot.operator)).decrypt(nonce, wrapped, _bound(slot))
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
        left = max(0, MAX_TRIES - self._failed(operator))
        return SlotInfo(operator, slot.role, bytes.fromhex(slot.public_key), left)

    def _failed(self, operator: OperatorId) -> int:
        """A counter that is missing or damaged counts as used up."""
        try:
            return max(0, files.read(self._tries(operator), TriesFile).failed)
        except DamagedVault:
            return MAX_TRIES

    def _count(self, operator: OperatorId, failed: int) -> None:
        files.write(self._tries(operator), TriesFile(failed))

    def _has(self, operator: OperatorId) -> bool:
        return _OPERATOR.fullmatch(operator) is not None and self._path(operator).exists()

    def _path(self, operator: OperatorId) -> Path:
        prefix = "" if operator.startswith(_RESCUE) else "slot-"
        return self._folder / f"{prefix}{operator}.json"

    def _tries(self, operator: OperatorId) -> Path:
        return self._folder / f"tries-{operator}.json"


def _rescue(number: int) -> OperatorId:
    return OperatorId(f"{_RESCUE}{number}")


def _kek(mixed: bytes, operator: OperatorId) -> bytes:
    info = b"tannha.kek.v1\0" + operator.encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(mixed)


def _bound(slot: SlotFile) -> bytes:
    return b"tannha.slot.v1\0" + canonical.to_bytes(canonical.encode(replace(slot, wrapped="")))
