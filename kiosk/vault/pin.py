"""PINs: how they are hashed, how long that takes here, and which ones are too easy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk.vault.errors import DamagedVault, WeakPin

LEAST_MEMORY_KIB = 19 * 1024
MOST_MEMORY_KIB = 256 * 1024
USUAL_MEMORY_KIB = 64 * 1024
LEAST_ITERATIONS = 2
MOST_ITERATIONS = 32
MOST_DIGITS = 12
SALT_LENGTH = 16
CALIBRATE_RUNS = 3
CALIBRATE_SECONDS = 1.0
"""What a sign-in may take on the board that a vault is made for."""


@dataclass(frozen=True, slots=True)
class Argon2Params:
    """Argon2id (RFC 9106). At least 19 MiB and two passes; bounded above because files are input too."""

    memory_kib: int = LEAST_MEMORY_KIB
    iterations: int = LEAST_ITERATIONS
    lanes: int = 1

    def __post_init__(self) -> None:
        memory = LEAST_MEMORY_KIB <= self.memory_kib <= MOST_MEMORY_KIB
        if not (memory and LEAST_ITERATIONS <= self.iterations <= MOST_ITERATIONS and 1 <= self.lanes <= 4):
            raise DamagedVault("Argon2 parameters out of bounds")


def hash_pin(pin: str, salt: bytes, params: Argon2Params) -> bytes:
    """32 bytes of Argon2id; takes what `calibrate` aimed at."""
    kdf = Argon2id(
        salt=salt, length=32, iterations=params.iterations, lanes=params.lanes, memory_cost=params.memory_kib
    )
    return kdf.derive(pin.encode("utf-8", "surrogatepass"))


def stretch(params: Argon2Params) -> None:
    """One hash of nobody's PIN: what is timed to learn how fast a board is."""
    hash_pin("000000", bytes(SALT_LENGTH), params)


def calibrate(
    target_s: float, clock: Callable[[], float], work: Callable[[Argon2Params], None] = stretch
) -> Argon2Params:
    """Parameters that take about ``target_s`` on this board, by timing two passes over 64 MiB.

    ``clock`` gives monotonic seconds. The best of a few runs counts: a board that was busy for a moment must not get
    a vault that is too cheap for ever. One too slow for 64 MiB gets the least that is allowed.
    """
    usual = Argon2Params(USUAL_MEMORY_KIB)
    spent = min(_time(usual, clock, work) for _ in range(CALIBRATE_RUNS))
    if spent > target_s:
        return Argon2Params()
    passes = int(usual.iterations * target_s / spent) if spent > 0 else MOST_ITERATIONS
    return Argon2Params(USUAL_MEMORY_KIB, max(LEAST_ITERATIONS, min(passes, MOST_ITERATIONS)))


def check_pin(pin: str, least_digits: int) -> None:
    """Raises WeakPin (too_short, too_long, not_digits, too_simple) for a PIN that must not be used."""
    if not (pin.isascii() and pin.isdigit()):
        raise WeakPin("not_digits")
    if len(pin) < least_digits:
        raise WeakPin("too_short")
    if len(pin) > MOST_DIGITS:
        raise WeakPin("too_long")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 or len(set(pin)) < 3 or pin[: len(pin) // 2] * 2 == pin:
        raise WeakPin("too_simple")


def _time(params: Argon2Params, clock: Callable[[], float], work: Callable[[Argon2Params], None]) -> float:
    began = clock()
    work(params)
    return clock() - began
