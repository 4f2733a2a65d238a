"""Why: roots and revocation lists come as files of several kinds; a folder keeps what was let in, one each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.card.certificates import Certificate, Crl, countries, parse_certificate, parse_crl, unwrap_pem
from hardware.card.errors import MalformedCard, TrustFault
from hardware.card.trust import MAX_FILE_BYTES, TrustStore, admissible, open_master_list

CRL_LABEL: Final = "X509 CRL"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file adds to a store: certificates, revocation lists, how many could not be used or are elsewhere's."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    left_out: int = 0
    elsewhere: int = 0
    """Certificates of a master list that belong to countries nobody asked for."""

    def __add__(self, other: "Brought") -> "Brought":
        """Both together."""
        return Brought(
            self.certificates + other.certificates,
            self.crls + other.crls,
            self.left_out + other.left_out,
            self.elsewhere + other.elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """How many certificates and revocation lists one file brought, and how many were left out."""

    certificates: int = 0
    crls: int = 0
    left_out: int = 0


def brought_by(
    data: bytes,
    present: TrustStore,
    accept_signer: bytes | None = None,
    only_from: frozenset[str] = frozenset(),
) -> Brought:
    """What a certificate, revocation list or master list (DER or PEM) adds to `present`; nothing if all is known.

    A root is taken as given: whoever imports it has compared its fingerprint. Links must be signed by a root,
    revocation lists by a root of `present`, master lists by a signer under one or by `accept_signer`
    (SHA-256 of its certificate). Of a master list only the countries `only_from` (capitals) are taken; empty takes
    all. Raises TrustFault.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TrustFault("a trust file is too large")
    total = Brought()
    for label, der in unwrap_pem(data):
        one = _brought(present, label, der, accept_signer, only_from)
        total += one
        present = TrustStore(present.cscas + one.certificates, present.crls + one.crls, present.observed_signers)
    return total


def _brought(
    present: TrustStore, label: str, der: bytes, accept_signer: bytes | None, only_from: frozenset[str]
) -> Brought:
    certificate = None if label == CRL_LABEL else _certificate(der)
    known = {item.fingerprint for item in present.cscas}
    if certificate is not None:
        joined = admissible((certificate,), present)
        if not joined and certificate.fingerprint not in known:
            raise TrustFault("a certificate is neither a root nor vouched for by one")
        return Brought(joined)
    if is_crl(der):
        with_it = TrustStore.of([item.raw for item in present.cscas], [der])
        return Brought(crls=() if der in [item.raw for item in present.crls] else with_it.crls)
    listed = open_master_list(der, present, accept_signer)
    asked = [each for each in listed.certificates if not only_from or countries(each.subject) & only_from]
    joined = admissible(asked, present)
    left = sum(item.fingerprint not in known for item in asked) - len(joined)
    return Brought(joined, left_out=left + listed.unusable, elsewhere=len(listed.certificates) - len(asked))


def import_file(folder: Path, source: Path, accept_signer: bytes | None = None) -> Imported:
    """Let what `brought_by` finds in a file into the folder. Raises TrustFault; then nothing was written."""
    data = _read(source)
    present = TrustStore.load(folder) if folder.is_dir() else TrustStore()
    new = brought_by(data, present, accept_signer)
    if new == Brought():
        raise TrustFault(f"{source.name} holds nothing new that can be used")
    folder.mkdir(parents=True, exist_ok=True)
    for certificate in new.certificates:
        (folder / f"{certificate.fingerprint.hex()}.der").write_bytes(certificate.raw)
    for number, crl in enumerate(new.crls, len(present.crls)):
        (folder / f"{present.fingerprint.hex()[:8]}-{number:03}.crl").write_bytes(crl.raw)
    return Imported(len(new.certificates), len(new.crls), new.left_out)


def _read(source: Path) -> bytes:
    try:
        if source.stat().st_size > MAX_FILE_BYTES:
            raise TrustFault(f"{source.name} is too large")
        return source.read_bytes()
    except OSError as error:
        raise TrustFault(f"{source.name} cannot be read: {error.strerror}") from error


def _certificate(der: bytes) -> Certificate | None:
    try:
        return parse_certificate(der)
    except MalformedCard:
        return None


def is_crl(der: bytes) -> bool:
    """Whether these bytes are a revocation list."""
    try:
        parse_crl(der)
    except MalformedCard:
        return False
    return True
