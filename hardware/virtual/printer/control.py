"""What a hand can do to the printer, as one JSON line in and one out.

The demo, the control desk and the tests use the same few words. A line that makes no sense is
answered with an error and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from hardware.virtual.printer.machine import Machine

MAX_LINE = 4096
Answer = dict[str, Any]


@dataclass(slots=True)
class Wires:
    """What can be done to the cable and the pace; the server looks here."""

    rows_per_second: int = 0
    """0: as fast as bytes come."""
    bytes_until: int | None = None
    """Do ``then`` after this many more bytes from the host."""
    then: str = ""
    dropped: bool = False
    """The cable is out: nobody gets through."""
    cut_now: bool = False


def count_bytes(taken: int, machine: Machine, wires: Wires) -> None:
    """Note bytes from the host, and do what was planned for this point of the stream."""
    if wires.bytes_until is None:
        return
    wires.bytes_until -= taken
    if wires.bytes_until <= 0:
        wires.bytes_until = None
        DEEDS[wires.then](machine, wires, {})


def answer(line: bytes, machine: Machine, wires: Wires) -> bytes:
    """The reply to one control line, newline included. Never raises on input."""
    return json.dumps(_answer(line, machine, wires), ensure_ascii=False).encode() + b"\n"


def _answer(line: bytes, machine: Machine, wires: Wires) -> Answer:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"ok": False, "error": "not_json"}
    if not isinstance(asked, dict) or not isinstance(asked.get("do"), str):
        return {"ok": False, "error": "no_do"}
    deed = DEEDS.get(asked["do"])
    if deed is None:
        return {"ok": False, "error": "unknown_do", "known": sorted(DEEDS)}
    return deed(machine, wires, asked)


def status(machine: Machine, wires: Wires, _: Answer) -> Answer:
    """How the printer stands, what came in, what hangs out."""
    return {
        "ok": True,
        "profile": machine.profile.name,
        "paper_left_mm": machine.roll.left * 254 // (machine.paper.dpi * 10),
        "strip_rows": len(machine.roll.strip),
        "stuck": machine.stuck,
        "connected": not wires.dropped,
        "faults": asdict(machine.faults),
        "counted": asdict(machine.counted),
        "receipts": [str(path) for path in machine.roll.torn],
    }


def _set(name: str, value: bool | None = None) -> Callable[[Machine, Wires, Answer], Answer]:
    """A deed that sets a fault: to ``value``, or to the line's "on" (true by default)."""

    def deed(machine: Machine, wires: Wires, asked: Answer) -> Answer:
        on = asked.get("on", True) if value is None else value
        if not isinstance(on, bool):
            return {"ok": False, "error": "on_is_true_or_false"}
        setattr(machine.faults, name, on)
        return status(machine, wires, asked)

    return deed


def _paper(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """A roll with ``mm`` left in it (30 m by default)."""
    millimetres = asked.get("mm", 30_000)
    if type(millimetres) is not int or not 0 <= millimetres <= 100_000:
        return {"ok": False, "error": "mm_is_0_to_100000"}
    machine.roll.left = machine.paper.dots(millimetres) if millimetres else 0
    return status(machine, wires, asked)


def _paper_end(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """The roll ends here and now."""
    machine.roll.left = 0
    return status(machine, wires, asked)


def _rows(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """A roll with exactly ``rows`` dot rows left in it."""
    rows = asked.get("rows")
    if type(rows) is not int or not 0 <= rows <= 1_000_000:
        return {"ok": False, "error": "rows_is_0_to_1000000"}
    machine.roll.left = rows
    return status(machine, wires, asked)


def _buffer(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """A receive buffer of ``bytes`` (256 to 1,000,000)."""
    count = asked.get("bytes")
    if type(count) is not int or not 256 <= count <= 1_000_000:
        return {"ok": False, "error": "bytes_is_256_to_1000000"}
    machine.buffer_bytes = count
    return status(machine, wires, asked)


def _tear(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    path = machine.roll.tear()
    return status(machine, wires, asked) | {"torn": None if path is None else str(path)}


def _power(on: bool) -> Callable[[Machine, Wires, Answer], Answer]:
    def deed(machine: Machine, wires: Wires, asked: Answer) -> Answer:
        machine.switch(on=on)
        return status(machine, wires, asked)

    return deed


def _slow(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    rows = asked.get("rows_per_second", 0)
    if type(rows) is not int or not 0 <= rows <= 100_000:
        return {"ok": False, "error": "rows_per_second_is_0_to_100000"}
    wires.rows_per_second = rows
    return status(machine, wires, asked)


def _after(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """After ``bytes`` more bytes, do ``then`` ("unplug" by default)."""
    count, then = asked.get("bytes"), asked.get("then", "unplug")
    if type(count) is not int or not 1 <= count <= 10_000_000:
        return {"ok": False, "error": "bytes_is_1_to_10000000"}
    if then not in DEEDS or then == "after":
        return {"ok": False, "error": "unknown_then"}
    wires.bytes_until, wires.then = count, then
    return status(machine, wires, asked)


def _unplug(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    wires.dropped = wires.cut_now = True
    return status(machine, wires, asked)


def _plug(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    wires.dropped, wires.bytes_until = False, None
    return status(machine, wires, asked)


def _swap(machine: Machine, wires: Wires, asked: Answer) -> Answer:
    """Another printer of the same kind at the same cable: the old job is gone with the old one."""
    machine.switch(on=False)
    machine.switch(on=True)
    machine.roll.tear()
    wires.cut_now, wires.bytes_until, wires.dropped = True, None, False
    return status(machine, wires, asked)


def _mend(machine: Machine, wires: Wires, _: Answer) -> Answer:
    """Everything as new, with a full roll; what was torn off stays."""
    machine.switch(on=False)
    for name in asdict(machine.faults):
        setattr(machine.faults, name, False)
    machine.switch(on=True)
    wires.rows_per_second, wires.bytes_until, wires.dropped = 0, None, False
    return _paper(machine, wires, {})


DEEDS: dict[str, Callable[[Machine, Wires, Answer], Answer]] = {
    "status": status,
    "open_cover": _set("cover_open", value=True),
    "close_cover": _set("cover_open", value=False),
    "offline": _set("offline"),
    "heat": _set("hot"),
    "break": _set("broken"),
    "silent": _set("silent"),
    "stop_reading": _set("deaf"),
    "refill": _paper,
    "paper": _paper,
    "paper_end": _paper_end,
    "paper_rows": _rows,
    "buffer": _buffer,
    "tear_off": _tear,
    "power_off": _power(on=False),
    "power_on": _power(on=True),
    "slow": _slow,
    "after": _after,
    "unplug": _unplug,
    "plug": _plug,
    "swap": _swap,
    "mend": _mend,
}
