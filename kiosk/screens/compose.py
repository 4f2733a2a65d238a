"""From a screen's value to its page: one table, held complete by a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.flow import screens as sc
from kiosk.screens import (
    pages_cash,
    pages_close,
    pages_door,
    pages_face,
    pages_house,
    pages_in,
    pages_keys,
    pages_lease,
    pages_money,
    pages_offer,
    pages_override,
    pages_said,
    pages_visit,
    pages_wish,
)
from kiosk.screens.page import Page
from kiosk.screens.theme import Panel

PAGES: dict[type, Callable[[Any, Panel], Page]] = {
    sc.Idle: pages_in.idle,
    sc.ChooseOperator: pages_in.choose_operator,
    sc.EnterPin: pages_in.enter_pin,
    sc.NewPin: pages_keys.new_pin,
    sc.SetDate: pages_in.set_date,
    sc.Halted: pages_close.halted,
    sc.UncertainFound: pages_in.uncertain_found,
    sc.UncertainCount: pages_in.uncertain_count,
    sc.UncertainDecide: pages_in.uncertain_decide,
    sc.CountFloat: pages_in.count_float,
    sc.ChooseSource: pages_in.choose_source,
    sc.Route: pages_visit.route,
    sc.AtDoor: pages_door.at_door,
    sc.AtHouse: pages_house.at_house,
    sc.Pick: pages_house.pick,
    sc.Disputed: pages_said.disputed,
    sc.SlipOut: pages_said.slip_out,
    sc.Queue: pages_house.queue,
    sc.TypeNumber: pages_house.type_number,
    sc.TypeWords: pages_house.type_words,
    sc.LayCard: pages_visit.lay_card,
    sc.Reading: pages_visit.reading,
    sc.ConfirmFace: pages_face.confirm_face,
    sc.ShowOffer: pages_offer.show_offer,
    sc.UnpaidReasonScreen: pages_visit.unpaid_reason,
    sc.RefusedScreen: pages_visit.refused,
    sc.TakeCard: pages_visit.take_card,
    sc.HandOverCash: pages_cash.hand_over,
    sc.Sign: pages_cash.sign,
    sc.CannotSignReason: pages_cash.cannot_sign,
    sc.ChooseWitness: pages_cash.choose_witness,
    sc.Paid: pages_cash.paid,
    sc.VoidReasonScreen: pages_cash.void_reason,
    sc.VoidShown: pages_cash.void_shown,
    sc.VoidCount: pages_cash.void_count,
    sc.CountClose: pages_close.count_close,
    sc.CloseVariance: pages_close.close_variance,
    sc.Closed: pages_close.closed,
    sc.TypeName: pages_in.type_name,
    sc.Menu: pages_close.menu,
    sc.SyncState: pages_close.sync_state,
    sc.UsbStick: pages_close.usb_stick,
    sc.ConfirmShutDown: pages_close.confirm_shut_down,
    sc.Waiting: pages_close.waiting,
    sc.FaultScreen: pages_close.fault,
    sc.HelpScreen: pages_close.help_screen,
    sc.StillThere: pages_close.still_there,
    **pages_money.PAGES,
    **pages_lease.PAGES,
    **pages_wish.PAGES,
    **pages_override.PAGES,
}


def compose(screen: sc.Screen, panel: Panel) -> Page:
    """The page of a screen on a panel."""
    return PAGES[type(screen)](screen, panel)
