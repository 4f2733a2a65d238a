"""Alembic runs on the connection that `Database.migrate` hands over; there is no ini file."""

from __future__ import annotations

from alembic import context

from agent_sync.district.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
