"""Overrides: a key for each device, the codes that officers said, whose card a supervisor has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until caps are set nobody is paid by override; staff from before have no citizen number on record."""
    with op.batch_alter_table("agent") as table:
        table.add_column(sa.Column("number", sa.String(length=12), nullable=False, server_default=""))
    with op.batch_alter_table("agent") as table:
        table.alter_column("number", server_default=None)
    op.create_table(
        "override_key",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("area", "device", name=op.f("pk_override_key")),
    )
    op.create_table(
        "override_given",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("request", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("consent", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("area", "device", "request", name=op.f("pk_override_given")),
    )
    op.create_index(op.f("ix_override_given_area_recipient"), "override_given", ["area", "recipient"], unique=False)
