"""Old encodings come back to the letters that were typed, and Unicode is left alone."""

from __future__ import annotations

import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district import text_repair
from agent_sync.district.text_repair import Encoding, decode, font_hint, is_syllable, readings, repair, sheet_hint

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
GIVEN = ("Sáu", "Tư", "Hạnh", "Khế", "Bảy", "Thơm", "Út", "Mận", "Được", "Nghĩa", "Ngọt", "Kiều", "Quỳnh", "Thuỷ", "Bé")
NAMES = st.builds(lambda a, b, c: f"{a} {b} {c}", st.sampled_from(SURNAMES), st.sampled_from(("Thị", "Văn", "Hữu")),
                  st.sampled_from(GIVEN))  # fmt: skip
VNI_BASE = {"ơ": "ô", "ư": "ö", "đ": "ñ"}
VNI_SOLO = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
VNI_TONE = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "": ""}
VNI_HAT = {"\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
VNI_BREVE = {"\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}


def to_tcvn3(text: str) -> str:
    """Encode with the C library's table of TCVN 5712, which knows nothing of ours."""
    done = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", "TCVN5712-1"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode("latin-1")


def to_vni(text: str) -> str:
    """Encode for VNI-Windows fonts, letter by letter."""
    return "".join(_vni_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _vni_letter(letter: str) -> str:
    low = letter.lower()
    if low in VNI_SOLO:
        sign = VNI_SOLO[low]
        return sign.upper() if letter != low else sign
    base, *marks = unicodedata.normalize("NFD", low)
    tone = next((mark for mark in marks if mark in VNI_TONE), "")
    if "\u0302" in marks:
        out = base + VNI_HAT[tone]
    elif "\u0306" in marks:
        out = base + VNI_BREVE[tone]
    elif "\u031b" in marks:
        out = VNI_BASE[unicodedata.normalize("NFC", base + "\u031b")] + VNI_TONE[tone]
    else:
        out = VNI_BASE.get(base, base) + VNI_TONE[tone]
    return out.upper() if letter != low else out


def test_the_tcvn3_table_is_the_published_one() -> None:
    for byte, letter in text_repair._TCVN3.items():
        assert to_tcvn3(letter + " ") == chr(byte) + " "


@given(NAMES)
def test_vni_names_come_back(name: str) -> None:
    typed = to_vni(name)
    assert decode(typed, Encoding.VNI) == name
    assert repair(typed, Encoding.VNI) == text_repair.Repaired(name, Encoding.VNI)


# .VnTime has no toned capitals, so nobody could type "Út" with it.
@pytest.mark.parametrize("name", [f"{a} Văn {b}" for a, b in zip(SURNAMES, GIVEN, strict=False) if b != "Út"])
def test_tcvn3_names_come_back_without_any_hint(name: str) -> None:
    assert repair(to_tcvn3(name)) == text_repair.Repaired(name, Encoding.TCVN3)


def test_a_soft_hyphen_in_tcvn3_is_a_letter() -> None:
    assert repair("D\u00ad\u00acng V¨n L\u00adu").text == "Dương Văn Lưu"


def test_capitals_that_were_half_typed_in_a_capital_font_become_capitals() -> None:
    assert repair("NGUYÔN THÞ S¸U").text == "NGUYỄN THỊ SÁU"


@given(NAMES)
def test_utf8_read_as_latin_comes_back(name: str) -> None:
    broken = "".join(_latin(byte) for byte in name.encode())
    assert repair(broken).text == name


def _latin(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


@given(NAMES, st.sampled_from(("NFC", "NFD")))
def test_unicode_names_are_never_taken_for_something_older(name: str, form: str) -> None:
    composed = unicodedata.normalize(form, name)  # type: ignore[arg-type]
    assert repair(composed) == text_repair.Repaired(name, Encoding.UNICODE)


@pytest.mark.parametrize("name", ["Danh Sà Rây", "H'Bia Niê", "Y Bhô", "Thạch Ruôl", "Trà", "Võ Hoà", "Noël", "K'Rể"])
def test_names_of_other_peoples_are_left_alone(name: str) -> None:
    assert repair(name).text == name


def test_the_font_decides_what_the_letters_leave_open() -> None:
    assert Encoding.UNICODE in readings("Bé")
    assert repair("Bé").text == "Bé"
    assert repair("Bé", font_hint(".VnTime")).text == "Bộ"


def test_a_hint_never_forces_an_impossible_reading() -> None:
    assert repair("Nguyễn Thị Sáu", Encoding.TCVN3).text == "Nguyễn Thị Sáu"
    assert repair("Hà Nội", Encoding.VNI).text == "Hà Nội"


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (".VnArialH", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("Times New Roman", None),
    ],
)
def test_fonts(font: str, encoding: Encoding | None) -> None:
    assert font_hint(font) is encoding


def test_a_sheet_speaks_for_its_doubtful_cells_only_when_it_agrees() -> None:
    assert sheet_hint(["Nguyeãn Thò Saùu", "Thò"]) is Encoding.VNI
    assert sheet_hint(["Nguyeãn Thò Saùu", "NguyÔn ThÞ S¸u"]) is None
    assert sheet_hint(["Nguyeãn Thò Saùu", "Nguyễn", "Trần", "Phạm"]) is None
    assert sheet_hint(["Hanoi", ""]) is None


@pytest.mark.parametrize("word", ["nguyễn", "gì", "giếng", "quốc", "ương", "khuỷu", "đẹp", "ý", "yến", "oanh"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nguyeãn", "thþ", "saùu", "tröôøng", "đep", "ngh", "bhô", "qq", "àá"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@given(st.text(max_size=60))
def test_any_text_can_be_repaired(text: str) -> None:
    done = repair(text)
    assert isinstance(done.text, str)
    assert done.text == unicodedata.normalize("NFC", done.text) or done.encoding is not Encoding.UNICODE
