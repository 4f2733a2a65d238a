"""Overrides at a real desk: by a code that the office says, by a supervisor's card, and every misuse by its own key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.virtual.card.field import Field
from kiosk.exchange import bundle as xb
from kiosk.exchange import consent as xo
from kiosk.exchange.attachment import referenced
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import events_override as eo
from kiosk.flow import values as v
from kiosk.flow.effects_override import AskOverride, GiveCode, ReadSupervisor
from kiosk.payout import journal as j
from kiosk.payout.names import (
    ConsentWay,
    DeviceId,
    Level,
    OperatorId,
    OverrideReason,
    PersonId,
    RefusalKey,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.paylist import Policy
from tests.desk.area import DEVICE, HOA, NOW, OPERATOR, Office, pay_list, person
from tests.desk.test_leases import facts
from tests.desk.test_payouts import KHE, SAU, STROKES, TU, counter, lay, pcsc, printer

__all__ = ["counter", "pcsc", "printer"]  # fixtures

KEY = bytes(range(32))
CAPS = Policy(override_cap=Vnd(1_000_000), override_day_cap=Vnd(1_500_000), override_times=2)
SUPERVISOR = xb.Supervisor(HOA, person("con-lan").number)


def allowed(office: Office, version: int = 2, caps: Policy = CAPS) -> None:
    """A bundle in which the district lets people be paid without a card."""
    listed = replace(pay_list(version), policy=caps)
    office.district.send_bundle(office.settings, version, listed, supervisors=(SUPERVISOR,), override_key=KEY.hex())


def working(office: Office, caps: Policy = CAPS) -> None:
    allowed(office, caps=caps)
    office.work()


def ask(office: Office, who: PersonId = KHE) -> eo.OverrideReady | ev.Refused:
    reason, witness = OverrideReason.CARD_LOST, "Võ Văn Bảy"
    return office.ask(lambda o: AskOverride(o, who, who, reason, witness), eo.OverrideReady, ev.Refused)


def asked(office: Office, who: PersonId = KHE) -> tuple[eo.OverrideReady, str]:
    """What is read out, and what the office would say."""
    ready = ask(office, who)
    assert isinstance(ready, eo.OverrideReady)
    mine = xo.Consent(DEVICE, who, ready.offer.total, ready.request[:6])
    assert xo.request_digits(KEY, mine) == ready.request
    return ready, xo.answer(KEY, mine)


def code(office: Office, digits: str) -> eo.OverrideAgreed | ev.Refused | ev.Failed:
    return office.ask(lambda o: GiveCode(o, digits), eo.OverrideAgreed, ev.Refused, ev.Failed)


def no(answer: object) -> RefusalKey:
    assert isinstance(answer, ev.Refused), answer
    return answer.key


def pay(office: Office, ready: eo.OverrideReady, agreed: v.OperationId) -> ev.Authorised | ev.Refused | ev.Failed:
    offer = ready.offer
    authorised = office.ask(
        lambda o: ef.Authorise(o, agreed, offer.recipient.id, offer.total, offer.hand_over),
        ev.Authorised, ev.Refused, ev.Failed,
    )  # fmt: skip
    if isinstance(authorised, ev.Authorised):
        complete = ef.Complete(v.OperationId(999), authorised.payout, offer.hand_over, STROKES)
        office.desk.perform(complete)
        office.recorder.wait(ev.Completed)
    return authorised


def paid_by_code(office: Office, who: PersonId = KHE) -> str:
    ready, right = asked(office, who)
    agreed = code(office, right)
    assert isinstance(agreed, eo.OverrideAgreed), agreed
    assert isinstance(pay(office, ready, agreed.operation), ev.Authorised)
    return right


def test_a_code_from_the_office_pays_once_and_says_who_stood_by(office: Office) -> None:
    working(office)
    ready, right = asked(office)
    assert (ready.offer.level, ready.offer.total, ready.device) == (Level.C, 500_000, DEVICE)
    assert [each.id for each in ready.supervisors] == [HOA], "nobody agrees to the own override"
    agreed = code(office, right)
    assert isinstance(agreed, eo.OverrideAgreed)
    assert isinstance(pay(office, ready, agreed.operation), ev.Authorised)
    entries = [each for each in facts(office) if isinstance(each, j.PayoutAuthorised)]
    override = entries[0].override
    assert override is not None
    mine = xo.Consent(DEVICE, KHE, Vnd(500_000), ready.request[:6])
    assert (entries[0].level, override.way, override.request) == (Level.C, ConsentWay.TELEPHONE, ready.request)
    assert override.consent == xo.proof(mine, right)
    assert entries[0].evidence is None
    sent = referenced(each for each in office.district.entries(office.settings))
    assert override.witness in sent
    assert override.consent not in sent, "a proof is no file"


def test_a_used_code_pays_nobody_else_and_nothing_else(office: Office) -> None:
    working(office)
    right = paid_by_code(office)
    asked(office, SAU)
    assert no(code(office, right)) is RefusalKey.OVERRIDE_CODE_USED


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"recipient": SAU, "total": Vnd(1_000_000)}, RefusalKey.OVERRIDE_OTHER_RECIPIENT),
        ({"device": DeviceId("KIT8")}, RefusalKey.OVERRIDE_OTHER_DEVICE),
        ({"total": Vnd(400_000)}, RefusalKey.OVERRIDE_CODE_WRONG),
        ({"nonce": "000000"}, RefusalKey.OVERRIDE_CODE_WRONG),
    ],
)
def test_a_code_for_something_else_is_refused_by_name(
    office: Office, change: dict[str, object], expected: RefusalKey
) -> None:
    working(office)
    other, _ = asked(office, SAU)
    ready, _ = asked(office)
    mine = xo.Consent(DEVICE, KHE, ready.offer.total, ready.request[:6])
    if "recipient" in change:
        change = {**change, "nonce": other.request[:6]}
    assert no(code(office, xo.answer(KEY, replace(mine, **change)))) is expected  # type: ignore[arg-type]


def test_a_code_over_the_old_sum_says_so(office: Office) -> None:
    working(office)
    _, right = asked(office)
    listed = replace(pay_list(3), policy=CAPS)
    more = {each.id: Vnd(600_000) for each in listed.entitlements if each.recipient == KHE}
    owed = tuple(replace(each, amount=more.get(each.id, each.amount)) for each in listed.entitlements)
    held = tuple(replace(each, amount=more.get(each.entitlement, each.amount)) for each in listed.leases)
    listed = replace(listed, entitlements=owed, leases=held)
    office.district.send_bundle(office.settings, 3, listed, supervisors=(SUPERVISOR,), override_key=KEY.hex())
    office.sync()
    ready, _ = asked(office)
    assert ready.offer.total == 600_000
    assert no(code(office, right)) is RefusalKey.OVERRIDE_OTHER_SUM


def test_an_agreed_sum_that_changed_since_is_not_paid(office: Office) -> None:
    working(office)
    ready, right = asked(office, SAU)
    agreed = code(office, right)
    assert isinstance(agreed, eo.OverrideAgreed)
    listed = replace(pay_list(3), policy=CAPS)
    listed = replace(listed, leases=tuple(each for each in listed.leases if each.entitlement != "ba-sau-10"))
    office.district.send_bundle(office.settings, 3, listed, supervisors=(SUPERVISOR,), override_key=KEY.hex())
    office.sync()
    assert no(pay(office, ready, agreed.operation)) is RefusalKey.OVERRIDE_OTHER_SUM


def test_a_code_lives_half_an_hour_over_a_restart_too(office: Office) -> None:
    working(office)
    first, right = asked(office)
    assert asked(office)[0].request == first.request, "the same request while it is fresh"
    office.cut_power()
    office.start()
    office.sign_in()
    office.desk._hours.operator_said(UnixSeconds(NOW + 1_900))
    ready, _ = asked(office)
    assert ready.request != first.request
    assert no(code(office, right)) is RefusalKey.OVERRIDE_CODE_EXPIRED


def test_wrong_codes_lock_and_a_card_still_helps(office: Office) -> None:
    working(office)
    _, right = asked(office)
    mark = xo.mark(DEVICE)
    assert [no(code(office, f"{mark}{n:09d}")) for n in range(5)] == [RefusalKey.OVERRIDE_CODE_WRONG] * 5
    assert no(code(office, right)) is RefusalKey.OVERRIDE_CODE_LOCKED
    tried = [each for each in facts(office) if isinstance(each, j.CodeRefused)]
    assert [each.tries for each in tried] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        (Policy(), RefusalKey.OVERRIDE_NOT_ALLOWED),
        (replace(CAPS, override_cap=Vnd(400_000)), RefusalKey.OVERRIDE_OVER_CAP),
        (replace(CAPS, override_day_cap=Vnd(400_000)), RefusalKey.OVERRIDE_OVER_DAY_CAP),
        (replace(CAPS, override_times=0), RefusalKey.OVERRIDE_TOO_OFTEN),
    ],
)
def test_over_a_cap_nothing_is_read_out(office: Office, caps: Policy, expected: RefusalKey) -> None:
    working(office, caps)
    assert no(ask(office)) is expected
    assert [each.key for each in facts(office) if isinstance(each, j.PayoutRefused)] == [expected]


def test_who_may_not_receive_may_not_by_override_either(office: Office) -> None:
    working(office)
    reason = OverrideReason.CARD_LOST
    answer = office.ask(lambda o: AskOverride(o, SAU, KHE, reason, "Bảy"), eo.OverrideReady, ev.Refused)
    assert no(answer) is RefusalKey.NOT_A_PAYEE
    assert isinstance(code(office, "0" * 12), ev.Failed), "nothing was asked"


# -- by card ----------------------------------------------------------------------------------------------------------


def shown(office: Office, who: OperatorId = HOA) -> ev.CardRead | ev.CardFailed | ev.Refused:
    return office.ask(lambda o: ReadSupervisor(o, who), ev.CardRead, ev.CardFailed, ev.Refused)


def test_a_supervisors_card_agrees_and_signs(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    allowed(office)
    office.sync()
    ready, _ = asked(office, TU)
    lay(office, reader, "con-lan")
    read = shown(office)
    assert isinstance(read, ev.CardRead)
    assert read.face.payee.full_name == "Trần Thị Lan"
    assert isinstance(pay(office, ready, read.operation), ev.Authorised)
    office.sync()
    entry = next(e for e in office.district.entries(office.settings) if isinstance(e.fact, j.PayoutAuthorised))
    fact = entry.fact
    assert isinstance(fact, j.PayoutAuthorised)
    assert fact.override is not None
    assert (fact.override.way, fact.override.given_by, fact.simulated) == (ConsentWay.CARD, HOA, True)
    assert entry.witness is not None
    assert {fact.override.witness, fact.override.consent} <= referenced([entry])


def test_no_other_card_and_no_other_person_agrees(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    allowed(office)
    office.sync()
    ready, _ = asked(office)
    assert no(shown(office, OPERATOR)) is RefusalKey.OVERRIDE_NOT_SUPERVISOR, "the agent"
    assert no(shown(office, OperatorId("minh"))) is RefusalKey.OVERRIDE_NOT_SUPERVISOR, "no supervisor"
    lay(office, reader, "ba-khe")
    failed = shown(office)
    assert isinstance(failed, ev.CardFailed)
    assert isinstance(pay(office, ready, failed.operation), ev.Failed), "nobody agreed"
