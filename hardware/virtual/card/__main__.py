"""Why: `python -m hardware.virtual.card` is how demo and people start the virtual card."""

import sys

from hardware.virtual.card.control import main

if __name__ == "__main__":
    sys.exit(main())
