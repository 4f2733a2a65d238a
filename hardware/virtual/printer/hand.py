"""A hand at the virtual printer: sends deeds to its control socket. For demo, desk and tests."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Hand:
    """Does things to the printer whose control socket is at ``path``."""

    path: Path

    def do(self, deed: str, **more: object) -> dict[str, Any]:
        """One deed and the printer's answer. OSError when nobody serves the socket."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(_TIMEOUT_S)
            sock.connect(str(self.path))
            sock.sendall(json.dumps({"do": deed, **more}).encode() + b"\n")
            with sock.makefile("rb") as answers:
                answer: dict[str, Any] = json.loads(answers.readline(1 << 20))
        return answer
