"""What can go wrong with keys: one small tree. A wrong PIN is no fault but an answer (`PinRefused`).

VaultError
├── FactorMissing   the board's own secret is not there: a copied disk stays shut
├── FactorRefused   this factor may not be used here (`file` in production), or locked itself
├── DamagedVault    a slot or key file is not what this vault wrote
├── NotPermitted    the signed-in operator may not do this
├── WeakPin         too short, too simple, or the same as before
└── VaultDisk       the disk could not keep it
"""

from __future__ import annotations


class VaultError(Exception):
    """Base of all faults of the vault."""


class FactorMissing(VaultError):
    """The device factor does not answer: TPM, OTP key or practice file is missing or another's."""


class FactorRefused(VaultError):
    """The device factor may not be used in this mode, or has locked itself against guessing."""


class DamagedVault(VaultError):
    """A vault file is missing, unreadable, from another vault, or was altered."""


class NotPermitted(VaultError):
    """The operator who is signed in may not do this, or nobody is."""


class WeakPin(VaultError):
    """The new PIN can be guessed. The message is the key of a text."""


class VaultDisk(VaultError):
    """The disk is full or failing; the old state stands."""
