"""The tables as the queries see them. Their DDL, with the triggers, lives in the migrations."""

from __future__ import annotations

from sqlalchemy import BLOB, Column, Integer, MetaData, Table, Text

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("area", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("mode", Text, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("fact", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("entry", BLOB, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", BLOB),
    Column("sealed", BLOB),
    Column("sent", Integer, nullable=False),
    Column("shredded_at", Integer),
)

bundle = Table(
    "bundle",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("incarnation", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revocation_serial", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", BLOB, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("epoch", Integer, primary_key=True),
    Column("sealed", Integer, nullable=False),
    Column("acknowledged", Integer, nullable=False),
    Column("backed_up", Integer, nullable=False),
)

kept = Table(
    "kept",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", BLOB, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("fold", Text, nullable=False),
    Column("rest", BLOB, nullable=False),
)

snapshot_payout = Table(
    "snapshot_payout",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("payout", Text, nullable=False, unique=True),
    Column("state", BLOB, nullable=False),
)
