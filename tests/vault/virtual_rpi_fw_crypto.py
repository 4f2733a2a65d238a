"""A stand-in for the program `rpi-fw-crypto` of a Raspberry Pi, faithful in its command line and exit codes.

    python virtual_rpi_fw_crypto.py BOARD_FILE get-key-status 1
    python virtual_rpi_fw_crypto.py BOARD_FILE hmac --in FILE --key-id 1 --outform hex

BOARD_FILE is JSON: {"key": hex of the OTP key, "locked": bool}. It plays the firmware, nothing of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from pathlib import Path

MOST_MESSAGE = 2_048


def main(board: str, command: str, *arguments: str) -> int:
    """0 when done, 1 for a wrong command line, 255 when the firmware says no."""
    try:
        state = json.loads(Path(board).read_text())
    except OSError:
        return 255
    if command == "get-key-status":
        names = "DEVICE LOCKED" if state["locked"] else "DEVICE"
        print(f"Key {arguments[0]} status: 0x{3 if state['locked'] else 1:08x} ({names})")
        return 0
    options = dict(zip(arguments[::2], arguments[1::2], strict=True))
    if command != "hmac" or "--in" not in options or options.get("--key-id") != "1":
        return 1 if command != "hmac" else 255
    message = Path(options["--in"]).read_bytes()
    if len(message) > MOST_MESSAGE:
        return 255
    sys.stdout.write(hmac.new(bytes.fromhex(state["key"]), message, hashlib.sha256).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
