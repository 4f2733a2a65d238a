"""What can go wrong with the store, told apart by what the operator can do about it.

StoreError
├── WrongKey        the key does not open this file (or its first page is damaged)
├── NewerSchema     written by a newer kiosk: update the software, touch nothing
├── StoreBusy       another process has it open
├── DiskFull        nothing was written, nothing is lost: make room and do it again
├── Refused         a rule of the database itself said no (M3, M5, M8): a fault of the writer
├── Broken          the journal or a page does not verify: stop, call the district
└── StoreLost       the disk failed under a write: nobody knows what is durable; exit and reopen
"""


class StoreError(Exception):
    """Any fault of the store."""


class WrongKey(StoreError):
    """The key does not open this file."""


class NewerSchema(StoreError):
    """The file was written by a newer version of this program."""


class StoreBusy(StoreError):
    """Another process holds the store."""


class DiskFull(StoreError):
    """There was no room; the transaction was rolled back whole."""


class Refused(StoreError):
    """A trigger or constraint refused the write; the transaction was rolled back whole."""


class Broken(StoreError):
    """What is stored does not verify."""


class StoreLost(StoreError):
    """The disk failed while writing. Never retried: the process ends and opens the store anew."""
