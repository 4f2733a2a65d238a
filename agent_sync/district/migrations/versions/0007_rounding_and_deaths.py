"""What rounding left of a sum, who told of a death, and quick ways to the entries that the office watches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was rounded before; of deaths from before nobody wrote down who told of them."""
    op.add_column("payout_line", sa.Column("rounding", sa.BigInteger(), nullable=False, server_default="0"))
    for name, length in (("death_told_by", 120), ("death_paper", 80)):
        op.add_column("recipient", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    of_the_office = sa.text(
        "kind IN ('session_opened', 'cash_added', 'cash_returned', 'payout_reversed', 'session_closed', 'visit_unpaid')"
    )
    op.create_index(
        "ix_entry_office", "entry", ["area", "device", "epoch", "sequence"], unique=False,
        sqlite_where=of_the_office, postgresql_where=of_the_office,
    )  # fmt: skip
