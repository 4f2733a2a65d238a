"""From what the chip driver read to what the money rules may believe.

The driver knows cards and no payouts, the rules know payouts and no cards: this is the one place
where the words of the one become the words of the other. Verdicts are carried over by value, one by one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hardware.card.cccd import Stated, differences
from hardware.card.reading import Chip as CardChip
from hardware.card.reading import ChipReading, Warn
from hardware.card.reading import Sex as CardSex
from hardware.scanner import CardCode
from kiosk.payout.evidence import CardDoubt, Chain, Chip, ChipChecks, IdentityEvidence, Integrity
from kiosk.payout.names import CitizenNumber, Digest, PersonId
from kiosk.payout.people import BirthDate, Person

WITNESS_FILES = ("SOD", "DG1", "DG15")
"""What the district needs to verify a witness later, and nothing more (plan §5)."""


_OF_CARD = {
    Warn.NUMBER_DIFFERS: CardDoubt.CARD_NUMBER,
    Warn.NAME_DIFFERS: CardDoubt.CARD_NAME,
    Warn.BIRTH_DIFFERS: CardDoubt.CARD_BIRTH,
    Warn.SEX_DIFFERS: CardDoubt.CARD_SEX,
    Warn.EXPIRY_DIFFERS: CardDoubt.CARD_EXPIRY,
    Warn.MRZ_CHECK_DIGITS: CardDoubt.CARD_ZONE,
    Warn.FILE_HIDDEN: CardDoubt.CARD_FILE,
    Warn.FILE_MALFORMED: CardDoubt.CARD_FILE,
    Warn.CONTROL_CHARACTERS: CardDoubt.CARD_FILE,
}
"""The driver's other warnings are about wire, clock and trust store, or show as a verdict or an empty picture."""
_OF_LIST = {
    Warn.NAME_DIFFERS: CardDoubt.LIST_NAME,
    Warn.BIRTH_DIFFERS: CardDoubt.LIST_BIRTH,
    Warn.SEX_DIFFERS: CardDoubt.LIST_SEX,
}
_OF_QR = {
    Warn.NAME_DIFFERS: CardDoubt.QR_NAME,
    Warn.BIRTH_DIFFERS: CardDoubt.QR_BIRTH,
    Warn.SEX_DIFFERS: CardDoubt.QR_SEX,
    Warn.ISSUE_DIFFERS: CardDoubt.QR_ISSUED,
}
_TONES = frozenset("\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
                   "\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the district's bundle says of signers and chips that no issuer vouches for (plan §7, level B)."""

    observed_signers: frozenset[str] = frozenset()
    """SHA-256 of document signer certificates, hexadecimal."""
    pinned_keys: Mapping[str, PersonId] | None = None
    """SHA-256 of AA keys, each with the person it was first seen with."""
    revoked_keys: frozenset[str] = frozenset()
    """SHA-256 of AA keys that count no longer."""


def checks_of(reading: ChipReading) -> ChipChecks:
    """The three verdicts, unchanged."""
    return ChipChecks(
        Integrity(reading.checks.integrity.value),
        Chain(reading.checks.chain.value),
        Chip(reading.checks.chip.value),
    )


def doubts_of(reading: ChipReading, listed: Person, printed: CardCode | None = None) -> tuple[CardDoubt, ...]:
    """Where the chip contradicts itself, the list's line of the person that it was read for, or the scanned QR."""
    found = {_OF_CARD[each] for each in reading.warnings if each in _OF_CARD}
    found |= {_OF_LIST[each] for each in differences(reading.person, _stated(listed)) if each in _OF_LIST}
    if CardDoubt.LIST_NAME not in found and _spelt(listed.full_name) != _spelt(reading.person.full_name):
        found.add(CardDoubt.LIST_SPELLING)
    found |= _of_qr(reading, printed)
    return tuple(each for each in CardDoubt if each in found)


def _of_qr(reading: ChipReading, printed: CardCode | None) -> set[CardDoubt]:
    """What the printed QR says otherwise; it may be silent, then there is nothing to compare."""
    if printed is None:
        return set()
    person, name = reading.person, printed.full_name or None
    said = Stated(name=name, birth=printed.birth, birth_year=printed.birth_year, sex=printed.sex, issued=printed.issued)
    found = {_OF_QR[each] for each in differences(person, said)}
    if printed.number != person.id_number:
        found.add(CardDoubt.QR_NUMBER)
    whole = Warn.NO_DETAILS not in reading.warnings  # without DG13 the chip's name has no marks to compare
    if name is not None and whole and _spelt(name) != _spelt(person.full_name):
        found.add(CardDoubt.QR_NAME)
    return found


def _stated(listed: Person) -> Stated:
    return Stated(
        name=listed.full_name,
        birth=_whole(listed.birth),
        birth_year=listed.birth.year,
        sex=CardSex(listed.sex.value),
    )


def _whole(birth: BirthDate) -> date | None:
    """Old papers may know only the year, or the month."""
    return date(birth.year, birth.month, birth.day) if birth.month and birth.day else None


def _spelt(name: str) -> list[tuple[str, str]]:
    """A name as people compare it: each word's letters, and its tone wherever it is set (hòa, hoà)."""
    words = unicodedata.normalize("NFD", name.casefold()).split()
    return [
        ("".join(mark for mark in word if mark not in _TONES), "".join(mark for mark in word if mark in _TONES))
        for word in words
    ]


def evidence_of(
    reading: ChipReading,
    known: Known,
    listed: Person,
    *,
    face_confirmed: bool,
    attachment: Digest | None,
    printed: CardCode | None = None,
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
        key_pinned=key is not None and pinned.get(key.hex()) == listed.id,
        key_revoked=key is not None and key.hex() in known.revoked_keys,
        simulated=reading.simulated,
        attachment=attachment,
        doubts=doubts_of(reading, listed, printed),
    )


def witness_files(reading: ChipReading) -> dict[str, bytes]:
    """SOD, DG1 and DG15 as far as the chip gave them."""
    return {name: reading.files[name] for name in WITNESS_FILES if name in reading.files}
