"""Whatever happens in whatever order: the flow holds. Hypothesis is the tired agent with a wet screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import effects as ef
from kiosk.flow import screens as sc
from kiosk.flow.counting import MAX_COUNT
from kiosk.flow.machine import step
from kiosk.flow.values import MAX_POINTS, PIN_MAX, STROKE_SIDE, Count, OperationId
from kiosk.flow.way_cash import is_stroke
from tests.flow.explore import awaited, intents, results, starts

MOVES = st.lists(st.tuples(st.integers(0, 80), st.booleans()), max_size=120)


@given(MOVES)
def test_any_order_of_events_keeps_the_rules(moves: list[tuple[int, bool]]) -> None:
    screen: sc.Screen = starts()[0]
    authorised, ended = set(), set()
    for choice, answer in moves:
        operation = awaited(screen)
        events = results(operation) if answer and operation is not None else intents()
        event = events[choice % len(events)]
        before = screen
        screen, effects = step(screen, event)
        assert screen.frame.next_operation >= before.frame.next_operation
        if isinstance(screen, sc.EnterPin):
            assert len(screen.typed) <= PIN_MAX
        for effect in effects:
            if isinstance(effect, ef.Authorise):
                authorised.add(effect.operation)
            if isinstance(effect, ef.Complete | ef.VoidPayout):
                ended.add(effect.operation)
    assert not ended or authorised, "a payout ended that was never authorised"


KEYS = st.one_of(
    st.integers(-3, 14).map(lambda place: ("choose", place)),
    st.integers(-1, 10).map(lambda digit: ("digit", digit)),
    st.sampled_from([("erase", 0), ("next", 0)]),
)


@given(st.lists(KEYS, max_size=60))
def test_a_count_stays_within_bounds(keys: list[tuple[str, int]]) -> None:
    count = Count()
    for key, number in keys:
        match key:
            case "choose":
                count = count.choose(number)
            case "digit":
                count = count.digit(number)
            case "erase":
                count = count.erase()
            case _:
                count = count.next()
        assert 0 <= count.at < len(count.counts)
        assert all(0 <= each <= MAX_COUNT for each in count.counts)
    assert count.notes.amount == sum(note * number for note, number in count.notes.items())


@given(st.lists(st.tuples(st.integers(-50, 1_100), st.integers(-50, 1_100)), max_size=MAX_POINTS + 5))
def test_a_stroke_out_of_bounds_is_not_taken(points: list[tuple[int, int]]) -> None:
    inside = all(0 <= x <= STROKE_SIDE and 0 <= y <= STROKE_SIDE for x, y in points)
    assert is_stroke(tuple(points)) == (inside and 0 < len(points) <= MAX_POINTS)


@given(st.integers(0, 10**9))
def test_no_foreign_answer_moves_the_idle_screen(number: int) -> None:
    screen = starts()[0]
    assert all(step(screen, event) == (screen, ()) for event in results(OperationId(number)))
