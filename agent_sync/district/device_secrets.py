"""What a device left here under seal (one-time codes, its escrowed store key), and who holds the escrow.

The newest one is what the device's own journal says is the newest, never what arrived last.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from agent_sync.district import evidence, standing_data
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.schema import entry
from kiosk.exchange.shapes import is_digest
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.key_facts import KeyChange, KeysChanged
from kiosk.payout.names import AreaId, DeviceId

HOLDERS = 3
_SETTING = "escrow_holders"


def holders_of(connection: Connection, area: AreaId) -> tuple[str, ...]:
    """X25519 keys of the three escrow holders (hexadecimal); empty while none are named."""
    return tuple(json.loads(standing_data.read_setting(connection, area, _SETTING, "[]")))


def name_holders(connection: Connection, area: AreaId, keys: tuple[str, ...]) -> None:
    """Devices seal their store key for these three, at enrolment or once a bundle has told them. Raises BadInput."""
    if len(keys) != HOLDERS or len(set(keys)) != HOLDERS or not all(is_digest(each) for each in keys):
        raise BadInput("three different keys of 64 hexadecimal digits: tannha escrow holder makes them")
    standing_data.write_setting(connection, area, _SETTING, json.dumps(keys))


def codes_of(connection: Connection, area: AreaId, device: DeviceId) -> tuple[str, ...]:
    """A device's newest one-time codes, 13 digits each; a used one opens nothing. Raises Unknown."""
    content = canonical.from_bytes(_newest(connection, area, device, KeyChange.CODES_MADE))
    return tuple(str(each) for each in content) if isinstance(content, list) else ()


def escrow_of(connection: Connection, area: AreaId, device: DeviceId) -> bytes:
    """A device's newest escrow file, for two of its three holders. Raises Unknown."""
    return _newest(connection, area, device, KeyChange.ESCROW_SEALED)


def _newest(connection: Connection, area: AreaId, device: DeviceId, change: KeyChange) -> bytes:
    mine = (entry.c.area == area) & (entry.c.device == device) & (entry.c.kind == KeysChanged.TAG)
    found = select(entry.c.body).where(mine & (entry.c.branch == 0))
    for row in connection.execute(found.order_by(entry.c.epoch.desc(), entry.c.sequence.desc())):
        fact = j.decode(row[0]).fact
        if isinstance(fact, KeysChanged) and fact.change is change and fact.sealed is not None:
            item = evidence.find(connection, area, fact.sealed)
            if item is not None:
                return item.content
    raise Unknown(f"device {device} has sent nothing of this kind")
