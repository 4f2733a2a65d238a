"""The faults of the printer package, as one small tree.

What a printer can *say* (no paper, cover open) is a value, see ``state.py``. Only what breaks the
conversation itself is an exception, and the driver turns each of these into an outcome.

    PrinterError
    ├── PortUnavailable   the port could not be opened: cable out, device gone, nobody listening
    ├── PortLost          an open port broke in the middle
    ├── PortStalled       the printer took no more bytes in time (buffer full, off line)
    └── LayoutError       blocks that cannot become paper (too long, unusable picture)
"""

from __future__ import annotations


class PrinterError(Exception):
    """Root of the tree. ``key`` is stable and language-free."""

    key = "printer_error"


class PortUnavailable(PrinterError):
    """The port could not be opened."""

    key = "port_unavailable"


class PortLost(PrinterError):
    """An open port broke."""

    key = "port_lost"


class PortStalled(PrinterError):
    """The printer accepted nothing for the time allowed. ``sent`` bytes of the call had gone out."""

    key = "port_stalled"

    def __init__(self, message: str, sent: int) -> None:
        super().__init__(message)
        self.sent = sent


class LayoutError(PrinterError):
    """The blocks cannot be laid out within the bounds of a page."""

    key = "layout_error"
