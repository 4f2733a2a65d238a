"""The screens of a payout without a card with people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.flow import screens as sc
from kiosk.flow import screens_override as so
from kiosk.flow.values import (
    CardTrouble,
    Face,
    Frame,
    Offer,
    OperationId,
    OperatorId,
    OperatorName,
    RefusalKey,
    Shift,
)
from kiosk.flow.values_override import Override
from kiosk.payout.names import OverrideReason

SUPERVISORS = (
    OperatorName(OperatorId("lan"), "Nguyễn Trần Phương Lan"),
    OperatorName(OperatorId("son"), "Lý Sơn"),
    OperatorName(OperatorId("cuc"), "Đinh Thị Kim Cúc"),
)


def override(offer: Offer) -> Override:
    """An override that waits for somebody to agree."""
    return Override(OverrideReason.CHIP_BROKEN, offer, "TUI-TRUNG-HOA-07", "271828314159", SUPERVISORS)


def screens(here: Frame, shift: Shift, visit: sc.Visit, offer: Offer, face: Face) -> Iterator[tuple[str, sc.Screen]]:
    """Every kind of screen of this way."""
    open_shift, asked = replace(shift, override=True), override(offer)
    place = (here, open_shift, visit, asked)
    yield "laycard-override", sc.LayCard(here, open_shift, visit)
    yield "refused-override", sc.RefusedScreen(here, open_shift, visit, RefusalKey.LEVEL_TOO_LOW, exact=True)
    yield "override-why", so.OverrideWhy(here, open_shift, visit)
    yield "override-witness", so.OverrideWitness(here, open_shift, visit, OverrideReason.CARD_LOST)
    yield "override-consent", so.OverrideConsent(*place)
    yield "override-telephone-only", so.OverrideConsent(here, open_shift, visit, replace(asked, supervisors=()))
    yield "override-say", so.OverrideSay(*place)
    yield "override-code", so.OverrideCode(*place, "48102773")
    yield "override-code-wrong", so.OverrideCode(*place, "", RefusalKey.OVERRIDE_OTHER_DEVICE)
    yield "override-code-locked", so.OverrideCode(*place, "", RefusalKey.OVERRIDE_CODE_LOCKED)
    yield "override-who", so.ChooseSupervisor(*place)
    yield "override-card", so.SupervisorCard(*place, SUPERVISORS[0])
    yield "override-card-reading", so.SupervisorCard(*place, SUPERVISORS[0], OperationId(7))
    yield (
        "override-card-other",
        so.SupervisorCard(replace(here, card_present=True), *place[1:], SUPERVISORS[0], None, CardTrouble.OTHER_CARD),
    )
    yield "override-face", so.SupervisorFace(*place, SUPERVISORS[0], face, OperationId(7))
