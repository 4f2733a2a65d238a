"""Every value that goes over the wire, as docs/protocol.md lists it: the page is compared with this."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import StrEnum
from pathlib import Path
from typing import Any

from kiosk.exchange import attachment, bundle, checkpoint, enrolment, orders, release, segment, shapes
from kiosk.payout import evidence, journal, operators, paylist, people
from kiosk.payout.names import Period

TABLES: dict[str, tuple[Any, ...]] = {
    "facts": typing.get_args(journal.Fact),
    "parts of facts": (journal.Entry, journal.Witness, journal.AuthorisedLine, evidence.ChipChecks),
    "headers": (
        shapes.Held,
        segment.SegmentHeader,
        attachment.AttachmentHeader,
        bundle.BundleHeader,
        checkpoint.Checkpoint,
        orders.OrderHeader,
    ),
    "bundle": (
        bundle.PublicPart,
        bundle.Notice,
        bundle.Revocation,
        bundle.DeviceCard,
        bundle.SealedPart,
        bundle.PinnedKey,
        bundle.LeaseSecret,
        bundle.StandIn,
        release.LeaseRecord,
        operators.OperatorCard,
        paylist.PayList,
        paylist.Entitlement,
        Period,
        paylist.Lease,
        paylist.Policy,
        people.Recipient,
        people.Payee,
        people.Person,
        people.BirthDate,
        people.Phone,
    ),
    "orders": (orders.FloorReset, orders.NewEpoch, orders.DeviceRevoked),
    "enrolment": (enrolment.Invitation, enrolment.EnrolmentRequest, enrolment.EnrolmentGrant),
}


def row(cls: Any) -> str:
    """One table row: the name (or tag) and every field with its type; ``?`` may be left out."""
    hints = typing.get_type_hints(cls)
    tag = getattr(cls, "TAG", None) or cls.__name__
    return f"| `{tag}` | {', '.join(f'{each.name} {_type(hints[each.name])}' for each in dataclasses.fields(cls))} |"


def enums() -> set[Any]:
    """Every closed set of words that goes over the wire."""
    found: set[Any] = set()
    for cls in (each for group in TABLES.values() for each in group):
        for hint in typing.get_type_hints(cls).values():
            found |= {each for each in _flat(hint) if isinstance(each, type) and issubclass(each, StrEnum)}
    return found


def _type(hint: Any) -> str:
    hint = _plain(hint)
    if typing.get_origin(hint) is tuple:
        return f"[{_type(typing.get_args(hint)[0])}]"
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        real = [each for each in typing.get_args(hint) if each is not type(None)]
        return "Fact" if len(real) > 3 else f"{_type(real[0])}?"
    return str(hint.__name__)


def _plain(hint: Any) -> Any:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


def _flat(hint: Any) -> list[Any]:
    hint = _plain(hint)
    return [hint, *(inner for each in typing.get_args(hint) for inner in _flat(each))]


def page_tables() -> str:
    """The generated part of docs/protocol.md."""
    parts = []
    for title, classes in TABLES.items():
        parts += [f"### {title}", "", "| value | fields |", "|---|---|", *map(row, classes), ""]
    words = [
        f"| `{each.__name__}` | {', '.join(each)} |" for each in sorted(enums(), key=lambda each: str(each.__name__))
    ]
    return "\n".join([*parts, "### words", "", "| set | words |", "|---|---|", *words])


def rewritten(page: str) -> str:
    """The page with its tables made anew."""
    before, rest = page.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{page_tables()}\n{END}{rest.split(END, 1)[1]}"


PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"

if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
