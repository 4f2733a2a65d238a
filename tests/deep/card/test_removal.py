"""The card is pulled away at every APDU of a full read, for every honest kind of card: a retry always succeeds."""

import pytest

from hardware.card import file_reader
from hardware.card.errors import CardRemoved
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.faults import Fault, FaultyCard, Plan
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from tests.hardware.card.kit import ISSUER, Laid, verdicts

KINDS = ("cccd", "short-only", "bac-only", "rsa-aa", "pace-cam", "reads-256")


@pytest.mark.parametrize("kind", KINDS)
def test_removal_at_every_apdu_gives_no_verdict_and_a_retry_succeeds(kind: str) -> None:
    card = card_of(ISSUER, "ba-sau", VARIANTS[kind])
    file_reader.forget_sizes()
    apdus = Laid(card, DirectLink(CardProgram(card))).read().apdus
    for start in range(1, apdus + 1):
        file_reader.forget_sizes()
        program = CardProgram(card)
        pulled = Laid(card, DirectLink(FaultyCard(program, Plan(Fault.REMOVED, start))))
        with pytest.raises(CardRemoved):
            pulled.read()
        assert verdicts(Laid(card, DirectLink(program)).read()) == ("passed", "passed", "passed"), start
    print(f"{kind}: {apdus} removals")
