"""Last week's disk is put back: the whole way from the halt over the officer's order to the next payout.

A real district with a database, the courier's stick between the two, a real desk with a real card: only the people are
played.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_sync import courier_home, stick
from agent_sync.district import cli, devices, ids, leases, standing_data, trusts, usb, verify, witness
from agent_sync.district.cases import CaseKind
from agent_sync.district.schema import case_table, person, recipient
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from kiosk.desk import enrolment
from kiosk.exchange import enrolment as xe
from kiosk.exchange import spool
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.halt import Halt
from kiosk.payout.names import DeviceId, PersonId, UnixSeconds
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.vault.pin import Argon2Params
from tests.agent_sync.field_kit import MONTH, Seat, new_district
from tests.desk.area import NOW, OPERATOR, PIN, Office, until_empty
from tests.journeys.conftest import SECOND_READER_PORT

KIT = DeviceId("kit-01")
STROKES = (((100, 100), (400, 700), (800, 200)),)
SOON = UnixSeconds(NOW + 20 * 86_400)


class Area(Office):
    """A device whose district is a real one."""

    def __init__(self, home: Path, seat: Seat) -> None:
        self.seat = seat
        self.folder = home
        super().__init__(home / "device")

    def _enrol(self) -> None:
        home, database = self.seat.home, self.seat.database
        with database.write() as connection:
            qr = devices.invite(connection, home, KIT, "Túi số 7", "home_visit")
        enrolment.begin(self.settings, qr, "Túi số 7", (OPERATOR, "Lê Thị Tâm", PIN), Argon2Params())
        asked = spool.read(spool.Outbox(self.settings.outbox).files()[0])
        with database.write() as connection:
            devices.receive_request(connection, home, xe.from_qr(qr).ticket, asked)
            grant = devices.confirm(connection, home, KIT, xe.peek_request(asked).fingerprint())
            standing_data.add_agent(
                connection, home.area, OperatorCard(OPERATOR, "Lê Thị Tâm", OperatorRole.SUPERVISOR)
            )
        spool.Inbox(self.settings.inbox).deliver(spool.FileKind.ENROLMENT, "grant", grant)
        enrolment.finish(self.settings, PIN, NOW)

    def start(self) -> None:
        """Switch the device on, with its reader."""
        super().start()
        self.station.start()

    def cut_power(self) -> None:
        """The device goes down."""
        self.desk.stop()
        self.station.stop()

    def meet(self) -> Halt:
        """The stick goes to the district and back; what the screen is told then."""
        link = courier_home.Link(self.seat.home.settings.url, self.seat.home.area, KIT, 1)
        home = courier_home.CourierHome(self.folder, self.settings.outbox.parent, link)
        carried = self.folder / "stick"
        carried.mkdir(exist_ok=True)
        self.sync()
        stick.exchange(home, carried)
        usb.exchange(self.seat.home, self.seat.database, carried)
        stick.exchange(home, carried)
        halt = self.sync().halt
        assert halt is not None
        return halt

    def pay(self, reader: Field, key: str) -> ev.Completed | ev.Refused:
        """A household's payee lays the card and receives what is due."""
        with self.seat.database.read() as connection:
            same = (person.c.area == recipient.c.area) & (person.c.id == recipient.c.person)
            found = select(person.c.id, recipient.c.household).select_from(recipient.join(person, same))
            who, home = connection.execute(found.where(person.c.number == PERSONAS[key].id_number)).one()
        reader.lay(CardProgram(card_of(self.district.issuer, key)))
        self.recorder.wait(ev.CardLaid)
        card = self.ask(lambda o: ef.ReadCard(o, v.HouseholdId(home), PersonId(who)), ev.CardRead)
        made = self.ask(lambda o: ef.MakeOffer(o, card.operation, PersonId(who), True), ev.OfferMade, ev.Refused)
        reader_done = made if isinstance(made, ev.Refused) else self._hand_over(card, PersonId(who), made.offer)
        reader.take()
        self.recorder.wait(ev.CardTaken)
        return reader_done

    def _hand_over(self, card: ev.CardRead, who: PersonId, offer: v.Offer) -> ev.Completed:
        sealed = self.ask(lambda o: ef.Authorise(o, card.operation, who, offer.total, offer.hand_over), ev.Authorised)
        return self.ask(lambda o: ef.Complete(o, sealed.payout, offer.hand_over, STROKES), ev.Completed)


@pytest.fixture
def area(tmp_path: Path, pcsc: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Area]:
    """District, list, issuer, leases, and the device at the roadside."""
    began = time.monotonic()

    def clock(*_: object) -> UnixSeconds:
        return UnixSeconds(NOW + int(time.monotonic() - began))

    monkeypatch.setattr(ids, "now", clock)
    seat = new_district(tmp_path / "district")
    seat.load_sample(tmp_path)
    until_empty(pcsc)
    up = Area(tmp_path, seat)
    issuer = tmp_path / "csca.der"
    issuer.write_bytes(up.district.issuer.csca_certificate)
    with seat.database.write() as connection:
        trusts.add(connection, seat.home, issuer)
        leases.grant(connection, seat.home.area, KIT, leases.Wanted(MONTH), SOON, "an")
    yield up
    up.cut_power()
    seat.database.close()


def officer(area: Area, *command: str) -> int:
    return cli.main([*command, "--home", str(area.seat.home.folder)])


def kinds(area: Area) -> set[str]:
    with area.seat.database.read() as connection:
        return set(connection.execute(select(case_table.c.kind)).scalars())


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
        assert kinds(area) == {CaseKind.ROLLED_BACK.value}

        assert officer(area, "device", "new-epoch", KIT) == 0
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
    while witness.check_pending(area.seat.database, area.seat.home.area):
        pass
    report = verify.verify(area.seat.home, area.seat.database)
    assert report.problems == []
    assert (report.completed, report.chip_witness_verified) == (2, 2)
    assert officer(area, "verify") == 0
    assert CaseKind.DOUBLE_CLAIM.value not in kinds(area)
