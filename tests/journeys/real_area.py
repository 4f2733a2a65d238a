"""A device whose district is a real one: database, commands, the stick between the two, a real desk and card."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from agent_sync import api, courier_home, stick
from agent_sync.courier import Courier
from agent_sync.district import cli, devices, standing_data, usb, verify, witness
from agent_sync.district.schema import case_table, person, recipient
from agent_sync.errors import BadAnswer
from agent_sync.wire import Answer
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
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import Seat
from tests.desk.area import NOW, OPERATOR, PIN, Office

KIT = DeviceId("kit-01")
STROKES = (((100, 100), (400, 700), (800, 200)),)
SOON = UnixSeconds(NOW + 20 * 86_400)


class Line:
    """The courier's network: straight into the district's application."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        """Files up."""
        return self._ask(expected, method="POST", url=path, content=body, headers={"Content-Type": api.OCTETS})

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        """Files down, unless the one with this tag is the newest."""
        return self._ask(expected, method="GET", url=path, headers={"If-None-Match": tag} if tag else {})

    def _ask(self, expected: tuple[int, ...], **what: object) -> Answer:
        response = self._browser.request(**what)
        if response.status_code not in expected:
            raise BadAnswer(f"the district answered {response.status_code}")
        return Answer(response.status_code, response.content, response.headers.get("ETag", ""))


class Area(Office):
    """A device whose district is a real one."""

    def __init__(self, home: Path, seat: Seat, kit: DeviceId = KIT, browser: Browser | None = None) -> None:
        """``browser`` asks the district's application: then the courier carries, without it a USB stick."""
        self.seat, self.browser = seat, browser
        self.folder = home
        self.kit = kit
        super().__init__(home / "device")

    def _enrol(self) -> None:
        home, database = self.seat.home, self.seat.database
        with database.write() as connection:
            qr = devices.invite(connection, home, self.kit, "Túi số 7", "home_visit")
        enrolment.begin(self.settings, qr, "Túi số 7", (OPERATOR, "Lê Thị Tâm", PIN), Argon2Params())
        asked = spool.read(spool.Outbox(self.settings.outbox).files()[0])
        with database.write() as connection:
            devices.receive_request(connection, home, xe.from_qr(qr).ticket, asked)
            grant = devices.confirm(connection, home, self.kit, xe.peek_request(asked).fingerprint())
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
        """What waits goes to the district and its answers come back; what the screen is told then."""
        link = courier_home.Link(self.seat.home.settings.url, self.seat.home.area, self.kit, 1)
        home = courier_home.CourierHome(self.folder, self.settings.outbox.parent, link)
        self.sync()
        self._by_stick(home) if self.browser is None else self._by_line(home, self.browser)
        halt = self.sync().halt
        assert halt is not None
        return halt

    def _by_stick(self, home: courier_home.CourierHome) -> None:
        carried = self.folder / "stick"
        carried.mkdir(exist_ok=True)
        stick.exchange(home, carried)
        usb.exchange(self.seat.home, self.seat.database, carried)
        stick.exchange(home, carried)

    @staticmethod
    def _by_line(home: courier_home.CourierHome, browser: Browser) -> None:
        courier = Courier(home, Line(browser))
        courier.upload()
        courier.download()

    def pay(self, reader: Field, key: str, by: str = "") -> ev.Completed | ev.Refused:
        """The recipient's own card, or that of ``by``, is laid and receives what is due."""
        by = by or key
        with self.seat.database.read() as connection:
            numbered = select(person.c.id).where(person.c.number == PERSONAS[key].id_number)
            who = connection.execute(numbered).scalar_one()
            home = connection.execute(select(recipient.c.household).where(recipient.c.person == who)).scalar_one()
            named = select(person.c.id).where(person.c.number == PERSONAS[by].id_number)
            payee = PersonId(connection.execute(named).scalar_one())
        reader.lay(CardProgram(card_of(self.district.issuer, by)))
        self.recorder.wait(ev.CardLaid)
        card = self.ask(lambda o: ef.ReadCard(o, v.HouseholdId(home), payee), ev.CardRead)
        made = self.ask(lambda o: ef.MakeOffer(o, card.operation, PersonId(who), True), ev.OfferMade, ev.Refused)
        reader_done = made if isinstance(made, ev.Refused) else self._hand_over(card, PersonId(who), made.offer)
        reader.take()
        self.recorder.wait(ev.CardTaken)
        return reader_done

    def _hand_over(self, card: ev.CardRead, who: PersonId, offer: v.Offer) -> ev.Completed:
        sealed = self.ask(lambda o: ef.Authorise(o, card.operation, who, offer.total, offer.hand_over), ev.Authorised)
        return self.ask(lambda o: ef.Complete(o, sealed.payout, offer.hand_over, STROKES), ev.Completed)

    def officer(self, *command: str) -> int:
        """A command of `tannha-district`; its exit code."""
        return cli.main([*command, "--home", str(self.seat.home.folder)])

    def kinds(self) -> set[str]:
        """The kinds of all cases."""
        with self.seat.database.read() as connection:
            return set(connection.execute(select(case_table.c.kind)).scalars())

    def verified(self) -> verify.Verification:
        """Every witness checked, and the whole area proved again."""
        while witness.check_pending(self.seat.database, self.seat.home.area):
            pass
        assert self.officer("verify") == 0
        return verify.verify(self.seat.home, self.seat.database)
