"""``make screens``: every screen, language and panel size as PNG, and the audit of all of them.

Kivy opens one window in a process, so each panel size is drawn by a child; the parent gathers ``audit.json``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kiosk.flow.values import Language
from kiosk.screens.environment import prepare_environment
from kiosk.screens.theme import PANELS, Size


def draw(size: Size, out: Path, *, pictures: bool) -> dict[str, Any]:
    """All screens on one panel: how many, and what is wrong with them."""
    prepare_environment(headless=True, size=size)
    from kiosk.screens.host import KivyHost  # noqa: PLC0415  # opens the window
    from tests.screens.audit import audit  # noqa: PLC0415
    from tests.screens.gallery import screens, with_help  # noqa: PLC0415

    host = KivyHost(PANELS[size], lambda _: None, next(screens(Language.VI))[1])
    host.start()
    count, violations = 0, []
    for language in Language:
        for name, screen in with_help(language):
            page = host.renderer.show(screen)
            count += 1
            findings = audit(page, host.renderer.painter.fitted)
            violations += [
                {"screen": name, "language": language, "size": size, "rule": each.rule, "detail": each.detail}
                for each in findings
            ]
            if pictures:
                host.screenshot(out / f"{name}-{language}-{size}.png")
    return {"screens": count, "violations": violations}


def gather(out: Path, *, pictures: bool) -> dict[str, Any]:
    """Every panel size, each in a process of its own."""
    whole: dict[str, Any] = {"screens": 0, "violations": []}
    for size in Size:
        part = out / f".{size}.json"
        command = [sys.executable, "-m", "tests.screens", "--out", str(out), "--panel", size, "--part", str(part)]
        subprocess.run(command + ([] if pictures else ["--no-pictures"]), check=True)
        found = json.loads(part.read_text(encoding="utf-8"))
        part.unlink()
        whole["screens"] += found["screens"]
        whole["violations"] += found["violations"]
    return whole


def main() -> int:
    """Exit 0 when no page breaks a rule."""
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screens-output"))
    parser.add_argument("--panel", type=Size, choices=list(Size))
    parser.add_argument("--part", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no-pictures", action="store_true", help="audit only")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.part is not None:
        found = draw(asked.panel, asked.out, pictures=not asked.no_pictures)
        asked.part.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        return 0
    whole = gather(asked.out, pictures=not asked.no_pictures)
    (asked.out / "audit.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for each in whole["violations"]:
        print(f"{each['screen']} {each['language']} {each['size']}: {each['rule']}: {each['detail']}")
    print(f"{whole['screens']} screens, {len(whole['violations'])} violations: {asked.out / 'audit.json'}")
    return 1 if whole["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
