"""Names as people here write them, from plain keys."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.telex import LETTERS, compose


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("NGUYEENX THIJ HUWOWNG LANHF", "Nguyễn Thị Hương Lành"),
        ("DDAWNGJ HUUWX THUAANJ", "Đặng Hữu Thuận"),
        ("TRAANF VAWN BAYR", "Trần Văn Bảy"),
        ("TRUONGWF", "Trường"),
        ("HOAF", "Hoà"),
        ("QUYS", "Quý"),
        ("GIAUF", "Giàu"),
        ("MAIX", "Mãi"),
        ("LEE QUOOCS KHANHS", "Lê Quốc Khánh"),
        ("HOOF THIJ DIEEMX", "Hồ Thị Diễm"),
        ("HOASZ", "Hoa"),
        ("SAU", "Sau"),
        ("XUAAN", "Xuân"),
        ("MUAWF", "Mừa"),
        ("QUAWNS", "Quắn"),
        ("PHAMJ NGOCJ", "Phạm Ngọc"),
        ("THUYR", "Thuỷ"),
        ("", ""),
    ],
)
def test_names(keys: str, name: str) -> None:
    assert compose(keys) == name


@given(st.text(LETTERS + " ", max_size=60))
def test_any_keys_give_composed_letters_and_as_many_words(keys: str) -> None:
    name = compose(keys)
    assert name == unicodedata.normalize("NFC", name)
    assert name.count(" ") == keys.count(" ")
    assert len(name) <= len(keys)
