"""Personal evidence outside the journal: sealed apart, named by a salted digest, shreddable.

The journal only ever holds the digest. Each attachment lies under a key of its own, so destroying
that key shreds every copy of the ciphertext, backups included (plan M3, docs/data.md).
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.exchange.envelope import decode_header
from kiosk.exchange.errors import BadBytes, FaultKey, NotTrusted
from kiosk.exchange.keys import KeyId, Opener, Suite, key_id, seal_to, unseal
from kiosk.exchange.shapes import is_digest
from kiosk.exchange.transport import compress, decompress
from kiosk.payout import canonical
from kiosk.payout.evidence import Override
from kiosk.payout.journal import Entry, PayoutAuthorised, PayoutCompleted, StatementTaken
from kiosk.payout.key_facts import KeysChanged
from kiosk.payout.names import AreaId, ConsentWay, DeviceId, Digest

MAGIC = b"TNA1"
TAG = b"tannha.attachment.v1\0"
SALT_LENGTH = 16
MAX_CONTENT = 256 * 1024
MAX_ATTACHMENT = MAX_CONTENT + 8_192
CHIP_FILES = ("SOD", "DG1", "DG15")


class AttachmentKind(StrEnum):
    """What an attachment may be."""

    CHIP = "chip"
    FACE = "face"
    STROKES = "strokes"
    WORDS = "words"
    """What somebody said, as UTF-8."""
    WITNESS = "witness"
    """The name of whoever saw an ink print, as UTF-8."""
    CODES = "codes"
    """One-time codes for a forgotten PIN, read out by an officer."""
    ESCROW = "escrow"
    """The store key under the seals of two of three holders."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One piece of evidence in the clear. ``content`` is at most 256 KiB."""

    kind: AttachmentKind
    salt: bytes
    content: bytes

    @property
    def digest(self) -> Digest:
        """Its name in the journal."""
        return digest(self.salt, self.kind, self.content)


@dataclass(frozen=True, slots=True)
class AttachmentHeader:
    """What the courier sees: whose it is and its salted digest, nothing of the person."""

    area: AreaId
    device: DeviceId
    digest: Digest
    kind: AttachmentKind
    suite: Suite
    recipient: KeyId


def digest(salt: bytes, kind: AttachmentKind, content: bytes) -> Digest:
    """SHA-256(tag ‖ kind ‖ 0 ‖ salt ‖ content). Without the 16-byte salt nobody can guess the content."""
    return Digest(hashlib.sha256(TAG + kind.value.encode() + b"\0" + salt + content).hexdigest())


def new_attachment(kind: AttachmentKind, content: bytes, salt: bytes | None = None) -> Attachment:
    """An attachment with a fresh 16-byte salt. Raises BadBytes(TOO_LARGE)."""
    if len(content) > MAX_CONTENT:
        raise BadBytes(FaultKey.TOO_LARGE, kind.value)
    return Attachment(kind, salt if salt is not None else secrets.token_bytes(SALT_LENGTH), content)


def chip_content(files: Mapping[str, bytes]) -> bytes:
    """SOD, DG1 and DG15 (if any) as one content: count of files, then name and bytes with lengths."""
    there = [(name.encode(), files[name]) for name in CHIP_FILES if name in files]
    return struct.pack(">B", len(there)) + b"".join(
        struct.pack(">B", len(name)) + name + struct.pack(">I", len(data)) + data for name, data in there
    )


def chip_files(content: bytes) -> dict[str, bytes]:
    """The files of a chip attachment. Raises BadBytes."""
    files: dict[str, bytes] = {}
    at = 1
    try:
        for _ in range(content[0]):
            name, at = content[at + 1 : at + 1 + content[at]].decode("ascii"), at + 1 + content[at]
            (length,) = struct.unpack_from(">I", content, at)
            files[name], at = content[at + 4 : at + 4 + length], at + 4 + length
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise BadBytes(FaultKey.TRUNCATED, "chip files") from error
    if at != len(content) or chip_content(files) != content:
        raise BadBytes(FaultKey.MALFORMED, "chip files")
    return files


def referenced(entries: Iterable[Entry]) -> frozenset[Digest]:
    """Digests of the attachments that these entries speak of."""
    found: set[Digest] = set()
    for entry in entries:
        match entry.fact:
            case PayoutAuthorised(evidence=name, override=override):
                found |= {each for each in (name, *_of_override(override)) if each is not None}
            case PayoutCompleted(signature=signature, witness=witness):
                found |= {name for name in (signature, witness) if name is not None}
            case StatementTaken(words=words, signature=signature):
                found |= {name for name in (words, signature) if name is not None}
            case KeysChanged(sealed=name) if name is not None:
                found.add(name)
            case _:
                pass
    return frozenset(found)


def _of_override(override: Override | None) -> tuple[Digest, ...]:
    """The witness's name and, where a card agreed, its files; a code's proof is no file."""
    if override is None:
        return ()
    return (override.witness, override.consent) if override.way is ConsentWay.CARD else (override.witness,)


def seal_attachment(item: Attachment, *, area: AreaId, device: DeviceId, district_key: bytes) -> bytes:
    """The file that leaves the device. Unsigned: the journal's digest vouches for the content."""
    suite = Suite.X25519_CHACHA20
    header = AttachmentHeader(area, device, item.digest, item.kind, suite, key_id(district_key))
    head = canonical.to_bytes(canonical.encode(header))
    sealed = seal_to(district_key, item.salt + compress(item.content), TAG + head)
    return MAGIC + struct.pack(">I", len(head)) + head + sealed


def peek_attachment(data: bytes) -> AttachmentHeader:
    """The header as the sender claims it. Raises BadBytes."""
    return _split(data)[0]


def open_attachment(data: bytes, open_: Opener) -> Attachment:
    """The content, once it hashes to the name in the header. Raises BadBytes, NotTrusted."""
    header, head, sealed = _split(data)
    plain = unseal(open_, sealed, TAG + head)
    if len(plain) < SALT_LENGTH:
        raise BadBytes(FaultKey.TRUNCATED)
    item = Attachment(header.kind, plain[:SALT_LENGTH], decompress(plain[SALT_LENGTH:], MAX_CONTENT))
    if item.digest != header.digest:
        raise NotTrusted(FaultKey.WRONG_DIGEST)
    return item


def lock(item: Attachment, key: bytes) -> bytes:
    """The attachment at rest under its own 32-byte key: nonce(12) ‖ ciphertext. Destroy the key to shred."""
    nonce = secrets.token_bytes(12)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, item.salt + item.content, _at_rest(item.kind, item.digest))


def unlock(data: bytes, key: bytes, kind: AttachmentKind, name: Digest) -> Attachment:
    """The attachment again. Raises BadBytes, NotTrusted(NOT_OPENED)."""
    if not 28 <= len(data) <= MAX_ATTACHMENT:
        raise BadBytes(FaultKey.TRUNCATED if len(data) < 28 else FaultKey.TOO_LARGE)
    try:
        plain = ChaCha20Poly1305(key).decrypt(data[:12], data[12:], _at_rest(kind, name))
    except (InvalidTag, ValueError) as error:
        raise NotTrusted(FaultKey.NOT_OPENED) from error
    return Attachment(kind, plain[:SALT_LENGTH], plain[SALT_LENGTH:])


def _at_rest(kind: AttachmentKind, name: Digest) -> bytes:
    return TAG + b"at-rest\0" + kind.value.encode() + b"\0" + name.encode()


def _split(data: bytes) -> tuple[AttachmentHeader, bytes, bytes]:
    if len(data) > MAX_ATTACHMENT:
        raise BadBytes(FaultKey.TOO_LARGE)
    if len(data) < 8:
        raise BadBytes(FaultKey.TRUNCATED)
    if data[:4] != MAGIC:
        raise BadBytes(FaultKey.UNKNOWN_KIND)
    (length,) = struct.unpack(">I", data[4:8])
    if length > len(data) - 8:
        raise BadBytes(FaultKey.TRUNCATED)
    head = data[8 : 8 + length]
    header = decode_header(AttachmentHeader, head)
    if not is_digest(header.digest):
        raise BadBytes(FaultKey.MALFORMED, "digest")
    return header, head, data[8 + length :]
