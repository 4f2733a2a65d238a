"""Lines that wait for a person, and which commune a list is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lists from before have no commune on record: theirs stands with their recipients."""
    with op.batch_alter_table("pay_list") as table:
        table.add_column(sa.Column("commune", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("pay_list") as table:
        table.alter_column("commune", server_default=None)
    op.create_table(
        "held_line",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reasons", sa.String(length=600), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("finding", sa.String(length=400), nullable=False),
        sa.Column("entitlement", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("area", "id", name=op.f("pk_held_line")),
        sa.ForeignKeyConstraint(["area", "list"], ["pay_list.area", "pay_list.id"], name=op.f("fk_held_line_area")),
    )
    op.create_index(op.f("ix_held_line_area_state_kept_at"), "held_line", ["area", "state", "kept_at"], unique=False)
