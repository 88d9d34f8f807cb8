"""Mathematics written down: as plain text for the terminal and as LaTeX for documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from simsvc.odd.mathematics import (
    COEFFICIENTS,
    Call,
    Comparison,
    Line,
    Logic,
    Name,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
)

WIDTH = 100
"""Longest line of plain text."""
SHORT = 90
"""Longest line of LaTeX, in characters of plain text."""
BREAK = r"\\"

_OR, _AND, _NOT, _COMPARED, _SUM, _PRODUCT, _POWER, _WHOLE = range(8)


def _strength(term: Term) -> int:
    """How closely the parts of a term hold together; weaker ones are put in brackets."""
    match term:
        case Logic(word):
            return {"or": _OR, "and": _AND, "not": _NOT}[word]
        case Comparison():
            return _COMPARED
        case Number(value) if value < 0:
            return _SUM
        case Sum():
            return _SUM
        case Product() | Quotient():
            return _PRODUCT
        case Power():
            return _POWER
    return _WHOLE


def _digits(value: float) -> str:
    text = f"{value:.15g}"
    number, e, exponent = text.partition("e")
    return f"{number}e{int(exponent)}" if e else text


Written = Callable[[Term], str]


def _bracketed(written: Written, brackets: tuple[str, str]) -> Callable[[Term, int], str]:
    def inside(term: Term, least: int) -> str:
        text = written(term)
        return text if _strength(term) >= least else f"{brackets[0]}{text}{brackets[1]}"

    return inside


def _signed(terms: Iterable[tuple[bool, Term]], inside: Callable[[Term, int], str]) -> list[str]:
    """Terms with their signs; the first has none where it is added."""
    signed = [f"{'-' if minus else '+'} {inside(term, _PRODUCT)}" for minus, term in terms]
    first = signed[0]
    return [first[2:] if first[0] == "+" else f"-{first[2:]}", *signed[1:]]


def plain(term: Term) -> str:
    """A term as plain text: `min(1, a.slope · (x - y) / z)`; coefficients begin with `a.`."""
    inside = _bracketed(plain, ("(", ")"))
    match term:
        case Number(value):
            return _digits(value)
        case Name(name, kind):
            return f"{COEFFICIENTS}.{name}" if kind == "coefficient" else name
        case Sum(terms):
            return " ".join(_signed(terms, inside))
        case Product(factors):
            return " · ".join(inside(f, _POWER if isinstance(f, Quotient) else _PRODUCT) for f in factors)
        case Quotient(above, below):
            return f"{inside(above, _PRODUCT)} / {inside(below, _POWER)}"
        case Power(base, exponent):
            return f"{inside(base, _WHOLE)}^{inside(exponent, _WHOLE)}"
        case Call(name, arguments):
            return f"{name}({', '.join(map(plain, arguments))})"
        case Comparison(left, sign, right):
            return f"{inside(left, _SUM)} {sign} {inside(right, _SUM)}"
        case Logic("not", (part,)):
            return f"not {inside(part, _WHOLE)}"
        case Logic(word, parts):
            return f" {word} ".join(inside(part, _NOT) for part in parts)


_MATHEMATICS = {"min": r"\min", "max": r"\max", "exp": r"\exp", "ln": r"\ln", "cos": r"\cos"}
_FENCES = {"floor": (r"\lfloor", r"\rfloor"), "abs": (r"\lvert", r"\rvert")}
_LATEX_SIGNS = {"<": r"\lt", "≤": r"\le", ">": r"\gt", "≥": r"\ge", "=": "=", "≠": r"\ne"}
_FONTS = {"value": "mathrm", "coefficient": "mathit", "constant": "mathtt"}


def _words(name: str, font: str) -> str:
    return rf"\{font}{{{name.replace('_', chr(92) + ' ')}}}"


def latex(term: Term) -> str:
    """A term as LaTeX: arguments and steps upright, coefficients in italics, constants as on a typewriter."""
    inside = _bracketed(latex, (r"\left(", r"\right)"))
    match term:
        case Number(value):
            number, e, exponent = _digits(value).partition("e")
            return (
                f"10^{{{exponent}}}" if e and number == "1" else rf"{number} \cdot 10^{{{exponent}}}" if e else number
            )
        case Name(name, kind):
            return {"∞": r"\infty", "π": r"\pi"}.get(name) or _words(name, _FONTS[kind])
        case Sum(terms):
            return " ".join(_signed(terms, inside))
        case Product(factors):
            return r" \cdot ".join(inside(factor, _PRODUCT) for factor in factors)
        case Quotient(above, below):
            return rf"\frac{{{latex(above)}}}{{{latex(below)}}}"
        case Power(base, exponent):
            return f"{{{inside(base, _WHOLE)}}}^{{{latex(exponent)}}}"
        case Call("sqrt", (root,)):
            return rf"\sqrt{{{latex(root)}}}"
        case Call(name, (one,)) if name in _FENCES:
            begin, end = _FENCES[name]
            return rf"\left{begin} {latex(one)} \right{end}"
        case Call(name, arguments):
            called = _MATHEMATICS.get(name) or _words(name, "mathrm")
            return rf"{called}\left({', '.join(map(latex, arguments))}\right)"
        case Comparison(left, sign, right):
            return f"{inside(left, _SUM)} {_LATEX_SIGNS[sign]} {inside(right, _SUM)}"
        case Logic("not", (part,)):
            return rf"\text{{not }} {inside(part, _WHOLE)}"
        case Logic(word, parts):
            return rf" \text{{ {word} }} ".join(inside(part, _NOT) for part in parts)


def _when(place: int, condition: Term | None) -> str:
    return "otherwise" if condition is None else "if" if place == 0 else "else if"


_BREAKS = re.compile(r" (?=[-+·] |and |or )|(?<=,) ")
"""Where a line may be broken: before a sign or word, or behind a comma."""


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines short enough, broken where the fewest brackets are open."""
    if len(text) <= WIDTH:
        return [text]

    def cost(place: int) -> tuple[int, int]:
        brackets = text.count("(", 0, place) - text.count(")", 0, place)
        return 2 * brackets + {"·": 1, "-": 0, "+": 0}.get(text[place + 1], 3 if text[place - 1] == "," else 0), -place

    places = [found.start() for found in _BREAKS.finditer(text) if indent < found.start() <= WIDTH]
    if not places:
        return [text]
    best = min(places, key=cost)
    return [text[:best], *_wrapped(" " * indent + text[best + 1 :], indent)]


def as_text(lines: Iterable[Line]) -> str:
    """Lines as plain text; what goes on from the line before is indented."""
    written: list[str] = []
    for line in lines:
        if len(line.cases) == 1:
            sign = "⇔" if line.is_condition else "="
            written += _wrapped(f"{line.name} {sign} {plain(line.cases[0][0])}", 4)
            continue
        written.append(f"{line.name} =")
        values = [plain(value) for value, _ in line.cases]
        column = max((len(value) for value in values if len(value) <= WIDTH // 2), default=0)
        for place, (value, (_, condition)) in enumerate(zip(values, line.cases, strict=True)):
            when = _when(place, condition) + (f" {plain(condition)}" if condition else "")
            if len(value) <= column and column + len(when) <= WIDTH:
                written.append(f"    {value:{column}}   {when}")
            else:
                written += [*_wrapped(f"    {value}", 8), *_wrapped(f"        {when}", 12)]
    return "\n".join(written)


def _latex_cases(line: Line) -> str:
    """A line of several cases; where one is too long for its condition to stand behind it, all stand below."""
    written = [(latex(value), condition) for value, condition in line.cases]
    longest = max(len(plain(value)) for value, _ in line.cases)
    longest += max(len(plain(condition)) for _, condition in line.cases if condition)
    rows = []
    for place, (value, condition) in enumerate(written):
        when = rf"\text{{{_when(place, condition)}{' ' if condition else ''}}}"
        when += f" {latex(condition)}" if condition else ""
        rows.append(rf"{value} \\ \quad {when}" if longest + len(line.name) > SHORT else f"{value} & {when}")
    return rf"\begin{{cases}} {f' {BREAK} '.join(rows)} \end{{cases}}"


def _latex_parts(value: Term, room: int) -> list[str]:
    """What fits on a line each: a term as a whole, or its outermost terms or factors."""
    inside = _bracketed(latex, (r"\left(", r"\right)"))
    if len(plain(value)) <= room or not isinstance(value, Sum | Product):
        return [latex(value)]
    if isinstance(value, Sum):
        return _signed(value.terms, inside)
    first, *others = (inside(factor, _PRODUCT) for factor in value.factors)
    return [first, *(rf"\cdot {other}" for other in others)]


def as_latex(lines: Sequence[Line]) -> str:
    """Lines as LaTeX, aligned at their sign, without the dollars around."""
    written: list[str] = []
    widest = max(len(line.name) for line in lines)
    for line in lines:
        name = _words(line.name, "mathrm")
        if len(line.cases) > 1:
            written.append(f"{name} &= {_latex_cases(line)}")
            continue
        value = line.cases[0][0]
        sign = r"\Longleftrightarrow" if line.is_condition else "="
        first, *others = _latex_parts(value, SHORT - widest)
        written += [f"{name} &{sign} {first}", *(rf"&\quad {{}} {other}" for other in others)]
    return "\\begin{aligned}\n" + f" {BREAK}\n".join(written) + "\n\\end{aligned}"
