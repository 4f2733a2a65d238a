"""Brings the file to the schema of this program, or refuses to touch it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from kiosk.store.errors import NewerSchema

HEAD = "0002"
_FOLDER = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """The revision of the open file; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Run the missing steps inside the caller's transaction. Raises NewerSchema."""
    found = revision(connection)
    if found == target:
        return
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(f"the store has schema {found[:20]}, this program knows {HEAD}")
    command.upgrade(config, target)
