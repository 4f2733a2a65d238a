"""Officers at the browser: passwords, sessions and the token that every form carries.

Argon2id with 19 MiB and two passes (RFC 9106 §4 scaled down as OWASP advises). A session is 256
random bits of which the database holds only the hash; five wrong passwords lock for a while.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, delete, insert, select, update

from agent_sync.district import ids
from agent_sync.district.errors import BadInput
from agent_sync.district.schema import audit, officer, web_session
from kiosk.payout.names import AreaId

MEMORY_KIB = 19_456
PASSES = 2
MIN_PASSWORD = 10
MAX_PASSWORD = 200
MAX_TRIES = 5
LOCK_SECONDS = 900
SESSION_SECONDS = 8 * 3600


class OfficerRole(StrEnum):
    """What an officer may do on the pages."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer behind a valid session cookie."""

    login: str
    full_name: str
    role: OfficerRole
    csrf: str

    def csrf_holds(self, given: str) -> bool:
        """True when a form carried this session's own token."""
        return hmac.compare_digest(self.csrf.encode(), given.encode())


def hash_password(password: str) -> str:
    """A PHC string. Raises BadInput for a password that is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise BadInput(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    argon = Argon2id(salt=secrets.token_bytes(16), length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB)
    return argon.derive_phc_encoded(password.encode())


def password_holds(password: str, stored: str) -> bool:
    """True when ``password`` made ``stored``."""
    try:
        Argon2id.verify_phc_encoded(password.encode()[: 4 * MAX_PASSWORD], stored)
    except InvalidKey:
        return False
    return True


def add_officer(
    connection: Connection, area: AreaId, login: str, full_name: str, role: OfficerRole, password: str
) -> None:
    """A new officer. Raises BadInput when the login is taken or malformed."""
    if not login.isascii() or not login.replace("-", "").replace(".", "").isalnum() or len(login) > 40:
        raise BadInput("a login has up to 40 letters, digits, dots and dashes")
    known = select(officer.c.login).where(officer.c.area == area, officer.c.login == login)
    if connection.execute(known).first() is not None:
        raise BadInput(f"officer {login} is there already")
    row = {"area": area, "login": login, "full_name": full_name, "role": role.value}
    fresh = {"password": hash_password(password), "disabled": False, "failed_tries": 0, "locked_until": 0}
    connection.execute(insert(officer).values(**row, **fresh))


def sign_in(connection: Connection, area: AreaId, login: str, password: str) -> str | None:
    """The cookie's token, or None. A wrong try is counted in the same transaction.

    An unknown login costs the same time as a wrong password, so logins cannot be listed.
    """
    return (
        _open_session(connection, area, login, ids.now(connection))
        if _proves(connection, area, login, password)
        else None
    )


def agrees(connection: Connection, area: AreaId, login: str, password: str) -> bool:
    """True when this officer, who may decide, shares a decision by the own password. A wrong try is counted."""
    return _proves(connection, area, login, password) and may_decide(connection, area, login)


def may_decide(connection: Connection, area: AreaId, login: str) -> bool:
    """True for an officer who is there and is no auditor."""
    mine = (officer.c.area == area) & (officer.c.login == login) & officer.c.disabled.is_(False)
    role = connection.execute(select(officer.c.role).where(mine)).scalar()
    return role is not None and OfficerRole(role) is not OfficerRole.AUDITOR


def _proves(connection: Connection, area: AreaId, login: str, password: str) -> bool:
    now = ids.now(connection)
    mine = (officer.c.area == area) & (officer.c.login == login)
    row = connection.execute(select(officer).where(mine)).mappings().first()
    holds = password_holds(password, _NOBODY if row is None else row["password"])
    if row is None or row["disabled"] or row["locked_until"] > now:
        return False
    if not holds:
        tries = row["failed_tries"] + 1
        locked = now + LOCK_SECONDS if tries >= MAX_TRIES else 0
        connection.execute(update(officer).where(mine).values(failed_tries=tries % MAX_TRIES, locked_until=locked))
        return False
    connection.execute(update(officer).where(mine).values(failed_tries=0, locked_until=0))
    return True


def _open_session(connection: Connection, area: AreaId, login: str, now: int) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(delete(web_session).where(web_session.c.area == area, web_session.c.expires_at < now))
    row = {"area": area, "token": _token_hash(token), "login": login, "csrf": secrets.token_urlsafe(32)}
    connection.execute(insert(web_session).values(**row, expires_at=now + SESSION_SECONDS))
    return token


def who(connection: Connection, area: AreaId, token: str) -> SignedIn | None:
    """Who stands behind a cookie, or None when it is unknown or has expired."""
    same = (officer.c.area == web_session.c.area) & (officer.c.login == web_session.c.login)
    mine = (web_session.c.area == area) & (web_session.c.token == _token_hash(token))
    alive = (web_session.c.expires_at > ids.now(connection)) & officer.c.disabled.is_(False)
    columns = (officer.c.login, officer.c.full_name, officer.c.role, web_session.c.csrf)
    row = connection.execute(select(*columns).select_from(web_session.join(officer, same)).where(mine & alive)).first()
    return None if row is None else SignedIn(row[0], row[1], OfficerRole(row[2]), row[3])


def sign_out(connection: Connection, area: AreaId, token: str) -> None:
    """End a session."""
    mine = (web_session.c.area == area) & (web_session.c.token == _token_hash(token))
    connection.execute(delete(web_session).where(mine))


def note(connection: Connection, area: AreaId, who_did: str, action: str, detail: str) -> None:
    """Remember what an officer did. The audit is only ever added to."""
    row = {
        "area": area,
        "id": ids.fresh("A-"),
        "at": ids.now(connection),
        "who": who_did,
        "action": action,
        "detail": detail,
    }
    connection.execute(insert(audit).values(**row))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_NOBODY = hash_password(secrets.token_urlsafe(24))
