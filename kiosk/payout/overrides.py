"""How far an override may go (chi đặc cách, plan §6): caps for one sum, one agent's day, one recipient.

Somebody is paid here whom no chip proves, so the sum is small, the agent's day is bounded, and whoever is paid this
way again and again has to have the card put right. The district sets every cap, and counts again over all devices.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.payout.evidence import Override
from kiosk.payout.names import OperatorId, PersonId, RefusalKey, UnixSeconds, Vnd
from kiosk.payout.paylist import Policy
from kiosk.payout.states import PayoutState, Standing, Status

DAY_SECONDS = 86_400
VIETNAM_SECONDS = 7 * 3_600
RECENT_SECONDS = 92 * DAY_SECONDS
"""Three months: so far back a recipient's overrides count."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One payout that would go out without a chip."""

    override: Override
    total: Vnd
    recipient: PersonId
    operator: OperatorId
    at: UnixSeconds


def override_refusal(wanted: Wanted, policy: Policy, standing: Standing) -> RefusalKey | None:
    """Why this override may not be, or None. What was reversed or voided does not count."""
    if policy.override_cap <= 0:
        return RefusalKey.OVERRIDE_NOT_ALLOWED
    if wanted.override.given_by == wanted.operator:
        return RefusalKey.OVERRIDE_NOT_SUPERVISOR
    if wanted.total > policy.override_cap:
        return RefusalKey.OVERRIDE_OVER_CAP
    before = [each for each in standing.payouts.values() if each.overridden and each.status is Status.COMPLETED]
    if sum(each.total for each in before if _same_day(each, wanted)) + wanted.total > policy.override_day_cap:
        return RefusalKey.OVERRIDE_OVER_DAY_CAP
    recent = sum(
        each.recipient == wanted.recipient and wanted.at - each.authorised_at < RECENT_SECONDS for each in before
    )
    return RefusalKey.OVERRIDE_TOO_OFTEN if recent >= policy.override_times else None


def _same_day(paid: PayoutState, wanted: Wanted) -> bool:
    return paid.operator == wanted.operator and vietnam_day(paid.authorised_at) == vietnam_day(wanted.at)


def vietnam_day(at: UnixSeconds) -> int:
    """The number of the calendar day in Vietnam, which keeps UTC+7 all year."""
    return (at + VIETNAM_SECONDS) // DAY_SECONDS
