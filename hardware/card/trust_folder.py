"""Why: roots and revocation lists come as files of several kinds; a folder keeps what was let in, one each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.card.certificates import Certificate, parse_certificate, parse_crl, unwrap_pem
from hardware.card.errors import MalformedCard, TrustFault
from hardware.card.trust import MAX_FILE_BYTES, TrustStore, admissible, open_master_list

CRL_LABEL: Final = "X509 CRL"


@dataclass(frozen=True, slots=True)
class Imported:
    """What one file brought: certificates and revocation lists let in, and those that were left out."""

    certificates: int = 0
    crls: int = 0
    left_out: int = 0


def import_file(folder: Path, source: Path, accept_signer: bytes | None = None) -> Imported:
    """Let a certificate, revocation list or master list (DER or PEM) into the folder.

    A root is taken as given: whoever imports it has compared its fingerprint. Links must be signed by a root,
    revocation lists by a root of the folder, master lists by a signer under one or by `accept_signer`
    (SHA-256 of its certificate). Raises TrustFault; then nothing was written.
    """
    data = _read(source)
    folder.mkdir(parents=True, exist_ok=True)
    present = TrustStore.load(folder)
    total = Imported()
    for label, der in unwrap_pem(data):
        total = _add(total, _import_one(folder, present, label, der, accept_signer))
        present = TrustStore.load(folder)
    if total == Imported():
        raise TrustFault(f"{source.name} holds nothing that can be used")
    return total


def _read(source: Path) -> bytes:
    try:
        if source.stat().st_size > MAX_FILE_BYTES:
            raise TrustFault(f"{source.name} is too large")
        return source.read_bytes()
    except OSError as error:
        raise TrustFault(f"{source.name} cannot be read: {error.strerror}") from error


def _add(left: Imported, right: Imported) -> Imported:
    return Imported(left.certificates + right.certificates, left.crls + right.crls, left.left_out + right.left_out)


def _import_one(folder: Path, present: TrustStore, label: str, der: bytes, accept_signer: bytes | None) -> Imported:
    certificate = None if label == CRL_LABEL else _certificate(der)
    if certificate is not None:
        joined = admissible((certificate,), present)
        known = any(item.fingerprint == certificate.fingerprint for item in present.cscas)
        if not joined and not known:
            raise TrustFault("a certificate is neither a root nor vouched for by one")
        return _keep(folder, joined, 0)
    if _is_crl(der):
        TrustStore.of([item.raw for item in present.cscas], [der])
        name = f"{present.fingerprint.hex()[:8]}-{len(present.crls):03}.crl"
        (folder / name).write_bytes(der)
        return Imported(crls=1)
    listed = open_master_list(der, present, accept_signer)
    joined = admissible(listed.certificates, present)
    known_keys = {item.fingerprint for item in present.cscas}
    left = sum(item.fingerprint not in known_keys for item in listed.certificates) - len(joined)
    return _keep(folder, joined, left + listed.unusable)


def _keep(folder: Path, certificates: tuple[Certificate, ...], left_out: int) -> Imported:
    for certificate in certificates:
        (folder / f"{certificate.fingerprint.hex()}.der").write_bytes(certificate.raw)
    return Imported(certificates=len(certificates), left_out=left_out)


def _certificate(der: bytes) -> Certificate | None:
    try:
        return parse_certificate(der)
    except MalformedCard:
        return None


def _is_crl(der: bytes) -> bool:
    try:
        parse_crl(der)
    except MalformedCard:
        return False
    return True
