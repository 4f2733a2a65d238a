"""Why: demo, practice and tests share one village of people who do not exist, each with a reason to be there.

Numbers start with 0990 and 0991, which no province uses. Names are common ones, put together by hand.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from hardware.virtual.card.issuer import Issuer, make_issuer
from hardware.virtual.card.lds import CardImage, CardProfile, Persona, clone_of, dg2, make_card, with_files
from hardware.virtual.card.portraits import GREY, Look, portrait

BLACK: Final = (38, 34, 34)
HAMLETS: Final = ("Ấp Bến Đò, xã Tân An Thử", "Ấp Giồng Mới, xã Tân An Thử", "Thôn Cây Gạo, xã Tân An Thử")

_PEOPLE: Final = (
    (
        Persona(
            "ba-sau",
            "099141000016",
            "Nguyễn Thị Sáu",
            date(1941, 4, 12),
            "Nữ",
            HAMLETS[0],
            features="Nốt ruồi cách 1cm dưới mắt trái",
            father="Nguyễn Văn Lành",
            mother="Lê Thị Dậu",
            spouse="Võ Văn Mười",
            old_number="099000016",
            religion="Phật giáo",
        ),
        Look(0, GREY[0], "bun", cloth=0),
    ),
    (
        Persona(
            "ong-tu",
            "099038000024",
            "Trần Văn Tư",
            date(1938, 9, 2),
            "Nam",
            HAMLETS[0],
            features="Sẹo chấm trán phải",
            father="Trần Văn Ba",
            mother="Phạm Thị Út",
            spouse="Lê Thị Năm",
            old_number="099000024",
        ),
        Look(1, GREY[1], "bald", beard=True, cloth=1, wrinkles=4),
    ),
    (
        Persona(
            "me-hanh",
            "099131000031",
            "Lê Thị Hạnh",
            date(1931, 1, 20),
            "Nữ",
            HAMLETS[1],
            father="Lê Văn Kiên",
            mother="Hồ Thị Mận",
            old_number="099000031",
        ),
        Look(0, GREY[0], "bun", glasses=True, cloth=2, wrinkles=5, medal=True),
    ),
    (
        Persona(
            "ong-danh",
            "099046000047",
            "Danh Sà Rây",
            date(1946, 7, 5),
            "Nam",
            HAMLETS[1],
            ethnicity="Khmer",
            religion="Phật giáo",
            father="Danh Sóc",
            mother="Thị Kim Hương",
        ),
        Look(3, GREY[2], "short", cloth=3, scarf=(150, 40, 48)),
    ),
    (
        Persona(
            "con-lan",
            "099175000052",
            "Trần Thị Lan",
            date(1975, 11, 23),
            "Nữ",
            HAMLETS[0],
            father="Trần Văn Tư",
            mother="Lê Thị Năm",
            expiry=date(2035, 11, 23),
            spouse="Đỗ Minh Quân",
        ),
        Look(0, BLACK, "long", cloth=3, wrinkles=0),
    ),
    (
        Persona(
            "ba-khe",
            "099143000068",
            "Phạm Thị Khế",
            date(1943, 2, 28),
            "Nữ",
            HAMLETS[2],
            features="Run tay",
            father="Phạm Văn Đậu",
            mother="Ngô Thị Sen",
        ),
        Look(2, GREY[2], "bun", cloth=4, scarf=(70, 96, 130)),
    ),
    (
        Persona(
            "ong-bay",
            "099035000073",
            "Huỳnh Văn Bảy",
            date(1935, 12, 30),
            "Nam",
            HAMLETS[2],
            religion="Cao Đài",
            father="Huỳnh Văn Hai",
            mother="Trương Thị Ngọt",
            spouse="Nguyễn Thị Gái",
        ),
        Look(2, GREY[0], "short", glasses=True, cloth=0),
    ),
    (
        Persona(
            "ba-thom",
            "099129000089",
            "Đặng Thị Thơm",
            date(1929, 6, 15),
            "Nữ",
            HAMLETS[2],
            father="Đặng Văn Cội",
            mother="Bùi Thị Nhãn",
        ),
        Look(1, GREY[0], "long", cloth=2, wrinkles=6),
    ),
    (
        Persona(
            "ba-hoa",
            "099144000091",
            "Nguyễn Lâm Thị Như Hoa",
            date(1944, 10, 10),
            "Nữ",
            HAMLETS[0],
            religion="Công giáo",
            spouse="Huỳnh Văn Bảy",
        ),
        Look(1, GREY[3], "bun", glasses=True, cloth=1, wrinkles=2),
    ),
    (
        Persona(
            "giam-sat",
            "099180000107",
            "Vũ Quốc Cường",
            date(1980, 3, 3),
            "Nam",
            HAMLETS[1],
            expiry=date(2040, 3, 3),
        ),
        Look(1, BLACK, "short", cloth=1, wrinkles=0),
    ),
)

PERSONAS: Final[dict[str, Persona]] = {
    person.key: replace(person, photo=portrait(person.key, look)) for person, look in _PEOPLE
}
"""The village by short key, with portraits."""


def _honest(key: str) -> Callable[[Issuer], CardImage]:
    return lambda issuer: make_card(issuer, PERSONAS[key])


def forged_card(issuer: Issuer) -> CardImage:
    """A forger's card: the victim's particulars, the forger's face, signed by a root that copies the issuer's name."""
    victim = replace(PERSONAS["ba-sau"], photo=portrait("forger", Look(1, BLACK, "short", cloth=2, wrinkles=0)))
    return make_card(make_issuer(b"a forger's own root" + issuer.seed, label="forger"), victim)


def cloned_card(issuer: Issuer) -> CardImage:
    """Every file of Ông Tư's card copied bit by bit; the private keys stayed in the real one."""
    return clone_of(make_card(issuer, PERSONAS["ong-tu"]))


def altered_photo(issuer: Issuer) -> CardImage:
    """A real card's files with another face put into DG2: the hash no longer fits."""
    other = dg2(portrait("another", Look(2, BLACK, "short", cloth=0, wrinkles=0)))
    return with_files(make_card(issuer, PERSONAS["ong-tu"]), DG2=other)


CARDS: Final[dict[str, Callable[[Issuer], CardImage]]] = {
    **{key: _honest(key) for key in PERSONAS},
    "forged": forged_card,
    "cloned": cloned_card,
    "altered": altered_photo,
}
"""Every card that can be laid, by the short key the control socket takes."""


def card_of(issuer: Issuer, key: str, profile: CardProfile | None = None) -> CardImage:
    """A card by key; KeyError if there is none. `profile` replaces the behaviour of an honest persona's card."""
    if profile is not None:
        return make_card(issuer, PERSONAS[key], profile)
    return CARDS[key](issuer)
