"""Why: EF.CardAccess, EF.CardSecurity and DG14 say what a chip can do in one shape (ICAO 9303-11 §9.2)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hardware.card import tlv
from hardware.card.errors import MalformedCard
from hardware.card.symmetric import Suite

BSI: Final = "0.4.0.127.0.7"
PACE: Final = f"{BSI}.2.2.4"
PK_DH: Final = f"{BSI}.2.2.1.1"
PK_ECDH: Final = f"{BSI}.2.2.1.2"
CA: Final = f"{BSI}.2.2.3"
ACTIVE_AUTHENTICATION: Final = "2.23.136.1.1.5"
MAX_INFOS: Final = 64

CCCD_CARD_ACCESS: Final = bytes.fromhex(
    "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d"
)
"""What every CCCD seen so far carries, byte for byte: used, with a warning, where a reader cannot select the file."""


class Mapping(StrEnum):
    """How PACE turns the nonce into a generator."""

    GENERIC = "GM"
    INTEGRATED = "IM"
    CHIP_AUTHENTICATION = "CAM"


@dataclass(frozen=True, slots=True)
class PaceInfo:
    """PACEInfo (§9.2.1): protocol, and the standardized domain parameters' id (-1 if unnamed)."""

    oid: str
    elliptic: bool
    mapping: Mapping
    suite: Suite
    parameter_id: int


@dataclass(frozen=True, slots=True)
class ChipKeyInfo:
    """ChipAuthenticationPublicKeyInfo (§9.2.6); `key` is a SubjectPublicKeyInfo."""

    elliptic: bool
    key: bytes
    key_id: int | None


@dataclass(frozen=True, slots=True)
class ChipAuthInfo:
    """ChipAuthenticationInfo (§9.2.5)."""

    oid: str
    elliptic: bool
    suite: Suite
    version: int
    key_id: int | None


@dataclass(frozen=True, slots=True)
class ActiveAuthInfo:
    """ActiveAuthenticationInfo (§9.2.7): the signature algorithm of an ECDSA key."""

    signature_oid: str


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    """What of a SecurityInfos set we understand; the rest is left alone."""

    pace: tuple[PaceInfo, ...] = ()
    chip_keys: tuple[ChipKeyInfo, ...] = ()
    chip_auth: tuple[ChipAuthInfo, ...] = ()
    active_auth: ActiveAuthInfo | None = None


_PACE_KINDS: Final = {
    1: (False, Mapping.GENERIC),
    2: (True, Mapping.GENERIC),
    3: (False, Mapping.INTEGRATED),
    4: (True, Mapping.INTEGRATED),
    6: (True, Mapping.CHIP_AUTHENTICATION),
}
_SUITES: Final = {1: Suite.DES3, 2: Suite.AES128, 3: Suite.AES192, 4: Suite.AES256}


def parse_security_infos(data: bytes) -> SecurityInfos:
    """A SET of SecurityInfo. Raises MalformedCard on broken encoding; unknown protocols are skipped."""
    entries = tlv.parse_file(data, tlv.SET).children()
    if len(entries) > MAX_INFOS:
        raise MalformedCard("too many security infos")
    found = [_info(entry) for entry in entries]
    return SecurityInfos(
        tuple(item for item in found if isinstance(item, PaceInfo)),
        tuple(item for item in found if isinstance(item, ChipKeyInfo)),
        tuple(item for item in found if isinstance(item, ChipAuthInfo)),
        next((item for item in found if isinstance(item, ActiveAuthInfo)), None),
    )


_Info = PaceInfo | ChipKeyInfo | ChipAuthInfo | ActiveAuthInfo | None


def _info(entry: tlv.Tlv) -> _Info:
    parts = entry.expect(tlv.SEQUENCE).children()
    if len(parts) < 2:
        raise MalformedCard("a security info is not of its form")
    name = tlv.oid(parts[0])
    if name in (PK_DH, PK_ECDH):
        return ChipKeyInfo(name == PK_ECDH, parts[1].expect(tlv.SEQUENCE).raw, _optional(parts))
    if name.startswith(f"{PACE}."):
        return _pace(name, parts)
    if name.startswith(f"{CA}."):
        return _chip_auth(name, parts)
    if name == ACTIVE_AUTHENTICATION and len(parts) == 3:
        return ActiveAuthInfo(tlv.oid(parts[2]))
    return None


def _optional(parts: tuple[tlv.Tlv, ...]) -> int | None:
    return tlv.natural(parts[2]) if len(parts) > 2 else None


def _arcs(name: str, root: str) -> tuple[int, ...]:
    return tuple(int(arc) for arc in name[len(root) + 1 :].split("."))


def _pace(name: str, parts: tuple[tlv.Tlv, ...]) -> PaceInfo | None:
    arcs = _arcs(name, PACE)
    if len(arcs) != 2 or arcs[0] not in _PACE_KINDS or arcs[1] not in _SUITES:
        return None
    if parts[1].tag != tlv.INTEGER or tlv.natural(parts[1]) != 2:
        return None
    elliptic, mapping = _PACE_KINDS[arcs[0]]
    parameter_id = _optional(parts)
    return PaceInfo(name, elliptic, mapping, _SUITES[arcs[1]], -1 if parameter_id is None else parameter_id)


def _chip_auth(name: str, parts: tuple[tlv.Tlv, ...]) -> ChipAuthInfo | None:
    arcs = _arcs(name, CA)
    if len(arcs) != 2 or arcs[0] not in (1, 2) or arcs[1] not in _SUITES:
        return None
    return ChipAuthInfo(name, arcs[0] == 2, _SUITES[arcs[1]], tlv.natural(parts[1]), _optional(parts))
