"""For one recipient of a house: whose, which way, which account, the pen; and chip against list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import screens_wish as sw
from kiosk.flow import values as v
from kiosk.flow.effects import Speak
from kiosk.flow.effects_house import PlanHouse, ReadAccount, TakeStatement
from kiosk.flow.values_house import Number, Plan, Request, Topic
from kiosk.flow.values_wish import BankCode, PayWay, Wish, names_another
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import Right, StatementKind
from tests.flow.explore import HERE, HOUSE, SHIFT, STROKE
from tests.flow.walker import Walker
from tests.screens.gallery import LANH, THUAN
from tests.screens.gallery_wish import ACCOUNT, COMPARED

ALONE = replace(HOUSE, recipients=HOUSE.recipients[:1])


@pytest.fixture
def house() -> Walker:
    return Walker(sc.AtHouse(HERE, SHIFT, sc.Visit(ALONE)))


def asks(walker: Walker, request: Request) -> None:
    walker.does(ev.AskTopic(Topic.REQUEST), ev.Picked(request))


def types(walker: Walker, digits: str) -> None:
    walker.does(*(ev.Digit(int(digit)) for digit in digits), ev.Confirm())


def test_of_several_it_is_asked_whose_complaint_it_is() -> None:
    walker = Walker(sc.AtHouse(HERE, SHIFT, sc.Visit(HOUSE)))
    asks(walker, Request.COMPLAINT)
    assert walker.on(sw.ChooseWhom).request is Request.COMPLAINT
    walker.does(ev.PayeeChosen(THUAN.id), *(ev.Letter(key) for key in "THIEEUS"), ev.Confirm())
    assert walker.last(TakeStatement).statement.recipient == THUAN.id


def test_an_account_is_scanned_read_back_aloud_and_signed_for(house: Walker) -> None:
    asks(house, Request.METHOD)
    house.does(ev.Decline(), ev.Picked(PayWay.BANK), ev.Scanned("000201..."))
    asked = house.last(ReadAccount)
    house.does(ev.AccountRead(asked.operation, ACCOUNT))
    assert house.on(sw.ReadBack).wish == ACCOUNT
    assert house.last(Speak).digits == ACCOUNT.number
    house.does(ev.Confirm(), ev.Confirm())
    assert isinstance(house.screen, sw.SignStatement), "nothing is taken before there is a stroke"
    house.does(ev.StrokeDrawn(STROKE), ev.Confirm())
    said = house.last(TakeStatement).statement
    assert (said.about, said.choice, said.wish, said.strokes) == (StatementKind.METHOD, "bank", ACCOUNT, (STROKE,))
    house.does(ev.StatementKept(house.last(TakeStatement).operation, said.about, "D-1-9", v.PrintResult.PRINTED))
    house.does(ev.Confirm())
    house.on(sc.AtHouse)


def test_an_account_in_another_name_is_told_and_written_down(house: Walker) -> None:
    asks(house, Request.METHOD)
    house.does(ev.Decline(), ev.Picked(PayWay.BANK), ev.Scanned("000201..."))
    house.does(ev.AccountRead(house.last(ReadAccount).operation, replace(ACCOUNT, holder="DANG HUU THUAN")))
    assert house.on(sw.ReadBack).wish.other_name
    house.does(ev.Confirm(), ev.StrokeDrawn(STROKE), ev.Confirm())
    wish = house.last(TakeStatement).statement.wish
    assert wish is not None
    assert wish.other_name


@pytest.mark.parametrize(
    ("holder", "name", "another"),
    [
        ("", "Nguyễn Thị Hương Lành", False),
        ("NGUYEN THI HUONG LANH", "Nguyễn Thị Hương Lành", False),
        ("nguyễn thị  hương lành", "Nguyễn Thị Hương Lành", False),
        ("DANG HUU DO", "Đặng Hữu Đô", False),
        ("NGUYEN HOANG THI PHUONG T", "Nguyễn Hoàng Thị Phương Thảo", False),  # cut at 25 letters
        ("NGUYEN HOANG THI PHUONG D", "Nguyễn Hoàng Thị Phương Thảo", True),
        ("NGUYEN THI LANH", "Nguyễn Thị Hương Lành", True),
        ("DANG HUU THUAN", "Nguyễn Thị Hương Lành", True),
    ],
)
def test_whether_a_code_names_somebody_else(holder: str, name: str, another: bool) -> None:
    assert names_another(holder, name) is another


def test_how_somebody_is_addressed_is_asked_and_kept(house: Walker) -> None:
    asks(house, Request.FORM)
    assert house.on(sc.Pick).who == LANH.id
    house.does(ev.Picked(v.AddressForm.CHI))
    wanted = house.last(PlanHouse)
    assert (wanted.plan, wanted.who, wanted.words) == (Plan.FORM, LANH.id, "chi")
    house.does(ev.HousePlanned(wanted.operation, ALONE, SHIFT.rows))
    house.on(sc.AtHouse)


def test_a_code_that_is_no_account_is_asked_for_again(house: Walker) -> None:
    asks(house, Request.METHOD)
    house.does(ev.Decline(), ev.Picked(PayWay.BANK), ev.Scanned("079041000317|..."))
    house.does(ev.AccountRead(house.last(ReadAccount).operation, None))
    assert house.on(sw.GiveAccount).wrong


def test_by_hand_the_bank_comes_first(house: Walker) -> None:
    asks(house, Request.METHOD)
    house.does(ev.Decline(), ev.Picked(PayWay.BANK), ev.AskNumber(Number.ACCOUNT), ev.BankChosen(BankCode("970449")))
    types(house, "123")
    assert house.on(sc.TypeNumber).wrong
    types(house, "0123456789")
    assert house.on(sw.ReadBack).wish == Wish(PayWay.BANK, BankCode("970449"), "0123456789")
    house.does(ev.Decline())
    assert not house.on(sw.ChooseWay).no_cash


@pytest.mark.parametrize(
    ("way", "wish"),
    [
        ((ev.Picked(PayWay.CASH),), Wish(PayWay.CASH)),
        ((ev.Decline(), ev.Picked(PayWay.WALLET)), Wish(PayWay.WALLET, number="0912345678")),
        (
            (ev.Decline(), ev.Picked(PayWay.BANK), ev.AskNumber(Number.CALL)),
            Wish(PayWay.OPEN_ACCOUNT, number="0912345678"),
        ),
    ],
)
def test_every_way_is_read_back(house: Walker, way: tuple[ev.Event, ...], wish: Wish) -> None:
    asks(house, Request.METHOD)
    house.does(*way)
    if wish.number:
        types(house, wish.number)
    assert house.on(sw.ReadBack).wish == wish


def test_whoever_does_not_sign_on_glass_signs_the_slip(house: Walker) -> None:
    asks(house, Request.CARD_HANDED)
    types(house, "0042")
    house.does(ev.StrokeDrawn(STROKE), ev.AskCannotSign())
    said = house.last(TakeStatement).statement
    assert (said.about, said.words, said.strokes) == (StatementKind.CARD_HANDED, "0042", ())


def test_several_papers_stand_on_one_slip(house: Walker) -> None:
    asks(house, Request.PAPERS)
    house.does(ev.Confirm())
    house.on(sw.MissingPapers)
    for paper in (MissingPaper.GUARDIANSHIP, MissingPaper.CITIZEN_CARD, MissingPaper.AUTHORISATION):
        house.does(ev.Picked(paper))
    house.does(ev.Picked(MissingPaper.AUTHORISATION), ev.Confirm())
    assert house.last(TakeStatement).statement.choice == "citizen_card,guardianship"


def reviewing(*, card_stays: bool = True) -> Walker:
    face = v.Face(LANH, v.Role.SELF, "1941", v.Sex.FEMALE, "0317", compared=COMPARED)
    visit = sc.Visit(ALONE, ALONE.payees[0], reading=v.OperationId(3), waiting=(LANH.id,))
    walker = Walker(sc.ConfirmFace(replace(HERE, card_present=True), SHIFT, visit, face))
    walker.does(ev.AskReview(), ev.Picked(Right.CARD))
    asked = walker.last(TakeStatement)
    assert (asked.statement.about, asked.statement.choice) == (StatementKind.DATA, "card")
    assert asked.statement.compared == COMPARED
    walker.does(ev.StatementKept(asked.operation, StatementKind.DATA, "D-1-9", v.PrintResult.PRINTED))
    if not card_stays:
        walker.does(ev.CardTaken())
    walker.does(ev.Confirm())
    return walker


def test_what_is_right_is_proposed_and_the_payout_goes_on() -> None:
    assert reviewing().on(sc.ConfirmFace).visit.reading == 3


def test_a_card_that_left_meanwhile_is_asked_for_again() -> None:
    assert reviewing(card_stays=False).on(sc.LayCard).visit.reading is None
