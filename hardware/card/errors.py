"""Why: whatever goes wrong between us and a card ends in one small tree, so that callers need no other `except`.

CardError
├── NoReader, ReaderBusy, ReaderFault      the reader, before any card
│   └── ReaderSilent                       it does not come back from a command
├── NoCard, CardRemoved                    nothing lies there (any more)
├── WrongPassword                          the card refused the key we were given
├── NotAnEmrtd, UnsupportedCard            a card, but not one we can read
├── CardRefused                            a status word where we needed data
├── SecureMessagingError                   the channel was tampered with or broke
├── MalformedCard                          bytes that are not what the standard says
└── TrustFault                             a certificate, list or CRL that cannot be used
"""

from typing import ClassVar


class CardError(Exception):
    """Root of everything this package raises; `key` is the stable name callers and catalogues use."""

    key: ClassVar[str] = "card_error"


class NoReader(CardError):
    """No PC/SC service, or no reader of that name."""

    key = "no_reader"


class ReaderBusy(CardError):
    """Another program holds the reader."""

    key = "reader_busy"


class ReaderFault(CardError):
    """The reader or its driver failed below the card."""

    key = "reader_fault"


class ReaderSilent(ReaderFault):
    """A command never came back: PC/SC has no time-out of its own, so whoever waits for its thread says so."""

    key = "reader_silent"


class NoCard(CardError):
    """The reader is empty."""

    key = "no_card"


class CardRemoved(CardError):
    """The card was taken away, or lost power, while we talked to it."""

    key = "card_removed"


class WrongPassword(CardError):
    """CAN or MRZ do not open this card; `tries_left` where the card tells, else None."""

    key = "wrong_password"

    def __init__(self, message: str, tries_left: int | None = None) -> None:
        super().__init__(message if tries_left is None else f"{message}; tries left: {tries_left}")
        self.tries_left = tries_left


class NotAnEmrtd(CardError):
    """A card without the ICAO 9303 application."""

    key = "not_an_emrtd"


class UnsupportedCard(CardError):
    """An ICAO card that asks for something this package does not do."""

    key = "unsupported_card"


class CardRefused(CardError):
    """The card answered a status word other than success; `sw` is that word."""

    key = "card_refused"

    def __init__(self, ins: int, sw: int) -> None:
        super().__init__(f"INS {ins:02X} answered {sw:04X}")
        self.ins = ins
        self.sw = sw


class SecureMessagingError(CardError):
    """The protected answer is missing, out of order, or does not verify (ICAO 9303-11 §9.8).

    `sw` is the open status word with which the card left the session, where it did.
    """

    key = "secure_messaging"

    def __init__(self, message: str, sw: int | None = None) -> None:
        super().__init__(message)
        self.sw = sw


class MalformedCard(CardError):
    """A file or answer breaks its encoding; the message names the place, never the content."""

    key = "malformed_card"


class TrustFault(CardError):
    """A certificate, master list or revocation list that cannot be used."""

    key = "trust_fault"
