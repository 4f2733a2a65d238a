"""Orders from the officer's command to the kit's journal: issued, served, taken, and what becomes of leases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from agent_sync.district import cli, ids, leases, orders, security, usb, verify
from agent_sync.district.cases import CaseKind
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, NotPermitted
from agent_sync.district.intake import Intake
from agent_sync.district.schema import case_table, device_order, lease, payout_line
from agent_sync.district.security import OfficerRole
from agent_sync.district.states import LeaseState, OrderState
from kiosk.exchange import orders as xo
from kiosk.exchange import spool
from kiosk.exchange.bundle import Addressee
from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.names import UnixSeconds
from kiosk.payout.standing import stand
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.agent_sync.test_intake import checkpoint, rows

SOON = 86_400


def send(seat: Seat, kit: FieldKit) -> str:
    """The whole journal in one segment; what became of it."""
    (answer,) = Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    return answer.outcome.value


@dataclass
class Ordered:
    """An order as the kit opens it."""

    serial: int
    order: xo.Order


def order_epoch(seat: Seat, kit: FieldKit) -> int:
    with seat.database.write() as connection:
        return orders.order_new_epoch(connection, seat.home, kit.device, "officer")


def fetched(seat: Seat, kit: FieldKit, newest: int = 0) -> list[Ordered]:
    """What waits, opened with the kit's own key."""
    with seat.database.write() as connection:
        files = orders.waiting(connection, seat.home, kit.device)
    to = Addressee(seat.home.area, kit.device, kit.epoch, kit.seal_public)
    opened = [xo.open_order(each, seat.home.keys.signing_public, to, newest, kit.open) for each in files.values()]
    return [Ordered(header.serial, order) for header, order in opened]


def open_epoch(kit: FieldKit, taken: Ordered) -> FieldKit:
    """The kit goes on in the epoch that it was ordered into."""
    assert isinstance(taken.order, xo.NewEpoch)
    previous = (taken.order.previous_epoch, taken.order.previous_head)
    fact = epochs.opening(stand(kit.entries), taken.serial, previous, taken.order.paid, taken.order.spent)
    moved = kit.twin()
    moved.epoch, moved.entries = taken.order.epoch, []
    moved.write(fact)
    moved.write(j.DeviceStarted("test", True))
    return moved


def put_back(kit: FieldKit, entries: int) -> FieldKit:
    """The card of an earlier hour: the journal ends there, and the device comes up again."""
    back = kit.twin()
    back.entries = back.entries[:entries]
    back.write(j.DeviceStarted("test", True))
    return back


def kinds(seat: Seat) -> set[str]:
    return {row["kind"] for row in rows(seat, case_table)}


def test_a_rolled_back_kit_goes_on_in_a_new_epoch_and_verify_is_clean(seat: Seat, kit: FieldKit) -> None:
    before = len(kit.entries)
    kit.pay("ba-sau")
    send(seat, kit)
    back = put_back(kit, before)
    back.paid = 0
    back.close_session()
    send(seat, back)
    assert kinds(seat) == {CaseKind.ROLLED_BACK.value}, "not a fork: the trunk does not grow any more"
    serial = order_epoch(seat, kit)
    (taken,) = fetched(seat, back)
    assert taken.serial == serial
    assert isinstance(taken.order, xo.NewEpoch)
    assert taken.order.previous_head == kit.head
    assert len(taken.order.paid) == len(kit.leases_of("ba-sau"))
    moved = open_epoch(back, taken)
    send(seat, moved)
    assert {row["state"] for row in rows(seat, device_order)} == {OrderState.TAKEN.value}
    assert fetched(seat, moved) == []
    report = verify.verify(seat.home, seat.database)
    assert report.problems == []


def test_the_bundle_of_a_kit_that_was_ordered_on_holds_no_leases(seat: Seat, kit: FieldKit) -> None:
    send(seat, kit)
    assert seat.bundle(kit).sealed.pay_list.leases
    order_epoch(seat, kit)
    assert seat.bundle(kit).sealed.pay_list.leases == ()
    assert seat.bundle(kit).header.epoch == 1, "it can still be read where the kit is"
    kit.close_session()
    send(seat, kit)
    moved = open_epoch(kit, fetched(seat, kit)[0])
    send(seat, moved)
    assert seat.bundle(moved).header.epoch == 2
    assert seat.bundle(moved).sealed.pay_list.leases == (), "it starts without leases"


def test_a_clean_new_epoch_frees_the_old_leases_and_they_pay_again(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kit.close_session()
    send(seat, kit)
    order_epoch(seat, kit)
    moved = open_epoch(kit, fetched(seat, kit)[0])
    send(seat, moved)
    granted = seat.lease(moved)
    states = {(row["epoch"], row["state"]) for row in rows(seat, lease)}
    assert states == {(1, LeaseState.SPENT.value), (1, LeaseState.RETURNED.value), (2, LeaseState.LIVE.value)}
    assert granted.granted == len([row for row in rows(seat, lease) if row["epoch"] == 2])
    seat.bundle(moved)
    moved.open_session()
    moved.pay("ba-khe")
    moved.close_session()
    send(seat, moved)
    assert verify.verify(seat.home, seat.database).problems == []
    assert kinds(seat) == set()


def rolled_over(seat: Seat, kit: FieldKit) -> FieldKit:
    """A kit in its second epoch after a rollback."""
    back = put_back(kit, len(kit.entries) - 1)
    send(seat, kit)
    send(seat, back)
    order_epoch(seat, kit)
    moved = open_epoch(back, fetched(seat, back)[0])
    send(seat, moved)
    return moved


def test_after_a_rollback_the_old_leases_stay_locked_until_two_officers_share_the_risk(
    seat: Seat, kit: FieldKit
) -> None:
    moved = rolled_over(seat, kit)
    assert seat.lease(moved).granted == 0, "what the lost journal paid is not known"
    expires = UnixSeconds(ids.server_clock() + SOON)
    with seat.database.write() as connection:
        alone = leases.reissue(connection, seat.home.area, moved.device, expires, "an", None)
        both = leases.reissue(connection, seat.home.area, moved.device, expires, "an", "binh")
    assert (alone.granted, both.granted > 0) == (0, True)
    assert CaseKind.ACCEPTED_RISK.value in kinds(seat)
    assert {each.epoch for each in seat.bundle(moved).sealed.pay_list.leases} == {2}


def test_expired_leases_come_back_after_the_grace_by_one_officer(seat: Seat, kit: FieldKit) -> None:
    moved = rolled_over(seat, kit)
    later = ids.server_clock() + 40 * SOON
    seat.database.close()
    seat.database = Database(seat.database.url, lambda: UnixSeconds(later))
    with seat.database.write() as connection:
        done = leases.reissue(connection, seat.home.area, moved.device, UnixSeconds(later + SOON), "an", None)
    assert done.granted > 0
    assert CaseKind.ACCEPTED_RISK.value not in kinds(seat)


def test_leases_are_not_granted_again_before_the_new_epoch_was_heard_of(seat: Seat, kit: FieldKit) -> None:
    send(seat, kit)
    order_epoch(seat, kit)
    with seat.database.write() as connection, pytest.raises(NotPermitted, match="not opened"):
        leases.reissue(connection, seat.home.area, kit.device, UnixSeconds(ids.server_clock() + SOON), "an", "binh")


def test_a_new_epoch_waits_for_the_end_of_the_old_one_and_its_checkpoint_speaks_for_both(
    seat: Seat, kit: FieldKit
) -> None:
    send(seat, kit)
    order_epoch(seat, kit)
    taken = fetched(seat, kit)[0]
    kit.close_session()
    moved = open_epoch(kit, taken)
    assert send(seat, moved) == "waiting"
    assert checkpoint(seat, moved).next == 0
    send(seat, kit)
    assert checkpoint(seat, moved).next == 2
    assert verify.verify(seat.home, seat.database).problems == []


def test_a_trunk_that_grows_beside_a_put_back_card_is_a_fork(seat: Seat, kit: FieldKit) -> None:
    before = len(kit.entries)
    kit.pay("ba-sau")
    send(seat, kit)
    send(seat, put_back(kit, before))
    assert kinds(seat) == {CaseKind.ROLLED_BACK.value}
    kit.close_session()
    send(seat, kit)
    assert kinds(seat) == {CaseKind.ROLLED_BACK.value, CaseKind.FORK.value}


def test_what_the_lost_journal_sends_late_is_kept_beside_the_new_epoch(seat: Seat, kit: FieldKit) -> None:
    """A stick turns up with what was believed lost: its cash counts (M6), and nothing is called broken."""
    moved = rolled_over(seat, kit)
    kit.pay("ba-khe")
    send(seat, kit)
    assert verify.verify(seat.home, seat.database).problems == []
    assert moved.epoch == 2


def test_an_order_is_sealed_anew_for_the_epoch_the_kit_has_moved_to(seat: Seat, kit: FieldKit) -> None:
    kit.close_session()
    send(seat, kit)
    order_epoch(seat, kit)
    taken = fetched(seat, kit)[0]
    with seat.database.write() as connection:
        orders.order_floor(connection, seat.home, kit.device, UnixSeconds(ids.server_clock() - SOON), "officer")
    moved = open_epoch(kit, taken)
    send(seat, moved)
    (left,) = fetched(seat, moved, taken.serial)
    assert isinstance(left.order, xo.FloorReset)
    moved.write(j.FloorLowered(left.serial, UnixSeconds(ids.server_clock() - SOON)))
    send(seat, moved)
    assert {row["state"] for row in rows(seat, device_order)} == {OrderState.TAKEN.value}


def test_serials_only_rise_and_a_second_new_epoch_waits_for_the_first(seat: Seat, kit: FieldKit) -> None:
    send(seat, kit)
    first = order_epoch(seat, kit)
    with pytest.raises(NotPermitted, match="not taken"):
        order_epoch(seat, kit)
    with seat.database.write() as connection:
        floor = UnixSeconds(ids.server_clock() - SOON)
        serials = [orders.order_floor(connection, seat.home, kit.device, floor, "officer") for _ in range(3)]
        assert serials == sorted({*serials})
        assert serials[0] > first
        with pytest.raises(BadInput):
            orders.order_floor(connection, seat.home, kit.device, UnixSeconds(ids.server_clock() + SOON), "officer")


def test_a_kit_that_never_spoke_has_no_epoch_to_leave(seat: Seat, kit: FieldKit) -> None:
    with pytest.raises(NotPermitted, match="nothing yet"):
        order_epoch(seat, kit)


def test_a_revoked_kit_gets_its_end_and_no_leases(seat: Seat, kit: FieldKit) -> None:
    send(seat, kit)
    with seat.database.write() as connection:
        orders.order_end(connection, seat.home, kit.device, "lost", "officer", wipe=True)
    assert [each.order for each in fetched(seat, kit)] == [xo.DeviceRevoked(wipe=True)]
    opened = seat.bundle(kit)
    assert opened.sealed.pay_list.leases == ()
    assert [each.subject for each in opened.public.revocations] == [f"device:{kit.device}"]


def test_the_stick_brings_orders_too(seat: Seat, kit: FieldKit, tmp_path: Path) -> None:
    send(seat, kit)
    serial = order_epoch(seat, kit)
    (tmp_path / "tannha" / seat.home.area / kit.device / "out").mkdir(parents=True)
    usb.exchange(seat.home, seat.database, tmp_path)
    files = spool.Inbox(tmp_path / "tannha" / seat.home.area / kit.device / "in").files()
    assert [each.name for each in files if each.kind is spool.FileKind.ORDER] == [f"o-{serial:012d}.tn"]


@pytest.mark.parametrize(
    "command",
    [
        ["new-epoch", "kit-01"],
        ["floor-reset", "kit-01", "--to", "2026-01-05"],
        ["revoke", "kit-01", "--reason", "lost", "--wipe"],
    ],
)
def test_the_officer_orders_from_the_command_line(
    seat: Seat, kit: FieldKit, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    send(seat, kit)
    assert cli.main(["device", *command, "--home", str(seat.home.folder)]) == 0
    assert "order" in capsys.readouterr().out
    assert len(rows(seat, device_order)) == 1
    assert len(fetched(seat, kit)) == 1


def test_leases_again_needs_two_different_officers(
    seat: Seat, kit: FieldKit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rolled_over(seat, kit)
    with seat.database.write() as connection:
        for login in ("an", "binh"):
            security.add_officer(connection, seat.home.area, login, login, OfficerRole.SUPERVISOR, f"password-{login}")

    def again(by: str, second: str, password: str) -> int:
        monkeypatch.setattr("sys.stdin", _Typed(password))
        home = ["--home", str(seat.home.folder), "--by", by, "--second", second]
        return cli.main(["device", "leases-again", "kit-01", *home])

    assert again("an", "binh", "a wrong password") == 3
    assert again("an", "an", "password-an") == 3
    assert again("nobody", "binh", "password-binh") == 3
    assert again("an", "binh", "password-binh") == 0
    assert "granted again" in capsys.readouterr().out


class _Typed:
    def __init__(self, line: str) -> None:
        self._line = line

    def readline(self, _limit: int) -> str:
        return self._line + "\n"


def test_an_unknown_device_gets_no_orders(seat: Seat, kit: FieldKit, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["device", "new-epoch", "nobody", "--home", str(seat.home.folder)]) == 2
    assert "nobody" in capsys.readouterr().err
    assert rows(seat, device_order) == []


def test_months_that_are_over_are_not_carried_and_too_many_are_refused_in_words(
    seat: Seat, kit: FieldKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a new epoch is told stays far below what a list on the wire can hold (20,000), however old the device."""
    kit.pay("ba-sau")
    kit.pay("ba-khe")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    with seat.database.write() as connection:
        first = connection.execute(select(payout_line.c.entitlement, payout_line.c.lease)).first()
        assert first is not None
        mine = payout_line.c.entitlement == first.entitlement
        connection.execute(update(payout_line).where(mine).values(period="2020-01"))
        connection.execute(update(lease).where(lease.c.id == first.lease).values(expires_at=0))
        with monkeypatch.context() as small:
            small.setattr(orders, "MOST_CARRIED", 0)
            with pytest.raises(NotPermitted, match="enrol it again"):
                orders.order_new_epoch(connection, seat.home, kit.device, "hoa")
        orders.order_new_epoch(connection, seat.home, kit.device, "hoa")
    (told,) = fetched(seat, kit)
    assert isinstance(told.order, xo.NewEpoch)
    assert first.entitlement not in told.order.paid
    assert first.lease not in told.order.spent
    assert told.order.paid != ()
    assert told.order.spent != ()
    open_epoch(kit, told)
