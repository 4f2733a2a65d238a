"""Rectangles that are cut into rectangles: the whole layout, in pixels with the origin at the bottom left.

A page is cut the way paper is cut. Nothing is measured twice and nothing can overlap by accident.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, by: float, by_y: float | None = None) -> Area:
        """Smaller by a margin on every side."""
        high = by if by_y is None else by_y
        return Area(self.x + by, self.y + high, self.width - 2 * by, self.height - 2 * high)

    def cut_top(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """A strip from above, and the rest below a gap."""
        strip = Area(self.x, self.top - height, self.width, height)
        return strip, Area(self.x, self.y, self.width, self.height - height - gap)

    def cut_bottom(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """A strip from below, and the rest above a gap."""
        strip = Area(self.x, self.y, self.width, height)
        return strip, Area(self.x, self.y + height + gap, self.width, self.height - height - gap)

    def cut_left(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """A strip from the left, and the rest."""
        strip = Area(self.x, self.y, width, self.height)
        return strip, Area(self.x + width + gap, self.y, self.width - width - gap, self.height)

    def cut_right(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """A strip from the right, and the rest."""
        strip = Area(self.right - width, self.y, width, self.height)
        return strip, Area(self.x, self.y, self.width - width - gap, self.height)

    def columns(self, count: int, gap: float) -> list[Area]:
        """Equal columns, left to right."""
        width = (self.width - gap * (count - 1)) / count
        return [Area(self.x + i * (width + gap), self.y, width, self.height) for i in range(count)]

    def rows(self, count: int, gap: float) -> list[Area]:
        """Equal rows, top to bottom."""
        height = (self.height - gap * (count - 1)) / count
        return [Area(self.x, self.top - height - i * (height + gap), self.width, height) for i in range(count)]

    def grid(self, columns: int, rows: int, gap: float) -> list[Area]:
        """Equal cells, line by line."""
        return [cell for row in self.rows(rows, gap) for cell in row.columns(columns, gap)]

    def weighted(self, weights: list[float], gap: float) -> list[Area]:
        """Columns whose widths stand in proportion to ``weights``."""
        room = self.width - gap * (len(weights) - 1)
        cells, x = [], self.x
        for weight in weights:
            width = room * weight / sum(weights)
            cells.append(Area(x, self.y, width, self.height))
            x += width + gap
        return cells

    def fitted(self, ratio: float) -> Area:
        """The largest rectangle of width / height = ``ratio`` in the middle of this one."""
        width = min(self.width, self.height * ratio)
        height = width / ratio
        return Area(self.x + (self.width - width) / 2, self.y + (self.height - height) / 2, width, height)

    def contains(self, x: float, y: float) -> bool:
        """True for a point inside."""
        return self.x <= x <= self.right and self.y <= y <= self.top

    def gap_to(self, other: Area) -> float:
        """The distance between two rectangles; 0 when they touch or overlap."""
        across = max(0.0, max(self.x, other.x) - min(self.right, other.right))
        along = max(0.0, max(self.y, other.y) - min(self.top, other.top))
        return float((across**2 + along**2) ** 0.5)
