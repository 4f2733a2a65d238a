"""Draws the golden pictures: ``python -m tests.screens.golden``."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
NAMES = (
    ("idle", "vi"), ("idle-practice", "vi"), ("route", "vi"), ("offer", "vi"), ("offer", "km"), ("hand-over", "vi"),
    ("sign-done", "en"), ("paid-printed", "vi"),
)  # fmt: skip


def main() -> None:
    """Draw them all anew."""
    from kiosk.screens.environment import prepare_environment  # noqa: PLC0415

    prepare_environment(headless=True)
    from kiosk.flow.values import Language  # noqa: PLC0415  # Kivy opens its window from here on
    from tests.screens.stage import Stage  # noqa: PLC0415

    stage = Stage()
    GOLDEN.mkdir(exist_ok=True)
    for name, language in NAMES:
        stage.shows(name, Language(language))
        stage.host.screenshot(GOLDEN / f"{name}-{language}.png")


if __name__ == "__main__":
    main()
