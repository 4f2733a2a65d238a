"""One home visit as people walk it, and the ways it goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from tests.flow.explore import CASE, HERE, HOUSE, REPORT, SHIFT
from tests.flow.walker import PAYOUT, Walker
from tests.screens import gallery

ERROR = ev.VoidChosen(v.VoidReason.OPERATOR_ERROR)


@pytest.fixture
def agent() -> Walker:
    """Signed in, on the route."""
    walker = Walker()
    walker.signs_in()
    walker.on(sc.Route)
    return walker


@pytest.fixture
def paying(agent: Walker) -> Walker:
    """Cash lies on the table."""
    agent.arrives()
    agent.is_recognised()
    agent.is_offered()
    agent.is_authorised()
    agent.on(sc.HandOverCash)
    return agent


def test_from_the_card_to_the_slip(agent: Walker) -> None:
    agent.arrives()
    assert agent.on(sc.Reading).awaited == agent.number(ef.ReadCard)
    agent.does(ev.ReadProgress(agent.number(ef.ReadCard), v.ReadPhase.PHOTO, 4, 9))
    assert (agent.on(sc.Reading).phase, agent.on(sc.Reading).done) == (v.ReadPhase.PHOTO, 4)
    agent.is_recognised()
    agent.is_offered()
    agent.is_authorised()
    agent.signs()
    assert agent.last(ef.Complete).strokes == (gallery.SIGNATURE[0],)
    assert agent.on(sc.Paid).shift.in_drawer == 500_000
    agent.does(ev.Printed(agent.number(ef.Print), v.PrintResult.PRINTED), ev.Confirm())
    agent.on(sc.TakeCard)
    agent.does(ev.CardTaken())
    agent.on(sc.Route)


def test_a_payout_takes_at_most_six_touches_of_the_recipient_and_five_of_the_agent() -> None:
    by_agent = (ev.HouseholdChosen, ev.PayeeChosen, ev.Confirm, ev.Confirm)  # household, payee, face, next
    by_recipient = (ev.Confirm, ev.Confirm, ev.StrokeDrawn, ev.Confirm)  # sum, received, signature, done
    assert len(by_agent) <= 5
    assert len(by_recipient) <= 6
    agent = Walker(sc.Route(HERE, SHIFT))
    agent.arrives()  # two touches of the agent
    agent.is_recognised()  # one
    agent.is_offered()
    agent.is_authorised()  # one of the recipient
    agent.signs()  # three
    agent.does(ev.Printed(agent.number(ef.Print), v.PrintResult.PRINTED), ev.CardTaken(), ev.Confirm())  # one more
    agent.on(sc.Route)


def test_the_offer_asks_with_the_reading_that_was_confirmed(agent: Walker) -> None:
    agent.arrives()
    agent.is_recognised()
    asked = agent.last(ef.MakeOffer)
    assert (asked.reading, asked.face_confirmed) == (agent.number(ef.ReadCard), True)


def test_a_face_that_does_not_match_is_told_to_the_rules(agent: Walker) -> None:
    agent.arrives()
    agent.does(ev.CardRead(agent.number(ef.ReadCard), agent_face()), ev.Decline())
    assert agent.last(ef.MakeOffer).face_confirmed is False
    agent.does(ev.Refused(agent.number(ef.MakeOffer), v.RefusalKey.FACE_NOT_CONFIRMED))
    assert agent.on(sc.RefusedScreen).exact is False


def agent_face() -> v.Face:
    return v.Face(gallery.LANH, v.Role.SELF, "1941", v.Sex.FEMALE, "0317")


def test_the_exact_reason_is_shown_only_when_asked_for(agent: Walker) -> None:
    agent.arrives()
    agent.does(ev.Refused(agent.number(ef.ReadCard), v.RefusalKey.CARD_NOT_GENUINE))
    assert agent.on(sc.RefusedScreen).exact is False
    agent.does(ev.AskExact())
    assert agent.on(sc.RefusedScreen).exact is True
    agent.does(ev.AskUnpaid())
    agent.on(sc.UnpaidReasonScreen)


@pytest.mark.parametrize("on", [sc.Reading, sc.ConfirmFace, sc.ShowOffer])
def test_a_card_that_is_lifted_is_asked_for_again(agent: Walker, on: type) -> None:
    agent.arrives()
    if on is not sc.Reading:
        agent.does(ev.CardRead(agent.number(ef.ReadCard), agent_face()))
    if on is sc.ShowOffer:
        agent.does(ev.Confirm())
        agent.is_offered()
    agent.on(on)
    agent.does(ev.CardTaken())
    assert agent.on(sc.LayCard).trouble is v.CardTrouble.REMOVED
    assert agent.on(sc.LayCard).visit.reading is None
    assert ef.Say.CARD_REMOVED in agent.said()
    first = agent.number(ef.ReadCard)
    agent.does(ev.CardLaid())
    assert agent.number(ef.ReadCard) != first


@pytest.mark.parametrize("asked_to_sign", [False, True])
def test_a_card_that_leaves_before_it_signed_is_asked_for_once_more_only(agent: Walker, asked_to_sign: bool) -> None:
    agent.arrives()
    agent.is_recognised()
    agent.is_offered()
    if asked_to_sign:
        agent.does(ev.Confirm())
        assert agent.last(ef.Authorise).card_left is False
        agent.does(ev.Failed(agent.number(ef.Authorise), v.Trouble.CARD_GONE))
    else:
        agent.does(ev.CardTaken())
    assert agent.on(sc.LayCard).trouble is v.CardTrouble.REMOVED
    agent.does(ev.CardTaken(), ev.CardLaid())
    agent.is_recognised()
    agent.is_offered()
    agent.does(ev.CardTaken())
    agent.on(sc.ShowOffer)
    agent.does(ev.Confirm())
    assert agent.last(ef.Authorise).card_left is True
    agent.does(ev.Authorised(agent.number(ef.Authorise), PAYOUT))
    agent.on(sc.HandOverCash)


def test_another_payee_is_asked_for_the_card_anew(agent: Walker) -> None:
    agent.arrives()
    agent.is_recognised()
    agent.is_offered()
    agent.does(ev.CardTaken(), ev.Back())
    assert agent.on(sc.AtDoor).visit.card_left is False


def test_why_the_card_is_asked_for_again_stays_until_it_lies_there(agent: Walker) -> None:
    agent.arrives()
    agent.does(ev.CardFailed(agent.number(ef.ReadCard), v.CardTrouble.REMOVED), ev.CardTaken())
    assert agent.on(sc.LayCard).trouble is v.CardTrouble.REMOVED


def test_an_answer_of_a_reading_that_was_given_up_is_not_taken(agent: Walker) -> None:
    agent.arrives()
    given_up = agent.number(ef.ReadCard)
    agent.does(ev.CardTaken(), ev.CardLaid(), ev.CardRead(given_up, agent_face()))
    agent.on(sc.Reading)


def test_a_daughter_with_a_paper_receives_for_both_parents(agent: Walker) -> None:
    agent.arrives(gallery.HOA.id)
    agent.is_recognised()
    assert agent.last(ef.MakeOffer).recipient == gallery.LANH.id
    agent.is_offered()
    agent.is_authorised()
    agent.signs()
    agent.does(ev.Printed(agent.number(ef.Print), v.PrintResult.PRINTED), ev.Confirm())
    assert agent.last(ef.MakeOffer).recipient == gallery.THUAN.id
    agent.is_offered()
    agent.is_authorised()
    agent.signs()
    agent.does(ev.CardTaken(), ev.Printed(agent.number(ef.Print), v.PrintResult.PRINTED), ev.Confirm())
    agent.on(sc.Route)
    assert sum(isinstance(effect, ef.Complete) for effect in agent.effects) == 2


def test_who_cannot_sign_needs_a_reason_and_a_witness(paying: Walker) -> None:
    paying.does(ev.Confirm(), ev.Confirm())  # without a stroke nothing happens
    paying.on(sc.Sign)
    paying.does(ev.AskCannotSign(), ev.CannotSignChosen(v.CannotSign.BLIND), ev.WitnessChosen(99))
    paying.on(sc.ChooseWitness)
    paying.does(ev.WitnessChosen(0))
    complete = paying.last(ef.Complete)
    assert (complete.cannot_sign, complete.witness, complete.strokes) == (v.CannotSign.BLIND, HOUSE.witnesses[0], ())


def test_a_witness_who_is_in_no_list_is_typed(paying: Walker) -> None:
    paying.does(ev.Confirm(), ev.AskCannotSign(), ev.CannotSignChosen(v.CannotSign.BLIND), ev.AskName())
    paying.does(ev.Confirm(), ev.Letter(" "), ev.Letter("1"), ev.Letter("!"))
    assert paying.on(sc.TypeName).keys == ""
    paying.does(*(ev.Letter(key) for key in "NGOO  THIJ SAUS"), ev.Confirm())
    assert paying.last(ef.Complete).witness == "Ngô Thị Sáu"
    paying.does(ev.Completed(paying.number(ef.Complete), gallery.ROWS, 0, "482913"))
    paying.on(sc.Paid)


def test_cash_from_somebody_who_is_in_no_list(agent: Walker) -> None:
    agent.screen = sc.ChooseSource(HERE, SHIFT, v.Count())
    agent.does(ev.AskName(), ev.Letter("L"), ev.Letter("Y"), ev.Letter("S"), ev.OtherLetters(), ev.Confirm())
    assert agent.last(ef.OpenSession).received_from == "Lý"
    agent.does(ev.Refused(agent.number(ef.OpenSession), v.RefusalKey.TIME_NOT_PROVEN))
    agent.on(sc.RefusedScreen)


def test_cash_that_is_not_taken_goes_back_and_is_counted(paying: Walker) -> None:
    paying.does(ev.Decline(), ev.VoidChosen(v.VoidReason.DISPUTED_SUM), ev.Confirm(), ev.Digit(3), ev.Confirm())
    void = paying.last(ef.VoidPayout)
    assert (void.payout, void.reason) == (PAYOUT, v.VoidReason.DISPUTED_SUM)
    assert void.counted == v.Notes.of({500_000: 3})
    paying.does(voided(paying, v.VoidReason.DISPUTED_SUM))
    assert paying.on(sc.SlipOut).about is v.VoidReason.DISPUTED_SUM
    paying.does(ev.Confirm())
    assert paying.on(sc.AtDoor).visit.payee is None


def voided(paying: Walker, reason: v.VoidReason) -> ev.Voided:
    operation = paying.number(ef.VoidPayout)
    return ev.Voided(operation, gallery.ROWS, reason, "MAI07-1-40", v.PrintResult.PRINTED)


def test_what_never_left_the_drawer_is_voided_without_a_count(paying: Walker) -> None:
    paying.does(ev.Decline(), ERROR, ev.Decline())
    assert paying.last(ef.VoidPayout).counted is None
    paying.does(voided(paying, v.VoidReason.OPERATOR_ERROR))
    paying.on(sc.SlipOut)


@pytest.mark.parametrize("back", [(ev.Confirm(), ev.Back()), (ev.Decline(), ERROR, ev.Confirm(), ev.Back(), ev.Back())])
def test_cash_that_was_shown_once_is_counted(paying: Walker, back: tuple[ev.Event, ...]) -> None:
    """Whoever said "I have it all", or an operator who said so, cannot say afterwards that there was none."""
    paying.does(*back, ev.Decline(), ERROR)
    paying.on(sc.VoidCount)


@pytest.mark.parametrize("event", [ev.Back(), ev.OpenMenu(), ev.AskClose(), ev.AskShutDown(), ev.CardTaken()])
def test_from_cash_on_the_table_no_shortcut_leads_away(paying: Walker, event: ev.Event) -> None:
    paying.does(event)
    paying.on(sc.HandOverCash)


def test_a_failed_save_keeps_the_signature(paying: Walker) -> None:
    paying.does(ev.Confirm(), ev.StrokeDrawn(gallery.SIGNATURE[0]), ev.Confirm())
    paying.does(ev.Failed(paying.number(ef.Complete), v.Trouble.STORE), ev.Confirm())
    assert paying.on(sc.Sign).strokes == (gallery.SIGNATURE[0],)


@pytest.mark.parametrize("result", list(v.PrintResult))
def test_a_printer_never_touches_the_payout(paying: Walker, result: v.PrintResult) -> None:
    paying.signs()
    paying.does(ev.Printed(paying.number(ef.Print), result))
    assert paying.on(sc.Paid).result is result
    paying.does(ev.Confirm())
    if result is v.PrintResult.UNKNOWN:
        paying.on(sc.Paid)  # first somebody looks
        paying.does(ev.PaperSeen(printed=False))
        assert paying.last(ef.NotePaper) == ef.NotePaper(PAYOUT, 0, printed=False)
        paying.does(ev.Confirm())
    paying.on(sc.TakeCard)


def test_a_reprint_is_another_copy(paying: Walker) -> None:
    paying.signs()
    paying.does(ev.AskReprint())  # while it prints: not taken
    assert paying.last(ef.Print).copy == 0
    paying.does(ev.Printed(paying.number(ef.Print), v.PrintResult.FAILED), ev.AskReprint())
    assert paying.last(ef.Print).copy == 1


def test_a_lock_in_the_middle_comes_back_to_the_cash(paying: Walker) -> None:
    paying.does(ev.IdleSoon(30))
    assert ef.Say.STILL_THERE in paying.said()
    paying.does(ev.IdleOver())
    paying.on(sc.EnterPin)
    paying.does(*(ev.Digit(1),) * 6, ev.Confirm())
    paying.does(ev.SignInRefused(paying.number(ef.SignIn), 4))
    assert paying.on(sc.EnterPin).tries_left == 4
    paying.does(*(ev.Digit(2),) * 6, ev.Confirm())
    paying.does(ev.SignedIn(paying.number(ef.SignIn), SHIFT))
    assert paying.on(sc.HandOverCash).payout == PAYOUT


def test_somebody_else_does_not_come_back_to_it(paying: Walker) -> None:
    paying.does(ev.Lock(), *(ev.Digit(2),) * 6, ev.Confirm())
    other = replace(SHIFT, operator=gallery.OPERATORS[1])
    paying.does(ev.SignedIn(paying.number(ef.SignIn), other))
    paying.on(sc.Route)


def test_one_touch_goes_on_after_a_warning(agent: Walker) -> None:
    agent.does(ev.IdleSoon(30), ev.IdleSoon(12))
    assert agent.on(sc.StillThere).seconds == 12
    agent.does(ev.Confirm())
    agent.on(sc.Route)


def test_a_locked_slot_takes_no_more_digits(agent: Walker) -> None:
    agent.does(ev.Lock(), *(ev.Digit(1),) * 6, ev.Confirm())
    agent.does(ev.SignInRefused(agent.number(ef.SignIn), 0), ev.Digit(1), ev.Confirm())
    assert agent.on(sc.EnterPin).typed == ""
    assert agent.on(sc.EnterPin).awaited is None


def test_a_short_pin_is_not_tried() -> None:
    agent = Walker(sc.EnterPin(HERE, gallery.MAI))
    agent.does(*(ev.Digit(1),) * 5, ev.Confirm())
    assert agent.effects == [ef.Beep()] * 5


def test_the_day_begins_with_cash_from_a_named_person() -> None:
    agent = Walker()
    agent.signs_in(replace(SHIFT, session_open=False))
    agent.does(ev.NoteChosen(1), ev.Digit(1), ev.Digit(2), ev.NextNote(), ev.Digit(4), ev.Erase(), ev.Confirm())
    agent.does(ev.SourceChosen(7))
    agent.on(sc.ChooseSource)
    agent.does(ev.SourceChosen(0))
    assert agent.last(ef.OpenSession).notes == v.Notes.of({200_000: 12})
    assert agent.last(ef.OpenSession).received_from == "Thủ quỹ"
    agent.does(ev.SessionOpened(agent.number(ef.OpenSession), SHIFT))
    agent.on(sc.Route)


def test_what_is_uncertain_is_settled_one_by_one_before_the_day() -> None:
    agent = Walker()
    second = replace(CASE, payout=v.PayoutId("D-1-9"))
    agent.signs_in(replace(SHIFT, uncertain=(CASE, second)))
    agent.does(ev.Confirm(), ev.Digit(1), ev.Confirm(), ev.OutcomeChosen(v.Outcome.NOT_PAID))
    resolved = agent.last(ef.ResolveUncertain)
    assert (resolved.payout, resolved.outcome) == (CASE.payout, v.Outcome.NOT_PAID)
    assert resolved.counted == v.Notes.of({500_000: 1})
    agent.does(ev.UncertainSettled(agent.number(ef.ResolveUncertain), replace(SHIFT, uncertain=(second,))))
    assert agent.on(sc.UncertainFound).case == second


def test_without_proven_time_the_date_is_asked_for() -> None:
    agent = Walker(sc.Idle(replace(HERE, time_proven=False)))
    agent.signs_in()
    agent.does(*(ev.Digit(digit) for digit in (3, 1, 0, 2, 2, 0, 2, 6)), ev.Confirm())
    assert agent.on(sc.SetDate).wrong is True
    agent.does(*(ev.Digit(digit) for digit in (2, 2, 1, 1, 2, 0, 2, 6)), ev.Confirm())
    assert str(agent.last(ef.SetClock).stated) == "2026-11-22"
    agent.does(ev.ClockAccepted(agent.number(ef.SetClock)))
    agent.on(sc.Route)


def test_a_balanced_count_closes_with_one_touch(agent: Walker) -> None:
    agent.closes()
    agent.does(ev.Confirm())
    assert agent.last(ef.CloseSession).reason is v.VarianceReason.NONE
    agent.does(ev.SessionClosed(agent.number(ef.CloseSession), REPORT))
    assert agent.on(sc.Closed).shift.session_open is False
    agent.does(ev.Printed(agent.number(ef.PrintCashReport), v.PrintResult.PRINTED), ev.Confirm())
    agent.on(sc.Idle)
    assert agent.effects[-1] == ef.LockStore()


def test_a_difference_wants_a_reason(agent: Walker) -> None:
    agent.closes(replace(REPORT, variance=v.Vnd(50_000)))
    agent.does(ev.Confirm(), ev.VarianceChosen(v.VarianceReason.NONE), ev.Confirm())
    agent.on(sc.CloseVariance)
    agent.does(ev.VarianceChosen(v.VarianceReason.DAMAGED_NOTE), ev.Confirm())
    assert agent.last(ef.CloseSession).reason is v.VarianceReason.DAMAGED_NOTE


def test_a_visit_without_payment_has_a_reason(agent: Walker) -> None:
    agent.does(ev.HouseholdChosen(v.HouseholdId("h1")))
    agent.does(ev.HouseholdLoaded(agent.number(ef.LoadHousehold), HOUSE), ev.AskUnpaid())
    agent.does(ev.UnpaidChosen(v.UnpaidReason.HOSPITAL))
    assert agent.last(ef.RecordUnpaid).reason is v.UnpaidReason.HOSPITAL
    agent.does(ev.UnpaidNoted(agent.number(ef.RecordUnpaid), gallery.ROWS))
    agent.on(sc.Route)


def test_a_household_that_is_not_on_the_route_opens_nothing(agent: Walker) -> None:
    agent.does(ev.HouseholdChosen(v.HouseholdId("elsewhere")))
    agent.on(sc.Route)


def test_at_a_pay_point_name_and_sum_are_spoken_only_on_request() -> None:
    here = replace(HERE, profile=v.Profile.PAY_POINT)
    agent = Walker(sc.Route(here, SHIFT))
    agent.arrives()
    agent.is_recognised()
    agent.is_offered()
    assert ef.Say.SUM not in agent.said()
    agent.does(ev.HearAgain())
    assert agent.last(ef.Speak).say is ef.Say.SUM
    assert agent.last(ef.Speak).amount == 1_000_000


def test_the_recipients_language_is_spoken_to_the_recipient(agent: Walker) -> None:
    agent.arrives()
    agent.does(ev.LanguageChosen(v.Language.KM))
    agent.is_recognised()
    agent.is_offered()
    assert agent.last(ef.Speak).language is v.Language.KM
    assert agent.on(sc.ShowOffer).frame.language is v.Language.VI
