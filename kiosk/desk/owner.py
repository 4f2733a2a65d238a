"""Whoever runs a desk, as the desk and what belongs to it see them."""

from __future__ import annotations

from typing import Protocol

from kiosk.flow import events as ev


class Owner(Protocol):
    """Whoever runs the desk: takes its events, hears that it lives, and ends the process when the disk failed."""

    def post(self, event: ev.Event) -> None:
        """Hand an event to the flow. Called from the desk's and the reader's thread."""

    def desk_alive(self) -> None:
        """The worker went round once more."""

    def fatal(self, why: str) -> None:
        """Nothing may be retried after this: end the process and open the store anew."""
