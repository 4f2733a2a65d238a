"""The desk of a device that the district has wiped: no keys, no store, nothing to do but to say so at every start.

What the courier still carries lies sealed in the outbox. A wipe that a power cut left half done is finished here.
"""

from __future__ import annotations

import threading

from kiosk.desk import orders
from kiosk.desk.owner import Owner
from kiosk.flow import effects as ef
from kiosk.settings import Settings

TICK_SECONDS = 1.0


class EndedDesk:
    """In the place of a desk: answers nothing, and lives."""

    def __init__(self, settings: Settings, owner: Owner) -> None:
        self._settings, self._owner = settings, owner
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Finish the wipe, and tell the screens."""
        self._owner.post(orders.destroy(self._settings))
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self._thread.join(timeout=20)

    def perform(self, effect: ef.Effect) -> None:
        """There is nothing left to do anything with."""

    def _run(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            self._owner.desk_alive()
