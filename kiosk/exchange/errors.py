"""What can be wrong with a file from outside: one tree, and a closed key for each reason.

    ExchangeError
    ├── BadBytes      not a file of ours: malformed, truncated, too large, unknown kind or suite
    ├── NotTrusted    signature, digest, seal or MAC does not hold
    ├── NotForUs      genuine, but for another area, device, epoch or mode
    ├── OutOfOrder    genuine and for us, but older than what is held, or with a hole
    └── SpoolFault    the disk could not keep it

Whoever catches one records its `key`; nothing of the refused file has taken effect.
"""

from __future__ import annotations

from enum import StrEnum


class FaultKey(StrEnum):
    """Every reason why something from outside is refused."""

    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_SUITE = "unknown_suite"
    FOREIGN_SIGNATURE = "foreign_signature"
    SWAPPED_CIPHERTEXT = "swapped_ciphertext"
    NOT_OPENED = "not_opened"
    MAC_MISMATCH = "mac_mismatch"
    WRONG_DIGEST = "wrong_digest"
    WRONG_AREA = "wrong_area"
    WRONG_DEVICE = "wrong_device"
    WRONG_EPOCH = "wrong_epoch"
    WRONG_MODE = "wrong_mode"
    WRONG_DISTRICT = "wrong_district"
    OLDER_VERSION = "older_version"
    OLDER_INCARNATION = "older_incarnation"
    OLDER_REVOCATION = "older_revocation"
    REPLAYED = "replayed"
    GAP = "gap"
    BROKEN_CHAIN = "broken_chain"
    EXPIRED = "expired"
    DISK_FULL = "disk_full"
    DISK_FAILED = "disk_failed"
    SPOOL_FULL = "spool_full"


class ExchangeError(Exception):
    """A file or message from outside was refused. ``key`` says why, for journal and words."""

    def __init__(self, key: FaultKey, detail: str = "") -> None:
        super().__init__(f"{key.value}: {detail}" if detail else key.value)
        self.key = key
        self.detail = detail


class BadBytes(ExchangeError):
    """These bytes are no message of this protocol."""


class NotTrusted(ExchangeError):
    """The bytes are well formed, but no key that we trust stands behind them."""


class NotForUs(ExchangeError):
    """Genuine, but meant for another area, device, epoch or mode."""


class OutOfOrder(ExchangeError):
    """Genuine and for us, but older than what is held, or with a hole before it."""


class SpoolFault(ExchangeError):
    """The file could not be kept on or taken from the disk."""
