"""A lease by telephone: the right code on the right device, and nothing before it."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.exchange import release
from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey
from kiosk.exchange.shapes import to_base64
from kiosk.exchange.transport import compress
from kiosk.payout import canonical
from kiosk.payout import names as n
from tests.exchange import samples
from tests.exchange.parties import pay_list

HOLDER, KIOSK, OTHER = n.DeviceId("k07"), n.DeviceId("xa-hoa-binh"), n.DeviceId("xa-khac")
LIST = pay_list(samples.AREA, 4, HOLDER, samples.EPOCH)
RECORD = release.LeaseRecord(LIST.recipients[0], (), LIST.entitlements[0], LIST.leases[0])
SECRET = release.LeaseSecret(n.LeaseId("l1"), "0f" * 16, KIOSK)
STAND_IN = release.make_stand_in(SECRET, HOLDER, RECORD)
CODE = release.release_code(SECRET)


def test_the_code_is_twelve_digits_and_opens_the_record() -> None:
    assert len(CODE) == 12
    assert CODE.isdigit()
    assert release.take(STAND_IN, KIOSK, CODE) == RECORD


def test_a_number_finds_its_lease_and_no_other() -> None:
    assert release.candidates((STAND_IN,), RECORD.recipient.person.number) == (STAND_IN,)
    assert release.candidates((STAND_IN,), n.CitizenNumber("001040000018")) == ()


def test_nobodys_data_is_readable_before_the_code() -> None:
    text = canonical.to_bytes(canonical.encode(STAND_IN)).decode()
    for secret in ("Trần", "Mẫu", "Xóm", RECORD.recipient.person.number, "500000", SECRET.secret, CODE):
        assert secret not in text


def test_a_code_meant_for_another_stand_in_is_wrong() -> None:
    other = release.release_code(dataclasses.replace(SECRET, stand_in=OTHER))
    assert other != CODE
    assert release.take(STAND_IN, KIOSK, other) is None
    assert release.take(STAND_IN, OTHER, CODE) is None


def test_a_code_of_before_a_regrant_is_wrong() -> None:
    """A new grant has a new lease id and a new secret."""
    again = release.new_secret(n.LeaseId("l2"), KIOSK)
    record = dataclasses.replace(RECORD, lease=dataclasses.replace(RECORD.lease, id=n.LeaseId("l2")))
    regranted = release.make_stand_in(again, HOLDER, record)
    assert release.take(regranted, KIOSK, CODE) is None
    assert release.take(regranted, KIOSK, release.release_code(again)) == record


@pytest.mark.parametrize(
    "code", ["", "1" * 11, "1" * 13, "12345678901a", "１２３４５６７８９０１２", f" {CODE}", CODE + "\n"]
)
def test_what_is_no_code_is_not_tried(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "Argon2id", None)
    assert release.take(STAND_IN, KIOSK, code) is None


@settings(max_examples=8)
@given(st.integers(0, 10**12 - 1))
def test_a_guess_is_wrong(number: int) -> None:
    guess = f"{number:012d}"
    assert (release.take(STAND_IN, KIOSK, guess) is not None) == (guess == CODE)


def test_a_hash_that_is_no_text_fits_no_code() -> None:
    assert release.take(dataclasses.replace(STAND_IN, code_hash="\ud800"), KIOSK, CODE) is None


@pytest.mark.parametrize("change", [{"record": "!"}, {"record": "AAAA"}, {"record": ""}])
def test_a_damaged_record_is_said_so(change: dict[str, str]) -> None:
    with pytest.raises(ExchangeError):
        release.take(dataclasses.replace(STAND_IN, **change), KIOSK, CODE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"lease": dataclasses.replace(RECORD.lease, id=n.LeaseId("l9"))},
        {"entitlement": dataclasses.replace(RECORD.entitlement, id=n.EntitlementId("e9"))},
    ],
    ids=["lease", "entitlement"],
)
def test_a_record_of_another_lease_or_entitlement_under_a_good_code_is_refused(change: dict[str, Any]) -> None:
    crooked = dataclasses.replace(RECORD, **change)
    with pytest.raises(BadBytes):
        release.take(release.make_stand_in(SECRET, HOLDER, crooked), KIOSK, CODE)


def test_a_secret_that_is_none_makes_no_code() -> None:
    with pytest.raises(BadBytes):
        release.release_code(dataclasses.replace(SECRET, secret="zz"))


def test_secrets_are_never_used_again() -> None:
    assert len({release.new_secret(n.LeaseId("l1"), KIOSK).secret for _ in range(50)}) == 50


def sealed_size(letters: str) -> tuple[int, release.LeaseRecord]:
    """A record with this many letters more, and how many bytes of it would be sealed."""
    record = dataclasses.replace(RECORD, recipient=dataclasses.replace(RECORD.recipient, hamlet=letters))
    return len(compress(canonical.to_bytes(canonical.encode(record)))), record


def test_only_a_record_that_fits_the_bundles_text_is_sealed() -> None:
    """A bundle's text holds 4,000 characters: 2,900 bytes, their tag and a third more for base64."""
    letters = "".join(map(chr, random.Random(7).choices(range(ord("0"), ord("[")), k=4_000)))
    sizes = dict(sealed_size(letters[:count]) for count in range(3_400, 4_000))
    fits = release.make_stand_in(SECRET, HOLDER, sizes[2_900])
    assert len(fits.record) == len(to_base64(bytes(2_900 + 16))) <= canonical.MAX_TEXT
    assert release.take(fits, KIOSK, CODE) == sizes[2_900]
    with pytest.raises(BadBytes, match="stand-in record"):
        release.make_stand_in(SECRET, HOLDER, sizes[2_901])


@pytest.mark.parametrize(("size", "why"), [(65_536, FaultKey.MALFORMED), (65_537, FaultKey.TOO_LARGE)])
def test_a_record_that_swells_beyond_its_bound_is_not_opened(size: int, why: FaultKey) -> None:
    place = b"l1\0xa-hoa-binh"
    _, key = release._stretch(CODE, SECRET.lease, KIOSK)
    record = ChaCha20Poly1305(key).encrypt(bytes(12), compress(b"x" * size), place)
    with pytest.raises(BadBytes) as found:
        release.take(dataclasses.replace(STAND_IN, record=to_base64(record)), KIOSK, CODE)
    assert found.value.key is why
