"""A line chart drawn with Braille dots, for the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of each dot of a Braille character, by row from the top and by column."""


def braille(values: Sequence[float], width: int, height: int, low: float, high: float) -> list[str]:
    """A line through values at equal distances.

    Args:
        values: to draw; NaN leaves a gap.
        width: characters across; each is two dots wide.
        height: characters down; each is four dots high.
        low: value at the lower edge.
        high: value at the upper edge, above `low`.

    Returns:
        One string per row, from the top.
    """
    across, down = 2 * width, 4 * height
    cells = [[0] * width for _ in range(height)]
    before: int | None = None
    for x in range(across):
        value = _between(values, x / max(across - 1, 1) * (len(values) - 1))
        if not math.isfinite(value):
            before = None
            continue
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        y = round((1.0 - share) * (down - 1))
        start = y if before is None else before + (y > before) - (y < before)
        for dot in range(min(start, y), max(start, y) + 1):
            cells[dot // 4][x // 2] |= _DOTS[dot % 4][x % 2]
        before = y
    return ["".join(chr(0x2800 + cell) if cell else " " for cell in row) for row in cells]


def _between(values: Sequence[float], place: float) -> float:
    """The value at a place between two indices, on the straight line between them."""
    left = int(place)
    right = min(left + 1, len(values) - 1)
    return values[left] if left == right else values[left] + (values[right] - values[left]) * (place - left)
