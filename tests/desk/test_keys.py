"""Keys at the screen: another PIN, a one-time code, a revoked operator, somebody else's session."""

from __future__ import annotations

from kiosk.exchange.bundle import Revocation
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout.key_facts import KeyChange
from kiosk.payout.operators import OperatorRole
from kiosk.vault.codes import new_codes
from kiosk.vault.unlocked import Unlocked
from tests.desk.area import FLOAT, MINH, NOW, OPERATOR, PIN, Office

MINH_PIN, NEW_PIN = "593021", "604173"
PIN_ANSWERS = (ev.PinChanged, ev.PinRejected, ev.SignInRefused)
CODE_ANSWERS = (ev.SignedIn, ev.PinRejected, ev.SignInRefused)


def supervisor(office: Office) -> Unlocked:
    answer = office.vault.unlock(OPERATOR, PIN)
    assert isinstance(answer, Unlocked)
    return answer


def changed(office: Office) -> list[tuple[str, str]]:
    """(what, whose) of every change of keys after the enrolment."""
    office.sync()
    facts = [each.fact for each in office.district.entries(office.settings)]
    return [(each.change, each.operator) for each in facts if hasattr(each, "change")][1:]


def test_a_pin_is_changed_at_the_screen(office: Office) -> None:
    office.sign_in()
    wrong = office.ask(lambda o: ef.ChangePin(o, "111223", NEW_PIN), *PIN_ANSWERS)
    assert isinstance(wrong, ev.SignInRefused)
    assert wrong.tries_left == 4
    same = office.ask(lambda o: ef.ChangePin(o, PIN, PIN), *PIN_ANSWERS)
    assert isinstance(same, ev.PinRejected)
    assert same.why is v.PinFault.SAME_AS_BEFORE
    assert isinstance(office.ask(lambda o: ef.ChangePin(o, PIN, NEW_PIN), *PIN_ANSWERS), ev.PinChanged)
    assert changed(office) == [(KeyChange.PIN_CHANGED, OPERATOR)]
    office.lock()
    assert isinstance(office.sign_in(), ev.SignInRefused)
    assert isinstance(office.sign_in(NEW_PIN), ev.SignedIn)


def test_a_forgotten_pin_comes_back_by_a_code_that_is_spent_with_it(office: Office) -> None:
    made = new_codes(1)
    code = made[0].typed
    office.vault.put_rescue_codes(supervisor(office), made)
    easy = office.ask(lambda o: ef.RedeemCode(o, OPERATOR, code, "123456"), *CODE_ANSWERS)
    assert isinstance(easy, ev.PinRejected)
    assert easy.why is v.PinFault.TOO_SIMPLE
    wrong = office.ask(lambda o: ef.RedeemCode(o, OPERATOR, f"{code[0]}{'0' * 12}", NEW_PIN), *CODE_ANSWERS)
    assert isinstance(wrong, ev.SignInRefused)
    assert wrong.tries_left == 4
    assert isinstance(office.ask(lambda o: ef.RedeemCode(o, OPERATOR, code, NEW_PIN), *CODE_ANSWERS), ev.SignedIn)
    assert changed(office) == [(KeyChange.CODE_USED, OPERATOR)]
    office.lock()


def test_a_lock_of_the_only_slot_is_told_when_a_code_opens_it_and_once(office: Office) -> None:
    made = new_codes(1)
    office.vault.put_rescue_codes(supervisor(office), made)
    for _ in range(5):
        office.sign_in("111222")
    code = made[0].typed
    assert isinstance(office.ask(lambda o: ef.RedeemCode(o, OPERATOR, code, NEW_PIN), *CODE_ANSWERS), ev.SignedIn)
    office.lock()
    assert isinstance(office.sign_in(NEW_PIN), ev.SignedIn)
    assert changed(office) == [(KeyChange.CODE_USED, OPERATOR), (KeyChange.SLOT_LOCKED, OPERATOR)]
    office.lock()
    again = office.ask(lambda o: ef.RedeemCode(o, OPERATOR, code, "715294"), *CODE_ANSWERS)
    assert isinstance(again, ev.SignInRefused)
    assert again.tries_left == 0
    assert isinstance(office.sign_in(NEW_PIN), ev.SignedIn)


def test_whom_the_district_revoked_does_not_come_in(office: Office) -> None:
    office.vault.add_operator(MINH, MINH_PIN, OperatorRole.AGENT, supervisor(office)).lock()
    assert isinstance(office.sign_in(MINH_PIN, MINH), ev.SignedIn)
    office.lock()
    office.district.send_bundle(office.settings, version=2, revocations=(Revocation(f"operator:{MINH}", NOW),))
    refused = office.sign_in(MINH_PIN, MINH)
    assert isinstance(refused, ev.SignInRefused)
    assert isinstance(office.ask(ef.LoadRoute, ev.Failed, ev.RouteLoaded), ev.Failed), "the store is closed again"
    assert isinstance(office.sign_in(), ev.SignedIn)


def test_nobody_works_in_another_ones_session(office: Office) -> None:
    office.work()
    office.vault.add_operator(MINH, MINH_PIN, OperatorRole.AGENT, supervisor(office)).lock()
    office.lock()
    signed = office.sign_in(MINH_PIN, MINH)
    assert isinstance(signed, ev.SignedIn)
    assert not signed.shift.session_open
    refused = office.ask(lambda o: ef.OpenSession(o, FLOAT, "Quỹ bưu cục"), ev.Refused, ev.SessionOpened)
    assert isinstance(refused, ev.Refused)
