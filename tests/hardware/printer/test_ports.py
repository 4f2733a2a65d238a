"""Wires that are not there, wires that break, and addresses that cannot be."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import usb.core

from hardware.printer import ports
from hardware.printer.errors import PortLost, PortStalled, PortUnavailable, PrinterError
from hardware.printer.profiles import (
    BAUD_RATES,
    GENERIC_58,
    PROFILES,
    Profile,
)


def test_a_closed_port_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
    with pytest.raises(PortUnavailable) as caught:
        ports.network("127.0.0.1", number)()
    assert "\n" not in str(caught.value)


def test_a_serial_device_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(PortUnavailable):
        ports.serial_line(str(tmp_path / "rfcomm0"), GENERIC_58)()


def test_a_usb_printer_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(PortUnavailable):
        ports.usb_device(0x0FE6, 0x811E, GENERIC_58)()


@pytest.mark.parametrize(("host", "port"), [("", 9100), ("x" * 300, 9100), ("h", 0), ("h", 65_536)])
def test_an_address_that_cannot_be(host: str, port: int) -> None:
    with pytest.raises(ValueError, match="address"):
        ports.network(host, port)


@pytest.mark.parametrize(("vendor", "product"), [(0, 1), (1, 0), (0x10000, 1), (1, -1)])
def test_usb_ids_have_sixteen_bits(vendor: int, product: int) -> None:
    with pytest.raises(ValueError, match="16 bits"):
        ports.usb_device(vendor, product, GENERIC_58)


@dataclass
class Cable:
    """Stands for pyusb's device: takes ``room`` bytes, then fails with ``then``."""

    room: int = 1 << 20
    then: usb.core.USBError | None = None
    taken: bytes = b""
    coming: list[bytes] = field(default_factory=list)
    limits_ms: list[int] = field(default_factory=list)

    def write(self, endpoint: int, data: bytes, timeout: int) -> int:
        assert endpoint == GENERIC_58.usb_out
        self.limits_ms.append(timeout)
        if self.then is not None and not self.room:
            raise self.then
        count = min(64, self.room, len(data))
        self.room -= count
        self.taken += data[:count]
        return count

    def read(self, endpoint: int, size: int, timeout: int) -> bytes:
        assert endpoint == GENERIC_58.usb_in
        assert size >= 64
        self.limits_ms.append(timeout)
        if self.coming:
            return self.coming.pop(0)
        raise self.then or usb.core.USBTimeoutError("timeout", errno=errno.ETIMEDOUT)

    def close(self) -> None:
        self.room = 0


def usb_port(cable: Cable) -> ports.UsbPort:
    return ports.UsbPort(cable, cable, GENERIC_58.usb_out, GENERIC_58.usb_in)


def test_usb_writes_all_in_its_own_packets() -> None:
    cable = Cable()
    usb_port(cable).write(b"x" * 1000, 1.5)
    assert cable.taken == b"x" * 1000
    assert set(cable.limits_ms) == {1500}


def test_usb_says_how_much_went_out_before_it_stalled() -> None:
    cable = Cable(room=100, then=usb.core.USBTimeoutError("timeout", errno=errno.ETIMEDOUT))
    with pytest.raises(PortStalled) as caught:
        usb_port(cable).write(b"x" * 1000, 0.1)
    assert caught.value.sent == 100


def test_a_usb_cable_out_is_lost_both_ways() -> None:
    gone = usb.core.USBError("no such device", errno=errno.ENODEV)
    with pytest.raises(PortLost):
        usb_port(Cable(room=0, then=gone)).write(b"x", 0.1)
    with pytest.raises(PortLost):
        usb_port(Cable(then=gone)).read(1, 0.1)


def test_usb_reads_what_comes_and_silence_is_empty() -> None:
    port = usb_port(Cable(coming=[b"\x12"]))
    assert port.read(1, 0.1) == b"\x12"
    assert port.read(1, 0.1) == b""


def test_every_fault_has_a_key_of_its_own() -> None:
    kinds = [PrinterError, *PrinterError.__subclasses__()]
    assert len({kind.key for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_receipt_fits_the_buffers_of_every_profile(name: str) -> None:
    profile = PROFILES[name]
    assert profile.name == name
    assert profile.baud in BAUD_RATES
    assert profile.paper.width in (384, 512, 576)


@pytest.mark.parametrize(
    "wrong",
    [
        {"band_rows": 0},
        {"chunk_bytes": 1},
        {"bytes_per_second": -1},
        {"feed_units_per_dot": 0},
        {"baud": 1200},
        {"feed_out_mm": 99},
    ],
    ids=str,
)
def test_settings_beyond_reason_make_no_profile(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Profile("x", "x", GENERIC_58.paper, **wrong)  # type: ignore[arg-type]
