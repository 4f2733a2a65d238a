"""Nothing from data reaches the printer as a command.

The stream is decoded by the virtual printer's parser, which obeys real-time commands wherever they
stand, also inside raster data. Only raster, feed, cut and our own status requests may be found.
"""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.escpos import job_for, without_real_time
from hardware.printer.layout import Banner, Picture, Qr, Row, SignBox, Strokes, Text, render
from hardware.printer.paper import PAPER_58
from hardware.printer.profiles import GENERIC_58, PROFILES, Profile
from hardware.printer.raster import RasterPage
from hardware.virtual.printer.decode import decoded
from hardware.virtual.printer.stream import (
    AskFinished,
    Cut,
    Feed,
    Initialise,
    Junk,
    Parser,
    Raster,
    RealTime,
)

ALLOWED = (Initialise, Raster, Feed, Cut, AskFinished)
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\x1b\x1d\x10\x04\x05\x14@v0\x00\u202eA", max_size=40),
)


def assert_harmless(stream: bytes) -> None:
    scanner = RealTime()
    assert scanner.queries(stream) == []
    assert scanner.others == 0
    parser = Parser()
    found = list(parser.commands(stream))
    assert all(isinstance(command, ALLOWED) for command in found)
    assert not parser.waiting
    assert isinstance(found[0], Initialise)


@given(name=HOSTILE, label=HOSTILE, profile=st.sampled_from(sorted(PROFILES.values(), key=str)))
def test_hostile_texts_become_dots_and_nothing_else(name: str, label: str, profile: Profile) -> None:
    blocks = (Text(name), Row(label, name[:12]), Banner(label), SignBox(label, name))
    page = render(blocks, profile.paper)
    assert_harmless(job_for(page, profile, b"0001").stream)


@given(seed=st.integers(0, 2**32), width=st.integers(1, 200), height=st.integers(1, 60))
def test_a_picture_made_to_look_like_commands_is_only_a_picture(seed: int, width: int, height: int) -> None:
    pixels = random.Random(seed).choices([0, 255], k=width * height)
    page = render((Picture(width, height, bytes(pixels)),), PAPER_58)
    assert_harmless(job_for(page, GENERIC_58).stream)


RAW = st.lists(
    st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x01, 0x02, 0x1B, 0x1D, 0x00, 0xFF]),
    min_size=1,
    max_size=30,
)


@given(rows=st.lists(RAW, min_size=1, max_size=80))
def test_raw_dots_chosen_by_an_enemy_hold_no_real_time_command(rows: list[list[int]]) -> None:
    width = PAPER_58.row_bytes
    bits = b"".join(bytes(row)[:width].ljust(width, b"\0") for row in rows)
    page = RasterPage(PAPER_58, len(rows), bits)
    assert_harmless(job_for(page, GENERIC_58).stream)


@pytest.mark.parametrize("second", [0x04, 0x05, 0x14])
def test_a_real_time_pair_gets_one_more_dot_beside_a_black_one(second: int) -> None:
    calm = without_real_time(bytes((0xAA, 0x10, second, 0x01)))
    assert calm == bytes((0xAA, 0x18, second, 0x01))


@given(st.binary(max_size=400))
def test_calming_only_ever_adds_dots_and_few(bits: bytes) -> None:
    calm = without_real_time(bits)
    assert len(calm) == len(bits)
    assert all(after & before == before for before, after in zip(bits, calm, strict=True))
    assert sum((a ^ b).bit_count() for a, b in zip(bits, calm, strict=True)) <= bits.count(0x10)


@given(
    data=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=1, max_size=300),
    points=st.lists(st.tuples(st.integers(-500, 2000), st.integers(-500, 2000)), max_size=40),
)
def test_codes_and_strokes_are_harmless(data: str, points: list[tuple[int, int]]) -> None:
    page = render((Qr(data.encode()), Strokes(600, 160, (tuple(points),))), PAPER_58)
    assert_harmless(job_for(page, GENERIC_58).stream)


@given(st.binary(max_size=600))
def test_the_parser_takes_any_bytes_and_loses_none_in_silence(data: bytes) -> None:
    parser = Parser()
    list(parser.commands(data))
    rest = list(parser.commands(b"\x1b@" * 8))
    assert rest or parser.waiting


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=5))
def test_how_the_stream_is_cut_into_reads_does_not_matter(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    whole, parts = Parser(), Parser()
    assert list(whole.commands(data)) == [c for piece in pieces for c in parts.commands(piece)]
    at_once, in_parts = RealTime(), RealTime()
    assert at_once.queries(data) == [n for piece in pieces for n in in_parts.queries(piece)]


def test_a_name_printed_as_text_would_have_been_a_command() -> None:
    """The rig bites: the same name sent raw is junk and a command to the same parser."""
    raw = decoded("Sáu\x1b@\x1dV\x00".encode(), GENERIC_58)
    assert raw.counted.junk > 0
    assert raw.counted.cuts == 1


@pytest.mark.parametrize(
    ("mode", "rows"), [(0, ["1010"]), (1, ["11001100"]), (2, ["1010", "1010"]), (3, ["11001100", "11001100"])]
)
def test_a_raster_is_enlarged_as_its_mode_says(mode: int, rows: list[str]) -> None:
    """GS v 0 m: 1 doubles the width, 2 the height, 3 both."""
    commands = Parser().commands(b"\x1dv0" + bytes((mode, 1, 0, 1, 0, 0b1010_0000)))
    (raster,) = [command for command in commands if isinstance(command, Raster)]
    size = raster.row_bytes
    drawn = [raster.bits[at : at + size] for at in range(0, len(raster.bits), size)]
    wanted = [int(row.ljust(8 * size, "0"), 2).to_bytes(size, "big") for row in rows]
    assert drawn == wanted


@pytest.mark.parametrize("mode", [4, 48, 255])
def test_a_raster_mode_that_we_never_send_is_junk(mode: int) -> None:
    first = next(iter(Parser().commands(b"\x1dv0" + bytes((mode, 1, 0, 1, 0, 0)))))
    assert isinstance(first, Junk)


def test_decoding_gives_back_every_row() -> None:
    page = render((Text("Trần Văn Tư"), Qr(b"TN1"), Text("x")), PAPER_58)
    whole = decoded(job_for(page, GENERIC_58).stream, GENERIC_58)
    assert whole.rows == page.rows + PAPER_58.dots(GENERIC_58.feed_out_mm)
    assert whole.counted.junk == 0
