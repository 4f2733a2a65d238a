"""A courier that is fully taken over: it may delay, and everything else is noticed by kiosk or district.

The thief holds the courier's TLS key, both spool folders and every file that ever passed. Each test is one thing
that such a thief can try: write, swap, seal anew, replay, withhold, touch, read. What a forged status does is seen
where it is read: `tests/desk/test_orders.py::test_whatever_the_couriers_status_says_moves_the_lamp_and_no_number`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent_sync.district import bundles, checkpoints, verify
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import envelope, keys, transport
from kiosk.exchange import segment as xs
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.shapes import NOTHING_HELD, Held
from kiosk.payout.names import Sequence, UnixSeconds
from tests.agent_sync.field_kit import FieldKit, Seat


def addressee(kit: FieldKit) -> xb.Addressee:
    return xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)


def bundle_for(seat: Seat, kit: FieldKit) -> bytes:
    with seat.database.write() as connection:
        return bundles.current(connection, seat.home, kit.device).data


def checkpoint_for(seat: Seat, kit: FieldKit) -> bytes:
    with seat.database.read() as connection:
        return checkpoints.current(connection, seat.home, kit.device, kit.epoch)


def refused(seat: Seat, kit: FieldKit, data: bytes) -> str:
    answer = Intake(seat.home, seat.database).receive(kit.device, [data])[0]
    assert answer.outcome.value == "refused"
    return answer.reason


def test_it_cannot_write_segments_of_its_own(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    own = xs.seal(
        kit.entries, area=kit.area, held=NOTHING_HELD, time=UnixSeconds(kit.now),
        district_key=seat.home.keys.intake_public, sign=keys.signer(keys.new_private()),
    )  # fmt: skip
    assert refused(seat, kit, own) == FaultKey.FOREIGN_SIGNATURE.value


def test_it_cannot_swap_contents_between_segments(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    first = kit.seal(0, 2)
    second = kit.seal(3)
    body = len(xs.peek(first).head_hash)
    mixed = first[:-body] + second[-body:]
    assert refused(seat, kit, mixed) == FaultKey.SWAPPED_CIPHERTEXT.value


@pytest.mark.parametrize(
    ("what", "noticed"),
    [
        ("own seal, own signature", FaultKey.FOREIGN_SIGNATURE),
        ("own seal under the kit's signature", FaultKey.SWAPPED_CIPHERTEXT),
        ("other borders under the kit's signature", FaultKey.FOREIGN_SIGNATURE),
    ],
)
def test_what_it_seals_anew_for_the_district_is_noticed_and_changes_nothing(
    seat: Seat, kit: FieldKit, what: str, noticed: FaultKey
) -> None:
    """Anybody can seal to the district's public key: the kit's one signature covers header, head and ciphertext."""
    kit.pay("ba-sau")
    genuine = kit.seal()
    header, thief = xs.peek(genuine), keys.signer(keys.new_private())
    shorter, head = transport.squeeze(kit.entries[:-2])
    cut = replace(header, last=Sequence(header.last - 2), head_hash=head)
    said = cut if what.startswith("other") else header
    anew = envelope.pack_sealed(envelope.Kind.SEGMENT, said, shorter, seat.home.keys.intake_public, thief)
    if what.endswith("the kit's signature"):
        old, new = (envelope.unpack(envelope.Kind.SEGMENT, each) for each in (genuine, anew))
        digest = new.digest if said is cut else old.digest
        anew = anew[:8] + new.header + digest + old.signature + new.body
    assert refused(seat, kit, anew) == noticed.value
    assert verify.verify(seat.home, seat.database).entries == 0
    Intake(seat.home, seat.database).receive(kit.device, [genuine])
    assert verify.verify(seat.home, seat.database).completed == 1


def test_what_it_seals_anew_for_the_kit_is_noticed(seat: Seat, kit: FieldKit) -> None:
    """The other way: a bundle whose sealed part was made by the thief, under the district's signature or its own."""
    genuine, thief = bundle_for(seat, kit), keys.signer(keys.new_private())
    opened = xb.open_bundle(genuine, seat.home.keys.signing_public, addressee(kit), NOTHING_HELD, kit.open)
    other = replace(opened.sealed, pay_list=replace(opened.sealed.pay_list, leases=()))
    own = xb.seal_bundle(opened.public, other, opened.header, kit.seal_public, thief)
    old, new = (envelope.unpack(envelope.Kind.BUNDLE, each) for each in (genuine, own))
    spliced = own[:8] + old.header + old.digest + old.signature + new.body
    for data, noticed in ((own, FaultKey.FOREIGN_SIGNATURE), (spliced, FaultKey.SWAPPED_CIPHERTEXT)):
        with pytest.raises(ExchangeError) as refusal:
            xb.open_bundle(data, seat.home.keys.signing_public, addressee(kit), NOTHING_HELD, kit.open)
        assert refusal.value.key is noticed


def test_it_cannot_make_one_kit_speak_for_another(seat: Seat, kit: FieldKit) -> None:
    other = seat.enrol("kit-02")
    kit.pay("ba-sau")
    assert refused(seat, other, kit.seal()) == FaultKey.WRONG_DEVICE.value


def test_replaying_everything_that_ever_passed_changes_nothing(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    kept = [kit.seal(0, 2), kit.seal(3)]
    for _ in range(3):
        Intake(seat.home, seat.database).receive(kit.device, kept)
        EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    found = verify.verify(seat.home, seat.database)
    assert (found.completed, found.cases, found.problems) == (1, 0, [])


def test_withheld_segments_are_seen_in_the_checkpoint(seat: Seat, kit: FieldKit) -> None:
    """The kiosk's own count against the district's signed word: nothing is deleted meanwhile."""
    kit.pay("ba-sau")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal(3)])
    word = xc.read_checkpoint(checkpoint_for(seat, kit), seat.home.keys.signing_public, addressee(kit))
    position = xc.Position(kit.epoch, kit.entries[-1].sequence, xs.peek(kit.seal()).previous_hash, 1)
    assert (word.next, word.backed_up) == (0, 0)
    assert xc.judge(word, position) is xc.CheckpointVerdict.DEVICE_AHEAD


def test_a_withheld_bundle_is_seen_in_the_checkpoint(seat: Seat, kit: FieldKit) -> None:
    held = seat.bundle(kit).header.held
    with seat.database.write() as connection:
        connection.exec_driver_sql("UPDATE recipient SET note = 'mới'")
    bundle_for(seat, kit)
    word = xc.read_checkpoint(checkpoint_for(seat, kit), seat.home.keys.signing_public, addressee(kit))
    assert word.bundle_version > held.version


@pytest.mark.parametrize("place", [0, 9, 200, -1])
def test_a_touched_bundle_or_checkpoint_is_refused(seat: Seat, kit: FieldKit, place: int) -> None:
    for data in (bundle_for(seat, kit), checkpoint_for(seat, kit)):
        touched = bytearray(data)
        touched[place] ^= 1
        with pytest.raises(ExchangeError):
            _read(bytes(touched), seat, kit, data[:4])


def _read(data: bytes, seat: Seat, kit: FieldKit, magic: bytes) -> None:
    key = seat.home.keys.signing_public
    if magic == b"TNB1":
        xb.open_bundle(data, key, addressee(kit), NOTHING_HELD, kit.open)
    else:
        xc.read_checkpoint(data, key, addressee(kit))


def test_an_older_bundle_is_refused_for_ever(seat: Seat, kit: FieldKit) -> None:
    old = bundle_for(seat, kit)
    with seat.database.write() as connection:
        connection.exec_driver_sql("UPDATE recipient SET note = 'mới'")
    newest = xb.open_bundle(
        bundle_for(seat, kit), seat.home.keys.signing_public, addressee(kit), NOTHING_HELD, kit.open
    ).header.held
    with pytest.raises(ExchangeError) as refusal:
        xb.open_bundle(old, seat.home.keys.signing_public, addressee(kit), newest, kit.open)
    assert refusal.value.key is FaultKey.OLDER_VERSION


def test_another_kits_bundle_is_nothing_here(seat: Seat, kit: FieldKit) -> None:
    other = seat.enrol("kit-02")
    with pytest.raises(ExchangeError) as refusal:
        xb.open_bundle(bundle_for(seat, other), seat.home.keys.signing_public, addressee(kit), Held(), kit.open)
    assert refusal.value.key is FaultKey.WRONG_DEVICE


def test_nothing_that_passes_can_be_read(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    passed = [kit.seal(), bundle_for(seat, kit), *kit.attachments]
    for secret in ("Nguyễn Thị Sáu", "099141000016", "500000", "social_pension"):
        assert not any(secret.encode() in data for data in passed)
