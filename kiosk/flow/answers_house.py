"""What the desk answers on the screens around a household."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import Household, OperationId, RouteRow


@dataclass(frozen=True, slots=True)
class HousePlanned:
    """The plan is kept; the household and the route as they stand now."""

    operation: OperationId
    household: Household
    rows: tuple[RouteRow, ...]
