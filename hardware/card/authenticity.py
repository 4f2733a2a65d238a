"""Why: the verdicts. Each is worked out apart from the others, and "passed" is never where a branch ends by default.

Passive authentication (ICAO 9303-11 §5.1), Active Authentication (§6.1), levels of DESIGN §7. Pure: the district
verifies witnesses with this module alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hardware.card.cccd import id_number as number_of
from hardware.card.certificates import Certificate
from hardware.card.cms import Signer, signature_holds, signing_time
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.card.files import SecurityObject, group_name, parse_dg1, parse_dg14, parse_dg15, parse_sod
from hardware.card.iso9796 import recovered_message_holds
from hardware.card.public_keys import (
    ECDSA_SIGNATURES,
    EcKey,
    RsaKey,
    digest,
    parse_public_key,
    plain_to_der,
)
from hardware.card.reading import Chain, Checks, Chip, Integrity, Level, Warn
from hardware.card.security_infos import parse_security_infos
from hardware.card.symmetric import same
from hardware.card.trust import TrustStore

CHALLENGE_BYTES: Final = 8
REQUIRED_GROUPS: Final = (1, 2)
LONGEST_SHORT_ANSWER: Final = 223
CRL_MAX_AGE: Final = timedelta(days=100)
CLOCK_SLACK: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Passive:
    """Integrity and chain, and what they rest on. `listed` are the data groups the signed object names."""

    integrity: Integrity
    chain: Chain
    signer: Certificate | None = None
    listed: frozenset[int] = frozenset()
    warnings: tuple[Warn, ...] = ()

    @property
    def signer_fingerprint(self) -> bytes | None:
        """SHA-256 of the signer's certificate."""
        return None if self.signer is None else self.signer.fingerprint

    def binds(self, group: int) -> bool:
        """Whether a valid security object covers this data group."""
        return self.integrity is Integrity.PASSED and group in self.listed


def passive_authentication(
    sod: bytes | None,
    data_groups: Mapping[int, bytes],
    trust: TrustStore,
    at: date,
    *,
    issued: date | None = None,
    required: tuple[int, ...] = REQUIRED_GROUPS,
) -> Passive:
    """Integrity and chain of the files that were read, by data group number.

    `at` is today; `issued` the card's date of issue, which stands in where the object has no signing time.
    `required` must be among the files (DG1 and DG2; a witness checks DG1 and DG15). Never raises on bad data.
    """
    if sod is None:
        return Passive(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE)
    try:
        document = parse_sod(sod)
        signer = document.signed.signers[0]
        certificate = document.signed.certificate_of(signer)
        signed_on = signing_time(signer)
    except MalformedCard:
        return Passive(Integrity.FAILED, Chain.NOT_POSSIBLE)
    except UnsupportedCard:
        return Passive(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE)
    if certificate is None:
        return Passive(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE)
    integrity = _integrity(document, signer, certificate, data_groups, required)
    moment, warnings = _moment(signed_on, issued, at)
    chain = chain_of(certificate, trust, moment)
    listed = frozenset(document.hashes)
    return Passive(integrity, chain, certificate, listed, (*warnings, *_crl_age(certificate, trust, at)))


def _integrity(
    document: SecurityObject,
    signer: Signer,
    certificate: Certificate,
    data_groups: Mapping[int, bytes],
    required: tuple[int, ...],
) -> Integrity:
    try:
        held = signature_holds(document.signed, signer, certificate)
    except MalformedCard:
        return Integrity.FAILED
    except UnsupportedCard:
        return Integrity.NOT_POSSIBLE
    if not held or not all(_matches(document, number, data) for number, data in data_groups.items()):
        return Integrity.FAILED
    if document.digest is hashes.SHA1 or not all(number in data_groups for number in required):
        return Integrity.NOT_POSSIBLE
    return Integrity.PASSED


def _matches(document: SecurityObject, number: int, data: bytes) -> bool:
    expected = document.hashes.get(number)
    return expected is not None and same(expected, digest(document.digest, data))


def _moment(signed_on: datetime | None, issued: date | None, at: date) -> tuple[datetime, tuple[Warn, ...]]:
    """The moment of signing: signed into the object, else the day of issue, else today.

    A signing time after today cannot be; then today counts, and it is told.
    """
    today = datetime.combine(at, time(12), UTC)
    if signed_on is not None:
        if signed_on > today + CLOCK_SLACK:
            return today, (Warn.SIGNED_IN_FUTURE,)
        return signed_on, ()
    if issued is not None and issued <= at:
        return datetime.combine(issued, time(12), UTC), ()
    return today, (Warn.SIGNING_TIME_UNKNOWN,)


def _crl_age(certificate: Certificate, trust: TrustStore, at: date) -> tuple[Warn, ...]:
    newest = trust.newest_crl(certificate)
    if newest is None or datetime.combine(at, time(12), UTC) - newest <= CRL_MAX_AGE:
        return ()
    return (Warn.CRL_OLD,)


def chain_of(certificate: Certificate, trust: TrustStore, moment: datetime) -> Chain:
    """Whether a trusted root issued the signer, and it was good when it signed (ICAO 9303-11 §5.1, 9303-12 §7).

    Roots are judged on the day they issued the signer's certificate: they retire long before the cards do.
    """
    try:
        candidates = trust.candidates(certificate)
        if certificate.is_ca:
            return Chain.FAILED
        if trust.revoked(certificate):
            return Chain.REVOKED
    except MalformedCard:
        return Chain.FAILED
    if not candidates:
        return Chain.UNKNOWN_ISSUER
    issuers, unusable = _issuers(certificate, candidates)
    if not issuers:
        return Chain.NOT_POSSIBLE if unusable else Chain.FAILED
    root_good = any(root.valid_on(certificate.not_before) for root in issuers)
    if not root_good or not certificate.valid_on(moment):
        return Chain.EXPIRED
    return Chain.PASSED


def _issuers(certificate: Certificate, candidates: tuple[Certificate, ...]) -> tuple[list[Certificate], bool]:
    """The candidates whose key made the signature, and whether one had a key or algorithm we cannot use."""
    found: list[Certificate] = []
    unusable = False
    for root in candidates:
        try:
            if certificate.signed_by(root):
                found.append(root)
        except (MalformedCard, UnsupportedCard):
            unusable = True
    return found, unusable


def verify_active(dg15: bytes, challenge: bytes, response: bytes, dg14: bytes | None) -> bool:
    """Whether `response` is DG15's key's Active Authentication signature over the 8-byte `challenge` (§6.1.2).

    `dg14` names the hash of an ECDSA key where the card has one. False on anything malformed or unsupported.
    This says nothing about who signed DG15: check the security object first.
    """
    if len(challenge) != CHALLENGE_BYTES:
        return False
    try:
        key = parse_public_key(parse_dg15(dg15))
        if isinstance(key, RsaKey):
            return recovered_message_holds(key, challenge, response)
        if isinstance(key, EcKey):
            return _verify_ecdsa(key, challenge, response, dg14)
    except (MalformedCard, UnsupportedCard):
        return False
    return False


def _verify_ecdsa(key: EcKey, challenge: bytes, response: bytes, dg14: bytes | None) -> bool:
    signature = plain_to_der(key.curve, response)
    if signature is None:
        return False
    for algorithm in _active_hashes(key, dg14):
        try:
            key.library.verify(signature, challenge, ec.ECDSA(algorithm()))
        except InvalidSignature:
            continue
        return True
    return False


def _active_hashes(key: EcKey, dg14: bytes | None) -> tuple[type[hashes.HashAlgorithm], ...]:
    """The hash DG14 names; without it, those that go with a key of this size (§6.1.2.3 forbids longer ones)."""
    if dg14 is not None:
        info = parse_security_infos(parse_dg14(dg14)).active_auth
        if info is not None and info.signature_oid in ECDSA_SIGNATURES:
            return (ECDSA_SIGNATURES[info.signature_oid],)
    known = (hashes.SHA1, hashes.SHA224, hashes.SHA256, hashes.SHA384, hashes.SHA512)
    bits = key.curve.n.bit_length()
    return tuple(item for item in known if item().digest_size * 8 <= bits + 7)


def has_long_signature(dg15: bytes) -> bool:
    """Whether the key's signatures outgrow a short protected answer: RSA above 1792 bits."""
    try:
        key = parse_public_key(parse_dg15(dg15))
    except (MalformedCard, UnsupportedCard):
        return False
    return isinstance(key, RsaKey) and key.size > LONGEST_SHORT_ANSWER


def aa_key_fingerprint(dg15: bytes) -> bytes | None:
    """SHA-256 of the SubjectPublicKeyInfo in DG15; None if that is malformed."""
    try:
        return hashlib.sha256(parse_dg15(dg15)).digest()
    except MalformedCard:
        return None


def chip_verdict(active: Chip, chip_authentication: Chip) -> Chip:
    """Both proofs together: one that failed outweighs one that passed."""
    proofs = (active, chip_authentication)
    if Chip.FAILED in proofs:
        return Chip.FAILED
    if Chip.PASSED in proofs:
        return Chip.PASSED
    if Chip.NOT_POSSIBLE in proofs:
        return Chip.NOT_POSSIBLE
    return Chip.NOT_SUPPORTED


def bound_proof(proof: Chip, group: int, passive: Passive, *, present: bool) -> Chip:
    """What a proof with the key of a data group is worth: it counts only when a valid SOD covers that group.

    A group that the SOD lists and the card hides is a failure: clones drop the key they cannot use.
    """
    if passive.integrity is not Integrity.PASSED:
        return Chip.FAILED if proof is Chip.FAILED else Chip.NOT_POSSIBLE
    if group not in passive.listed:
        return Chip.NOT_SUPPORTED
    return proof if present else Chip.FAILED


def level_of(checks: Checks, active: Chip, *, signer_observed: bool, aa_key_pinned: bool) -> Level:
    """DESIGN §7, as if the agent had confirmed the face."""
    if checks.integrity is not Integrity.PASSED:
        return Level.C
    if checks.chain is Chain.PASSED and checks.chip is Chip.PASSED:
        return Level.A
    known = signer_observed or aa_key_pinned
    proven = active is Chip.PASSED and checks.chip is Chip.PASSED
    if checks.chain is Chain.UNKNOWN_ISSUER and proven and known:
        return Level.B
    return Level.C


@dataclass(frozen=True, slots=True)
class WitnessCheck:
    """A chip's signature over a payout, looked at again later (DESIGN §4.4)."""

    integrity: Integrity
    chain: Chain
    signature: bool
    same_number: bool

    @property
    def holds(self) -> bool:
        """Whether files, number and signature all fit; the chain is judged apart."""
        return self.integrity is Integrity.PASSED and self.signature and self.same_number


def check_witness(
    files: Mapping[str, bytes],
    challenge: bytes,
    response: bytes,
    id_number: str,
    trust: TrustStore,
    at: date,
) -> WitnessCheck:
    """Verify a witness from SOD, DG1 and DG15 (and DG14 where there is one) alone; `files` by name."""
    groups = {number: files[group_name(number)] for number in (1, 14, 15) if group_name(number) in files}
    passive = passive_authentication(files.get("SOD"), groups, trust, at, required=(1, 15))
    try:
        same_number = same(number_of(parse_dg1(files["DG1"])).encode(), id_number.encode())
    except (KeyError, MalformedCard):
        same_number = False
    signature = 15 in groups and verify_active(groups[15], challenge, response, groups.get(14))
    return WitnessCheck(passive.integrity, passive.chain, signature and passive.binds(15), same_number)
