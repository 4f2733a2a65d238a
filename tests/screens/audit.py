"""What a page must keep to be put before an 80-year-old: sizes in mm and pt, contrast, gaps, nothing cut (FACTS §5).

The audit walks the very list that the painter paints and asks the painter's own measure, so a page that passes is the
page that is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from PIL import ImageFont

from kiosk.screens.area import Area
from kiosk.screens.fit import PITCH, SIGN, Fitted, runs
from kiosk.screens.page import Align, Audience, Fill, Icon, Page, Photo, Pulse, Role, Target, Text
from kiosk.screens.paint import font_path
from kiosk.screens.theme import AGENT_TARGET, CONTRAST, KEY_GAP, OPPOSING_GAP, RECIPIENT_TARGET, Colour, Type, contrast

ROW_GAP_MM = 1.9
EDGE_MM = 0.5
MOST_CHOICES = 3
FOR_RECIPIENTS = {Type.AMOUNT, Type.TITLE, Type.ACTION, Type.BODY, Type.KEY, Type.PRINTED}
ASIDES = ("hear", "help", "language-", "bar-lock")
"""Not choices: they stand on every page, or choose only how it is read."""
STRIP_MM = 6.0
"""A strip along a whole edge cannot be missed sideways: it may be as low as the bar."""
TOLERANCE_MM = 0.05

Fit = Callable[[Text], Fitted]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a page breaks."""

    rule: str
    detail: str


def audit(page: Page, fit: Fit) -> list[Finding]:
    """Everything that is wrong with a page."""
    return [
        *_texts(page, fit),
        *_overlaps(page, fit),
        *_edges(page, fit),
        *_pulses(page),
        *_colours(page),
        *_targets(page),
        *_gaps(page),
        *_choices(page),
    ]


def _texts(page: Page, fit: Fit) -> Iterator[Finding]:
    for text in _all(page):
        fitted = fit(text)
        if fitted.broken:
            yield Finding("broken word", f"{text.words!r} at {fitted.points} pt in {_size(page, text.area)}")
        elif not fitted.fits:
            yield Finding("overflow", f"{text.words!r} at {fitted.points} pt in {_size(page, text.area)}")
        if missing := {letter for letter in text.words if not _drawn(letter, bold=text.bold)}:
            yield Finding("glyph", f"{text.words!r}: no shape for {sorted(missing)}")
        if page.audience is Audience.RECIPIENT and text.type not in FOR_RECIPIENTS:
            yield Finding("text size", f"{text.words!r} is set as {text.type.name} on a recipient's page")
        if not _inside(page, text.area):
            yield Finding("outside", f"{text.words!r}")


def _all(page: Page) -> Iterator[Text]:
    return (each for each in page.elements if isinstance(each, Text) and each.words)


def _drawn(letter: str, *, bold: bool) -> bool:
    if letter in "\n\u200b\u00a0 ":
        return True
    return _has_shape(letter, bold=bold)


@cache
def _has_shape(letter: str, *, bold: bool) -> bool:
    """True when the font draws something else than its box for the unknown."""
    font = ImageFont.truetype(font_path(khmer=runs(letter)[0][1], bold=bold), 40)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def _overlaps(page: Page, fit: Fit) -> Iterator[Finding]:
    """No words over other words."""
    blocks = [(text, _block(text, fit(text))) for text in _all(page) if text.type is not Type.PRINTED]
    for (one, first), (other, second) in combinations(blocks, 2):
        if _common(first, second) > page.panel.mm(0.4):
            yield Finding("overlap", f"{one.words!r} and {other.words!r}")


def _edges(page: Page, fit: Fit) -> Iterator[Finding]:
    """No words across the edge of a card, a button, a banknote: each stands wholly on it or wholly beside it."""
    slack = page.panel.mm(EDGE_MM)
    fills = [each.area for each in page.elements if isinstance(each, Fill | Photo)]
    for text in (each for each in _all(page) if _inside(page, each.area)):
        ink = _block(text, fit(text))
        for fill in fills:
            if _common(ink, fill) > slack and not _holds(fill, ink, slack):
                yield Finding("edge", f"{text.words!r} crosses the edge of what it stands on")


def _pulses(page: Page) -> Iterator[Finding]:
    """Dots that take turns stay on the page."""
    for dot in (dot for each in page.elements if isinstance(each, Pulse) for dot in each.dots):
        if not _inside(page, dot):
            yield Finding("outside", "a dot of what is under way")


def _holds(fill: Area, ink: Area, slack: float) -> bool:
    inside = ink.inset(min(slack, ink.width / 2), min(slack, ink.height / 2))
    return fill.contains(inside.x, inside.y) and fill.contains(inside.right, inside.top)


def _block(text: Text, fitted: Fitted) -> Area:
    """Where the ink of a text is: its lines without the room above and below them."""
    high = fitted.size * PITCH * len(fitted.lines)
    top = text.area.top if text.top else text.area.middle[1] + high / 2
    wide = fitted.widest + (fitted.size * SIGN if text.icon else 0)
    share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[Align.CENTER if text.icon else text.align]
    x = text.area.x + (text.area.width - wide) * share
    return Area(x, top - high, wide, high).inset(0, fitted.size * 0.16)


def _common(one: Area, other: Area) -> float:
    """The smaller side of what two rectangles share."""
    across = min(one.right, other.right) - max(one.x, other.x)
    along = min(one.top, other.top) - max(one.y, other.y)
    return max(0.0, min(across, along))


def _colours(page: Page) -> Iterator[Finding]:
    ground: list[Fill] = []
    for element in page.elements:
        if isinstance(element, Fill):
            ground.append(element)
        elif isinstance(element, Text | Icon):
            yield from _colour(element, ground)


def _colour(element: Text | Icon, ground: list[Fill]) -> Iterator[Finding]:
    """Contrast with the colour that is said to be beneath, and that it is beneath."""
    name = element.words if isinstance(element, Text) else element.name
    if contrast(element.colour, element.on) < CONTRAST:
        yield Finding("contrast", f"{name!r}: {contrast(element.colour, element.on):.1f}")
    beneath = _beneath(element.area, ground)
    if beneath is not None and beneath != element.on:
        yield Finding("ground", f"{name!r} is said to stand on {element.on}, stands on {beneath}")


def _beneath(area: Area, ground: list[Fill]) -> Colour | None:
    for fill in reversed(ground):
        if fill.area.contains(*area.middle):
            return fill.colour
    return None


def _targets(page: Page) -> Iterator[Finding]:
    wanted = RECIPIENT_TARGET if page.audience is Audience.RECIPIENT else AGENT_TARGET
    for target in _touchable(page):
        if target.role is Role.EDGE:
            yield from _strip(page, target)
            continue
        smallest = min(target.area.width, target.area.height) / page.panel.px_per_mm
        if smallest < wanted - TOLERANCE_MM:
            yield Finding("target size", f"{target.test_id}: {smallest:.1f} mm of {wanted}")
        if not _inside(page, target.area):
            yield Finding("outside", target.test_id)
    ids = [target.test_id for target in _touchable(page)]
    for double in {each for each in ids if ids.count(each) > 1}:
        yield Finding("test id", f"{double} is there twice")


def _strip(page: Page, target: Target) -> Iterator[Finding]:
    area, whole = target.area, page.whole
    if area.width < whole.width or area.top < whole.top - 0.01 or area.height < page.panel.mm(STRIP_MM - TOLERANCE_MM):
        yield Finding("target size", f"{target.test_id}: not a strip along the upper edge")


def _touchable(page: Page) -> list[Target]:
    return [*page.targets, *([page.pad] if page.pad is not None else [])]


def _gaps(page: Page) -> Iterator[Finding]:
    for one, other in combinations(_touchable(page), 2):
        gap = one.area.gap_to(other.area) / page.panel.px_per_mm
        roles = {one.role, other.role}
        wanted = OPPOSING_GAP if roles == {Role.OPPOSING} else KEY_GAP if Role.KEY in roles else ROW_GAP_MM
        if gap < wanted - TOLERANCE_MM:
            yield Finding("gap", f"{one.test_id} and {other.test_id}: {gap:.1f} mm of {wanted}")


def _choices(page: Page) -> Iterator[Finding]:
    if page.audience is Audience.RECIPIENT:
        choices = [each.test_id for each in page.targets if not each.test_id.startswith(ASIDES)]
        if len(choices) > MOST_CHOICES:
            yield Finding("choices", f"{len(choices)}: {choices}")


def _inside(page: Page, area: Area) -> bool:
    low = area.x >= -0.5 and area.y >= -0.5
    return low and area.right <= page.whole.right + 0.5 and area.top <= page.whole.top + 0.5


def _size(page: Page, area: Area) -> str:
    return f"{area.width / page.panel.px_per_mm:.0f} x {area.height / page.panel.px_per_mm:.0f} mm"
