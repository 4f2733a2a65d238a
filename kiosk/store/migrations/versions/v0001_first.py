"""Journal, attachments, bundle, outbox: what one home visit needs.

M3, M5 and M8 are triggers here, so that not even our own code can go round them.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    """CREATE TABLE meta (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        area TEXT NOT NULL,
        device TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('production', 'practice'))
    ) STRICT""",
    """CREATE TABLE journal (
        epoch INTEGER NOT NULL CHECK (epoch >= 0),
        sequence INTEGER NOT NULL CHECK (sequence >= 0),
        at INTEGER NOT NULL,
        fact TEXT NOT NULL,
        previous TEXT NOT NULL CHECK (length(previous) = 64),
        hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
        entry BLOB NOT NULL,
        PRIMARY KEY (epoch, sequence)
    ) STRICT""",
    """CREATE TABLE attachment (
        digest TEXT PRIMARY KEY NOT NULL CHECK (length(digest) = 64),
        kind TEXT NOT NULL,
        key BLOB CHECK (length(key) = 32),
        sealed BLOB,
        sent INTEGER NOT NULL CHECK (sent IN (0, 1)),
        shredded_at INTEGER,
        CHECK ((key IS NULL) = (shredded_at IS NOT NULL)),
        CHECK ((key IS NULL) = (sealed IS NULL))
    ) STRICT""",
    """CREATE TABLE bundle (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        incarnation INTEGER NOT NULL,
        version INTEGER NOT NULL,
        revocation_serial INTEGER NOT NULL,
        digest TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE outbox (
        epoch INTEGER PRIMARY KEY,
        sealed INTEGER NOT NULL,
        acknowledged INTEGER NOT NULL,
        backed_up INTEGER NOT NULL,
        CHECK (0 <= backed_up AND backed_up <= acknowledged AND acknowledged <= sealed)
    ) STRICT""",
    """CREATE TABLE kept (
        name TEXT PRIMARY KEY NOT NULL,
        body BLOB NOT NULL
    ) STRICT""",
)

TRIGGERS = (
    # M8: area, device and mode are fixed.
    """CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta
       BEGIN SELECT RAISE(ABORT, 'M8: area, device and mode never change'); END""",
    """CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
       BEGIN SELECT RAISE(ABORT, 'M8: area, device and mode never change'); END""",
    # M3: nothing in the journal is changed, nothing taken out, nothing put in between.
    """CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
       BEGIN SELECT RAISE(ABORT, 'M3: the journal is append-only'); END""",
    # M3 and M5: only an epoch that is over and wholly backed up at the district may leave.
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
       WHEN NOT (
           OLD.epoch < (SELECT MAX(epoch) FROM journal)
           AND EXISTS (
               SELECT 1 FROM outbox
               WHERE outbox.epoch = OLD.epoch
                 AND outbox.backed_up > (SELECT MAX(sequence) FROM journal WHERE epoch = OLD.epoch)
           )
       )
       BEGIN SELECT RAISE(ABORT, 'M3: the journal is append-only'); END""",
    # M3: each entry is the next one, names the hash of the last, and is what its columns say.
    """CREATE TRIGGER journal_follows BEFORE INSERT ON journal
       BEGIN
         SELECT RAISE(ABORT, 'M3: not the next entry') WHERE NEW.sequence <> COALESCE(
             (SELECT MAX(sequence) + 1 FROM journal WHERE epoch = NEW.epoch), 0);
         SELECT RAISE(ABORT, 'M3: does not follow the last entry') WHERE NEW.previous <> COALESCE(
             (SELECT hash FROM journal WHERE epoch = NEW.epoch ORDER BY sequence DESC LIMIT 1),
             '0000000000000000000000000000000000000000000000000000000000000000');
         SELECT RAISE(ABORT, 'M3: an older epoch is closed')
             WHERE NEW.epoch < (SELECT MAX(epoch) FROM journal);
         SELECT RAISE(ABORT, 'M3: this entry is there already')
             WHERE EXISTS (SELECT 1 FROM journal WHERE hash = NEW.hash);
         SELECT RAISE(ABORT, 'M3: the columns are not what the entry says')
             WHERE (NEW.epoch, NEW.sequence, NEW.at, NEW.previous, NEW.fact) IS NOT (
                 SELECT json_extract(j, '$.epoch'), json_extract(j, '$.sequence'),
                        json_extract(j, '$.at'), json_extract(j, '$.previous'),
                        json_extract(j, '$.fact.type')
                 FROM (SELECT CAST(NEW.entry AS TEXT) AS j));
         SELECT RAISE(ABORT, 'M8: an entry of another device')
             WHERE json_extract(CAST(NEW.entry AS TEXT), '$.device')
                   IS NOT (SELECT device FROM meta);
       END""",
    # M3: an attachment is written once; afterwards it can be marked as sent, or shredded for good.
    """CREATE TRIGGER attachment_write_once BEFORE UPDATE ON attachment
       WHEN NEW.digest <> OLD.digest OR NEW.kind <> OLD.kind OR NEW.sent < OLD.sent
         OR (OLD.key IS NULL AND (NEW.key IS NOT NULL OR NEW.shredded_at <> OLD.shredded_at))
         OR (NEW.key IS NOT NULL AND (NEW.key <> OLD.key OR NEW.sealed <> OLD.sealed))
       BEGIN SELECT RAISE(ABORT, 'M3: an attachment is kept or shredded, never changed'); END""",
    """CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
       BEGIN SELECT RAISE(ABORT, 'M3: an attachment is shredded, not deleted'); END""",
    # An older bundle never comes back into force.
    """CREATE TRIGGER bundle_newer BEFORE UPDATE ON bundle
       WHEN (NEW.incarnation, NEW.version) <= (OLD.incarnation, OLD.version)
         OR NEW.revocation_serial < OLD.revocation_serial
       BEGIN SELECT RAISE(ABORT, 'an older bundle'); END""",
    """CREATE TRIGGER bundle_no_delete BEFORE DELETE ON bundle
       BEGIN SELECT RAISE(ABORT, 'an older bundle'); END""",
    # M5: what the district is said to have was written here first.
    """CREATE TRIGGER outbox_insert BEFORE INSERT ON outbox
       WHEN NEW.sealed > COALESCE(
           (SELECT MAX(sequence) + 1 FROM journal WHERE epoch = NEW.epoch), 0)
       BEGIN SELECT RAISE(ABORT, 'M5: nobody has what was never written'); END""",
    """CREATE TRIGGER outbox_update BEFORE UPDATE ON outbox
       WHEN NEW.sealed > COALESCE(
           (SELECT MAX(sequence) + 1 FROM journal WHERE epoch = NEW.epoch), 0)
       BEGIN SELECT RAISE(ABORT, 'M5: nobody has what was never written'); END""",
    """CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
       WHEN EXISTS (SELECT 1 FROM journal WHERE epoch = OLD.epoch)
       BEGIN SELECT RAISE(ABORT, 'M5: an epoch is accounted for while it is here'); END""",
)


def upgrade() -> None:
    """Make the tables and their rules."""
    for statement in (*TABLES, *TRIGGERS):
        op.execute(statement)
