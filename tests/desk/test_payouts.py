"""The way of one payout through the real desk: card on a real PC/SC reader, paper on a virtual printer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from hardware.card.authenticity import verify_active
from hardware.printer.profiles import PROFILES
from hardware.virtual.card.faults import FAULTS, FaultyCard
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.pcscd import running_pcscd
from hardware.virtual.printer.server import Server, new_machine
from kiosk.exchange import keys, spool
from kiosk.exchange.attachment import chip_files, open_attachment, referenced
from kiosk.exchange.claim import Claim, lease_tag, verify_claim
from kiosk.exchange.keys import opener
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.names import LeaseId, PersonId, RefusalKey, Sequence, UnixSeconds
from kiosk.store.store import Store
from kiosk.vault.unlocked import Unlocked
from tests.desk.area import FLOAT, NOW, OPERATOR, PIN, Office, until_empty

SECOND_READER_PORT = 35964
STROKES = (((100, 100), (400, 700), (800, 200)),)
SAU, TU, LAN, KHE = PersonId("ba-sau"), PersonId("ong-tu"), PersonId("con-lan"), PersonId("ba-khe")
HOMES = {SAU: v.HouseholdId("h1"), TU: v.HouseholdId("h2"), KHE: v.HouseholdId("h3")}


@pytest.fixture(scope="module", autouse=True)
def pcsc() -> Iterator[str]:
    """A PC/SC service with two virtual readers; these tests use the second."""
    with running_pcscd() as reader:
        yield reader


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Server]:
    """A virtual printer that confirms what it printed."""
    folder = tmp_path / "paper"
    folder.mkdir()
    server = Server(new_machine(PROFILES["epson-tm-m30"], folder, 30_000))
    server.listen_tcp(0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    if thread.is_alive():
        server.stop()
    thread.join(5)


@pytest.fixture
def counter(tmp_path: Path, printer: Server, pattern: Office) -> Iterator[tuple[Office, Field]]:
    """A desk at work, and the field of its reader."""
    office = Office(tmp_path / "device", printer.port, like=pattern)
    until_empty(office.settings.reader)
    office.station.start()
    office.work()
    with Field(SECOND_READER_PORT) as reader:
        yield office, reader
    office.desk.stop()
    office.station.stop()


def lay(office: Office, reader: Field, key: str) -> None:
    """Put a card on the reader and wait until the kiosk has seen it."""
    reader.lay(CardProgram(card_of(office.district.issuer, key)))
    office.recorder.wait(ev.CardLaid)


def read(
    office: Office, home: v.HouseholdId, payee: PersonId, scanned: str = ""
) -> ev.CardRead | ev.CardFailed | ev.Refused:
    """Read the card that lies there for a payee."""
    return office.ask(lambda o: ef.ReadCard(o, home, payee, scanned), ev.CardRead, ev.CardFailed, ev.Refused)


def offered(office: Office, reading: v.OperationId, who: PersonId, *, face: bool = True) -> ev.OfferMade | ev.Refused:
    """Ask what may be paid."""
    return office.ask(lambda o: ef.MakeOffer(o, reading, who, face), ev.OfferMade, ev.Refused)


def authorised(
    office: Office, reader: Field, card: str, who: PersonId, scanned: str = ""
) -> tuple[v.Offer, v.PayoutId]:
    """From the card to an open payout."""
    lay(office, reader, card)
    answer = read(office, HOMES[who], PersonId(card), scanned)
    assert isinstance(answer, ev.CardRead), answer
    made = offered(office, answer.operation, who)
    assert isinstance(made, ev.OfferMade), made
    offer = made.offer
    done = office.ask(
        lambda o: ef.Authorise(o, answer.operation, who, offer.total, offer.hand_over),
        ev.Authorised,
        ev.Refused,
        ev.Failed,
    )
    assert isinstance(done, ev.Authorised), done
    return offer, done.payout


def complete(office: Office, offer: v.Offer, payout: v.PayoutId) -> ev.Completed:
    """The recipient signs."""
    return office.ask(lambda o: ef.Complete(o, payout, offer.hand_over, STROKES), ev.Completed)


@pytest.mark.parametrize("resumes", [True, False])
def test_a_payout_under_a_lock_goes_on_or_is_uncertain(counter: tuple[Office, Field], resumes: bool) -> None:
    """The operator who unlocks finds the cash as it was; for whoever signs in anew nobody knows (M2)."""
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-sau", SAU)
    office.lock()
    signed = office.ask(lambda o: ef.SignIn(o, OPERATOR, PIN, resumes=resumes), ev.SignedIn)
    assert [each.payout for each in signed.shift.uncertain] == ([] if resumes else [payout])
    if resumes:
        complete(office, offer, payout)


def kept(office: Office) -> dict[str, bool]:
    """Every attachment the journal names, and whether this device still has it."""
    unlocked = office.vault.unlock(OPERATOR, PIN)
    assert isinstance(unlocked, Unlocked)
    with Store.open(office.settings.store, bytes(unlocked.store_key)) as store:
        names = referenced(store.entries(store.standing().epoch))
        return {name: store.attachment(name) is not None for name in names}


def test_evidence_is_shredded_once_the_district_has_backed_it_up(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    complete(office, *authorised(office, reader, "ba-sau", SAU))
    office.sync()
    office.lock()
    before = kept(office)
    assert len(before) == 2
    assert all(before.values()), "sent, but nothing says that the district has it"
    office.sign_in()
    entries = office.district.entries(office.settings)
    office.district.send_checkpoint(office.settings, backed_up=Sequence(entries[-1].sequence + 1))
    office.sync()
    office.lock()
    assert kept(office) == dict.fromkeys(before, False)


def facts(office: Office, kind: type[j.Fact]) -> list[j.Entry]:
    """Entries of one kind that reached the spool."""
    office.sync()
    return [each for each in office.district.entries(office.settings) if isinstance(each.fact, kind)]


def test_two_months_are_paid_witnessed_printed_and_sealed(counter: tuple[Office, Field], tmp_path: Path) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-sau", SAU)
    assert [str(line.period) for line in offer.lines] == ["2026-10", "2026-11"]
    assert offer.total == 1_000_000
    assert offer.simulated, "a virtual reader says so"
    done = complete(office, offer, payout)
    assert done.in_drawer == FLOAT.amount - 1_000_000
    printed = office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed)
    assert printed.result is v.PrintResult.PRINTED
    assert len(list((tmp_path / "paper").glob("*.png"))) == 1
    entry = facts(office, j.PayoutAuthorised)[0]
    assert isinstance(entry.fact, j.PayoutAuthorised)
    assert entry.witness is not None
    _witness_holds(office, entry, entry.fact, entry.witness)


@pytest.mark.parametrize("held", [False, True], ids=["only here", "held by the district"])
def test_what_only_this_kit_knows_is_printed_at_the_close_as_codes_that_name_the_leases(
    counter: tuple[Office, Field], tmp_path: Path, held: bool
) -> None:
    office, reader = counter
    complete(office, *authorised(office, reader, "ba-sau", SAU))
    office.sync()
    if held:
        office.district.send_checkpoint(office.settings)
        office.sync()
    report = Notes.of({500_000: 8, 200_000: 5, 100_000: 10, 50_000: 10})
    office.ask(lambda o: ef.CloseSession(o, report, v.VarianceReason.NONE), ev.SessionClosed)
    printed = office.ask(ef.PrintCashReport, ev.Printed)
    assert printed.result is v.PrintResult.PRINTED
    papers = sorted((tmp_path / "paper").glob("*.png"))
    assert len(papers) == (1 if held else 2)
    if not held:
        read = subprocess.run(["zbarimg", "--quiet", "--raw", str(papers[1])], capture_output=True, timeout=60)
        public = office.district.device_sign
        claim = verify_claim(read.stdout, lambda *_: lambda signature, said: keys.verify(public, signature, said))
        assert isinstance(claim, Claim)
        assert claim.leases == (lease_tag(LeaseId("l1-ba-sau-10")), lease_tag(LeaseId("l1-ba-sau-11")))


def _witness_holds(office: Office, entry: j.Entry, fact: j.PayoutAuthorised, witness: j.Witness) -> None:
    """What an inspector does later: the challenge from the fact, the key from the sealed evidence."""
    file = next(f for f in spool.Outbox(office.settings.outbox).files() if f.name == f"a-{fact.evidence}.tn")
    evidence = open_attachment(spool.read(file), opener(office.district.seal))
    dg15 = chip_files(evidence.content)["DG15"]
    nonces = [f"{0:032x}", f"{1:032x}"]
    assert j.challenge(fact, nonces).hex() == witness.challenge
    assert verify_active(dg15, bytes.fromhex(witness.challenge), bytes.fromhex(witness.response), None)
    assert not verify_active(dg15, bytes(8), bytes.fromhex(witness.response), None)


def test_the_daughter_receives_for_her_father(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "con-lan", TU)
    assert (offer.role, offer.payee.full_name) == (v.Role.ALTERNATE, "Trần Thị Lan")
    complete(office, offer, payout)
    fact = facts(office, j.PayoutAuthorised)[0].fact
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.recipient, fact.payee, fact.role) == (TU, LAN, v.Role.ALTERNATE)


def test_the_second_payment_is_refused_and_written_down(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    complete(office, offer, payout)
    lay(office, reader, "ba-khe")
    again = read(office, HOMES[KHE], KHE)
    assert isinstance(again, ev.CardRead)
    no = offered(office, again.operation, KHE)
    assert isinstance(no, ev.Refused)
    assert no.key is RefusalKey.ALREADY_PAID
    written = [each.fact for each in facts(office, j.PayoutRefused)]
    assert [each.key for each in written if isinstance(each, j.PayoutRefused)] == [RefusalKey.ALREADY_PAID]


@pytest.mark.parametrize(
    ("card", "home", "payee", "key"),
    [
        ("forged", HOMES[SAU], SAU, RefusalKey.CARD_NOT_GENUINE),
        ("cloned", HOMES[TU], TU, RefusalKey.CARD_NOT_GENUINE),
        ("altered", HOMES[TU], TU, RefusalKey.CARD_ALTERED),
    ],
)
def test_a_false_card_is_refused_by_what_is_wrong_with_it(
    counter: tuple[Office, Field], card: str, home: v.HouseholdId, payee: PersonId, key: RefusalKey
) -> None:
    office, reader = counter
    lay(office, reader, card)
    answer = read(office, home, payee)
    assert isinstance(answer, ev.Refused)
    assert answer.key is key


def test_somebody_elses_card_is_another_card(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[SAU], SAU)
    assert answer == ev.CardFailed(answer.operation, v.CardTrouble.OTHER_CARD)


def test_a_face_that_was_not_confirmed_is_not_paid(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    no = offered(office, answer.operation, KHE, face=False)
    assert isinstance(no, ev.Refused)
    assert no.key is RefusalKey.FACE_NOT_CONFIRMED


def test_a_card_taken_before_the_signature_leaves_no_payout(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    made = offered(office, answer.operation, KHE)
    assert isinstance(made, ev.OfferMade)
    reader.take()
    office.recorder.wait(ev.CardTaken)
    total, notes = made.offer.total, made.offer.hand_over
    failed = office.ask(lambda o: ef.Authorise(o, answer.operation, KHE, total, notes), ev.Authorised, ev.Failed)
    assert failed == ev.Failed(failed.operation, v.Trouble.CARD_GONE)
    assert facts(office, j.PayoutAuthorised) == []


def test_a_power_cut_over_an_open_payout_comes_back_uncertain(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    _, payout = authorised(office, reader, "ba-khe", KHE)
    office.station.stop()
    office.cut_power()
    office.start()
    office.station.start()
    signed = office.sign_in()
    assert isinstance(signed, ev.SignedIn)
    assert [case.payout for case in signed.shift.uncertain] == [payout]
    assert signed.shift.uncertain[0].expected_if_paid == FLOAT.amount - 500_000
    settled = office.ask(
        lambda o: ef.ResolveUncertain(o, payout, v.Outcome.PAID, FLOAT), ev.UncertainSettled, ev.Failed
    )
    assert isinstance(settled, ev.UncertainSettled)
    assert settled.shift.uncertain == ()
    assert settled.shift.in_drawer == FLOAT.amount - 500_000


def test_a_dead_printer_never_touches_the_payout(counter: tuple[Office, Field], printer: Server) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    complete(office, offer, payout)
    printer.stop()
    office.sync()
    failed = office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed)
    assert failed.result is not v.PrintResult.PRINTED
    assert len(facts(office, j.PayoutCompleted)) == 1
    assert len(facts(office, j.ReceiptPrinted)) == 1


def _rolled_back(office: Office) -> None:
    office.sync()
    office.district.send_checkpoint(office.settings, next=Sequence(999), head="a" * 64)
    office.sync()


def _silent(office: Office) -> None:
    office.clock = lambda: UnixSeconds(NOW + 15 * 86_400)
    office.desk._hours.operator_said(UnixSeconds(NOW + 15 * 86_400))


@pytest.mark.parametrize(("spoil", "key"), [(_rolled_back, RefusalKey.ROLLED_BACK), (_silent, RefusalKey.SUPPRESSED)])
def test_a_device_that_must_not_pay_says_why(
    counter: tuple[Office, Field], spoil: Callable[[Office], None], key: RefusalKey
) -> None:
    office, reader = counter
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    spoil(office)
    no = offered(office, answer.operation, KHE)
    assert isinstance(no, ev.Refused)
    assert no.key is key


def test_a_card_pulled_out_mid_read_is_asked_for_again_and_reads_the_second_time(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    honest = CardProgram(card_of(office.district.issuer, "ba-khe"))
    reader.lay(FaultyCard(honest, FAULTS["removed"]))
    office.recorder.wait(ev.CardLaid)
    pulled = read(office, HOMES[KHE], KHE)
    assert pulled == ev.CardFailed(pulled.operation, v.CardTrouble.REMOVED)
    reader.take()
    lay(office, reader, "ba-khe")
    assert isinstance(read(office, HOMES[KHE], KHE), ev.CardRead)


def test_no_paper_is_said_and_the_reprint_comes_out_when_there_is_some(
    counter: tuple[Office, Field], printer: Server, tmp_path: Path
) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    done, _ = complete(office, offer, payout), office.sync()
    given = next(each for each in office.district.entries(office.settings) if isinstance(each.fact, j.PayoutAuthorised))
    assert done.code == j.slip_code(given.hash), "what is copied by hand names what the district has"
    printer.machine.roll.left = 0
    failed = office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed)
    assert failed.result is v.PrintResult.FAILED
    told = [each for each in office.recorder.seen if each == failed or getattr(each, "printer", None) is not None]
    assert told[told.index(failed) - 1] == ev.StateSeen(printer=v.PrinterLight.NO_PAPER)
    printer.machine.roll.left = 100_000
    again = office.ask(lambda o: ef.Print(o, payout, 1), ev.Printed)
    assert again.result is v.PrintResult.PRINTED
    prints = [each.fact for each in facts(office, j.ReceiptPrinted)]
    assert [(each.copy, each.result) for each in prints if isinstance(each, j.ReceiptPrinted)] == [
        (0, v.PrintResult.FAILED),
        (1, v.PrintResult.PRINTED),
    ]


def test_a_full_disk_is_said_and_loses_nothing(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    _disk(office, full=True)
    scribble = tuple(tuple((x, y) for x in range(400)) for y in range(60))
    failed = office.ask(lambda o: ef.Complete(o, payout, offer.hand_over, scribble), ev.Completed, ev.Failed)
    assert failed == ev.Failed(failed.operation, v.Trouble.DISK_FULL)
    _disk(office, full=False)
    done = complete(office, offer, payout)
    assert done.in_drawer == FLOAT.amount - 500_000
    assert len(facts(office, j.PayoutCompleted)) == 1


def _disk(office: Office, *, full: bool) -> None:
    """Let SQLite run out of pages, or give it all of them back, in the thread that owns it."""

    def limit() -> None:
        books = office.desk._books
        assert books is not None
        books.store._connection.exec_driver_sql(f"PRAGMA max_page_count={1 if full else 2**30}")
        books.store._connection.rollback()

    office.desk._jobs.put(limit)
