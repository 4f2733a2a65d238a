"""Attachments: named by a salted digest, each under a key of its own."""

from __future__ import annotations

import dataclasses

import pytest

from kiosk.exchange import attachment as at
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.keys import new_private
from kiosk.payout import journal as j
from tests.exchange import samples
from tests.exchange.parties import District

FILES = {"SOD": b"\x77" * 1_900, "DG1": b"\x61" * 95, "DG15": b"\x6f" * 120}
CHIP = at.new_attachment(at.AttachmentKind.CHIP, at.chip_content(FILES))


def sealed(district: District, item: at.Attachment = CHIP) -> bytes:
    return at.seal_attachment(item, area=samples.AREA, device=samples.DEVICE, district_key=district.seal_key)


def refused(data: bytes, district: District) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        at.open_attachment(data, district.open)
    return caught.value.key


def test_the_district_gets_the_chip_files(district: District) -> None:
    opened = at.open_attachment(sealed(district), district.open)
    assert opened == CHIP
    assert at.chip_files(opened.content) == FILES
    assert at.peek_attachment(sealed(district)).digest == CHIP.digest


def test_a_card_without_active_authentication_has_no_dg15() -> None:
    two = {"SOD": b"s", "DG1": b"1"}
    assert at.chip_files(at.chip_content(two)) == two


def test_the_salt_hides_even_a_guessable_content() -> None:
    again = at.new_attachment(CHIP.kind, CHIP.content)
    assert again.digest != CHIP.digest
    assert at.new_attachment(CHIP.kind, CHIP.content, CHIP.salt).digest == CHIP.digest
    assert at.digest(CHIP.salt, at.AttachmentKind.FACE, CHIP.content) != CHIP.digest


def test_destroying_the_key_shreds_the_content() -> None:
    key = new_private()
    kept = at.lock(CHIP, key)
    assert at.unlock(kept, key, CHIP.kind, CHIP.digest) == CHIP
    assert CHIP.content[:32] not in kept
    with pytest.raises(ExchangeError) as caught:
        at.unlock(kept, new_private(), CHIP.kind, CHIP.digest)
    assert caught.value.key is FaultKey.NOT_OPENED


def test_a_kept_attachment_cannot_take_anothers_place() -> None:
    key = new_private()
    kept = at.lock(CHIP, key)
    for kind, name in ((at.AttachmentKind.FACE, CHIP.digest), (CHIP.kind, j.GENESIS)):
        with pytest.raises(ExchangeError) as caught:
            at.unlock(kept, key, kind, name)
        assert caught.value.key is FaultKey.NOT_OPENED
    for odd, key_ in ((b"x" * 27, FaultKey.TRUNCATED), (bytes(at.MAX_ATTACHMENT + 1), FaultKey.TOO_LARGE)):
        with pytest.raises(ExchangeError) as caught:
            at.unlock(odd, key, CHIP.kind, CHIP.digest)
        assert caught.value.key is key_


def test_touched_attachments_are_refused(district: District) -> None:
    data = sealed(district)
    other = dataclasses.replace(CHIP, salt=bytes(16))
    swapped = data.replace(CHIP.digest.encode(), other.digest.encode())
    assert refused(swapped, district) is FaultKey.NOT_OPENED
    assert refused(data[:-1] + b"\0", district) is FaultKey.NOT_OPENED
    assert refused(data[:7], district) is FaultKey.TRUNCATED
    assert refused(data[:30], district) is FaultKey.TRUNCATED
    assert refused(b"XXXX" + data[4:], district) is FaultKey.UNKNOWN_KIND
    assert refused(bytes(at.MAX_ATTACHMENT + 1), district) is FaultKey.TOO_LARGE
    assert refused(data.replace(CHIP.digest.encode(), b"G" * 64), district) is FaultKey.MALFORMED


def test_a_content_that_is_not_what_its_name_says_is_refused(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed by somebody who knows our key but puts another content under the digest."""
    monkeypatch.setattr(at.Attachment, "digest", property(lambda _: j.GENESIS))
    data = sealed(district)
    monkeypatch.undo()
    assert refused(data, district) is FaultKey.WRONG_DIGEST


def test_too_much_content_is_refused() -> None:
    with pytest.raises(ExchangeError) as caught:
        at.new_attachment(at.AttachmentKind.FACE, bytes(at.MAX_CONTENT + 1))
    assert caught.value.key is FaultKey.TOO_LARGE


@pytest.mark.parametrize(
    "content", [b"", b"\x01", b"\x01\x03SOD", b"\x01\x03SOD\0\0\0\x09x", b"\0x", b"\x01\x03XYZ\0\0\0\0"]
)
def test_crooked_chip_contents_are_refused(content: bytes) -> None:
    with pytest.raises(ExchangeError) as caught:
        at.chip_files(content)
    assert caught.value.key in {FaultKey.TRUNCATED, FaultKey.MALFORMED}


def test_a_journal_names_the_attachments_it_speaks_of() -> None:
    day = samples.day(3)
    named = at.referenced(day)
    evidence = {each.fact.evidence for each in day if isinstance(each.fact, j.PayoutAuthorised)}
    strokes = {each.fact.signature for each in day if isinstance(each.fact, j.PayoutCompleted)}
    assert len(named) == 6
    assert named == evidence | strokes
