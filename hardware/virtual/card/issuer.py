"""Why: passive authentication can only be shown with a root, a signer and signed cards; this makes them.

Every certificate carries the organization "Tan Nha TEST ISSUER", by which readings are marked as simulated.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hardware.card import tlv
from hardware.card.certificates import (
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    KEY_USAGE,
    SUBJECT_KEY_ID,
    TEST_ISSUER,
)
from hardware.card.trust import MASTER_LIST
from hardware.virtual.card.keys import HASH_OID, Signer, seeded_signer

LDS_OBJECT: Final = "2.23.136.1.1.1"
CARD_SECURITY_OBJECT: Final = "0.4.0.127.0.7.3.2.1"
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CSCA_NAME: Final = "Virtual CSCA"
CSCA_DAYS: Final = (datetime(2021, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC))
SIGNER_DAYS: Final = (datetime(2021, 6, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
CRL_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
SIGNING_DAY: Final = datetime(2022, 3, 1, 8, 0, tzinfo=UTC)


def name(common: str, *, organization: str = TEST_ISSUER) -> bytes:
    """A Name under C=VN."""
    parts = (("2.5.4.6", tlv.PRINTABLE, "VN"), ("2.5.4.10", tlv.UTF8, organization), ("2.5.4.3", tlv.UTF8, common))
    rdns = (
        tlv.encode(tlv.SET, tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid), tlv.encode(tag, text.encode())))
        for oid, tag, text in parts
    )
    return tlv.encode(tlv.SEQUENCE, *rdns)


def utc(moment: datetime) -> bytes:
    """UTCTime."""
    return tlv.encode(tlv.UTC_TIME, f"{moment:%y%m%d%H%M%S}Z".encode())


def key_id(signer: Signer) -> bytes:
    """SHA-1 of the key, as SubjectKeyIdentifier."""
    return hashlib.sha1(signer.key_info, usedforsecurity=False).digest()


def _extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    flag = b"\x01\x01\xff" if critical else b""
    return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid), flag, tlv.encode(tlv.OCTET_STRING, value))


@dataclass(frozen=True, slots=True)
class CertificatePlan:
    """What goes into a certificate."""

    serial: int
    subject: bytes
    issuer: bytes
    days: tuple[datetime, datetime]
    ca: bool


def make_certificate(plan: CertificatePlan, subject: Signer, issuer: Signer) -> bytes:
    """A DER certificate for `subject`, signed by `issuer`."""
    usage = b"\x03\x02\x01\x06" if plan.ca else b"\x03\x02\x07\x80"
    extensions = [
        _extension(SUBJECT_KEY_ID, tlv.encode(tlv.OCTET_STRING, key_id(subject))),
        _extension(AUTHORITY_KEY_ID, tlv.encode(tlv.SEQUENCE, tlv.encode(0x80, key_id(issuer)))),
        _extension(KEY_USAGE, usage, critical=True),
    ]
    if plan.ca:
        basic = tlv.encode(tlv.SEQUENCE, b"\x01\x01\xff", tlv.encode_integer(0))
        extensions.append(_extension(BASIC_CONSTRAINTS, basic, critical=True))
    tbs = tlv.encode(
        tlv.SEQUENCE,
        tlv.encode(0xA0, tlv.encode_integer(2)),
        tlv.encode_integer(plan.serial),
        issuer.algorithm,
        plan.issuer,
        tlv.encode(tlv.SEQUENCE, *(utc(day) for day in plan.days)),
        plan.subject,
        subject.key_info,
        tlv.encode(0xA3, tlv.encode(tlv.SEQUENCE, *extensions)),
    )
    return signed_structure(tbs, issuer)


def signed_structure(tbs: bytes, issuer: Signer) -> bytes:
    """To-be-signed part, algorithm, signature."""
    return tlv.encode(tlv.SEQUENCE, tbs, issuer.algorithm, tlv.encode_bits(issuer.sign(tbs)))


def make_crl(issuer_name: bytes, issuer: Signer, revoked: tuple[int, ...], this_update: datetime = CRL_DAY) -> bytes:
    """A DER revocation list."""
    entries = [tlv.encode(tlv.SEQUENCE, tlv.encode_integer(serial), utc(this_update)) for serial in revoked]
    listed = tlv.encode(tlv.SEQUENCE, *entries) if entries else b""
    tbs = tlv.encode(
        tlv.SEQUENCE,
        tlv.encode_integer(1),
        issuer.algorithm,
        issuer_name,
        utc(this_update),
        utc(this_update.replace(year=this_update.year + 1)),
        listed,
    )
    return signed_structure(tbs, issuer)


def _attribute(oid: str, value: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid), tlv.encode(tlv.SET, value))


def sign_content(
    content_type: str,
    content: bytes,
    signer: Signer,
    certificate: bytes,
    *,
    extra: tuple[bytes, ...] = (),
    signed_on: datetime | None = SIGNING_DAY,
) -> bytes:
    """CMS SignedData (RFC 5652) around `content`, with signed attributes and the signer's certificate."""
    fields = tlv.parse(certificate).children()[0].children()
    digest = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(HASH_OID[signer.digest]))
    attributes = [
        _attribute("1.2.840.113549.1.9.3", tlv.encode_oid(content_type)),
        _attribute("1.2.840.113549.1.9.4", tlv.encode(tlv.OCTET_STRING, hashlib.new(signer.digest, content).digest())),
    ]
    if signed_on is not None:
        attributes.append(_attribute("1.2.840.113549.1.9.5", utc(signed_on)))
    body = b"".join(sorted(attributes))
    info = tlv.encode(
        tlv.SEQUENCE,
        tlv.encode_integer(1),
        tlv.encode(tlv.SEQUENCE, fields[3].raw, fields[1].raw),
        digest,
        tlv.encode(0xA0, body),
        signer.algorithm,
        tlv.encode(tlv.OCTET_STRING, signer.sign(tlv.encode(tlv.SET, body))),
    )
    data = tlv.encode(
        tlv.SEQUENCE,
        tlv.encode_integer(3),
        tlv.encode(tlv.SET, digest),
        tlv.encode(tlv.SEQUENCE, tlv.encode_oid(content_type), tlv.encode(0xA0, tlv.encode(tlv.OCTET_STRING, content))),
        tlv.encode(0xA0, certificate, *extra),
        tlv.encode(tlv.SET, info),
    )
    return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(SIGNED_DATA), tlv.encode(0xA0, data))


def lds_object(groups: Mapping[int, bytes], digest: str) -> bytes:
    """LDSSecurityObject: the hashes of the data groups."""
    entries = (
        tlv.encode(
            tlv.SEQUENCE,
            tlv.encode_integer(number),
            tlv.encode(tlv.OCTET_STRING, hashlib.new(digest, data, usedforsecurity=False).digest()),
        )
        for number, data in sorted(groups.items())
    )
    algorithm = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(HASH_OID[digest]))
    return tlv.encode(tlv.SEQUENCE, tlv.encode_integer(0), algorithm, tlv.encode(tlv.SEQUENCE, *entries))


@dataclass(frozen=True, slots=True)
class Issuer:
    """A root and a signer, with their private keys."""

    seed: bytes
    csca: Signer
    csca_name: bytes
    csca_certificate: bytes
    signer: Signer
    signer_certificate: bytes

    def sod(self, groups: Mapping[int, bytes], *, signed_on: datetime | None = SIGNING_DAY) -> bytes:
        """EF.SOD over the data groups."""
        content = lds_object(groups, "sha256")
        signed = sign_content(LDS_OBJECT, content, self.signer, self.signer_certificate, signed_on=signed_on)
        return tlv.encode(0x77, signed)

    def card_security(self, infos: bytes) -> bytes:
        """EF.CardSecurity over a SecurityInfos set."""
        return sign_content(CARD_SECURITY_OBJECT, infos, self.signer, self.signer_certificate)

    def master_list(self, certificates: tuple[bytes, ...]) -> bytes:
        """A master list signed by this issuer's signer."""
        content = tlv.encode(tlv.SEQUENCE, tlv.encode_integer(0), tlv.encode(tlv.SET, *certificates))
        return sign_content(MASTER_LIST, content, self.signer, self.signer_certificate)

    def crl(self, revoked: tuple[int, ...] = (), this_update: datetime = CRL_DAY) -> bytes:
        """A revocation list of the root."""
        return make_crl(self.csca_name, self.csca, revoked, this_update)

    def with_signer(self, signer: Signer, *, serial: int, days: tuple[datetime, datetime] = SIGNER_DAYS) -> "Issuer":
        """The same root with another signer."""
        plan = CertificatePlan(serial, name("Virtual Document Signer"), self.csca_name, days, ca=False)
        return replace(self, signer=signer, signer_certificate=make_certificate(plan, signer, self.csca))

    def save(self, folder: Path) -> None:
        """Write the seed and `trust/csca.der`, `trust/csca.crl`: the trust folder is what a district hands out."""
        trust = folder / "trust"
        trust.mkdir(parents=True, exist_ok=True)
        secret = folder / "issuer.seed"
        secret.touch(mode=0o600)
        secret.write_text(self.seed.hex() + "\n", encoding="ascii")
        (trust / "csca.der").write_bytes(self.csca_certificate)
        (trust / "csca.crl").write_bytes(self.crl())


def make_issuer(
    seed: bytes | None = None,
    *,
    curve: str = "brainpoolP384r1",
    csca: Signer | None = None,
    signer: Signer | None = None,
    label: str = "issuer",
) -> Issuer:
    """A new test issuer, or the one that belongs to `seed`. The same seed gives the same certificates and cards."""
    seed = seed or secrets.token_bytes(32)
    csca = csca or seeded_signer(seed, f"{label}/csca", curve, "sha384")
    signer = signer or seeded_signer(seed, f"{label}/signer", curve, "sha256")
    csca_name = name(CSCA_NAME)
    root = make_certificate(CertificatePlan(1, csca_name, csca_name, CSCA_DAYS, ca=True), csca, csca)
    bare = Issuer(seed, csca, csca_name, root, signer, b"")
    return bare.with_signer(signer, serial=1001)


def load_issuer(folder: Path) -> Issuer:
    """The issuer whose seed lies in `folder`; ValueError if the file is damaged."""
    return make_issuer(bytes.fromhex((folder / "issuer.seed").read_text(encoding="ascii").strip()))


def load_or_make_issuer(folder: Path) -> Issuer:
    """The folder's issuer; a new one is made and saved where there is none."""
    if (folder / "issuer.seed").exists():
        return load_issuer(folder)
    issuer = make_issuer()
    issuer.save(folder)
    return issuer
