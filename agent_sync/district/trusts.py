"""Issuers (CSCA) and revocation lists that the area trusts. Only a bundle brings them to a kit, never a file there.

What is let in here is judged as a kit judges it: a file that a kit could not use must not reach one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from agent_sync.district import ids
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, NotPermitted
from agent_sync.district.home import Home
from agent_sync.district.schema import trusted
from hardware.card.certificates import Crl, organizations, parse_crl, same_name
from hardware.card.errors import CardError
from hardware.card.trust import MAX_FILE_BYTES, TrustStore, describe
from hardware.card.trust_folder import Brought, brought_by, is_crl
from kiosk.payout.names import AreaId, Mode

MAX_CRL_BYTES = 200_000
"""A list goes to every kit with every bundle, perhaps over a weak line."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a file brought: issuers as (fingerprint, description), revocation lists, and what was left out."""

    issuers: tuple[tuple[str, str], ...]
    crls: int
    left_out: int


def add(connection: Connection, home: Home, path: Path, accept_signer: bytes | None = None) -> Added:
    """Trust what a DER or PEM file brings: a certificate, a revocation list, a master list.

    Raises BadInput, and NotPermitted for the project's test issuer in production (M8).
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise BadInput("the file is too large")
    try:
        new = brought_by(path.read_bytes(), store(connection, home.area), accept_signer)
        simulated = any(each.is_test_issuer for each in new.certificates)
        rows = [(each.raw, describe(each)) for each in new.certificates]
        rows += [(each.raw, _named(each)) for each in new.crls]
    except CardError as error:
        raise BadInput(f"not usable: {error}") from error
    if simulated and home.settings.mode is not Mode.PRACTICE:
        raise NotPermitted("the test issuer is trusted in practice only")
    if any(len(each.raw) > MAX_CRL_BYTES for each in new.crls):
        raise BadInput(f"a revocation list above {MAX_CRL_BYTES} bytes does not fit into bundles")
    _withdraw_older(connection, home.area, new)
    at = ids.now(connection)
    insert_new(connection, trusted, [_row(home.area, der, subject, at) for der, subject in rows])
    issuers = tuple((each.fingerprint.hex(), describe(each)) for each in new.certificates)
    return Added(issuers, len(new.crls), new.left_out)


def _row(area: AreaId, der: bytes, subject: str, at: int) -> dict[str, object]:
    row = {"area": area, "fingerprint": hashlib.sha256(der).hexdigest(), "subject": subject[:400], "der": der}
    return row | {"added_at": at, "withdrawn": False}


def _named(crl: Crl) -> str:
    return f"CRL {crl.this_update:%Y-%m-%d} {', '.join(organizations(crl.issuer))}, {len(crl.revoked)} revoked"


def _withdraw_older(connection: Connection, area: AreaId, new: Brought) -> None:
    """A newer list of an issuer takes the place of the one before."""
    for digest, der in _held(connection, area):
        if is_crl(der) and any(_replaces(each, parse_crl(der)) for each in new.crls):
            mine = (trusted.c.area == area) & (trusted.c.fingerprint == digest)
            connection.execute(update(trusted).where(mine).values(withdrawn=True))


def _replaces(new: Crl, old: Crl) -> bool:
    return same_name(new.issuer, old.issuer) and new.this_update > old.this_update


def _held(connection: Connection, area: AreaId) -> list[tuple[str, bytes]]:
    mine = (trusted.c.area == area) & trusted.c.withdrawn.is_(False)
    found = select(trusted.c.fingerprint, trusted.c.der).where(mine).order_by(trusted.c.fingerprint)
    return [(row[0], bytes(row[1])) for row in connection.execute(found)]


def files(connection: Connection, area: AreaId) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Certificates and revocation lists as they go into bundles, DER."""
    held = [der for _, der in _held(connection, area)]
    return tuple(each for each in held if not is_crl(each)), tuple(each for each in held if is_crl(each))


def store(connection: Connection, area: AreaId) -> TrustStore:
    """The issuers that this area trusts, as kits will know them. Raises TrustFault."""
    return TrustStore.of(*files(connection, area))
