"""Makes tests/exchange/vectors/*.json: `python -m tests.exchange.make_vectors`.

Keys are fixed; seals are random, so a new run gives other files that say the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from kiosk.exchange import attachment, consent, enrolment, handover, orders, release
from kiosk.exchange.envelope import Kind, unpack
from kiosk.exchange.shapes import Held
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout import names as n
from tests.exchange import samples
from tests.exchange.parties import NOW, District, Kit, checkpoint_of, pay_list

FOLDER = Path(__file__).parent / "vectors"
KIT, DISTRICT, STRANGER = Kit("k07", 1), District(), District("a stranger")
DAY = samples.day(2)
SALT = bytes(range(16))
FILES = {"SOD": b"\x77\x01sod", "DG1": b"\x61\x01dg1", "DG15": b"\x6f\x01dg15"}
SECRET = "000102030405060708090a0b0c0d0e0f"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def vectors() -> dict[str, dict[str, Any]]:
    """Every vector by the name of its file."""
    return {
        "segment": _segment(),
        "attachment": _attachment(),
        "bundle": _bundle(),
        "checkpoint": _checkpoint(),
        "order": _order(),
        "enrolment": _enrolment(),
        "release": _release(),
        "handover": _handover(),
        "override": _override(),
        "witness": _witness(),
    }


def _keys() -> dict[str, str]:
    return {
        "device_sign_private": KIT.sign_private.hex(),
        "device_sign_public": KIT.sign_key.hex(),
        "device_seal_private": KIT.seal_private.hex(),
        "device_seal_public": KIT.seal_key.hex(),
        "district_sign_private": DISTRICT.sign_private.hex(),
        "district_sign_public": DISTRICT.sign_key.hex(),
        "district_seal_private": DISTRICT.seal_private.hex(),
        "district_seal_public": DISTRICT.seal_key.hex(),
    }


def _segment() -> dict[str, Any]:
    whole, tail = KIT.segment(DAY, DISTRICT), KIT.segment(DAY[4:], DISTRICT)
    body = len(unpack(Kind.SEGMENT, whole).body)
    return {
        "keys": _keys(),
        "files": [
            {"file": text(data), "header": _header(data), "entries": [canonical.encode(each) for each in part],
             "hashes": [each.hash for each in part]}
            for data, part in ((whole, DAY), (tail, DAY[4:]))
        ],
        "refused": [
            {"file": text(data), "key": key}
            for data, key in (
                (whole[:99], "truncated"),
                (b"TNX1" + whole[4:], "unknown_kind"),
                (Kit("k07-copy", 2).segment(DAY, DISTRICT), "foreign_signature"),
                (whole.replace(b'"epoch":3', b'"epoch":5'), "foreign_signature"),
                (whole[:-body] + unpack(Kind.SEGMENT, tail).body, "swapped_ciphertext"),
                (KIT.segment(DAY, STRANGER), "not_opened"),
            )
        ],
    }  # fmt: skip


def _attachment() -> dict[str, Any]:
    item = attachment.new_attachment(attachment.AttachmentKind.CHIP, attachment.chip_content(FILES), SALT)
    data = attachment.seal_attachment(item, area=samples.AREA, device=samples.DEVICE, district_key=DISTRICT.seal_key)
    return {
        "keys": _keys(),
        "file": text(data),
        "digest": item.digest,
        "salt": SALT.hex(),
        "content": item.content.hex(),
        "chip_files": {name: each.hex() for name, each in FILES.items()},
    }


def _bundle() -> dict[str, Any]:
    data = DISTRICT.bundle(KIT.addressee)
    body = len(unpack(Kind.BUNDLE, data).body)
    older = DISTRICT.bundle(KIT.addressee, Held(1, 3, 2))
    return {
        "keys": _keys(),
        "file": text(data),
        "header": _header(data),
        "public": canonical.encode(DISTRICT.public()),
        "people": ["Trần Văn Mẫu"],
        "total_vnd": 500_000,
        "refused": [
            {"file": text(each), "key": key}
            for each, key in (
                (STRANGER.bundle(KIT.addressee), "foreign_signature"),
                (data[:-body] + unpack(Kind.BUNDLE, older).body, "swapped_ciphertext"),
                (data[:90], "truncated"),
            )
        ],
    }


def _checkpoint() -> dict[str, Any]:
    data = DISTRICT.checkpoint(KIT, DAY[:6])
    at = checkpoint_of(KIT, DAY[:6])
    places = [
        (3, len(DAY), at.head, 1, "device_ahead"),
        (3, 6, at.head, 1, "in_step"),
        (3, 5, None, 1, "device_rolled_back"),
        (2, 6, None, 1, "device_rolled_back"),
        (3, len(DAY), "5" * 64, 1, "fork"),
        (3, 6, at.head, 2, "older_incarnation"),
        (3, 6, at.head, 0, "district_restored"),
        (4, 1, None, 1, "earlier_epoch"),
    ]
    return {
        "keys": _keys(),
        "file": text(data),
        "header": _header(data),
        "signature": unpack(Kind.CHECKPOINT, data).signature.hex(),
        "verdicts": [
            {"epoch": epoch, "next": following, "below": below, "incarnation": incarnation, "verdict": verdict}
            for epoch, following, below, incarnation, verdict in places
        ],
    }


def _order() -> dict[str, Any]:
    order = orders.NewEpoch(n.Epoch(4), n.Epoch(3), DAY[-1].hash, (n.EntitlementId("e1"),), (n.LeaseId("l1"),))
    data = orders.seal_order(order, KIT.addressee, 7, NOW, DISTRICT.sign)
    return {"keys": _keys(), "file": text(data), "header": _header(data), "order": canonical.encode(order)}


def _release() -> dict[str, Any]:
    listed = pay_list(samples.AREA, 4, KIT.device, KIT.epoch)
    secret = release.LeaseSecret(listed.leases[0].id, "0f" * 16, n.DeviceId("xa-hoa-binh"))
    record = release.LeaseRecord(listed.recipients[0], (), listed.entitlements[0], listed.leases[0])
    return {
        "secret": canonical.encode(secret),
        "code": release.release_code(secret),
        "number": record.recipient.person.number,
        "stand_in": canonical.encode(release.make_stand_in(secret, KIT.device, record)),
        "record": canonical.encode(record),
    }


def _handover() -> dict[str, Any]:
    said = handover.Handover(KIT.device, n.Epoch(3), n.LeaseId("L-5f0c1e9a"), n.DeviceId("xa-hoa-binh"), "004810277391")
    text = handover.encode_handover(said, KIT.sign)
    body = text.removeprefix(handover.MARK)
    return {
        "public": KIT.sign_key.hex(),
        "text": text,
        "handover": canonical.encode(said),
        "refused": [
            {"text": each, "key": key}
            for each, key in (
                ("TN1" + body, "not_a_handover"),
                (text.lower(), "not_a_handover"),
                (text[:-8], "malformed"),
                (handover.encode_handover(said, STRANGER.sign), "bad_signature"),
            )
        ],
    }


def _override() -> dict[str, Any]:
    key = bytes(range(32))
    asked = consent.Consent(KIT.device, n.PersonId("P-0011"), n.Vnd(1_500_000), "271828")
    code = consent.answer(key, asked)
    return {
        "key": key.hex(), "device": asked.device, "recipient": asked.recipient, "total": asked.total,
        "nonce": asked.nonce, "request": consent.request_digits(key, asked), "code": code,
        "consent": consent.proof(asked, code),
    }  # fmt: skip


def _enrolment() -> dict[str, Any]:
    hashed = n.Digest(hashlib.sha256(DISTRICT.sign_key).hexdigest())
    invitation = enrolment.Invitation(
        ("https://district.example:8443",), samples.AREA, n.Mode.PRACTICE, SECRET, hashed, n.UnixSeconds(NOW + 900)
    )
    request = enrolment.request_enrolment(invitation, KIT.sign_key, KIT.seal_key, "Bộ số 7")
    grant = enrolment.EnrolmentGrant(
        samples.AREA, KIT.device, n.Mode.PRACTICE, n.Epoch(1), n.Epoch(0), j.GENESIS, 1, DISTRICT.sign_key.hex(),
        DISTRICT.seal_key.hex(), (), "-----BEGIN CERTIFICATE-----", "", NOW,
    )  # fmt: skip
    return {
        "keys": _keys(),
        "secret": SECRET,
        "qr": enrolment.to_qr(invitation),
        "invitation": canonical.encode(invitation),
        "ticket": invitation.ticket,
        "request": request.decode(),
        "grant": enrolment.grant_enrolment(grant, request, invitation).decode(),
        "fingerprint": enrolment.peek_request(request).fingerprint(),
    }


def _witness() -> dict[str, Any]:
    fact = next(each.fact for each in DAY if isinstance(each.fact, j.PayoutAuthorised))
    nonces = ["ff" * 16, "01" * 16]
    return {"fact": canonical.encode(fact), "nonces": nonces, "challenge": j.challenge(fact, nonces).hex()}


def _header(data: bytes) -> Any:
    return json.loads(unpack(Kind(data[:4]), data).header)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, vector in vectors().items():
        (FOLDER / f"{name}.json").write_text(json.dumps(vector, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
