"""Blocks to dots: widths, bounds, wrapping, and that nothing is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.printer import fonts, layout
from hardware.printer.errors import LayoutError
from hardware.printer.fonts import FONT_SETTING, Face, font
from hardware.printer.layout import (
    Align,
    Amount,
    Banner,
    Block,
    Line,
    Picture,
    Qr,
    Row,
    Rule,
    SignBox,
    Size,
    Space,
    Strokes,
    Text,
    heading,
    render,
)
from hardware.printer.paper import PAPER_58, PAPER_80, PAPER_80_180DPI, PAPERS, Dots, Paper
from hardware.printer.raster import MAX_ROWS, RasterPage, bands
from hardware.printer.text import TextFlag

TEXTS = st.text(max_size=60)
BLOCKS = st.one_of(
    st.builds(Text, TEXTS, st.sampled_from(Size), st.booleans(), st.sampled_from(Align)),
    st.builds(Row, TEXTS, TEXTS, st.sampled_from(Size), st.booleans()),
    st.builds(Amount, TEXTS),
    st.builds(Rule, st.sampled_from(Line)),
    st.builds(Space, st.integers(1, 1000)),
    st.builds(Banner, TEXTS),
    st.builds(SignBox, TEXTS, TEXTS),
)


def picture(page: RasterPage) -> Image.Image:
    return Image.frombytes("1", (page.paper.width, page.rows), page.bits)


def ink(page: RasterPage) -> int:
    return int.from_bytes(page.bits, "big").bit_count()


@given(blocks=st.lists(BLOCKS, max_size=6), paper=st.sampled_from(sorted(PAPERS.values(), key=str)))
def test_any_blocks_fill_whole_rows_of_the_paper(blocks: list[Block], paper: Paper) -> None:
    page = render(blocks, paper)
    assert len(page.bits) == page.rows * paper.width // 8


def redrawn(page: RasterPage, most: int, *, doubles: bool) -> bytes:
    """What a printer makes of the bands: rows as wide as the paper."""
    width, rows = page.paper.row_bytes, []
    for band in bands(page, most, doubles=doubles):
        if not band.bits:
            rows += [bytes(width)] * band.rows
        for at in range(0, len(band.bits), max(1, band.row_bytes)):
            row = band.bits[at : at + band.row_bytes]
            if band.doubled:
                dots = "".join(2 * dot for byte in row for dot in f"{byte:08b}")
                row = int(dots, 2).to_bytes(len(dots) // 8, "big")
            rows += [row[:width].ljust(width, b"\0")] * (1 + band.doubled)
    return b"".join(rows)


@given(blocks=st.lists(BLOCKS, max_size=5), most=st.integers(1, 300), doubles=st.booleans())
def test_bands_give_back_every_dot(blocks: list[Block], most: int, doubles: bool) -> None:
    page = render(blocks, PAPER_58)
    assert redrawn(page, most, doubles=doubles) == page.bits
    assert all(band.rows <= most for band in bands(page, most, doubles=doubles) if band.bits)


@given(
    squares=st.lists(st.integers(0, 2**24 - 1), min_size=1, max_size=20),
    stray=st.integers(0, 47),
    doubles=st.booleans(),
)
def test_squares_cost_a_quarter_and_one_stray_dot_costs_them_no_dot(
    squares: list[int], stray: int, doubles: bool
) -> None:
    """Squares of two by two dots, with and without one dot turned over in their midst."""
    rows = [int("".join(2 * dot for dot in f"{row:024b}"), 2) for row in squares for _ in range(2)]
    for ink in (rows, [rows[0] ^ 1 << stray, *rows[1:]]):
        bits = b"".join((row << 336).to_bytes(48, "big") for row in ink)
        page = RasterPage(PAPER_58, len(ink), bits)
        assert redrawn(page, 7, doubles=doubles) == bits


def test_a_code_alone_on_its_rows_costs_a_quarter() -> None:
    page = render((Qr(b"TN1" + b"A" * 150),), PAPER_58)
    small, whole = (sum(len(band.bits) for band in bands(page, 64, doubles=doubles)) for doubles in (True, False))
    assert small <= whole * 0.27
    assert redrawn(page, 64, doubles=True) == page.bits


def test_white_paper_is_never_sent() -> None:
    page = render((Space(400),), PAPER_58)
    assert [band.bits for band in bands(page, 64)] == [b""]


CAPITALS = "ẤẨẪẰẲẴẾỂỄỐỔỖỚỞỠỨỬỮÝỶỸẠẬẶỆỘỢỰỴĐ"


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("char", CAPITALS)
def test_no_tone_mark_is_cut_at_the_edge_of_its_line(char: str, size: Size) -> None:
    page = picture(render((Text(char, size, bold=True),), PAPER_58))
    box = page.getbbox()
    assert box is not None
    assert box[1] > 0
    assert box[3] < page.height


def test_nfd_and_nfc_make_the_same_dots() -> None:
    apart = "Nguye\u0302\u0303n Thi\u0323 Sa\u0301u"
    assert render((Text(apart),), PAPER_58).bits == render((Text("Nguyễn Thị Sáu"),), PAPER_58).bits


def test_long_text_wraps_and_short_text_does_not() -> None:
    one = render((Text("Trần Văn Tư"),), PAPER_58).rows
    many = render((Text("Trần Văn Tư " * 12),), PAPER_58).rows
    assert many % one == 0
    assert many > 3 * one


def test_a_word_wider_than_the_paper_is_cut_not_lost() -> None:
    page = render((Text("W" * 60),), PAPER_58)
    single = ink(render((Text("W"),), PAPER_58))
    assert ink(page) == 60 * single


def test_the_right_end_of_a_row_keeps_clear_of_the_left() -> None:
    page = picture(render((Row("Tháng 11/2026", "625.000"),), PAPER_58))
    box = page.getbbox()
    assert box is not None
    assert box[2] <= PAPER_58.width
    middle = page.crop((page.width * 55 // 100, 0, page.width * 62 // 100, page.height))
    assert middle.getbbox() is None


def test_a_row_too_long_for_one_line_takes_another() -> None:
    short = render((Row("a", "1"),), PAPER_58).rows
    assert render((Row("a", "9" * 24),), PAPER_58).rows == 2 * short


def test_an_amount_grows_to_the_paper_and_no_further() -> None:
    small = picture(render((Amount("500.000 đ"),), PAPER_58))
    large = picture(render((Amount("999.999.999.999 đ"),), PAPER_58))
    for page in (small, large):
        box = page.getbbox()
        assert box is not None
        assert box[2] <= PAPER_58.width
    assert small.height > large.height


def test_letters_are_as_large_on_a_180_dpi_head() -> None:
    millimetres = [render((Text("Tư", Size.LARGE),), paper).rows / paper.dpi for paper in (PAPER_80, PAPER_80_180DPI)]
    assert millimetres[0] == pytest.approx(millimetres[1], rel=0.05)


def test_a_banner_is_white_on_black() -> None:
    page = render((Banner("HUẤN LUYỆN - KHÔNG CÓ GIÁ TRỊ"),), PAPER_58)
    assert ink(page) > page.rows * PAPER_58.width // 2


def test_flags_of_all_texts_are_on_the_page() -> None:
    page = render((Text("a\x1bb"), Row("\u202ex", "1"), SignBox("c\u200b")), PAPER_58)
    assert page.flags == {TextFlag.CONTROL, TextFlag.BIDI, TextFlag.ZERO_WIDTH}


def test_a_dot_is_a_signature_too() -> None:
    dot = render((Strokes(600, 160, (((300, 80),),)),), PAPER_58)
    line = render((Strokes(600, 160, (((10, 80), (590, 80)),)),), PAPER_58)
    assert 0 < ink(dot) < ink(line)


def test_who_signs_small_still_has_a_signature() -> None:
    zigzag = ((0, 0), (40, 30), (80, 0), (120, 30))
    small = Strokes(1000, 400, (tuple((x + 30, y + 300) for x, y in zigzag),))
    large = Strokes(1000, 400, (tuple((x * 8, y * 13) for x, y in zigzag),))
    heights = []
    for block in (small, large):
        box = picture(render((block,), PAPER_58)).getbbox()
        assert box is not None
        heights.append(box[3] - box[1])
    assert heights[0] > 15
    assert heights[1] <= PAPER_58.dots(8)


def test_strokes_off_the_pad_are_cut_at_its_edge() -> None:
    wild = Strokes(600, 160, (((-(10**9), 80), (10**9, 80)), ((10, 10), (500, 150))))
    assert render((wild,), PAPER_58).rows == PAPER_58.dots(8)


def test_a_grey_picture_is_dithered() -> None:
    grey = render((Picture(64, 64, bytes([128]) * 4096),), PAPER_58)
    assert 0.4 < ink(grey) / 4096 < 0.6


BEYOND: list[Block] = [
    Space(0),
    Space(1001),
    Qr(b""),
    Qr(b"A" * 701),
    Qr("ế".encode()),
    Qr(b"a" * 400, module_tenths_mm=20),
    Picture(0, 1, b""),
    Picture(2000, 1, bytes(2000)),
    Picture(4, 4, b"too few"),
    Strokes(0, 10, ()),
    Strokes(10, 10, (((0, 0),) * 20_001,)),
    SignBox("x", "y", 2000),
]


@pytest.mark.parametrize("block", BEYOND, ids=lambda block: type(block).__name__)
def test_beyond_the_bounds_is_a_layout_error(block: Block) -> None:
    with pytest.raises(LayoutError):
        render((block,), PAPER_58)


def test_a_page_ends_before_the_roll_does() -> None:
    with pytest.raises(LayoutError, match="rows"):
        render([Space(1000)] * (MAX_ROWS // 799 + 1), PAPER_58)
    with pytest.raises(LayoutError, match="blocks"):
        render([Space(1)] * 4001, PAPER_58)


def test_a_page_must_be_full() -> None:
    with pytest.raises(LayoutError, match="fill"):
        RasterPage(PAPER_58, 2, bytes(48))


@pytest.mark.parametrize(("width", "dpi"), [(383, 203), (0, 203), (384, 50), (4096, 203)])
def test_a_paper_that_no_printer_has(width: int, dpi: int) -> None:
    with pytest.raises(ValueError, match="no such paper"):
        Paper("x", 58, Dots(width), dpi)


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FONT_SETTING, str(tmp_path))
    font.cache_clear()
    fonts._file.cache_clear()
    try:
        with pytest.raises(LayoutError, match="fonts-noto-core"):
            font(Face.REGULAR, 20)
    finally:
        fonts._file.cache_clear()


def test_a_heading_shrinks_to_one_line() -> None:
    one = render((heading("PHIẾU NHẬN TIỀN"),), PAPER_58).rows
    assert render((heading("PHIẾU ĐĂNG KÝ CÁCH NHẬN"),), PAPER_58).rows < one


def test_warming_draws_ahead() -> None:
    layout.warm(PAPER_58)
    assert render((Text("Ặ"),), PAPER_58).rows > 0
