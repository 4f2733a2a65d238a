"""Escrow: any two of three, never one, and nothing for the wrong vault."""

from __future__ import annotations

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout import canonical
from kiosk.vault import escrow
from kiosk.vault.errors import DamagedVault, NotPermitted, VaultError

STORE_KEY = bytes(range(32))
PRIVATE = tuple(bytes([n]) * 32 for n in (1, 2, 3))
HOLDERS = tuple(X25519PrivateKey.from_private_bytes(each).public_key().public_bytes_raw() for each in PRIVATE)
FILE = escrow.seal_escrow(STORE_KEY, HOLDERS, "vault-7")


def test_any_two_of_three_open_it() -> None:
    opened = escrow.read_escrow(FILE)
    assert len(opened.pairs) == 3
    for pair in opened.pairs:
        halfway = escrow.open_outer(opened, pair, PRIVATE[pair.outer])
        assert escrow.open_inner(opened, halfway, PRIVATE[pair.inner]) == STORE_KEY


def test_no_single_holder_opens_anything() -> None:
    opened = escrow.read_escrow(FILE)
    for pair, private in itertools.product(opened.pairs, PRIVATE):
        if private == PRIVATE[pair.outer]:
            halfway = escrow.open_outer(opened, pair, private)
            assert STORE_KEY not in halfway
            with pytest.raises(DamagedVault):
                escrow.open_inner(opened, halfway, private)
        else:
            with pytest.raises(DamagedVault):
                escrow.open_outer(opened, pair, private)


def test_it_is_bound_to_its_vault() -> None:
    other = escrow.read_escrow(FILE.replace(b"vault-7", b"vault-8"))
    with pytest.raises(DamagedVault):
        escrow.open_outer(other, other.pairs[0], PRIVATE[0])


@pytest.mark.parametrize(
    "holders", [HOLDERS[:2], (*HOLDERS[:2], HOLDERS[0]), (*HOLDERS, bytes(32)), (*HOLDERS[:2], b"x")]
)
def test_three_different_holders_are_needed(holders: tuple[bytes, ...]) -> None:
    with pytest.raises(NotPermitted):
        escrow.seal_escrow(STORE_KEY, holders, "vault-7")


def test_a_seal_around_something_else_is_no_store_key() -> None:
    opened = escrow.read_escrow(escrow.seal_escrow(b"short", HOLDERS, "vault-7"))
    halfway = escrow.open_outer(opened, opened.pairs[0], PRIVATE[0])
    with pytest.raises(DamagedVault):
        escrow.open_inner(opened, halfway, PRIVATE[1])


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_from_the_tree(data: bytes) -> None:
    with pytest.raises(VaultError):
        escrow.read_escrow(data)


@given(st.text(max_size=30))
def test_any_sealed_text_is_an_answer_from_the_tree(text: str) -> None:
    opened = escrow.Escrow("v", ("", "", ""), (escrow.Pair(0, 1, text.encode("utf-8", "ignore").decode()),))
    read = escrow.read_escrow(canonical.to_bytes(canonical.encode(opened)))
    with pytest.raises(VaultError):
        escrow.open_outer(read, read.pairs[0], PRIVATE[0])


def test_too_large_is_refused() -> None:
    with pytest.raises(DamagedVault):
        escrow.read_escrow(bytes(escrow.MAX_ESCROW + 1))
