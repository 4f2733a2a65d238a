"""A PostgreSQL for tests: started by `.ci/postgres` and by nothing else, one empty database for whoever asks.

Under `.ci/postgres` every test district gets a database there. Without it districts live in SQLite, as `make test`
runs them, and what needs PostgreSQL starts a cluster of its own.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

STARTER = Path(__file__).parents[1] / ".ci" / "postgres"
SERVER = "TANNHA_TEST_POSTGRES"


@contextmanager
def cluster(*options: str) -> Iterator[str]:
    """The URL of a running server: the one we run under, or a fresh one that is gone afterwards."""
    given = os.environ.get(SERVER)
    if given:
        yield given
        return
    command = [STARTER, *options, "sh", "-c", f"echo ${SERVER}; cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "PostgreSQL did not start"
        yield url
        process.stdin.close()  # its command ends, and it cleans up


def fresh_database(server: str = "") -> str:
    """The URL of a new and empty database; "" where no server is given and the tests run on SQLite."""
    server = server or os.environ.get(SERVER, "")
    if not server:
        return ""
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
