"""Issuers (CSCA) and revocation lists that the area trusts. Only a bundle brings them to a kit, never a file there.

What is let in here is judged as a kit judges it: a file that a kit could not use must not reach one. And every bundle
carries all of it, perhaps over a weak line: of a world's master list only this country's issuers are taken.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from agent_sync.district import ids
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import trusted
from hardware.card.certificates import Certificate, Crl, organizations, parse_certificate, parse_crl, same_name
from hardware.card.errors import CardError
from hardware.card.trust import MAX_FILE_BYTES, TrustStore, admissible, describe
from hardware.card.trust_folder import brought_by, is_crl
from kiosk.payout.names import AreaId, Mode

COUNTRIES = frozenset({"VN"})
"""Whose certificates are taken from a master list; a certificate that is brought by itself was chosen by hand."""
MAX_CRL_BYTES = 200_000
MAX_CERTIFICATES = 32
MAX_BYTES = 400_000
"""Certificates and lists together, DER: they go to every kit with every bundle."""
LEAST_DIGITS = 8
"""Of a fingerprint, to name what is withdrawn."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a file brought: issuers as (fingerprint, description), revocation lists, and what was left out."""

    issuers: tuple[tuple[str, str], ...] = ()
    crls: int = 0
    left_out: int = 0
    elsewhere: int = 0
    """Certificates of other countries in a master list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One certificate or revocation list of the area."""

    fingerprint: str
    subject: str
    size: int
    added_at: int


def add(connection: Connection, home: Home, path: Path, accept_signer: bytes | None = None) -> Added:
    """Trust what a DER or PEM file brings: a certificate, a revocation list, a master list.

    Raises BadInput, and NotPermitted for the project's test issuer in production (M8).
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise BadInput("the file is too large")
    try:
        new = brought_by(path.read_bytes(), store(connection, home.area), accept_signer, COUNTRIES)
        simulated = any(each.is_test_issuer for each in new.certificates)
        rows = [(each.raw, describe(each)) for each in new.certificates]
        rows += [(each.raw, _named(each)) for each in new.crls]
    except CardError as error:
        raise BadInput(f"not usable: {error}") from error
    if simulated and home.settings.mode is not Mode.PRACTICE:
        raise NotPermitted("the test issuer is trusted in practice only")
    _replace_older(connection, home.area, new.crls)
    _let_in(connection, home.area, rows)
    _check_room(connection, home.area)
    issuers = tuple((each.fingerprint.hex(), describe(each)) for each in new.certificates)
    return Added(issuers, len(new.crls), new.left_out, new.elsewhere)


def _let_in(connection: Connection, area: AreaId, rows: list[tuple[bytes, str]]) -> None:
    """What was withdrawn before and is brought again counts again."""
    at = ids.now(connection)
    insert_new(connection, trusted, [_row(area, der, subject, at) for der, subject in rows])
    for der, _ in rows:
        mine = (trusted.c.area == area) & (trusted.c.fingerprint == hashlib.sha256(der).hexdigest())
        connection.execute(update(trusted).where(mine).values(withdrawn=False))


def _check_room(connection: Connection, area: AreaId) -> None:
    """Raises BadInput where bundles would become too large; the transaction is not kept then."""
    certificates, crls = files(connection, area)
    if any(len(each) > MAX_CRL_BYTES for each in crls):
        raise BadInput(f"a revocation list above {MAX_CRL_BYTES} bytes does not fit into bundles")
    size = sum(map(len, (*certificates, *crls)))
    if len(certificates) > MAX_CERTIFICATES or size > MAX_BYTES:
        raise BadInput(
            f"{len(certificates)} certificates and lists of {size} bytes together do not fit into bundles "
            f"(at most {MAX_CERTIFICATES}, {MAX_BYTES} bytes): withdraw what this area does not need"
        )


def _row(area: AreaId, der: bytes, subject: str, at: int) -> dict[str, object]:
    row = {"area": area, "fingerprint": hashlib.sha256(der).hexdigest(), "subject": subject[:400], "der": der}
    return row | {"added_at": at, "withdrawn": False}


def _named(crl: Crl) -> str:
    return f"CRL {crl.this_update:%Y-%m-%d} {', '.join(organizations(crl.issuer))}, {len(crl.revoked)} revoked"


def _replace_older(connection: Connection, area: AreaId, new: tuple[Crl, ...]) -> None:
    """A newer list of an issuer takes the place of the one before; an older one is not taken back in."""
    for digest, der in _held(connection, area):
        if not is_crl(der):
            continue
        old = parse_crl(der)
        for each in new:
            if same_name(each.issuer, old.issuer) and each.this_update < old.this_update:
                raise BadInput("a newer revocation list of this issuer is held already")
            if same_name(each.issuer, old.issuer):
                _drop(connection, area, digest)


def _drop(connection: Connection, area: AreaId, fingerprint: str) -> None:
    mine = (trusted.c.area == area) & (trusted.c.fingerprint == fingerprint)
    connection.execute(update(trusted).where(mine).values(withdrawn=True))


def withdraw(connection: Connection, area: AreaId, start: str) -> tuple[Listed, ...]:
    """Believe one certificate or list no more, and nothing that only it vouches for; what went, the named one first.

    ``start``: the first digits of its fingerprint. The next bundles come without it. Raises Unknown, BadInput.
    """
    before = listed(connection, area)
    found = [each for each in before if len(start) >= LEAST_DIGITS and each.fingerprint.startswith(start.lower())]
    if len(found) != 1:
        raise Unknown(
            f"{len(found)} of what is trusted begin with {start!r}: name one by {LEAST_DIGITS} digits or more"
        )
    _drop(connection, area, found[0].fingerprint)
    for fingerprint in _orphans(connection, area):
        _drop(connection, area, fingerprint)
    left = {each.fingerprint for each in listed(connection, area)}
    return (*found, *(each for each in before if each.fingerprint not in left and each != found[0]))


def _orphans(connection: Connection, area: AreaId) -> list[str]:
    """What a kit would refuse now: links and lists whose issuer is gone. One of them would cost it all the others."""
    certificates, crls = files(connection, area)
    roots = admissible(map(parse_certificate, certificates), TrustStore())
    kept = {each.raw for each in roots}
    kept |= {der for der in crls if any(_vouches(root, parse_crl(der)) for root in roots)}
    return [fingerprint for fingerprint, der in _held(connection, area) if der not in kept]


def _vouches(root: Certificate, crl: Crl) -> bool:
    return same_name(root.subject, crl.issuer) and crl.signed_by(root)


def listed(connection: Connection, area: AreaId) -> tuple[Listed, ...]:
    """Everything that goes into bundles now, by fingerprint."""
    mine = (trusted.c.area == area) & trusted.c.withdrawn.is_(False)
    rows = connection.execute(select(trusted).where(mine).order_by(trusted.c.fingerprint)).mappings()
    return tuple(Listed(row["fingerprint"], row["subject"], len(row["der"]), row["added_at"]) for row in rows)


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
