"""A lost kit's day, entered again from its end-of-day list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was entered from paper before."""
    op.create_table(
        "paper_payout",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("entry", sa.String(length=24), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("second", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("area", "id", "entry", name=op.f("pk_paper_payout")),
    )
    op.create_index(op.f("ix_paper_payout_area_device_state"), "paper_payout", ["area", "device", "state"])
