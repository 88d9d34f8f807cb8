"""Every printed equation gives what the compiled rule gives."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
from reading import Page, from_latex

from simsvc.model import rows
from simsvc.model.compiling import COEFFICIENTS, our_rule, rule_names
from simsvc.odd.equations import Argument, Equation, equations

EQUATIONS = {equation.name: equation for equation in equations()}
POINTS = 40
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
    """Arguments and coefficients, the same at every run of the tests."""
    luck = random.Random(equation.name)
    while True:
        yield (
            {argument.name: drawn(argument, luck) for argument in equation.arguments},
            {one.name: luck.uniform(one.low, one.high) for one in equation.coefficients},
        )


def page_of(written: str) -> Page:
    """All equations as text, or as LaTeX."""
    page = Page()
    for name, equation in EQUATIONS.items():
        text = equation.text if written == "text" else from_latex(equation.latex)
        page.print(name, [argument.name for argument in equation.arguments], text)
    return page


PAGES = {written: page_of(written) for written in ("text", "latex")}


def off(page: Page, equation: Equation, compiled: Any) -> str:
    """Where a printed equation and the compiled rule differ, at enough points to meet every case."""
    published = next(iter(compiled.py_func.__defaults__ or ()), None)
    for tried, (given, coefficients) in enumerate(points(equation), 1):
        behind = (published._replace(**coefficients),) if published is not None else ()
        expected = compiled(*given.values(), *behind)
        known = given | {f"{COEFFICIENTS}.{name}": value for name, value in coefficients.items()}
        printed = page.value(equation.name, known | dict(equation.constants))
        if not math.isclose(printed, expected, rel_tol=1e-9, abs_tol=1e-12):
            return f"{given} {coefficients}: {printed}, compiled {expected}"
        if tried >= MOST or (tried >= POINTS and page.cases(equation.name) <= set(page.used)):
            break
    return ""


@pytest.mark.parametrize("name", EQUATIONS)
def test_a_printed_equation_gives_what_the_compiled_rule_gives(name: str) -> None:
    equation = EQUATIONS[name]
    for written, page in PAGES.items():
        assert off(page, equation, our_rule(name)) == "", written
        assert page.cases(name) - set(page.used) == set(), "cases that no point has met"


def test_every_rule_has_its_equation() -> None:
    assert set(rule_names()) <= set(EQUATIONS)
