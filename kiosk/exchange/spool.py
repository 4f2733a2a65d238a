"""The two folders between kiosk and courier: files appear whole or not at all.

The kiosk writes to `out` and deletes there after a checkpoint; the courier only reads it. The
courier renames files into `in`; the kiosk consumes them. Names say what a file is, so neither
side needs the other's database. A name from outside is matched, never used as a path.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk import durable
from kiosk.exchange.envelope import MAX_FILE
from kiosk.exchange.errors import BadBytes, FaultKey, SpoolFault
from kiosk.exchange.segment import SegmentHeader
from kiosk.payout.names import Digest, Epoch, Sequence

MAX_FILES = 20_000
MAX_INBOX_FILES = 500
WAKE = "wake"


class FileKind(StrEnum):
    """First letter of a spool file's name."""

    SEGMENT = "s"
    ATTACHMENT = "a"
    BUNDLE = "b"
    CHECKPOINT = "c"
    ORDER = "o"
    ENROLMENT = "e"


_NAME = re.compile(r"([sabcoe])-([0-9a-z-]{1,120})\.tn")
_SEGMENT = re.compile(r"s-([0-9]{6})-([0-9]{10})-([0-9]{10})-[0-9a-f]{16}\.tn")


@dataclass(frozen=True, slots=True)
class SpoolFile:
    """A file that lies in a spool folder."""

    kind: FileKind
    path: Path

    @property
    def name(self) -> str:
        """Its name without the folder."""
        return self.path.name


class Outbox:
    """What waits to be sent. Folder: ``spool/out``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_segment(self, data: bytes, header: SegmentHeader) -> SpoolFile:
        """Keep a sealed segment. Durable on return. Raises SpoolFault."""
        return _put(self.folder, segment_name(header), data)

    def put_attachment(self, data: bytes, digest: Digest) -> SpoolFile:
        """Keep a sealed attachment under its digest; the same one twice is kept once."""
        return _put(self.folder, f"a-{digest}.tn", data)

    def put_enrolment(self, data: bytes, ticket: str) -> SpoolFile:
        """Keep an enrolment request for the courier to post."""
        return _put(self.folder, f"e-{ticket}.tn", data)

    def files(self) -> tuple[SpoolFile, ...]:
        """All that waits, in the order in which it is to be sent: segments by place, then the rest."""
        return tuple(sorted(_files(self.folder, MAX_FILES), key=lambda f: (f.kind is not FileKind.SEGMENT, f.name)))

    def wake(self) -> None:
        """Ask the courier to try now instead of at the end of its pause: the touched file is no message."""
        with _disk():
            (self.folder / WAKE).touch(mode=0o640)

    def woken_at(self) -> int:
        """When the kiosk last asked, in nanoseconds; 0 for never. The courier's side of `wake`."""
        try:
            return (self.folder / WAKE).stat().st_mtime_ns
        except OSError:
            return 0

    def acknowledge(self, epoch: Epoch, below: Sequence) -> int:
        """Delete segments of ``epoch`` that lie wholly below a sequence; how many. (M5: pass `backed_up`.)"""
        done = 0
        for each in self.files():
            place = segment_place(each.name)
            if place is not None and place[0] == epoch and place[2] < below:
                _remove(each.path)
                done += 1
        return done

    def forget(self, file: SpoolFile) -> None:
        """Delete one file whose content the district has confirmed (attachments, enrolment)."""
        _remove(file.path)


class Inbox:
    """What the courier brought. Folder: ``spool/in``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, kind: FileKind, name: str, data: bytes) -> SpoolFile:
        """Courier's side: place a file whole. ``name`` is digits, letters and dashes. Raises SpoolFault."""
        if len(_files(self.folder, MAX_INBOX_FILES)) >= MAX_INBOX_FILES:
            raise SpoolFault(FaultKey.SPOOL_FULL)
        return _put(self.folder, f"{kind.value}-{name}.tn", data)

    def files(self) -> tuple[SpoolFile, ...]:
        """All that came, sorted by name within each kind; foreign names are left alone."""
        return tuple(sorted(_files(self.folder, MAX_INBOX_FILES), key=lambda f: f.name))

    def consume(self, file: SpoolFile) -> None:
        """Delete a file that was taken in or refused."""
        _remove(file.path)


def segment_name(header: SegmentHeader) -> str:
    """``s-<epoch>-<first>-<last>-<head, 16 digits>.tn``, sortable by place."""
    return f"s-{header.epoch:06d}-{header.first:010d}-{header.last:010d}-{header.head_hash[:16]}.tn"


def segment_place(name: str) -> tuple[Epoch, Sequence, Sequence] | None:
    """(epoch, first, last) from a segment's file name, or None."""
    match = _SEGMENT.fullmatch(name)
    return None if match is None else (Epoch(int(match[1])), Sequence(int(match[2])), Sequence(int(match[3])))


def read(file: SpoolFile, limit: int = MAX_FILE) -> bytes:
    """A spool file's bytes. Raises BadBytes(TOO_LARGE) or SpoolFault."""
    with _disk():
        data = durable.read_bounded(file.path, limit)
    if data is None:
        raise BadBytes(FaultKey.TOO_LARGE, file.name)
    return data


def _put(folder: Path, name: str, data: bytes) -> SpoolFile:
    match = _NAME.fullmatch(name)
    if match is None:
        raise BadBytes(FaultKey.MALFORMED, "file name")
    if len(data) > MAX_FILE:
        raise BadBytes(FaultKey.TOO_LARGE, name)
    with _disk():
        durable.write_whole(folder / name, data, mode=0o640)
    return SpoolFile(FileKind(match[1]), folder / name)


def _files(folder: Path, limit: int) -> list[SpoolFile]:
    found: list[SpoolFile] = []
    with _disk(), os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match is not None and entry.is_file(follow_symlinks=False):
                found.append(SpoolFile(FileKind(match[1]), Path(entry.path)))
            if len(found) >= limit:
                break
    return found


def _remove(path: Path) -> None:
    with _disk():
        durable.remove(path)


@contextmanager
def _disk() -> Iterator[None]:
    """Turn what the operating system says into our tree."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise SpoolFault(FaultKey.DISK_FULL if full else FaultKey.DISK_FAILED, error.strerror or "") from error
