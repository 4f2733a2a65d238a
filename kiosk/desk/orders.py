"""Doing what the district ordered, each order once: its serial stands in the fact that it leads to (plan §5).

An order that cannot be done yet stays in the inbox: a new epoch waits for the counted drawer, an end for the
payout that is under way on the table.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import assert_never

from kiosk.desk import enrolled
from kiosk.desk.books import Books
from kiosk.desk.halts import Halts
from kiosk.exchange import orders as xo
from kiosk.flow import events as ev
from kiosk.flow.halt import Halt
from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.names import Sequence
from kiosk.settings import Settings
from kiosk.vault.wipe import wipe

log = logging.getLogger("tannha.orders")
WIPE = "wipe"


def take(books: Books, halts: Halts, header: xo.OrderHeader, order: xo.Order) -> bool:
    """Do it, durably; False when it has to wait. Raises what the store raises."""
    match order:
        case xo.FloorReset(floor):
            halts.lower_floor(floor)
            books.write(j.FloorLowered(header.serial, floor))
            return True
        case xo.NewEpoch():
            return _open_epoch(books, halts, header, order)
        case xo.DeviceRevoked(wipe):
            return _end(books, header, wipe=wipe)
        case _ as unknown:
            assert_never(unknown)


def _open_epoch(books: Books, halts: Halts, header: xo.OrderHeader, order: xo.NewEpoch) -> bool:
    """The old journal ends where it stands; the new one carries what either side knows."""
    halts.close_first = not epochs.is_settled(books.standing)
    if halts.close_first:
        return False
    previous = (order.previous_epoch, order.previous_head)
    books.open_epoch(order.epoch, epochs.opening(books.standing, header.serial, previous, order.paid, order.spent))
    books.halted, books.booted_at = None, Sequence(0)
    return True


def _end(books: Books, header: xo.OrderHeader, *, wipe: bool) -> bool:
    """Nothing is paid from here on. A wipe is remembered first: a power cut must not make it forgotten."""
    if books.standing.open_payout is not None:
        return False
    if wipe:
        books.store.keep(WIPE, b"1")
    books.write(j.DeviceStopped(header.serial, wipe))
    return True


def must_be_wiped(books: Books) -> bool:
    """The end that was ordered includes keys and store."""
    return books.standing.stopped and books.store.kept(WIPE) is not None


def destroy(settings: Settings) -> ev.Event:
    """Keys first, then store and inbox; the outbox stays. Raises VaultDisk when a key could not be destroyed.

    What is left says whose device it was and that it ended: the next start goes on from there, without a sign-in.
    """
    device = enrolled.load(settings.slots)
    enrolled.save(settings.slots, replace(device, operators=(), escrow_keys=(), ended=True))
    keys = [each for each in settings.slots.iterdir() if each.name != enrolled.NAME]
    gone = wipe(keys, [settings.store.parent, settings.inbox])
    log.warning("ended by the district's order: %d files destroyed, left: %s", gone.removed, gone.left)
    return ev.StateSeen(halt=Halt.WIPED)
