"""What was said at a household: a fact in the journal, its words and strokes beside it, a numbered slip in the hand.

The words that an officer will read are put together here, once, in the office's language. An account number lies only
there: sealed like every attachment, never in the journal, and on paper only its end.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.vietqr import bank_account
from kiosk import text
from kiosk.desk.books import Books
from kiosk.desk.slips import Issuer
from kiosk.desk.till import drawn_of
from kiosk.exchange.attachment import Attachment, AttachmentKind, new_attachment
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import ReadAccount, TakeStatement
from kiosk.flow.values_house import Statement
from kiosk.flow.values_wish import BankCode, PayWay, Wish
from kiosk.payout import journal as j
from kiosk.payout.banks import bank_name
from kiosk.payout.names import Digest
from kiosk.payout.receipt import ReceiptDocument, ReceiptNumber
from kiosk.payout.statements import StatementKind

IssuerOf = Callable[[Books], Issuer]
PrintSlip = Callable[[ReceiptDocument], v.PrintResult]
OFFICE = "vi"


def take(books: Books, effect: TakeStatement, issuer: IssuerOf, print_slip: PrintSlip) -> ev.Event:
    """Durable first, then on paper. Without an open session nobody answers for what was said. Raises StoreError."""
    said, session = effect.statement, books.standing.session
    if session is None:
        return ev.Failed(effect.operation, v.Trouble.STORE)
    told = words_of(said)
    words = new_attachment(AttachmentKind.WORDS, told.encode("utf-8")) if told else None
    drawn = drawn_of(said.strokes)
    fact = j.StatementTaken(
        session=session.session,
        operator=books.operator.id,
        recipient=said.recipient,
        about=said.about,
        choice=said.choice,
        words=_digest(words),
        signature=_digest(drawn),
    )
    entry = books.write(fact, attachments=tuple(each for each in (words, drawn) if each is not None))
    slip = issuer(books).statement(fact, entry, said, told)
    number = ReceiptNumber(entry.device, entry.epoch, entry.sequence)
    return ev.StatementKept(effect.operation, said.about, str(number), print_slip(slip))


def _digest(attachment: Attachment | None) -> Digest | None:
    return None if attachment is None else attachment.digest


def words_of(said: Statement) -> str:
    """What an officer will read: the person's own words, or what was filled in, line by line."""
    if said.wish is not None:
        return _wish(said.wish)
    if said.about is StatementKind.DATA:
        return "\n".join(map(_compared, said.compared))
    if said.about is StatementKind.CARD_HANDED:
        return text.phrase("told.card", OFFICE, tail=said.words)
    return said.words


def _wish(wish: Wish) -> str:
    lines = [("way", text.word(wish.way, OFFICE)), ("bank", _bank(wish)), (_NUMBER[wish.way], wish.number)]
    lines.append(("other_holder" if wish.other_name else "holder", wish.holder))
    return "\n".join(text.phrase(f"told.{key}", OFFICE, value=value) for key, value in lines if value)


_NUMBER = {PayWay.CASH: "phone", PayWay.BANK: "account", PayWay.WALLET: "phone", PayWay.OPEN_ACCOUNT: "phone"}


def _bank(wish: Wish) -> str:
    if wish.way is not PayWay.BANK:
        return ""
    name = bank_name(wish.bank) or text.phrase("bank.other", OFFICE)
    return name if name == wish.bank or not wish.bank else f"{name} ({wish.bank})"


def _compared(each: v.Compared) -> str:
    slots = {"what": text.word(each.what, OFFICE), "chip": _value(each, each.chip)}
    if not each.differs:
        return text.phrase("told.same", OFFICE, **slots)
    return text.phrase("told.differs", OFFICE, listed=_value(each, each.listed), **slots)


def _value(each: v.Compared, value: str) -> str:
    return text.word(v.Sex(value), OFFICE) if each.what is v.DataField.SEX and value else value or "–"


def read_account(effect: ReadAccount) -> ev.AccountRead:
    """The account of a VietQR; nothing of any other code."""
    found = bank_account(effect.text)
    wish = None if found is None else Wish(PayWay.BANK, BankCode(found.bank), found.number, found.holder)
    return ev.AccountRead(effect.operation, wish)
