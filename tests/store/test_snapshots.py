"""Snapshots are derived: they make opening fast, and never change what the journal says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.payout import journal as j
from kiosk.payout.cash import fewest_notes
from kiosk.payout.names import EntitlementId, LeaseId, PersonId, UnpaidReason
from kiosk.payout.standing import PayoutState, Standing
from kiosk.store import Broken, Store, codec, history
from kiosk.store.engine import connect
from tests.store import scribe
from tests.store.scribe import KEY


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot every few entries."""
    monkeypatch.setattr("kiosk.store.store.SNAPSHOT_EVERY", 5)


def busy_day(store: Store) -> Standing:
    """Every kind of payout there is, and one that is open."""
    paid = [scribe.pay(store, number) for number in range(12)]
    voided = scribe.authorised(store.standing(), 20)
    scribe.write(store, voided)
    scribe.write(store, j.PayoutVoided(voided.payout, j.VoidReason.RECIPIENT_DECLINED, j.Vnd(0)))
    reason, back = j.ReversalReason.WRONG_PERSON, fewest_notes(store.standing().payouts[paid[3]].total)
    assert back is not None
    scribe.write(store, j.PayoutReversed(paid[3], scribe.SESSION, reason, back.counts, scribe.OPERATOR, "chị Hoa"))
    scribe.write(store, j.LeaseReleased(LeaseId("l77"), j.DeviceId("KIT8"), scribe.OPERATOR))
    absent = j.VisitUnpaid(scribe.SESSION, scribe.OPERATOR, PersonId("p9"), UnpaidReason.ABSENT, ())
    scribe.write(store, absent, j.ReceiptPrinted(paid[0], 0, j.PrintResult.UNKNOWN))
    scribe.write(store, scribe.authorised(store.standing(), 30))
    scribe.write(store, j.DeviceStarted("1", True))
    return store.standing()


def rows(path: Path) -> tuple[int, int]:
    """(next sequence of the snapshot, payouts in it)."""
    connection = connect(path, KEY)
    found = connection.execute("SELECT next FROM snapshot").fetchone()
    count = connection.execute("SELECT count(*) FROM snapshot_payout").fetchone()[0]
    connection.close()
    return (0 if found is None else found[0]), count


def test_a_short_journal_needs_no_snapshot(day: Store, path: Path) -> None:
    busy_day(day)
    day.close()
    assert rows(path) == (0, 0)


def test_the_standing_is_the_same_through_a_snapshot(often: None, day: Store, path: Path) -> None:
    before = busy_day(day)
    day.close()
    at, payouts = rows(path)
    assert at > 20
    assert payouts >= 12
    with Store.open(path, KEY) as again:
        assert again.standing() == before
        assert list(again.standing().payouts) == list(before.payouts)
        assert again.standing().uncertain is not None
        assert again.verify() == before.next_sequence


def test_work_goes_on_over_reopenings_and_snapshots(often: None, day: Store, path: Path) -> None:
    day.close()
    for number in range(6):
        with Store.open(path, KEY) as again:
            for each in range(3):
                scribe.pay(again, 100 * number + each)
    with Store.open(path, KEY) as again:
        assert len(again.standing().paid) == 18
        assert again.verify() == 2 + 36


def test_a_snapshot_of_other_code_is_rebuilt(often: None, day: Store, path: Path) -> None:
    before = busy_day(day)
    day.close()
    connection = connect(path, KEY)
    connection.execute("UPDATE snapshot SET fold = 'an older program', rest = x'00'")
    connection.close()
    with Store.open(path, KEY) as again:
        assert again.standing() == before
        scribe.write(again, j.DeviceStarted("2", True))
    assert rows(path)[0] == before.next_sequence + 1


def test_a_new_epoch_starts_its_snapshot_afresh(often: None, day: Store, path: Path) -> None:
    for number in range(4):
        scribe.pay(day, number)
    session = day.standing().session
    assert session is not None
    counts = (session.expected // 500_000, *scribe.FLOAT.counts[1:])
    none = j.VarianceReason.NONE
    closed = j.SessionClosed(session.session, scribe.OPERATOR, session.expected, counts, j.Vnd(0), none)
    scribe.write(day, closed)
    day.append([scribe.next_epoch(day.standing())])
    scribe.write(day, scribe.session_opened(j.SessionId("s2")))
    for number in range(10, 14):
        scribe.pay(day, number)
    before = day.standing()
    day.close()
    assert rows(path)[1] == 4
    with Store.open(path, KEY) as again:
        assert again.standing() == before
        assert len(again.standing().paid) == 8


@pytest.mark.parametrize("change", ["head = 'cd'", "next = next - 1", "next = 9999", "epoch = 9"])
def test_a_snapshot_that_does_not_stand_on_the_journal_is_broken(
    often: None, day: Store, path: Path, change: str
) -> None:
    busy_day(day)
    day.close()
    connection = connect(path, KEY)
    connection.execute(f"UPDATE snapshot SET {change}")  # noqa: S608 - the changes stand above
    connection.close()
    with pytest.raises(Broken, match="does not stand"):
        Store.open(path, KEY)


def test_a_cooked_snapshot_is_found_by_verify(often: None, day: Store, path: Path) -> None:
    busy_day(day)
    day.close()
    connection = connect(path, KEY)
    connection.execute("DELETE FROM snapshot_payout WHERE position = 5")
    connection.close()
    with Store.open(path, KEY) as again, pytest.raises(Broken, match="not what the journal says"):
        again.verify()


def test_only_what_changed_is_written_again(day: Store) -> None:
    standing = busy_day(day)
    with day._transaction() as connection:
        first = history.save(connection, history.Snapshot(), standing)
        count = "SELECT total_changes()"
        before = connection.exec_driver_sql(count).scalar_one()
        history.save(connection, first, standing)
        assert connection.exec_driver_sql(count).scalar_one() - before == 1


ids = st.text("abcdef0123456789-", min_size=1, max_size=12)


@given(st.dictionaries(ids, ids, max_size=5), st.sets(ids, max_size=5), st.sets(ids, max_size=3), st.data())
@settings(max_examples=40)
def test_every_standing_survives_the_rows(
    paid: dict[str, str], spent: set[str], released: set[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.builds(PayoutState), max_size=4, unique_by=lambda each: each.id))
    standing = Standing(
        scribe.AREA,
        scribe.IDENTITY.mode,
        scribe.DEVICE,
        scribe.EPOCH,
        j.Sequence(7),
        j.GENESIS,
        paid={EntitlementId(key): j.PayoutId(value) for key, value in paid.items()},
        spent={LeaseId(each) for each in spent},
        released={LeaseId(each) for each in released},
        payouts={each.id: each for each in chosen},
        pending=tuple(each.id for each in chosen[:1]),
    )
    stored = codec.payouts([codec.payout_row(each) for each in standing.payouts.values()])
    assert codec.restore(codec.rest(standing), stored) == standing
