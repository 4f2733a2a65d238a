"""Why: PACE-CAM proves the chip during access, with a key in EF.CardSecurity; that file must be believed first
(ICAO 9303-11 §4.4.3.5, §9.2.11).
"""

from datetime import UTC, date, datetime, time
from typing import Final

from hardware.card.authenticity import Passive, chain_of
from hardware.card.cms import SignedData, parse_signed_data, signature_holds, signing_time
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.card.pace import ChipMapping, chip_mapping_holds
from hardware.card.public_keys import EcKey, parse_public_key
from hardware.card.reading import Chain, Chip, Integrity
from hardware.card.security_infos import parse_security_infos
from hardware.card.trust import TrustStore

SECURITY_OBJECT: Final = "0.4.0.127.0.7.3.2.1"


def mapping_proof(
    mapping: ChipMapping, card_security: bytes | None, passive: Passive, trust: TrustStore, at: date
) -> Chip:
    """Whether PACE-CAM proves the chip: EF.CardSecurity's signature holds, its signer is as good as the SOD's, and
    the static key in it made the mapping key. Never passes unless the SOD itself is valid.
    """
    if passive.integrity is not Integrity.PASSED:
        return Chip.NOT_POSSIBLE
    if card_security is None:
        return Chip.FAILED
    try:
        signed = parse_signed_data(card_security)
        if not _believed(signed, passive, trust, at):
            return Chip.FAILED
        return Chip.PASSED if _any_key_holds(mapping, signed) else Chip.FAILED
    except MalformedCard:
        return Chip.FAILED
    except UnsupportedCard:
        return Chip.NOT_POSSIBLE


def _believed(signed: SignedData, passive: Passive, trust: TrustStore, at: date) -> bool:
    signer = signed.signers[0]
    certificate = signed.certificate_of(signer)
    if certificate is None or signed.content_type != SECURITY_OBJECT:
        return False
    if not signature_holds(signed, signer, certificate):
        return False
    if passive.signer is not None and certificate.fingerprint == passive.signer.fingerprint:
        return True
    moment = signing_time(signer) or datetime.combine(at, time(12), UTC)
    return chain_of(certificate, trust, moment) is Chain.PASSED


def _any_key_holds(mapping: ChipMapping, signed: SignedData) -> bool:
    for info in parse_security_infos(signed.content).chip_keys:
        key = parse_public_key(info.key)
        if not isinstance(key, EcKey) or key.curve != mapping.group.curve:
            continue
        if chip_mapping_holds(mapping, key.curve.encode(key.point)):
            return True
    return False
