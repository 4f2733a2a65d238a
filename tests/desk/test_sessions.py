"""Sign-in, lock, clock, cash session and mail of a real desk, without a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.commands import doctor
from kiosk.desk import enrolled
from kiosk.exchange import spool
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES
from kiosk.payout.key_facts import KeysChanged
from kiosk.payout.names import NOTICE_LETTERS, RefusalKey, Sequence, UnixSeconds
from tests.desk.area import FLOAT, NOW, OPERATOR, PIN, Office, pay_list


def test_the_operators_are_listed_before_anybody_signs_in(office: Office) -> None:
    listed = office.ask(ef.ListOperators, ev.OperatorsListed)
    assert listed.operators == (v.OperatorName(OPERATOR, "Lê Thị Tâm"),)


def test_a_wrong_pin_five_times_locks_the_slot(office: Office) -> None:
    answers = [office.sign_in("314159") for _ in range(6)]
    assert [each.tries_left for each in answers if isinstance(each, ev.SignInRefused)] == [4, 3, 2, 1, 0, 0]
    assert office.sign_in(PIN) == ev.SignInRefused(v.OperationId(7), 0)


def test_the_bundle_is_opened_after_sign_in_and_brings_the_route(office: Office) -> None:
    signed = office.sign_in()
    assert isinstance(signed, ev.SignedIn)
    rows = {row.household: row for row in signed.shift.rows}
    assert rows["h1"].due == 1_000_000
    assert rows["h1"].months == 2
    assert rows["h4"].status is v.VisitStatus.SENT_TO_BANK
    assert signed.shift.plan.amount == 2_000_000
    assert not spool.Inbox(office.settings.inbox).files()


def test_what_goes_to_the_bank_is_shown_as_such_and_is_not_payable(office: Office) -> None:
    listed = pay_list(2)
    by_bank = tuple(replace(owed, listed_on="2026-11-03") for owed in listed.entitlements)
    office.district.send_bundle(office.settings, 2, replace(listed, entitlements=by_bank))
    office.sign_in()
    loaded = office.ask(lambda o: ef.LoadHousehold(o, v.HouseholdId("h4")), ev.HouseholdLoaded)
    (who,) = loaded.household.recipients
    assert (who.due, who.sent_on) == (0, date(2026, 11, 3))
    assert [line.amount for line in who.already_sent] == [500_000]


def test_the_entered_date_counts_for_this_boot_and_never_below_the_floor(office: Office) -> None:
    office.sign_in()
    refused = office.ask(lambda o: ef.SetClock(o, date(2026, 11, 8)), ev.Refused, ev.ClockAccepted)
    assert isinstance(refused, ev.Refused)
    assert refused.key is RefusalKey.BELOW_TIME_FLOOR
    office.ask(lambda o: ef.SetClock(o, date(2026, 11, 9)), ev.ClockAccepted)


def test_a_day_without_payouts_balances_and_is_sealed(office: Office) -> None:
    office.work()
    compared = office.ask(lambda o: ef.CompareCount(o, FLOAT), ev.CountCompared)
    assert (compared.report.expected, compared.report.variance) == (FLOAT.amount, 0)
    refused = office.ask(lambda o: ef.CloseSession(o, NO_NOTES, v.VarianceReason.NONE), ev.Refused)
    assert refused.key is RefusalKey.VARIANCE_UNEXPLAINED
    office.ask(lambda o: ef.CloseSession(o, FLOAT, v.VarianceReason.NONE), ev.SessionClosed)
    office.sync()
    kinds = [type(entry.fact) for entry in office.district.entries(office.settings)]
    assert kinds[:4] == [j.EpochOpened, KeysChanged, j.DeviceStarted, j.BundleAccepted]
    assert kinds[4:] == [j.ClockSet, j.SessionOpened, j.SessionClosed]


def test_lock_takes_the_store_away_and_sign_in_brings_it_back(office: Office) -> None:
    office.work()
    office.desk.perform(ef.LockStore())
    failed = office.ask(ef.LoadRoute, ev.Failed, ev.RouteLoaded)
    assert failed == ev.Failed(v.OperationId(4), v.Trouble.STORE)
    again = office.sign_in()
    assert isinstance(again, ev.SignedIn)
    assert again.shift.session_open


def test_the_clock_of_unspent_cash_runs_over_the_nights(office: Office) -> None:
    office.work()
    office.cut_power()
    office.clock = lambda: UnixSeconds(NOW + 75 * 3600 + 59)
    office.start()
    later = office.sign_in()
    assert isinstance(later, ev.SignedIn)
    assert (later.shift.session_open, later.shift.cash_hours) == (True, 75)


def test_a_checkpoint_over_this_boot_proves_the_time_and_empties_the_queue(office: Office) -> None:
    office.sign_in()
    before = office.sync()
    assert before.time_proven is False
    office.district.send_checkpoint(office.settings)
    after = office.sync()
    assert after.time_proven is True
    assert after.sync is not None
    assert after.sync.waiting == 0


def test_segments_leave_the_spool_only_when_they_are_backed_up(office: Office) -> None:
    office.sign_in()
    office.sync()
    office.district.send_checkpoint(office.settings)
    office.sync()
    entries = office.district.entries(office.settings)
    assert entries, "acknowledged, but not backed up: still here (M5)"
    office.district.send_checkpoint(office.settings, backed_up=Sequence(entries[-1].sequence + 1))
    office.sync()
    assert office.district.entries(office.settings) == []


def test_an_older_bundle_is_refused_and_changes_nothing(office: Office) -> None:
    office.district.send_bundle(office.settings, version=3)
    office.sign_in()
    office.district.send_bundle(office.settings, version=2)
    office.sync()
    office.desk.stop()
    accepted = [e.fact for e in office.district.entries(office.settings) if isinstance(e.fact, j.BundleAccepted)]
    assert [each.version for each in accepted] == [1, 3]
    assert not spool.Inbox(office.settings.inbox).files()


def test_the_bundle_teaches_what_is_shown_and_said_without_a_sign_in(office: Office) -> None:
    before = enrolled.load(office.settings.slots)
    assert (before.issuers, before.notices) == (0, ())
    office.sign_in()
    after = enrolled.load(office.settings.slots)
    assert (after.issuers, after.operators) == (1, before.operators)
    long, short = after.notices_at(NOW)
    assert (len(long), short) == (NOTICE_LETTERS, "Chi trả từ ngày 1 đến ngày 10."), (
        "the newest first, the ended one gone"
    )
    assert office.sync().notices == (long, short)
    assert doctor.trust(office.settings).health is doctor.Health.GOOD
