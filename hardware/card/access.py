"""Why: cards differ in how they say what opens them; this tries the ways in a fixed order, and a password once only."""

import logging
from dataclasses import dataclass
from typing import Final

from hardware.card import bac, pace
from hardware.card.apdu import END_OF_FILE, OK, READ_BINARY, SELECT, WRONG_LENGTH, Command
from hardware.card.channel import Channel
from hardware.card.errors import CardRefused, MalformedCard, NotAnEmrtd, UnsupportedCard
from hardware.card.files import CARD_ACCESS
from hardware.card.pace import ChipMapping
from hardware.card.passwords import Can, Mrz, Password
from hardware.card.reading import Access, Warn
from hardware.card.security_infos import CCCD_CARD_ACCESS, SecurityInfos, parse_security_infos
from hardware.card.tlv import header

log = logging.getLogger(__name__)

APPLICATION: Final = bytes.fromhex("a0000002471001")
SHORT_READ: Final = 256
HEADER_READ: Final = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """An open chip: how, what EF.CardAccess said, and PACE-CAM's data if that was the way."""

    access: Access
    card_access: bytes | None
    chip_mapping: ChipMapping | None
    warnings: tuple[Warn, ...]


def _start(channel: Channel, p1: int) -> bytes | None:
    """The file's start; only its header where the card refuses to be asked for more than it holds."""
    for size in (SHORT_READ, HEADER_READ):
        response = channel.send(Command(READ_BINARY, p1, 0, le=size))
        if response.sw in (OK, END_OF_FILE):
            return response.data or None
        if response.sw != WRONG_LENGTH:
            break
    return None


def _read_selected(channel: Channel) -> bytes | None:
    fid = CARD_ACCESS.fid.to_bytes(2)
    for p1 in (0x02, 0x00):
        if channel.send(Command(SELECT, p1, 0x0C, fid)).ok:
            return _start(channel, 0)
    return None


def _rest(channel: Channel, start: bytes) -> bytes:
    """EF.CardAccess longer than one short read: go on at the offset, as far as its own header says."""
    tag, head, length = header(start)
    if tag != CARD_ACCESS.tag or head + length > CARD_ACCESS.max_bytes:
        raise MalformedCard("EF.CardAccess is not of its form")
    data = bytearray(start)
    while len(data) < head + length:
        at = len(data)
        part = channel.demand(Command(READ_BINARY, at >> 8, at & 0xFF, le=min(SHORT_READ, head + length - at)))
        if not part:
            raise MalformedCard("EF.CardAccess ends early")
        data += part
    return bytes(data[: head + length])


def read_card_access(channel: Channel) -> bytes | None:
    """EF.CardAccess by short identifier, by selection under the master file, or None if the card has it nowhere."""
    start = _start(channel, 0x80 | CARD_ACCESS.sfi) or _read_selected(channel)
    return None if start is None else _rest(channel, start)


def select_application(channel: Channel) -> None:
    """The ICAO application; NotAnEmrtd if it is not there."""
    response = channel.send(Command(SELECT, 0x04, 0x0C, APPLICATION))
    if not response.ok:
        raise NotAnEmrtd(f"the ICAO application cannot be selected ({response.sw:04X})")


def open_chip(channel: Channel, password: Password) -> Opened:
    """PACE where the card offers it, else BAC where we were given an MRZ. After PACE, select the application.

    Raises WrongPassword, UnsupportedCard, NotAnEmrtd, MalformedCard, SecureMessagingError, CardRemoved.
    """
    found = read_card_access(channel)
    infos = SecurityInfos() if found is None else parse_security_infos(found)
    if infos.pace:
        return _by_pace(channel, password, found, infos, ())
    if isinstance(password, Mrz):
        return _by_bac(channel, password, found)
    if found is not None:
        raise UnsupportedCard("this card opens by its MRZ only")
    return _by_known_constant(channel, password)


def _by_pace(
    channel: Channel, password: Password, found: bytes | None, infos: SecurityInfos, warnings: tuple[Warn, ...]
) -> Opened:
    info = pace.choose(infos.pace)
    result = pace.run(channel, info, password, ambiguous=len(infos.pace) > 1)
    channel.protect(result.session)
    access = Access.PACE_CAN if isinstance(password, Can) else Access.PACE_MRZ
    log.info("opened by %s, %s %s", access.value, info.mapping.value, info.suite.value)
    return Opened(access, found, result.chip_mapping, warnings)


def _by_known_constant(channel: Channel, password: Can) -> Opened:
    """FACTS: some readers cannot get at EF.CardAccess although every CCCD has the same one."""
    infos = parse_security_infos(CCCD_CARD_ACCESS)
    try:
        return _by_pace(channel, password, CCCD_CARD_ACCESS, infos, (Warn.CARD_ACCESS_ASSUMED,))
    except CardRefused as error:
        select_application(channel)
        raise UnsupportedCard("this card opens by its MRZ only") from error


def _by_bac(channel: Channel, password: Mrz, found: bytes | None) -> Opened:
    select_application(channel)
    session = bac.run(channel, password)
    channel.protect(session)
    log.info("opened by BAC")
    return Opened(Access.BAC, found, None, ())
