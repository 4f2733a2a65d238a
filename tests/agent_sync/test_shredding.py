"""Evidence at the district ends on a date; what a person still has to look at waits."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from agent_sync.district import cases, cli, evidence, verify, witness
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.schema import attachment
from kiosk.exchange.attachment import AttachmentKind, new_attachment, seal_attachment
from tests.agent_sync.field_kit import FieldKit, Seat

DAY = 86_400


@pytest.fixture
def old(seat: Seat, kit: FieldKit) -> Seat:
    """A payout whose evidence came 400 days ago, and one-time codes of the same day."""
    kit.pay("ba-sau")
    codes = new_attachment(AttachmentKind.CODES, b"[]")
    sealed = seal_attachment(
        codes, area=seat.home.area, device=kit.device, district_key=seat.home.keys.intake_public
    )  # fmt: skip
    EvidenceIntake(seat.home, seat.database).receive(kit.device, [*kit.attachments, sealed])
    with seat.database.write() as connection:
        connection.execute(update(attachment).values(received_at=attachment.c.received_at - 400 * DAY))
    return seat


def kinds_left(seat: Seat) -> set[str]:
    with seat.database.read() as connection:
        rows = connection.execute(select(attachment.c.kind, attachment.c.digest).where(attachment.c.key.is_not(None)))
        return {row[0] for row in rows if evidence.find(connection, seat.home.area, row[1]) is not None}


def shred(seat: Seat, days: int) -> int:
    return cli.main(["shred", "--days", str(days), "--home", str(seat.home.folder), "--json"])


def test_evidence_whose_time_is_over_is_destroyed(old: Seat, capsys: pytest.CaptureFixture[str]) -> None:
    assert kinds_left(old) == {"chip", "witness", "codes"}
    assert shred(old, 500) == 0
    assert json.loads(capsys.readouterr().out)["shredded"] == 0
    assert shred(old, 365) == 0
    assert json.loads(capsys.readouterr().out)["shredded"] == 2
    assert kinds_left(old) == {"codes"}


def test_a_witness_whose_evidence_is_over_is_counted_for_itself(
    old: Seat, kit: FieldKit, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was proved while it could be, and what nobody can prove any more, is not what is still to come."""
    kit.pay("ba-khe")
    Intake(old.home, old.database).receive(kit.device, [kit.seal()])
    while witness.check_pending(old.database, old.home.area):
        pass
    found = verify.verify(old.home, old.database)
    assert (found.chip_witness_verified, found.chip_witness_pending, found.chip_witness_shredded) == (1, 1, 0)
    shred(old, 365)
    found = verify.verify(old.home, old.database)
    assert (found.chip_witnesses, found.chip_witness_verified, found.chip_witness_pending) == (2, 0, 1)
    assert (found.chip_witness_shredded, found.chip_witness_shredded_verified) == (1, 1)
    capsys.readouterr()
    cli.main(["verify", "--home", str(old.home.folder)])
    assert "1 can be proved no more, 1 of them was proved before" in capsys.readouterr().out


def test_evidence_of_a_device_with_an_open_case_waits(old: Seat, kit: FieldKit) -> None:
    with old.database.write() as connection:
        case = cases.Case(cases.CaseKind.REVERSAL, "asked", kit.device)
        cases.open_cases(connection, old.home.area, [case])
    assert shred(old, 365) == 0
    assert kinds_left(old) == {"chip", "witness", "codes"}


def test_a_slip_of_the_finger_ends_nothing(old: Seat) -> None:
    assert shred(old, 9) == 2
    assert kinds_left(old) == {"chip", "witness", "codes"}
