"""The claim in the QR: what it proves, what it refuses, and that it names nobody."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange.claim import (
    MAX_PREFIX,
    Claim,
    ClaimRefusal,
    Verify,
    encode_claim,
    entry_prefix,
    lease_tag,
    page_prefix,
    verify_claim,
)
from kiosk.payout.names import DeviceId, Digest, Epoch, LeaseId, Period, Sequence, Vnd

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
VECTORS = Path(__file__).parents[2] / "docs" / "vectors" / "claim.json"
CLAIM = Claim(
    device=DeviceId("KIT03"),
    epoch=Epoch(1),
    sequence=Sequence(148),
    total=Vnd(1_250_000),
    day=date(2026, 11, 22),
    periods=(Period(2026, 10), Period(2026, 11)),
    entry=bytes(range(12)),
)


def checker(public: Ed25519PublicKey) -> Verify:
    def verify(signature: bytes, message: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def keys_of(key: Ed25519PrivateKey) -> Callable[[DeviceId, Epoch], Verify | None]:
    def key_of(device: DeviceId, epoch: Epoch) -> Verify | None:
        known = device == "KIT03" and epoch == 1
        return checker(key.public_key()) if known else None

    return key_of


periods = st.builds(Period, st.integers(2000, 2100), st.integers(1, 12))
claims = st.builds(
    Claim,
    device=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True).map(DeviceId),
    epoch=st.integers(0, 2**32 - 1).map(Epoch),
    sequence=st.integers(0, 2**48 - 1).map(Sequence),
    total=st.integers(1, 10**12 - 1).map(Vnd),
    day=st.dates(date(2020, 1, 1), date(2199, 1, 1)),
    periods=st.sets(periods, min_size=1, max_size=60).map(lambda found: tuple(sorted(found))),
    entry=st.binary(min_size=12, max_size=12),
    practice=st.booleans(),
    simulated=st.booleans(),
    leases=st.lists(st.binary(min_size=8, max_size=8), max_size=20).map(tuple),
)


@given(claims)
def test_what_is_signed_is_what_is_read(claim: Claim) -> None:
    text = encode_claim(claim, KEY.sign)
    assert len(text) <= 900
    assert verify_claim(text, lambda *_: checker(KEY.public_key())) == claim


@pytest.mark.parametrize("sequence", [0, 1, 127, 128, 129, 16_383, 16_384, 2**48 - 1])
def test_numbers_at_the_edges_of_a_varint(sequence: int) -> None:
    claim = replace(CLAIM, sequence=Sequence(sequence))
    assert verify_claim(encode_claim(claim, KEY.sign), keys_of(KEY)) == claim


def test_the_largest_claim_is_read() -> None:
    months = tuple(Period(2000 + i // 12, i % 12 + 1) for i in range(60))
    claim = replace(CLAIM, periods=months, leases=tuple(bytes([i]) * 8 for i in range(20)))
    text = encode_claim(claim, KEY.sign, "HTTPS://CHI.EXAMPLE/" + "R" * 100 + "/")
    assert verify_claim(text, keys_of(KEY)) == claim


@given(claims, st.integers(min_value=0), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_changed_letter_is_never_accepted(claim: Claim, at: int, letter: str) -> None:
    text = encode_claim(claim, KEY.sign).decode()
    at = 3 + at % (len(text) - 3)
    changed = text[:at] + letter + text[at + 1 :]
    found = verify_claim(changed, lambda *_: checker(KEY.public_key()))
    assert (found == claim) == (changed == text)
    assert isinstance(found, ClaimRefusal) or changed == text


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_any_text_is_refused_without_an_exception(scanned: str | bytes) -> None:
    assert isinstance(verify_claim(scanned, keys_of(KEY)), ClaimRefusal)


@given(st.binary(min_size=65, max_size=300))
def test_any_payload_is_refused_without_an_exception(raw: bytes) -> None:
    text = b"TN1" + base64.b32encode(raw).rstrip(b"=")
    assert isinstance(verify_claim(text, lambda *_: checker(KEY.public_key())), ClaimRefusal)


@given(st.binary(max_size=80))
def test_a_signed_payload_that_is_none_is_malformed(payload: bytes) -> None:
    signed = payload + KEY.sign(b"tannha/receipt-claim/v1\0" + payload)
    text = b"TN1" + base64.b32encode(signed).rstrip(b"=")
    found = verify_claim(text, lambda *_: checker(KEY.public_key()))
    assert found in (ClaimRefusal.MALFORMED, ClaimRefusal.NOT_A_CLAIM) or isinstance(found, Claim)


def test_refusals_each_have_their_key() -> None:
    text = encode_claim(CLAIM, KEY.sign)
    stranger = encode_claim(replace(CLAIM, device=DeviceId("KIT04")), KEY.sign)
    assert verify_claim("TN2AAAA", keys_of(KEY)) is ClaimRefusal.NOT_A_CLAIM
    assert verify_claim("A" * 901, keys_of(KEY)) is ClaimRefusal.NOT_A_CLAIM
    assert verify_claim(text[:-8], keys_of(KEY)) is ClaimRefusal.MALFORMED
    assert verify_claim("TN1AAAA", keys_of(KEY)) is ClaimRefusal.MALFORMED
    assert verify_claim(stranger, keys_of(KEY)) is ClaimRefusal.UNKNOWN_DEVICE
    assert verify_claim(text, keys_of(OTHER)) is ClaimRefusal.BAD_SIGNATURE


def test_a_device_key_signs_nothing_else_that_passes_for_a_claim() -> None:
    """The domain tag stands before what is signed."""
    raw = base64.b32decode(_padded(encode_claim(CLAIM, KEY.sign)[3:]))
    bare = raw[:-64] + KEY.sign(raw[:-64])
    text = b"TN1" + base64.b32encode(bare).rstrip(b"=")
    assert verify_claim(text, keys_of(KEY)) is ClaimRefusal.BAD_SIGNATURE


def _padded(body: bytes) -> bytes:
    return body + b"=" * (-len(body) % 8)


def test_the_districts_address_may_stand_in_front() -> None:
    text = encode_claim(CLAIM, KEY.sign, "HTTPS://CHI.EXAMPLE/R/")
    assert text.startswith(b"HTTPS://CHI.EXAMPLE/R/TN1")
    assert verify_claim(text, keys_of(KEY)) == CLAIM


def test_a_claim_is_of_real_money_unless_it_says_otherwise() -> None:
    assert (CLAIM.practice, CLAIM.simulated, CLAIM.leases) == (False, False, ())


def test_practice_cannot_be_taken_off_a_claim() -> None:
    practice = replace(CLAIM, practice=True, simulated=True)
    found = verify_claim(encode_claim(practice, KEY.sign), keys_of(KEY))
    assert isinstance(found, Claim)
    assert found.practice
    assert found.simulated


def test_a_day_list_row_names_its_leases_by_tag() -> None:
    tags = (lease_tag(LeaseId("lease-1")), lease_tag(LeaseId("lease-2")))
    assert tags[0] == hashlib.sha256(b"lease-1").digest()[:8]
    row = replace(CLAIM, leases=tags)
    assert verify_claim(encode_claim(row, KEY.sign), keys_of(KEY)) == row


def test_the_entry_is_named_by_twelve_bytes_of_its_hash() -> None:
    digest = Digest(hashlib.sha256(b"entry").hexdigest())
    assert entry_prefix(digest) == hashlib.sha256(b"entry").digest()[:12]


BAD = [
    {"device": "KIT 03"},
    {"device": ""},
    {"device": "K" * 65},
    {"epoch": 2**32},
    {"sequence": -1},
    {"total": 0},
    {"total": 10**12},
    {"day": date(2019, 12, 31)},
    {"periods": ()},
    {"periods": (Period(2026, 11), Period(2026, 10))},
    {"periods": (Period(2026, 11), Period(2026, 11))},
    {"entry": b"short"},
    {"leases": (b"x",)},
    {"leases": (bytes(8),) * 21},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_a_claim_that_cannot_be(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(CLAIM, **change)


EDGES: list[dict[str, object]] = [
    {"device": "K" * 64, "epoch": 0},
    {"epoch": 2**32 - 1, "sequence": 2**48 - 1},
    {"total": 1, "day": date(2020, 1, 1)},
    {"total": 10**12 - 1, "day": date(2020, 1, 1) + timedelta(days=2**16 - 1)},
    {"practice": True},
    {"simulated": True},
    {"periods": (Period(2000, 1),)},
    {"periods": (Period(2026, 1), Period(2026, 12), Period(2027, 1), Period(2040, 6), Period(2100, 12))},
]
BEYOND: list[dict[str, object]] = [
    {"epoch": -1},
    {"sequence": 2**48},
    {"day": date(2020, 1, 1) + timedelta(days=2**16)},
    {"periods": tuple(Period(2000 + i // 12, i % 12 + 1) for i in range(61))},
    {"leases": (bytes(8), bytes(9))},
]


@pytest.mark.parametrize("change", EDGES, ids=str)
def test_what_is_just_within_its_bounds_is_signed_and_read(change: dict[str, object]) -> None:
    claim: Claim = replace(CLAIM, **change)  # type: ignore[arg-type]
    assert verify_claim(encode_claim(claim, KEY.sign), lambda *_: checker(KEY.public_key())) == claim


@pytest.mark.parametrize("change", BEYOND, ids=str)
def test_what_is_just_beyond_is_not(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(CLAIM, **change)  # type: ignore[arg-type]


PAYLOAD = base64.b32decode(_padded(encode_claim(CLAIM, KEY.sign)[3:]))[:-64]
HEAD = PAYLOAD.index(b"KIT03") + 5  # where the epoch stands: 1, then the sequence: 148


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\2" + PAYLOAD[1:], PAYLOAD[:1] + b"\4" + PAYLOAD[2:], PAYLOAD + b"\0", PAYLOAD[:-1],
        PAYLOAD.replace(b"KIT03", b"KIT\xff3"), PAYLOAD.replace(b"KIT03", b"KIT 3"),
        PAYLOAD[:HEAD] + b"\x81\0" + PAYLOAD[HEAD + 1 :], PAYLOAD[:HEAD] + b"\x80" * 8 + b"\1" + PAYLOAD[HEAD + 1 :],
        PAYLOAD[:HEAD] + b"\xff" * 7 + b"\x7f" + PAYLOAD[HEAD + 1 :],
        PAYLOAD[:HEAD] + b"\x80" * 8 + PAYLOAD[HEAD + 1 :],
    ],
)  # fmt: skip
def test_a_payload_of_another_form_is_malformed_whoever_signed_it(payload: bytes) -> None:
    body = base64.b32encode(payload + KEY.sign(b"tannha/receipt-claim/v1\0" + payload)).rstrip(b"=")
    assert verify_claim(b"TN1" + body, lambda *_: checker(KEY.public_key())) is ClaimRefusal.MALFORMED


def test_a_text_of_900_characters_is_read_and_a_longer_one_is_not() -> None:
    text = encode_claim(CLAIM, KEY.sign)
    assert verify_claim(text.rjust(900), keys_of(KEY)) == verify_claim(text.decode().rjust(900), keys_of(KEY)) == CLAIM
    assert verify_claim(text.rjust(901), keys_of(KEY)) is ClaimRefusal.NOT_A_CLAIM


def test_an_address_of_120_characters_goes_before_a_claim_and_a_longer_one_does_not() -> None:
    page = "https://" + "t" * 100 + "/" + "a" * 10
    assert page_prefix(page) == "HTTPS://" + "T" * 100 + "/" + "a" * 10 + "/"
    assert len(page_prefix(page)) == 120
    assert page_prefix(page + "a") == ""


def test_a_signature_of_another_length_is_a_fault() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        encode_claim(CLAIM, lambda _: b"short")


PAGES = [
    ("https://localhost:8443", "HTTPS://LOCALHOST:8443/"),
    ("http://Tra.example.vn/a/B-1/", "HTTP://TRA.EXAMPLE.VN/a/B-1/"),
    ("", ""),
    ("ftp://tra.example.vn", ""),
    ("https://tra.example.vn/?q=", ""),
    ("https://tra.example.vn/ a", ""),
    ("https://người@tra.example.vn", ""),
    ("https://tra.example.vn" + 3 * ("/" + "a" * 40), ""),
]


@pytest.mark.parametrize(("page", "prefix"), PAGES)
def test_a_pages_address_goes_before_a_claim(page: str, prefix: str) -> None:
    assert page_prefix(page) == prefix


@given(page=st.one_of(st.text(max_size=150), st.from_regex(r"https?://[ -~]{0,150}", fullmatch=True)))
def test_whatever_stands_before_a_claim_any_kit_reads_it_without_a_network(page: str) -> None:
    prefix = page_prefix(page)
    assert len(prefix) <= MAX_PREFIX
    assert verify_claim(encode_claim(CLAIM, KEY.sign, prefix), keys_of(KEY)) == CLAIM


def test_the_published_vectors_hold() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert len(vectors["claims"]) >= 3
    for vector in vectors["claims"]:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vectors["private_key"]))
        found = verify_claim(vector["text"], lambda *_, key=key: checker(key.public_key()))
        assert isinstance(found, Claim)
        prefix = page_prefix(vector.get("page", ""))
        assert prefix == vector.get("prefix", "")
        assert encode_claim(found, key.sign, prefix).decode() == vector["text"]
        assert str(found.sequence) in vector["number"]
        assert found.total == vector["total"]
    for text, refusal in vectors["refused"].items():
        assert verify_claim(text, keys_of(KEY)) == refusal
