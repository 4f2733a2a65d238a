"""A card that disagrees with the list or with itself: named, shown, written down, and refused where it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hardware.card.reading import Warn
from hardware.scanner import card_code
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import PERSONAS
from kiosk.desk.reading import Reading
from kiosk.devices.evidence import doubts_of
from kiosk.exchange import bundle as xb
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import FindPayee
from kiosk.payout import journal as j
from kiosk.payout.evidence import CardDoubt, card_refusal
from kiosk.payout.names import Level, RefusalKey, Role, Sex
from kiosk.payout.people import BirthDate, Payee, Person
from kiosk.text import AddressForm
from tests.desk.area import NOW, Office, pay_list
from tests.desk.area import person as villager
from tests.desk.test_payouts import HOMES, KHE, authorised, complete, counter, facts, lay, offered, pcsc, printer, read
from tests.hardware.card.kit import lay_person

__all__ = ["counter", "pcsc", "printer"]  # fixtures
SAU = villager("ba-sau")
CARD = lay_person("ba-sau").read()


@pytest.mark.parametrize(
    ("change", "doubts"),
    [
        ({}, ()),
        ({"full_name": "NGUYỄN THỊ SÁU"}, ()),
        ({"full_name": "Nguyễn  Thị Sáu "}, ()),
        ({"full_name": "Nguyê\u0303n Thi\u0323 Sa\u0301u"}, ()),
        ({"full_name": "Nguyễn Thị Sau"}, (CardDoubt.LIST_SPELLING,)),
        ({"full_name": "Thị Sáu Nguyễn"}, (CardDoubt.LIST_SPELLING,)),
        ({"full_name": "Nguyễn Thị Bảy"}, (CardDoubt.LIST_NAME,)),
        ({"birth": BirthDate(1941)}, ()),
        ({"birth": BirthDate(1941, 4)}, ()),
        ({"birth": BirthDate(1841, 4, 12)}, (CardDoubt.LIST_BIRTH,)),
        ({"birth": BirthDate(1941, 12, 4)}, (CardDoubt.LIST_BIRTH,)),
        ({"birth": BirthDate(1942)}, (CardDoubt.LIST_BIRTH,)),
        ({"sex": Sex.MALE}, (CardDoubt.LIST_SEX,)),
        (
            {"full_name": "Nguyễn Thị Bảy", "birth": BirthDate(1942), "sex": Sex.MALE},
            (CardDoubt.LIST_NAME, CardDoubt.LIST_BIRTH, CardDoubt.LIST_SEX),
        ),
    ],
)
def test_card_and_list(change: dict[str, object], doubts: tuple[CardDoubt, ...]) -> None:
    assert doubts_of(CARD, replace(SAU, **change)) == doubts  # type: ignore[arg-type]


def test_a_tone_may_stand_on_either_vowel_and_is_still_the_same_name() -> None:
    spelt = replace(CARD, person=replace(CARD.person, full_name="Trần Thị Thúy Hòa"))
    assert doubts_of(spelt, replace(SAU, full_name="Trần Thị Thuý Hoà")) == ()
    assert doubts_of(spelt, replace(SAU, full_name="Trần Thị Thùy Hòa")) == (CardDoubt.LIST_SPELLING,)


@pytest.mark.parametrize(
    ("warning", "doubt"),
    [
        (Warn.NUMBER_DIFFERS, CardDoubt.CARD_NUMBER),
        (Warn.NAME_DIFFERS, CardDoubt.CARD_NAME),
        (Warn.BIRTH_DIFFERS, CardDoubt.CARD_BIRTH),
        (Warn.SEX_DIFFERS, CardDoubt.CARD_SEX),
        (Warn.EXPIRY_DIFFERS, CardDoubt.CARD_EXPIRY),
        (Warn.MRZ_CHECK_DIGITS, CardDoubt.CARD_ZONE),
        (Warn.FILE_HIDDEN, CardDoubt.CARD_FILE),
        (Warn.FILE_MALFORMED, CardDoubt.CARD_FILE),
        (Warn.CONTROL_CHARACTERS, CardDoubt.CARD_FILE),
    ],
)
def test_a_card_that_contradicts_itself(warning: Warn, doubt: CardDoubt) -> None:
    assert doubts_of(replace(CARD, warnings=(Warn.SMALLER_READS, warning)), SAU) == (doubt,)


def printed(who: str = "ba-sau", **change: str) -> str:
    """The QR on a persona's card, with a field changed."""
    one = PERSONAS[who]
    fields = {"number": one.id_number, "old": "", "name": one.full_name, "birth": f"{one.birth:%d%m%Y}"}
    fields |= {"sex": one.sex, "home": "Ấp Bến Đò", "issued": f"{one.issued:%d%m%Y}"}
    return "|".join((fields | change).values())


@pytest.mark.parametrize(
    ("change", "doubts"),
    [
        ({}, ()),
        ({"name": "NGUYỄN THỊ SÁU", "birth": "00001941", "sex": "", "issued": ""}, ()),
        ({"name": "", "birth": ""}, ()),
        ({"number": "099000000099"}, (CardDoubt.QR_NUMBER,)),
        ({"name": "Nguyễn Thị Sau"}, (CardDoubt.QR_NAME,)),
        ({"name": "Thị Sáu Nguyễn"}, (CardDoubt.QR_NAME,)),
        ({"name": "Nguyễn Thị Bảy"}, (CardDoubt.QR_NAME,)),
        ({"birth": "12042041"}, (CardDoubt.QR_BIRTH,)),
        ({"birth": "04121941"}, (CardDoubt.QR_BIRTH,)),
        ({"birth": "00001942"}, (CardDoubt.QR_BIRTH,)),
        ({"sex": "Nam"}, (CardDoubt.QR_SEX,)),
        ({"issued": "01011999"}, (CardDoubt.QR_ISSUED,)),
    ],
)
def test_chip_and_printed_qr(change: dict[str, str], doubts: tuple[CardDoubt, ...]) -> None:
    assert doubts_of(CARD, SAU, card_code(printed(**change))) == doubts


def test_a_chip_without_marks_is_compared_by_its_letters() -> None:
    bare = replace(CARD, person=replace(CARD.person, full_name="NGUYEN THI SAU"), warnings=(Warn.NO_DETAILS,))
    assert CardDoubt.QR_NAME not in doubts_of(bare, SAU, card_code(printed()))
    assert CardDoubt.QR_NAME in doubts_of(bare, SAU, card_code(printed(name="Nguyễn Thị Bảy")))


def test_the_agent_is_shown_what_the_paper_says() -> None:
    code = card_code(printed(number="099000001234", name="Lý Ngàn", birth="00001930", sex="Nam", issued="02012020"))
    face = Reading(Payee(Role.SELF, SAU, SAU.id), CARD, code).face(v.Named(SAU.id, SAU.full_name, AddressForm.BA))
    shown = {each.kind: each.other for each in face.doubts}
    assert shown == {
        CardDoubt.QR_NUMBER: "1234",
        CardDoubt.QR_NAME: "Lý Ngàn",
        CardDoubt.QR_BIRTH: "1930",
        CardDoubt.QR_SEX: "",
        CardDoubt.QR_ISSUED: "02/01/2020",
    }


def test_the_agent_is_shown_the_other_reading_of_it() -> None:
    listed = replace(SAU, full_name="Nguyễn Thị Bảy", birth=BirthDate(1942))
    face = Reading(Payee(Role.SELF, listed, SAU.id), CARD).face(v.Named(SAU.id, listed.full_name, AddressForm.BA))
    assert face.doubts == (v.Doubt(CardDoubt.LIST_NAME, "Nguyễn Thị Sáu"), v.Doubt(CardDoubt.LIST_BIRTH, "1942"))
    assert face.birth == "12/04/1941"
    exact = replace(listed, birth=BirthDate(1941, 4, 13))
    assert Reading(Payee(Role.SELF, exact, SAU.id), CARD).face(face.payee).doubts[1].other == "13/04/1941"


def test_a_card_key_that_the_district_revoked_proves_nothing(office: Office) -> None:
    office.sign_in()
    books, key = office.desk._books, CARD.aa_key_fingerprint
    assert books is not None
    assert key is not None
    reading, day = Reading(Payee(Role.SELF, SAU, SAU.id), CARD), date(2026, 11, 9)

    def refusal() -> RefusalKey | None:
        return card_refusal(reading.evidence(books.known(), face_confirmed=True, attachment=None), day)

    assert refusal() is None
    revoked = tuple(xb.Revocation(subject, NOW) for subject in ("operator:ba", f"chip:{key.hex()}"))
    office.district.send_bundle(office.settings, version=2, revocations=revoked)
    office.sync()
    assert refusal() is RefusalKey.CHIP_REVOKED


# --- at the desk ------------------------------------------------------------------------------------------------------


def list_says(office: Office, changed: Person) -> None:
    """A new list that knows Bà Khế otherwise."""
    listed = pay_list(2)
    recipients = tuple(
        replace(each, person=changed) if each.person.id == changed.id else each for each in listed.recipients
    )
    office.district.send_bundle(office.settings, 2, replace(listed, recipients=recipients))
    office.sync()


def test_a_name_without_its_marks_is_shown_and_stands_in_the_signed_fact(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    list_says(office, replace(villager("ba-khe"), full_name="PHAM THI KHE"))
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    complete(office, offer, payout)
    face = next(each.face for each in office.recorder.seen if isinstance(each, ev.CardRead))
    assert face.doubts == (v.Doubt(CardDoubt.LIST_SPELLING, PERSONAS["ba-khe"].full_name),)
    fact = facts(office, j.PayoutAuthorised)[0].fact
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.doubts, fact.level) == ((CardDoubt.LIST_SPELLING,), Level.A)


def test_a_qr_that_says_otherwise_than_the_chip_is_shown_and_stands_in_the_signed_fact(
    counter: tuple[Office, Field],
) -> None:
    office, reader = counter
    found = office.ask(lambda o: FindPayee(o, printed("ba-khe", birth="28021944")), ev.PeopleFound)
    assert found.scan is not None
    assert (found.scan.whom, found.payee) == ((KHE,), KHE)
    complete(office, *authorised(office, reader, "ba-khe", KHE, found.scan.text))
    face = next(each.face for each in office.recorder.seen if isinstance(each, ev.CardRead))
    assert face.doubts == (v.Doubt(CardDoubt.QR_BIRTH, "28/02/1944"),)
    fact = facts(office, j.PayoutAuthorised)[0].fact
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.doubts, fact.level) == ((CardDoubt.QR_BIRTH,), Level.A)


def test_another_persons_number_on_the_list_is_refused_and_written_down(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    list_says(office, replace(villager("ba-khe"), full_name="Lý Thị Ngàn", birth=BirthDate(1930)))
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    assert [each.kind for each in answer.face.doubts] == [CardDoubt.LIST_NAME, CardDoubt.LIST_BIRTH]
    no = offered(office, answer.operation, KHE)
    assert isinstance(no, ev.Refused)
    assert no.key is RefusalKey.ANOTHER_PERSON
    written = [each.fact for each in facts(office, j.PayoutRefused)]
    assert [each.key for each in written if isinstance(each, j.PayoutRefused)] == [RefusalKey.ANOTHER_PERSON]


def test_a_certificate_nobody_can_use_leaves_every_issuer_unknown_and_the_kiosk_alive(
    counter: tuple[Office, Field],
) -> None:
    office, reader = counter
    office.district.send_bundle(office.settings, 2, trusted=(office.district.issuer.csca_certificate, b"\x30\x00"))
    office.sync()
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    no = offered(office, answer.operation, KHE)
    assert isinstance(no, ev.Refused)
    assert no.key is RefusalKey.LEVEL_TOO_LOW
