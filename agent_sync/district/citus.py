"""The statements that spread one district schema over a Citus cluster, made from the tables themselves.

Every table is distributed by the area and lies beside the others, so that an area is always on one node and no
query or foreign key leaves it. Written down by hand they would forget the next table.
"""

from __future__ import annotations

from agent_sync.district.schema import metadata

KEY = "area"
FIRST = "device"
"""All other tables are colocated with this one."""


def statements() -> tuple[str, ...]:
    """SQL for the coordinator, after the migrations, in an order that foreign keys allow."""
    others = [table.name for table in metadata.sorted_tables if table.name != FIRST]
    return (
        "CREATE EXTENSION IF NOT EXISTS citus;",
        f"SELECT create_distributed_table('{FIRST}', '{KEY}');",
        *(f"SELECT create_distributed_table('{each}', '{KEY}', colocate_with => '{FIRST}');" for each in others),
    )
