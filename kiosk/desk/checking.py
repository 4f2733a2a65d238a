"""A receipt's code, checked without a network: signed by a device of this area or not (protocol §16).

Whoever is told at the counter that a paper is false was cheated somewhere else; whoever brings a true one was paid.
The district's page knows more: what was taken back since by another device.
"""

from __future__ import annotations

from kiosk.desk.books import Books
from kiosk.exchange import claim as claims
from kiosk.exchange import keys
from kiosk.flow.values_house import ReceiptVerdict, SeenReceipt
from kiosk.payout.journal import payout_id
from kiosk.payout.names import DeviceId, Epoch, Mode
from kiosk.payout.standing import Status


def seen(books: Books, key: str) -> SeenReceipt | None:
    """What is to be said of a scanned text; None when it is no receipt's code at all."""
    found = claims.verify_claim(key, lambda device, epoch: check_of(books, device, epoch))
    match found:
        case claims.ClaimRefusal.NOT_A_CLAIM:
            return None
        case claims.ClaimRefusal.UNKNOWN_DEVICE:
            return SeenReceipt(ReceiptVerdict.UNKNOWN_DEVICE)
        case claims.ClaimRefusal():
            return SeenReceipt(ReceiptVerdict.NOT_GENUINE)
        case claims.Claim():
            number = payout_id(found.device, found.epoch, found.sequence)
            return SeenReceipt(_verdict(books, found), number, found.total, f"{found.day:%d/%m/%Y}")


def check_of(books: Books, device: DeviceId, epoch: Epoch) -> claims.Verify | None:
    """By this device's own key, or one that a bundle listed for that epoch."""
    public = _key_of(books, device, epoch)
    if not public:
        return None
    return lambda signature, message: keys.verify(bytes.fromhex(public), signature, message)


def _key_of(books: Books, device: DeviceId, epoch: Epoch) -> str:
    """64 hexadecimal digits; empty when nobody told which key signed that epoch."""
    cards = () if books.public is None else books.public.devices
    known = [each for each in cards if each.device == device]
    former = sorted((each.before_epoch, each.public_key) for each in known if each.before_epoch is not None)
    present = next((each.public_key for each in known if each.before_epoch is None), "")
    if device == books.standing.device:
        present = books.keys.sign_public.hex()
    return next((key for before, key in former if epoch < before), present)


def _verdict(books: Books, claim: claims.Claim) -> ReceiptVerdict:
    practice = books.mode is Mode.PRACTICE
    if claim.practice is not practice or (claim.simulated and not practice):
        return ReceiptVerdict.NO_MONEY
    mine = books.standing.payouts.get(payout_id(claim.device, claim.epoch, claim.sequence))
    if mine is not None and mine.status is Status.REVERSED:
        return ReceiptVerdict.TAKEN_BACK
    return ReceiptVerdict.GENUINE
