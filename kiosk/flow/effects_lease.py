"""What the screens of leases ask of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import OperationId, PersonId


@dataclass(frozen=True, slots=True)
class ListLeases:
    """-> LeasesListed. Whose right to be paid lies on this device."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class ReleaseLeases:
    """-> LeasesReleased | Refused | Failed. Durable before a code appears; asked again it only shows the codes."""

    operation: OperationId
    recipient: PersonId


@dataclass(frozen=True, slots=True)
class TakeLease:
    """-> LeaseGot | Refused | Failed. Takes 20 to 40 ms for each record that waits for this person."""

    operation: OperationId
    number: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanLease:
    """-> LeaseGot | Refused | Failed. The same as ``TakeLease`` by the QR of the device that gives over."""

    operation: OperationId
    scanned: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintCodes:
    """-> Printed. A slip for each code that was shown last."""

    operation: OperationId


LeaseEffect = ListLeases | ReleaseLeases | TakeLease | ScanLease | PrintCodes
