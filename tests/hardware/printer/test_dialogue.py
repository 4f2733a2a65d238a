"""Answers that come late, mixed or in pieces. The port here is a tape; the dialogue is the real one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.dialogue import Dialogue, Patience
from hardware.printer.escpos import process_id_reply, process_id_request, status_query
from hardware.printer.state import PrinterState

FINE = b"\x12"


@dataclass
class Tape:
    """Plays back what a printer answers: one piece a read, an empty one when nothing is left."""

    pieces: list[bytes] = field(default_factory=list)
    answers: dict[bytes, list[bytes]] = field(default_factory=dict)
    written: bytes = b""

    def write(self, data: bytes, timeout_s: float) -> None:
        assert timeout_s > 0
        self.written += data
        self.pieces += self.answers.get(data, [])

    def read(self, count: int, timeout_s: float) -> bytes:
        assert timeout_s >= 0
        assert count > 0
        return self.pieces.pop(0) if self.pieces else b""

    def close(self) -> None:
        self.pieces.clear()


@dataclass
class Clock:
    """Each look is a hundredth of a second later."""

    time: float = 0.0

    def __call__(self) -> float:
        self.time += 0.01
        return self.time


def dialogue(**answers: list[bytes]) -> Dialogue:
    by_query = {status_query(int(name[1:])): replies for name, replies in answers.items()}
    return Dialogue(Tape(answers=by_query), Patience(), Clock())


def test_four_answers_make_a_state() -> None:
    talk = dialogue(q1=[FINE], q2=[FINE], q3=[FINE], q4=[FINE])
    assert talk.status().state is PrinterState.READY
    assert talk.talks


def test_the_first_silence_ends_the_questions() -> None:
    talk = dialogue(q1=[FINE], q2=[])
    assert talk.status().state is PrinterState.UNKNOWN
    assert isinstance(talk.port, Tape)
    assert talk.port.written == status_query(1) + status_query(2)


@pytest.mark.parametrize("ident", [b"0026", b"2222", b"0666", b"7\x22\x32\x36"])
def test_a_process_id_is_never_taken_for_a_status(ident: bytes) -> None:
    """The digits 2 and 6 carry the fixed bits of a status byte."""
    talk = dialogue(q1=[process_id_reply(ident) + FINE], q2=[FINE], q3=[FINE], q4=[FINE])
    assert talk.status().state is PrinterState.READY
    assert talk.finished == {ident}


def test_a_process_id_in_two_pieces_is_put_together() -> None:
    reply = process_id_reply(b"0026")
    talk = dialogue()
    assert isinstance(talk.port, Tape)
    talk.port.pieces = [reply[:3], reply[3:]]
    assert talk.wait_printed(b"0026")


def test_an_id_that_arrives_while_a_status_is_asked_still_counts() -> None:
    reply = process_id_reply(b"0042")
    talk = dialogue(q1=[reply[:4], reply[4:], FINE], q2=[FINE], q3=[FINE], q4=[FINE])
    assert talk.status().state is PrinterState.READY
    assert talk.wait_printed(b"0042")


def test_another_jobs_id_is_no_proof() -> None:
    talk = dialogue(q1=[FINE], q2=[b"\x16"])
    assert isinstance(talk.port, Tape)
    talk.port.pieces = [process_id_reply(b"0007")]
    assert not talk.wait_printed(b"0008")


def test_a_late_answer_is_not_the_answer_to_the_next_question() -> None:
    talk = dialogue(q1=[FINE], q2=[b"\x16"], q3=[FINE], q4=[FINE])
    assert isinstance(talk.port, Tape)
    talk.port.pieces = [FINE, FINE, FINE, FINE]
    assert talk.status().state is PrinterState.COVER_OPEN


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=20))
def test_chatter_never_raises_and_never_confirms(pieces: list[bytes]) -> None:
    talk = dialogue()
    assert isinstance(talk.port, Tape)
    talk.port.pieces = list(pieces)
    heard = b"".join(pieces)
    assert talk.wait_printed(b"9999") <= (process_id_reply(b"9999") in heard)
    talk.port.pieces = list(pieces)
    assert talk.status().state in PrinterState


def test_a_process_id_is_four_printable_bytes() -> None:
    assert process_id_request(b"0001") == b"\x1d(H\x06\x00\x30\x300001"
    for wrong in (b"", b"12345", b"\x1b@ab"):
        with pytest.raises(ValueError, match="process id"):
            process_id_request(wrong)


def test_there_are_four_status_questions() -> None:
    assert [status_query(n) for n in (1, 2, 3, 4)] == [bytes((0x10, 4, n)) for n in (1, 2, 3, 4)]
    with pytest.raises(ValueError, match="status"):
        status_query(5)
