"""Faults of the district server, as one small tree.

What a device sends is never a fault: it is kept, and at worst opens a case (M6). Faults are bad
input by an officer, a home folder that is not one, and things a person is not permitted to do.
"""

from __future__ import annotations


class DistrictError(Exception):
    """Any fault of the district. ``exit_code`` follows the plan, §8."""

    key = "district_error"
    exit_code = 1


class BadInput(DistrictError):
    """What was given cannot be used: a file, a name, a number."""

    key = "bad_input"
    exit_code = 2


class BadHome(BadInput):
    """The home folder is missing, incomplete or malformed."""

    key = "bad_home"


class Unknown(BadInput):
    """No such device, operator, period or case in this area."""

    key = "unknown"


class NotPermitted(DistrictError):
    """The rules or the mode forbid it."""

    key = "not_permitted"
    exit_code = 3
