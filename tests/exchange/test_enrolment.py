"""Enrolment: one QR, two MACs, and nobody in between can slip in a key."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import enrolment as en
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.keys import fingerprint
from kiosk.payout import names as n
from kiosk.payout.journal import GENESIS
from tests.exchange import samples
from tests.exchange.parties import NOW, District, Kit

LATER = n.UnixSeconds(NOW + en.LIFETIME_S)


@pytest.fixture
def invitation(district: District) -> en.Invitation:
    return en.Invitation(
        urls=("https://district.example:8443",),
        area=samples.AREA,
        mode=n.Mode.PRACTICE,
        secret="0f" * 16,
        district=n.Digest(hashlib.sha256(district.sign_key).hexdigest()),
        expires=LATER,
    )


@pytest.fixture
def request_file(invitation: en.Invitation, kit: Kit) -> bytes:
    return en.request_enrolment(invitation, kit.sign_key, kit.seal_key, "Bộ số 7", "-----CSR-----")


def grant_of(district: District, **changes: object) -> en.EnrolmentGrant:
    grant = en.EnrolmentGrant(
        area=samples.AREA,
        device=n.DeviceId("k07"),
        mode=n.Mode.PRACTICE,
        epoch=n.Epoch(1),
        previous_epoch=n.Epoch(0),
        previous_head=GENESIS,
        incarnation=1,
        sign_key=district.sign_key.hex(),
        seal_key=district.seal_key.hex(),
        escrow_keys=(),
        ca_pem="-----CA-----",
        client_cert_pem="-----CERT-----",
        time=NOW,
    )
    return dataclasses.replace(grant, **changes)  # type: ignore[arg-type]


def key_of(work: object) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        work()  # type: ignore[operator]
    return caught.value.key


def test_the_qr_is_small_and_read_back(invitation: en.Invitation) -> None:
    text = en.to_qr(invitation)
    assert text.startswith("tannha1:")
    assert len(text) < 400
    assert en.from_qr(text, NOW) == invitation


def test_a_device_is_enrolled(invitation: en.Invitation, request_file: bytes, district: District, kit: Kit) -> None:
    request = en.check_request(request_file, invitation, NOW)
    assert (request.sign_key, request.label) == (kit.sign_key.hex(), "Bộ số 7")
    assert request.ticket == invitation.ticket == en.peek_request(request_file).ticket
    grant = en.check_grant(en.grant_enrolment(grant_of(district), request_file, invitation), request_file, invitation)
    assert (grant.device, grant.mode, grant.epoch) == ("k07", n.Mode.PRACTICE, 1)


def test_officer_and_device_see_the_same_fingerprint(request_file: bytes, kit: Kit) -> None:
    shown = en.peek_request(request_file).fingerprint()
    assert shown == fingerprint(kit.sign_key, kit.seal_key)
    assert [len(group) for group in shown.split()] == [4] * 6


def test_the_secret_is_in_no_message(invitation: en.Invitation, request_file: bytes, district: District) -> None:
    grant = en.grant_enrolment(grant_of(district), request_file, invitation)
    for message in (request_file, grant):
        assert invitation.secret.encode() not in message


# -- must hold -----------------------------------------------------------------------------------------------------


def test_a_courier_cannot_put_its_own_key_into_the_request(invitation: en.Invitation, request_file: bytes) -> None:
    stranger = Kit("stranger", 5)
    touched = request_file.replace(en.peek_request(request_file).sign_key.encode(), stranger.sign_key.hex().encode())
    assert key_of(lambda: en.check_request(touched, invitation, NOW)) is FaultKey.MAC_MISMATCH


def test_a_courier_cannot_put_its_own_key_into_the_grant(
    invitation: en.Invitation, request_file: bytes, district: District
) -> None:
    grant = en.grant_enrolment(grant_of(district), request_file, invitation)
    touched = grant.replace(district.seal_key.hex().encode(), District("courier").seal_key.hex().encode())
    assert key_of(lambda: en.check_grant(touched, request_file, invitation)) is FaultKey.MAC_MISMATCH


def test_a_grant_for_another_request_is_refused(
    invitation: en.Invitation, request_file: bytes, district: District, other_kit: Kit
) -> None:
    other = en.request_enrolment(invitation, other_kit.sign_key, other_kit.seal_key, "khác")
    grant = en.grant_enrolment(grant_of(district), other, invitation)
    assert key_of(lambda: en.check_grant(grant, request_file, invitation)) is FaultKey.MAC_MISMATCH


def test_another_district_is_refused_even_with_the_secret(invitation: en.Invitation, request_file: bytes) -> None:
    grant = en.grant_enrolment(grant_of(District("another")), request_file, invitation)
    assert key_of(lambda: en.check_grant(grant, request_file, invitation)) is FaultKey.WRONG_DISTRICT


def test_production_and_practice_are_fixed_by_the_qr(
    invitation: en.Invitation, request_file: bytes, district: District, kit: Kit
) -> None:
    grant = en.grant_enrolment(grant_of(district, mode=n.Mode.PRODUCTION), request_file, invitation)
    assert key_of(lambda: en.check_grant(grant, request_file, invitation)) is FaultKey.WRONG_MODE
    real = dataclasses.replace(invitation, mode=n.Mode.PRODUCTION)
    request = en.request_enrolment(real, kit.sign_key, kit.seal_key, "x")
    assert key_of(lambda: en.check_request(request, invitation, NOW)) is FaultKey.WRONG_MODE
    elsewhere = en.grant_enrolment(grant_of(district, area=n.AreaId("elsewhere")), request_file, invitation)
    assert key_of(lambda: en.check_grant(elsewhere, request_file, invitation)) is FaultKey.WRONG_AREA


def test_an_invitation_ends_after_fifteen_minutes(invitation: en.Invitation, request_file: bytes) -> None:
    late = n.UnixSeconds(LATER + 1)
    assert key_of(lambda: en.check_request(request_file, invitation, late)) is FaultKey.EXPIRED
    assert key_of(lambda: en.from_qr(en.to_qr(invitation), late)) is FaultKey.EXPIRED
    assert en.check_request(request_file, invitation, LATER).area == samples.AREA


@pytest.mark.parametrize(
    "change",
    [
        {"urls": ()},
        {"urls": ("https://" + "x" * 300,)},
        {"urls": ("https://huyện.example",)},
        {"secret": "0f" * 15},
        {"secret": "zz" * 16},
        {"district": "0" * 63},
        {"area": "../etc"},
    ],
)
def test_a_crooked_invitation_is_refused(invitation: en.Invitation, change: dict[str, object]) -> None:
    crooked = dataclasses.replace(invitation, **change)  # type: ignore[arg-type]
    assert key_of(lambda: en.from_qr(en.to_qr(crooked))) is FaultKey.MALFORMED


@pytest.mark.parametrize("change", [{"device": "../k"}, {"previous_head": "0"}, {"seal_key": "00"}])
def test_a_crooked_grant_is_refused(
    invitation: en.Invitation, request_file: bytes, district: District, change: dict[str, object]
) -> None:
    grant = en.grant_enrolment(grant_of(district, **change), request_file, invitation)
    assert key_of(lambda: en.check_grant(grant, request_file, invitation)) is FaultKey.MALFORMED


def test_foreign_and_oversized_texts_are_refused() -> None:
    assert key_of(lambda: en.from_qr("00020101021138570010A000000727")) is FaultKey.UNKNOWN_KIND
    assert key_of(lambda: en.from_qr("tannha1:" + "A" * 2_000)) is FaultKey.TOO_LARGE
    assert key_of(lambda: en.peek_request(bytes(40_000))) is FaultKey.TOO_LARGE


def test_bounds_are_to_the_letter(invitation: en.Invitation, kit: Kit, request_file: bytes) -> None:
    assert en.from_qr(en.to_qr(invitation), LATER) == invitation
    assert key_of(lambda: en.from_qr("tannha1:" + "A" * (en.MAX_QR - 8))) is FaultKey.MALFORMED
    assert key_of(lambda: en.from_qr("tannha1:" + "A" * (en.MAX_QR - 7))) is FaultKey.TOO_LARGE
    assert key_of(lambda: en.peek_request(bytes(en.MAX_MESSAGE))) is FaultKey.MALFORMED
    assert key_of(lambda: en.peek_request(bytes(en.MAX_MESSAGE + 1))) is FaultKey.TOO_LARGE
    longest = en.request_enrolment(invitation, kit.sign_key, kit.seal_key, "x" * 81)
    assert en.check_request(longest, invitation, NOW).label == "x" * 80
    longer = longest.replace(b'"' + b"x" * 80 + b'"', b'"' + b"x" * 81 + b'"')
    assert key_of(lambda: en.peek_request(longer)) is FaultKey.MALFORMED


@given(st.text(max_size=60))
def test_any_scanned_text_is_an_answer_from_the_tree(text: str) -> None:
    with pytest.raises(ExchangeError):
        en.from_qr("tannha1:" + text)
