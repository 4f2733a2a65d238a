"""Why: one issuer, one trust store and short ways to read a card, for every test of the card room."""

from dataclasses import dataclass
from datetime import date

from hardware.card.passwords import Can, Password
from hardware.card.reader import CardSession, open_card
from hardware.card.reading import ChipReading
from hardware.card.trust import TrustStore
from hardware.virtual.card.authentication import mrz_password
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.issuer import Issuer, make_issuer
from hardware.virtual.card.lds import CardImage, CardProfile
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram

TODAY = date(2026, 11, 22)
SEED = bytes(range(32))
ISSUER: Issuer = make_issuer(SEED)
TRUST = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl()])


@dataclass(frozen=True, slots=True)
class Laid:
    """A card on the driver's seam."""

    card: CardImage
    link: DirectLink

    @property
    def password(self) -> Password:
        """What opens it."""
        return Can(self.card.persona.can) if self.card.profile.pace else mrz_password(self.card)

    def session(self) -> CardSession:
        """An open session."""
        return open_card(self.link, self.password)

    def read(self, trust: TrustStore = TRUST, at: date = TODAY) -> ChipReading:
        """A whole read."""
        return self.session().read(trust, at)


def lay(card: CardImage) -> Laid:
    """Lay a card image."""
    return Laid(card, DirectLink(CardProgram(card)))


def lay_person(key: str = "ba-sau", profile: CardProfile | None = None) -> Laid:
    """Lay a persona's card."""
    return lay(card_of(ISSUER, key, profile))


def verdicts(reading: ChipReading) -> tuple[str, str, str]:
    """Integrity, chain, chip."""
    return reading.checks.integrity.value, reading.checks.chain.value, reading.checks.chip.value
