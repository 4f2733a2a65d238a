"""What a person meant by a touch. The renderer says these, and nothing about pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import (
    CannotSign,
    HouseholdId,
    Language,
    OperatorId,
    Outcome,
    PersonId,
    Stroke,
    UnpaidReason,
    VarianceReason,
    VoidReason,
)


@dataclass(frozen=True, slots=True)
class Begin:
    """The idle screen was touched."""


@dataclass(frozen=True, slots=True)
class Back:
    """One step back, where that is possible."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """The screen's one main answer: yes, go on, done."""


@dataclass(frozen=True, slots=True)
class Decline:
    """The screen's other answer: no, not right."""


@dataclass(frozen=True, slots=True)
class Help:
    """Explain this screen."""


@dataclass(frozen=True, slots=True)
class HearAgain:
    """Say it again."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Lock now, resume here after the PIN."""


@dataclass(frozen=True, slots=True)
class AskNewPin:
    """Another PIN: from the menu by the old one, from the sign-in by a code."""


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """The agent's menu."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """Another language for the one who looks at the screen now."""

    language: Language


@dataclass(frozen=True, slots=True)
class OperatorChosen:
    """Who signs in."""

    operator: OperatorId


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of a number pad."""

    digit: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erase:
    """The pad's key that takes the last digit away."""


@dataclass(frozen=True, slots=True)
class NoteChosen:
    """A denomination to type the count of, by its place in DENOMINATIONS."""

    index: int


@dataclass(frozen=True, slots=True)
class NextNote:
    """Go on to the next denomination."""


@dataclass(frozen=True, slots=True)
class SourceChosen:
    """From whom the cash was received, by the place in the shift's sources."""

    index: int


@dataclass(frozen=True, slots=True)
class HouseholdChosen:
    """A household of the route."""

    household: HouseholdId


@dataclass(frozen=True, slots=True)
class PayeeChosen:
    """Who receives today, in which household's name."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Scrolled:
    """Another page of a list (agents only)."""

    page: int


@dataclass(frozen=True, slots=True)
class StrokeDrawn:
    """One stroke of a signature in pad units, 0 to STROKE_SIDE, y upwards."""

    stroke: Stroke


@dataclass(frozen=True, slots=True)
class StrokesCleared:
    """Sign again."""


@dataclass(frozen=True, slots=True)
class CannotSignChosen:
    """The recipient cannot sign, and why."""

    reason: CannotSign


@dataclass(frozen=True, slots=True)
class WitnessChosen:
    """Who witnesses the ink print: a name from the screen's list, by its place."""

    index: int


@dataclass(frozen=True, slots=True)
class AskName:
    """The person is in no list: type the name."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A key of the letter pad: one of LETTERS, or a space."""

    key: str


@dataclass(frozen=True, slots=True)
class OtherLetters:
    """The other half of the letter pad."""


@dataclass(frozen=True, slots=True)
class AskCannotSign:
    """ "Cannot sign" was touched."""


@dataclass(frozen=True, slots=True)
class AskExact:
    """The agent asks for the exact reason of a refusal."""


@dataclass(frozen=True, slots=True)
class AskUnpaid:
    """The visit ends without payment: ask for the reason."""


@dataclass(frozen=True, slots=True)
class UnpaidChosen:
    """Why nothing was paid."""

    reason: UnpaidReason


@dataclass(frozen=True, slots=True)
class VoidChosen:
    """Why an authorised payout is not carried out."""

    reason: VoidReason


@dataclass(frozen=True, slots=True)
class OutcomeChosen:
    """What count and paper said of an uncertain payout."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """The operator says whether the slip came out."""

    printed: bool


@dataclass(frozen=True, slots=True)
class AskReprint:
    """Print the slip once more, marked as a reprint."""


@dataclass(frozen=True, slots=True)
class AskClose:
    """Close the session."""


@dataclass(frozen=True, slots=True)
class VarianceChosen:
    """Why counted and expected cash differ."""

    reason: VarianceReason


@dataclass(frozen=True, slots=True)
class AskSync:
    """Show the exchange with the district, and try now."""


@dataclass(frozen=True, slots=True)
class AskShutDown:
    """Switch the device off."""


@dataclass(frozen=True, slots=True)
class ContrastChosen:
    """High contrast on or off."""

    high: bool


@dataclass(frozen=True, slots=True)
class VolumeChosen:
    """Loudness in percent."""

    percent: int
