"""The other device's QR takes a lease over from both pages of digits, and asks for no more digits afterwards."""

from __future__ import annotations

import pytest

from kiosk.flow import effects_lease as el_effects
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import values as v
from tests.flow.explore import HERE, LEASED, SHIFT
from tests.flow.walker import Walker

NUMBER = "079041000317"


@pytest.mark.parametrize("page", [sl.TypeCitizen(HERE, SHIFT, "0790"), sl.TypeCode(HERE, SHIFT, NUMBER, "48")])
def test_a_scan_is_asked_about_and_its_refusal_is_said(page: sc.Screen) -> None:
    walker = Walker(page)
    walker.does(ev.Scanned("TNL1ABC"))
    asked = walker.last(el_effects.ScanLease)
    assert asked.scanned == "TNL1ABC"
    walker.does(ev.Refused(asked.operation, v.RefusalKey.LEASE_QR_NOT_GENUINE))
    assert walker.on(sc.RefusedScreen).key is v.RefusalKey.LEASE_QR_NOT_GENUINE


@pytest.mark.parametrize(
    ("page", "following"),
    [(sl.TypeCitizen(HERE, SHIFT), sl.TypeCitizen), (sl.TypeCode(HERE, SHIFT, NUMBER), sl.TypeCode)],
)
def test_the_next_month_is_taken_over_from_the_same_page(page: sc.Screen, following: type) -> None:
    walker = Walker(page)
    walker.does(ev.Scanned("TNL1ABC"))
    walker.does(el.LeaseGot(walker.number(el_effects.ScanLease), SHIFT, LEASED))
    assert walker.on(sl.LeaseTaken).row == LEASED
    walker.does(el.AskAccept())
    assert getattr(walker.on(following), "number", "") == getattr(page, "number", "")
