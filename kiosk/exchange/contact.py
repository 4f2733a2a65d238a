"""Whether somebody keeps the district's word from this device (suppression, plan §5).

A thief or a courier that withholds revocations and new bundles must not win time: a bundle that a
checkpoint speaks of and that does not come for 24 hours, or no checkpoint for N days, stop payouts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.exchange.checkpoint import Checkpoint
from kiosk.exchange.shapes import NOTHING_HELD, Held
from kiosk.payout.names import UnixSeconds

WITHHELD_S = 24 * 3600
DAY_S = 86_400


class Suppression(StrEnum):
    """Why payouts stop until the district is heard again."""

    BUNDLE_WITHHELD = "bundle_withheld"
    NO_CHECKPOINT = "no_checkpoint"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is remembered of the district's word. Times are the district's own, signed."""

    last_checkpoint: UnixSeconds
    """Newest checkpoint; at first the time of the enrolment."""
    known: Held = NOTHING_HELD
    """Newest state that a checkpoint has spoken of."""
    missing_since: UnixSeconds | None = None


def after_checkpoint(contact: Contact, checkpoint: Checkpoint, held: Held) -> Contact:
    """The contact once a genuine checkpoint came. A replayed older one changes nothing."""
    if checkpoint.time < contact.last_checkpoint:
        return contact
    known = max(contact.known, checkpoint.held)
    since = contact.missing_since if contact.missing_since is not None else checkpoint.time
    return Contact(checkpoint.time, known, since if behind(held, known) else None)


def after_bundle(contact: Contact, held: Held) -> Contact:
    """The contact once a bundle is in force."""
    return contact if behind(held, contact.known) else replace(contact, missing_since=None)


def after_floor(contact: Contact, floor: UnixSeconds) -> Contact:
    """The contact once the district took back an hour that was believed: nothing was heard after the new floor."""
    missing = None if contact.missing_since is None else UnixSeconds(min(contact.missing_since, floor))
    return replace(contact, last_checkpoint=UnixSeconds(min(contact.last_checkpoint, floor)), missing_since=missing)


def suppression(contact: Contact, now: UnixSeconds, max_days: int) -> Suppression | None:
    """Why payouts must stop now, or None. ``max_days`` is the district's policy."""
    if contact.missing_since is not None and now - contact.missing_since > WITHHELD_S:
        return Suppression.BUNDLE_WITHHELD
    if now - contact.last_checkpoint > max_days * DAY_S:
        return Suppression.NO_CHECKPOINT
    return None


def behind(held: Held, known: Held) -> bool:
    """True when the district has something newer than what is in force here."""
    return held < known
