"""Another kit under a known name: new keys, a new epoch, no leases; the one before counts for its own epochs alone."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from agent_sync.api import FileAnswer
from agent_sync.district import bundles, devices, former_keys, ids, leases, orders, paper_days, standing_data, verify
from agent_sync.district.cases import CaseKind
from agent_sync.district.errors import NotPermitted
from agent_sync.district.intake import Intake
from agent_sync.district.schema import case_table, former_key, lease
from kiosk.desk import enrolled, enrolment, opening
from kiosk.desk.hours import Hours
from kiosk.desk.mail import Mail
from kiosk.exchange import enrolment as xe
from kiosk.exchange import spool
from kiosk.exchange.bundle import DeviceCard
from kiosk.payout.names import Epoch, Mode, OperatorId, UnixSeconds
from kiosk.settings import Settings
from kiosk.vault.pin import Argon2Params
from kiosk.vault.unlocked import Unlocked
from tests.agent_sync.field_kit import FieldKit, Seat

PIN, TAM = "271828", OperatorId("tam")


def send(seat: Seat, kit: FieldKit, first: int = 0) -> FileAnswer:
    return Intake(seat.home, seat.database).receive(kit.device, [kit.seal(first)])[0]


def kinds(seat: Seat) -> list[str]:
    with seat.database.read() as connection:
        return sorted(connection.execute(select(case_table.c.kind)).scalars())


def spent(seat: Seat) -> list[tuple[str, int]]:
    with seat.database.read() as connection:
        found = select(lease.c.entitlement, lease.c.epoch).where(lease.c.state == "spent")
        return [(row[0], row[1]) for row in connection.execute(found)]


def invited(seat: Seat, kit: FieldKit) -> str:
    with seat.database.write() as connection:
        return devices.invite(connection, seat.home, kit.device, "Túi mới", "home_visit", again=True)


def enrol(seat: Seat, kit: FieldKit, folder: Path) -> Settings:
    """A real kiosk goes the whole way, under the name of ``kit``."""
    settings, qr = Settings(folder), invited(seat, kit)
    shown = enrolment.begin(settings, qr, "Túi mới", (TAM, "Lê Thị Tâm", PIN), Argon2Params())
    (request,) = spool.Outbox(settings.outbox).files()
    with seat.database.write() as connection:
        assert devices.receive_request(connection, seat.home, xe.from_qr(qr).ticket, spool.read(request)) is None
        grant = devices.confirm(connection, seat.home, kit.device, shown)
    spool.Inbox(settings.inbox).deliver(spool.FileKind.ENROLMENT, "grant", grant)
    enrolment.finish(settings, PIN, ids.server_clock())
    return settings


def signed_in(settings: Settings) -> Mail:
    vault = enrolment.vault_of(settings, Mode.PRACTICE)
    unlocked = vault.unlock(TAM, PIN)
    assert isinstance(unlocked, Unlocked)
    hours = Hours(ids.server_clock, time.monotonic)
    books = opening.open_books(settings, enrolled.load(settings.slots), vault, unlocked, hours)
    return Mail(books, spool.Outbox(settings.outbox), spool.Inbox(settings.inbox))


def exchange(seat: Seat, kit: FieldKit, mail: Mail) -> None:
    """One visit of the courier: segments up, the bundle down."""
    mail.post()
    files = [spool.read(each) for each in mail.outbox.files() if each.kind is spool.FileKind.SEGMENT]
    answers = Intake(seat.home, seat.database).receive(kit.device, files)
    assert {each.outcome.value for each in answers} <= {"accepted", "duplicate"}, answers
    with seat.database.write() as connection:
        built = bundles.current(connection, seat.home, kit.device)
    mail.inbox.deliver(spool.FileKind.BUNDLE, f"{built.version:08d}", built.data)
    assert mail.take_in().refused == ()


@pytest.fixture
def paid(seat: Seat, kit: FieldKit) -> FieldKit:
    """The kit that was there first, after one payout that the district knows."""
    kit.pay("ba-sau")
    assert send(seat, kit).outcome.value == "accepted"
    return kit


def test_the_new_kit_begins_behind_the_old_one_and_pays_only_what_is_leased_to_it(
    seat: Seat, paid: FieldKit, tmp_path: Path
) -> None:
    before, end = spent(seat), paid.head
    mail = signed_in(enrol(seat, paid, tmp_path / "new"))
    opened = mail.books.store.entries(Epoch(2))[0].fact
    assert (mail.books.standing.epoch, opened.previous_epoch, opened.previous_head) == (2, 1, end)  # type: ignore[union-attr]
    exchange(seat, paid, mail)
    assert mail.books.pay_list.leases == (), "what the old kit holds may be paid already"
    expires = UnixSeconds(ids.server_clock() + 86_400)
    with seat.database.write() as connection:
        assert leases.reissue(connection, seat.home.area, paid.device, expires, "an", "binh").granted > 0
    exchange(seat, paid, mail)
    assert {each.epoch for each in mail.books.pay_list.leases} == {2}
    assert {owed for owed, _ in before}.isdisjoint(each.entitlement for each in mail.books.pay_list.leases)
    mail.books.store.close()
    assert verify.verify(seat.home, seat.database).problems == []


def test_the_old_keys_sign_their_own_epochs_and_nothing_else(seat: Seat, paid: FieldKit, tmp_path: Path) -> None:
    mail = signed_in(enrol(seat, paid, tmp_path / "new"))
    exchange(seat, paid, mail)
    mail.books.store.close()
    told, before = len(paid.entries), spent(seat)
    paid.pay("ba-khe")
    assert send(seat, paid, told).outcome.value == "accepted", "a cash fact is never refused (M6)"
    assert kinds(seat) == [CaseKind.REVOKED_DEVICE.value]
    assert spent(seat) == before, "no lease moves by its word"
    forger = replace(paid.twin(), epoch=Epoch(2), entries=[])
    forger._sign, forger.sign = paid._sign, paid.sign
    forger.begin()
    answer = send(seat, forger)
    assert (answer.outcome.value, answer.reason) == ("refused", "foreign_signature")
    report = verify.verify(seat.home, seat.database)
    assert (report.problems, report.completed) == ([], 2)
    with seat.database.read() as connection:
        keys = [paper_days.key_of(connection, seat.home.area, paid.device, Epoch(epoch)) for epoch in (1, 2)]
    assert mail.books.public is not None
    old = [each for each in mail.books.public.devices if each.before_epoch is not None]
    assert old == [DeviceCard(paid.device, paid.sign_public.hex(), 2)], "kits on the road check by it"
    with seat.database.write() as connection:
        connection.execute(update(former_key).values(replaced_at=ids.server_clock() - former_keys.TOLD_SECONDS - 9))
        assert former_keys.cards(connection, seat.home.area) == (DeviceCard(paid.device, "", 2),)
    message = b"a receipt of the old kit"
    assert [each is not None and each(paid.sign(message), message) for each in keys] == [True, False]


def test_a_revoked_kit_that_comes_back_with_new_keys_is_revoked_no_longer(
    seat: Seat, paid: FieldKit, tmp_path: Path
) -> None:
    with seat.database.write() as connection:
        standing_data.revoke(connection, seat.home.area, f"device:{paid.device}", "bo mạch cháy", "hoa")
    mail = signed_in(enrol(seat, paid, tmp_path / "new"))
    exchange(seat, paid, mail)
    assert mail.books.public is not None
    assert mail.books.public.revocations == ()
    assert mail.halts.reason() is None
    mail.books.store.close()


def test_until_the_officer_confirms_nothing_changes(seat: Seat, paid: FieldKit) -> None:
    invited(seat, paid)
    told = len(paid.entries)
    paid.pay("ba-khe")
    assert send(seat, paid, told).outcome.value == "accepted"
    assert kinds(seat) == []


def test_a_known_name_is_given_again_only_on_purpose_and_never_over_an_end_that_is_ordered(
    seat: Seat, paid: FieldKit, tmp_path: Path
) -> None:
    with seat.database.write() as connection:
        for name, again in ((paid.device, False), ("kit-99", True)):
            with pytest.raises(NotPermitted):
                devices.invite(connection, seat.home, name, "", "home_visit", again=again)  # type: ignore[arg-type]
        orders.order_end(connection, seat.home, paid.device, "mất", "hoa", wipe=True)
    with pytest.raises(NotPermitted, match="a name of its own"):
        enrol(seat, paid, tmp_path / "new")
