"""Reads and evaluates the equations that `simsvc.odd` writes, as somebody would who has nothing but the page."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Value = Any
Formula = Callable[[dict[str, Value]], Value]

TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?(?:e-?\d+)?|[A-Za-z_∞π][\w.]*|[-+·/^(),<≤>≥=≠⇔])")
SIGNS = {"<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge, "=": operator.eq, "≠": operator.ne}


def exponential(x: Value) -> Value:
    """Infinity where it is too large, as numbers of the usual kind have it."""
    return math.exp(x) if x < 700.0 else math.inf


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "min": min, "max": max, "exp": exponential, "ln": math.log, "sqrt": math.sqrt, "floor": math.floor, "abs": abs,
    "cos": math.cos, "clip": lambda x, low, high: min(max(x, low), high),
}  # fmt: skip
CONSTANTS = {"∞": math.inf, "π": math.pi}
UNDEFINED = "undefined"
ENDS = ("if", "else", "otherwise")


class Reader:
    """One expression, read from the left; the usual order of operations."""

    def __init__(self, text: str, functions: Mapping[str, Callable[..., Value]]) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text), f"not all of it is read: {text}"
        self.functions = functions
        self.at = 0

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.next()
        assert not expected or token in expected, f"{token} where {expected} is expected: {self.tokens}"
        self.at += 1
        return token

    def chain(self, part: Callable[[], Formula], signs: Mapping[str, Callable[[Value, Value], Value]]) -> Formula:
        value = part()
        while self.next() in signs:
            value = combined(signs[self.take()], value, part())
        return value

    def condition(self) -> Formula:
        return self.chain(self.conjunction, {"or": lambda x, y: x or y})

    def conjunction(self) -> Formula:
        return self.chain(self.denial, {"and": lambda x, y: x and y})

    def denial(self) -> Formula:
        if self.next() == "not":
            self.take()
            part = self.denial()
            return lambda known: not part(known)
        return self.chain(self.sum, SIGNS)

    def sum(self) -> Formula:
        return self.chain(self.product, {"+": operator.add, "-": operator.sub})

    def product(self) -> Formula:
        return self.chain(self.signed, {"·": operator.mul, "/": operator.truediv})

    def signed(self) -> Formula:
        if self.next() == "-":
            self.take()
            part = self.signed()
            return lambda known: -part(known)
        base = self.whole()
        if self.next() == "^":
            self.take()
            return combined(operator.pow, base, self.signed())
        return base

    def whole(self) -> Formula:
        token = self.take()
        if token == "(":
            inside = self.condition()
            self.take(")")
            return inside
        if token[0].isdigit():
            return lambda known: float(token)
        if self.next() != "(":
            return lambda known: known[token]
        self.take("(")
        arguments = [self.condition()]
        while self.take(",", ")") == ",":
            arguments.append(self.condition())
        return lambda known: self.functions[token](*(argument(known) for argument in arguments))


def combined(operation: Callable[[Value, Value], Value], left: Formula, right: Formula) -> Formula:
    return lambda known: operation(left(known), right(known))


class Page:
    """Equations by name, as they are printed; `used`: the cases of their lines that were taken since it was cleared."""

    def __init__(self) -> None:
        self.equations: dict[str, list[tuple[str, list[tuple[Formula, Formula | None]]]]] = {}
        self.arguments: dict[str, list[str]] = {}
        self.functions = dict(FUNCTIONS)
        self.used: set[tuple[str, str, int]] = set()

    def print(self, name: str, arguments: list[str], text: str) -> None:
        """Put an equation on the page: lines at the margin begin a name, indented ones go on, or hold its cases."""
        self.arguments[name] = arguments
        lines = []
        for block in re.split(r"\n(?=\S)", text):
            named, _, value = re.split(r" ([=⇔])", block, maxsplit=1)
            cases = re.split(r"\n    (?=\S)", value)[1:] if value.startswith("\n") else [value]
            lines.append((named, [self.case(case) for case in cases]))
        assert lines[-1][0] == name
        self.equations[name] = lines
        self.functions[name] = lambda *values: self.value(name, dict(zip(arguments, values, strict=True)))

    def case(self, text: str) -> tuple[Formula, Formula | None]:
        reader = Reader(text, self.functions)
        value, when = reader.condition(), None
        if reader.next() in ENDS:
            if reader.take(*ENDS) == "else":
                reader.take("if")
            when = reader.condition() if reader.next() else None
        assert reader.next() == "", f"more than a case: {text}"
        return value, when

    def value(self, name: str, given: Mapping[str, Value]) -> Value:
        """What an equation gives for these arguments, coefficients and constants, line by line."""
        known = {**CONSTANTS, **given}
        for line, cases in self.equations[name]:
            try:
                taken = next(k for k, (_, when) in enumerate(cases) if when is None or when(known))
                known[line] = cases[taken][0](known)
                self.used.add((name, line, taken))
            except (ZeroDivisionError, ValueError):  # which is no harm where nothing uses it
                known[line] = UNDEFINED
        return known[name]

    def cases(self, name: str) -> set[tuple[str, str, int]]:
        """All cases of all lines of an equation."""
        return {(name, line, k) for line, cases in self.equations[name] for k in range(len(cases))}


LATEX = re.compile(r"\\[A-Za-z]+|\\.|[{}^]|[^\\{}^]+")
PLAIN = {r"\cdot": "·", r"\lt": "<", r"\le": "≤", r"\gt": ">", r"\ge": "≥", r"\ne": "≠", r"\infty": "∞", r"\pi": "π"}
PLAIN |= {r"\Longleftrightarrow": "⇔", r"\quad": " ", r"\\": "\n   ", r"\ ": "_", r"\left": "", r"\right": ""}
PLAIN |= {r"\lfloor": "floor(", r"\rfloor": ")", r"\lvert": "abs(", r"\rvert": ")"}
PLAIN |= {rf"\{name}": name for name in ("min", "max", "exp", "ln", "cos")}


def from_latex(latex: str) -> str:
    """What LaTeX says, in the way plain text is written."""
    inner = latex.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    lines = [_Latex(line).read() for line in inner.split(" \\\\\n")]
    text = "\n".join(re.sub(r" *&(?=[=⇔])", " ", line).replace("&", "    ") for line in lines)
    return re.sub("= +\n", "=\n", text)


class _Latex:
    def __init__(self, text: str) -> None:
        self.tokens = LATEX.findall(text)
        self.at = 0

    def group(self) -> str:
        """What stands in braces."""
        assert self.tokens[self.at] == "{"
        self.at += 1
        inside = self.read()
        self.at += 1
        return inside

    def read(self) -> str:
        """Up to a closing brace or the end."""
        text = ""
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            token = self.tokens[self.at]
            if token == "{":
                inside = self.group()
                text += f"({inside})" if inside else ""
                continue
            self.at += 1
            if token == r"\frac":
                text += f"(({self.group()}) / ({self.group()}))"
            elif token == r"\sqrt":
                text += f"sqrt({self.group()})"
            elif token in (r"\mathrm", r"\mathtt", r"\text"):
                text += self.group()
            elif token == r"\mathit":
                text += f"a.{self.group()}"
            elif token == r"\begin":
                self.group()
                text += "\n   "
            elif token == r"\end":
                self.group()
            else:
                text += PLAIN[token] if token[0] == "\\" else token
        return text
