"""The screens of what is written down for one recipient, with people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kiosk.flow import screens as sc
from kiosk.flow import screens_wish as sw
from kiosk.flow.values import (
    CardDoubt,
    Compared,
    DataField,
    Doubt,
    Face,
    Frame,
    Household,
    Named,
    PersonId,
    Role,
    Sex,
    Shift,
)
from kiosk.flow.values_house import PAPERS, Number, Request, Statement
from kiosk.flow.values_wish import NO_BANK, BankCode, PayWay, Wish
from kiosk.payout.statements import StatementKind

ACCOUNT = Wish(PayWay.BANK, BankCode("970405"), "1903204567891234567", "NGUYEN THI HUONG LANH")
COMPARED = (
    Compared(DataField.NUMBER, "0317", "0317"),
    Compared(DataField.NAME, "Nguyễn Thị Hương Lành", "Nguyễn Thị Hường Lành", differs=True),
    Compared(DataField.BIRTH, "14/02/1941", "1940", differs=True),
    Compared(DataField.SEX, "female", "female"),
)
STROKES = (((120, 300), (300, 700), (420, 380), (640, 620), (820, 340)),)


def full_house(home: Household) -> Household:
    """A house where many may receive: two pages of them."""
    option = home.payees[-1]
    return replace(home, payees=tuple(replace(option, person=each.person) for each in home.recipients[:6]))


def screens(here: Frame, shift: Shift, visit: sc.Visit, whom: Named) -> Iterator[tuple[str, sc.Screen]]:
    """Every kind of screen of this way."""
    at = (here, shift, visit)
    first = visit.household.recipients[0]
    eight = tuple(replace(first, person=replace(whom, id=PersonId(f"p{place}"))) for place in range(8))
    several = replace(visit, household=replace(visit.household, recipients=eight))
    yield "whom", sw.ChooseWhom(*at, Request.COMPLAINT)
    yield "whom-many", sw.ChooseWhom(here, shift, several, Request.METHOD)
    sent = replace(first, already_sent=first.lines[:1], sent_on=date(2026, 11, 3))
    by_bank = replace(visit, household=replace(visit.household, recipients=(sent,)))
    yield "door-by-bank", sc.AtDoor(here, shift, by_bank)
    yield "door-many", sc.AtDoor(here, shift, replace(several, household=full_house(several.household)))
    yield "way", sw.ChooseWay(*at, whom)
    yield "way-no-cash", sw.ChooseWay(*at, whom, no_cash=True)
    yield "account", sw.GiveAccount(*at, whom)
    yield "account-wrong", sw.GiveAccount(*at, whom, wrong=True)
    yield "bank", sw.ChooseBank(*at, whom)
    yield (
        "account-typed",
        sc.TypeNumber(here, sw.GiveAccount(*at, whom, BankCode("970405")), Number.ACCOUNT, "19032045"),
    )
    yield "read-back", sw.ReadBack(*at, whom, ACCOUNT)
    yield "read-back-other", sw.ReadBack(*at, whom, replace(ACCOUNT, holder="DANG HUU THUAN", other_name=True))
    yield "read-back-short", sw.ReadBack(*at, whom, Wish(PayWay.BANK, NO_BANK, "0123456789"))
    yield "read-back-cash", sw.ReadBack(*at, whom, Wish(PayWay.CASH))
    yield "read-back-wallet", sw.ReadBack(*at, whom, Wish(PayWay.WALLET, number="0912345678"))
    yield "read-back-open", sw.ReadBack(*at, whom, Wish(PayWay.OPEN_ACCOUNT, number="0912345678"))
    method = Statement(StatementKind.METHOD, whom.id, "bank", wish=ACCOUNT)
    yield "sign-wish", sw.SignStatement(*at, whom, method)
    yield "sign-wish-drawn", sw.SignStatement(*at, whom, method, STROKES)
    yield "sign-card", sw.SignStatement(*at, whom, Statement(StatementKind.CARD_HANDED, whom.id, words="0042"))
    yield "papers", sw.MissingPapers(*at, whom)
    yield "papers-marked", sw.MissingPapers(*at, whom, PAPERS[1:4])
    face = Face(whom, Role.SELF, "14/02/1941", Sex.FEMALE, "0317", compared=COMPARED, doubts=(
        Doubt(CardDoubt.LIST_SPELLING, "Nguyễn Thị Hường Lành"), Doubt(CardDoubt.LIST_BIRTH, "1940")))  # fmt: skip
    yield "review", sw.ReviewData(*at, face)
    yield "face-differs", sc.ConfirmFace(here, shift, visit, face)
