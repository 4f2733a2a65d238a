"""Why: tests of Active Authentication and of witnesses both need a card's answer to a challenge."""

from hardware.virtual.card.authentication import ActiveSigner
from hardware.virtual.card.lds import CardImage

CHALLENGE = bytes(range(8))


def active_of(card: CardImage, challenge: bytes = CHALLENGE) -> bytes:
    """What the card's key answers."""
    assert card.active_key is not None
    return ActiveSigner(card.active_key).sign(challenge)
