"""What travels between a courier and its district, shared by both ends and versioned by its path.

Segments, attachments, bundles and checkpoints are opaque sealed bytes to this layer. What is said
about them is small JSON of closed words. A batch is a run of length-prefixed files in one body.

    POST /v1/areas/{area}/devices/{device}/segments      frames -> IntakeAnswer
    POST /v1/areas/{area}/devices/{device}/attachments   frames -> IntakeAnswer
    GET  /v1/areas/{area}/devices/{device}/bundle        -> bytes, 304 when the ETag is held
    GET  /v1/areas/{area}/devices/{device}/checkpoints/{epoch} -> bytes
    GET  /v1/areas/{area}/devices/{device}/orders        -> frames, 204 when none waits
    POST /v1/areas/{area}/enrolments/{id}                bytes -> 202 awaiting the officer, 200 grant
    POST /v1/areas/{area}/enrolments/{id}/certificate    PEM request -> PEM certificate
    GET  /v1/health, /v1/metrics
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from agent_sync.errors import BadAnswer

VERSION = "v1"
OCTETS = "application/octet-stream"
PEM = "application/x-pem-file"
MAX_BATCH_FILES = 64
MAX_BATCH_BYTES = 8 * 1024 * 1024
MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_JSON_BYTES = 256 * 1024


class FileOutcome(StrEnum):
    """What the district did with one file of a batch."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    """Kept behind a gap, until what comes before it arrives."""
    SET_ASIDE = "set_aside"
    """Genuine but unreadable: its bytes are kept and a case is open."""
    REFUSED = "refused"
    """Not from a device of this area, or damaged on the way: nothing was changed."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The answer for one file. ``digest`` is the SHA-256 of the bytes received."""

    digest: str
    outcome: FileOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IntakeAnswer:
    """The answer for a batch, in its order."""

    files: tuple[FileAnswer, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def segments_path(area: str, device: str) -> str:
    """Where segments go."""
    return f"/{VERSION}/areas/{area}/devices/{device}/segments"


def attachments_path(area: str, device: str) -> str:
    """Where attachments go."""
    return f"/{VERSION}/areas/{area}/devices/{device}/attachments"


def bundle_path(area: str, device: str) -> str:
    """Where the device's bundle is fetched."""
    return f"/{VERSION}/areas/{area}/devices/{device}/bundle"


def checkpoint_path(area: str, device: str, epoch: int) -> str:
    """Where the checkpoint of an epoch is fetched."""
    return f"/{VERSION}/areas/{area}/devices/{device}/checkpoints/{epoch}"


def orders_path(area: str, device: str) -> str:
    """Where the orders that wait for a device are fetched."""
    return f"/{VERSION}/areas/{area}/devices/{device}/orders"


def enrolment_path(area: str, secret_id: str) -> str:
    """Where an enrolment request goes and its grant comes from."""
    return f"/{VERSION}/areas/{area}/enrolments/{secret_id}"


def certificate_path(area: str, secret_id: str) -> str:
    """Where a courier gets the client certificate of its device."""
    return f"{enrolment_path(area, secret_id)}/certificate"


def pack(files: Sequence[bytes]) -> bytes:
    """One body from up to MAX_BATCH_FILES files: u32 length (big endian), bytes, and so on."""
    if len(files) > MAX_BATCH_FILES:
        raise ValueError("too many files for one batch")
    return b"".join(struct.pack(">I", len(each)) + each for each in files)


def unpack(body: bytes) -> tuple[bytes, ...]:
    """The files of a body. Raises ValueError for one that is cut, empty or holds too many."""
    files: list[bytes] = []
    at = 0
    while at < len(body):
        if len(files) == MAX_BATCH_FILES:
            raise ValueError("too many files in the batch")
        header = body[at : at + 4]
        if len(header) < 4:
            raise ValueError("the batch is cut off")
        (length,) = struct.unpack(">I", header)
        at += 4 + length
        if at > len(body):
            raise ValueError("the batch is cut off")
        files.append(body[at - length : at])
    if not files:
        raise ValueError("the batch is empty")
    return tuple(files)


def bounded(files: Iterable[bytes]) -> list[bytes]:
    """As many files from the front as fit one batch; always at least the first."""
    taken: list[bytes] = []
    size = 0
    for each in files:
        size += len(each) + 4
        if taken and (size > MAX_BATCH_BYTES or len(taken) == MAX_BATCH_FILES):
            break
        taken.append(each)
    return taken


def read_answer(text: bytes) -> IntakeAnswer:
    """Parse the district's answer to a batch. Raises BadAnswer."""
    try:
        value = json.loads(text[: MAX_JSON_BYTES + 1])
        files = [_file_answer(each) for each in value["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadAnswer("the answer to a batch cannot be read") from error
    return IntakeAnswer(tuple(files))


def _file_answer(value: dict[str, Any]) -> FileAnswer:
    return FileAnswer(str(value["digest"]), FileOutcome(value["outcome"]), str(value["reason"])[:200])
