"""Readings of this visit: which card answered, for whom, and what it was worth.

Kept in memory only as long as the visit needs it; the photo is never written down.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hardware.card import errors as card
from hardware.card.reading import ChipReading, Phase
from hardware.scanner import CardCode
from kiosk.devices.evidence import Known, doubts_of, evidence_of, witness_files
from kiosk.exchange.attachment import Attachment, AttachmentKind, chip_content, new_attachment
from kiosk.flow import values as v
from kiosk.payout.evidence import CardDoubt, IdentityEvidence
from kiosk.payout.names import Digest, Role
from kiosk.payout.people import BirthDate, Payee
from kiosk.store.store import Store

_PHASES = {
    Phase.ACCESS: v.ReadPhase.OPENING,
    Phase.SECURITY: v.ReadPhase.OPENING,
    Phase.CHIP: v.ReadPhase.PROOF,
    Phase.PERSON: v.ReadPhase.IDENTITY,
    Phase.FACE: v.ReadPhase.PHOTO,
    Phase.CHECKS: v.ReadPhase.PROOF,
}


def phase(reading: Phase) -> v.ReadPhase:
    """The driver's phase in the words of the screens."""
    return _PHASES[reading]


def trouble(error: card.CardError) -> v.CardTrouble:
    """Why no reading came about: none of these is a verdict on the holder."""
    match error:
        case card.CardRemoved() | card.NoCard():
            return v.CardTrouble.REMOVED
        case card.WrongPassword():
            return v.CardTrouble.OTHER_CARD
        case card.NoReader():
            return v.CardTrouble.NO_READER
        case card.ReaderBusy():
            return v.CardTrouble.READER_BUSY
        case card.ReaderSilent():
            return v.CardTrouble.READER_SILENT
        case _:
            return v.CardTrouble.UNREADABLE


def _born(birth: BirthDate) -> str:
    """As far as the list knows it: ``1941``, or ``12/04/1941``."""
    return "/".join(reversed(str(birth).split("-")))


@dataclass(frozen=True, slots=True)
class Reading:
    """One card that was read for one payee, and its printed QR where that was scanned before."""

    payee: Payee
    chip: ChipReading
    printed: CardCode | None = None

    def evidence(self, known: Known, *, face_confirmed: bool, attachment: Digest | None) -> IdentityEvidence:
        """What it is worth to the rules."""
        return evidence_of(
            self.chip,
            known,
            self.payee.person,
            face_confirmed=face_confirmed,
            attachment=attachment,
            printed=self.printed,
        )

    def attachment(self, store: Store) -> Attachment | Digest | None:
        """SOD, DG1 and DG15 to keep, or the digest under which this same card was kept before (sent once)."""
        files = witness_files(self.chip)
        if "SOD" not in files:
            return None
        content = chip_content(files)
        before = store.kept(self._mark(content))
        if before is not None:
            return Digest(before.decode("ascii"))
        return new_attachment(AttachmentKind.CHIP, content)

    def remember(self, store: Store, attachment: Attachment) -> None:
        """This card was kept: the next payout names the same attachment."""
        store.keep(self._mark(attachment.content), attachment.digest.encode("ascii"))

    @staticmethod
    def _mark(content: bytes) -> str:
        return f"chip-{hashlib.sha256(content).hexdigest()}"

    def face(self, payee: v.Named) -> v.Face:
        """What the agent compares with the person. Only the last four digits of the number are shown."""
        person, listed = self.chip.person, self.payee.person
        photo = self.chip.face
        birth = person.date_of_birth
        return v.Face(
            payee=payee,
            role=Role(self.payee.role),
            birth=f"{birth:%d/%m/%Y}" if birth is not None else _born(listed.birth),
            sex=listed.sex,
            number_tail=person.id_number[-4:],
            photo=b"" if photo is None else photo.data,
            simulated=self.chip.simulated,
            doubts=tuple(self._doubt(each) for each in doubts_of(self.chip, listed, self.printed)),
            compared=self._compared(),
        )

    def _compared(self) -> tuple[v.Compared, ...]:
        """Chip and list field by field; of the number only its end, as everywhere."""
        chip, listed = self.chip.person, self.payee.person
        doubts = set(doubts_of(self.chip, listed))
        born = chip.date_of_birth
        sex = chip.sex.value if chip.sex.value in set(v.Sex) else ""
        name_differs = bool(doubts & {CardDoubt.LIST_NAME, CardDoubt.LIST_SPELLING})
        return (
            v.Compared(v.DataField.NUMBER, chip.id_number[-4:], listed.number[-4:], CardDoubt.CARD_NUMBER in doubts),
            v.Compared(v.DataField.NAME, chip.full_name, listed.full_name, name_differs),
            v.Compared(v.DataField.BIRTH, f"{born:%d/%m/%Y}" if born is not None else "", _born(listed.birth),
                       CardDoubt.LIST_BIRTH in doubts),
            v.Compared(v.DataField.SEX, sex, listed.sex.value, CardDoubt.LIST_SEX in doubts),
        )  # fmt: skip

    def _doubt(self, doubt: CardDoubt) -> v.Doubt:
        """The doubt with the two readings of it; the list's name and the card's birth stand above it anyway."""
        match doubt:
            case CardDoubt.LIST_NAME | CardDoubt.LIST_SPELLING:
                return v.Doubt(doubt, self.chip.person.full_name)
            case CardDoubt.LIST_BIRTH:
                return v.Doubt(doubt, _born(self.payee.person.birth))
            case _:
                return v.Doubt(doubt, "" if self.printed is None else _on_paper(doubt, self.printed))


def _on_paper(doubt: CardDoubt, printed: CardCode) -> str:
    """What the scanned QR says instead; of a number only its end."""
    match doubt:
        case CardDoubt.QR_NUMBER:
            return printed.number[-4:]
        case CardDoubt.QR_NAME:
            return printed.full_name
        case CardDoubt.QR_BIRTH:
            return f"{printed.birth:%d/%m/%Y}" if printed.birth else f"{printed.birth_year}"
        case CardDoubt.QR_ISSUED:
            return f"{printed.issued:%d/%m/%Y}"
        case _:
            return ""
