"""A second reader of the protocol, written from docs/protocol.md alone: no line of the product is used.

It keeps the page honest: what the product writes, a stranger must be able to read and check. HPKE is
spelled out from RFC 9180 here; signatures, X25519, ChaCha20-Poly1305 and zstd come from libraries.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Any

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

TAGS = {
    b"TNS1": b"tannha.segment.v1\0",
    b"TNB1": b"tannha.bundle.v1\0",
    b"TNC1": b"tannha.checkpoint.v1\0",
    b"TNO1": b"tannha.order.v1\0",
}
SUITE = "x25519-hkdfsha256-chacha20poly1305"
LIMITS = {b"TNS1": 4 << 20, b"TNB1": 8 << 20, b"TNC1": 4_096, b"TNO1": 2 << 20}


class Refused(Exception):
    """A file that must not be believed; ``args[0]`` is the key of §12."""


# -- §2 canonical JSON ---------------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse(data: bytes) -> Any:
    try:
        value = json.loads(data)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Refused("malformed") from error
    if again != data or _has_forbidden(value):
        raise Refused("malformed")
    return value


def _has_forbidden(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_forbidden, value.values()))
    if isinstance(value, list):
        return any(map(_has_forbidden, value))
    return value is None or isinstance(value, float)


# -- §1 HPKE, base mode, single shot (RFC 9180 §4, §5, §6.1) -----------------------------------------------------------


def _extract(salt: bytes, suite: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(prk: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    out, block, labelled = b"", b"", length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    for counter in range(1, 2 + length // 32):
        block = hmac.digest(prk, block + labelled + bytes([counter]), "sha256")
        out += block
    return out[:length]


def unseal(private: bytes, sealed: bytes, info: bytes) -> bytes:
    own = X25519PrivateKey.from_private_bytes(private)
    enc, ciphertext = sealed[:32], sealed[32:]
    kem, suite = b"KEM" + b"\x00\x20", b"HPKE" + b"\x00\x20" + b"\x00\x01" + b"\x00\x03"
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    except ValueError as error:
        raise Refused("not_opened") from error
    context = enc + own.public_key().public_bytes_raw()
    secret = _expand(_extract(b"", kem, b"eae_prk", shared), kem, b"shared_secret", context, 32)
    schedule = b"\0" + _extract(b"", suite, b"psk_id_hash", b"") + _extract(b"", suite, b"info_hash", info)
    prk = _extract(secret, suite, b"secret", b"")
    key, nonce = _expand(prk, suite, b"key", schedule, 32), _expand(prk, suite, b"base_nonce", schedule, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, b"")
    except InvalidTag as error:
        raise Refused("not_opened") from error


def inflate(data: bytes, limit: int) -> bytes:
    try:
        if not 0 <= zstandard.get_frame_parameters(data).content_size <= limit:
            raise Refused("too_large")
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=limit)
    except zstandard.ZstdError as error:
        raise Refused("malformed") from error


# -- §3 envelope ---------------------------------------------------------------------------------------------------


def envelope(data: bytes, magic: bytes, public: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, body and HPKE info of a file that its signer stands behind."""
    if len(data) > LIMITS[magic]:
        raise Refused("too_large")
    if len(data) < 104:
        raise Refused("truncated")
    if data[:4] != magic:
        raise Refused("unknown_kind")
    length = int.from_bytes(data[4:8], "big")
    if length > 16_384:
        raise Refused("too_large")
    if len(data) < 104 + length:
        raise Refused("truncated")
    header, rest = data[8 : 8 + length], data[8 + length :]
    digest, signature, body = rest[:32], rest[32:96], rest[96:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, TAGS[magic] + header + digest)
    except InvalidSignature as error:
        raise Refused("foreign_signature") from error
    if hashlib.sha256(body).digest() != digest:
        raise Refused("swapped_ciphertext")
    value = parse(header)
    if value.get("suite", SUITE) != SUITE:
        raise Refused("unknown_suite")
    return value, body, TAGS[magic] + header


def sign(private: bytes, magic: bytes, header: bytes, body: bytes) -> bytes:
    message = TAGS[magic] + header + hashlib.sha256(body).digest()
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


# -- §4, §5 entries and segment ------------------------------------------------------------------------------------


def entry_hash(entry: dict[str, Any]) -> str:
    return hashlib.sha256(b"tannha.entry.v1\0" + canonical(entry)).hexdigest()


def challenge(fact: dict[str, Any], nonces: list[str]) -> str:
    joined = b"".join(bytes.fromhex(each) for each in sorted(nonces))
    return hashlib.sha256(b"tannha.witness.v1\0" + joined + canonical(fact)).hexdigest()[:16]


def segment(data: bytes, device_public: bytes, district_private: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    header, body, info = envelope(data, b"TNS1", device_public)
    plain = inflate(unseal(district_private, body, info), 8 << 20)
    length = int.from_bytes(plain[:4], "big")
    column = bytearray(plain[4 + length :])
    rows = _unpack(json.loads(plain[4 : 4 + length]), column)
    if column:
        raise Refused("malformed")
    entries = _rebuild(rows, header)
    if len(entries) != header["last"] - header["first"] + 1:
        raise Refused("gap")
    if entry_hash(entries[-1]) != header["head_hash"]:
        raise Refused("broken_chain")
    return header, entries


def _unpack(value: Any, column: bytearray) -> Any:
    """Texts ``#k`` take k bytes from the column, in the order of the text; ``##…`` loses one mark."""
    if isinstance(value, dict):
        return {name: _unpack(each, column) for name, each in value.items()}
    if isinstance(value, list):
        return [_unpack(each, column) for each in value]
    if isinstance(value, str) and value.startswith("##"):
        return value[1:]
    if isinstance(value, str) and re.fullmatch("#[1-9][0-9]*", value):
        taken, column[: int(value[1:])] = bytes(column[: int(value[1:])]), b""
        return taken.hex()
    return value


def _rebuild(rows: list[dict[str, Any]], header: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    previous, at = header["previous_hash"], 0
    for sequence, row in enumerate(rows, header["first"]):
        at += row["at"]
        place = {"device": header["device"], "epoch": header["epoch"]}
        fact = row["fact"]
        if fact["type"] == "payout_authorised":
            fact = place | {"previous_head": previous} | fact
        if isinstance(fact.get("payout"), int):
            fact = fact | {"payout": f"{header['device']}-{header['epoch']}-{sequence - fact['payout']}"}
        own = place | {"sequence": sequence, "previous": previous, "at": at, "fact": fact}
        entries.append({"time_proven": True} | row | own)
        previous = entry_hash(entries[-1])
    return entries


# -- §6 attachment -------------------------------------------------------------------------------------------------


def attachment(data: bytes, district_private: bytes) -> tuple[dict[str, Any], bytes]:
    if data[:4] != b"TNA1":
        raise Refused("unknown_kind")
    length = int.from_bytes(data[4:8], "big")
    head = data[8 : 8 + length]
    header = parse(head)
    plain = unseal(district_private, data[8 + length :], b"tannha.attachment.v1\0" + head)
    salt, content = plain[:16], inflate(plain[16:], 256 << 10)
    named = hashlib.sha256(b"tannha.attachment.v1\0" + header["kind"].encode() + b"\0" + salt + content).hexdigest()
    if named != header["digest"]:
        raise Refused("wrong_digest")
    return header, content


def chip_files(content: bytes) -> dict[str, bytes]:
    files, at = {}, 1
    for _ in range(content[0]):
        name = content[at + 1 : at + 1 + content[at]].decode()
        at += 1 + content[at]
        length = int.from_bytes(content[at : at + 4], "big")
        files[name] = content[at + 4 : at + 4 + length]
        at += 4 + length
    return files


# -- §7 bundle, §8 checkpoint, §9 order ----------------------------------------------------------------------------


def bundle(data: bytes, district_public: bytes, device_private: bytes) -> tuple[dict[str, Any], Any, Any]:
    header, body, info = envelope(data, b"TNB1", district_public)
    length = int.from_bytes(body[:4], "big")
    public = parse(inflate(body[4 : 4 + length], 2 << 20))
    sealed = parse(inflate(unseal(device_private, body[4 + length :], info), 32 << 20))
    return header, public, sealed


def checkpoint(data: bytes, district_public: bytes) -> dict[str, Any]:
    header, body, _ = envelope(data, b"TNC1", district_public)
    if body:
        raise Refused("malformed")
    return header


def verdict(at: dict[str, Any], epoch: int, following: int, below: str | None, incarnation: int) -> str:
    if at["incarnation"] < incarnation:
        return "older_incarnation"
    if at["epoch"] < epoch:
        return "earlier_epoch"
    if at["epoch"] > epoch or at["next"] > following:
        return "device_rolled_back"
    if at["head"] != below:
        return "fork"
    if at["incarnation"] > incarnation:
        return "district_restored"
    return "device_ahead" if at["next"] < following else "in_step"


def order(data: bytes, district_public: bytes, device_private: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    header, body, info = envelope(data, b"TNO1", district_public)
    opened: dict[str, Any] = parse(inflate(unseal(device_private, body, info), 8 << 20))["order"]
    return header, opened


def override(key: bytes, device: str, recipient: str, total: int, nonce: str) -> tuple[str, str, str]:
    """(request, code, consent) of an override by telephone."""
    place = "\0".join((device, recipient, str(total), nonce)).encode()

    def digits(tag: bytes, count: int) -> str:
        return str(int(hmac.new(key, tag + b"\0" + place, "sha256").hexdigest(), 16) % 10**count).zfill(count)

    mark = int(hashlib.sha256(b"tannha.override-mark.v1\0" + device.encode()).hexdigest(), 16) % 1000
    code = f"{mark:03d}{digits(b'tannha.override-answer.v1', 9)}"
    consent = hashlib.sha256(b"tannha.override-consent.v1\0" + place + b"\0" + code.encode()).hexdigest()
    return nonce + digits(b"tannha.override-request.v1", 6), code, consent


def release_code(secret: bytes, lease: str, stand_in: str) -> str:
    place = lease.encode() + b"\0" + stand_in.encode()
    number = int.from_bytes(hmac.digest(secret, b"tannha.release.v1\0" + place, "sha256"), "big")
    return str(number % 10**12).zfill(12)


def stand_in_record(code: str, lease: str, stand_in: str, code_hash: str, record: bytes) -> dict[str, Any]:
    place = lease.encode() + b"\0" + stand_in.encode()
    salt = hashlib.sha256(b"tannha.release-salt.v1\0" + place).digest()[:16]
    stretched = Argon2id(salt=salt, length=64, iterations=2, lanes=1, memory_cost=19_456).derive(code.encode())
    if stretched[:32].hex() != code_hash:
        raise Refused("wrong code")
    opened: dict[str, Any] = parse(inflate(ChaCha20Poly1305(stretched[32:]).decrypt(bytes(12), record, place), 65_536))
    return opened


def handover(text: str, public: bytes) -> dict[str, Any]:
    if not re.fullmatch("TNL1[A-Z2-7]{1,432}", text):
        raise Refused("not_a_handover")
    body = text[4:] + "=" * (-len(text[4:]) % 8)
    try:
        raw = base64.b32decode(body)
    except ValueError as error:
        raise Refused("malformed") from error
    payload, names = raw[:-64], []
    at = 10
    while at < len(payload):
        names.append(payload[at + 1 : at + 1 + payload[at]].decode("ascii", "replace"))
        at += 1 + payload[at]
    if base64.b32encode(raw).decode() != body or payload[:1] != b"\x01" or at != len(payload) or len(names) != 3:
        raise Refused("malformed")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], b"tannha/lease-handover/v1\0" + payload)
    except InvalidSignature as error:
        raise Refused("bad_signature") from error
    epoch, code = int.from_bytes(payload[1:5], "big"), int.from_bytes(payload[5:10], "big")
    return {"giver": names[0], "epoch": epoch, "lease": names[1], "stand_in": names[2], "code": str(code).zfill(12)}


# -- §10 enrolment -------------------------------------------------------------------------------------------------


def invitation(qr: str) -> dict[str, Any]:
    text = qr.removeprefix("tannha1:")
    opened: dict[str, Any] = parse(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return opened


def ticket(secret: bytes) -> str:
    return hashlib.sha256(b"tannha.ticket.v1\0" + secret).hexdigest()[:32]


def request_mac(request: bytes, secret: bytes) -> str:
    return _mac(secret, b"request", canonical(parse(request) | {"mac": ""}))


def grant_mac(grant: bytes, request: bytes, secret: bytes) -> str:
    return _mac(secret, b"grant", hashlib.sha256(request).digest() + canonical(parse(grant) | {"mac": ""}))


def fingerprint(sign_key: bytes, seal_key: bytes) -> str:
    whole = hashlib.sha256(b"tannha.fingerprint.v1\0" + sign_key + seal_key).digest()
    digits = str(int.from_bytes(whole, "big") % 10**24).zfill(24)
    return " ".join(re.findall("....", digits))


def _mac(secret: bytes, purpose: bytes, message: bytes) -> str:
    prk = hmac.digest(bytes(32), secret, "sha256")
    key = hmac.digest(prk, b"tannha.enrolment.v1\0" + purpose + b"\x01", "sha256")
    return hmac.digest(key, message, "sha256").hex()
