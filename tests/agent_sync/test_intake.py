"""Intake: idempotent, in order, nothing lost, nothing refused that says where cash went."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from agent_sync.api import FileOutcome
from agent_sync.district import cases, checkpoints, queries, verify, witness, words
from agent_sync.district.cases import CaseKind, CaseState
from agent_sync.district.errors import Unknown
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.schema import case_table, entry, lease, payout, poison, segment
from agent_sync.district.states import LeaseState, PayoutPhase, WitnessState
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import keys
from kiosk.exchange import segment as xs
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout import journal as j
from kiosk.payout.cash import fewest_notes
from kiosk.payout.evidence import CardDoubt
from kiosk.payout.names import Mode, Outcome, RefusalKey, ReversalReason, Sequence, UnixSeconds, Vnd
from tests.agent_sync.field_kit import FieldKit, Seat, new_district

TAKEN = [FileOutcome.ACCEPTED]


def send(seat: Seat, kit: FieldKit, *files: bytes) -> list[FileOutcome]:
    return [each.outcome for each in Intake(seat.home, seat.database).receive(kit.device, files)]


def send_attachments(seat: Seat, kit: FieldKit) -> list[FileOutcome]:
    return [each.outcome for each in EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)]


def rows(seat: Seat, table: Any) -> list[dict[str, Any]]:
    with seat.database.read() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def kinds(seat: Seat) -> list[str]:
    return sorted(row["kind"] for row in rows(seat, case_table))


def checkpoint(seat: Seat, kit: FieldKit) -> xc.Checkpoint:
    to = xb.Addressee(seat.home.area, kit.device, kit.epoch, kit.seal_public)
    with seat.database.read() as connection:
        data = checkpoints.current(connection, seat.home, kit.device, kit.epoch)
    return xc.read_checkpoint(data, seat.home.keys.signing_public, to)


def test_a_visit_arrives_whole_and_verifies(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kit.pay("ba-khe")
    kit.pay("ong-tu", chip=False)
    kit.close_session()
    assert send(seat, kit, kit.seal()) == TAKEN
    assert send_attachments(seat, kit) == [FileOutcome.ACCEPTED] * 5
    assert witness.check_pending(seat.database, seat.home.area) == 2
    found = verify.verify(seat.home, seat.database)
    assert found.problems == []
    assert (found.payouts, found.completed, found.completed_vnd) == (3, 3, 500_000 + 1_000_000 + 500_000)
    assert (found.chip_witnesses, found.chip_witness_verified) == (2, 2)
    assert (found.entries, found.sessions_closed, found.cases) == (len(kit.entries), 1, 0)
    spent = [row for row in rows(seat, lease) if row["state"] == LeaseState.SPENT.value]
    assert len(spent) == 4
    states = {row["witness"] for row in rows(seat, payout)}
    assert states == {WitnessState.VERIFIED.value, WitnessState.NONE.value}


def test_the_same_bytes_twice_change_nothing(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    data = kit.seal()
    assert send(seat, kit, data, data) == [FileOutcome.ACCEPTED, FileOutcome.ACCEPTED]
    before = rows(seat, entry), rows(seat, payout), rows(seat, case_table)
    assert send(seat, kit, data) == [FileOutcome.DUPLICATE]
    assert (rows(seat, entry), rows(seat, payout), rows(seat, case_table)) == before


def test_a_reseal_with_other_borders_is_known_in_part(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    first = kit.seal()
    kit.pay("ba-khe")
    assert send(seat, kit, first) == TAKEN
    assert send(seat, kit, kit.seal(2), kit.seal(0)) == [FileOutcome.ACCEPTED, FileOutcome.DUPLICATE]
    assert len(rows(seat, entry)) == len(kit.entries)
    assert kinds(seat) == []


def test_overlapping_segments_in_one_batch_are_no_fork(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    assert send(seat, kit, kit.seal(0, 2), kit.seal(0), kit.seal(1, 3)) == [
        FileOutcome.ACCEPTED, FileOutcome.ACCEPTED, FileOutcome.DUPLICATE,
    ]  # fmt: skip
    assert kinds(seat) == []
    assert checkpoint(seat, kit).next == len(kit.entries)


def test_segments_behind_a_gap_wait_and_the_checkpoint_stops_there(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    parts = [kit.seal(0, 1), kit.seal(2, 3), kit.seal(4)]
    assert send(seat, kit, parts[2]) == [FileOutcome.WAITING]
    assert send(seat, kit, parts[1]) == [FileOutcome.WAITING]
    assert checkpoint(seat, kit).next == 0
    assert rows(seat, entry) == []
    assert send(seat, kit, parts[0]) == TAKEN
    assert checkpoint(seat, kit).next == len(kit.entries)
    assert checkpoint(seat, kit).head == kit.head
    assert {row["state"] for row in rows(seat, segment)} == {"opened"}


def test_both_branches_of_a_fork_are_kept_and_a_case_names_the_session(seat: Seat, kit: FieldKit) -> None:
    twin = kit.twin()
    kit.pay("ba-sau")
    twin.pay("ba-khe")
    assert send(seat, kit, kit.seal()) == TAKEN
    assert send(seat, twin, twin.seal()) == TAKEN
    forks = [row for row in rows(seat, case_table) if row["kind"] == CaseKind.FORK.value]
    assert len(forks) == 1
    assert forks[0]["session"] == kit.session
    hashes = {row["hash"] for row in rows(seat, entry)}
    assert hashes == {each.hash for each in kit.entries} | {each.hash for each in twin.entries}
    twin.pay("ong-tu")
    assert send(seat, twin, twin.seal(len(twin.entries) - 2)) == TAKEN
    assert {row["branch"] for row in rows(seat, entry)} == {0, 1}
    assert len([row for row in rows(seat, case_table) if row["kind"] == CaseKind.FORK.value]) == 1
    completed = [row for row in rows(seat, payout) if row["state"] == PayoutPhase.COMPLETED.value]
    assert len(completed) == 3


def test_one_entitlement_claimed_by_two_branches_is_a_double_claim(seat: Seat, kit: FieldKit) -> None:
    twin = kit.twin()
    kit.pay("ba-sau")
    twin.now += 60
    twin.pay("ba-sau")
    send(seat, kit, kit.seal())
    send(seat, twin, twin.seal())
    doubles = [row for row in rows(seat, case_table) if row["kind"] == CaseKind.DOUBLE_CLAIM.value]
    assert len(doubles) == 1
    assert doubles[0]["session"] == kit.session
    assert doubles[0]["operator"] == kit.operator
    assert CaseKind.LEASE_NOT_LIVE.value in kinds(seat)
    found = verify.verify(seat.home, seat.database)
    assert any("was paid by" in each for each in found.problems)


def test_cash_without_a_lease_is_kept_counted_and_asked_about(seat: Seat, kit: FieldKit) -> None:
    held = kit.leases_of("ba-sau")[0]
    line = kit.authorise("ba-sau").fact
    assert isinstance(line, j.PayoutAuthorised)
    kit.entries.pop()
    wrong = j.AuthorisedLine(held.entitlement, "L-none", *_rest(line.lines[0]))  # type: ignore[arg-type]
    kit.complete(kit.authorise_lines(line.recipient, (wrong,), [], "ba-sau", chip=False))
    assert send(seat, kit, kit.seal()) == TAKEN
    assert kinds(seat) == [CaseKind.NO_LEASE.value]
    with seat.database.read() as connection:
        figures = queries.period_figures(connection, seat.home.area)
    assert sum(each.paid_vnd for each in figures) == 500_000


def _rest(line: j.AuthorisedLine) -> tuple[object, ...]:
    return line.programme, line.kind, line.period, line.amount


def test_another_sum_than_the_lease_fixed_opens_a_case(seat: Seat, kit: FieldKit) -> None:
    kit.complete(kit.authorise("ba-sau", amount=700_000))
    assert send(seat, kit, kit.seal()) == TAKEN
    assert kinds(seat) == [CaseKind.SUM_DIFFERS.value]


def test_a_payout_after_the_lease_expired_opens_a_case(seat: Seat, kit: FieldKit) -> None:
    kit.now += 40 * 86_400
    kit.pay("ba-sau")
    assert send(seat, kit, kit.seal()) == TAKEN
    assert kinds(seat) == [CaseKind.LEASE_EXPIRED.value]


def test_another_device_paying_with_our_lease_opens_a_case(seat: Seat, kit: FieldKit) -> None:
    other = seat.enrol("kit-02")
    other.pay_list = kit.pay_list
    other.begin()
    other.pay("ba-sau")
    assert send(seat, other, other.seal()) == TAKEN
    assert CaseKind.LEASE_OTHER_DEVICE.value in kinds(seat)


def test_simulated_money_in_production_is_a_case_and_counted_nowhere(tmp_path: Any) -> None:
    seat = new_district(tmp_path / "d", mode=Mode.PRODUCTION)
    seat.load_sample(tmp_path)
    kit = seat.enrol("kit-01")
    seat.lease(kit)
    seat.bundle(kit)
    kit.begin()
    kit.pay("ba-sau")
    assert send(seat, kit, kit.seal()) == TAKEN
    assert kinds(seat) == [CaseKind.SIMULATED_IN_PRODUCTION.value]
    assert verify.verify(seat.home, seat.database).completed_vnd == 0
    with seat.database.read() as connection:
        assert sum(each.paid for each in queries.period_figures(connection, seat.home.area)) == 0
    assert {row["state"] for row in rows(seat, lease)} == {LeaseState.LIVE.value}
    seat.database.close()


def test_the_one_chip_of_two_people_voids_what_it_signed(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kit.complete(kit.authorise("ba-khe", signer="ba-sau"))
    assert send(seat, kit, kit.seal()) == TAKEN
    assert kinds(seat) == [CaseKind.SHARED_CHIP_KEY.value]
    assert {row["witness"] for row in rows(seat, payout)} == {WitnessState.VOID.value}


def pay_in_doubt(kit: FieldKit, persona: str, *doubts: CardDoubt) -> None:
    made = kit.authorise(persona, chip=False).fact
    assert isinstance(made, j.PayoutAuthorised)
    kit.entries.pop()
    kit.complete(kit.write(replace(made, doubts=doubts)))


def test_a_card_that_disagrees_with_the_list_is_a_case_and_still_paid(seat: Seat, kit: FieldKit) -> None:
    pay_in_doubt(kit, "ba-sau", CardDoubt.LIST_SPELLING)
    pay_in_doubt(kit, "ba-khe", CardDoubt.LIST_BIRTH, CardDoubt.LIST_SPELLING, CardDoubt.QR_NAME)
    send(seat, kit, kit.seal())
    found = [json.loads(row["detail"]) for row in rows(seat, case_table) if row["kind"] == CaseKind.CARD_DOUBT.value]
    assert [each["doubts"] for each in found] == [["list_birth", "qr_name"]]
    told = "ngày sinh trên danh sách, họ tên trong mã QR in trên thẻ"
    assert ("Không khớp", told) in words.told(found[0])["told"]
    assert {row["state"] for row in rows(seat, payout)} == {PayoutPhase.COMPLETED.value}


def test_another_persons_number_on_the_list_is_a_case_although_nobody_was_paid(seat: Seat, kit: FieldKit) -> None:
    who = kit.leases_of("ba-sau")[0]
    assert kit.pay_list is not None
    person = next(each.recipient for each in kit.pay_list.entitlements if each.id == who.entitlement)
    kit.write(j.PayoutRefused(kit.session, kit.operator, person, RefusalKey.ANOTHER_PERSON, simulated=True))
    kit.write(j.PayoutRefused(kit.session, kit.operator, person, RefusalKey.NOTHING_DUE, simulated=True))
    send(seat, kit, kit.seal())
    assert kinds(seat) == [CaseKind.CARD_DOUBT.value]
    assert json.loads(rows(seat, case_table)[0]["detail"])["person"] == person


def test_one_signature_under_two_payouts_voids_both(seat: Seat, kit: FieldKit) -> None:
    first = kit.authorise("ba-sau")
    kit.complete(first)
    assert isinstance(first.fact, j.PayoutAuthorised)
    again = replace(
        first.fact, payout=j.payout_id(kit.device, kit.epoch, Sequence(len(kit.entries))), previous_head=kit.head
    )
    kit.complete(kit.write(again, first.witness))
    send(seat, kit, kit.seal())
    assert CaseKind.REPEATED_CHALLENGE.value in kinds(seat)
    assert {(row["witness"], row["witness_reason"]) for row in rows(seat, payout)} == {
        (WitnessState.VOID.value, "repeated_challenge")
    }


def test_a_witness_from_another_card_fails_with_a_case(seat: Seat, kit: FieldKit) -> None:
    kit.complete(kit.authorise("ba-khe", signer="ba-sau"))
    send(seat, kit, kit.seal())
    send_attachments(seat, kit)
    assert witness.check_pending(seat.database, seat.home.area) == 1
    assert rows(seat, payout)[0]["witness_reason"] == "number_differs"
    assert kinds(seat) == [CaseKind.WITNESS_FAILED.value]


@pytest.mark.parametrize("card", ["forged", "cloned"])
def test_forged_and_cloned_cards_never_verify(seat: Seat, kit: FieldKit, card: str) -> None:
    persona = "ba-sau"
    kit.complete(kit.authorise(persona, signer=card))
    send(seat, kit, kit.seal())
    send_attachments(seat, kit)
    witness.check_pending(seat.database, seat.home.area)
    assert rows(seat, payout)[0]["witness"] != WitnessState.VERIFIED.value


def test_a_witness_waits_for_its_attachment(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    send(seat, kit, kit.seal())
    assert witness.check_pending(seat.database, seat.home.area) == 0
    assert verify.verify(seat.home, seat.database).chip_witness_pending == 1
    send_attachments(seat, kit)
    assert witness.check_pending(seat.database, seat.home.area) == 1


def test_power_cut_uncertain_then_resolved(seat: Seat, kit: FieldKit) -> None:
    authorised = kit.authorise("ba-sau")
    kit.write(j.DeviceStarted("test", True))
    assert send(seat, kit, kit.seal()) == TAKEN
    assert rows(seat, payout)[0]["state"] == PayoutPhase.UNCERTAIN.value
    fact = authorised.fact
    assert isinstance(fact, j.PayoutAuthorised)
    first = len(kit.entries)
    kit.write(j.UncertainResolved(fact.payout, Outcome.PAID, Vnd(kit.opening - fact.total), kit.operator))
    assert send(seat, kit, kit.seal(first)) == TAKEN
    assert rows(seat, payout)[0]["state"] == PayoutPhase.COMPLETED.value
    assert kinds(seat) == [CaseKind.UNCERTAIN_RESOLVED.value]


def test_missing_cash_at_closing_is_a_case(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kit.close_session(missing=50_000)
    send(seat, kit, kit.seal())
    case = rows(seat, case_table)[0]
    assert case["kind"] == CaseKind.CASH_VARIANCE.value
    assert json.loads(case["detail"])["variance_vnd"] == 50_000
    found = verify.verify(seat.home, seat.database)
    assert (found.problems, found.cash_variance_vnd) == ([], 50_000)


def test_foreign_damaged_and_misaddressed_segments_change_nothing(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    good = kit.seal()
    stranger = kit.twin()
    stranger.sign = seat.enrol("kit-03").sign
    answers = Intake(seat.home, seat.database).receive(
        kit.device, [stranger.seal(), good[:-1] + bytes([good[-1] ^ 1]), good[:40], b"", b"x" * 5_000]
    )
    assert [each.outcome for each in answers] == [FileOutcome.REFUSED] * 5
    assert [each.reason for each in answers[:3]] == ["foreign_signature", "swapped_ciphertext", "truncated"]
    other = seat.enrol("kit-02")
    assert send(seat, other, good) == [FileOutcome.REFUSED]
    assert rows(seat, segment) == []
    assert rows(seat, poison) == []
    assert rows(seat, entry) == []


def test_a_signed_segment_that_does_not_open_is_set_aside_with_its_bytes(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    elsewhere = new_key()
    data = xs.seal(
        kit.entries, area=kit.area, held=NOTHING_HELD, time=UnixSeconds(kit.now), district_key=elsewhere, sign=kit.sign
    )
    assert send(seat, kit, data) == [FileOutcome.SET_ASIDE]
    assert rows(seat, poison)[0]["data"] == data
    assert kinds(seat) == [CaseKind.POISON_SEGMENT.value]
    assert send(seat, kit, data) == [FileOutcome.SET_ASIDE]
    assert len(rows(seat, poison)) == 1
    assert send(seat, kit, kit.seal()) == TAKEN


def new_key() -> bytes:
    return keys.seal_public(keys.new_private())


def test_an_unknown_device_is_told_so(seat: Seat, kit: FieldKit) -> None:
    answer = Intake(seat.home, seat.database).receive(kit.device.__class__("nobody"), [kit.seal()])
    assert (answer[0].outcome, answer[0].reason) == (FileOutcome.REFUSED, "unknown_device")


def test_a_reversal_frees_the_entitlement_for_a_new_lease(seat: Seat, kit: FieldKit) -> None:
    fact = kit.pay("ba-sau").fact
    assert isinstance(fact, j.PayoutAuthorised)
    back = fewest_notes(fact.total)
    assert back is not None
    reason = ReversalReason.WRONG_PERSON
    kit.write(j.PayoutReversed(fact.payout, kit.session, reason, back.counts, kit.operator, "lan"))
    send(seat, kit, kit.seal())
    assert rows(seat, payout)[0]["state"] == PayoutPhase.REVERSED.value
    assert seat.lease(kit).granted == 1
    assert kinds(seat) == [CaseKind.REVERSAL.value]


def test_cases_are_settled_once_with_a_finding(seat: Seat, kit: FieldKit) -> None:
    kit.close_session(missing=1_000)
    send(seat, kit, kit.seal())
    case = rows(seat, case_table)[0]
    with seat.database.write() as connection:
        cases.settle(connection, seat.home.area, case["id"], "hoa", "Đếm lại đủ tiền.")
    assert rows(seat, case_table)[0]["state"] == CaseState.SETTLED.value
    with pytest.raises(Unknown), seat.database.write() as connection:
        cases.settle(connection, seat.home.area, case["id"], "hoa", "Lần nữa.")
    assert send(seat, kit, kit.seal()) == [FileOutcome.DUPLICATE]
    assert rows(seat, case_table)[0]["state"] == CaseState.SETTLED.value
