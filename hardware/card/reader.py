"""Why: the one call a kiosk needs: here lies a card, this is its number; give person, face and verdicts."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from hardware.card import chip_authentication
from hardware.card.access import Opened, open_chip, select_application
from hardware.card.apdu import INTERNAL_AUTHENTICATE, SELECT, SHORT_LE, Command
from hardware.card.authenticity import (
    CHALLENGE_BYTES,
    Passive,
    aa_key_fingerprint,
    bound_proof,
    chip_verdict,
    has_long_signature,
    passive_authentication,
    verify_active,
)
from hardware.card.card_security import mapping_proof
from hardware.card.cccd import Particulars, cross_check, parse_dg13, person_of
from hardware.card.channel import Channel
from hardware.card.errors import (
    CardRefused,
    MalformedCard,
    ReaderFault,
    SecureMessagingError,
    UnsupportedCard,
)
from hardware.card.file_reader import FileReader
from hardware.card.files import (
    CARD_SECURITY,
    FILES,
    FileId,
    group_name,
    parse_com,
    parse_dg1,
    parse_dg2,
    parse_dg14,
    parse_sod,
)
from hardware.card.link import CardLink
from hardware.card.passwords import Password
from hardware.card.reading import CardPerson, Checks, Chip, ChipReading, FaceImage, Phase, Warn
from hardware.card.security_infos import SecurityInfos, parse_security_infos
from hardware.card.trust import TrustStore

Progress = Callable[[Phase, int, int], None]
"""Called with the phase, and how much of how much is done in it (bytes where it reads, steps otherwise)."""

VIRTUAL_READERS: Final = ("virtual pcd", "vpcd", "vicc")
READ_GROUPS: Final = frozenset({1, 2, 7, 11, 12, 13, 14, 15})
USUAL_GROUPS: Final = frozenset({1, 2, 13, 14, 15})
WIDE_ANSWER: Final = 1024
PROOF_TRIES: Final = 2
"""A slip on the way is no verdict: a proof is asked for once more, with a new challenge, over a new session."""


def _silent(phase: Phase, done: int, total: int) -> None:
    """Progress for callers who do not ask for it."""


def open_card(link: CardLink, password: Password, *, progress: Progress | None = None) -> "CardSession":
    """Open the chip that lies on the reader.

    Raises WrongPassword after one try; NotAnEmrtd, UnsupportedCard, MalformedCard, SecureMessagingError,
    CardRefused, CardRemoved, ReaderFault.
    """
    return CardSession(link, password, progress or _silent)


class CardSession:
    """One card while it lies there. Not for several threads: the reader thread owns it."""

    def __init__(self, link: CardLink, password: Password, progress: Progress) -> None:
        self._started = time.perf_counter()
        self._channel = Channel(link)
        self._password = password
        self._progress = progress
        self._warnings: list[Warn] = []
        self._active = Chip.NOT_SUPPORTED
        self._chip_authentication = Chip.NOT_SUPPORTED
        progress(Phase.ACCESS, 0, 1)
        self._long_signature = False
        self._opened = open_chip(self._channel, password)
        self._warnings += self._opened.warnings
        self._files = FileReader(self._channel, self._renew)
        self._card_security = self._read_card_security()
        if self._channel_needs_application:
            select_application(self._channel)
        progress(Phase.ACCESS, 1, 1)

    @property
    def opened(self) -> Opened:
        """How the chip was opened."""
        return self._opened

    @property
    def _channel_needs_application(self) -> bool:
        return self._opened.access.value.startswith("PACE")

    def _renew(self) -> None:
        self._channel.unprotect()
        self._channel.link.reset()
        self._opened = open_chip(self._channel, self._password)
        if self._channel_needs_application:
            select_application(self._channel)
        self._warn(Warn.SESSION_RENEWED)

    def _warn(self, warning: Warn) -> None:
        if warning not in self._warnings:
            self._warnings.append(warning)

    def _read_card_security(self) -> bytes | None:
        """Only PACE-CAM needs EF.CardSecurity; it lies beside the application, so it comes first."""
        if self._opened.chip_mapping is None:
            return None
        return self._files.read(CARD_SECURITY, lambda done, total: self._progress(Phase.ACCESS, done, total))

    def still_there(self) -> bool:
        """Whether this very card still lies on the reader."""
        return self._channel.link.present()

    def close(self) -> None:
        """Wipe the session's keys and let go of the card."""
        self._channel.unprotect()
        self._channel.link.close()

    def sign(self, challenge: bytes) -> bytes:
        """Active Authentication (ICAO 9303-11 §6.1): the chip's signature over an 8-byte challenge.

        A session that slipped meanwhile is opened anew, once: the reader was not let go, so it is the same card.
        Raises CardRefused if the card does not do it, CardRemoved, SecureMessagingError, ReaderFault.
        """
        if len(challenge) != CHALLENGE_BYTES:
            raise ValueError("a challenge is eight bytes")
        try:
            return self._sign(challenge)
        except SecureMessagingError:
            self._renew()
            return self._sign(challenge)

    def _sign(self, challenge: bytes) -> bytes:
        wide = self._long_signature and self._files.extended
        size = WIDE_ANSWER if wide else SHORT_LE
        return self._channel.demand(Command(INTERNAL_AUTHENTICATE, 0, 0, challenge, size, wide=wide))

    def read(self, trust: TrustStore, at: date) -> ChipReading:
        """Every file we may read, the person, the face and the verdicts. `at` is today.

        Raises MalformedCard if DG1 cannot be read; what else is broken shows in verdicts and warnings.
        """
        files = self._read_files()
        zone = parse_dg1(_need(files, "DG1"))
        details = self._details(files)
        person = person_of(zone, details, at)
        for warning in cross_check(zone, details, person, at):
            self._warn(warning)
        self._progress(Phase.CHECKS, 0, 1)
        passive = self._passive(files, person, trust, at)
        active, chip = self._chip_proofs(files, passive, trust, at)
        reading = self._result(files, person, passive, active, chip)
        self._progress(Phase.CHECKS, 1, 1)
        return reading

    def _read_files(self) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        if self._opened.card_access is not None:
            files["CardAccess"] = self._opened.card_access
        self._take(files, FILES["SOD"], Phase.SECURITY)
        groups = self._groups(files)
        for number, phase in ((14, Phase.CHIP), (15, Phase.CHIP)):
            if number in groups:
                self._take(files, FILES[group_name(number)], phase)
            self._prove(number, files)
        for number in sorted(groups - {2, 14, 15}):
            self._take(files, FILES[group_name(number)], Phase.PERSON)
        self._take(files, FILES["DG2"], Phase.FACE)
        return files

    def _take(self, files: dict[str, bytes], file: FileId, phase: Phase) -> None:
        try:
            data = self._files.read(file, lambda done, total: self._progress(phase, done, total))
        except MalformedCard:
            # Without a zone there is nobody to speak of; any other broken file leaves its mark on the verdicts.
            if file.name == "DG1":
                raise
            self._warn(Warn.FILE_MALFORMED)
            data = None
        if self._files.stepped_down:
            self._warn(Warn.SMALLER_READS)
        if data is not None:
            files[file.name] = data

    def _groups(self, files: dict[str, bytes]) -> frozenset[int]:
        """What to read: what the security object lists, else EF.COM, else what cards usually have."""
        try:
            if "SOD" in files:
                return frozenset(parse_sod(files["SOD"]).hashes) & READ_GROUPS | {1, 2}
            self._take(files, FILES["COM"], Phase.SECURITY)
            tags = parse_com(files["COM"]) if "COM" in files else frozenset[int]()
        except (MalformedCard, UnsupportedCard):
            return USUAL_GROUPS
        listed = frozenset(number for number in READ_GROUPS if FILES[group_name(number)].tag in tags)
        return listed | {1, 2} if listed else USUAL_GROUPS

    def _prove(self, number: int, files: Mapping[str, bytes]) -> None:
        if number == 14 and "DG14" in files and self._opened.chip_mapping is None:
            self._chip_authentication = self._authenticate_chip(files["DG14"])
        if number == 15 and "DG15" in files:
            self._active = self._challenge(files["DG15"], files.get("DG14"))

    def _authenticate_chip(self, dg14: bytes) -> Chip:
        """Chip Authentication; the proof is that the next answer comes under the new keys."""
        try:
            choice = chip_authentication.choose(_infos(dg14))
        except MalformedCard:
            self._warn(Warn.FILE_MALFORMED)
            return Chip.NOT_POSSIBLE
        if choice is None:
            return Chip.NOT_SUPPORTED
        for _ in range(PROOF_TRIES):
            try:
                chip_authentication.run(self._channel, choice)
                # Any answer that verifies under the new keys is the proof, whatever its status word says.
                self._channel.send(Command(SELECT, 0x02, 0x0C, FILES["DG14"].fid.to_bytes(2)))
            except (SecureMessagingError, CardRefused):
                self._renew()
            except (MalformedCard, UnsupportedCard):
                return Chip.NOT_POSSIBLE
            else:
                return Chip.PASSED
        return Chip.FAILED

    def _challenge(self, dg15: bytes, dg14: bytes | None) -> Chip:
        self._long_signature = has_long_signature(dg15)
        for _ in range(PROOF_TRIES):
            challenge = secrets.token_bytes(CHALLENGE_BYTES)
            try:
                response = self._sign(challenge)
            except CardRefused:
                return Chip.FAILED
            except (SecureMessagingError, ReaderFault):
                self._renew()
            else:
                return Chip.PASSED if verify_active(dg15, challenge, response, dg14) else Chip.FAILED
        return Chip.FAILED

    def _details(self, files: Mapping[str, bytes]) -> Particulars | None:
        if "DG13" not in files:
            return None
        try:
            return parse_dg13(files["DG13"])
        except MalformedCard:
            self._warn(Warn.FILE_MALFORMED)
            return None

    def _passive(self, files: Mapping[str, bytes], person: CardPerson, trust: TrustStore, at: date) -> Passive:
        groups = {number: files[group_name(number)] for number in READ_GROUPS if group_name(number) in files}
        passive = passive_authentication(files.get("SOD"), groups, trust, at, issued=person.date_of_issue)
        if passive.listed & READ_GROUPS - set(groups):
            self._warn(Warn.FILE_HIDDEN)
        for warning in passive.warnings:
            self._warn(warning)
        return passive

    def _chip_proofs(
        self, files: Mapping[str, bytes], passive: Passive, trust: TrustStore, at: date
    ) -> tuple[Chip, Chip]:
        active = bound_proof(self._active, 15, passive, present="DG15" in files)
        chip = bound_proof(self._chip_authentication, 14, passive, present="DG14" in files)
        if self._opened.chip_mapping is not None:
            chip = mapping_proof(self._opened.chip_mapping, self._card_security, passive, trust, at)
        return active, chip

    def _face(self, files: Mapping[str, bytes]) -> FaceImage | None:
        try:
            return parse_dg2(_need(files, "DG2"))
        except MalformedCard:
            self._warn(Warn.NO_FACE)
            return None

    def _result(
        self, files: dict[str, bytes], person: CardPerson, passive: Passive, active: Chip, chip: Chip
    ) -> ChipReading:
        face = self._face(files)
        traffic = self._channel.traffic
        return ChipReading(
            access=self._opened.access,
            files=files,
            person=person,
            face=face,
            checks=Checks(passive.integrity, passive.chain, chip_verdict(active, chip)),
            active=active,
            chip_authentication=chip,
            signer_fingerprint=passive.signer_fingerprint,
            aa_key_fingerprint=aa_key_fingerprint(files["DG15"]) if "DG15" in files else None,
            simulated=is_simulated(self._channel.link.reader_name, passive),
            reader_name=self._channel.link.reader_name,
            apdus=traffic.apdus,
            sent_bytes=traffic.sent_bytes,
            received_bytes=traffic.received_bytes,
            seconds=time.perf_counter() - self._started,
            warnings=tuple(self._warnings),
        )


def is_simulated(reader_name: str, passive: Passive) -> bool:
    """Whether reader or issuer are the project's own (DESIGN M8)."""
    virtual = any(name in reader_name.casefold() for name in VIRTUAL_READERS)
    return virtual or (passive.signer is not None and passive.signer.is_test_issuer)


def _infos(dg14: bytes) -> SecurityInfos:
    return parse_security_infos(parse_dg14(dg14))


def _need(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise MalformedCard(f"the card does not hand out {name}")
    return files[name]
