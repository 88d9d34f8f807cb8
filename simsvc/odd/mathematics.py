"""Mathematics from the source of a function, in one form that `simsvc.odd.writing` writes down.

No formula is typed a second time. A function that is read here consists of assignments, choices and returns; what a
formula cannot say (a loop, a name that is given two values, a choice in the middle of a term) is an error that names
the function and the line, so that the source is written more plainly instead.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

COEFFICIENTS = "a"


@dataclass(frozen=True)
class Number:
    """A number that stands in the formula."""

    value: float


@dataclass(frozen=True)
class Name:
    """An argument or step, a coefficient of the mechanism, or a constant of the model."""

    name: str
    kind: Literal["value", "coefficient", "constant"]


@dataclass(frozen=True)
class Sum:
    """Terms, each with whether it is taken away."""

    terms: tuple[tuple[bool, Term], ...]


@dataclass(frozen=True)
class Product:
    """Two factors or more."""

    factors: tuple[Term, ...]


@dataclass(frozen=True)
class Quotient:
    """What is divided, and by what."""

    above: Term
    below: Term


@dataclass(frozen=True)
class Power:
    """A base and its exponent."""

    base: Term
    exponent: Term


@dataclass(frozen=True)
class Call:
    """A function of numbers: one of mathematics, or another rule by name."""

    name: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True)
class Comparison:
    """Whether one number is larger than, as large as or smaller than another."""

    left: Term
    sign: str
    right: Term


@dataclass(frozen=True)
class Logic:
    """Conditions joined by `and` or `or`; one alone is denied."""

    word: Literal["and", "or", "not"]
    parts: tuple[Term, ...]


Term = Number | Name | Sum | Product | Quotient | Power | Call | Comparison | Logic
Case = tuple[Term, Term | None]
"""A value and its condition; none: otherwise."""


@dataclass(frozen=True)
class Line:
    """A name and its value: the first of these cases whose condition holds."""

    name: str
    cases: tuple[Case, ...]

    @property
    def is_condition(self) -> bool:
        """Whether the value is true or false."""
        return isinstance(self.cases[0][0], Comparison | Logic)


_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.Eq: "=", ast.NotEq: "≠",
}  # fmt: skip
_FUNCTIONS = {"math.exp": "exp", "math.log": "ln", "math.sqrt": "sqrt", "math.floor": "floor", "int": "floor"}
_FUNCTIONS |= {"min": "min", "max": "max", "abs": "abs", "math.cos": "cos"}
_CONSTANTS = {"math.inf": "∞", "math.pi": "π"}


class _Reader:
    """Reads one function; `known` are the names that it finds outside itself."""

    def __init__(self, function: ast.FunctionDef, known: Mapping[str, Any]) -> None:
        self.function = function
        self.known = known
        self.lines: dict[str, Line] = {}
        self.arguments = {argument.arg for argument in function.args.args}

    def error(self, node: ast.AST, why: str) -> ValueError:
        line = getattr(node, "lineno", 0)
        return ValueError(f"{self.function.name}, line {line}: {why}: {ast.unparse(node)}")

    def read(self) -> tuple[Line, ...]:
        result = Line(self.function.name, self.outcomes(self.function.body))
        return (*self.lines.values(), result)

    def outcomes(self, statements: list[ast.stmt]) -> tuple[Case, ...]:
        """What these statements return, and when; the lines they need on the way are noted."""
        for place, statement in enumerate(statements):
            match statement:
                case ast.Expr(ast.Constant(str())):
                    continue
                case ast.Assign([ast.Name(name)], value):
                    if name in self.lines or name in self.arguments:
                        raise self.error(statement, "a name with two values")
                    self.lines[name] = Line(name, self.choice(value))
                case ast.If(test, body, orelse):
                    condition = self.term(test)
                    then = self.outcomes(body)
                    return _guarded(condition, then) + self.outcomes([*orelse, *statements[place + 1 :]])
                case ast.Return(ast.expr() as value):
                    return self.choice(value)
                case _:
                    raise self.error(statement, "no formula says this")
        raise self.error(self.function, "a way through it returns nothing")

    def choice(self, node: ast.expr) -> tuple[Case, ...]:
        """The cases of an expression, which may be a choice as a whole."""
        if isinstance(node, ast.IfExp):
            return _guarded(self.term(node.test), self.choice(node.body)) + self.choice(node.orelse)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
            return self.choice(node.args[0])
        return ((self.term(node), None),)

    def term(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant(bool()) | ast.IfExp():
                raise self.error(node, "a choice in the middle of a term")
            case ast.Constant(int() | float() as value):
                return Number(float(value))
            case ast.Name() | ast.Attribute():
                return self.name(node)
            case ast.UnaryOp(ast.USub(), operand):
                inner = self.term(operand)
                return Number(-inner.value) if isinstance(inner, Number) else Sum(((True, inner),))
            case ast.UnaryOp(ast.Not(), operand):
                return Logic("not", (self.term(operand),))
            case ast.BoolOp(op, values):
                return Logic("and" if isinstance(op, ast.And) else "or", tuple(self.term(value) for value in values))
            case ast.Compare(left, [op], [right]) if type(op) in _SIGNS:
                return Comparison(self.term(left), _SIGNS[type(op)], self.term(right))
            case ast.BinOp(left, op, right):
                return self.operation(node, op, self.term(left), self.term(right))
            case ast.Call(function, arguments, []):
                return self.call(ast.unparse(function), tuple(self.term(argument) for argument in arguments), node)
        raise self.error(node, "no formula says this")

    def name(self, node: ast.Name | ast.Attribute) -> Term:
        text = ast.unparse(node)
        if text in _CONSTANTS:
            return Name(_CONSTANTS[text], "constant")
        if isinstance(node, ast.Name):
            if text in self.arguments or text in self.lines:
                return Name(text, "value")
            if isinstance(self.known.get(text), int | float):
                return Name(text, "constant")
        elif isinstance(node.value, ast.Name) and node.value.id == COEFFICIENTS:
            return Name(node.attr, "coefficient")
        raise self.error(node, "an unknown name")

    def operation(self, node: ast.expr, op: ast.operator, left: Term, right: Term) -> Term:
        match op:
            case ast.Add():
                return Sum((*_terms(left), *_terms(right)))
            case ast.Sub():
                return Sum((*_terms(left), (True, right)))
            case ast.Mult():
                return _product((*_factors(left), *_factors(right)))
            case ast.Div() if isinstance(left, Quotient):
                return Quotient(left.above, _product((*_factors(left.below), *_factors(right))))
            case ast.Div() if _is_negative(left):
                return Sum(((True, Quotient(_terms(left)[0][1], right)),))
            case ast.Div():
                return Quotient(left, right)
            case ast.Pow():
                return Power(left, right)
        raise self.error(node, "no formula says this")

    def call(self, name: str, arguments: tuple[Term, ...], node: ast.expr) -> Term:
        if name == "float":
            return arguments[0]
        inner = arguments[0] if arguments else None
        if name == "min" and len(arguments) == 2 and isinstance(inner, Call) and inner.name == "max":
            return Call("clip", (*inner.arguments, arguments[1]))
        if name not in _FUNCTIONS and not callable(self.known.get(name)):
            raise self.error(node, "an unknown function")
        return Call(_FUNCTIONS.get(name, name), arguments)


def _guarded(condition: Term, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple((value, _both(condition, further)) for value, further in cases)


def _both(first: Term, second: Term | None) -> Term:
    if second is None:
        return first
    parts: list[Term] = []
    for one in (first, second):
        parts += one.parts if isinstance(one, Logic) and one.word == "and" else (one,)
    return Logic("and", tuple(parts))


def _is_negative(term: Term) -> bool:
    return isinstance(term, Sum) and len(term.terms) == 1


def _terms(term: Term) -> tuple[tuple[bool, Term], ...]:
    return term.terms if isinstance(term, Sum) else ((False, term),)


def _factors(term: Term) -> tuple[Term, ...]:
    return term.factors if isinstance(term, Product) else (term,)


def _product(factors: Iterable[Term]) -> Term:
    """A product; a minus comes before it, and a factor twice in a row is squared."""
    plain: list[Term] = []
    minus = False
    for factor in factors:
        if _is_negative(factor):
            minus = not minus
            factor = _terms(factor)[0][1]
        if plain and plain[-1] == factor and isinstance(factor, Name):
            plain[-1] = Power(factor, Number(2.0))
        else:
            plain.append(factor)
    product = plain[0] if len(plain) == 1 else Product(tuple(plain))
    return Sum(((True, product),)) if minus else product


def names_in(part: Line | Term | None) -> Iterator[Name]:
    """Every name in a line or term, in the order of reading."""
    match part:
        case Name():
            yield part
        case Line(_, cases):
            for term in [term for case in cases for term in case]:
                yield from names_in(term)
        case Sum(terms):
            for _, term in terms:
                yield from names_in(term)
        case Product(several) | Call(_, several) | Logic(_, several):
            for term in several:
                yield from names_in(term)
        case Quotient(first, second) | Power(first, second) | Comparison(first, _, second):
            yield from names_in(first)
            yield from names_in(second)


def read(source: str, known: Mapping[str, Any]) -> tuple[Line, ...]:
    """The lines of a function, the last of which is its result.

    Args:
        source: text of the function.
        known: what it finds outside itself: constants and functions, by name.

    Raises:
        ValueError: if a part of it cannot be said as a formula.
    """
    statement = ast.parse(textwrap.dedent(source)).body[0]
    if not isinstance(statement, ast.FunctionDef):
        raise ValueError(f"not a function: {source[:60]}")
    return _Reader(statement, known).read()
