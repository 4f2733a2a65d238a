"""Why a whole device pays nothing: a word that desk, flow and screens share."""

from __future__ import annotations

from enum import StrEnum


class Halt(StrEnum):
    """Why the whole device pays nothing now: shown to the agent before anything else, with the one thing to do."""

    NONE = "none"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"
    CLOSE_FIRST = "close_first"
    """The order that ends the halt has come; the drawer must be counted first."""
    SUPPRESSED = "suppressed"
    REVOKED = "revoked"
    WIPED = "wiped"
    BELOW_FLOOR = "below_floor"
