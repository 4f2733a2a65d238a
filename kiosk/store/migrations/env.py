"""Alembic runs on the connection that the store already opened: there is no URL with a key in it."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
