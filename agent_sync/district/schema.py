"""The district's tables: one schema for SQLite and PostgreSQL, the area in every key.

The area leads every primary key so that the same tables shard by area (docs/scale.md). What grows
with the country (entry, payout, payout_line) also carries the month, by which PostgreSQL
partitions. Money is whole đồng, time whole seconds since 1970, digests are hexadecimal.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BY_MONTH = "LIST (month)"
"""``month`` is YYYYMM as an integer, of the entry's own time: part of what the hash covers."""


def _area() -> Column[str]:
    return Column("area", String(40), nullable=False)


def _text(name: str, length: int = 80, *, optional: bool = False) -> Column[str]:
    return Column(name, String(length), nullable=optional)


def _number(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


setting = Table(
    "setting", metadata,
    _area(), _text("name", 60), Column("value", Text, nullable=False),
    PrimaryKeyConstraint("area", "name"),
)  # fmt: skip

officer = Table(
    "officer", metadata,
    _area(), _text("login", 40), _text("full_name", 120), _text("role", 20), _text("password", 200),
    _flag("disabled"), _number("failed_tries"), _number("locked_until"),
    PrimaryKeyConstraint("area", "login"),
)  # fmt: skip

web_session = Table(
    "web_session", metadata,
    _area(), _text("token", 64), _text("login", 40), _text("csrf", 64), _number("expires_at"),
    PrimaryKeyConstraint("area", "token"),
)  # fmt: skip

agent = Table(
    "agent", metadata,
    _area(), _text("id", 40), _text("full_name", 120), _text("role", 20), _text("public_key", 64),
    _flag("disabled"), _text("number", 12),
    PrimaryKeyConstraint("area", "id"),
)  # fmt: skip

bundle = Table(
    "bundle", metadata,
    _area(), _text("device", 40), _number("version"), _text("content", 64), _number("built_at"),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("area", "device"),
)  # fmt: skip

trusted = Table(
    "trusted", metadata,
    _area(), _text("fingerprint", 64), _text("subject", 400), Column("der", LargeBinary, nullable=False),
    _number("added_at"), _flag("withdrawn"),
    PrimaryKeyConstraint("area", "fingerprint"),
)  # fmt: skip

notice = Table(
    "notice", metadata,
    _area(), _text("id", 40), _text("text", 600), _number("added_at"), _flag("withdrawn"),
    PrimaryKeyConstraint("area", "id"),
)  # fmt: skip

revocation = Table(
    "revocation", metadata,
    _area(), _number("serial"), _text("subject", 120), _text("reason", 200), _number("since"), _text("by", 40),
    PrimaryKeyConstraint("area", "serial"),
)  # fmt: skip

device = Table(
    "device", metadata,
    _area(), _text("id", 40), _text("label", 120), _text("profile", 20), _text("state", 20), _number("epoch"),
    _text("signing_key", 64), _text("sealing_key", 64), _number("enrolled_at", optional=True),
    _number("last_seen", optional=True), _number("bundle_version"), _number("bundle_held"),
    _number("revocation_held"), _number("reported_incarnation"),
    PrimaryKeyConstraint("area", "id"),
)  # fmt: skip

former_key = Table(
    "former_key", metadata,
    _area(), _text("device", 40), _number("before_epoch"), _number("previous_epoch"), _text("previous_head", 64),
    _text("signing_key", 64), _number("replaced_at"),
    PrimaryKeyConstraint("area", "device", "before_epoch"),
    ForeignKeyConstraint(["area", "device"], ["device.area", "device.id"]),
)  # fmt: skip

enrolment = Table(
    "enrolment", metadata,
    _area(), _text("ticket", 32), _text("device", 40), _text("secret", 32), _number("expires_at"),
    _text("state", 20), Column("request", LargeBinary), Column("grant_data", LargeBinary),
    Column("client_request", LargeBinary), Column("client_certificate", LargeBinary),
    PrimaryKeyConstraint("area", "ticket"),
)  # fmt: skip

device_order = Table(
    "device_order", metadata,
    _area(), _text("device", 40), _number("serial"), _text("kind", 20), _number("epoch"),
    Column("body", Text, nullable=False), Column("data", LargeBinary, nullable=False),
    _text("state", 20), _number("ordered_at"), _text("ordered_by", 40), _number("taken_at", optional=True),
    PrimaryKeyConstraint("area", "device", "serial"),
)  # fmt: skip

chain = Table(
    "chain", metadata,
    _area(), _text("device", 40), _number("epoch"), _number("next"), _text("head", 64), _number("backed_up"),
    _text("fork_head", 64, optional=True), _number("branches"), _number("opened_at"),
    PrimaryKeyConstraint("area", "device", "epoch"),
)  # fmt: skip

segment = Table(
    "segment", metadata,
    _area(), _text("device", 40), _number("epoch"), _number("first"), _number("last"), _text("digest", 64),
    _text("head", 64), _text("previous", 64), _text("state", 20), _number("received_at"),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("area", "device", "epoch", "first", "digest"),
    Index(None, "area", "device", "epoch", "state"),
)  # fmt: skip

poison = Table(
    "poison", metadata,
    _area(), _text("digest", 64), _text("device", 40), _text("reason", 200), _number("received_at"),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("area", "digest"),
)  # fmt: skip

entry = Table(
    "entry", metadata,
    _area(), Column("month", Integer, nullable=False), _text("device", 40), _number("epoch"), _number("sequence"),
    _text("hash", 64), _text("kind", 30), _number("at"), Column("branch", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("area", "device", "epoch", "sequence", "hash", "month"),
    postgresql_partition_by=BY_MONTH,
)  # fmt: skip

OFFICE_KINDS = (
    "kind IN ('session_opened', 'cash_added', 'cash_returned', 'payout_reversed', 'session_closed', 'visit_unpaid')"
)
"""Entries that the office looks for by themselves: few among many, so an index of their own costs intake little."""
Index(
    "ix_entry_office", entry.c.area, entry.c.device, entry.c.epoch, entry.c.sequence,
    sqlite_where=text(OFFICE_KINDS), postgresql_where=text(OFFICE_KINDS),
)  # fmt: skip

payout = Table(
    "payout", metadata,
    _area(), Column("month", Integer, nullable=False), _text("id", 80), _text("hash", 64), _text("device", 40),
    _number("epoch"), _number("sequence"), _number("at"), _text("session", 80), _text("operator", 40),
    _text("recipient", 60), _text("payee", 60), _text("role", 30), _number("total"), _text("level", 4),
    _flag("simulated"), _flag("counted"), _text("state", 20), _number("settled_at", optional=True),
    _text("witness", 20), _text("witness_reason", 60), _text("evidence", 64, optional=True),
    Column("branch", Integer, nullable=False),
    PrimaryKeyConstraint("area", "id", "hash", "month"),
    Index(None, "area", "device", "epoch", "state"),
    Index(None, "area", "month", "at"),
    Index(None, "area", "witness"),
    postgresql_partition_by=BY_MONTH,
)  # fmt: skip

payout_line = Table(
    "payout_line", metadata,
    _area(), Column("month", Integer, nullable=False), _text("payout", 80), _text("hash", 64),
    _text("entitlement", 80), _text("lease", 80), _text("programme", 30), _text("kind", 20), _text("period", 7),
    _number("amount"), Column("rounding", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("area", "payout", "hash", "entitlement", "month"),
    Index(None, "area", "entitlement"),
    postgresql_partition_by=BY_MONTH,
)  # fmt: skip

claim = Table(
    "claim", metadata,
    _area(), _text("entitlement", 80), _text("payout", 80), _text("hash", 64), _text("device", 40),
    _text("session", 80), _text("operator", 40), _number("at"),
    # M1 over all devices: a second row of one entitlement is a double claim, and both are kept (M6).
    PrimaryKeyConstraint("area", "entitlement", "payout", "hash"),
)  # fmt: skip

paper_payout = Table(
    "paper_payout", metadata,
    _area(), _text("id", 80), _text("entry", 24), _text("device", 40), _number("epoch"), _number("sequence"),
    _text("day", 10), _number("total"), Column("claim", Text, nullable=False), _text("state", 20),
    _number("entered_at"), _text("entered_by", 40), _text("second", 40),
    PrimaryKeyConstraint("area", "id", "entry"),
    Index(None, "area", "device", "state"),
)  # fmt: skip
"""Rows of end-of-day lists, as two officers entered them: ``claim`` is the signed text of the code."""

chip_key = Table(
    "chip_key", metadata,
    _area(), _text("key", 64), _text("person", 60), _number("first_seen"),
    PrimaryKeyConstraint("area", "key", "person"),
)  # fmt: skip

chip_challenge = Table(
    "chip_challenge", metadata,
    _area(), _text("key", 64), _text("challenge", 16), _text("entry", 64),
    PrimaryKeyConstraint("area", "key", "challenge", "entry"),
)  # fmt: skip

attachment = Table(
    "attachment", metadata,
    _area(), _text("digest", 64), _text("kind", 20), _text("device", 40), _number("received_at"),
    Column("data", LargeBinary), _text("key", 200, optional=True), _number("shredded_at", optional=True),
    PrimaryKeyConstraint("area", "digest"),
)  # fmt: skip

case_table = Table(
    "case_file", metadata,
    _area(), _text("id", 64), _text("kind", 40), _number("opened_at"), _text("device", 40), _text("session", 80),
    _text("operator", 40), _text("payout", 80), _text("entitlement", 80), Column("detail", Text, nullable=False),
    _text("state", 20), _number("settled_at", optional=True), _text("settled_by", 40), _text("settlement", 400),
    PrimaryKeyConstraint("area", "id"),
    Index(None, "area", "state", "opened_at"),
)  # fmt: skip

pay_list = Table(
    "pay_list", metadata,
    _area(), _text("id", 40), _text("file_name", 200), _text("digest", 64), _number("imported_at"),
    _text("imported_by", 40), _number("lines"), _number("total"), _text("commune", 120),
    PrimaryKeyConstraint("area", "id"),
    UniqueConstraint("area", "digest"),
)  # fmt: skip

held_line = Table(
    "held_line", metadata,
    _area(), _text("id", 40), _text("list", 40), _text("line", 80), _text("full_name", 200), _number("amount"),
    Column("content", Text, nullable=False), _text("reasons", 600), _text("state", 20), _number("kept_at"),
    _number("decided_at", optional=True), _text("decided_by", 40), _text("finding", 400),
    _text("entitlement", 80, optional=True),
    PrimaryKeyConstraint("area", "id"),
    ForeignKeyConstraint(["area", "list"], ["pay_list.area", "pay_list.id"]),
    Index(None, "area", "state", "kept_at"),
)  # fmt: skip
"""Lines that wait for an officer. ``content`` is the line as JSON, as the list wrote it."""

person = Table(
    "person", metadata,
    _area(), _text("id", 60), _text("number", 12), _text("full_name", 200), _text("birth", 10), _text("sex", 10),
    _flag("heroic_mother"),
    PrimaryKeyConstraint("area", "id"),
    Index(None, "area", "number"),
)  # fmt: skip

recipient = Table(
    "recipient", metadata,
    _area(), _text("person", 60), _text("household", 60), _text("commune", 120), _text("hamlet", 120),
    _text("address", 300), _number("walking_order"), _text("phone", 20), _text("phone_owner", 60),
    _text("language", 8), _text("note", 400), _text("deceased_on", 10, optional=True),
    Column("death_told_by", String(120), nullable=False, server_default=""),
    Column("death_paper", String(80), nullable=False, server_default=""),
    PrimaryKeyConstraint("area", "person"),
    ForeignKeyConstraint(["area", "person"], ["person.area", "person.id"]),
)  # fmt: skip

payee = Table(
    "payee", metadata,
    _area(), _text("recipient", 60), _text("person", 60), _text("role", 30), _text("valid_from", 10, optional=True),
    _text("valid_until", 10, optional=True), _text("paper", 80), _text("programmes", 200),
    PrimaryKeyConstraint("area", "recipient", "person", "role"),
    ForeignKeyConstraint(["area", "person"], ["person.area", "person.id"]),
)  # fmt: skip

entitlement = Table(
    "entitlement", metadata,
    _area(), _text("id", 80), _text("recipient", 60), _text("programme", 30), _text("period", 7), _text("kind", 20),
    _text("line", 80), _number("amount"), _text("method", 10), _flag("held"), _text("list", 40),
    PrimaryKeyConstraint("area", "id"),
    # M1: one entitlement is recipient x programme x origin period x kind x list line.
    UniqueConstraint("area", "recipient", "programme", "period", "kind", "line"),
    Index(None, "area", "period"),
)  # fmt: skip

lease = Table(
    "lease", metadata,
    _area(), _text("id", 80), _text("entitlement", 80), _text("device", 40), _number("epoch"), _number("amount"),
    _text("nonce", 32), _number("expires_at"), _number("granted_at"), _text("granted_by", 40), _text("state", 20),
    PrimaryKeyConstraint("area", "id"),
    UniqueConstraint("area", "nonce"),
    ForeignKeyConstraint(["area", "entitlement"], ["entitlement.area", "entitlement.id"]),
    Index(None, "area", "device", "state"),
)  # fmt: skip

# M1 as a constraint: an entitlement has at most one lease that is live or that was paid under.
Index(
    "uq_lease_one_live", lease.c.area, lease.c.entitlement, unique=True,
    sqlite_where=text("state IN ('live', 'spent')"), postgresql_where=text("state IN ('live', 'spent')"),
)  # fmt: skip

stand_in = Table(
    "stand_in", metadata,
    _area(), _text("lease", 80), _text("holder", 40), _text("stand_in", 40), _text("secret", 32),
    _text("number_hash", 64), _text("code_hash", 64), Column("record", Text, nullable=False),
    PrimaryKeyConstraint("area", "lease"),
    ForeignKeyConstraint(["area", "lease"], ["lease.area", "lease.id"]),
    Index(None, "area", "stand_in"),
)  # fmt: skip
"""The one device that may take a lease over by telephone, and what both ends need for it."""

lease_recall = Table(
    "lease_recall", metadata,
    _area(), _text("lease", 80), _text("device", 40), _number("after_version"), _number("recalled_at"),
    PrimaryKeyConstraint("area", "lease"),
    ForeignKeyConstraint(["area", "lease"], ["lease.area", "lease.id"]),
)  # fmt: skip
"""Leases that were asked back: no bundle of ``device`` behind ``after_version`` holds them."""

override_key = Table(
    "override_key", metadata,
    _area(), _text("device", 40), _text("key", 64),
    PrimaryKeyConstraint("area", "device"),
)  # fmt: skip
"""What a device and the district make override codes with."""

override_given = Table(
    "override_given", metadata,
    _area(), _text("device", 40), _text("request", 12), _text("recipient", 60), _number("total"),
    _text("consent", 64), _text("reason", 20), _text("given_by", 40), _number("given_at"), _text("used_by", 64),
    PrimaryKeyConstraint("area", "device", "request"),
    Index(None, "area", "recipient"),
)  # fmt: skip
"""Every code that an officer said, what for and why; ``used_by`` is the entry that paid under it."""

backup = Table(
    "backup", metadata,
    _area(), _text("id", 40), _number("at"), _number("incarnation"), _text("digest", 64), _number("size"),
    PrimaryKeyConstraint("area", "id"),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    _area(), _text("id", 40), _number("at"), _text("who", 40), _text("action", 60),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("area", "id"),
)  # fmt: skip
