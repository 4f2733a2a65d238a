"""The tick goes out only while all parts answer, over a real datagram socket."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.watchdog import Notifier, Seconds, Watchdog, interval_from

PARTS = ("main", "desk", "reader")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(5)
        yield listener, path


def make(sent: list[str], clock: Hand) -> Watchdog:
    return Watchdog(PARTS, Seconds(10.0), clock, sent.append)


def test_ready_and_tick_reach_the_manager(manager: tuple[socket.socket, str]) -> None:
    listener, path = manager
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": path})
    assert notifier is not None
    watchdog = Watchdog(["main"], Seconds(1.0), lambda: 0.0, notifier.send)
    watchdog.ready()
    watchdog.report("main")
    assert watchdog.tick()
    assert [listener.recv(100), listener.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_an_abstract_name_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0tannha-watchdog-test")
        listener.settimeout(5)
        Notifier("@tannha-watchdog-test").send("READY=1")
        assert listener.recv(100) == b"READY=1"


def test_without_a_manager_nobody_is_told() -> None:
    assert Notifier.from_environment({}) is None
    assert Notifier.from_environment({"NOTIFY_SOCKET": ""}) is None


@pytest.mark.parametrize("address", ["vsock:2:1234", "relative/path", "/" + "x" * 107])
def test_an_unusable_address_is_a_fault(address: str) -> None:
    with pytest.raises(ValueError, match="NOTIFY_SOCKET"):
        Notifier.from_environment({"NOTIFY_SOCKET": address})


def test_a_manager_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Notifier(str(tmp_path / "gone")).send("READY=1")


@pytest.mark.parametrize("silent", PARTS)
def test_one_silent_part_stops_the_tick_and_is_named(silent: str) -> None:
    sent: list[str] = []
    clock = Hand()
    watchdog = make(sent, clock)
    for part in PARTS:
        watchdog.report(part)
    clock.now = 10.0
    assert watchdog.tick()
    for part in PARTS:
        if part != silent:
            watchdog.report(part)
    clock.now = 10.1
    assert not watchdog.tick()
    assert sent == ["WATCHDOG=1", f"STATUS=no answer from {silent}"]


def test_nobody_has_reported_at_the_start() -> None:
    watchdog = make([], Hand())
    assert watchdog.late() == PARTS
    assert not watchdog.tick()


def test_an_unknown_part_is_a_fault_and_not_a_life_sign() -> None:
    watchdog = make([], Hand())
    with pytest.raises(KeyError):
        watchdog.report("printer")
    with pytest.raises(ValueError, match="without parts"):
        Watchdog([], Seconds(1.0), Hand(), print)


def test_parts_report_from_their_own_threads() -> None:
    watchdog = make([], Hand())
    threads = [threading.Thread(target=watchdog.report, args=(part,)) for part in PARTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert watchdog.late() == ()


@given(st.lists(st.tuples(st.sampled_from([*PARTS, "tick"]), st.integers(0, 30)), max_size=40))
def test_a_tick_means_that_all_reported_within_the_interval(story: list[tuple[str, int]]) -> None:
    sent: list[str] = []
    clock = Hand()
    watchdog = make(sent, clock)
    last = dict.fromkeys(PARTS, -1000.0)
    for what, passed in story:
        clock.now += passed
        if what == "tick":
            assert watchdog.tick() == all(clock.now - at <= 10 for at in last.values())
        else:
            watchdog.report(what)
            last[what] = clock.now


def test_the_interval_is_half_of_what_the_manager_allows() -> None:
    assert interval_from({"WATCHDOG_USEC": "30000000"}) == 15.0
    assert interval_from({}) is None


@given(st.text(max_size=12).filter(lambda text: not (text.isascii() and text.isdigit())))
def test_any_other_text_is_a_fault(text: str) -> None:
    if text == "":
        assert interval_from({"WATCHDOG_USEC": text}) is None
    else:
        with pytest.raises(ValueError, match="WATCHDOG_USEC"):
            interval_from({"WATCHDOG_USEC": text})


@pytest.mark.parametrize("text", ["0", "3600000001", "99999999999"])
def test_a_time_out_of_bounds_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError, match="WATCHDOG_USEC"):
        interval_from({"WATCHDOG_USEC": text})
