"""A card that answers anything at all: the reader ends in a reading or in its own errors, soon and in little memory."""

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card import file_reader
from hardware.card.apdu import Command, Response
from hardware.card.errors import CardError, SecureMessagingError
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.symmetric import Suite, session_keys
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.protection import parse_command, unwrap_command, wrap_response
from tests.hardware.card.kit import ISSUER, TODAY, TRUST, Laid, verdicts

CARD = card_of(ISSUER, "ba-sau")
APDU_BOUND = 2_000


class Mutating:
    """A real card on a wire that changes answers now and then."""

    def __init__(self, seed: int, rate: float) -> None:
        self._inner = CardProgram(CARD)
        self._random = random.Random(seed)
        self._rate = rate
        self.count = 0

    @property
    def atr(self) -> bytes:
        """The card's."""
        return self._inner.atr

    def power(self) -> None:
        """Power on."""
        self._inner.power()

    def process(self, apdu: bytes) -> bytes:
        """An answer, perhaps mutated."""
        self.count += 1
        answer = bytearray(self._inner.process(apdu))
        if self._random.random() >= self._rate:
            return bytes(answer)
        match self._random.randrange(6):
            case 0:
                del answer[self._random.randrange(len(answer) + 1) :]
            case 1:
                answer += self._random.randbytes(self._random.randrange(300))
            case 2:
                answer[-2:] = self._random.choice([b"\x61\x10", b"\x6c\x04", b"\x62\x82", b"\x67\x00", b"\x6a\x82"])
            case 3:
                answer = bytearray(self._random.randbytes(self._random.randrange(64)))
            case _:
                for _ in range(self._random.randrange(1, 5)):
                    answer[self._random.randrange(len(answer))] = self._random.randrange(256)
        return bytes(answer)


@pytest.mark.parametrize("rate", [0.02, 0.2, 1.0])
def test_whole_reads_over_a_mad_wire(rate: float) -> None:
    reached = {"read": 0, "refused": 0}
    for seed in range(30):
        file_reader.forget_sizes()
        card = Mutating(seed, rate)
        try:
            reading = Laid(CARD, DirectLink(card)).read()
        except CardError:
            reached["refused"] += 1
        else:
            reached["read"] += 1
            # What was believed is what is on the card, whatever the wire did.
            if verdicts(reading)[0] == "passed":
                assert all(CARD.files[name] == data for name, data in reading.files.items() if name != "CardAccess")
        assert card.count < APDU_BOUND
    assert reached["refused"] > 0
    assert rate > 0.02 or reached["read"] > 0


def test_memory_stays_bounded_under_nonsense() -> None:
    tracemalloc.start()
    for seed in range(10):
        with pytest.raises(CardError):
            Laid(CARD, DirectLink(Mutating(seed, 1.0))).session().read(TRUST, TODAY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


@given(st.binary(max_size=80), st.sampled_from(list(Suite)), st.integers(0, 0xFFFF))
def test_no_answer_without_the_keys_gets_through(data: bytes, suite: Suite, sw: int) -> None:
    session = SecureMessaging(session_keys(bytes(32), suite))
    session.wrap(Command(0xB0, 0, 0, le=16))
    with pytest.raises(SecureMessagingError):
        session.unwrap(Response(data, sw))
    with pytest.raises(SecureMessagingError):
        session.wrap(Command(0xB0, 0, 0, le=16))


COMMANDS = st.builds(
    Command,
    ins=st.sampled_from([0xA4, 0xB0, 0xB1, 0x88, 0x22, 0x86]),
    p1=st.integers(0, 255),
    p2=st.integers(0, 255),
    data=st.binary(max_size=400),
    le=st.none() | st.integers(1, 65_536),
    wide=st.booleans(),
)


@given(COMMANDS)
def test_commands_survive_the_wire(command: Command) -> None:
    parsed = parse_command(command.encode())
    assert parsed is not None
    assert (parsed.ins, parsed.p1, parsed.p2, parsed.data, parsed.le) == (
        command.ins,
        command.p1,
        command.p2,
        command.data,
        command.le,
    )


@given(COMMANDS, st.binary(max_size=3_000), st.sampled_from(list(Suite)), st.sampled_from([0x9000, 0x6282, 0x6A82]))
@settings(max_examples=60)
def test_both_ends_of_the_channel_agree(command: Command, answer: bytes, suite: Suite, sw: int) -> None:
    reader, card = (SecureMessaging(session_keys(b"shared", suite), 7) for _ in range(2))
    for _ in range(2):
        seen = unwrap_command(card, reader.wrap(command))
        assert (seen.ins, seen.p1, seen.p2, seen.data, seen.le) == (
            command.ins,
            command.p1,
            command.p2,
            command.data,
            command.le,
        )
        wrapped = wrap_response(card, Response(answer, sw), odd=bool(command.ins & 1))
        assert reader.unwrap(Response(wrapped, sw)) == Response(answer, sw)


@given(st.binary(max_size=200), st.integers(0, 2_000))
@settings(max_examples=60)
def test_one_changed_byte_of_a_protected_answer_is_noticed(answer: bytes, place: int) -> None:
    reader, card = (SecureMessaging(session_keys(b"shared", Suite.AES128), 7) for _ in range(2))
    unwrap_command(card, reader.wrap(Command(0xB0, 0, 0, le=256)))
    wrapped = bytearray(wrap_response(card, Response(answer, 0x9000), odd=False))
    wrapped[place % len(wrapped)] ^= 0x01
    with pytest.raises(SecureMessagingError):
        reader.unwrap(Response(bytes(wrapped), 0x9000))
