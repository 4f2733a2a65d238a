"""One command and its answer: what is left is fetched, what was asked wrong is asked right, and keys do not stay."""

import pytest

from hardware.card.apdu import OK, Command
from hardware.card.channel import MAX_CHAIN, Channel
from hardware.card.errors import CardRefused, CardRemoved, MalformedCard, SecureMessagingError
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.symmetric import SessionKeys, Suite, session_keys
from hardware.virtual.card.direct import DirectLink
from tests.hardware.card.kit import lay_person

READ = Command(0xB0, 0, 0, le=256)


class Answers:
    """A card that says one thing after the other, the last one for ever."""

    atr = b"\x3b\x80\x80\x01\x01"

    def __init__(self, *answers: str) -> None:
        self.heard: list[bytes] = []
        self._answers = [bytes.fromhex(each) for each in answers]

    def power(self) -> None:
        """Nothing to forget."""

    def process(self, apdu: bytes) -> bytes:
        """The next answer."""
        self.heard.append(apdu)
        return self._answers[min(len(self.heard), len(self._answers)) - 1]


def over(card: Answers) -> Channel:
    return Channel(DirectLink(card))


@pytest.mark.parametrize(
    ("answers", "again", "data"),
    [
        (("6c04", "010203049000"), "00b0000004", "01020304"),
        (("6c00", "019000"), "00b0000000", "01"),
        (("01026102", "03049000"), "00c0000002", "01020304"),
        (("6100", "019000"), "00c0000000", "01"),
        (("6c04", "010261ff", "03049000"), "00c00000ff", "01020304"),
        (("0102036102", "6282"), "00c0000002", "010203"),
    ],
)
def test_the_rest_is_fetched_and_the_right_length_asked_for(answers: tuple[str, ...], again: str, data: str) -> None:
    card = Answers(*answers)
    response = over(card).send(READ)
    assert (response.data.hex(), card.heard[-1].hex()) == (data, again)
    assert response.sw == (0x6282 if answers[-1] == "6282" else OK)
    assert len(card.heard) == len(answers)


@pytest.mark.parametrize(
    ("answers", "error", "most"),
    [
        (("00" * 16 + "61ff",), MalformedCard, MAX_CHAIN + 1),
        (("6110", "6110"), MalformedCard, 2),
        (("6110", "6d00"), CardRefused, 2),
        (("",), CardRemoved, 1),
        (("90",), CardRemoved, 1),
        (("00" * 131_100 + "9000",), MalformedCard, 1),
        (("6c04", "6c04"), CardRefused, 2),
    ],
)
def test_an_answer_that_does_not_come_to_an_end_or_is_none(
    answers: tuple[str, ...], error: type[Exception], most: int
) -> None:
    card = Answers(*answers)
    with pytest.raises(error):
        over(card).demand(READ)
    assert len(card.heard) == most


def spent(keys: SessionKeys) -> bool:
    """Whether nothing of the keys is left."""
    return not any(keys.enc) and not any(keys.mac)


def test_keys_are_overwritten_when_another_session_begins_and_when_it_ends() -> None:
    channel = over(Answers("9000"))
    first, second = (session_keys(secret, Suite.AES256) for secret in (b"one", b"two"))
    session = SecureMessaging(first)
    channel.protect(session)
    assert not spent(first)
    channel.protect(SecureMessaging(second))
    assert (spent(first), spent(second)) == (True, False)
    channel.unprotect()
    assert spent(second)
    with pytest.raises(SecureMessagingError):
        session.wrap(READ)


def test_a_closed_reading_leaves_no_keys() -> None:
    session = lay_person().session()
    protection = session._channel._protection
    assert protection is not None
    assert not spent(protection.keys)
    session.close()
    assert spent(protection.keys)
