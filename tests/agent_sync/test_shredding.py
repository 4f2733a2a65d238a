"""Evidence at the district ends on a date; what a person still has to look at waits."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from agent_sync.district import cases, cli, evidence
from agent_sync.district.evidence import EvidenceIntake
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


def test_evidence_of_a_device_with_an_open_case_waits(old: Seat, kit: FieldKit) -> None:
    with old.database.write() as connection:
        case = cases.Case(cases.CaseKind.REVERSAL, "asked", kit.device)
        cases.open_cases(connection, old.home.area, [case])
    assert shred(old, 365) == 0
    assert kinds_left(old) == {"chip", "witness", "codes"}


def test_a_slip_of_the_finger_ends_nothing(old: Seat) -> None:
    assert shred(old, 9) == 2
    assert kinds_left(old) == {"chip", "witness", "codes"}
