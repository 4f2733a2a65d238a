"""``python -m kiosk.demo.play``: the kiosk of the demo, played by a program with real touches.

Says on standard output, as lines of JSON, how far it came; the stage listens and switches the district off and on.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from kiosk.commands.common import settings_of
from kiosk.screens.environment import prepare_environment


def main(argv: list[str] | None = None) -> int:
    """Play the visit; 0 when it came to its end, 1 with one line when it stuck."""
    parser = argparse.ArgumentParser(prog="kiosk.demo.play")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True, help="control socket of the virtual card")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--stick", action="store_true", help="what was paid travels by USB before the line is back")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    settings = settings_of(args.home)
    prepare_environment(headless=True, size=settings.panel.value)
    from kiosk.app import Kiosk, Silent  # noqa: PLC0415  # opens a window while it loads
    from kiosk.demo.player import Player, RemoteHand, Stuck  # noqa: PLC0415  # same
    from kiosk.demo.visit import Visit  # noqa: PLC0415  # same

    kiosk = Kiosk(settings, Silent())
    player = Player(kiosk, RemoteHand(args.card), args.out)
    kiosk.open()
    kiosk.host.start()
    try:
        Visit(player).play(stick=args.stick)
    except Stuck as stuck:
        player.picture("stuck")
        print(f"demo: {stuck}", file=sys.stderr)
        return 1
    finally:
        kiosk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
