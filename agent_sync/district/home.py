"""The district's home folder: its settings and its keys, made once by `tannha-district init`.

The mode is fixed here for good (M8). Keys are files that only the server's user can read; several
stateless processes share one home. The intake key is kept apart because it is rotated monthly.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent_sync.district import tls
from agent_sync.district.errors import BadHome, BadInput, NotPermitted
from kiosk.payout.names import AreaId, Mode

AREA = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
MAX_CONFIG_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What init decided, and what an administrator may edit later (not the area, not the mode)."""

    area: AreaId
    mode: Mode
    database: str
    hosts: tuple[str, ...]
    url: str
    complaint_phone: str = ""
    place: str = ""
    receipt_page: str = ""
    """Where the public reaches the page that checks receipts, when that is not ``url``."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The district's keys. Bytes are raw 32-byte private keys; TLS material is PEM."""

    signing: Ed25519PrivateKey
    intake: tuple[X25519PrivateKey, ...]
    """Newest first; segments sealed for an older one still open until it is destroyed."""
    ca: tls.KeyAndCertificate
    pepper: bytes
    """Secret of this district for ids and claims that must not be guessed (32 bytes)."""

    @property
    def signing_public(self) -> bytes:
        """The 32 bytes by which every kit knows this district."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def intake_public(self) -> bytes:
        """The 32 bytes for which kits seal what they send now."""
        return self.intake[0].public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class Home:
    """A district's folder, loaded."""

    folder: Path
    settings: Settings
    keys: Keys

    @property
    def area(self) -> AreaId:
        """The one area of this home."""
        return self.settings.area

    @property
    def server_key(self) -> Path:
        """PEM file for TLS."""
        return self.folder / "keys" / "server.key"

    @property
    def server_certificate(self) -> Path:
        """PEM file for TLS."""
        return self.folder / "keys" / "server.pem"

    @property
    def ca_certificate(self) -> Path:
        """PEM file that kits and couriers trust."""
        return self.folder / "keys" / "ca.pem"


def create(folder: Path, settings: Settings) -> Home:
    """Make the folder and every key. Raises NotPermitted when a district lives there already."""
    if not AREA.fullmatch(settings.area):
        raise BadInput("an area is named by 2 to 39 of a-z, 0-9 and -")
    if (folder / "district.json").exists():
        raise NotPermitted(f"a district lives in {folder.name} already; its mode and keys are fixed")
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)
    _write_private(keys / "signing.key", secrets.token_bytes(32))
    _write_private(keys / "intake-1.key", X25519PrivateKey.generate().private_bytes_raw())
    _write_private(keys / "pepper.key", secrets.token_bytes(32))
    ca = tls.make_ca(settings.area)
    server = tls.make_server(ca, settings.hosts)
    for name, pair in (("ca", ca), ("server", server)):
        _write_private(keys / f"{name}.key", pair.key)
        (keys / f"{name}.pem").write_bytes(pair.certificate)
    save_settings(folder, settings)
    return load(folder)


def save_settings(folder: Path, settings: Settings) -> None:
    """Write district.json. Area and mode are what they were: callers only ever replace the rest."""
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / "district.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Home:
    """Read a home. Raises BadHome when it is none or is damaged."""
    path = folder / "district.json"
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise BadHome("district.json is too large")
        settings = _settings(json.loads(path.read_text(encoding="utf-8")))
        return Home(folder, settings, _keys(folder / "keys"))
    except FileNotFoundError as error:
        raise BadHome(f"no district in {folder}: run tannha-district init first") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHome(f"the home of the district is damaged: {error}") from error


def default_hosts() -> tuple[str, ...]:
    """Names under which this machine is reached, for the server's certificate."""
    return tuple(dict.fromkeys((*LOCAL_HOSTS, socket.gethostname())))


def rotate_intake(home: Home) -> Path:
    """Make a new intake key; older ones stay until ``destroy_intake`` says all is processed."""
    newest = max(_intake_number(path) for path in _intake_files(home.folder / "keys"))
    path = home.folder / "keys" / f"intake-{newest + 1}.key"
    _write_private(path, X25519PrivateKey.generate().private_bytes_raw())
    return path


def destroy_old_intake(home: Home) -> int:
    """Overwrite and remove every intake key but the newest; how many."""
    old = _intake_files(home.folder / "keys")[1:]
    for path in old:
        path.write_bytes(secrets.token_bytes(32))
        path.unlink()
    return len(old)


def _intake_files(keys: Path) -> list[Path]:
    found = sorted(keys.glob("intake-*.key"), key=_intake_number, reverse=True)
    if not found:
        raise BadHome("the intake key is missing")
    return found


def _intake_number(path: Path) -> int:
    return int(path.stem.removeprefix("intake-"))


def _settings(value: Any) -> Settings:
    hosts = tuple(str(host) for host in value["hosts"])
    return Settings(
        area=AreaId(str(value["area"])),
        mode=Mode(value["mode"]),
        database=str(value["database"]),
        hosts=hosts,
        url=str(value["url"]),
        complaint_phone=str(value.get("complaint_phone", "")),
        place=str(value.get("place", "")),
        receipt_page=str(value.get("receipt_page", "")),
    )


def _keys(folder: Path) -> Keys:
    intake = tuple(X25519PrivateKey.from_private_bytes(path.read_bytes()) for path in _intake_files(folder))
    ca = tls.KeyAndCertificate((folder / "ca.key").read_bytes(), (folder / "ca.pem").read_bytes())
    signing = Ed25519PrivateKey.from_private_bytes((folder / "signing.key").read_bytes())
    return Keys(signing, intake, ca, (folder / "pepper.key").read_bytes())


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
