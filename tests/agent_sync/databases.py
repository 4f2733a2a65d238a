"""Which database a test district gets: a file beside it, or one of its own in the PostgreSQL of `.ci/postgres`."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.postgres import fresh_database


def fresh(folder: Path) -> str:
    """The URL of an empty database."""
    return fresh_database() or f"sqlite:///{folder / 'district.db'}"


def copy_of(url: str, folder: Path) -> str:
    """The URL of a copy. Nobody may be connected to the original."""
    original = make_url(url)
    if original.get_backend_name() == "postgresql":
        return _copy(url)
    if Path(str(original.database)) != folder / "district.db":
        shutil.copy(str(original.database), folder / "district.db")
    return f"sqlite:///{folder / 'district.db'}"


def _copy(url: str) -> str:
    original, name = make_url(url), "t" + secrets.token_hex(8)
    server = original.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {original.database}".encode())
    return original.set(database=name).render_as_string(hide_password=False)
