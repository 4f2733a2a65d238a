"""Draws ``docs/flow.svg``: all screens and ways between them, from the explored flow itself.

``python -m tests.flow.draw`` writes it; a test holds the file against the flow. Overlays that lie over every screen
(help, lock, warning, fault) stand apart: their ways would hide all others.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import get_args

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from tests.flow.explore import Way, ways

TARGET = Path(__file__).parents[2] / "docs" / "flow.svg"
OVERLAYS = ("HelpScreen", "StillThere", "FaultScreen", "EnterPin", "TypeName")
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("before", ("Idle", "ChooseOperator", "EnterPin", "UncertainFound", "UncertainCount", "UncertainDecide",
                "SetDate", "Halted", "CountFloat", "ChooseSource", "TypeName")),
    ("the route", ("Route", "AtDoor", "UnpaidReasonScreen", "RefusedScreen", "Menu", "SyncState", "UsbStick", "NewPin",
                   "ConfirmShutDown")),
    ("the household", ("Queue", "AtHouse", "Pick", "Disputed", "SlipOut", "TypeNumber", "TypeWords")),
    ("for one recipient", ("ChooseWhom", "ChooseWay", "GiveAccount", "ChooseBank", "ReadBack", "SignStatement",
                           "MissingPapers", "ReviewData")),
    ("the card", ("LayCard", "Reading", "ConfirmFace", "ShowOffer", "TakeCard")),
    ("the cash", ("HandOverCash", "Sign", "CannotSignReason", "ChooseWitness", "Paid", "VoidReasonScreen",
                  "VoidShown", "VoidCount")),
    ("the close", ("CountClose", "CloseVariance", "Closed")),
    ("cash between payouts", ("MoneyMenu", "CountMove", "ChooseSecond", "Noted", "ChoosePayout", "PaidPayout",
                              "ReversalReasonScreen", "ReversalCount", "OtherSession")),
    ("leases by telephone", ("ChooseRelease", "ConfirmRelease", "ReleaseCodes", "TypeCitizen", "TypeCode",
                             "LeaseTaken")),
    ("without a card", ("OverrideWhy", "OverrideWitness", "OverrideConsent", "OverrideSay", "OverrideCode",
                        "ChooseSupervisor", "SupervisorCard", "SupervisorFace")),
    ("over every screen", ("HelpScreen", "StillThere", "FaultScreen")),
)  # fmt: skip
WIDE, HIGH, ACROSS, DOWN, TOP = 170, 40, 250, 92, 70
COLOURS = {"person": "#0b4f45", "desk": "#7a2413", "device": "#8a6a1f"}


def node(screen: sc.Screen) -> str:
    """The name of a screen; one that waits counts as the screen it was asked from."""
    return node(screen.under) if isinstance(screen, sc.Waiting) else type(screen).__name__


def edges(explored: Iterable[Way]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """(from, to) with the (who, event) that lead there; overlays only where a person opens them by name."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for way in explored:
        start, end = node(way.start), node(way.end)
        if start != end and not ({start, end} & set(OVERLAYS) - {"EnterPin", "TypeName"}) and not _lock(way):
            found[start, end].add((_who(way.event), type(way.event).__name__))
    return found


def _lock(way: Way) -> bool:
    """Locking and coming back: possible everywhere, drawn nowhere."""
    resumed = isinstance(way.start, sc.EnterPin) and way.start.under is not None
    return resumed or isinstance(way.event, ev.Lock | ev.IdleOver | ev.IdleSoon)


def _who(event: ev.Event) -> str:
    if isinstance(event, get_args(ev.Intent)):
        return "person"
    return "device" if isinstance(event, get_args(ev.Sight)) else "desk"


def _place(name: str) -> tuple[int, int]:
    for column, (_, names) in enumerate(COLUMNS):
        if name in names:
            return 30 + column * ACROSS, TOP + names.index(name) * DOWN
    raise LookupError(name)


def svg(explored: Iterable[Way]) -> str:
    """The drawing as text, the same for the same flow."""
    height = TOP + max(len(names) for _, names in COLUMNS) * DOWN
    head = f'width="{30 + len(COLUMNS) * ACROSS}" height="{height + 30}" font-family="Noto Sans" font-size="12"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {head}>', '<rect width="100%" height="100%" fill="#fbf4e6"/>']
    for column, (title, _) in enumerate(COLUMNS):
        lines.append(f'<text x="{30 + column * ACROSS}" y="40" font-size="18" font-weight="bold">{title}</text>')
    for (start, end), events in sorted(edges(explored).items()):
        lines += _edge(start, end, events)
    for _, names in COLUMNS:
        lines += [part for name in names for part in _box(name)]
    legend = "  ".join(f'<tspan fill="{colour}">{who}</tspan>' for who, colour in COLOURS.items())
    lines.append(
        f'<text x="30" y="{height + 15}">A way is opened by: {legend}. Point at a line to read by what.</text>'
    )
    return "\n".join([*lines, "</svg>", ""])


def _box(name: str) -> list[str]:
    x, y = _place(name)
    return [
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8" fill="#fffdf8" stroke="#2b1a10"/>',
        f'<text x="{x + WIDE / 2:.0f}" y="{y + 25}" text-anchor="middle">{escape(name)}</text>',
    ]


def _edge(start: str, end: str, events: set[tuple[str, str]]) -> list[str]:
    (x1, y1), (x2, y2) = _place(start), _place(end)
    who = min(each for each, _ in events)
    label = f"{start} → {end}: " + ", ".join(sorted(event for _, event in events))
    if x1 == x2:
        side = x1 + WIDE if y2 > y1 else x1
        bend = side + (34 if y2 > y1 else -22) + abs(y2 - y1) / 40 * (1 if y2 > y1 else -1)
        path = f"M{side} {y1 + 20} C{bend:.0f} {y1 + 20} {bend:.0f} {y2 + 20} {side} {y2 + 20}"
    else:
        from_x, to_x = (x1 + WIDE, x2) if x2 > x1 else (x1, x2 + WIDE)
        middle = (from_x + to_x) / 2
        path = f"M{from_x} {y1 + 14} C{middle:.0f} {y1 + 14} {middle:.0f} {y2 + 26} {to_x} {y2 + 26}"
    dot = path.rsplit(" ", 2)
    ink = f'fill="none" stroke="{COLOURS[who]}" stroke-opacity="0.65" stroke-width="1.6"'
    return [
        f'<path d="{path}" {ink}><title>{escape(label)}</title></path>',
        f'<circle cx="{dot[-2]}" cy="{dot[-1]}" r="3.4" fill="{COLOURS[who]}"/>',
    ]


if __name__ == "__main__":
    TARGET.write_text(svg(ways()), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
