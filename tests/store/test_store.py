"""What the desk may rely on: durable, append-only, found again exactly as it was left."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from kiosk.exchange.attachment import AttachmentKind, new_attachment
from kiosk.payout import journal as j
from kiosk.payout.names import DeviceId, Digest, Epoch, Mode, UnixSeconds
from kiosk.payout.names import Sequence as Place
from kiosk.payout.standing import ImpossibleFact, Status
from kiosk.store import HeldBundle, Identity, Refused, Store, StoreBusy, WrongKey, engine
from tests.store import powercut, scribe
from tests.store.scribe import EPOCH, KEY, NOON

OTHER = Digest("cd" * 32)


def test_a_new_store_knows_whose_it_is_and_starts_with_epoch_opened(store: Store) -> None:
    assert store.identity == scribe.IDENTITY
    (first,) = store.entries(EPOCH)
    assert isinstance(first.fact, j.EpochOpened)
    assert store.standing().head == first.hash
    assert store.standing().next_sequence == 1


def test_the_file_is_for_its_owner_only(store: Store, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_store_is_never_made_over_another(store: Store, path: Path) -> None:
    with pytest.raises(StoreBusy):
        Store.create(path, KEY, scribe.IDENTITY, EPOCH, NOON)


def test_a_store_that_is_not_there_is_not_made_by_opening_it(path: Path) -> None:
    with pytest.raises(Exception, match="cannot be opened"):
        Store.open(path, KEY)
    assert not path.exists()


def test_everything_is_found_again_after_reopening(day: Store, path: Path) -> None:
    payout = scribe.pay(day, 1)
    before, entries = day.standing(), day.entries(EPOCH)
    day.close()
    with Store.open(path, KEY) as again:
        assert again.standing() == before
        assert again.entries(EPOCH) == entries
        assert again.standing().payouts[payout].status is Status.COMPLETED
        assert again.verify() == len(entries) == 4


def test_a_second_process_is_kept_out(store: Store, path: Path) -> None:
    with pytest.raises(StoreBusy):
        Store.open(path, KEY)


@pytest.mark.parametrize("key", [bytes(32), KEY[::-1], b"", KEY[:31], KEY + b"\0"])
def test_a_wrong_key_opens_nothing(store: Store, path: Path, key: bytes) -> None:
    store.close()
    with pytest.raises(WrongKey):
        Store.open(path, key)


def test_plain_sqlite_reads_nothing_and_the_file_holds_no_words(day: Store, path: Path) -> None:
    scribe.pay(day, 1)
    day.close()
    plain = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        plain.execute("SELECT * FROM sqlite_master").fetchall()
    plain.close()
    data = path.read_bytes()
    assert b"journal" not in data
    assert b"KIT7" not in data
    assert b"SQLite format" not in data


def test_a_fact_that_cannot_follow_changes_nothing(day: Store) -> None:
    before = day.standing()
    fact = scribe.authorised(before, 1)
    with pytest.raises(ImpossibleFact):
        scribe.write(day, scribe.completed(fact.payout))
    assert day.standing() == before
    assert day.verify() == 2


def test_one_bad_fact_takes_its_whole_transaction_with_it(day: Store) -> None:
    fact = scribe.authorised(day.standing(), 1)
    with pytest.raises(ImpossibleFact):
        scribe.write(day, fact, scribe.completed(fact.payout), scribe.completed(fact.payout))
    assert day.standing().pending == ()
    assert len(day.entries(EPOCH)) == 2


def test_an_entry_of_another_device_is_refused(day: Store) -> None:
    (entry,) = scribe.entries_after(day.standing(), [j.DeviceStarted("1", True)])
    foreign = j.Entry(DeviceId("KIT8"), entry.epoch, entry.sequence, entry.at, True, entry.previous, entry.fact)
    with pytest.raises(ImpossibleFact):
        day.append([foreign])


def test_nothing_is_not_appended(day: Store) -> None:
    with pytest.raises(ValueError, match="nothing"):
        day.append([])


def test_entries_are_read_by_place(day: Store) -> None:
    scribe.pay(day, 1)
    everything = day.entries(EPOCH)
    assert day.entries(EPOCH, 1, 2) == everything[1:3]
    assert day.entries(EPOCH, 3) == everything[3:]
    assert day.entries(Epoch(2)) == ()
    assert day.hash_before(EPOCH, 0) == j.GENESIS
    assert day.hash_before(EPOCH, 4) == day.standing().head
    assert day.hash_before(EPOCH, 5) is None


# -- bundle ------------------------------------------------------------------------------------


def held(incarnation: int, version: int, serial: int = 1) -> HeldBundle:
    return HeldBundle(incarnation, version, serial, OTHER, b"%d.%d" % (incarnation, version))


def test_a_bundle_comes_into_force_with_the_entry_that_accepts_it(store: Store, path: Path) -> None:
    assert store.bundle() is None
    accepted = j.BundleAccepted(1, 7, 1, OTHER)
    store.append(scribe.entries_after(store.standing(), [accepted]), bundle=held(1, 7))
    store.close()
    with Store.open(path, KEY) as again:
        assert again.bundle() == held(1, 7)
        assert again.standing().bundle_version == 7


@pytest.mark.parametrize("older", [held(1, 6), held(1, 7), held(0, 9), held(1, 8, serial=0)])
def test_an_older_bundle_never_comes_back(store: Store, older: HeldBundle) -> None:
    store.put_bundle(held(1, 7))
    with pytest.raises(Refused, match="older bundle"):
        store.put_bundle(older)
    assert store.bundle() == held(1, 7)


def test_a_restored_district_starts_counting_anew(store: Store) -> None:
    store.put_bundle(held(1, 7))
    store.put_bundle(held(2, 1))
    assert store.bundle() == held(2, 1)


def test_a_refused_bundle_takes_its_entry_with_it(store: Store) -> None:
    store.put_bundle(held(1, 7))
    accepted = j.BundleAccepted(1, 6, 1, OTHER)
    with pytest.raises(Refused):
        store.append(scribe.entries_after(store.standing(), [accepted]), bundle=held(1, 6))
    assert store.verify() == 1


# -- another key ------------------------------------------------------------------------------


def test_another_key_opens_the_same_store_and_the_old_one_nothing(day: Store, path: Path) -> None:
    before, new = day.standing(), bytes(range(1, 33))
    day.close()
    for _ in range(2):  # done before is fine: a rotation that was cut is begun again
        engine.rekey(path, KEY, new)
    with pytest.raises(WrongKey):
        Store.open(path, KEY)
    with pytest.raises(WrongKey):
        engine.rekey(path, KEY, bytes(32))
    with Store.open(path, new) as again:
        assert again.standing() == before
        assert again.verify() == 2


@pytest.mark.parametrize("call", ["fsync:signal=SIGKILL:when=3", "pwrite64:signal=SIGKILL:when=20"])
def test_killed_while_the_key_is_changed_one_of_both_opens_it(day: Store, path: Path, call: str) -> None:
    before, new = day.standing(), bytes(range(1, 33))
    day.close()
    assert powercut.run(call, "rekey", str(path), new.hex()).killed
    engine.rekey(path, KEY, new)
    with Store.open(path, new) as again:
        assert again.standing() == before
        assert again.verify() == 2


# -- evidence ----------------------------------------------------------------------------------


def test_evidence_is_written_with_its_payout_and_can_be_shredded(day: Store, path: Path) -> None:
    face = new_attachment(AttachmentKind.FACE, "khuôn mặt".encode() * 500)
    facts = [scribe.authorised(day.standing(), 1)]
    day.append(scribe.entries_after(day.standing(), facts), attachments=[face])
    assert day.attachment(face.digest) == face
    assert day.unsent_attachments() == (face.digest,)
    day.mark_attachment_sent(face.digest)
    assert day.unsent_attachments() == ()
    assert day.shred([face.digest], NOON) == 1
    assert day.attachment(face.digest) is None
    assert day.shred([face.digest], NOON) == 0
    assert day.verify() == 3


def test_shredded_evidence_is_not_put_back(store: Store) -> None:
    face = new_attachment(AttachmentKind.FACE, b"face")
    store.add_attachment(face)
    store.add_attachment(face)
    store.shred([face.digest], NOON)
    store.add_attachment(face)
    assert store.attachment(face.digest) is None
    assert store.unsent_attachments() == ()


def test_shredding_empties_the_write_ahead_log(day: Store, path: Path) -> None:
    face = new_attachment(AttachmentKind.FACE, bytes(50_000))
    day.add_attachment(face)
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 50_000
    day.shred([face.digest], NOON)
    assert log.stat().st_size == 0


def test_unknown_evidence_is_none(store: Store) -> None:
    assert store.attachment(OTHER) is None
    assert store.shred([OTHER], NOON) == 0


# -- small things ------------------------------------------------------------------------------


def test_kept_values_outlive_the_process(store: Store, path: Path) -> None:
    assert store.kept("checkpoint") is None
    store.keep("checkpoint", b"one")
    store.keep("checkpoint", b"two")
    store.close()
    with Store.open(path, KEY) as again:
        assert again.kept("checkpoint") == b"two"
    with pytest.raises(ValueError, match="too large"):
        store.keep("film", bytes(1_000_001))


def test_a_half_made_store_is_not_in_the_way(path: Path) -> None:
    path.with_name("kit.db.new").write_bytes(b"half")
    path.with_name("kit.db.new-wal").write_bytes(b"a store")
    with Store.create(path, KEY, scribe.IDENTITY, EPOCH, NOON) as made:
        assert made.verify() == 1
    assert [each.name for each in path.parent.iterdir()] == ["kit.db"]


def test_identity_is_fixed_for_production_too(tmp_path: Path) -> None:
    identity = Identity(scribe.AREA, scribe.DEVICE, Mode.PRODUCTION)
    with Store.create(tmp_path / "p.db", KEY, identity, Epoch(3), UnixSeconds(NOON)) as made:
        assert made.identity == identity
        assert made.standing().mode is Mode.PRODUCTION
        assert made.standing().epoch == Epoch(3)
        assert made.standing().next_sequence == Place(1)
