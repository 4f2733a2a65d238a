"""PINs: what is too easy, and parameters that fit the board."""

from __future__ import annotations

import time

import pytest

from kiosk.vault.errors import DamagedVault, WeakPin
from kiosk.vault.pin import Argon2Params, calibrate, check_pin, hash_pin


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("12345", "too_short"),
        ("1" * 13, "too_long"),
        ("12345a", "not_digits"),
        ("１２３４５６", "not_digits"),
        ("", "not_digits"),
        ("123456", "too_simple"),
        ("654321", "too_simple"),
        ("890123", "too_simple"),
        ("000000", "too_simple"),
        ("121212", "too_simple"),
        ("482482", "too_simple"),
    ],
)
def test_weak_pins_are_refused_by_name(pin: str, why: str) -> None:
    with pytest.raises(WeakPin) as caught:
        check_pin(pin, 6)
    assert str(caught.value) == why


@pytest.mark.parametrize("pin", ["482913", "593021", "195408", "774411223344"])
def test_usual_pins_are_good(pin: str) -> None:
    check_pin(pin, 6)


def test_a_weaker_factor_asks_for_more_digits() -> None:
    with pytest.raises(WeakPin):
        check_pin("482913", 8)


@pytest.mark.parametrize(
    ("spent", "memory_kib", "iterations"),
    [(0.1, 65_536, 20), (0.5, 65_536, 4), (1.0, 65_536, 2), (1.01, 19_456, 2), (0.0, 65_536, 32), (0.001, 65_536, 32)],
)
def test_parameters_are_measured_on_the_board(spent: float, memory_kib: int, iterations: int) -> None:
    """The board is busy at first: only its best run says how fast it is."""
    now, runs = [5.0], iter((spent + 3.0, spent, spent + 0.5))

    def work(params: Argon2Params) -> None:
        assert params == Argon2Params(65_536)
        now[0] += next(runs)

    chosen = calibrate(1.0 + 1e-9, lambda: now[0], work)
    assert (chosen.memory_kib, chosen.iterations) == (memory_kib, iterations)


def test_a_real_board_gets_parameters_it_can_bear() -> None:
    chosen = calibrate(0.001, time.monotonic)
    assert chosen == Argon2Params(), "no board hashes 64 MiB in a millisecond"


@pytest.mark.parametrize(("memory", "passes", "lanes"), [(19_455, 2, 1), (2**30, 2, 1), (19_456, 1, 1), (19_456, 2, 9)])
def test_parameters_out_of_bounds_are_refused(memory: int, passes: int, lanes: int) -> None:
    with pytest.raises(DamagedVault):
        Argon2Params(memory, passes, lanes)


def test_the_hash_depends_on_pin_and_salt() -> None:
    params = Argon2Params()
    hashes = {hash_pin(pin, salt, params) for pin in ("482913", "482914") for salt in (bytes(16), bytes(15) + b"1")}
    assert len(hashes) == 4
