"""Tells systemd that the kiosk lives: all of it, not only the thread that draws.

A frozen desk behind a moving picture is the worst kind of fault for the person in front of it. So the tick
goes out only while every named part has reported, and otherwise the unit's WatchdogSec restarts the kiosk;
M2 makes that restart harmless.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NewType

Seconds = NewType("Seconds", float)

_LONGEST_WATCHDOG = Seconds(3600.0)


@dataclass(frozen=True, slots=True)
class Notifier:
    """The manager's notification socket, sd_notify(3): a path, or an abstract name after ``@``."""

    address: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Notifier | None:
        """Read ``NOTIFY_SOCKET``; None when no manager asked to be told. Raises ValueError for an unusable address."""
        address = environment.get("NOTIFY_SOCKET", "")
        if not address:
            return None
        if address[0] not in "/@" or len(address.encode()) > 107:
            raise ValueError(f"NOTIFY_SOCKET is neither a path nor an abstract name: {address[:40]!r}")
        return cls(address)

    def send(self, message: str) -> None:
        """Send one datagram such as ``READY=1``. Raises OSError when the manager is gone."""
        name = "\0" + self.address[1:] if self.address[0] == "@" else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto(message.encode(), name)


def interval_from(environment: Mapping[str, str]) -> Seconds | None:
    """How often a tick is due: half of ``WATCHDOG_USEC``, as sd_watchdog_enabled(3) advises; None without a watchdog.

    ``WATCHDOG_PID`` is not compared: under the unit it names cage, and the kiosk inside it sends the ticks
    (``NotifyAccess=all``). Raises ValueError for a time that is no number, zero, or above an hour.
    """
    text = environment.get("WATCHDOG_USEC", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError(f"WATCHDOG_USEC is not a time: {text[:20]!r}")
    limit = int(text) / 1_000_000
    if not 0 < limit <= _LONGEST_WATCHDOG:
        raise ValueError(f"WATCHDOG_USEC is out of bounds: {text}")
    return Seconds(limit / 2)


class Watchdog:
    """Ticks while every part has reported within the interval. Parts report from their own threads."""

    def __init__(
        self,
        parts: Iterable[str],
        interval: Seconds,
        clock: Callable[[], float],
        notify: Callable[[str], None],
    ) -> None:
        """``clock`` is monotonic seconds. A part that never reported is late from the start."""
        self._interval = interval
        self._clock = clock
        self._notify = notify
        self._lock = threading.Lock()
        self._seen: dict[str, float | None] = dict.fromkeys(parts)
        if not self._seen:
            raise ValueError("a watchdog without parts would always tick")

    def ready(self) -> None:
        """Tell the manager that the first screen stands."""
        self._notify("READY=1")

    def report(self, part: str) -> None:
        """``part`` has just gone once around its loop. Raises KeyError for a name that was not announced."""
        with self._lock:
            if part not in self._seen:
                raise KeyError(part)
            self._seen[part] = self._clock()

    def late(self) -> tuple[str, ...]:
        """The parts that did not report within the interval, in the order they were announced."""
        now = self._clock()
        with self._lock:
            return tuple(name for name, at in self._seen.items() if at is None or now - at > self._interval)

    def tick(self) -> bool:
        """Send ``WATCHDOG=1`` if nobody is late, else say in the unit's status who is. True when the tick went out."""
        late = self.late()
        self._notify("STATUS=no answer from " + ", ".join(late) if late else "WATCHDOG=1")
        return not late
