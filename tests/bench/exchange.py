"""What leaving the device costs: bytes a payout, milliseconds a segment, seconds a sign-in.

Sizes are exact. Times are CPU time of this process, the best of many runs, against the limit that the plan sets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import zstandard

from kiosk.exchange import attachment, segment
from kiosk.payout import canonical
from kiosk.vault.pin import CALIBRATE_SECONDS, SALT_LENGTH, Argon2Params, calibrate, hash_pin
from tests.exchange import samples
from tests.exchange.parties import District, Kit

PAYOUTS = 200
LIMIT_BYTES = 260
LIMIT_MS = 15.0


def rows() -> list[dict[str, Any]]:
    """One row a number, in the form that `make bench` prints."""
    return [*_sizes(), *_times(), *_sign_in()]


def _sizes() -> list[dict[str, Any]]:
    kit, district = Kit("k07", 1), District()
    ecdsa = samples.day(PAYOUTS)
    plain = canonical.to_bytes([canonical.encode(each) for each in ecdsa])
    usual = len(zstandard.ZstdCompressor(level=19).compress(plain)) / PAYOUTS
    sealed = len(kit.segment(ecdsa, district)) / PAYOUTS
    rsa = len(kit.segment(samples.day(PAYOUTS, response_bytes=256), district)) / PAYOUTS
    files = {"SOD": _noise(1_900), "DG1": _noise(95), "DG15": _noise(120)}
    chip = attachment.new_attachment(attachment.AttachmentKind.CHIP, attachment.chip_content(files))
    file = attachment.seal_attachment(chip, area=samples.AREA, device=samples.DEVICE, district_key=district.seal_key)
    return [
        _row("segment: a payout sealed, ECDSA witness", "bytes", sealed, LIMIT_BYTES, "limit of the plan"),
        _row("segment: against zstd-19 of its JSON", "bytes", sealed, usual, "zstd-19 of canonical JSON, not sealed"),
        _row("segment: a payout sealed, RSA-2048 witness", "bytes", rsa, LIMIT_BYTES + 192, "limit + longer signature"),
        _row("attachment: chip files of a card", "bytes", len(file), len(chip.content) * 1.3, "content + 30 %"),
    ]


def _times() -> list[dict[str, Any]]:
    kit, district = Kit("k07", 1), District()
    entries = samples.day(PAYOUTS)
    data = kit.segment(entries, district)
    seal = _best_ms(lambda: kit.segment(entries, district))
    opened = _best_ms(lambda: segment.open_segment(data, kit.sign_key, district.open))
    return [
        _row("segment: seal 200 payouts (603 entries)", "ms", seal, LIMIT_MS, "limit of the plan"),
        _row("segment: open 200 payouts, chain rebuilt", "ms", opened, LIMIT_MS, "limit of the plan"),
    ]


def _sign_in() -> list[dict[str, Any]]:
    usual, least = Argon2Params(64 * 1024, 3), Argon2Params()
    ours, bare = (_best_ms(lambda p=each: hash_pin("482913", bytes(SALT_LENGTH), p), 5) for each in (usual, least))
    chosen = calibrate(CALIBRATE_SECONDS, time.perf_counter)
    aimed = _best_ms(lambda: hash_pin("482913", bytes(SALT_LENGTH), chosen), 3)
    words = f"aim of setup; {chosen.memory_kib // 1024} MiB, {chosen.iterations} passes here"
    return [
        _stated("sign-in: Argon2id 64 MiB, 3 passes", "ms", ours, bare, "least allowed: 19 MiB, 2 passes"),
        _stated("sign-in: as calibrated at setup", "ms", aimed, CALIBRATE_SECONDS * 1_000, words),
    ]


def _row(name: str, unit: str, ours: float, peer: float, peer_name: str) -> dict[str, Any]:
    return _stated(name, unit, ours, peer, peer_name) | {"goal": "ratio <= 1", "holds": ours <= peer}


def _stated(name: str, unit: str, ours: float, peer: float, peer_name: str) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, 2),
        "peer": round(peer, 2),
        "peer_name": peer_name,
        "ratio": round(ours / peer, 2),
        "goal": "stated",
        "holds": True,
    }


def _best_ms(work: Callable[[], object], times: int = 30) -> float:
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1000


def _noise(length: int) -> bytes:
    return samples.random.Random(length).randbytes(length)
