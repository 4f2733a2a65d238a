"""What can go wrong between a kit and its district, as one small tree.

A refusal by the other side is a value in `api`; these are faults: a wire that broke, an answer
that is none, a home folder that is not one. Each carries a ``key`` for the status file.
"""

from __future__ import annotations


class SyncError(Exception):
    """Any fault of the courier. ``key`` is stable and snake case."""

    key = "sync_error"


class BadHome(SyncError):
    """The courier's folder is missing, incomplete or malformed."""

    key = "bad_home"


class BadAnswer(SyncError):
    """The other end answered something that the protocol does not know."""

    key = "bad_answer"


class Unreachable(SyncError):
    """No connection, a broken one, or a district that is busy: try again later."""

    key = "unreachable"


class NotTrusted(SyncError):
    """TLS or the pinned key says that the other end is not the area's district."""

    key = "not_trusted"
