"""The courier's own folder: where it may go, and the TLS key that lets it in. No key of the store.

courier.json    area, device, epoch, address of the district
ca.pem          the area's CA          client.key, client.pem   the outer gate
bundle.tag      ETag of the last bundle that was placed
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from agent_sync.errors import BadHome
from kiosk.durable import write_whole
from kiosk.exchange.shapes import is_id

MAX_CONFIG = 10_000
SHARED_SPOOL = Path("/var/lib/tannha/spool")


@dataclass(frozen=True, slots=True)
class Link:
    """To which district this device belongs."""

    url: str
    area: str
    device: str
    epoch: int


@dataclass(frozen=True, slots=True)
class CourierHome:
    """An enrolled courier's folder and the spool it serves."""

    folder: Path
    spool: Path
    link: Link

    @property
    def out(self) -> Path:
        """Read only: the kiosk deletes here."""
        return self.spool / "out"

    @property
    def inbox(self) -> Path:
        """Where fetched files are renamed to."""
        return self.spool / "in"

    @property
    def status(self) -> Path:
        """The unsigned hint for the screen."""
        return self.spool / "status.json"

    @property
    def stick_hint(self) -> Path:
        """The unsigned hint of what a USB stick is doing."""
        return self.spool / "stick.json"

    @property
    def ca(self) -> Path:
        """The area's CA."""
        return self.folder / "ca.pem"

    @property
    def client(self) -> tuple[Path, Path] | None:
        """(certificate, key), or None while the district has signed none."""
        pair = (self.folder / "client.pem", self.folder / "client.key")
        return pair if all(each.exists() for each in pair) else None

    def bundle_tag(self) -> str:
        """ETag of the newest bundle that was placed; empty when unknown."""
        try:
            return (self.folder / "bundle.tag").read_text(encoding="ascii")[:200]
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def keep_bundle_tag(self, tag: str) -> None:
        """Remember it: losing it costs one download."""
        write_whole(self.folder / "bundle.tag", tag.encode("ascii", "replace"))


def spool_of(folder: Path, given: Path | None) -> Path:
    """The spool to serve: the one given, the home's own, or the device's shared one."""
    if given is not None:
        return given
    own = folder / "spool"
    return own if own.is_dir() else SHARED_SPOOL


def save(folder: Path, link: Link) -> None:
    """Write courier.json whole."""
    write_whole(folder / "courier.json", json.dumps(asdict(link), indent=2, sort_keys=True).encode() + b"\n")


def moved(home: CourierHome, epoch: int) -> CourierHome:
    """The home once the kiosk writes in a newer epoch: remembered, for the spool is empty when all is backed up."""
    there = replace(home, link=replace(home.link, epoch=epoch))
    save(home.folder, there.link)
    return there


def write_key(path: Path, data: bytes) -> None:
    """A private key that only its owner can read, replacing an older one."""
    part = path.with_name(path.name + ".new")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def load(folder: Path, spool: Path | None = None) -> CourierHome:
    """Read an enrolled courier's folder. Raises BadHome."""
    path = folder / "courier.json"
    try:
        with path.open("rb") as stream:
            raw = json.loads(stream.read(MAX_CONFIG + 1))
        link = Link(str(raw["url"]), str(raw["area"]), str(raw["device"]), int(raw["epoch"]))
    except FileNotFoundError as error:
        raise BadHome(f"this courier is not enrolled: no {path.name} in {folder}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHome(f"{path.name} is damaged") from error
    if not (is_id(link.area) and is_id(link.device) and link.url.startswith("https://")):
        raise BadHome(f"{path.name} is damaged")
    return CourierHome(folder, spool_of(folder, spool), link)
