"""The store key for the day when a board dies: two of three holders together, never one, never the server.

For each pair the key is sealed twice, the second seal around the first. The holders' private keys
are kept offline; the intake server has none of them. Nobody on the device can open it either.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from cryptography.exceptions import InvalidTag

from kiosk.payout import canonical
from kiosk.vault import seals
from kiosk.vault.errors import DamagedVault, NotPermitted
from kiosk.vault.unlocked import KEY_LENGTH

HOLDERS = 3
_TAG = b"tannha.escrow.v1\0"
MAX_ESCROW = 4_096


@dataclass(frozen=True, slots=True)
class Pair:
    """One way to open: the outer holder first, then the inner one. ``sealed`` is hexadecimal."""

    outer: int
    inner: int
    sealed: str


@dataclass(frozen=True, slots=True)
class Escrow:
    """What the device hands to the district for safe keeping."""

    vault: str
    """Names the vault whose store key this is."""
    holders: tuple[str, ...]
    """The three X25519 public keys, 64 hexadecimal digits."""
    pairs: tuple[Pair, ...]


def seal_escrow(store_key: bytes | bytearray, holders: tuple[bytes, ...], vault: str) -> bytes:
    """The store key for each pair of three different holders, as canonical JSON.

    Raises NotPermitted unless there are three different usable keys.
    """
    if len(set(holders)) != HOLDERS or len(holders) != HOLDERS:
        raise NotPermitted("escrow needs three different holders")
    try:
        pairs = tuple(
            Pair(outer, inner, _nest(bytes(store_key), holders[outer], holders[inner], vault).hex())
            for outer, inner in combinations(range(HOLDERS), 2)
        )
    except ValueError as error:
        raise NotPermitted("an escrow key is not usable") from error
    names = tuple(each.hex() for each in holders)
    return canonical.to_bytes(canonical.encode(Escrow(vault, names, pairs)))


def read_escrow(data: bytes) -> Escrow:
    """The escrow file. Raises DamagedVault."""
    if len(data) > MAX_ESCROW:
        raise DamagedVault("escrow file too large")
    try:
        return canonical.decode(Escrow, canonical.from_bytes(data))
    except canonical.EncodingFault as error:
        raise DamagedVault("escrow file is damaged") from error


def open_outer(escrow: Escrow, pair: Pair, private: bytes) -> bytes:
    """First holder of the pair: what the second must open. Raises DamagedVault."""
    return _unseal(private, _hex(pair.sealed), _info(escrow.vault, b"outer"))


def first_half(escrow: Escrow, private: bytes) -> bytes:
    """What a holder who is the outer one of some pair can open, for any other holder. Raises DamagedVault.

    The outer seals of all this holder's pairs, one after the other, each with its length.
    """
    halves = []
    for pair in escrow.pairs:
        try:
            halves.append(open_outer(escrow, pair, private))
        except DamagedVault:
            continue
    if not halves:
        raise DamagedVault("this key opens no outer seal: let the other holder begin")
    return b"".join(len(each).to_bytes(2, "big") + each for each in halves)


def second_half(escrow: Escrow, halves: bytes, private: bytes) -> bytes:
    """The store key, from what the first holder opened. Raises DamagedVault."""
    while halves:
        length = int.from_bytes(halves[:2], "big")
        each, halves = halves[2 : 2 + length], halves[2 + length :]
        try:
            return open_inner(escrow, each, private)
        except DamagedVault:
            continue
    raise DamagedVault("this holder's key does not open it")


def open_inner(escrow: Escrow, halfway: bytes, private: bytes) -> bytes:
    """Second holder: the store key. Raises DamagedVault."""
    key = _unseal(private, halfway, _info(escrow.vault, b"inner"))
    if len(key) != KEY_LENGTH:
        raise DamagedVault("this escrow holds no store key")
    return key


def _nest(key: bytes, outer: bytes, inner: bytes, vault: str) -> bytes:
    return seals.seal(outer, seals.seal(inner, key, _info(vault, b"inner")), _info(vault, b"outer"))


def _unseal(private: bytes, sealed: bytes, info: bytes) -> bytes:
    try:
        return seals.unseal(private, sealed, info)
    except (InvalidTag, ValueError) as error:
        raise DamagedVault("this holder's key does not open it") from error


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise DamagedVault("escrow file is damaged") from error


def _info(vault: str, layer: bytes) -> bytes:
    return _TAG + layer + b"\0" + vault.encode()
