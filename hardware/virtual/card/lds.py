"""Why: turns a synthetic person into the files a CCCD carries, so that the reader meets real encodings."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from hardware.card import tlv
from hardware.card.cccd import fold
from hardware.card.curves import BY_NAME, Curve
from hardware.card.groups import EcGroup
from hardware.card.mrz import LIFETIME_EXPIRY, check_digit
from hardware.card.security_infos import BSI
from hardware.card.security_infos import Mapping as PaceMapping
from hardware.card.symmetric import Suite
from hardware.virtual.card.issuer import Issuer
from hardware.virtual.card.keys import EcSigner, Signer, rsa_signer, seeded_scalar, seeded_signer

_SUITE_ARC: Final = {Suite.DES3: 1, Suite.AES128: 2, Suite.AES192: 3, Suite.AES256: 4}
_MAPPING_ARC: Final = {
    (True, PaceMapping.GENERIC): 2,
    (False, PaceMapping.GENERIC): 1,
    (True, PaceMapping.INTEGRATED): 4,
    (False, PaceMapping.INTEGRATED): 3,
    (True, PaceMapping.CHIP_AUTHENTICATION): 6,
}


@dataclass(frozen=True, slots=True)
class Persona:
    """A person who does not exist. Numbers start with 0990, a range no province uses."""

    key: str
    id_number: str
    full_name: str
    birth: date
    sex: str
    hamlet: str
    ethnicity: str = "Kinh"
    religion: str = "Không"
    origin: str = ""
    features: str = ""
    issued: date = date(2022, 3, 1)
    expiry: date | None = None
    father: str | None = None
    mother: str | None = None
    spouse: str | None = None
    old_number: str | None = None
    photo: bytes = field(default=b"", repr=False)

    @property
    def can(self) -> str:
        """The card access number."""
        return self.id_number[-6:]


@dataclass(frozen=True, slots=True)
class PaceProfile:
    """One PACE variant a card offers."""

    mapping: PaceMapping = PaceMapping.GENERIC
    suite: Suite = Suite.AES128
    parameter_id: int = 13

    @property
    def elliptic(self) -> bool:
        """Whether over a curve."""
        return self.parameter_id > 7

    @property
    def oid(self) -> str:
        """Protocol name."""
        return f"{BSI}.2.2.4.{_MAPPING_ARC[self.elliptic, self.mapping]}.{_SUITE_ARC[self.suite]}"

    @property
    def info(self) -> bytes:
        """PACEInfo."""
        return tlv.encode(
            tlv.SEQUENCE, tlv.encode_oid(self.oid), tlv.encode_integer(2), tlv.encode_integer(self.parameter_id)
        )


@dataclass(frozen=True, slots=True)
class CardProfile:
    """How a card behaves and what it can do. The default is a CCCD."""

    pace: tuple[PaceProfile, ...] = (PaceProfile(),)
    bac: bool = False
    active: str | None = "ecdsa"
    chip_suite: Suite | None = Suite.AES128
    chip_curve: str = "brainpoolP256r1"
    extended: bool = True
    read_limit: int = 65_536
    clips_reads: bool = False
    clips_with_warning: bool = False
    card_access_by: frozenset[str] = frozenset({"sfi", "select"})
    details: bool = True
    hidden: frozenset[int] = frozenset()
    tries: int | None = None
    past_end_refused: bool = False
    sfi_reads: bool = True


@dataclass(frozen=True, slots=True)
class CardImage:
    """Everything on one chip: files, secrets, behaviour."""

    persona: Persona
    profile: CardProfile
    files: Mapping[str, bytes]
    active_key: Signer | None
    chip_curve: Curve
    chip_secret: int


def mrz_text(persona: Persona) -> str:
    """The TD1 zone of a CCCD: number of nine digits, the whole one in the optional field."""
    short = persona.id_number[-9:]
    first = f"IDVNM{short}{check_digit(short)}{persona.id_number}<<"
    first += check_digit(first[15:29])
    expiry = f"{persona.expiry:%y%m%d}" if persona.expiry else LIFETIME_EXPIRY
    birth = f"{persona.birth:%y%m%d}"
    sex = "F" if persona.sex == "Nữ" else "M"
    second = f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}VNM<<<<<<<<<<<"
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    surname, _, given = fold(persona.full_name).partition(" ")
    third = f"{surname}<<{given.replace(' ', '<')}"[:30].ljust(30, "<")
    return first + second + third


def _text_field(number: int, text: str) -> bytes:
    tag = tlv.PRINTABLE if text.isascii() else tlv.UTF8
    return tlv.encode(tlv.SEQUENCE, tlv.encode_integer(number), tlv.encode(tag, text.encode()))


def _family_field(number: int, names: tuple[str, ...]) -> bytes:
    inner = tlv.encode(tlv.SEQUENCE, *(tlv.encode(tlv.UTF8, text.encode()) for text in names))
    return tlv.encode(tlv.SEQUENCE, tlv.encode_integer(number), inner)


def dg13(persona: Persona) -> bytes:
    """The Vietnamese particulars."""
    expiry = f"{persona.expiry:%d/%m/%Y}" if persona.expiry else "Không thời hạn"
    texts: dict[int, str] = {
        1: persona.id_number,
        2: persona.full_name,
        3: f"{persona.birth:%d/%m/%Y}",
        4: persona.sex,
        5: "Việt Nam",
        6: persona.ethnicity,
        7: persona.religion,
        8: persona.origin or persona.hamlet,
        9: persona.hamlet,
        10: persona.features,
        11: f"{persona.issued:%d/%m/%Y}",
        12: expiry,
    }
    entries = [_text_field(number, text) for number, text in texts.items() if text]
    if persona.father or persona.mother:
        entries.append(_family_field(13, (persona.father or "", persona.mother or "")))
    if persona.spouse:
        entries.append(_family_field(14, (persona.spouse,)))
    if persona.old_number:
        entries.append(_text_field(15, persona.old_number))
    entries.append(_text_field(16, hashlib.sha256(persona.id_number.encode()).hexdigest()[:16].upper()))
    body = tlv.encode(
        tlv.SEQUENCE, tlv.encode_integer(1), tlv.encode_oid("1.0.10646.1.0.8"), tlv.encode(tlv.SET, *entries)
    )
    return tlv.encode(0x6D, body)


def dg2(photo: bytes) -> bytes:
    """A facial record (ISO/IEC 19794-5) around a JPEG or JPEG 2000."""
    kind = 0 if photo.startswith(b"\xff\xd8") else 1
    image = bytes((1, kind)) + (360).to_bytes(2) + (480).to_bytes(2) + bytes((1, 2, 0, 0, 0, 0)) + photo
    facial = (20 + len(image)).to_bytes(4) + bytes(16) + image
    record = b"FAC\x00010\x00" + (14 + len(facial)).to_bytes(4) + (1).to_bytes(2) + facial
    head = tlv.encode(0xA1, bytes.fromhex("800201018101028701018801088501 00".replace(" ", "")))
    template = tlv.encode(0x7F60, head, tlv.encode(0x5F2E, record))
    return tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(tlv.INTEGER, b"\x01"), template))


def com(groups: Mapping[int, bytes]) -> bytes:
    """EF.COM."""
    tags = bytes(data[0] for _, data in sorted(groups.items()))
    return tlv.encode(0x60, tlv.encode(0x5F01, b"0107"), tlv.encode(0x5F36, b"040000"), tlv.encode(0x5C, tags))


def chip_key_info(curve: Curve, secret: int) -> bytes:
    """ChipAuthenticationPublicKeyInfo with key id 1."""
    key = EcSigner(curve, secret).key_info
    return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(f"{BSI}.2.2.1.2"), key, tlv.encode_integer(1))


def security_infos(profile: CardProfile, curve: Curve, secret: int) -> bytes:
    """The SET in DG14: Chip Authentication, its key, and the hash of ECDSA Active Authentication."""
    infos: list[bytes] = []
    if profile.chip_suite is not None:
        oid = f"{BSI}.2.2.3.2.{_SUITE_ARC[profile.chip_suite]}"
        infos.append(tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid), tlv.encode_integer(1), tlv.encode_integer(1)))
        infos.append(chip_key_info(curve, secret))
    if profile.active == "ecdsa":
        plain_sha256 = tlv.encode_oid("0.4.0.127.0.7.1.1.4.1.3")
        active = tlv.encode_oid("2.23.136.1.1.5")
        infos.append(tlv.encode(tlv.SEQUENCE, active, tlv.encode_integer(1), plain_sha256))
    return tlv.encode(tlv.SET, *sorted(infos))


def card_access(profile: CardProfile) -> bytes:
    """EF.CardAccess; for the plain CCCD profile byte for byte what cards carry."""
    infos = [tlv.encode(tlv.SEQUENCE, tlv.encode_oid(f"{BSI}.2.2.2"), tlv.encode_integer(1))]
    if profile.chip_suite is not None:
        oid = f"{BSI}.2.2.3.2.{_SUITE_ARC[profile.chip_suite]}"
        infos.append(tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid), tlv.encode_integer(1)))
    infos += [variant.info for variant in profile.pace]
    return tlv.encode(tlv.SET, *infos)


def active_key(issuer: Issuer, persona: Persona, profile: CardProfile) -> Signer | None:
    """The Active Authentication key of a card."""
    match profile.active:
        case None:
            return None
        case "rsa":
            return rsa_signer(f"{issuer.seed.hex()}/{persona.key}", 2048)
        case _:
            return seeded_signer(issuer.seed, f"card/{persona.id_number}/aa", "secp256r1")


def data_groups(persona: Persona, profile: CardProfile, infos: bytes, active: Signer | None) -> dict[int, bytes]:
    """The data groups by number."""
    groups = {1: tlv.encode(0x61, tlv.encode(0x5F1F, mrz_text(persona).encode())), 2: dg2(persona.photo)}
    if profile.details:
        groups[13] = dg13(persona)
    if profile.chip_suite is not None or profile.active == "ecdsa":
        groups[14] = tlv.encode(0x6E, infos)
    if active is not None:
        groups[15] = tlv.encode(0x6F, active.key_info)
    return groups


def make_card(issuer: Issuer, persona: Persona, profile: CardProfile | None = None) -> CardImage:
    """A card for a persona, signed by the issuer."""
    profile = profile or CardProfile()
    curve = BY_NAME[profile.chip_curve]
    secret = seeded_scalar(issuer.seed, f"card/{persona.id_number}/ca", curve)
    active = active_key(issuer, persona, profile)
    groups = data_groups(persona, profile, security_infos(profile, curve, secret), active)
    files = {f"DG{number}": data for number, data in groups.items() if number not in profile.hidden}
    files["COM"] = com(groups)
    files["SOD"] = issuer.sod(groups)
    if profile.pace:
        files["CardAccess"] = card_access(profile)
    if any(variant.mapping is PaceMapping.CHIP_AUTHENTICATION for variant in profile.pace):
        key = tlv.encode(tlv.SET, chip_key_info(curve, secret))
        files["CardSecurity"] = issuer.card_security(key)
    return CardImage(persona, profile, files, active, curve, secret)


def with_files(card: CardImage, **files: bytes) -> CardImage:
    """The same chip with other files, signed or not."""
    return replace(card, files={**card.files, **files})


def clone_of(card: CardImage) -> CardImage:
    """All files copied; the private keys cannot be, so the clone has others."""
    other = seeded_signer(b"clone", card.persona.id_number, "secp256r1")
    active = other if isinstance(card.active_key, EcSigner) else rsa_signer("clone")
    if card.active_key is None:
        return replace(card, chip_secret=EcGroup(card.chip_curve).secret())
    return replace(card, active_key=active, chip_secret=seeded_scalar(b"clone", "ca", card.chip_curve))
