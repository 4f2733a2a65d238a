"""The same tests on PostgreSQL: `.ci/postgres` sets TANNHA_TEST_POSTGRES, and every district gets its own database.

Without it districts live in SQLite, as `make test` runs them.
"""

from __future__ import annotations

import os
import uuid

from sqlalchemy import create_engine, make_url, text


def fresh_database() -> str:
    """The URL of a new and empty database, or "" where the tests run on SQLite."""
    server = os.environ.get("TANNHA_TEST_POSTGRES", "")
    if not server:
        return ""
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
