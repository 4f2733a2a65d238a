"""Snapshots of the standing, so that a long journal opens without folding it all again.

Derived and rebuildable: they carry no rule, and one that does not fit is thrown away.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the two snapshot tables."""
    op.execute("""CREATE TABLE snapshot (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        epoch INTEGER NOT NULL,
        next INTEGER NOT NULL,
        head TEXT NOT NULL,
        fold TEXT NOT NULL,
        rest BLOB NOT NULL
    ) STRICT""")
    op.execute("""CREATE TABLE snapshot_payout (
        position INTEGER PRIMARY KEY,
        payout TEXT NOT NULL UNIQUE,
        state BLOB NOT NULL
    ) STRICT""")
