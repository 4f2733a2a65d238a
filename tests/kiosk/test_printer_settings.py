"""A printer that differs from its model's profile is set otherwise, and nonsense is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.printer.profiles import GENERIC_58
from kiosk.devices.printing import printer_for
from kiosk.settings import PrinterSettings, SettingsFault, from_mapping


def settings(differs: object) -> PrinterSettings:
    table = {"kind": "network", "address": "printer:9100", "profile": "generic-58", "differs": differs}
    return from_mapping(Path("/"), {"printer": table}).printer


def test_what_a_printer_does_otherwise_is_taken_over() -> None:
    printer = printer_for(settings({"doubles": False, "feed_out_mm": 20}))
    assert printer is not None
    assert (printer.profile.doubles, printer.profile.feed_out_mm) == (False, 20)
    assert printer.profile.band_rows == GENERIC_58.band_rows


def test_a_copy_for_the_post_is_a_setting() -> None:
    assert from_mapping(Path("/"), {"printer": {"agent_copy": True}}).printer.agent_copy
    assert not PrinterSettings().agent_copy
    with pytest.raises(SettingsFault, match="agent_copy"):
        from_mapping(Path("/"), {"printer": {"agent_copy": "yes"}})


@pytest.mark.parametrize(
    "differs",
    [{"feed_out_mm": 99}, {"paper": 80}, {"doubles": 2}, {"band_rows": True}, {"band_rows": "64"}, ["doubles"], {3: 4}],
    ids=str,
)
def test_nonsense_is_refused(differs: object) -> None:
    with pytest.raises(SettingsFault, match="differs"):
        printer_for(settings(differs))
