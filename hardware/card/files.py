"""Why: the files of the ICAO application (ICAO 9303-10 §4), from bytes to values; no reader, no network in sight."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cryptography.hazmat.primitives import hashes

from hardware.card import tlv
from hardware.card.cms import SignedData, parse_signed_data
from hardware.card.errors import MalformedCard
from hardware.card.mrz import MrzData, parse_mrz
from hardware.card.public_keys import hash_of
from hardware.card.reading import FaceImage

SECURITY_OBJECT: Final = "2.23.136.1.1.1"
MAX_TEXT: Final = 1_000
MAX_FACE: Final = 200_000
MAX_GROUPS: Final = 16
JPEG: Final = b"\xff\xd8\xff"
JP2: Final = bytes.fromhex("0000000c6a5020200d0a870a")
J2K: Final = bytes.fromhex("ff4fff51")


@dataclass(frozen=True, slots=True)
class FileId:
    """Where a file lies: identifier, short identifier, and the tag it starts with."""

    name: str
    fid: int
    sfi: int
    tag: int
    max_bytes: int = 65_536


FILES: Final = {
    item.name: item
    for item in (
        FileId("COM", 0x011E, 0x1E, 0x60, 1_024),
        FileId("DG1", 0x0101, 0x01, 0x61, 1_024),
        FileId("DG2", 0x0102, 0x02, 0x75, 262_144),
        FileId("DG7", 0x0107, 0x07, 0x67),
        FileId("DG11", 0x010B, 0x0B, 0x6B),
        FileId("DG12", 0x010C, 0x0C, 0x6C),
        FileId("DG13", 0x010D, 0x0D, 0x6D),
        FileId("DG14", 0x010E, 0x0E, 0x6E),
        FileId("DG15", 0x010F, 0x0F, 0x6F),
        FileId("SOD", 0x011D, 0x1D, 0x77),
    )
}
CARD_ACCESS: Final = FileId("CardAccess", 0x011C, 0x1C, 0x31, 4_096)
CARD_SECURITY: Final = FileId("CardSecurity", 0x011D, 0x1D, 0x30)


def group_name(number: int) -> str:
    """The name of a data group."""
    return f"DG{number}"


def parse_dg1(data: bytes) -> MrzData:
    """The machine readable zone. Raises MalformedCard."""
    inner = tlv.parse_file(data, 0x61).children()
    if len(inner) != 1:
        raise MalformedCard("DG1 is not of its form")
    try:
        text = inner[0].expect(0x5F1F).value.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedCard("DG1 is not plain text") from error
    return parse_mrz(text)


def parse_com(data: bytes) -> frozenset[int]:
    """Tags of the files that EF.COM lists; unsigned, so a hint only. Raises MalformedCard."""
    for item in tlv.parse_file(data, 0x60).children():
        if item.tag == 0x5C:
            return frozenset(item.value)
    raise MalformedCard("EF.COM without a list")


def parse_dg2(data: bytes) -> FaceImage:
    """The first portrait (ISO/IEC 19794-5 record, or any record around a JPEG). Raises MalformedCard."""
    group = tlv.parse_file(data, 0x75)
    for template in _templates(group):
        for item in tlv.walk(template.value, der=False):
            if item.tag in (0x5F2E, 0x7F2E):
                return _portrait(item.value)
    raise MalformedCard("DG2 without a portrait")


def _templates(group: tlv.Tlv) -> Iterator[tlv.Tlv]:
    for outer in tlv.walk(group.value, der=False):
        if outer.tag == 0x7F61:
            yield from (item for item in tlv.walk(outer.value, der=False) if item.tag == 0x7F60)


def _portrait(record: bytes) -> FaceImage:
    if record.startswith(b"FAC\x00"):
        return _image(record[_image_start(record) : _record_end(record)])
    starts = [at for at in (record.find(mark) for mark in (JPEG, JP2, J2K)) if at >= 0]
    if not starts:
        raise MalformedCard("a portrait in no known format")
    return _image(record[min(starts) :])


def _record_end(record: bytes) -> int:
    """End of the first facial record: 14 bytes of file header, then the record with its own length."""
    end = 14 + int.from_bytes(record[14:18])
    if end > len(record) or int.from_bytes(record[8:12]) > len(record):
        raise MalformedCard("a facial record is longer than its file")
    return end


def _image_start(record: bytes) -> int:
    points = int.from_bytes(record[18:20])
    start = 14 + 20 + 8 * points + 12
    if start >= len(record):
        raise MalformedCard("a facial record without image")
    return start


def _image(data: bytes) -> FaceImage:
    if len(data) > MAX_FACE:
        raise MalformedCard("a portrait is too large")
    if data.startswith(JPEG):
        return FaceImage("image/jpeg", data)
    if data.startswith((JP2, J2K)):
        return FaceImage("image/jp2", data)
    raise MalformedCard("a portrait in no known format")


def parse_dg7(data: bytes) -> tuple[FaceImage, ...]:
    """Displayed signatures (DG7): bare images. Raises MalformedCard."""
    items = tlv.walk(tlv.parse_file(data, 0x67).value, der=False)
    return tuple(_image(item.value) for item in items if item.tag == 0x5F43)


@dataclass(frozen=True, slots=True, repr=False)
class Details:
    """DG11 and DG12 as texts by tag (ICAO 9303-10 §4.7.11, §4.7.12)."""

    texts: Mapping[int, str]

    def __repr__(self) -> str:
        """Says nothing about the person."""
        return "Details(...)"


def _details(data: bytes, tag: int) -> Details:
    texts: dict[int, str] = {}
    for item in tlv.walk(tlv.parse_file(data, tag).value, der=False):
        if item.tag >> 8 == 0x5F and len(item.value) <= MAX_TEXT:
            texts[item.tag] = clean_text(item.value.decode("utf-8", errors="replace"))
    return Details(texts)


def parse_dg11(data: bytes) -> Details:
    """Additional personal details. Raises MalformedCard."""
    return _details(data, 0x6B)


def parse_dg12(data: bytes) -> Details:
    """Additional document details; 5F26 is the date of issue. Raises MalformedCard."""
    return _details(data, 0x6C)


def issue_date(details: Details) -> date | None:
    """Date of issue from DG12: YYYYMMDD as text, or packed in four bytes."""
    text = details.texts.get(0x5F26, "")
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def parse_dg14(data: bytes) -> bytes:
    """The SecurityInfos set inside DG14. Raises MalformedCard."""
    return tlv.parse(tlv.parse_file(data, 0x6E).value, tlv.SET).raw


def parse_dg15(data: bytes) -> bytes:
    """The SubjectPublicKeyInfo inside DG15. Raises MalformedCard."""
    return tlv.parse(tlv.parse_file(data, 0x6F).value, tlv.SEQUENCE).raw


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """EF.SOD: the signed data, and the hashes in it by data group number (ICAO 9303-10 §4.6.2)."""

    signed: SignedData = field(repr=False)
    digest: type[hashes.HashAlgorithm]
    hashes: Mapping[int, bytes]


def parse_sod(data: bytes) -> SecurityObject:
    """The document security object, structure only; nothing is verified here. Raises MalformedCard, UnsupportedCard."""
    signed = parse_signed_data(tlv.parse_file(data, 0x77).value)
    if signed.content_type != SECURITY_OBJECT:
        raise MalformedCard("the SOD signs something else")
    parts = tlv.parse(signed.content, tlv.SEQUENCE).children()
    if len(parts) < 3:
        raise MalformedCard("the SOD lacks fields")
    name = parts[1].expect(tlv.SEQUENCE).children()
    if not name:
        raise MalformedCard("the SOD names no hash")
    return SecurityObject(signed, hash_of(tlv.oid(name[0])), _hashes(parts[2]))


def _hashes(item: tlv.Tlv) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for entry in item.expect(tlv.SEQUENCE).children():
        pair = entry.expect(tlv.SEQUENCE).children()
        number = tlv.integer(pair[0]) if len(pair) == 2 else 0
        if not 1 <= number <= MAX_GROUPS or number in found:
            raise MalformedCard("the SOD lists a data group wrongly")
        found[number] = pair[1].expect(tlv.OCTET_STRING).value
    return found


_DROPPED: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_text(text: str) -> str:
    """NFC, single spaces, no control or direction characters: what a card says may be printed as it is."""
    normal = unicodedata.normalize("NFC", text)
    kept = (
        " " if char in "\t\r\n" else char
        for char in normal
        if char in "\t\r\n" or (unicodedata.category(char) not in _DROPPED and char not in _BIDI)
    )
    return " ".join("".join(kept).split())
