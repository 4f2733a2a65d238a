"""Leases that were asked back, with the bundle version behind which they are not in the device's hands any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was recalled before."""
    op.create_table(
        "lease_recall",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("lease", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("after_version", sa.BigInteger(), nullable=False),
        sa.Column("recalled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "lease", name=op.f("pk_lease_recall")),
        sa.ForeignKeyConstraint(["area", "lease"], ["lease.area", "lease.id"], name=op.f("fk_lease_recall_area")),
    )
