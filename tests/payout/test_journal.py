"""The chain and the chip's challenge: nothing can be taken out, swapped or said twice."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from kiosk.payout import canonical, rules
from kiosk.payout import journal as j
from kiosk.payout.key_facts import NEW_KEY, VOUCHED, KeyChange, KeysChanged, signed_bytes
from kiosk.payout.names import DeviceId, Digest, Epoch, OperatorId, Sequence, Vnd, WitnessKind
from tests.payout.world import lease, opened, request

ENTRIES = opened().entries


def test_the_chain_walks_to_its_head() -> None:
    assert j.check_chain(ENTRIES, j.GENESIS, Sequence(0)) == ENTRIES[-1].hash
    assert j.check_chain([], j.GENESIS, Sequence(0)) == j.GENESIS


@pytest.mark.parametrize(
    "broken",
    [
        ENTRIES[1:],
        [ENTRIES[0], ENTRIES[0]],
        [replace(ENTRIES[0], at=0), *ENTRIES[1:]],
        [ENTRIES[0], replace(ENTRIES[1], previous=Digest("1" * 64))],
        [ENTRIES[0], replace(ENTRIES[1], sequence=Sequence(2))],
    ],
)
def test_a_missing_repeated_or_changed_entry_breaks_the_chain(broken: list[j.Entry]) -> None:
    with pytest.raises(j.BrokenChain):
        j.check_chain(broken, j.GENESIS, Sequence(0))


def test_the_hash_covers_fact_time_place_and_witness() -> None:
    entry = ENTRIES[-1]
    assert entry.hash == hashlib.sha256(b"tannha.entry.v1\0" + j.encode(entry)).hexdigest()
    changed = [
        replace(entry, at=entry.at + 1),
        replace(entry, time_proven=False),
        replace(entry, device=DeviceId("X")),
        replace(entry, epoch=Epoch(2)),
        replace(entry, witness=j.Witness("00" * 8, "ff", j.GENESIS)),
    ]
    assert len({each.hash for each in [entry, *changed]}) == len(changed) + 1


def test_the_challenge_binds_fact_and_nonces() -> None:
    fact = rules.authorise(request(months=(10, 11)), opened().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    nonces = [lease(each).nonce for each in request(months=(10, 11)).entitlements]
    first = j.challenge(fact, nonces)
    assert len(first) == 8
    assert first == j.challenge(fact, reversed(nonces)), "the order of the leases does not matter"
    body = canonical.to_bytes(canonical.encode(fact))
    joined = b"".join(bytes.fromhex(each) for each in sorted(nonces))
    assert first == hashlib.sha256(b"tannha.witness.v1\0" + joined + body).digest()[:8]
    assert first != j.challenge(replace(fact, total=Vnd(1)), nonces)
    assert first != j.challenge(fact, nonces[:1])


def test_the_code_of_a_slip_is_six_digits_of_the_hashs_first_sixteen() -> None:
    assert j.slip_code(Digest("00000000000f4245" + "f" * 48)) == "000005"
    assert j.slip_code(Digest("00000000000f423f" + "0" * 48)) == "999999"


def test_an_operator_signs_a_change_of_keys_at_its_place_and_without_the_signature() -> None:
    fact = KeysChanged(KeyChange.PIN_RESET, OperatorId("tam"), OperatorId("ba"), public_key="ab")
    body = canonical.to_bytes(canonical.encode(fact))
    signed = b"tannha.keys-changed.v1\0KIT7\0" + b"0" * 64 + b"\0" + body
    assert signed_bytes(DeviceId("KIT7"), j.GENESIS, replace(fact, signature="cd")) == signed
    assert b'"signature":""' in body


def test_only_these_changes_give_an_operator_another_key_and_two_of_them_are_vouched_for() -> None:
    assert {KeyChange.CODE_USED, KeyChange.ESCROW_OPENED} == VOUCHED
    assert {*VOUCHED, KeyChange.OPERATOR_ADDED, KeyChange.PIN_RESET} == NEW_KEY


def test_a_payout_without_the_chips_answer_is_the_devices_word() -> None:
    assert j.witness_kind(None) is WitnessKind.DEVICE_WORD
    assert j.witness_kind(j.Witness("00" * 8, "ff", j.GENESIS)) is WitnessKind.CHIP
