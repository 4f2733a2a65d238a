"""Overrides at the district: the code that an officer says, the card that agreed, and the caps over all devices."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from agent_sync.district import cli, override_codes, override_list, overrides, security, staff, standing_data
from agent_sync.district.errors import BadInput, DistrictError, NotPermitted, Unknown
from agent_sync.district.override_codes import Request
from agent_sync.district.pages import environment
from agent_sync.district.schema import audit, case_table, override_given
from agent_sync.district.security import OfficerRole
from agent_sync.district.verify import verify
from agent_sync.district.witness import check_pending
from hardware.virtual.card.personas import PERSONAS
from kiosk.exchange import consent as xo
from kiosk.payout.evidence import Override
from kiosk.payout.names import ConsentWay, DeviceId, Digest, OperatorId, OverrideReason, UnixSeconds, Vnd
from kiosk.payout.operators import OperatorCard, OperatorRole
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.agent_sync.test_intake import send, send_attachments

WHO, LAN = "ba-khe", OperatorId("lan")
CAPS = overrides.Caps(Vnd(5_000_000), Vnd(8_000_000), 2)
NEVER = Digest("0" * 64)


@pytest.fixture
def ready(seat: Seat, kit: FieldKit) -> Seat:
    """Caps, one officer, one supervisor with the card of the virtual village's headman."""
    with seat.database.write() as connection:
        area = seat.home.area
        overrides.set_caps(connection, area, CAPS)
        security.add_officer(connection, area, "hoa", "Lê Thị Hoa", OfficerRole.SUPERVISOR, "a long password")
        security.add_officer(connection, area, "kiem", "Võ Kiểm", OfficerRole.AUDITOR, "a long password")
        standing_data.add_agent(connection, area, OperatorCard(LAN, "Trần Thị Lan", OperatorRole.SUPERVISOR))
        staff.name_card(connection, area, LAN, PERSONAS["con-lan"].id_number)
    return seat


def asked(seat: Seat, kit: FieldKit, nonce: str = "123456", who: str = WHO) -> tuple[xo.Consent, bytes, Request]:
    """What the device would read out, and its key."""
    sealed = seat.bundle(kit).sealed
    held = kit.leases_of(who)
    owed = {each.id: each for each in sealed.pay_list.entitlements}
    total = Vnd(sum(each.amount for each in held))
    mine = xo.Consent(kit.device, owed[held[0].entitlement].recipient, total, nonce)
    key = bytes.fromhex(sealed.override_key)
    return mine, key, Request(kit.device, xo.request_digits(key, mine), total)


def give(seat: Seat, request: Request, by: str = "hoa") -> str:
    with seat.database.write() as connection:
        return override_codes.give(connection, seat.home, request, OverrideReason.CARD_LOST, by)


def said(mine: xo.Consent, code: str, request: Request) -> Override:
    return Override(OverrideReason.CARD_LOST, NEVER, xo.proof(mine, code), request=request.digits)


def why(seat: Seat) -> list[str]:
    """What the cases of overrides say."""
    with seat.database.read() as connection:
        found = select(case_table.c.detail).where(case_table.c.kind.startswith("override"))
        details = [json.loads(row[0]) for row in connection.execute(found)]
    return sorted(each["why"] if "why" in each else "+".join(each["caps"]) for each in details)


def test_a_code_is_said_on_record_and_its_payout_balances(ready: Seat, kit: FieldKit) -> None:
    mine, key, request = asked(ready, kit)
    code = give(ready, request)
    assert xo.judge(key, xo.Asked(mine, UnixSeconds(kit.now)), (), code, UnixSeconds(kit.now)) is None
    assert give(ready, request) == code, "asked again, the same digits"
    kit.agreed = said(mine, code, request)
    kit.pay(WHO, chip=False)
    send(ready, kit, kit.seal())
    send(ready, kit, kit.seal())
    assert why(ready) == []
    with ready.database.read() as connection:
        row = connection.execute(select(override_given)).mappings().one()
    assert (row["given_by"], row["reason"], row["used_by"]) == ("hoa", "card_lost", kit.entries[-2].hash)
    assert verify(ready.home, ready.database).problems == []


def test_the_list_says_who_was_paid_why_who_agreed_and_what_did_not_fit(ready: Seat, kit: FieldKit) -> None:
    mine, _, request = asked(ready, kit)
    kit.agreed = said(mine, give(ready, request), request)
    kit.pay(WHO, chip=False)
    kit.agreed = Override(OverrideReason.CHIP_BROKEN, NEVER, NEVER, ConsentWay.CARD, OperatorId("nobody"))
    kit.pay("ba-sau", chip=False)
    send(ready, kit, kit.seal())
    with ready.database.read() as connection:
        newest, oldest = override_list.overrides_of(connection, ready.home.area, 0)
        assert override_list.overrides_of(connection, ready.home.area, 1) == []
    assert (oldest.name, oldest.total, oldest.device) == ("Phạm Thị Khế", request.total, "kit-01")
    assert (oldest.reason, oldest.way, oldest.given_by, oldest.cases) == ("card_lost", "telephone", "Lê Thị Hoa", ())
    assert (newest.name, newest.given_by, newest.way) == ("Nguyễn Thị Sáu", "nobody", "card")
    assert {(kind, state) for _, kind, state in newest.cases} == {("override_not_supervisor", "open")}
    page = environment().get_template("overrides.html")
    shown = page.render(
        rows=[newest, oldest], caps=CAPS, page=0, more=False, practice=False, officer=None, area="a", place="",
        here="overrides",
    )  # fmt: skip
    for each in (
        "Lê Thị Hoa",
        "đọc mã qua điện thoại",
        "Khớp",
        "Chi đặc cách không đúng người phụ trách",
        "chờ xem xét",
    ):
        assert each in shown


@pytest.mark.parametrize("spoil", ["never_given", "wrong_code", "given_for_something_else", "used_twice"])
def test_a_consent_that_was_not_given_for_this_opens_a_case(ready: Seat, kit: FieldKit, spoil: str) -> None:
    mine, key, request = asked(ready, kit)
    if spoil == "never_given":
        kit.agreed = said(mine, xo.answer(key, mine), request)
    else:
        kit.agreed = said(mine, give(ready, request), request)
    if spoil == "wrong_code":
        kit.agreed = replace(kit.agreed, consent=NEVER)
    again = kit.agreed
    kit.pay("ba-sau" if spoil == "given_for_something_else" else WHO, chip=False)
    if spoil == "used_twice":
        kit.agreed = again
        kit.pay(WHO, chip=False)
    send(ready, kit, kit.seal())
    assert spoil in why(ready)


def test_a_supervisors_card_signs_the_payout_itself(ready: Seat, kit: FieldKit) -> None:
    asked(ready, kit)
    kit.agreed = Override(OverrideReason.CHIP_BROKEN, NEVER, NEVER, ConsentWay.CARD, LAN)
    held = kit.leases_of(WHO)
    owed = {each.id: each for each in kit.pay_list.entitlements} if kit.pay_list else {}
    paid = kit.authorise(WHO, signer="con-lan")
    kit.complete(paid)
    send(ready, kit, kit.seal())
    send_attachments(ready, kit)
    check_pending(ready.database, ready.home.area)
    report = verify(ready.home, ready.database)
    assert (why(ready), report.problems, report.chip_witnesses) == ([], [], 1)
    assert report.cases_by_kind.get("witness_failed", 0) == 0
    who = owed[held[0].entitlement].recipient
    pinned = {each.person for each in ready.bundle(kit).sealed.pinned_keys}
    assert who not in pinned, "the supervisor's chip is not the recipient's from now on"


@pytest.mark.parametrize(
    ("by", "signer", "expected"),
    [
        ("tam", "con-lan", ["own_consent"]),
        ("nobody", "con-lan", ["no_supervisor"]),
        ("lan", "", ["no_signature"]),
    ],
)
def test_a_card_that_may_not_agree_opens_a_case(
    ready: Seat, kit: FieldKit, by: str, signer: str, expected: list[str]
) -> None:
    asked(ready, kit)
    kit.agreed = Override(OverrideReason.CHIP_BROKEN, NEVER, NEVER, ConsentWay.CARD, OperatorId(by))
    kit.complete(kit.authorise(WHO, chip=bool(signer), signer=signer))
    send(ready, kit, kit.seal())
    assert why(ready) == expected


def test_another_card_than_the_supervisors_fails_as_a_witness(ready: Seat, kit: FieldKit) -> None:
    asked(ready, kit)
    kit.agreed = Override(OverrideReason.CHIP_BROKEN, NEVER, NEVER, ConsentWay.CARD, LAN)
    kit.complete(kit.authorise(WHO, signer=WHO))
    send(ready, kit, kit.seal())
    send_attachments(ready, kit)
    check_pending(ready.database, ready.home.area)
    with ready.database.read() as connection:
        cases = [dict(row) for row in connection.execute(select(case_table)).mappings()]
    assert [(each["kind"], json.loads(each["detail"])["reason"]) for each in cases] == [
        ("witness_failed", "number_differs")
    ]


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        (replace(CAPS, payout=Vnd(1_000)), ["payout"]),
        (replace(CAPS, payout=Vnd(1_000), day=Vnd(1_000)), ["payout+day"]),
        (replace(CAPS, times=0), ["times"]),
    ],
)
def test_what_is_over_a_cap_is_counted_and_asked_about(
    ready: Seat, kit: FieldKit, caps: overrides.Caps, expected: list[str]
) -> None:
    mine, _, request = asked(ready, kit)
    kit.agreed = said(mine, give(ready, request), request)
    with ready.database.write() as connection:
        overrides.set_caps(connection, ready.home.area, caps)
    kit.pay(WHO, chip=False)
    send(ready, kit, kit.seal())
    assert why(ready) == expected
    assert verify(ready.home, ready.database).completed == 1, "M6: cash that left a drawer has left it"


REFUSED: dict[str, tuple[Request, str, type[DistrictError]]] = {
    "an auditor": (Request(DeviceId(""), "", Vnd(0)), "kiem", NotPermitted),
    "a console": (Request(DeviceId(""), "", Vnd(0)), "console", NotPermitted),
    "another sum": (Request(DeviceId(""), "", Vnd(1_000)), "hoa", Unknown),
    "other digits": (Request(DeviceId(""), "0" * 12, Vnd(0)), "hoa", Unknown),
    "too few": (Request(DeviceId(""), "12345", Vnd(0)), "hoa", BadInput),
    "another device": (Request(DeviceId("kit-77"), "", Vnd(0)), "hoa", Unknown),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_code_for_what_does_not_fit(ready: Seat, kit: FieldKit, case: str) -> None:
    change, by, expected = REFUSED[case]
    _, _, request = asked(ready, kit)
    spoiled = Request(change.device or request.device, change.digits or request.digits, change.total or request.total)
    with pytest.raises(expected):
        give(ready, spoiled, by)


def test_no_code_over_the_caps(ready: Seat, kit: FieldKit) -> None:
    _, _, request = asked(ready, kit)
    with ready.database.write() as connection:
        overrides.set_caps(connection, ready.home.area, replace(CAPS, payout=Vnd(request.total - 1)))
    with pytest.raises(NotPermitted, match="cap"):
        give(ready, request)
    with ready.database.write() as connection:
        overrides.set_caps(connection, ready.home.area, replace(CAPS, times=1))
    give(ready, request)
    with pytest.raises(NotPermitted, match="three months"):
        give(ready, asked(ready, kit, "654321")[2])


@pytest.mark.parametrize("caps", [(2, 1, 1), (-1, 0, 0), (1, 1, 93), (1, 2_000_000_000, 1)])
def test_caps_that_make_no_sense_are_not_set(seat: Seat, caps: tuple[int, int, int]) -> None:
    payout, day, times = caps
    with pytest.raises(BadInput), seat.database.write() as connection:
        overrides.set_caps(connection, seat.home.area, overrides.Caps(Vnd(payout), Vnd(day), times))


def test_without_caps_no_device_has_a_key(seat: Seat, kit: FieldKit) -> None:
    sealed = seat.bundle(kit).sealed
    assert (sealed.override_key, sealed.supervisors, sealed.pay_list.policy.override_cap) == ("", (), 0)


def test_the_commands(ready: Seat, kit: FieldKit, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(ready.home.folder), "--json"]
    assert cli.main(["override", "caps", "--times", "1", "--by", "hoa", *home]) == 0
    assert json.loads(capsys.readouterr().out) == {"payout_vnd": 5_000_000, "day_vnd": 8_000_000, "times": 1}
    mine, key, request = asked(ready, kit)
    spoken = f"{request.digits[:3]} {request.digits[3:]}"
    place = ["--device", kit.device, "--request", spoken, "--sum", str(request.total), *home]
    assert cli.main(["override", "look", *place]) == 0
    assert json.loads(capsys.readouterr().out)["full_name"] == PERSONAS[WHO].full_name
    assert cli.main(["override", "give", *place, "--reason", "card_lost", "--by", "hoa"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == xo.answer(key, mine)
    assert cli.main(["override", "give", *place, "--reason", "card_lost"]) == 3
    assert "may decide" in capsys.readouterr().err
    with ready.database.read() as connection:
        noted = [row for row in connection.execute(select(audit)).mappings() if row["action"] == "override_given"]
    assert [(row["who"], row["detail"].split()[-1]) for row in noted] == [("hoa", "card_lost")]
