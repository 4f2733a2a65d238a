"""What travelled and what may leave: nothing goes before the district has it and has backed it up (M5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.payout import journal as j
from kiosk.payout.names import Digest, EntitlementId, Epoch
from kiosk.payout.names import Sequence as Place
from kiosk.store import Outbox, Refused, Store
from tests.store import scribe
from tests.store.scribe import EPOCH, KEY

TWO = Epoch(2)


def marks(sealed: int, acknowledged: int, backed_up: int, epoch: Epoch = EPOCH) -> Outbox:
    return Outbox(epoch, Place(sealed), Place(acknowledged), Place(backed_up))


def test_unsent_is_what_was_not_sealed_oldest_first(day: Store) -> None:
    scribe.pay(day, 1)
    everything = day.entries(EPOCH)
    assert day.unsent() == everything
    assert day.unsent(limit=2) == everything[:2]
    day.mark_sealed(EPOCH, 3)
    assert day.unsent() == everything[3:]
    day.mark_sealed(EPOCH, 4)
    assert day.unsent() == ()
    assert day.outbox(EPOCH) == marks(4, 0, 0)


def test_a_checkpoint_with_our_head_is_counted(day: Store, path: Path) -> None:
    day.mark_sealed(EPOCH, 2)
    day.acknowledge(EPOCH, 2, day.standing().head, 1)
    day.close()
    with Store.open(path, KEY) as again:
        assert again.outbox(EPOCH) == marks(2, 2, 1)


def test_a_checkpoint_with_another_head_is_never_counted(day: Store) -> None:
    day.mark_sealed(EPOCH, 2)
    with pytest.raises(Refused, match="M5"):
        day.acknowledge(EPOCH, 2, Digest("ef" * 32), 2)
    with pytest.raises(Refused, match="M5"):
        day.acknowledge(EPOCH, 9, day.standing().head, 0)
    assert day.outbox(EPOCH) == marks(2, 0, 0)


def test_a_checkpoint_that_overtook_our_own_note_of_sealing_is_counted(day: Store) -> None:
    day.acknowledge(EPOCH, 2, day.standing().head, 0)
    assert day.outbox(EPOCH) == marks(2, 2, 0)


def test_an_older_checkpoint_does_not_take_back_what_is_known(day: Store) -> None:
    day.acknowledge(EPOCH, 2, day.standing().head, 2)
    first = day.hash_before(EPOCH, 1)
    assert first is not None
    day.acknowledge(EPOCH, 1, first, 0)
    assert day.outbox(EPOCH) == marks(2, 2, 2)


def test_a_restored_district_gets_everything_again(day: Store) -> None:
    day.acknowledge(EPOCH, 2, day.standing().head, 2)
    day.resend_from(EPOCH, 1)
    assert day.outbox(EPOCH) == marks(1, 1, 1)
    assert [each.sequence for each in day.unsent()] == [1]


def test_an_epoch_that_is_not_here_cannot_be_marked(day: Store) -> None:
    with pytest.raises(Refused, match="no such epoch"):
        day.mark_sealed(TWO, 1)


def second_epoch(store: Store) -> None:
    scribe.pay(store, 1)
    closed = store.standing().session
    assert closed is not None
    notes = scribe.FLOAT.counts
    left = closed.expected
    counts = (left // 500_000, *notes[1:])
    fact = j.SessionClosed(closed.session, scribe.OPERATOR, left, counts, j.Vnd(0), j.VarianceReason.NONE)
    scribe.write(store, fact)
    store.append([scribe.next_epoch(store.standing())])


def test_a_new_epoch_carries_what_was_paid(day: Store, path: Path) -> None:
    second_epoch(day)
    standing = day.standing()
    assert standing.epoch == TWO
    assert EntitlementId("e1") in standing.paid
    assert day.outbox(TWO) == marks(0, 0, 0, TWO)
    day.close()
    with Store.open(path, KEY) as again:
        assert again.standing() == standing
        assert again.verify() == 6


def test_the_old_epoch_is_sent_before_the_new_one(day: Store) -> None:
    second_epoch(day)
    assert {each.epoch for each in day.unsent()} == {EPOCH}
    day.mark_sealed(EPOCH, 5)
    assert {each.epoch for each in day.unsent()} == {TWO}


def test_an_old_epoch_leaves_only_when_all_of_it_is_backed_up(day: Store, path: Path) -> None:
    second_epoch(day)
    head = day.hash_before(EPOCH, 5)
    assert head is not None
    for backed_up in (0, 4):
        day.acknowledge(EPOCH, 5, head, backed_up)
        with pytest.raises(Refused, match="M3"):
            day.purge_epochs_before(TWO)
        assert len(day.entries(EPOCH)) == 5
    day.acknowledge(EPOCH, 5, head, 5)
    assert day.purge_epochs_before(TWO) == 5
    assert day.entries(EPOCH) == ()
    assert day.outbox(EPOCH) is None
    standing = day.standing()
    day.close()
    with Store.open(path, KEY) as again:
        assert again.standing() == standing
        assert again.verify() == 1
        scribe.write(again, scribe.session_opened(j.SessionId("s2")))


def test_a_branch_that_no_checkpoint_names_leaves_by_the_epoch_that_does(day: Store) -> None:
    """After a rollback the district has another head: the new epoch speaks for the old one."""
    second_epoch(day)
    with pytest.raises(Refused, match="M3"):
        day.purge_epochs_before(TWO)
    day.backed_up_before(TWO)
    assert day.outbox(TWO) == marks(0, 0, 0, TWO)
    assert day.purge_epochs_before(TWO) == 5


def test_the_epoch_in_use_never_leaves(day: Store) -> None:
    day.acknowledge(EPOCH, 2, day.standing().head, 2)
    with pytest.raises(Refused, match="M3"):
        day.purge_epochs_before(TWO)
    assert day.purge_epochs_before(EPOCH) == 0


def test_a_closed_epoch_takes_no_more_entries(day: Store) -> None:
    before = day.standing()
    second_epoch(day)
    with pytest.raises(ValueError, match=r"another device|expected sequence"):
        day.append(scribe.entries_after(before, [j.DeviceStarted("1", True)]))
