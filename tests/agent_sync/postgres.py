"""A PostgreSQL of our own for one test session: started from Debian's binaries, on a free port, gone afterwards."""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.agent_sync.live import free_port

START_S = "60"


def binaries() -> Path:
    """The newest installed server's folder. Raises FileNotFoundError with what to do."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a fresh cluster, without a password, on loopback only."""
    folder = Path(tempfile.mkdtemp(prefix="tannha-pg-"))
    port = free_port()
    bin_ = binaries()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    _run([bin_ / "initdb", "-D", folder / "data", "-U", "tannha", "-A", "trust", "--no-sync"])
    options = f"-p {port} -k {folder} -h 127.0.0.1 -c max_connections=100"
    _run([bin_ / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "-t", START_S, "start"])
    try:
        yield f"postgresql://tannha@127.0.0.1:{port}/postgres"
    finally:
        _run([bin_ / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"])
        shutil.rmtree(folder)


def database(url: str) -> str:
    """A new empty database in the cluster."""
    name = "d" + secrets.token_hex(6)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.rsplit("/", 1)[0] + f"/{name}"


def _run(command: list[object]) -> None:
    """As the server's own user: PostgreSQL refuses to run as root."""
    words = [str(each) for each in command]
    if getpass.getuser() == "root":
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr + done.stdout
