"""Keys of kits that were enrolled again, with the epoch up to which they count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was enrolled twice before."""
    op.create_table(
        "former_key",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("before_epoch", sa.BigInteger(), nullable=False),
        sa.Column("previous_epoch", sa.BigInteger(), nullable=False),
        sa.Column("previous_head", sa.String(length=64), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "device", "before_epoch", name=op.f("pk_former_key")),
        sa.ForeignKeyConstraint(["area", "device"], ["device.area", "device.id"], name=op.f("fk_former_key_area")),
    )
