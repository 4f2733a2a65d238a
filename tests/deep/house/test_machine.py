"""The packages on a machine with a real systemd: who may what, and who comes back after a fall."""

from tests.deep.house.conftest import Machine

REFUSED = {"Permission denied", "Read-only file system", "Operation not permitted"}


def test_the_kiosk_starts_in_cage_under_its_own_user_and_reports_ready(machine: Machine) -> None:
    kiosk = machine.report("kiosk")
    assert machine.text("kiosk-state") == "active"
    assert kiosk["uid"] != 0
    assert kiosk["display"] == ":0"


def test_the_kiosk_writes_its_store_and_outbox_and_nothing_else(machine: Machine) -> None:
    kiosk = machine.report("kiosk")
    assert (kiosk["write_store"], kiosk["write_outbox"]) == ("1", "6")
    assert kiosk["write_etc"] in REFUSED
    assert kiosk["write_home"] in REFUSED
    assert kiosk["list_courier"] in REFUSED
    assert kiosk["memory"] in REFUSED | {"No such file or directory"}


def test_the_kiosk_has_no_network(machine: Machine) -> None:
    assert machine.report("kiosk")["network"] == "Address family not supported by protocol"


def test_the_kiosk_may_use_the_reader_without_a_seat_and_others_may_not(machine: Machine) -> None:
    readers = machine.report("kiosk")["readers"]
    assert isinstance(readers, list)
    assert any("Virtual PCD" in name for name in readers)
    assert machine.text("nobody-pcsc") not in {"0", ""}


def test_the_nightly_restart_restarts(machine: Machine) -> None:
    assert machine.text("restart") == "another"
    assert "tannha-kiosk-restart.timer" in machine.text("timers")


def test_a_killed_kiosk_comes_back(machine: Machine) -> None:
    assert int(machine.text("after-kill")) >= 1
    assert machine.text("after-kill-state") == "active"


def test_a_kiosk_whose_desk_hangs_is_restarted_by_the_watchdog(machine: Machine) -> None:
    assert int(machine.text("after-hang")) >= 1
    assert "Watchdog timeout" in machine.text("kiosk-journal")


def test_the_courier_reaches_the_network_and_the_spool_but_neither_store_nor_slots(machine: Machine) -> None:
    courier = machine.report("courier")
    assert courier["network"] == "None"
    assert courier["read_outbox"] == "sealed"
    assert courier["deliver"] == "delivered"
    assert courier["status"] == "2"
    assert {courier["list_store"], courier["list_slots"], courier["write_outbox"], courier["write_etc"]} <= REFUSED


def test_the_district_writes_its_own_folder_only(machine: Machine) -> None:
    district = machine.report("district")
    assert (district["network"], district["state"]) == ("None", "1")
    assert {district["list_store"], district["read_outbox"], district["deliver"], district["write_etc"]} <= REFUSED


def test_nothing_starts_before_somebody_enrols_the_device(machine: Machine) -> None:
    services = [line.split()[:2] for line in machine.text("units").splitlines()]
    assert {name for name, state in services if state == "enabled"} == set()


def test_the_real_programs_enrol_and_run_under_their_units(machine: Machine) -> None:
    """The kiosk is active only once it has said READY, and Xwayland lives only while a window is open in it."""
    assert "TUI07 practice" in machine.text("enrolment")
    assert {name: machine.text(f"real-{name}") for name in ("kiosk", "sync", "district")} == {
        "kiosk": "0 active",
        "sync": "0 active",
        "district": "0 active",
    }
    assert machine.text("windows") == "1"
    assert "startup failed" not in machine.text("real-kiosk-journal")
    assert machine.report("status")
