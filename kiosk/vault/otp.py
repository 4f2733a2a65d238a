"""The Raspberry Pi factor: HMAC-SHA256 by the firmware with a key burnt into the SoC.

`rpi-fw-crypto` (raspberrypi/utils) asks the firmware; the key itself never reaches Linux, provided
it is LOCKED for this boot (`lock_device_private_key=1` under signed boot). It counts no tries, so
the PIN must have 8 digits.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from kiosk.vault.errors import FactorMissing, FactorRefused
from kiosk.vault.factor import MIX_LENGTH, FactorKind

DEVICE_KEY = 1
_TAG = b"tannha.otp.v1\0"
_TIMEOUT_S = 10


class OtpFactor:
    """The firmware's HMAC. ``program`` is how `rpi-fw-crypto` is started."""

    kind = FactorKind.RPI_OTP
    least_digits = 8

    def __init__(self, program: Sequence[str] = ("rpi-fw-crypto",), key_id: int = DEVICE_KEY) -> None:
        self._program, self._key_id = tuple(program), key_id

    def provision(self) -> None:
        """The key must be there, and not readable in this boot."""
        status = self._run("get-key-status", str(self._key_id))
        if b"LOCKED" not in status:
            raise FactorRefused("the OTP key is not locked: set lock_device_private_key=1 and signed boot")

    def new_record(self, pin_hash: bytes) -> bytes:
        """Nothing to keep; checks that the key is there and cannot be read out in this boot."""
        self.provision()
        self.mix(pin_hash, b"")
        return b""

    def mix(self, pin_hash: bytes, record: bytes) -> bytes:  # noqa: ARG002 - part of the interface
        """HMAC-SHA256(OTP key, tag ‖ hash). Raises FactorMissing."""
        command = ["hmac", "--in", "/dev/stdin", "--key-id", str(self._key_id), "--outform", "hex"]
        answer = self._run(*command, stdin=_TAG + pin_hash)
        try:
            mixed = bytes.fromhex(answer.decode("ascii"))
        except ValueError as error:
            raise FactorMissing("the firmware answered something else") from error
        if len(mixed) != MIX_LENGTH:
            raise FactorMissing("the firmware answered something else")
        return mixed

    def _run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        command = [*self._program, *arguments]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=_TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FactorMissing("rpi-fw-crypto does not answer") from error
        if done.returncode != 0:
            raise FactorMissing("the firmware has no such key on this board")
        return done.stdout
