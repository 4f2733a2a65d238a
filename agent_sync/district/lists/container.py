"""Opens the zip of an .xlsx within bounds, and says what a file is when it is not one.

Lists come by mail and USB stick from many offices. A file may be an old .xls with a new name, an
HTML page saved as Excel, or a bomb of a few kilobytes that unpacks to gigabytes; each gets one
clear answer before anything is parsed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agent_sync.district.lists.errors import UnreadableWorkbook
from agent_sync.district.lists.findings import FileErrorKind

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_ENTRIES: Final = 2_000
MAX_UNPACKED_BYTES: Final = 48 * 1024 * 1024
"""For all parts that are read together; a list of 20,000 people needs about 15 MiB."""
MAX_RATIO: Final = 250
"""Unpacked to packed size of one part above a mebibyte; real sheets reach about 60."""
_CHUNK: Final = 256 * 1024
_MEBIBYTE: Final = 1024 * 1024

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BAD_ZIP: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(slots=True)
class Container:
    """An opened workbook file; counts what it has unpacked so that all parts share one bound."""

    archive: zipfile.ZipFile
    unpacked: int = 0

    def has(self, name: str) -> bool:
        """Whether the part exists."""
        return name in self.archive.NameToInfo

    def read(self, name: str) -> bytes:
        """The unpacked part. Raises UnreadableWorkbook if it is missing, broken or too large."""
        info = self.archive.NameToInfo.get(name)
        if info is None:
            raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, f"{name} is missing")
        if info.flag_bits & 1:
            raise UnreadableWorkbook(FileErrorKind.ENCRYPTED)
        out = io.BytesIO()
        try:
            with self.archive.open(info) as part:
                while chunk := part.read(_CHUNK):
                    self._count(len(chunk), out.tell() + len(chunk), info.compress_size)
                    out.write(chunk)
        except _BAD_ZIP as fault:
            raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK, name) from fault
        return out.getvalue()

    def _count(self, more: int, part: int, packed: int) -> None:
        # Declared sizes can lie: only what really came out of the stream counts.
        self.unpacked += more
        too_dense = part > _MEBIBYTE and part > MAX_RATIO * max(packed, 1)
        if self.unpacked > MAX_UNPACKED_BYTES or too_dense:
            raise UnreadableWorkbook(FileErrorKind.UNPACKS_TOO_LARGE)


def open_container(path: Path) -> Container:
    """Open an .xlsx or .xlsm. Raises UnreadableWorkbook with what the file is instead."""
    data = _read_bounded(path)
    if not data:
        raise UnreadableWorkbook(FileErrorKind.EMPTY_FILE)
    if not data.startswith(b"PK"):
        raise UnreadableWorkbook(_other_kind(data))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BAD_ZIP as fault:
        raise UnreadableWorkbook(FileErrorKind.BROKEN_WORKBOOK) from fault
    names = archive.namelist()
    if len(names) > MAX_ENTRIES:
        raise UnreadableWorkbook(FileErrorKind.UNPACKS_TOO_LARGE, f"{len(names)} entries")
    if "xl/workbook.xml" not in names and "_rels/.rels" not in names:
        raise UnreadableWorkbook(FileErrorKind.OTHER_DOCUMENT)
    if "xl/workbook.bin" in names:
        raise UnreadableWorkbook(FileErrorKind.BINARY_WORKBOOK)
    if any(name.startswith(("word/", "ppt/", "content.xml")) for name in names):
        raise UnreadableWorkbook(FileErrorKind.OTHER_DOCUMENT)
    return Container(archive)


def _read_bounded(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableWorkbook(FileErrorKind.NOT_FOUND)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as fault:
        raise UnreadableWorkbook(FileErrorKind.NOT_FOUND) from fault
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableWorkbook(FileErrorKind.TOO_LARGE)
    return data


def _other_kind(data: bytes) -> FileErrorKind:
    if data.startswith(_OLE):
        # A workbook with a password is an OLE file that holds an "EncryptedPackage" stream.
        locked = "EncryptedPackage".encode("utf-16-le") in data
        return FileErrorKind.ENCRYPTED if locked else FileErrorKind.OLD_XLS
    if data.startswith(b"%PDF"):
        return FileErrorKind.PDF
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"<style")):
        return FileErrorKind.HTML
    return FileErrorKind.CSV if _looks_like_text(data[:4096]) else FileErrorKind.NOT_A_WORKBOOK


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in head and any(mark in head for mark in (b",", b";", b"\t")) and b"\n" in head
