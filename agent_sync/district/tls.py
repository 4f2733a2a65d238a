"""The area's own certificate authority: no public CA, no name service, no renewal by a third party.

`tannha-district init` makes the CA; the kits get it at enrolment and trust nothing else. Client
certificates are an outer gate only: who sent a segment is told by the segment's own signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from agent_sync.district.errors import BadInput

CA_DAYS = 3650
SERVER_DAYS = 800
CLIENT_DAYS = 800
MAX_CSR_BYTES = 8_000
CLOCK_SLACK = timedelta(days=2)
"""A kit's clock may be behind: certificates start in the past."""


@dataclass(frozen=True, slots=True)
class KeyAndCertificate:
    """A private key and its certificate, both as PEM."""

    key: bytes
    certificate: bytes


def make_ca(area: str, now: datetime | None = None) -> KeyAndCertificate:
    """A self-signed P-256 CA for one area."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Tận Nhà CA {area}")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(name, name, key.public_key(), CA_DAYS, now)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = builder.add_extension(identifier, critical=False).sign(key, hashes.SHA256())
    return KeyAndCertificate(_key_pem(key), _pem(certificate))


def make_server(ca: KeyAndCertificate, hosts: tuple[str, ...], now: datetime | None = None) -> KeyAndCertificate:
    """A server certificate for these host names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
    builder = _leaf(ca, hosts[0], key.public_key(), SERVER_DAYS, now, ExtendedKeyUsageOID.SERVER_AUTH)
    certificate = _sign(ca, builder.add_extension(names, critical=False))
    return KeyAndCertificate(_key_pem(key), certificate)


def sign_client(ca: KeyAndCertificate, device: str, csr_pem: bytes, now: datetime | None = None) -> bytes:
    """A client certificate (PEM) for a courier's request; the subject is ours, never the request's.

    Raises BadInput for a request that is malformed, too large or not signed by its own key.
    """
    if len(csr_pem) > MAX_CSR_BYTES:
        raise BadInput("the certificate request is too large")
    try:
        csr = x509.load_pem_x509_csr(csr_pem)
    except ValueError as error:
        raise BadInput("not a certificate request") from error
    public = csr.public_key()
    if not csr.is_signature_valid or not isinstance(public, ec.EllipticCurvePublicKey):
        raise BadInput("the certificate request is not signed by an EC key of its own")
    return _sign(ca, _leaf(ca, device, public, CLIENT_DAYS, now, ExtendedKeyUsageOID.CLIENT_AUTH))


def make_client_request(device: str) -> tuple[bytes, bytes]:
    """(key PEM, request PEM) for a courier."""
    key = ec.generate_private_key(ec.SECP256R1())
    csr = x509.CertificateSigningRequestBuilder().subject_name(_name(device)).sign(key, hashes.SHA256())
    return _key_pem(key), csr.public_bytes(serialization.Encoding.PEM)


def _leaf(
    ca: KeyAndCertificate,
    common_name: str,
    public: ec.EllipticCurvePublicKey,
    days: int,
    now: datetime | None,
    usage: x509.ObjectIdentifier,
) -> x509.CertificateBuilder:
    issuer = x509.load_pem_x509_certificate(ca.certificate)
    builder = _builder(_name(common_name), issuer.subject, public, days, now)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    key_usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    builder = builder.add_extension(key_usage, critical=True)
    authority = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority)
    return builder.add_extension(identifier, critical=False)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, days: int, now: datetime | None
) -> x509.CertificateBuilder:
    start = (now or datetime.now(UTC)) - CLOCK_SLACK
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + timedelta(days=days))


def _sign(ca: KeyAndCertificate, builder: x509.CertificateBuilder) -> bytes:
    key = serialization.load_pem_private_key(ca.key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadInput("the CA key is not an EC key")
    return _pem(builder.sign(key, hashes.SHA256()))


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
