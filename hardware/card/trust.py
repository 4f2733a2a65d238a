"""Why: whom a device believes is data that the district hands out: national roots, link certificates, revocations."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from hardware.card import tlv
from hardware.card.certificates import (
    Certificate,
    Crl,
    name_parts,
    parse_certificate,
    parse_crl,
    same_name,
    unwrap_pem,
    verified_issuer,
)
from hardware.card.cms import parse_signed_data, signature_holds
from hardware.card.errors import MalformedCard, TrustFault, UnsupportedCard

MASTER_LIST: Final = "2.23.136.1.1.2"
MAX_FILE_BYTES: Final = 16_000_000
MAX_ROOTS: Final = 5_000
MAX_CHAIN: Final = 8
OBSERVED_SUFFIX: Final = ".observed"


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Roots (CSCA), revocation lists, and signer certificates the district has observed on many cards."""

    cscas: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    observed_signers: frozenset[bytes] = field(default=frozenset())

    @classmethod
    def of(
        cls,
        cscas: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        observed_signers: Iterable[bytes] = (),
    ) -> "TrustStore":
        """From DER certificates and revocation lists, and SHA-256 fingerprints of observed signers.

        Self-signed roots are taken as given; a link certificate only if a root signed it. Raises TrustFault.
        """
        try:
            roots = _admit(parse_certificate(raw) for raw in cscas)
            lists = tuple(parse_crl(raw) for raw in crls)
        except (MalformedCard, UnsupportedCard) as error:
            raise TrustFault(f"a trust file cannot be used: {error}") from error
        return cls(roots, tuple(_checked_crls(lists, roots)), frozenset(observed_signers))

    @classmethod
    def load(cls, folder: Path) -> "TrustStore":
        """From a folder of .der, .cer, .crt, .pem, .crl files; `<hex>.observed` names an observed signer.

        Raises TrustFault.
        """
        cscas: list[bytes] = []
        crls: list[bytes] = []
        for path in _trust_files(folder):
            for label, der in unwrap_pem(_bounded(path)):
                (crls if "CRL" in label or path.suffix == ".crl" else cscas).append(der)
        return cls.of(cscas, crls, _observed(folder))

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over everything in it, in an order of its own."""
        parts = sorted([item.raw for item in self.cscas] + [item.raw for item in self.crls])
        whole = hashlib.sha256()
        for part in (*parts, *sorted(self.observed_signers)):
            whole.update(len(part).to_bytes(4) + part)
        return whole.digest()

    def candidates(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """Roots that could have issued it: same name, or the key identifier it points to."""
        key_id = certificate.authority_key_id
        return tuple(
            root
            for root in self.cscas
            if same_name(root.subject, certificate.issuer) or (key_id is not None and root.subject_key_id == key_id)
        )

    def revoked(self, certificate: Certificate) -> bool:
        """Whether a valid revocation list of its issuer names it."""
        return any(certificate.serial in crl.revoked and same_name(crl.issuer, certificate.issuer) for crl in self.crls)

    def newest_crl(self, certificate: Certificate) -> datetime | None:
        """When the newest list of the certificate's issuer was made."""
        dates = [crl.this_update for crl in self.crls if same_name(crl.issuer, certificate.issuer)]
        return max(dates, default=None)


def _trust_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise TrustFault(f"no trust folder: {folder.name}")
    known = {".der", ".cer", ".crt", ".pem", ".crl"}
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in known)


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TrustFault(f"{path.name} is too large")
    return path.read_bytes()


def _observed(folder: Path) -> list[bytes]:
    names = [path.stem for path in sorted(folder.glob(f"*{OBSERVED_SUFFIX}"))]
    try:
        found = [bytes.fromhex(name) for name in names]
    except ValueError as error:
        raise TrustFault("an observed signer is not named by its fingerprint") from error
    if any(len(item) != 32 for item in found):
        raise TrustFault("an observed signer is not named by its fingerprint")
    return found


def _admit(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Roots as they are, links in the order in which somebody vouches for them; TrustFault if one is left over."""
    roots, left = _sort_out(certificates, {})
    if left:
        raise TrustFault("a certificate is neither a root nor vouched for by one")
    if len(roots) > MAX_ROOTS:
        raise TrustFault("too many roots")
    return tuple(roots.values())


def _sort_out(
    certificates: Iterable[Certificate], known: dict[bytes, Certificate]
) -> tuple[dict[bytes, Certificate], list[Certificate]]:
    """Known and new roots by fingerprint, and what nobody vouches for."""
    roots = dict(known)
    waiting: list[Certificate] = []
    for certificate in certificates:
        if certificate.self_issued and verified_issuer(certificate, (certificate,)):
            roots[certificate.fingerprint] = certificate
        else:
            waiting.append(certificate)
    for _ in range(MAX_CHAIN):
        vouched = [item for item in waiting if item.is_ca and verified_issuer(item, _of_name(item, roots))]
        roots |= {item.fingerprint: item for item in vouched}
        waiting = [item for item in waiting if item.fingerprint not in roots]
    return roots, waiting


def _of_name(certificate: Certificate, roots: dict[bytes, Certificate]) -> list[Certificate]:
    return [root for root in roots.values() if same_name(root.subject, certificate.issuer)]


def _checked_crls(crls: Iterable[Crl], roots: tuple[Certificate, ...]) -> Iterable[Crl]:
    for crl in crls:
        if not any(same_name(root.subject, crl.issuer) and crl.signed_by(root) for root in roots):
            raise TrustFault("a revocation list that no root signed")
        yield crl


@dataclass(frozen=True, slots=True)
class MasterList:
    """What a master list brought, and who signed it."""

    certificates: tuple[Certificate, ...]
    unusable: int
    signer: Certificate


def open_master_list(data: bytes, anchors: TrustStore, accept_signer: bytes | None = None) -> MasterList:
    """The certificates of an ICAO/BSI master list (ICAO 9303-12 §8.1), signature checked.

    The list's signer must be issued by a root in `anchors`, or have the SHA-256 `accept_signer` that the
    officer compared by hand. Certificates we cannot use are counted, not raised. Raises TrustFault.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TrustFault("a master list is too large")
    try:
        return _open_master_list(data, anchors, accept_signer)
    except (MalformedCard, UnsupportedCard) as error:
        raise TrustFault(f"a master list cannot be used: {error}") from error


def _open_master_list(data: bytes, anchors: TrustStore, accept_signer: bytes | None) -> MasterList:
    signed = parse_signed_data(data)
    if signed.content_type != MASTER_LIST:
        raise TrustFault("not a master list")
    signer = signed.certificate_of(signed.signers[0])
    if signer is None or not signature_holds(signed, signed.signers[0], signer):
        raise TrustFault("the master list's signature does not hold")
    known = verified_issuer(signer, anchors.candidates(signer)) is not None and not anchors.revoked(signer)
    if not known and signer.fingerprint != accept_signer:
        raise TrustFault(f"the master list's signer is unknown: {signer.fingerprint.hex()}")
    parts = tlv.parse(signed.content, tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise TrustFault("a master list is not of its form")
    return _usable(parts[1].expect(tlv.SET).children(), signer)


def _usable(items: tuple[tlv.Tlv, ...], signer: Certificate) -> MasterList:
    found: list[Certificate] = []
    unusable = 0
    for item in items:
        try:
            certificate = parse_certificate(item.raw)
            certificate.public_key()
        except (MalformedCard, UnsupportedCard):
            unusable += 1
        else:
            found.append(certificate)
    return MasterList(tuple(found), unusable, signer)


def admissible(certificates: Iterable[Certificate], present: TrustStore) -> tuple[Certificate, ...]:
    """Those of a master list that may join `present`: self-signed, or linked to one that may."""
    known = {item.fingerprint: item for item in present.cscas}
    roots, _ = _sort_out(certificates, known)
    return tuple(item for key, item in roots.items() if key not in known)


def describe(certificate: Certificate) -> str:
    """One line for lists: subject, validity, start of the fingerprint."""
    subject = ", ".join(text for _, text in name_parts(certificate.subject))
    span = f"{certificate.not_before:%Y-%m-%d}..{certificate.not_after:%Y-%m-%d}"
    return f"{certificate.fingerprint.hex()[:16]}  {span}  {subject}"
