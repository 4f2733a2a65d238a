"""Why: SOD, EF.CardSecurity and master lists are CMS SignedData (RFC 5652 §5); this reads the one shape they use.

Signatures are checked over the bytes as they came, never over something re-encoded.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import hashes

from hardware.card import tlv
from hardware.card.certificates import Certificate, parse_certificate, parse_time, same_name
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.card.public_keys import digest, hash_of, parse_signature_algorithm, verify
from hardware.card.symmetric import same

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
MAX_CERTIFICATES: Final = 16
MAX_SIGNERS: Final = 4


@dataclass(frozen=True, slots=True)
class Signer:
    """One SignerInfo; `attributes` are the signed ones as encoded, or None."""

    issuer: bytes | None
    serial: int | None
    key_id: bytes | None
    digest: type[hashes.HashAlgorithm]
    attributes: bytes | None
    algorithm: tlv.Tlv
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    """Content, the certificates that came along, and the signers."""

    content_type: str
    content: bytes
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]

    def certificate_of(self, signer: Signer) -> Certificate | None:
        """The certificate that a SignerInfo points to."""
        return next((item for item in self.certificates if _points_to(signer, item)), None)


def _points_to(signer: Signer, certificate: Certificate) -> bool:
    if signer.key_id is not None:
        return certificate.subject_key_id == signer.key_id
    if signer.issuer is None or certificate.serial != signer.serial:
        return False
    return same_name(certificate.issuer, signer.issuer)


def parse_signed_data(data: bytes) -> SignedData:
    """A ContentInfo with SignedData. Raises MalformedCard, UnsupportedCard."""
    outer = tlv.parse(data, tlv.SEQUENCE).children()
    if len(outer) != 2 or tlv.oid(outer[0]) != SIGNED_DATA:
        raise MalformedCard("not a signed object")
    fields = tlv.parse(outer[1].expect(0xA0).value, tlv.SEQUENCE).children()
    if len(fields) < 4:
        raise MalformedCard("a signed object lacks fields")
    content_type, content = _content(fields[2])
    signers = fields[-1].expect(tlv.SET).children()
    if not 1 <= len(signers) <= MAX_SIGNERS:
        raise MalformedCard("a signed object without signer, or with too many")
    return SignedData(content_type, content, _certificates(fields[3:-1]), tuple(_signer(item) for item in signers))


def _content(item: tlv.Tlv) -> tuple[str, bytes]:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedCard("a signed object without content")
    return tlv.oid(parts[0]), tlv.parse(parts[1].expect(0xA0).value, tlv.OCTET_STRING).value


def _certificates(fields: tuple[tlv.Tlv, ...]) -> tuple[Certificate, ...]:
    found: list[Certificate] = []
    for field in fields:
        if field.tag == 0xA0:
            found += [parse_certificate(item.raw) for item in field.children()[:MAX_CERTIFICATES]]
    return tuple(found)


def _signer(item: tlv.Tlv) -> Signer:
    parts = list(item.expect(tlv.SEQUENCE).children())
    if len(parts) < 5:
        raise MalformedCard("a signer lacks fields")
    issuer, serial, key_id = _identifier(parts[1])
    attributes = parts.pop(3).raw if parts[3].tag == 0xA0 else None
    if len(parts) < 5:
        raise MalformedCard("a signer lacks fields")
    name = parts[2].expect(tlv.SEQUENCE).children()
    if not name:
        raise MalformedCard("a signer without hash")
    signature = parts[4].expect(tlv.OCTET_STRING).value
    return Signer(issuer, serial, key_id, hash_of(tlv.oid(name[0])), attributes, parts[3], signature)


def _identifier(item: tlv.Tlv) -> tuple[bytes | None, int | None, bytes | None]:
    if item.tag == 0x80:
        return None, None, item.value
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedCard("a signer's name is not of its form")
    return parts[0].expect(tlv.SEQUENCE).raw, tlv.integer(parts[1]), None


def _attributes(raw: bytes) -> dict[str, tlv.Tlv]:
    found: dict[str, tlv.Tlv] = {}
    for item in tlv.parse(raw, 0xA0).children():
        parts = item.expect(tlv.SEQUENCE).children()
        values = parts[1].expect(tlv.SET).children() if len(parts) == 2 else ()
        if len(values) != 1:
            raise MalformedCard("a signed attribute is not of its form")
        name = tlv.oid(parts[0])
        if name in found:
            raise MalformedCard("a signed attribute stands twice")
        found[name] = values[0]
    return found


def signing_time(signer: Signer) -> datetime | None:
    """The signed signingTime, where there is one."""
    if signer.attributes is None:
        return None
    item = _attributes(signer.attributes).get(SIGNING_TIME)
    return None if item is None else parse_time(item)


def signature_holds(data: SignedData, signer: Signer, certificate: Certificate) -> bool:
    """Whether the signer's certificate signed this very content (RFC 5652 §5.4).

    Raises MalformedCard, UnsupportedCard.
    """
    if signer.digest is hashes.SHA1:
        raise UnsupportedCard("a signed object over SHA-1")
    how = parse_signature_algorithm(signer.algorithm, signer.digest)
    key = certificate.public_key()
    if signer.attributes is None:
        return verify(key, how, data.content, signer.signature)
    attributes = _attributes(signer.attributes)
    if MESSAGE_DIGEST not in attributes or CONTENT_TYPE not in attributes:
        return False
    claimed = attributes[MESSAGE_DIGEST].expect(tlv.OCTET_STRING).value
    if not same(claimed, digest(signer.digest, data.content)):
        return False
    if tlv.oid(attributes[CONTENT_TYPE]) != data.content_type:
        return False
    return verify(key, how, b"\x31" + signer.attributes[1:], signer.signature)
