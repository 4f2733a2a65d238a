"""Writes docs/money-rules.md from the rules' own docstrings, so that the page cannot say what the code does not do.

python -m tests.tools.money_rules            rewrites the page
python -m tests.tools.money_rules --check    exits 1 when the page is not what the code says
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kiosk.desk import halts
from kiosk.payout import actions, rules, standing
from kiosk.payout.names import RefusalKey

PAGE = Path(__file__).parents[2] / "docs" / "money-rules.md"
ACTIONS: tuple[Callable[..., object], ...] = (
    rules.authorise,
    actions.void,
    actions.resolve,
    actions.reverse,
    actions.open_session,
    actions.move_cash,
    actions.close_session,
    actions.release,
    actions.take_over,
    actions.try_code,
)
LEASES, CODES = "tests/desk/test_leases.py::", "tests/desk/test_overrides.py::"
ELSEWHERE = {
    RefusalKey.NOT_THE_STAND_IN: (
        "`desk.leases`: no record under this citizen number or QR was given to this device",
        LEASES + "test_a_code_meant_for_another_stand_in_opens_nothing",
    ),
    RefusalKey.LEASE_QR_NOT_GENUINE: (
        "`exchange.handover`: the QR is not signed by the device that holds the lease",
        "tests/desk/test_lease_qr.py::test_a_qr_of_the_holder_takes_over_once_and_nothing_else_does",
    ),
    RefusalKey.RELEASE_CODE_WRONG: (
        "`exchange.release.take`: the twelve digits do not open the record",
        LEASES + "test_wrong_codes_are_counted_over_a_restart_and_the_sixth_waits_an_hour",
    ),
    RefusalKey.RELEASE_CODE_USED: (
        "`desk.leases`: the digits opened a record of an earlier grant, or this one before",
        LEASES + "test_a_code_of_an_earlier_grant_is_told_apart_from_a_wrong_one",
    ),
    RefusalKey.OVERRIDE_CODE_WRONG: (
        "`exchange.consent.judge`: the digits are not this request's",
        CODES + "test_a_code_for_something_else_is_refused_by_name",
    ),
    RefusalKey.OVERRIDE_CODE_USED: (
        "`exchange.consent.judge`: the request was answered before",
        CODES + "test_a_used_code_pays_nobody_else_and_nothing_else",
    ),
    RefusalKey.OVERRIDE_CODE_EXPIRED: (
        "`exchange.consent.judge`: the request is older than half an hour",
        CODES + "test_a_code_lives_half_an_hour_over_a_restart_too",
    ),
    RefusalKey.OVERRIDE_OTHER_RECIPIENT: (
        "`exchange.consent.judge`: the digits answer a request for another person",
        CODES + "test_a_code_for_something_else_is_refused_by_name",
    ),
    RefusalKey.OVERRIDE_OTHER_SUM: (
        "`exchange.consent.judge`: the digits answer a request for another sum",
        CODES + "test_a_code_over_the_old_sum_says_so",
    ),
    RefusalKey.OVERRIDE_OTHER_DEVICE: (
        "`exchange.consent.judge`: the digits begin with another device's mark",
        CODES + "test_a_code_for_something_else_is_refused_by_name",
    ),
    RefusalKey.BATTERY_LOW: (
        "the kiosk: no new payout starts on a battery that is nearly empty",
        "tests/desk/test_queue.py::test_below_the_set_charge_no_card_is_read",
    ),
}
"""Refusals that are not the domain's: who says them and why, and where it is tried."""
RULES, ACTS = "tests/payout/test_rules.py::", "tests/payout/test_actions.py::"
MUST_HOLD = (
    ("a code replayed after a regrant", RefusalKey.RELEASE_CODE_USED, ELSEWHERE[RefusalKey.RELEASE_CODE_USED][1]),
    ("a code meant for another stand-in", RefusalKey.NOT_THE_STAND_IN, ELSEWHERE[RefusalKey.NOT_THE_STAND_IN][1]),
    (
        "a release while a payout is open",
        RefusalKey.PAYOUT_OPEN,
        ACTS + "test_nothing_is_released_while_a_payout_is_open",
    ),
    (
        "two releases of one lease",
        RefusalKey.LEASE_RELEASED,
        ACTS + "test_a_released_lease_is_gone_and_is_not_released_twice",
    ),
    ("an expired lease", RefusalKey.LEASE_EXPIRED, RULES + "test_a_lease_must_be_live_and_exact"),
    ("a lease of another epoch", RefusalKey.LEASE_OTHER_EPOCH, RULES + "test_a_lease_must_be_live_and_exact"),
    (
        "a second payment: in cash",
        RefusalKey.ALREADY_PAID,
        RULES + "test_the_second_payment_of_an_entitlement_is_refused",
    ),
    (
        "a second payment: the transfer has no answer yet",
        RefusalKey.ENTITLEMENT_HELD,
        RULES + "test_what_goes_another_way_is_not_handed_out_too",
    ),
    (
        "a second payment: by bank or wallet",
        RefusalKey.NOT_CASH,
        RULES + "test_what_goes_another_way_is_not_handed_out_too",
    ),
    (
        "a payee whose term ended yesterday",
        RefusalKey.PAYEE_TERM_ENDED,
        RULES + "test_an_alternate_receives_within_term_and_scope",
    ),
    ("a sum changed after the grant", RefusalKey.SUM_CHANGED, RULES + "test_a_lease_must_be_live_and_exact"),
)
"""What is tried again and again, and must each be refused by a name of its own."""
ONE_WRONG = "test_one_wrong_thing_is_refused_by_its_name"
RESTS = "test_cash_rests_while_a_payout_is_open_or_uncertain"
OTHERS = "test_another_operator_moves_none_of_this_sessions_cash"
TWO_PEOPLE = "test_cash_moves_between_two_different_people"
WRONG_STATE = "test_what_is_not_in_the_right_state_is_left_as_it_is"
NO_SESSION = "test_without_a_session_nothing_is_settled"
RELEASED_ONCE = "test_a_released_lease_is_gone_and_is_not_released_twice"
NOT_WHILE_OPEN = "test_nothing_is_released_while_a_payout_is_open"
TAKEN_ONCE = "test_a_lease_that_was_taken_over_pays_here_once_and_stays_here"
TRIED = {
    "session_is_open": ("test_without_a_session_nothing_is_paid",),
    "session_is_ones_own": (OTHERS,),
    "nothing_is_pending": ("test_pending_payouts_are_named", "test_one_payout_at_a_time_and_the_uncertain_one_first"),
    "device_may_pay": (ONE_WRONG,),
    "time_is_trusted": (ONE_WRONG, "test_the_hour_of_the_floor_itself_is_trusted"),
    "simulation_stays_in_practice": ("test_simulated_evidence_pays_only_in_practice",),
    "entitlements_are_one_recipient": (ONE_WRONG, "test_the_same_entitlement_under_two_ids_is_one"),
    "paid_at_most_once": ("test_the_second_payment_of_an_entitlement_is_refused",),
    "paid_in_cash": ("test_what_goes_another_way_is_not_handed_out_too",),
    "sum_is_in_notes": ("test_a_sum_below_the_smallest_note_waits_for_the_rounding_rule",),
    "lease_is_live": (
        *("test_a_lease_must_be_live_and_exact", "test_a_lease_expires_by_whichever_clock_is_latest"),
        *("test_one_lease_does_not_pay_two_entitlements", "test_a_released_lease_pays_nothing"),
        "test_a_reversed_payout_needs_a_new_lease",
    ),
    "sum_is_the_leased_one": ("test_the_sum_is_the_leased_one_and_more_than_nothing",),
    "within_the_window": (ONE_WRONG, "test_the_last_day_of_card_and_window_still_count"),
    "recipient_lives": (
        "test_after_a_death_each_sum_goes_to_the_right_one",
        "test_the_month_of_death_is_still_paid_and_the_next_is_not",
    ),
    "payee_may_receive": (
        "test_a_payee_of_somebody_else_is_no_payee",
        "test_an_alternate_receives_within_term_and_scope",
    ),
    "card_is_believed": (ONE_WRONG,),
    "one_person_is_meant": (ONE_WRONG,),
    "face_is_confirmed": (ONE_WRONG,),
    "level_is_enough": (
        *(ONE_WRONG, "test_every_programme_must_allow_level_b"),
        "test_an_override_needs_consent_and_stays_within_the_caps",
    ),
    "cash_is_there": ("test_cash_must_be_there_in_sum_and_in_notes",),
    "authorise": ("test_authorise_runs_the_rules_again", "test_the_fact_that_the_chip_signs_is_complete"),
    "void": (WRONG_STATE, "test_only_what_is_open_can_be_voided_and_only_what_was_paid_reversed"),
    "resolve": (WRONG_STATE, NO_SESSION),
    "reverse": (
        *(WRONG_STATE, "test_a_reversal_brings_the_whole_sum_back_note_by_note", NO_SESSION, OTHERS, TWO_PEOPLE),
        *(RESTS, "test_a_reversed_payout_needs_a_new_lease"),
    ),
    "open_session": ("test_a_session_opens_with_its_cash_and_closes_with_its_count",),
    "move_cash": (
        *("test_no_more_is_returned_than_the_books_have_and_nothing_is_no_sum", TWO_PEOPLE, OTHERS, RESTS),
        NO_SESSION,
    ),
    "close_session": ("test_sessions_open_once_and_close_with_a_reason", "test_no_session_closes_over_an_open_payout"),
    "release": (
        *("test_only_a_live_lease_of_this_device_goes_to_a_named_stand_in", RELEASED_ONCE, NOT_WHILE_OPEN, TAKEN_ONCE),
        "test_a_spent_lease_is_not_released",
    ),
    "take_over": (TAKEN_ONCE, NOT_WHILE_OPEN, "test_an_expired_lease_is_not_taken_over"),
    "try_code": ("test_five_wrong_codes_in_a_row_cost_an_hour_each_further_one",),
}
"""The tests of each rule and action; together they name every refusal of it."""
HALTS = (*halts.SHOWN, RefusalKey.BATTERY_LOW)
TESTS = Path(__file__).parents[1] / "payout"
CONSTRAINTS: tuple[tuple[str, ...], ...] = (
    (
        "M1",
        "`Standing.paid`, the fold",
        "an entitlement in `Standing.paid` or a lease in `Standing.spent` is never authorised again",
        "tests/payout/test_standing_alone.py::test_a_paid_entitlement_is_not_authorised_again_under_a_new_lease",
        "tests/payout/test_standing_alone.py::test_a_lease_pays_one_entitlement_and_once",
    ),
    (
        "M1",
        "`uq_lease_one_live` of the district's schema",
        "an entitlement has at most one lease that is live or that was paid under, whoever writes it",
        "tests/agent_sync/test_database.py::test_a_second_live_lease_cannot_be_written",
    ),
    (
        "M2",
        "`Standing.pending`, the fold",
        "nothing is authorised and no session closes while a payout is open or uncertain",
        "tests/payout/test_standing_alone.py::test_nothing_is_authorised_over_an_unsettled_payout",
        "tests/payout/test_standing.py::test_a_power_cut_makes_the_open_payout_uncertain_and_it_blocks_the_close",
    ),
    (
        "M3",
        "triggers of `kiosk/store/migrations`",
        "UPDATE and DELETE on the journal are refused by the database; an INSERT must follow the last entry's hash",
        "tests/store/test_triggers.py::test_the_database_itself_refuses",
        "tests/store/test_triggers.py::test_a_row_that_does_not_follow_is_refused",
    ),
    (
        "M4",
        "`cash.CashSession.expected`, the fold",
        "opening + added − returned − paid + reversed − counted = variance",
        "tests/payout/test_standing.py::test_cash_balances_through_a_day",
    ),
    (
        "M5",
        "`Store.purge_epochs_before`, `Outbox.acknowledge`",
        "nothing is deleted before a signed checkpoint says that it is backed up",
        "tests/store/test_outbox.py::test_an_old_epoch_leaves_only_when_all_of_it_is_backed_up",
        "tests/exchange/test_spool.py::test_only_what_lies_wholly_below_is_deleted",
    ),
    (
        "M6",
        "`agent_sync.district.intake`",
        "a cash fact is never refused: both sides of a conflict are kept and open a case",
        "tests/agent_sync/test_intake.py::test_both_branches_of_a_fork_are_kept_and_a_case_names_the_session",
        "tests/agent_sync/test_intake.py::test_cash_without_a_lease_is_kept_counted_and_asked_about",
    ),
    (
        "M7",
        "`names.Vnd`, `canonical`",
        "integers only: a float has no canonical form and no decoder",
        "tests/payout/test_canonical.py::test_a_float_has_no_canonical_form",
    ),
    (
        "M7",
        "`AuthorisedLine.rounding`, the fold",
        "what was rounded is less than the smallest note and stands in the fact",
        "tests/payout/test_rounding.py::test_the_fold_takes_no_rounding_of_a_note_or_more",
    ),
    (
        "M8",
        "`meta` table, `EpochOpened`",
        "area, device and mode are fixed when the store is made; triggers refuse a change",
        "tests/store/test_triggers.py::test_the_database_itself_refuses",
    ),
)


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([*_head(), *_rules(), "", *_actions(), "", *_must_hold(), "", *_constraints(), ""])


def _head() -> list[str]:
    return [
        "# The money rules, as the code has them",
        "",
        "Written by `python -m tests.tools.money_rules` from the docstrings of `kiosk/payout/rules.py` and",
        "`actions.py`; a test compares the two. Every rule is one function. `offer` asks them in this order and gives",
        "the first refusal; `authorise` asks them all again in the transaction that lets cash out.",
        "",
        "## Asked before every payout",
        "",
        "| # | rule | says | refuses with | test |",
        "|---|---|---|---|---|",
    ]


def _rules() -> list[str]:
    return [
        f"| {number} | `{rule.__name__}` | {_says(rule)} | {_keys(rule)} | {_test(rule)} |"
        for number, rule in enumerate(rules.RULES, start=1)
    ]


def _actions() -> list[str]:
    rows = [f"| `{each.__name__}` | {_says(each)} | {_keys(each)} | {_test(each)} |" for each in ACTIONS]
    head = ["## What may be written afterwards", "", "| function | says | refuses with | test |", "|---|---|---|---|"]
    others = [f"| `{key.value}` | {who} | `{test}` |" for key, (who, test) in ELSEWHERE.items()]
    return [*head, *rows, "", "## Refused elsewhere", "", "| key | by | test |", "|---|---|---|", *others]


def _must_hold() -> list[str]:
    rows = [f"| {case} | `{key.value}` | `{test}` |" for case, key, test in MUST_HOLD]
    words = (
        "Each has words of its own for the agent in Vietnamese, English and Khmer (`RefusalKey.…` in the catalogues)."
    )
    return ["## Each by a name of its own", "", words, "", "| what is tried | key | test |", "|---|---|---|", *rows]


def _constraints() -> list[str]:
    rows = [
        f"| {rule} | {where} | {says} | {', '.join(f'`{test}`' for test in tests)} |"
        for rule, where, says, *tests in CONSTRAINTS
    ]
    folded = f"The fold (`{standing.__name__}.stand`), the database and the district hold these, whoever wrote a fact."
    return ["## Held below the rules", "", folded, "", "| | where | says | test |", "|---|---|---|---|", *rows]


def _says(function: Callable[..., object]) -> str:
    """The first paragraph of the docstring."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def _keys(function: Callable[..., object]) -> str:
    """The refusal keys that a function and its helpers name, in order."""
    if function is rules.authorise:
        return "any of the above"
    if function is rules.device_may_pay:
        return f"what the desk found: {', '.join(f'`{each.value}`' for each in HALTS)}"
    return ", ".join(f"`{RefusalKey[name].value}`" for name in _named(function))


def _named(function: Callable[..., object]) -> list[str]:
    return list(dict.fromkeys(re.findall(r"RefusalKey\.([A-Z_]+)", _source(function, set()))))


def _source(function: Callable[..., object], seen: set[str]) -> str:
    """The text of a function and of every helper of its own module that it calls."""
    source = inspect.getsource(function)
    helpers = {**actions.__dict__, **rules.__dict__, "refusal_on": rules.Payee.refusal_on}
    for name in re.findall(r"\b([a-z_]+)\(", source):
        if name not in seen and inspect.isfunction(helpers.get(name)):
            seen.add(name)
            source += _source(helpers[name], seen)
    return source


def _test(function: Callable[..., object]) -> str:
    """Where it is tried. Raises ValueError when one of its refusals is named by none of these tests."""
    sources = [_all_tests()[name] for name in TRIED[function.__name__]]
    keys = [] if function is rules.authorise else _named(function)
    if untried := [key for key in keys if not any(f"RefusalKey.{key}" in each for each in sources)]:
        raise ValueError(f"{function.__name__}: no test of it names {', '.join(untried)}")
    return ", ".join(f"`{name}`" for name in TRIED[function.__name__])


@cache
def _all_tests() -> dict[str, str]:
    """Every test function of the money rules, with its parameters."""
    found: dict[str, str] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, _lines(text, node) + _tables(text, node))
    return {name: body for name, body in found.items() if name != "test_the_rules_and_their_order"}


def _lines(text: str, node: ast.FunctionDef | ast.Assign | ast.AnnAssign) -> str:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _tables(text: str, test: ast.FunctionDef) -> str:
    """The tables of cases that a test walks, where they stand beside it."""
    used = set(re.findall(r"\b[A-Z_]{3,}\b", _lines(text, test)))
    tables = [node for node in ast.parse(text).body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return "".join(_lines(text, each) for each in tables if used & _named_by(each))


def _named_by(table: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = table.targets if isinstance(table, ast.Assign) else [table.target]
    return {ast.unparse(each) for each in targets}


def main(argv: list[str]) -> int:
    """Write or check."""
    if "--check" in argv:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
