"""The screens of leases by telephone with people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow.values import Frame, Line, Named, OperationId, PersonId, Shift
from kiosk.flow.values_money import LeaseCode, LeaseRow

QR = "TNL1" + "AB2CD3EF4GH5IJ6KL7MNOPQRSTUVWXYZ" * 6 + "AB2CD3EF4GH5IJ6K"
"""As long as one of a device with a long name."""


def lease_row(person: Named, lines: tuple[Line, ...]) -> LeaseRow:
    """Somebody whose right to be paid lies here."""
    return LeaseRow(person, "Ấp Trung Hòa, số 12, đường Cầu Kênh", lines, "KIOSK-TRUNG-HOA")


def screens(here: Frame, shift: Shift, person: Named, lines: tuple[Line, ...]) -> Iterator[tuple[str, sc.Screen]]:
    """Every kind of screen of this way."""
    row = lease_row(person, lines)
    codes = tuple(LeaseCode(line, "481027739156", QR) for line in lines)
    people = (replace(person, id=PersonId(f"q{number}")) for number in range(5))
    rows = tuple(replace(row, recipient=each, given=each.id == "q1") for each in people)
    yield "leases", sl.ChooseRelease(here, shift, rows)
    yield "leases-none", sl.ChooseRelease(here, shift, ())
    yield "release", sl.ConfirmRelease(here, shift, row)
    yield "release-again", sl.ConfirmRelease(here, shift, replace(row, given=True))
    yield "release-nobody", sl.ConfirmRelease(here, shift, replace(row, stand_in=""))
    yield "codes", sl.ReleaseCodes(here, shift, row, codes)
    yield "codes-one", sl.ReleaseCodes(here, shift, row, codes[:1])
    yield "codes-no-qr", sl.ReleaseCodes(here, shift, row, (replace(codes[0], qr=""),))
    yield "codes-many", sl.ReleaseCodes(here, shift, row, codes * 2)
    yield "codes-printing", sl.ReleaseCodes(here, shift, row, codes, OperationId(7))
    yield "number", sl.TypeCitizen(here, shift, "07904100")
    yield "code", sl.TypeCode(here, shift, "079041000317", "481027739156")
    yield "lease-taken", sl.LeaseTaken(here, shift, row, "079041000317")
