"""The QR that gives a lease over: what it proves, what it refuses, and that no text makes it raise."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import keys
from kiosk.exchange.claim import Verify
from kiosk.exchange.handover import DOMAIN, MARK, MAX_TEXT, Handover, HandoverRefusal, encode_handover, verify_handover
from kiosk.payout.names import DeviceId, Epoch, LeaseId

KEY, OTHER = bytes(range(32)), bytes(32)
HANDED = Handover(DeviceId("TUI07"), Epoch(3), LeaseId("L-5f0c1e9a"), DeviceId("xa-hoa-binh"), "004810277391")
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True)
handovers = st.builds(
    Handover, ids.map(DeviceId), st.integers(0, 2**32 - 1).map(Epoch), ids.map(LeaseId), ids.map(DeviceId),
    st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii),
)  # fmt: skip


def key_of(private: bytes = KEY) -> Callable[[DeviceId, Epoch], Verify]:
    public = keys.sign_public(private)
    return lambda _device, _epoch: lambda signature, message: keys.verify(public, signature, message)


def signed(payload: bytes) -> str:
    """What somebody with the real key would make of any payload."""
    return MARK + base64.b32encode(payload + keys.signer(KEY)(DOMAIN + payload)).rstrip(b"=").decode()


def payload_of(text: str) -> bytes:
    body = text.removeprefix(MARK)
    return base64.b32decode(body + "=" * (-len(body) % 8))[:-64]


TEXT = encode_handover(HANDED, keys.signer(KEY))
PAYLOAD = payload_of(TEXT)


@given(handovers)
def test_what_was_signed_is_read_again(handed: Handover) -> None:
    text = encode_handover(handed, keys.signer(KEY))
    assert len(text) <= MAX_TEXT
    assert verify_handover(text, key_of()) == handed


def test_the_same_is_signed_each_time() -> None:
    """The text above was made while the tests were collected."""
    assert encode_handover(HANDED, keys.signer(KEY)) == TEXT
    last = replace(HANDED, epoch=Epoch(2**32 - 1), code="999999999999")
    assert verify_handover(encode_handover(last, keys.signer(KEY)), key_of()) == last


def test_white_space_around_a_scan_is_passed_over() -> None:
    assert verify_handover(f" {TEXT}\r\n", key_of()) == HANDED
    assert verify_handover(TEXT.rjust(436), key_of()) == HANDED
    assert verify_handover(TEXT.rjust(437), key_of()) is HandoverRefusal.NOT_A_HANDOVER


def test_the_code_is_in_no_log() -> None:
    assert HANDED.code not in repr(HANDED)


@pytest.mark.parametrize("bad", ["", "-x", "a" * 65, "ấp", "a b", "a\0"])
@pytest.mark.parametrize("field", ["giver", "lease", "stand_in"])
def test_ids_that_do_not_fit_give_no_qr(field: str, bad: str) -> None:
    assert encode_handover(replace(HANDED, **{field: bad}), keys.signer(KEY)) == ""  # type: ignore[arg-type]


def test_another_key_or_an_unknown_device_proves_nothing() -> None:
    assert verify_handover(TEXT, key_of(OTHER)) is HandoverRefusal.BAD_SIGNATURE
    assert verify_handover(TEXT, lambda _device, _epoch: None) is HandoverRefusal.UNKNOWN_DEVICE


def test_a_signature_over_something_else_is_none() -> None:
    body = PAYLOAD + keys.signer(KEY)(b"tannha/receipt-claim/v1\x00" + PAYLOAD)
    text = MARK + base64.b32encode(body).rstrip(b"=").decode()
    assert verify_handover(text, key_of()) is HandoverRefusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    "payload",
    [
        b"", PAYLOAD[:9], PAYLOAD[:-1], PAYLOAD + b"\0", b"\2" + PAYLOAD[1:],
        PAYLOAD[:5] + (10**12).to_bytes(5, "big") + PAYLOAD[10:], PAYLOAD[:10] + b"\0" + PAYLOAD[11:],
        PAYLOAD.replace(b"TUI07", b"TUI\xff7"), PAYLOAD[:10] + b"\xff" + PAYLOAD[11:],
    ],
)  # fmt: skip
def test_a_payload_of_another_form_is_malformed_whoever_signed_it(payload: bytes) -> None:
    assert verify_handover(signed(payload), key_of()) is HandoverRefusal.MALFORMED


@pytest.mark.parametrize("text", ["", "TN1ABCDE", "TNL1", TEXT.lower(), f"x{TEXT}", "TNL1" + "A" * 433, TEXT + "="])
def test_other_texts_are_no_handover(text: str) -> None:
    assert verify_handover(text, key_of()) is HandoverRefusal.NOT_A_HANDOVER


@given(st.integers(len(MARK), len(TEXT) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_other_letter_spoils_it(at: int, letter: str) -> None:
    changed = TEXT[:at] + letter + TEXT[at + 1 :]
    assert isinstance(verify_handover(changed, key_of()), HandoverRefusal) or changed == TEXT


@given(st.text(max_size=500) | st.from_regex(r"TNL1[A-Z2-7]{1,440}", fullmatch=True))
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(verify_handover(text, key_of()), HandoverRefusal)


@given(st.binary(max_size=260))
def test_no_signed_payload_makes_it_raise(payload: bytes) -> None:
    assert isinstance(verify_handover(signed(payload), key_of()), HandoverRefusal)
