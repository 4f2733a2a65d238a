"""Who may take a lease over by telephone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leases from before have no stand-in until one is named."""
    op.create_table(
        "stand_in",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("lease", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("stand_in", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.String(length=32), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("area", "lease", name=op.f("pk_stand_in")),
        sa.ForeignKeyConstraint(["area", "lease"], ["lease.area", "lease.id"], name=op.f("fk_stand_in_area")),
    )
    op.create_index(op.f("ix_stand_in_area_stand_in"), "stand_in", ["area", "stand_in"], unique=False)
