"""Last week's disk is put back: the whole way from the halt over the officer's order to the next payout."""

from __future__ import annotations

import shutil

from agent_sync.district import leases
from agent_sync.district.cases import CaseKind
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import PERSONAS
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow.halt import Halt
from kiosk.payout.names import UnixSeconds
from tests.desk.area import NOW
from tests.journeys.conftest import SECOND_READER_PORT
from tests.journeys.real_area import KIT, SOON, Area


def test_a_restored_disk_halts_and_after_the_order_it_pays_again_and_verify_is_clean(area: Area) -> None:
    area.sign_in()
    assert area.meet() is Halt.NONE
    area.cut_power()
    for part in ("store", "spool"):
        shutil.copytree(area.settings.home / part, area.folder / "image" / part)
    area.start()
    with Field(SECOND_READER_PORT) as reader:
        area.work()
        assert isinstance(area.pay(reader, "ba-khe"), ev.Completed)
        assert area.meet() is Halt.NONE
        area.cut_power()
        for part in ("store", "spool"):
            shutil.rmtree(area.settings.home / part)
            shutil.copytree(area.folder / "image" / part, area.settings.home / part)
        area.clock = lambda: UnixSeconds(NOW + 600)  # a later boot than any that the district knows
        area.start()
        area.sign_in()
        assert area.meet() is Halt.ROLLED_BACK
        assert area.kinds() == {CaseKind.ROLLED_BACK.value}

        assert area.officer("device", "new-epoch", KIT) == 0
        assert area.meet() is Halt.NONE, "the order came, and the halt went by itself"
        area.meet()
        with area.seat.database.write() as connection:
            done = leases.reissue(connection, area.seat.home.area, KIT, SOON, "an", "binh")
        assert done.granted > 0
        area.meet()

        area.work()
        rows = area.ask(ef.LoadRoute, ev.RouteLoaded).rows
        names = {name for row in rows for name in row.names}
        assert PERSONAS["ba-khe"].full_name not in names, "paid in the day that was lost (M1)"
        assert isinstance(area.pay(reader, "ba-sau"), ev.Completed)
        area.meet()
    report = area.verified()
    assert report.problems == []
    assert (report.completed, report.chip_witness_verified) == (2, 2)
    assert CaseKind.DOUBLE_CLAIM.value not in area.kinds()
