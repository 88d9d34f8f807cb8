"""All equations on a page, printed and read again, and points at which to compare them with the code."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from odd.reading import Page, from_latex

from simsvc.model import rows
from simsvc.model.compiling import COEFFICIENTS
from simsvc.odd.equations import Argument, Equation, equations

POINTS = 100
MOST = 4000
"""Points are drawn until every case of an equation has been met, but not more."""


def drawn(argument: Argument, luck: random.Random) -> Any:
    """A value of an argument, over all of its range; its ends now and then."""
    if argument.options == ("false", "true"):
        return luck.random() < 0.5
    if argument.options:
        return getattr(rows, luck.choice(argument.options))
    low, high = argument.low, argument.high
    least, most = max(low, -5.0), min(high, max(low, 0.0) + luck.choice([1.0, 3.0, 10.0 ** luck.uniform(-3.0, 3.0)]))
    value = luck.uniform(least, most)
    if luck.random() < 0.1:
        value = low if argument.ends[0] == "[" and luck.random() < 0.5 else high if argument.ends[1] == "]" else value
    elif not low < value < high:
        value = (least + most) / 2.0
    return int(value + 0.5) if argument.whole else float(value)


def points(equation: Equation) -> Iterator[tuple[dict[str, Any], dict[str, float]]]:
    """Arguments and plausible coefficients, the same at every run of the tests."""
    luck = random.Random(equation.name)
    while True:
        yield (
            {argument.name: drawn(argument, luck) for argument in equation.arguments},
            {one.name: luck.uniform(one.low, one.high) for one in equation.coefficients},
        )


@cache
def page(written: str) -> Page:
    """All equations as `text`, or as `latex`."""
    printed = Page()
    for equation in equations():
        text = equation.text if written == "text" else from_latex(equation.latex)
        printed.print(equation.name, [argument.name for argument in equation.arguments], text)
    return printed


def differing(equation: Equation, code: Callable[..., Any], published: Any = None) -> str:
    """Where a printed equation and its code differ, at enough points to meet every case; empty: nowhere.

    Args:
        equation: of the rule.
        code: the rule.
        published: its coefficients as published, to be drawn anew at every point; `None`: they stay as they are.
    """
    for written in ("text", "latex"):
        printed = page(written)
        printed.used.clear()
        for tried, (given, drawn_anew) in enumerate(points(equation), 1):
            coefficients = drawn_anew if published else {one.name: one.value for one in equation.coefficients}
            expected = code(*given.values(), *((published._replace(**coefficients),) if published else ()))
            named = {f"{COEFFICIENTS}.{name}": value for name, value in coefficients.items()}
            value = printed.value(equation.name, given | named | dict(equation.constants))
            if not math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12):
                return f"as {written}: {value}, as code: {expected}, at {given} with {coefficients}"
            unmet = printed.cases(equation.name) - printed.used
            if tried >= POINTS and not unmet:
                break
            if tried >= MOST:
                return f"as {written}: no point has met {unmet}"
    return ""
