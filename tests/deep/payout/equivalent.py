"""Why: some changes make no difference to anybody. Each is named here with its reason: none is waved by."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[str, str]] = {}
