"""Issuers (CSCA) that the area trusts. Only a bundle brings them to a kit, never a file on the kit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from agent_sync.district import ids
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, NotPermitted
from agent_sync.district.home import Home
from agent_sync.district.schema import trusted
from hardware.card.certificates import parse_certificate, unwrap_pem
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.card.trust import describe
from kiosk.payout.names import Mode

MAX_CERTIFICATE_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Added:
    """An issuer that is trusted now."""

    fingerprint: str
    subject: str


def add(connection: Connection, home: Home, path: Path) -> Added:
    """Trust the one certificate in a DER or PEM file.

    Raises BadInput, and NotPermitted for the project's test issuer in production (M8).
    """
    if path.stat().st_size > MAX_CERTIFICATE_BYTES:
        raise BadInput("the certificate file is too large")
    found = [der for _, der in unwrap_pem(path.read_bytes())]
    if len(found) != 1:
        raise BadInput(f"expected one certificate, found {len(found)}")
    try:
        certificate = parse_certificate(found[0])
        test_issuer, subject = certificate.is_test_issuer, describe(certificate)
    except (MalformedCard, UnsupportedCard) as error:
        raise BadInput(f"not a usable certificate: {error}") from error
    if test_issuer and home.settings.mode is not Mode.PRACTICE:
        raise NotPermitted("the test issuer is trusted in practice only")
    digest = hashlib.sha256(found[0]).hexdigest()
    row = {"area": home.area, "fingerprint": digest, "subject": subject[:400], "der": found[0]}
    insert_new(connection, trusted, [row | {"added_at": ids.now(), "withdrawn": False}])
    return Added(digest, subject)
