"""The ways out of a halt at a real desk: rollback, fork, floor, suppression, revocation, wipe."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.desk import enrolled, orders
from kiosk.desk.ended import EndedDesk
from kiosk.exchange import bundle as xb
from kiosk.exchange import keys, spool
from kiosk.exchange import orders as xo
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.halt import Halt
from kiosk.payout import journal as j
from kiosk.payout.clock import TimeSource
from kiosk.payout.names import DeviceId, EntitlementId, Epoch, LeaseId, Sequence, UnixSeconds
from kiosk.settings import Settings
from tests.desk.area import DEVICE, FLOAT, NOW, OPERATOR, Office, Recorder

DAY = 86_400
Y2036 = UnixSeconds(NOW + 3_600 * DAY)


def stopped(office: Office) -> Halt:
    """What the screen is told after one round of the mail."""
    halt = office.sync().halt
    assert halt is not None
    return halt


def facts(office: Office, kind: type) -> list[j.Entry]:
    return [each for each in office.district.entries(office.settings) if isinstance(each.fact, kind)]


def photograph(settings: Settings, to: Path) -> None:
    """An image of the disk: store and spool as they are."""
    for part in ("store", "spool"):
        shutil.copytree(settings.home / part, to / part)


def put_back(settings: Settings, image: Path, parts: tuple[str, ...] = ("store", "spool")) -> None:
    """The image of an earlier hour comes back."""
    for part in parts:
        shutil.rmtree(settings.home / part)
        shutil.copytree(image / part, settings.home / part)


def roll_back(office: Office, tmp_path: Path) -> j.Entry:
    """A day is lost; the district has it, and says so. The head that the district knows."""
    office.sign_in()
    office.sync()
    office.desk.stop()
    photograph(office.settings, tmp_path / "image")
    office.start()
    office.work()
    office.sync()
    known = office.district.entries(office.settings)[-1]
    office.desk.stop()
    put_back(office.settings, tmp_path / "image")
    office.start()
    office.sign_in()
    office.sync()
    office.district.send_checkpoint(office.settings, next=Sequence(known.sequence + 1), head=known.hash)
    return known


def new_epoch(known: j.Entry, **change: object) -> xo.NewEpoch:
    told: dict[str, object] = {
        "epoch": Epoch(2), "previous_epoch": Epoch(1), "previous_head": known.hash,
        "paid": (EntitlementId("ba-sau-10"),), "spent": (LeaseId("l1-ba-sau-10"),),
    }  # fmt: skip
    return xo.NewEpoch(**{**told, **change})  # type: ignore[arg-type]


def test_a_rolled_back_device_halts_and_a_new_epoch_lets_it_work_again(office: Office, tmp_path: Path) -> None:
    known = roll_back(office, tmp_path)
    assert stopped(office) is Halt.ROLLED_BACK
    office.cut_power()
    office.start()
    office.sign_in()
    assert stopped(office) is Halt.ROLLED_BACK, "it stays halted over a restart"
    office.district.send_order(office.settings, new_epoch(known))
    assert stopped(office) is Halt.NONE
    (opened,) = facts(office, j.EpochOpened)[-1:]
    assert isinstance(opened.fact, j.EpochOpened)
    assert (opened.epoch, opened.sequence) == (2, 0)
    assert opened.fact.previous_head == known.hash
    assert opened.fact.own_head != known.hash
    assert "ba-sau-10" in opened.fact.carried_paid, "paid in the day that was lost (M1)"


def test_the_new_epoch_starts_without_leases_and_its_own_bundle_brings_them(office: Office, tmp_path: Path) -> None:
    known = roll_back(office, tmp_path)
    office.district.send_order(office.settings, new_epoch(known))
    office.sync()
    loaded = office.ask(ef.LoadRoute, ev.RouteLoaded)
    assert {row.due for row in loaded.rows} == {0}
    office.district.send_bundle(office.settings, version=5, epoch=Epoch(2))
    office.sync()
    again = office.ask(ef.LoadRoute, ev.RouteLoaded)
    assert {row.household: row.due for row in again.rows}["h1"] == 500_000, "one of two months was paid before"


def test_the_halt_stays_gone_after_a_restart_and_the_lock(office: Office, tmp_path: Path) -> None:
    known = roll_back(office, tmp_path)
    office.district.send_order(office.settings, new_epoch(known))
    office.sync()
    office.desk.perform(ef.LockStore())
    office.sign_in()
    assert stopped(office) is Halt.NONE
    office.cut_power()
    office.start()
    office.sign_in()
    assert stopped(office) is Halt.NONE


def test_a_new_epoch_waits_until_the_session_is_closed(office: Office) -> None:
    office.work()
    office.sync()
    known = office.district.entries(office.settings)[-1]
    office.district.send_order(office.settings, new_epoch(known, paid=(), spent=()))
    assert stopped(office) is Halt.CLOSE_FIRST
    office.cut_power()
    office.start()
    office.sign_in()
    assert stopped(office) is Halt.CLOSE_FIRST, "the order lies in the inbox until it is done"
    office.ask(lambda o: ef.CloseSession(o, FLOAT, v.VarianceReason.NONE), ev.SessionClosed)
    assert stopped(office) is Halt.NONE
    assert facts(office, j.EpochOpened)[-1].epoch == 2


def test_the_old_epoch_leaves_whole_once_the_new_one_is_backed_up(office: Office, tmp_path: Path) -> None:
    known = roll_back(office, tmp_path)
    office.district.send_order(office.settings, new_epoch(known))
    office.sync()
    latest = office.district.entries(office.settings)[-1]
    assert latest.epoch == 2
    office.district.send_checkpoint(office.settings, epoch=Epoch(2), backed_up=Sequence(0))
    office.sync()
    assert {each.epoch for each in office.district.entries(office.settings)} == {1, 2}
    office.district.send_checkpoint(office.settings, epoch=Epoch(2), backed_up=Sequence(1))
    office.sync()
    assert {each.epoch for each in office.district.entries(office.settings)} <= {2}
    office.cut_power()
    office.start()
    assert isinstance(office.sign_in(), ev.SignedIn), "the journal stands on the new epoch alone"


def test_two_copies_of_one_device_are_a_fork_and_the_new_epoch_ends_it(office: Office) -> None:
    office.sign_in()
    office.sync()
    own = office.district.entries(office.settings)[-1]
    office.district.send_checkpoint(office.settings, head="b" * 64)
    assert stopped(office) is Halt.FORKED
    office.district.send_order(office.settings, new_epoch(own, previous_head="b" * 64, paid=(), spent=()))
    assert stopped(office) is Halt.NONE


def test_a_bundle_of_a_later_epoch_shows_that_the_device_was_put_back(office: Office) -> None:
    office.sign_in()
    office.district.send_bundle(office.settings, version=9, epoch=Epoch(2))
    assert stopped(office) is Halt.ROLLED_BACK


def test_a_device_in_whose_place_another_came_stops(office: Office) -> None:
    office.sign_in()
    mine, office.district.device_seal = office.district.device_seal, keys.seal_public(keys.new_private())
    office.district.send_bundle(office.settings, version=2)
    assert stopped(office) is Halt.NONE, "an older one of another device says nothing"
    office.district.send_bundle(office.settings, version=3, epoch=Epoch(2))
    assert stopped(office) is Halt.REVOKED
    office.cut_power()
    office.start()
    office.district.device_seal = mine
    office.sign_in()
    assert stopped(office) is Halt.REVOKED, "it does not forget it"


def ran_ahead(office: Office) -> None:
    """A clock at 2036 that was believed: the district itself had signed that hour."""
    office.sign_in()
    office.sync()
    office.district.send_checkpoint(office.settings, time=Y2036)
    office.sync()


def test_a_floor_at_2036_and_back_by_order(office: Office) -> None:
    ran_ahead(office)
    office.cut_power()
    office.start()
    office.sign_in()
    no = office.ask(lambda o: ef.SetClock(o, date(2026, 11, 10)), ev.Refused, ev.ClockAccepted)
    assert isinstance(no, ev.Refused)
    office.district.send_order(office.settings, xo.FloorReset(UnixSeconds(NOW - DAY)))
    office.sync()
    yes = office.ask(lambda o: ef.SetClock(o, date(2026, 11, 10)), ev.Refused, ev.ClockAccepted)
    assert isinstance(yes, ev.ClockAccepted)
    assert [each.fact for each in facts(office, j.FloorLowered)] == [j.FloorLowered(1, UnixSeconds(NOW - DAY))]
    office.cut_power()
    office.start()
    office.sign_in()
    assert isinstance(office.ask(lambda o: ef.SetClock(o, date(2026, 11, 10)), ev.ClockAccepted), ev.ClockAccepted)


def test_a_proven_clock_below_the_floor_is_said_first_and_goes_when_the_floor_comes_down(office: Office) -> None:
    ran_ahead(office)
    office.desk._hours._district = None
    office.desk._hours.source = TimeSource.RTC
    assert stopped(office) is Halt.BELOW_FLOOR
    office.district.send_order(office.settings, xo.FloorReset(UnixSeconds(NOW - DAY)))
    assert stopped(office) is Halt.NONE


def test_a_replayed_order_is_refused_and_changes_nothing(office: Office) -> None:
    office.sign_in()
    office.district.send_order(office.settings, xo.FloorReset(UnixSeconds(NOW - DAY)), serial=7)
    office.sync()
    office.district.send_order(office.settings, xo.FloorReset(UnixSeconds(NOW - 9 * DAY)), serial=7)
    office.district.send_order(office.settings, xo.FloorReset(UnixSeconds(NOW - 9 * DAY)), serial=6)
    office.sync()
    assert [each.fact for each in facts(office, j.FloorLowered)] == [j.FloorLowered(7, UnixSeconds(NOW - DAY))]
    assert spool.Inbox(office.settings.inbox).files() == ()


def test_an_order_for_another_device_is_refused_and_changes_nothing(office: Office) -> None:
    office.sign_in()
    office.district.send_order(office.settings, xo.DeviceRevoked(wipe=True), device=DeviceId("KIT8"))
    assert stopped(office) is Halt.NONE
    assert facts(office, j.DeviceStopped) == []


def test_orders_are_taken_in_the_order_of_their_serials(office: Office) -> None:
    office.sign_in()
    for serial, back in ((9, 9), (8, 1)):
        floor = xo.FloorReset(UnixSeconds(NOW - back * DAY))
        office.district.send_order(office.settings, floor, serial=serial, name=f"{9 - serial}")
    office.sync()
    assert [each.fact.order for each in facts(office, j.FloorLowered)] == [8, 9]  # type: ignore[union-attr]


def test_the_frozen_clock_after_21_days_off_pays_nothing_before_the_date_is_stated_and_says_suppressed(
    office: Office,
) -> None:
    office.sign_in()
    office.cut_power()
    office.start()
    signed = office.sign_in()
    assert isinstance(signed, ev.SignedIn)
    assert office.sync().time_proven is False, "a frozen clock proves nothing"
    office.ask(lambda o: ef.SetClock(o, date(2026, 11, 30)), ev.ClockAccepted)
    assert stopped(office) is Halt.SUPPRESSED
    office.district.send_checkpoint(office.settings, time=UnixSeconds(NOW + 21 * DAY))
    assert stopped(office) is Halt.NONE


def test_a_withheld_bundle_stops_after_a_day_and_its_coming_ends_it(office: Office) -> None:
    office.work()
    office.sync()
    office.district.send_checkpoint(office.settings, bundle_version=4)
    assert stopped(office) is Halt.NONE
    office.desk._hours.operator_said(UnixSeconds(NOW + 2 * DAY))
    office.district.send_checkpoint(office.settings, bundle_version=4, time=UnixSeconds(NOW + 2 * DAY))
    assert stopped(office) is Halt.SUPPRESSED
    office.district.send_bundle(office.settings, version=4)
    assert stopped(office) is Halt.NONE


def test_whatever_the_couriers_status_says_moves_the_lamp_and_no_number(office: Office) -> None:
    """A courier that was taken over says that all was sent: the numbers come from our own store and checkpoints."""
    office.work()
    honest, out = office.sync().sync, sorted(office.settings.outbox.iterdir())
    assert honest is not None
    lie = {"waiting": 0, "sent": 10**6, "refused": 0, "last_contact": NOW, "fault": ""}
    for said in (json.dumps(lie).encode(), b"[]", b"\xff", b"{" * 100_000, b'{"last_contact": "1"}'):
        office.settings.courier_status.write_bytes(said)
        told = office.sync().sync
        assert told is not None
        assert replace(told, online=honest.online) == honest
    assert honest.waiting > 0
    assert sorted(office.settings.outbox.iterdir()) == out


@pytest.mark.parametrize("subject", [f"device:{DEVICE}", f"operator:{OPERATOR}"])
def test_a_revocation_in_the_bundle_stops_the_device_or_its_operator(office: Office, subject: str) -> None:
    office.sign_in()
    revoked = (xb.Revocation(subject, NOW),)
    office.district.send_bundle(office.settings, version=2, revocations=revoked)
    assert stopped(office) is Halt.REVOKED
    office.cut_power()
    office.start()
    again = office.sign_in()
    if subject.startswith("operator"):
        assert isinstance(again, ev.SignInRefused)
    else:
        assert stopped(office) is Halt.REVOKED


def test_an_ended_device_pays_nothing_and_can_still_be_counted_and_closed(office: Office) -> None:
    office.work()
    office.district.send_order(office.settings, xo.DeviceRevoked(wipe=False))
    assert stopped(office) is Halt.REVOKED
    office.ask(lambda o: ef.CloseSession(o, FLOAT, v.VarianceReason.NONE), ev.SessionClosed)
    office.sync()
    assert [each.fact for each in facts(office, j.DeviceStopped)] == [j.DeviceStopped(1, wipe=False)]


def test_a_wipe_destroys_keys_and_store_and_keeps_the_sealed_segments(office: Office) -> None:
    office.work()
    office.district.send_order(office.settings, xo.DeviceRevoked(wipe=True))
    office.desk.perform(ef.SyncNow())
    office.ask(ef.ListOperators, ev.Failed, ev.OperatorsListed)
    wiped = [each for each in office.recorder.seen if isinstance(each, ev.StateSeen)][-1]
    assert wiped.halt is Halt.WIPED
    assert not office.settings.store.exists()
    assert [each.name for each in office.settings.slots.rglob("*")] == [enrolled.NAME]
    assert enrolled.load(office.settings.slots).operators == (), "no name of anybody is left"
    kinds = [type(each.fact) for each in office.district.entries(office.settings)]
    assert kinds[-2:] == [j.SessionOpened, j.DeviceStopped], "what nobody else has was sealed before"
    assert not isinstance(office.sign_in(), ev.SignedIn)


def test_a_wiped_device_says_so_at_every_start_and_finishes_what_a_power_cut_left(office: Office) -> None:
    orders.destroy(office.settings)
    left = [office.settings.slots / "slot-tam.json", office.settings.store]
    for each in left:
        each.parent.mkdir(exist_ok=True)
        each.write_bytes(b"the power went before this was destroyed")
    for _ in range(2):
        desk = EndedDesk(office.settings, recorder := Recorder())
        desk.start()
        assert recorder.wait(ev.StateSeen).halt is Halt.WIPED
        desk.perform(ef.SyncNow())
        desk.stop()
        assert [each for each in left if each.exists()] == []


def test_a_wipe_waits_until_all_is_sealed_and_goes_on_at_the_next_sign_in(office: Office) -> None:
    """The spool cannot be written: the device pays nothing, but what nobody else has is not destroyed either."""
    office.sign_in()
    away = office.settings.outbox.rename(office.settings.outbox.with_name("away"))
    office.district.send_order(office.settings, xo.DeviceRevoked(wipe=True))
    office.desk.perform(ef.LockStore())
    assert isinstance(office.sign_in(), ev.Failed)
    office.cut_power()
    assert office.settings.store.exists()
    away.rename(office.settings.outbox)
    office.start()
    assert isinstance(office.sign_in(), ev.Failed)
    assert not office.settings.store.exists()
    assert len(facts(office, j.DeviceStopped)) == 1


Spoil = Callable[[bytes], bytes]


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: data[9:], lambda data: data + b"x"])
def test_a_damaged_order_is_refused_and_changes_nothing(office: Office, spoil: Spoil) -> None:
    office.sign_in()
    office.district.send_order(office.settings, xo.DeviceRevoked(wipe=True), spoil=spoil)
    assert stopped(office) is Halt.NONE
    assert spool.Inbox(office.settings.inbox).files() == ()
