"""Why: every byte a card sends passes through here, so this reader is small, strict and bounded.

One pass, no recursion, no allocation beyond slices of the input; indefinite lengths, lengths past the end and
tags above three bytes are refused at once. See docs/decisions/003-asn1.md for why it is our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hardware.card.errors import MalformedCard

MAX_CHILDREN: Final = 10_000
MAX_OID_BYTES: Final = 64

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
UTF8: Final = 0x0C
PRINTABLE: Final = 0x13
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31


@dataclass(frozen=True, slots=True)
class Tlv:
    """One data object: tag as written (0x7F61), its value, and the bytes it stood in."""

    tag: int
    value: bytes
    raw: bytes

    def children(self) -> tuple["Tlv", ...]:
        """The data objects inside a constructed one."""
        return tuple(walk(self.value))

    def expect(self, tag: int) -> "Tlv":
        """Itself, if it carries that tag; otherwise MalformedCard."""
        if self.tag != tag:
            raise MalformedCard(f"tag {self.tag:X} where {tag:X} was due")
        return self


def _tag(data: bytes, at: int) -> tuple[int, int]:
    first = data[at]
    if first & 0x1F != 0x1F:
        return first, at + 1
    tag = first
    for index in range(at + 1, min(at + 3, len(data))):
        tag = tag << 8 | data[index]
        if not data[index] & 0x80:
            return tag, index + 1
    raise MalformedCard("a tag does not end")


def _length(data: bytes, at: int, *, der: bool) -> tuple[int, int]:
    if at >= len(data):
        raise MalformedCard("a length is missing")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count == 0 or count > 4 or at + 1 + count > len(data):
        raise MalformedCard("a length is indefinite, too long or cut off")
    length = int.from_bytes(data[at + 1 : at + 1 + count])
    if der and (length < 0x80 or length < 1 << 8 * (count - 1)):
        raise MalformedCard("a length is not in its shortest form")
    return length, at + 1 + count


def header(data: bytes) -> tuple[int, int, int]:
    """(tag, bytes of the header, bytes of the value) of the object that starts `data`, which may be cut short."""
    if not data:
        raise MalformedCard("nothing where a data object was due")
    tag, after = _tag(data, 0)
    length, start = _length(data, after, der=False)
    return tag, start, length


def _one(data: bytes, at: int, *, der: bool) -> tuple[Tlv, int]:
    tag, after = _tag(data, at)
    length, start = _length(data, after, der=der)
    end = start + length
    if end > len(data):
        raise MalformedCard("a length points past the end")
    return Tlv(tag, data[start:end], data[at:end]), end


def walk(data: bytes, *, der: bool = True) -> Iterator[Tlv]:
    """Yield the data objects that fill `data` exactly."""
    at = 0
    for _ in range(MAX_CHILDREN):
        if at == len(data):
            return
        item, at = _one(data, at, der=der)
        yield item
    raise MalformedCard("too many data objects")


def parse(data: bytes, tag: int | None = None, *, der: bool = True) -> Tlv:
    """The single object that fills `data`; MalformedCard if it is another one or something follows."""
    if not data:
        raise MalformedCard("nothing where a data object was due")
    item, end = _one(data, 0, der=der)
    if end != len(data):
        raise MalformedCard("bytes follow the data object")
    return item if tag is None else item.expect(tag)


def parse_file(data: bytes, tag: int) -> Tlv:
    """The object a card's file starts with; padding after it is ignored, BER lengths are let through."""
    if not data:
        raise MalformedCard("an empty file")
    item, _ = _one(data, 0, der=False)
    return item.expect(tag)


def encode(tag: int, *values: bytes) -> bytes:
    """One data object with the shortest length (DER)."""
    value = b"".join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1) + encode_length(len(value)) + value


def encode_length(length: int) -> bytes:
    """A DER length."""
    if length < 0x80:
        return bytes((length,))
    body = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((0x80 | len(body),)) + body


def integer(item: Tlv) -> int:
    """The value of an INTEGER, at most 8192 bits, in its shortest form."""
    value = item.expect(INTEGER).value
    if not value or len(value) > 1025:
        raise MalformedCard("an integer is empty or too long")
    if len(value) > 1 and ((value[0] == 0 and value[1] < 0x80) or (value[0] == 0xFF and value[1] >= 0x80)):
        raise MalformedCard("an integer is not in its shortest form")
    return int.from_bytes(value, signed=True)


def natural(item: Tlv) -> int:
    """An INTEGER that must not be negative."""
    value = integer(item)
    if value < 0:
        raise MalformedCard("an integer is negative")
    return value


def encode_integer(value: int) -> bytes:
    """A DER INTEGER, non-negative."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def oid(item: Tlv) -> str:
    """The dotted form of an OBJECT IDENTIFIER."""
    return decode_oid(item.expect(OID).value)


def decode_oid(value: bytes) -> str:
    """The dotted form of an object identifier's content bytes (X.690 §8.19)."""
    if not value or len(value) > MAX_OID_BYTES or value[-1] & 0x80:
        raise MalformedCard("an object identifier is empty, too long or cut off")
    arcs: list[int] = []
    arc = 0
    for index, byte in enumerate(value):
        if byte == 0x80 and (index == 0 or not value[index - 1] & 0x80):
            raise MalformedCard("an object identifier is padded")
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(part) for part in (first, arcs[0] - 40 * first, *arcs[1:]))


def encode_oid_value(dotted: str) -> bytes:
    """Content bytes of an object identifier."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return bytes(out)


def encode_oid(dotted: str) -> bytes:
    """A DER OBJECT IDENTIFIER."""
    return encode(OID, encode_oid_value(dotted))


def bits(item: Tlv) -> bytes:
    """The octets of a BIT STRING without unused bits."""
    value = item.expect(BIT_STRING).value
    if not value or value[0] != 0:
        raise MalformedCard("a bit string is empty or not whole octets")
    return value[1:]


def encode_bits(octets: bytes) -> bytes:
    """A DER BIT STRING of whole octets."""
    return encode(BIT_STRING, b"\x00", octets)
