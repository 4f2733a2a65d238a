"""Why: CSCA and signer certificates carry spelled-out curves and odd encodings that general X.509 readers refuse.

Only what ICAO 9303-12 needs is read (RFC 5280 §4.1 and §5.1); signatures are checked over the original bytes.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hardware.card import tlv
from hardware.card.errors import MalformedCard, TrustFault, UnsupportedCard
from hardware.card.public_keys import PublicKey, parse_public_key, parse_signature_algorithm, verify

SUBJECT_KEY_ID: Final = "2.5.29.14"
KEY_USAGE: Final = "2.5.29.15"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
AUTHORITY_KEY_ID: Final = "2.5.29.35"
ORGANIZATION: Final = "2.5.4.10"
COUNTRY: Final = "2.5.4.6"
TEST_ISSUER: Final = "Tan Nha TEST ISSUER"
"""Organization of every certificate our own virtual issuer makes; such cards count as simulated."""

MAX_BYTES: Final = 65_536
MAX_CRL_BYTES: Final = 4_000_000
MAX_EXTENSIONS: Final = 64
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]{3,40})-----([A-Za-z0-9+/=\s]+)-----END \1-----")
_NAME_TEXT: Final = frozenset({tlv.UTF8, tlv.PRINTABLE, 0x14, 0x16, 0x1E})


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate; times are UTC, names are kept as encoded."""

    raw: bytes
    tbs: bytes
    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    key_info: bytes
    signature_algorithm: bytes
    signature: bytes
    extensions: tuple[tuple[str, bytes], ...]

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over the certificate."""
        return hashlib.sha256(self.raw).digest()

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return same_name(self.issuer, self.subject)

    @property
    def is_test_issuer(self) -> bool:
        """Whether the project's own virtual issuer made it."""
        names = (*organizations(self.issuer), *organizations(self.subject))
        return TEST_ISSUER in names

    def extension(self, oid: str) -> bytes | None:
        """The content of one extension."""
        return dict(self.extensions).get(oid)

    @property
    def subject_key_id(self) -> bytes | None:
        """SubjectKeyIdentifier."""
        value = self.extension(SUBJECT_KEY_ID)
        return None if value is None else tlv.parse(value, tlv.OCTET_STRING).value

    @property
    def authority_key_id(self) -> bytes | None:
        """keyIdentifier of AuthorityKeyIdentifier."""
        value = self.extension(AUTHORITY_KEY_ID)
        return None if value is None else _key_id(value)

    @property
    def is_ca(self) -> bool:
        """BasicConstraints says CA."""
        value = self.extension(BASIC_CONSTRAINTS)
        if value is None:
            return False
        parts = tlv.parse(value, tlv.SEQUENCE).children()
        return bool(parts) and parts[0].tag == 0x01 and parts[0].value == b"\xff"

    def public_key(self) -> PublicKey:
        """The key; MalformedCard or UnsupportedCard if it cannot be used."""
        return parse_public_key(self.key_info)

    def signed_by(self, issuer: "Certificate") -> bool:
        """Whether the issuer's key made this signature. Raises UnsupportedCard, MalformedCard."""
        how = parse_signature_algorithm(tlv.parse(self.signature_algorithm))
        return verify(issuer.public_key(), how, self.tbs, self.signature)

    def valid_on(self, moment: datetime) -> bool:
        """Whether the moment lies within the validity, both ends included."""
        return self.not_before <= moment <= self.not_after


@dataclass(frozen=True, slots=True)
class Crl:
    """One certificate revocation list."""

    raw: bytes
    tbs: bytes
    issuer: bytes
    this_update: datetime
    next_update: datetime | None
    revoked: frozenset[int]
    signature_algorithm: bytes
    signature: bytes

    def signed_by(self, issuer: Certificate) -> bool:
        """Whether the issuer's key made this signature. Raises UnsupportedCard, MalformedCard."""
        how = parse_signature_algorithm(tlv.parse(self.signature_algorithm))
        return verify(issuer.public_key(), how, self.tbs, self.signature)


def _key_id(value: bytes) -> bytes | None:
    for item in tlv.parse(value, tlv.SEQUENCE).children():
        if item.tag == 0x80:
            return item.value
    return None


def parse_certificate(data: bytes) -> Certificate:
    """A DER certificate. Raises MalformedCard."""
    if len(data) > MAX_BYTES:
        raise MalformedCard("a certificate is too long")
    outer = tlv.parse(data, tlv.SEQUENCE).children()
    if len(outer) != 3:
        raise MalformedCard("a certificate is not of its form")
    fields = list(outer[0].expect(tlv.SEQUENCE).children())
    if fields and fields[0].tag == 0xA0:
        fields.pop(0)
    if len(fields) < 6 or fields[1].raw != outer[1].raw:
        raise MalformedCard("a certificate lacks fields or names two algorithms")
    not_before, not_after = _validity(fields[3])
    return Certificate(
        raw=data,
        tbs=outer[0].raw,
        serial=tlv.integer(fields[0]),
        issuer=fields[2].expect(tlv.SEQUENCE).raw,
        not_before=not_before,
        not_after=not_after,
        subject=fields[4].expect(tlv.SEQUENCE).raw,
        key_info=fields[5].expect(tlv.SEQUENCE).raw,
        signature_algorithm=outer[1].raw,
        signature=tlv.bits(outer[2]),
        extensions=_extensions(fields[6:]),
    )


def _validity(item: tlv.Tlv) -> tuple[datetime, datetime]:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedCard("a validity is not of its form")
    return parse_time(parts[0]), parse_time(parts[1])


def _extensions(fields: list[tlv.Tlv]) -> tuple[tuple[str, bytes], ...]:
    for field in fields:
        if field.tag == 0xA3:
            items = tlv.parse(field.value, tlv.SEQUENCE).children()
            if len(items) > MAX_EXTENSIONS:
                raise MalformedCard("too many extensions")
            return tuple(_extension(item) for item in items)
    return ()


def _extension(item: tlv.Tlv) -> tuple[str, bytes]:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) not in (2, 3):
        raise MalformedCard("an extension is not of its form")
    return tlv.oid(parts[0]), parts[-1].expect(tlv.OCTET_STRING).value


def parse_time(item: tlv.Tlv) -> datetime:
    """UTCTime or GeneralizedTime in Z form."""
    text = item.value.decode("ascii", errors="replace")
    if item.tag == tlv.UTC_TIME and re.fullmatch(r"[0-9]{10}([0-9]{2})?Z", text):
        text = ("19" if text[:2] >= "50" else "20") + text
    elif item.tag != tlv.GENERALIZED_TIME or not re.fullmatch(r"[0-9]{12}([0-9]{2})?Z", text):
        raise MalformedCard("a time is not of its form")
    digits = text[:-1].ljust(14, "0")
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedCard("a time names no moment") from error


def parse_crl(data: bytes) -> Crl:
    """A DER revocation list. Raises MalformedCard."""
    if len(data) > MAX_CRL_BYTES:
        raise MalformedCard("a revocation list is too long")
    outer = tlv.parse(data, tlv.SEQUENCE).children()
    if len(outer) != 3:
        raise MalformedCard("a revocation list is not of its form")
    fields = list(outer[0].expect(tlv.SEQUENCE).children())
    if fields and fields[0].tag == tlv.INTEGER:
        fields.pop(0)
    if len(fields) < 3 or fields[0].raw != outer[1].raw:
        raise MalformedCard("a revocation list lacks fields or names two algorithms")
    rest = fields[3:]
    next_update = parse_time(rest.pop(0)) if rest and rest[0].tag in (tlv.UTC_TIME, tlv.GENERALIZED_TIME) else None
    entries = rest[0].children() if rest and rest[0].tag == tlv.SEQUENCE else ()
    return Crl(
        raw=data,
        tbs=outer[0].raw,
        issuer=fields[1].expect(tlv.SEQUENCE).raw,
        this_update=parse_time(fields[2]),
        next_update=next_update,
        revoked=frozenset(_revoked(entry) for entry in entries),
        signature_algorithm=outer[1].raw,
        signature=tlv.bits(outer[2]),
    )


def _revoked(entry: tlv.Tlv) -> int:
    parts = entry.expect(tlv.SEQUENCE).children()
    if not parts:
        raise MalformedCard("an empty revocation entry")
    return tlv.integer(parts[0])


def name_parts(name: bytes) -> tuple[tuple[str, str], ...]:
    """(attribute, text) of a Name, text folded as RFC 5280 §7.1 compares it: case and runs of spaces do not count."""
    found: list[tuple[str, str]] = []
    for rdn in tlv.parse(name, tlv.SEQUENCE).children():
        for pair in rdn.expect(tlv.SET).children():
            parts = pair.expect(tlv.SEQUENCE).children()
            if len(parts) != 2:
                raise MalformedCard("a name is not of its form")
            found.append((tlv.oid(parts[0]), " ".join(_name_text(parts[1]).split())))
    return tuple(found)


def _name_text(item: tlv.Tlv) -> str:
    if item.tag not in _NAME_TEXT:
        return item.raw.hex()
    return item.value.decode("utf-16-be" if item.tag == 0x1E else "utf-8", errors="replace")


def same_name(left: bytes, right: bytes) -> bool:
    """Whether two Names are equal for RFC 5280."""
    if left == right:
        return True
    fold = tuple((oid, text.casefold()) for oid, text in name_parts(left))
    return fold == tuple((oid, text.casefold()) for oid, text in name_parts(right))


def organizations(name: bytes) -> tuple[str, ...]:
    """The organization attributes of a Name."""
    return tuple(text for oid, text in name_parts(name) if oid == ORGANIZATION)


def countries(name: bytes) -> frozenset[str]:
    """The country codes of a Name, in capitals (ICAO 9303-12 §7.1.1 takes both cases)."""
    return frozenset(text.upper() for oid, text in name_parts(name) if oid == COUNTRY)


def unwrap_pem(data: bytes) -> list[tuple[str, bytes]]:
    """(label, DER) of every PEM block; a DER file comes back as one block with an empty label. Raises TrustFault."""
    if not data.lstrip().startswith(b"-----BEGIN"):
        return [("", data)]
    try:
        return [
            (match[1].decode("ascii"), base64.b64decode(b"".join(match[2].split()), validate=True))
            for match in _PEM.finditer(data)
        ]
    except binascii.Error as error:
        raise TrustFault("a PEM block is not base64") from error


def verified_issuer(certificate: Certificate, candidates: Iterable[Certificate]) -> Certificate | None:
    """The first candidate whose key made the certificate's signature."""
    for candidate in candidates:
        try:
            if certificate.signed_by(candidate):
                return candidate
        except (UnsupportedCard, MalformedCard):
            continue
    return None
