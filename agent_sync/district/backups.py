"""Backup and restore, and what each tells the kits.

A backup is one file with database, keys and settings; only after it is whole on disk do chains say
``backed_up`` up to where it reaches, and never past an entry whose attachment has not come (M5).
A restore raises the incarnation: kits notice, send again, and get no new leases until all have.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, insert, make_url, select, text, update

from agent_sync.district import home as homes
from agent_sync.district import ids, standing_data
from agent_sync.district.database import Database, chunks
from agent_sync.district.errors import BadInput, NotPermitted
from agent_sync.district.schema import attachment, backup, chain, entry
from kiosk.exchange.attachment import referenced
from kiosk.payout import journal as j

MAX_MEMBER_BYTES = 64 * 1024**3
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup file."""

    size: int
    digest: str


def make(home: homes.Home, database: Database, to: Path) -> Made:
    """Write a backup and let checkpoints say so. Raises NotPermitted when the file is there already."""
    if to.exists():
        raise NotPermitted(f"{to.name} is there already: a backup overwrites nothing")
    with database.read() as connection:
        covered = list(_covered(connection, home))
    with tempfile.TemporaryDirectory(dir=to.parent) as folder:
        dump = Path(folder) / "database"
        _dump(database, dump)
        part = Path(folder) / "backup.tar"
        _pack(home, dump, part)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        made = Made(part.stat().st_size, _sha256(part))
        part.replace(to)
    _sync_folder(to.parent)
    with database.write() as connection:
        _note(connection, home, covered, made)
    return made


def restore(file: Path, folder: Path, database_url: str) -> int:
    """Unpack into an empty folder, raise the incarnation; the new incarnation."""
    if (folder / "district.json").exists():
        raise NotPermitted("a district lives there already: restore into an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    _unpack(file, folder)
    home = homes.load(folder)
    url = database_url or f"sqlite:///{folder.resolve() / 'district.db'}"
    homes.save_settings(folder, replace(home.settings, database=url))
    _load(folder / "database", url, folder / "district.db")
    database = Database(url)
    database.migrate()
    with database.write() as connection:
        life = standing_data.incarnation(connection, home.area) + 1
        standing_data.write_setting(connection, home.area, "incarnation", str(life))
    database.close()
    return life


def _covered(connection: Connection, home: homes.Home) -> Iterator[tuple[str, int, int]]:
    """(device, epoch, sequence below which everything with its attachments is on record)."""
    for row in connection.execute(select(chain).where(chain.c.area == home.area)).mappings():
        yield row["device"], row["epoch"], _complete_below(connection, home, dict(row))


def _complete_below(connection: Connection, home: homes.Home, at: dict[str, Any]) -> int:
    mine = (entry.c.area == home.area) & (entry.c.device == at["device"])
    first = at["backed_up"]
    if first == 0 and not _past_is_complete(connection, home, mine & (entry.c.epoch < at["epoch"])):
        return 0
    while True:
        page = mine & (entry.c.epoch == at["epoch"]) & (entry.c.branch == 0) & (entry.c.sequence >= first)
        found = select(entry.c.body).where(page).order_by(entry.c.sequence).limit(PAGE)
        entries = [j.decode(row[0]) for row in connection.execute(found)]
        needed = {digest: each.sequence for each in reversed(entries) for digest in referenced([each])}
        missing = set(needed) - _present(connection, home, sorted(needed))
        if missing:
            return min(needed[each] for each in missing)
        if len(entries) < PAGE:
            return int(at["next"])
        first = entries[-1].sequence + 1


def _past_is_complete(connection: Connection, home: homes.Home, earlier: ColumnElement[bool]) -> bool:
    """An epoch counts only with the evidence of all before it, on every branch: it is their word too (M5)."""
    bodies = connection.execute(select(entry.c.body).where(earlier)).scalars()
    needed = {digest for body in bodies for digest in referenced([j.decode(body)])}
    return needed <= _present(connection, home, sorted(needed))


def _present(connection: Connection, home: homes.Home, digests: list[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks([str(each) for each in digests]):
        mine = (attachment.c.area == home.area) & attachment.c.digest.in_(chunk)
        found |= {row[0] for row in connection.execute(select(attachment.c.digest).where(mine))}
    return found


def _note(connection: Connection, home: homes.Home, covered: list[tuple[str, int, int]], made: Made) -> None:
    for kit, epoch, below in covered:
        mine = (chain.c.area == home.area) & (chain.c.device == kit) & (chain.c.epoch == epoch)
        connection.execute(update(chain).where(mine & (chain.c.backed_up < below)).values(backed_up=below))
    row = {
        "area": home.area,
        "id": ids.fresh("B-"),
        "at": ids.now(connection),
        "digest": made.digest,
        "size": made.size,
    }
    life = standing_data.incarnation(connection, home.area)
    connection.execute(insert(backup).values(**row, incarnation=life))


def _dump(database: Database, to: Path) -> None:
    if database.is_postgresql:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={to}"], database.url)
        return
    with database.read() as connection:
        connection.exec_driver_sql("COMMIT")  # VACUUM INTO stands outside a transaction
        connection.execute(text("VACUUM INTO :path"), {"path": str(to)})


def _load(dump: Path, url: str, sqlite_file: Path) -> None:
    if url.startswith("postgresql"):
        _run(["pg_restore", "--no-owner", "--exit-on-error", str(dump)], url)
        dump.unlink()
        return
    if dump.read_bytes()[:15] != b"SQLite format 3":
        raise BadInput("this backup is of PostgreSQL: name the database to restore into")
    dump.replace(sqlite_file)


def _run(command: list[str], url: str) -> None:
    """PostgreSQL's tools know no driver in a URL, and a password on a command line is everybody's to read."""
    at = make_url(url)
    place = URL.create("postgresql", at.username, None, at.host, at.port, at.database, at.query)
    secret = {} if at.password is None else {"PGPASSWORD": str(at.password)}
    whole = [*command, f"--dbname={place.render_as_string()}"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, env=os.environ | secret)
    if done.returncode != 0:
        raise BadInput(f"{command[0]} failed: {done.stderr.strip()[:200]}")


def _pack(home: homes.Home, dump: Path, to: Path) -> None:
    with tarfile.open(to, "x") as tar:
        tar.add(home.folder / "district.json", "district.json")
        tar.add(home.folder / "keys", "keys")
        tar.add(dump, "database")
    to.chmod(0o600)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as tar:
            members = tar.getmembers()
            if not all(map(_is_ours, members)):
                raise BadInput("this is no backup of a district")
            for member in members:
                _take_out(tar, member, folder / member.name)
    except tarfile.TarError as error:
        raise BadInput(f"the backup cannot be read: {error}") from error
    if not (folder / "database").exists():
        raise BadInput("this is no backup of a district")
    (folder / "keys").chmod(0o700)


def _is_ours(member: tarfile.TarInfo) -> bool:
    """A plain file or folder of a bounded size, at a place where `_pack` puts one."""
    parts = Path(member.name).parts
    placed = bool(parts) and parts[0] in {"district.json", "keys", "database"} and ".." not in parts
    return placed and (member.isfile() or member.isdir()) and member.size <= MAX_MEMBER_BYTES


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, to: Path) -> None:
    """By hand: Debian 12's Python has no extraction filters, and owner and modes are ours to set anyway."""
    content = tar.extractfile(member)
    if content is None:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with content, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        shutil.copyfileobj(content, stream)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
