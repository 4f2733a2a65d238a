"""From what the chip driver read to what the money rules may believe.

The driver knows cards and no payouts, the rules know payouts and no cards: this is the one place
where the words of the one become the words of the other. Verdicts are carried over by value, one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hardware.card.reading import Chip as CardChip
from hardware.card.reading import ChipReading
from kiosk.payout.evidence import Chain, Chip, ChipChecks, IdentityEvidence, Integrity
from kiosk.payout.names import CitizenNumber, Digest, PersonId

WITNESS_FILES = ("SOD", "DG1", "DG15")
"""What the district needs to verify a witness later, and nothing more (plan §5)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the district's bundle says of signers and chips that no issuer vouches for (plan §7, level B)."""

    observed_signers: frozenset[str] = frozenset()
    """SHA-256 of document signer certificates, hexadecimal."""
    pinned_keys: Mapping[str, PersonId] | None = None
    """SHA-256 of AA keys, each with the person it was first seen with."""


def checks_of(reading: ChipReading) -> ChipChecks:
    """The three verdicts, unchanged."""
    return ChipChecks(
        Integrity(reading.checks.integrity.value),
        Chain(reading.checks.chain.value),
        Chip(reading.checks.chip.value),
    )


def evidence_of(
    reading: ChipReading, known: Known, person: PersonId, *, face_confirmed: bool, attachment: Digest | None
) -> IdentityEvidence:
    """What one reading is worth for one person; the face is the agent's word and comes from outside."""
    signer, key = reading.signer_fingerprint, reading.aa_key_fingerprint
    pinned = known.pinned_keys or {}
    return IdentityEvidence(
        number=CitizenNumber(reading.person.id_number),
        full_name=reading.person.full_name,
        birth=reading.person.date_of_birth,
        checks=checks_of(reading),
        card_expires=reading.person.date_of_expiry,
        face_confirmed=face_confirmed,
        active_authentication=reading.active is CardChip.PASSED,
        signer_observed=signer is not None and signer.hex() in known.observed_signers,
        key_pinned=key is not None and pinned.get(key.hex()) == person,
        simulated=reading.simulated,
        attachment=attachment,
    )


def witness_files(reading: ChipReading) -> dict[str, bytes]:
    """SOD, DG1 and DG15 as far as the chip gave them."""
    return {name: reading.files[name] for name in WITNESS_FILES if name in reading.files}
