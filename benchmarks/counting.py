"""What a contact of the full model cannot go without: draws, mathematics and memory, counted in a run in plain Python.

Counted are blocks of random numbers, calls of `exp`, `log`, `sqrt` and `cos`, powers, and the cache lines of tables
that grow with the organisation, each once a day. `bound.py` measures what each costs. The bound that follows has no
place for sums and comparisons of the rules, for queues and events, nor for waiting for one result before the next
begins.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.machinery
import math
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

GROWING = ("customers", "due", "join_at", "tie_start", "tie", "staff", "managers", "cases", "events",
           "calendar", "ends", "ended")  # fmt: skip
"""Tables that grow with the organisation; the others stay in the cache."""
LINE = 64
"""Bytes of a cache line."""
ITEMS = {
    "random blocks": "block", "exponentials": "exp", "logarithms": "log", "powers": "pow", "roots": "sqrt",
    "cosines": "cos", "cache lines": "line", "people looked through": "person",
}  # fmt: skip
"""Items of the bound, with the names of their costs."""


class _Powers(ast.NodeTransformer):
    """Makes calls of a function of powers, so that they can be counted; but those to a number written there."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """An operation of two terms."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow) or isinstance(node.right, ast.Constant | ast.UnaryOp):
            return node
        return ast.copy_location(ast.Call(ast.Name("power", ast.Load()), [node.left, node.right], []), node)


def count_powers(power: Callable[..., Any]) -> None:
    """Let powers in modules imported from now on be calls of a function."""

    def source_to_code(data: Any, path: Any, **_: Any) -> Any:
        return compile(ast.fix_missing_locations(_Powers().visit(ast.parse(data))), path, "exec", dont_inherit=True)

    vars(builtins)["power"] = power
    sys.pycache_prefix, sys.dont_write_bytecode = os.devnull, True  # nothing that was compiled before
    importlib.machinery.SourceFileLoader.source_to_code = staticmethod(source_to_code)  # type: ignore[assignment]


def counts(customers: int, settling: int, days: int) -> dict[str, float]:
    """How often a contact of the full model needs each item, counted in plain Python. For a process of its own."""
    done: Counter[str] = Counter()
    lines: set[int] = set()
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))
    plain: Any = importlib.import_module("plain")

    class Seen(plain.Row):  # type: ignore[misc]
        """A row of which it is noted which lines are used."""

        def __getattr__(self, name: str) -> Any:
            self._note(name)
            return np.void.__getitem__(self, name)

        def __setattr__(self, name: str, value: Any) -> None:
            self._note(name)
            np.void.__setitem__(self, name, value)

        def _note(self, name: str) -> None:
            lines.add((np.frombuffer(self, np.uint8).ctypes.data + self.dtype.fields[name][1]) // LINE)

    class SeenArray(np.ndarray):  # type: ignore[type-arg]
        """Likewise an array of numbers; slices are looked through, which has an item of its own."""

        def __getitem__(self, at: Any) -> Any:
            if isinstance(at, int | np.integer):
                lines.add((self.ctypes.data + int(at) * self.itemsize) // LINE)
            return np.ndarray.__getitem__(self.view(np.ndarray), at)

    def seen(name: str, table: Any) -> Any:
        if name not in GROWING:
            return plain.rows(name, table)
        if table.dtype.names is None:
            return table.view(SeenArray)
        return table.view(plain.with_rows(table.dtype, Seen)) if table.dtype.type is np.void else table

    def counted(function: Callable[..., Any], item: str) -> Callable[..., Any]:
        def called(*values: Any) -> Any:
            done[item] += 1
            return function(*values)

        return called

    count_powers(counted(pow, "pow"))
    plain.plain_python(seen)
    from peers.full import scaled

    from simsvc.model import random as keyed
    from simsvc.model.engine import Engine

    for name in ("exponential", "normal", "lognormal"):
        setattr(keyed, name, getattr(keyed, name).py_func)
    keyed.philox(*np.zeros(6, np.uint32))  # Numba takes over functions of `math` when it compiles first
    keyed.philox = counted(keyed.philox, "block")
    for name in ("exp", "log", "sqrt", "cos"):
        setattr(math, name, counted(getattr(math, name), name))
    model = Engine(scaled(customers), "traditional", rng=1)
    for _ in range(settling):
        model.step()
    done.clear()
    for _ in range(days):
        lines.clear()
        model.step()
        done["line"] += len(lines)
    met = float(model.days["contacts"][settling:].sum())
    done["person"] = len(model.state.customers) * days
    return {name: done[name] / met for name in ITEMS.values()}
