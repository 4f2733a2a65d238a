"""Which hour it is, and whether that is proven: a wrong clock must not pay (plan §5, time).

The rules never read a clock. They are handed a `TrustedTime`, so that a clock that stopped, was
set back or jumped ahead is a value like any other and can be tested like one.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.payout.names import UnixSeconds


@dataclass(frozen=True, slots=True)
class TrustedTime:
    """The hour as the rules may use it, in Unix seconds.

    ``proven``: a clock chip that kept running, GNSS, a modem, fresh district time, or the date the
    operator entered (`ClockSet`). ``floor``: the last hour that is certain to have passed.
    """

    now: UnixSeconds
    proven: bool
    floor: UnixSeconds
