"""Cards of an issuer that nobody handed out: which signers were seen, which of them the area takes, and for what (B).

The Ministry publishes no root of the citizen card. Until it does, an officer looks at which document signers the area's
own cards carry and lists those as observed (plan §7); what level B may pay is the district's word, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from agent_sync.district import evidence, ids, standing_data, trusts
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.schema import payout
from hardware.card.authenticity import passive_authentication
from hardware.card.reading import Chain, Integrity
from hardware.card.trust import TrustStore, describe
from kiosk.exchange.attachment import AttachmentKind, chip_files
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.shapes import is_digest
from kiosk.payout.names import AreaId, Digest, Programme

OBSERVED, LEVEL_B = "observed_signers", "level_b_programmes"
MAX_OBSERVED = 500
MAX_LOOKED_AT = 20_000
FILES = (1, 15)


@dataclass(frozen=True, slots=True)
class Seen:
    """A document signer that no root vouches for: its certificate, and how many people's cards carry it."""

    fingerprint: str
    subject: str
    people: int


def observed(connection: Connection, area: AreaId) -> dict[str, str]:
    """The signers that are listed as observed: SHA-256 of the certificate, and the officer's word for it."""
    stored = json.loads(standing_data.read_setting(connection, area, OBSERVED, "{}"))
    return {str(key): str(name) for key, name in sorted(stored.items())}


def observe(connection: Connection, area: AreaId, fingerprint: str, name: str) -> None:
    """List a signer; its cards are level B from the next bundle on. Raises BadInput."""
    now = observed(connection, area)
    if not is_digest(fingerprint):
        raise BadInput("a signer is named by 64 hexadecimal digits")
    if len(now) >= MAX_OBSERVED:
        raise BadInput(f"bundles carry at most {MAX_OBSERVED} observed signers")
    _keep(connection, area, now | {fingerprint: name})


def forget(connection: Connection, area: AreaId, fingerprint: str) -> None:
    """Take a signer off the list. Raises Unknown."""
    now = observed(connection, area)
    if fingerprint not in now:
        raise Unknown(f"no observed signer {fingerprint}")
    _keep(connection, area, {key: name for key, name in now.items() if key != fingerprint})


def _keep(connection: Connection, area: AreaId, signers: dict[str, str]) -> None:
    standing_data.write_setting(connection, area, OBSERVED, json.dumps(signers))


def level_b(connection: Connection, area: AreaId) -> tuple[Programme, ...]:
    """The programmes that level B may pay; none as long as the district says nothing."""
    stored = json.loads(standing_data.read_setting(connection, area, LEVEL_B, "[]"))
    return tuple(Programme(each) for each in stored)


def set_level_b(connection: Connection, area: AreaId, programmes: tuple[Programme, ...]) -> None:
    """From the next bundle on level B pays these, and nothing else."""
    chosen = sorted({each.value for each in programmes})
    standing_data.write_setting(connection, area, LEVEL_B, json.dumps(chosen))


def seen(connection: Connection, area: AreaId) -> tuple[Seen, ...]:
    """Signers of the cards on record whose issuer is unknown, most people first. Raises TrustFault."""
    people: dict[str, set[str]] = {}
    subjects: dict[str, str] = {}
    for payee, fingerprint, subject in _signed(connection, area, trusts.store(connection, area)):
        people.setdefault(fingerprint, set()).add(payee)
        subjects[fingerprint] = subject
    found = (Seen(each, subjects[each], len(whom)) for each, whom in people.items())
    return tuple(sorted(found, key=lambda each: (-each.people, each.fingerprint)))


def _signed(connection: Connection, area: AreaId, trust: TrustStore) -> Iterator[tuple[str, str, str]]:
    day = datetime.fromtimestamp(ids.now(connection), UTC).date()
    mine = (payout.c.area == area) & payout.c.evidence.is_not(None)
    found = select(payout.c.payee, payout.c.evidence).where(mine).distinct().limit(MAX_LOOKED_AT)
    for payee, digest in connection.execute(found).all():
        files = _files(connection, area, Digest(digest))
        groups = {number: files[f"DG{number}"] for number in FILES if f"DG{number}" in files}
        passive = passive_authentication(files.get("SOD"), groups, trust, day, required=FILES[:1])
        whole = passive.integrity is Integrity.PASSED and passive.chain is Chain.UNKNOWN_ISSUER
        if whole and passive.signer is not None:
            yield payee, passive.signer.fingerprint.hex(), describe(passive.signer)


def _files(connection: Connection, area: AreaId, digest: Digest) -> dict[str, bytes]:
    item = evidence.find(connection, area, digest)
    try:
        return {} if item is None or item.kind is not AttachmentKind.CHIP else chip_files(item.content)
    except ExchangeError:
        return {}
