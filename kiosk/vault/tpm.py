"""The TPM 2.0 factor: the chip itself compares the PIN and counts the wrong ones.

Each slot has a sealed object of its own whose authValue comes from the PIN's hash. Too many wrong
ones and the TPM refuses everybody for a while (dictionary-attack lock-out), copied disk or not.
Driven through tpm2-tools; secrets pass by standard input and a folder in memory, never as arguments.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused
from kiosk.vault.factor import MIX_LENGTH, FactorKind, WrongAuth

_AUTH_FAIL = "0x98E"
_LOCKOUT = "0x921"
_ATTRIBUTES = "fixedtpm|fixedparent|userwithauth"
"""No `noda`: wrong tries count. No `sensitivedataorigin`: the secret is ours."""
_TIMEOUT_S = 20
MAX_RECORD = 2_048


class TpmFactor:
    """A TPM behind tpm2-tools. ``tcti`` as those understand it, e.g. ``device:/dev/tpmrm0``."""

    kind = FactorKind.TPM2
    least_digits = 6

    def __init__(self, tcti: str = "device:/dev/tpmrm0") -> None:
        self._tcti = tcti

    def provision(self, max_tries: int = 10, recovery_s: int = 600) -> None:
        """Set the TPM's own lock-out, once when a vault is made. Raises FactorMissing, FactorRefused."""
        # Another owner's lock-out password would be asked for here: then the board is not ours to use.
        limits = [f"--max-tries={max_tries}", f"--recovery-time={recovery_s}", f"--lockout-recovery-time={recovery_s}"]
        with _memory() as folder:
            self._run(folder, "tpm2_dictionarylockout", "--setup-parameters", *limits)

    def new_record(self, pin_hash: bytes) -> bytes:
        """Seal 32 random bytes in the TPM under this PIN: u16 length ‖ public ‖ private."""
        with _memory() as folder:
            self._primary(folder, pin_hash)
            options = ["-C", "primary.ctx", "-i", "-", "-p", "file:auth", "-u", "public", "-r", "private"]
            self._run(folder, "tpm2_create", *options, "-a", _ATTRIBUTES, stdin=secrets.token_bytes(MIX_LENGTH))
            public, private = (folder / "public").read_bytes(), (folder / "private").read_bytes()
        return struct.pack(">H", len(public)) + public + private

    def mix(self, pin_hash: bytes, record: bytes) -> bytes:
        """HKDF(sealed secret ‖ PIN hash). Raises WrongAuth, FactorRefused (locked out), FactorMissing."""
        public, private = _split(record)
        with _memory() as folder:
            self._primary(folder, pin_hash)
            (folder / "public").write_bytes(public)
            (folder / "private").write_bytes(private)
            load = ["-C", "primary.ctx", "-u", "public", "-r", "private", "-c", "object.ctx"]
            self._run(folder, "tpm2_load", *load)
            self._run(folder, "tpm2_flushcontext", "-t")
            secret = self._run(folder, "tpm2_unseal", "-c", "object.ctx", "-p", "file:auth")
            self._run(folder, "tpm2_flushcontext", "-t")
        if len(secret) != MIX_LENGTH:
            raise FactorMissing("the TPM gave something else")
        return HKDF(SHA256(), MIX_LENGTH, salt=None, info=b"tannha.tpm.v1\0").derive(secret + pin_hash)

    def _primary(self, folder: Path, pin_hash: bytes) -> None:
        (folder / "auth").write_text(hashlib.sha256(b"tannha.tpm-auth.v1\0" + pin_hash).hexdigest()[:32])
        self._run(folder, "tpm2_createprimary", "-C", "o", "-G", "ecc", "-c", "primary.ctx")
        self._run(folder, "tpm2_flushcontext", "-t")

    def _run(self, folder: Path, *command: str, stdin: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                cwd=folder,
                env=_environment(self._tcti),
                timeout=_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FactorMissing("the TPM does not answer") from error
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode("utf-8", "replace")
        if _AUTH_FAIL in said:
            raise WrongAuth
        if _LOCKOUT in said:
            raise FactorRefused("the TPM has locked itself against guessing")
        raise FactorMissing(f"{command[0]} failed: this TPM did not make the slot, or is not there")


def _split(record: bytes) -> tuple[bytes, bytes]:
    if not 2 < len(record) <= MAX_RECORD:
        raise DamagedVault("a TPM record is damaged")
    (length,) = struct.unpack(">H", record[:2])
    public, private = record[2 : 2 + length], record[2 + length :]
    if len(public) != length or not private:
        raise DamagedVault("a TPM record is damaged")
    return public, private


def _environment(tcti: str) -> Mapping[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TPM2TOOLS_TCTI": tcti, "LC_ALL": "C"}


@contextmanager
def _memory() -> Iterator[Path]:
    """A private folder in memory (tmpfs) that is gone afterwards."""
    shared = Path("/dev/shm")  # noqa: S108 - a private 0700 folder is made below it
    with tempfile.TemporaryDirectory(prefix="tannha-", dir=shared if shared.is_dir() else None) as name:
        yield Path(name)
