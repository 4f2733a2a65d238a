"""How the district names things: opaque, short, and never derived from a citizen number alone.

Ids that must come out the same when the same fact arrives twice are hashes of the fact's place;
all others are random.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection

from kiosk.payout.names import EntitlementId, Kind, LeaseId, Period, PersonId, Programme, UnixSeconds

Clock = Callable[[], UnixSeconds]


LAST_HOUR = 4_102_444_800
"""2100-01-01: a device's clock beyond it is a fault, not an appointment."""


def server_clock() -> UnixSeconds:
    """The server's hour. The one place where the district reads a clock."""
    return UnixSeconds(int(time.time()))


def now(connection: Connection) -> UnixSeconds:
    """The hour by the clock that this database was opened with."""
    clock: Clock = connection.get_execution_options()["tannha_clock"]
    return clock()


def month_of(at: int) -> int:
    """YYYYMM (UTC) of an entry's time: the partition its rows live in."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year * 100 + moment.month


def fixed(prefix: str, *parts: object) -> str:
    """The same id for the same parts: makes repeated work harmless."""
    joined = "\0".join(str(part) for part in parts)
    return prefix + hashlib.sha256(joined.encode()).hexdigest()[:24]


def fresh(prefix: str) -> str:
    """A new random id (80 bits)."""
    return prefix + secrets.token_hex(10)


MAX_ID = 80


def short(text: str, limit: int = MAX_ID) -> str:
    """An id that fits its column: over-long or unprintable ones become a hash of themselves."""
    if len(text) <= limit and text.isprintable():
        return text
    return "#" + hashlib.sha256(text.encode()).hexdigest()[: limit - 1]


def new_person() -> PersonId:
    """An opaque person id."""
    return PersonId(fresh("P-"))


def new_lease() -> LeaseId:
    """A lease id, never used again."""
    return LeaseId(fresh("L-"))


def entitlement(person: PersonId, programme: Programme, period: Period, kind: Kind, line: str) -> EntitlementId:
    """The id that M1's key always leads to."""
    return EntitlementId(fixed("E-", person, programme.value, period, kind.value, line))
