"""Mutates rules and day code one place at a time and says which mutants no test notices.

    python tests/faults/mutate_rules.py                               # all of model/rules and model/day: an hour
    python tests/faults/mutate_rules.py --module day --sample 200 --seed 1

Compiled code gets along with no well-kept mutation tool (each mutant would be compiled anew, and tests started anew),
so here everything runs in plain Python, in one process: tests are collected once, and each mutant is the byte code of
one function, or the value of one constant, exchanged while they run until one fails.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import io
import random
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from plain import plain_python

HERE = Path(__file__).resolve()
MODEL = HERE.parents[2] / "simsvc" / "model"
TESTS = {"rules": ["tests/model/rules"], "day": ["tests/model/day"]}
PATIENCE = 3.0  # times the processor's time of all tests; a mutant that takes longer is caught: it hangs

SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What a slip of the pen could make of one node of the source."""

    def other(**changes: Any) -> ast.AST:
        new = copy.copy(node)
        for name, value in changes.items():
            setattr(new, name, value)
        return new

    match node:
        case ast.BinOp(left, op, right):
            yield other(op=SWAPPED[type(op)]())
            if isinstance(op, ast.Add | ast.Sub | ast.Mult):
                one = isinstance(op, ast.Mult) and 1.0 in [getattr(side, "value", None) for side in (left, right)]
                yield from () if one else (left, right)
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield other(ops=[SWAPPED[type(op)]()])
            if not isinstance(op, ast.Eq | ast.NotEq):
                yield ast.UnaryOp(ast.Not(), node)
        case ast.BoolOp(op, values):
            yield other(op=SWAPPED[type(op)]())
            yield from values
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield operand
        case ast.Constant(float() | int() as value) if not isinstance(value, bool):
            smaller = value / 2 if isinstance(value, float) else value - 1
            yield from (ast.Constant(new) for new in sorted({2 * value, smaller, value + 1} - {value}))
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Call(ast.Name("min" | "max" as name), [first, second]):
            yield other(func=ast.Name("max" if name == "min" else "min", ast.Load()))
            yield from (first, second)
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.If(test=test):
            yield other(test=ast.UnaryOp(ast.Not(), test))
        case ast.AugAssign(target, op, value):
            yield other(op=SWAPPED[type(op)]())
            yield ast.Assign([target], value)
            yield ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript()]) | ast.Expr(ast.Call()):
            yield ast.Pass()


@dataclass(frozen=True)
class Mutant:
    """One place of one module, changed."""

    module: str
    function: str
    line: int
    before: str
    after: str
    statement: ast.stmt

    def __str__(self) -> str:
        return f"{self.module.replace('.', '/')}.py:{self.line}: {self.before}  ->  {self.after}"

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Functions have the byte code, and constants the value, of the mutant for a while."""
        module = sys.modules[self.module]
        space = dict(vars(module))
        if isinstance(self.statement, ast.FunctionDef):
            self.statement.decorator_list = []
        exec(compile(ast.Module([self.statement], []), self.module, "exec"), space)
        changed = []
        for name, new in space.items():
            old = getattr(module, name, None)
            if isinstance(new, types.FunctionType) and new is not old:
                changed.append((old.py_func, "__code__", old.py_func.__code__))  # type: ignore[union-attr]
                old.py_func.__code__ = new.__code__  # type: ignore[union-attr]
            elif isinstance(new, float | int) and new != old:
                for user in [m for n, m in sys.modules.items() if n.startswith("simsvc.model.")]:
                    if getattr(user, name, None) == old:
                        changed.append((user, name, old))
                        setattr(user, name, new)
        yield
        for owner, name, old in changed:
            setattr(owner, name, old)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """All mutants of a source file."""
    module = ".".join(path.relative_to(MODEL.parents[1]).with_suffix("").parts)
    tree = ast.parse(path.read_text("utf-8"))
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.Assign):
            continue
        function = getattr(statement, "name", "")
        left_alone = [part for part in ast.walk(statement) if isinstance(part, ast.arguments)]
        for part in [statement] if function else []:
            left_alone += [part.returns, *part.decorator_list]
        left_alone = {id(part) for whole in left_alone if whole for part in ast.walk(whole)}
        for parent in list(ast.walk(statement)):
            for name, value in ast.iter_fields(parent):
                for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                    one_row = name == "slice" and isinstance(node, ast.Constant)  # s.p[0]: there is no other
                    if isinstance(node, ast.AST) and id(node) not in left_alone and not one_row:
                        for new in variants(node):
                            yield _mutant(module, function, statement, parent, name, place, new)


def _mutant(
    module: str, function: str, statement: ast.stmt, parent: Any, name: str, place: int | None, new: ast.AST
) -> Mutant:
    value = getattr(parent, name)
    old = value if place is None else value[place]
    ast.fix_missing_locations(ast.copy_location(new, old))
    if place is None:
        setattr(parent, name, new)
    else:
        value[place] = new
    changed = copy.deepcopy(statement)
    if place is None:
        setattr(parent, name, old)
    else:
        value[place] = old
    return Mutant(module, function, old.lineno, _text(old), _text(new), changed)


def _text(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


MOST = 20.0
"""Seconds of the processor that a test may take without a mutant; in plain Python months of days take minutes."""


class Hangs(BaseException):
    """A mutant takes too long."""


def hangs(*_: Any) -> None:
    """Called by the alarm."""
    raise Hangs


class Trials:
    """In the place of pytest's loop over tests: a loop over mutants."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.survivors: list[Mutant] = []
        self.killers: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests without a mutant, which they must pass, and then with each."""
        signal.signal(signal.SIGVTALRM, hangs)
        items, longest = [], 0.0
        for item in session.items:
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
            failing = self._first_failure([item])
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if failing and not left:  # the alarm has rung; clocks of the processor differ by some ticks
                print(f"left out, longer than {MOST:.0f} s in plain Python: {item.nodeid}", flush=True)
            elif failing:
                said = f"without any mutant fails in plain Python: {failing}"
                pytest.exit(said, returncode=pytest.ExitCode.TESTS_FAILED)
            else:
                items.append(item)
                longest += PATIENCE * (time.process_time() - begun)
        for mutant in self.mutants:
            place = f"{mutant.module} {mutant.function} "
            file = f"/test_{mutant.module.split('.')[-1]}.py"

            def unlikely(item: pytest.Item, mutant: Mutant = mutant, place: str = place, file: str = file) -> Any:
                test = item.nodeid
                return -self.killers[place + test], mutant.function not in test, file not in test, self.seconds[test]

            items.sort(key=unlikely)
            signal.setitimer(signal.ITIMER_VIRTUAL, longest)
            with mutant.installed():
                killer = self._first_failure(items)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if killer:
                self.killers[place + killer] += 1
            else:
                self.survivors.append(mutant)
            print(f"{'killed  ' if killer else 'SURVIVED'}  {mutant}", flush=True)
        return True

    def _first_failure(self, items: list[pytest.Item]) -> str:
        """The first test that fails; empty if none does."""
        try:
            for item in items:
                reports = runtestprotocol(item, log=False)
                self.seconds[item.nodeid] = sum(report.duration for report in reports)
                if any(report.failed for report in reports):
                    return item.nodeid
        except Hangs:
            return "hangs"
        return ""


def main() -> None:
    """Mutants as asked for, in the order of the source."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--module", default="", help="part of a path under simsvc/model, such as rules or day/staff")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random, instead of all")
    parser.add_argument("--seed", type=int, default=1, help="of that draw")
    options = parser.parse_args()
    plain_python()
    for kind, tests in TESTS.items():
        paths = [path for path in sorted((MODEL / kind).glob("*.py")) if options.module in str(path.relative_to(MODEL))]
        mutants = [mutant for path in paths for mutant in mutants_of(path)]
        if options.sample and options.sample < len(mutants):
            drawn = random.Random(options.seed).sample(range(len(mutants)), options.sample)
            mutants = [mutants[k] for k in sorted(drawn)]
        if not mutants:
            continue
        trials = Trials(mutants)
        with contextlib.redirect_stderr(io.StringIO()):
            alone = ["-k", "not printed"]  # equations are printed from the source, which a mutant leaves as it is
            ended = pytest.main(["-n0", "-q", "-p", "no:cacheprovider", "-s", *alone, *tests], plugins=[trials])
        if ended not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):  # no mutant was tried, or not all
            raise SystemExit(f"model/{kind}: the tests do not run in plain Python; nothing is known of the mutants")
        killed = len(mutants) - len(trials.survivors)
        print(f"model/{kind}: {killed} of {len(mutants)} mutants killed, {100 * killed / len(mutants):.1f} %")
        for mutant in trials.survivors:
            print(f"  survived: {mutant}")


if __name__ == "__main__":
    main()
