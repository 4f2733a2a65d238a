"""At the pay point: whom a scanned card or six digits mean; and a weak battery starts nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow.effects_house import FindPayee
from kiosk.payout import journal as j
from kiosk.payout.names import HouseholdId, PersonId, RefusalKey
from tests.desk.area import Office, person
from tests.desk.test_payouts import facts


def find(office: Office, key: str) -> ev.PeopleFound:
    return office.ask(lambda o: FindPayee(o, key), ev.PeopleFound)


def test_a_scanned_card_names_one_payee(office: Office) -> None:
    office.work()
    who = person("ba-khe")
    found = find(office, f"{who.number}||{who.full_name}|01011950|Nữ|Ấp Bến Đò|01012021")
    assert found.payee == who.id
    assert found.household is not None
    assert found.household.row.household == "h3"


def test_six_digits_of_the_daughter_lead_to_her_fathers_household(office: Office) -> None:
    office.work()
    found = find(office, person("con-lan").number[-6:])
    assert (found.payee, found.homes) == ("con-lan", ("h2",))


@pytest.mark.parametrize("key", ["000000", "12345", "https://example.invalid", "079041000317", "٠٠٠٠٠٠"])
def test_who_is_in_no_list_is_nobody(office: Office, key: str) -> None:
    office.work()
    assert find(office, key).homes == ()


def test_below_the_set_charge_no_card_is_read(office: Office, tmp_path: Path) -> None:
    battery = tmp_path / "power" / "battery"
    battery.mkdir(parents=True)
    for name, value in (("type", "Battery"), ("capacity", "5"), ("status", "Discharging")):
        (battery / name).write_text(value)
    office.desk.stop()
    office.settings = replace(office.settings, power_supplies=tmp_path / "power")
    office.start()
    office.work()
    refused = office.ask(lambda o: ef.ReadCard(o, HouseholdId("h3"), PersonId("ba-khe")), ev.Refused)
    assert refused.key is RefusalKey.BATTERY_LOW
    office.sync()
    assert [each.fact.key for each in facts(office, j.PayoutRefused)] == [RefusalKey.BATTERY_LOW]
    (battery / "status").write_text("Charging")
    refused = office.ask(lambda o: ef.MakeOffer(o, o, PersonId("ba-khe"), face_confirmed=True), ev.Failed)
    assert refused.operation
