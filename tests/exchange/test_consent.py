"""Override codes: one device, one recipient, one sum, one time, half an hour, each misuse with its own key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import consent as xo
from kiosk.payout.names import DeviceId, PersonId, RefusalKey, UnixSeconds, Vnd
from tests.exchange import second_reader

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
MINE = xo.Consent(DeviceId("KIT7"), PersonId("ba-khe"), Vnd(500_000), "123456")
NOW = UnixSeconds(1_794_200_400)
ASKED = xo.Asked(MINE, NOW)
CODE = xo.answer(KEY, MINE)
VECTOR = Path(__file__).parent / "vectors" / "override.json"


def test_the_right_code_answers_its_request_for_half_an_hour() -> None:
    assert xo.judge(KEY, ASKED, (), CODE, NOW) is None
    assert xo.judge(KEY, ASKED, (), CODE, UnixSeconds(NOW + 1_799)) is None
    assert xo.judge(KEY, ASKED, (), CODE, UnixSeconds(NOW + 1_800)) is RefusalKey.OVERRIDE_CODE_EXPIRED
    assert xo.judge(KEY, ASKED, (), CODE, UnixSeconds(NOW - 1)) is RefusalKey.OVERRIDE_CODE_EXPIRED


OTHERS = {
    "another recipient": (replace(MINE, recipient=PersonId("ba-sau")), False, RefusalKey.OVERRIDE_OTHER_RECIPIENT),
    "another sum": (replace(MINE, total=Vnd(1_000_000)), False, RefusalKey.OVERRIDE_OTHER_SUM),
    "asked before": (replace(MINE, nonce="654321"), False, RefusalKey.OVERRIDE_CODE_EXPIRED),
    "used before": (replace(MINE, nonce="654321"), True, RefusalKey.OVERRIDE_CODE_USED),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_code_for_something_else_is_refused_by_name(case: str) -> None:
    other, used, expected = OTHERS[case]
    code = xo.answer(KEY, other)
    assert xo.judge(KEY, ASKED, (xo.Asked(other, NOW, used),), code, NOW) is expected
    assert xo.judge(KEY, ASKED, (), code, NOW) is RefusalKey.OVERRIDE_CODE_WRONG, "it never fits by chance"


def test_a_code_that_answers_none_of_the_requests_is_wrong() -> None:
    others = [xo.Asked(other, NOW, used) for other, used, _ in OTHERS.values()]
    slip = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    assert xo.judge(KEY, ASKED, others, slip, NOW) is RefusalKey.OVERRIDE_CODE_WRONG
    assert xo.judge(KEY, ASKED, others, CODE, NOW) is None


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "0", f"{CODE}\n", "x" * 12, "１２３４５６７８９０１２"])
def test_what_is_no_code_is_wrong_and_for_no_other_device(typed: str) -> None:
    assert xo.judge(KEY, ASKED, (), typed, NOW) is RefusalKey.OVERRIDE_CODE_WRONG


def test_a_code_works_once() -> None:
    assert xo.fresh(ASKED, NOW)
    assert not xo.fresh(replace(ASKED, used=True), NOW)
    assert xo.judge(KEY, replace(ASKED, used=True), (), CODE, NOW) is RefusalKey.OVERRIDE_CODE_USED


def test_a_code_for_another_device_says_so_by_its_first_digits() -> None:
    there = replace(MINE, device=DeviceId("KIT8"))
    assert xo.judge(KEY, ASKED, (), xo.answer(OTHER_KEY, there), NOW) is RefusalKey.OVERRIDE_OTHER_DEVICE
    assert xo.judge(OTHER_KEY, ASKED, (), CODE, NOW) is RefusalKey.OVERRIDE_CODE_WRONG, "without the key no code"


@given(st.text(max_size=14) | st.text("0123456789", min_size=12, max_size=12))
def test_what_is_typed_is_right_or_refused(typed: str) -> None:
    assert (xo.judge(KEY, ASKED, (), typed, NOW) is None) == (typed == CODE)


def test_digits_and_proof_are_bound_to_all_of_it() -> None:
    changed = [each for each, _, _ in OTHERS.values()] + [replace(MINE, device=DeviceId("KIT8"))]
    assert xo.request_digits(KEY, MINE).startswith(MINE.nonce)
    for say in (xo.request_digits, xo.answer):
        assert len({say(KEY, each) for each in (MINE, *changed)} | {say(OTHER_KEY, MINE)}) == len(changed[1:]) + 2
        assert all(len(say(KEY, each)) == 12 for each in changed)
    assert len({xo.proof(each, CODE) for each in (MINE, *changed)}) == len(changed[1:]) + 1
    assert CODE not in xo.proof(MINE, CODE)


def test_vector() -> None:
    """The page of the protocol and another implementation hold on to these."""
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    mine = xo.Consent(DeviceId(vector["device"]), PersonId(vector["recipient"]), Vnd(vector["total"]), vector["nonce"])
    key, wanted = bytes.fromhex(vector["key"]), (vector["request"], vector["code"], vector["consent"])
    code = xo.answer(key, mine)
    assert (xo.request_digits(key, mine), code, xo.proof(mine, code)) == wanted
    assert second_reader.override(key, mine.device, mine.recipient, mine.total, mine.nonce) == wanted


def test_nonces_are_six_digits() -> None:
    assert all(len(each) == 6 and each.isdigit() for each in (xo.new_nonce() for _ in range(50)))
