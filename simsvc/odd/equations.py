"""The equation of every rule, from its own source: what it says, its arguments, its coefficients, its mathematics.

    print(markdown("leaving"))            # a chapter of the ODD document
    print(equations()[0].text)            # one equation for the terminal

The tests read both ways of writing again, evaluate them at random points, and compare with the compiled rule.
"""

from __future__ import annotations

import inspect
import math
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from simsvc.errors import InputError, nearest
from simsvc.model import curves, random, rules, start
from simsvc.model.compiling import COEFFICIENTS, our_rule, rule_names
from simsvc.odd.mathematics import Line, names_in, read
from simsvc.odd.writing import as_latex, as_text
from simsvc.scenario.assumptions import Assumptions
from simsvc.scenario.explaining import plain
from simsvc.scenario.strengths import Rules

SHARED = {
    "curves": (curves, ("logistic", "logit", "saturating")),
    "draws": (random, ("exponential", "normal", "lognormal")),
    "start": (start, ()),
}
"""Beside the rules: curves, numbers drawn from uniform ones, and the first morning, which has coefficients alone."""

NOTATION = """\
Lines are worked out from the top; the last one is the rule. Names of arguments and of steps are upright,
coefficients of the mechanism in italics, constants as on a typewriter; a name before brackets is a function:
another rule, a shared curve, or one of mathematics. Of several cases the first holds whose condition is true; a
step that the case at hand does not use may be undefined. ln is the natural logarithm, ⌊x⌋ the largest whole number
that is not above x, and clip(x, low, high) = min(max(x, low), high). A strength is a setting of the section
`rules`, from 0 (the rule is off) to 3, and 1 as described. All coefficients are settings:
`assumptions.SECTION.NAME`."""


@dataclass(frozen=True)
class Argument:
    """An argument of a rule."""

    name: str
    meaning: str
    """With unit and range, as the rule's docstring has it."""
    low: float
    high: float
    ends: str
    """Brackets of the range as in `[0, 1)`: which of its ends belong to it."""
    whole: bool
    """Whole numbers only."""
    options: tuple[str, ...] = ()
    """Names of what it may be, where these are few."""


@dataclass(frozen=True)
class Coefficient:
    """A coefficient that a rule reads."""

    name: str
    setting: str
    """Name of the setting, such as `assumptions.leaving.attitude`."""
    value: float
    unit: str
    low: float
    """Smallest plausible value."""
    high: float
    """Largest plausible value."""
    meaning: str


@dataclass(frozen=True)
class Equation:
    """A rule as mathematics."""

    name: str
    mechanism: str
    """File of `simsvc/model/rules` it is in, or a part of `SHARED`."""
    says: str
    """First sentence of its docstring."""
    arguments: tuple[Argument, ...]
    coefficients: tuple[Coefficient, ...]
    constants: tuple[tuple[str, float], ...]
    """Constants of the model in it, with their values."""
    lines: tuple[Line, ...]
    """Steps in their order; the last is the result. A step that the case at hand does not use may be undefined."""

    @property
    def text(self) -> str:
        """The equation as plain text; coefficients are written `a.name`."""
        return as_text(self.lines)

    @property
    def latex(self) -> str:
        """The equation as LaTeX, for `$$` before and after."""
        return as_latex(self.lines)


def _meanings(docstring: str) -> dict[str, str]:
    """What a docstring says of each argument."""
    section = re.search(r"^Args:\n((?:    .*\n?|\n)+)", docstring, re.MULTILINE)
    found: dict[str, str] = {}
    for line in section.group(1).splitlines() if section else ():
        name, colon, meaning = line.strip().partition(": ")
        if colon and re.match(r"    \w", line):
            found[name] = meaning
        elif line.strip():
            found[list(found)[-1]] += f" {line.strip()}"
    return found


_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGES = (
    (rf"in ([(\[])({_NUMBER}), ({_NUMBER})([)\]])", lambda m: (float(m[2]), float(m[3]), m[1] + m[4])),
    (rf"(?<![\w.-])({_NUMBER})(?:-| to (?:\w+ )?| or )({_NUMBER})\b", lambda m: (float(m[1]), float(m[2]), "[]")),
    (rf"(>=?) ({_NUMBER})", lambda m: (float(m[2]), math.inf, "[)" if m[1] == ">=" else "()")),
    (r"in logi?ts|in logarithms|standard normal|any number", lambda m: (-math.inf, math.inf, "()")),
)


def _argument(function: str, parameter: inspect.Parameter, meanings: dict[str, str]) -> Argument:
    name, kind = parameter.name, str(parameter.annotation)
    if name not in meanings:
        raise ValueError(f"{function}: the docstring does not say what '{name}' is")
    meaning = meanings[name]
    if kind == "bool":
        return Argument(name, meaning, 0.0, 1.0, "[]", whole=True, options=("false", "true"))
    if options := re.match(r"[A-Z_]{3,}(?:, [A-Z_]{3,})* or [A-Z_]{3,}", meaning):
        return Argument(name, meaning, 0, math.inf, "[)", whole=True, options=tuple(re.findall(r"[A-Z_]+", options[0])))
    for pattern, ends in _RANGES:
        if found := re.search(pattern, meaning):
            low, high, brackets = ends(found)
            return Argument(name, meaning, low, high, brackets, whole=kind == "int" or " or " in found[0])
    if "strength" in name + meaning:
        extra: Any = Rules.model_fields["waiting"].json_schema_extra
        return Argument(name, meaning, float(extra["low"]), float(extra["high"]), "[]", whole=False)
    raise ValueError(f"{function}: the docstring does not say what range '{name}' has: {meaning}")


def _coefficient(section: str, name: str) -> Coefficient:
    field = Assumptions.model_fields[section].annotation.model_fields[name]  # type: ignore[union-attr]
    extra: Any = field.json_schema_extra
    low, high = extra["plausible_low"], extra["plausible_high"]
    return Coefficient(
        name, f"assumptions.{section}.{name}", field.default, extra["unit"], low, high, field.description or ""
    )


def _coefficients(function: Any, used: Iterable[str]) -> Iterator[Coefficient]:
    parameter = inspect.signature(function).parameters.get(COEFFICIENTS)
    if parameter is None:
        return
    sections = {field.annotation.__name__: name for name, field in Assumptions.model_fields.items()}  # type: ignore[union-attr]
    for name in used:
        yield _coefficient(sections[type(parameter.default).__name__], name)


def equation_of(function: Any, mechanism: str) -> Equation:
    """The equation of a function that rules and phases call.

    Raises:
        ValueError: if its source cannot be said as a formula, or its docstring lacks an argument's meaning or range.
    """
    python = getattr(function, "py_func", function)
    docstring = inspect.getdoc(python) or ""
    known = python.__globals__
    lines = read(inspect.getsource(python), known)
    names = list(dict.fromkeys(name for line in lines for name in names_in(line)))
    meanings = _meanings(docstring)
    parameters = [p for p in inspect.signature(python).parameters.values() if p.name != COEFFICIENTS]
    return Equation(
        name=python.__name__,
        mechanism=mechanism,
        says=" ".join(docstring.split("\n\n")[0].split()),
        arguments=tuple(_argument(python.__name__, parameter, meanings) for parameter in parameters),
        coefficients=tuple(_coefficients(python, [n.name for n in names if n.kind == "coefficient"])),
        constants=tuple((n.name, float(known[n.name])) for n in names if n.kind == "constant" and n.name in known),
        lines=lines,
    )


@cache
def equations() -> tuple[Equation, ...]:
    """The equations of all rules in the order of their files, then those of what they share."""
    order = [module.name for module in pkgutil.iter_modules(rules.__path__)]
    for name in order:
        import_module(f"{rules.__name__}.{name}")
    found = [our_rule(name) for name in rule_names()]
    found.sort(key=lambda rule: (rule.py_func.__module__, rule.py_func.__code__.co_firstlineno))
    shared = [(getattr(module, name), part) for part, (module, names) in SHARED.items() for name in names]
    return tuple(
        equation_of(function, mechanism)
        for function, mechanism in [*((rule, rule.py_func.__module__.split(".")[-1]) for rule in found), *shared]
    )


def mechanisms() -> tuple[str, ...]:
    """Names of the mechanisms and parts that have equations or coefficients, in their order."""
    return tuple(dict.fromkeys([*(equation.mechanism for equation in equations()), *SHARED]))


def _about(mechanism: str) -> str:
    """First sentence about a mechanism."""
    module = SHARED[mechanism][0] if mechanism in SHARED else import_module(f"{rules.__name__}.{mechanism}")
    return (module.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _of_equation(equation: Equation) -> Iterator[str]:
    yield f"##### {equation.name}\n\n{equation.says}\n"
    yield f"$$\n{equation.latex}\n$$\n"
    if equation.arguments:
        yield "\n".join(f"- `{argument.name}`: {argument.meaning}" for argument in equation.arguments) + "\n"
    if equation.constants:
        yield "; ".join(f"`{name}` = {plain(value)}" for name, value in equation.constants) + ".\n"


def _table(mechanism: str) -> Iterator[str]:
    """All coefficients of a mechanism, also those that only phases and first values use."""
    section = next((one for one in (mechanism, f"{mechanism}_rule") if one in Assumptions.model_fields), None)
    if section:
        yield f"Coefficients, settings of the section `assumptions.{section}`:\n"
        yield "| coefficient | value | unit | plausible | what it says |\n|---|---|---|---|---|"
        for name in Assumptions.model_fields[section].annotation.model_fields:  # type: ignore[union-attr]
            one = _coefficient(section, name)
            span = f"{plain(one.low)} to {plain(one.high)}"
            yield f"| `{one.name}` | {plain(one.value)} | {one.unit} | {span} | {one.meaning} |"
        yield ""


def markdown(mechanism: str | None = None) -> str:
    """Equations as Markdown, a section at level 4 for each mechanism: equations, arguments, a table of coefficients.

    All of them together begin with how to read them.

    Args:
        mechanism: one of `mechanisms()`; `None`: all of them.

    Raises:
        InputError: if there is no mechanism of that name.
    """
    if mechanism is not None and mechanism not in mechanisms():
        raise InputError(f"there is no mechanism '{mechanism}'{nearest(mechanism, mechanisms())}")
    parts = [] if mechanism else [f"{NOTATION}\n"]
    for name in mechanisms() if mechanism is None else (mechanism,):
        found = [equation for equation in equations() if equation.mechanism == name]
        parts.append(f"#### {name.replace('_', ' ').capitalize()}\n\n{_about(name)}\n")
        for equation in found:
            parts += _of_equation(equation)
        parts += _table(name)
    return "\n".join(parts)
