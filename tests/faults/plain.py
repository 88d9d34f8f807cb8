"""The model in plain Python: functions are left as they are, and rows have their fields as attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Row(np.void):
    """A row with its fields as attributes, as compiled code has them, even one named as something of NumPy's."""

    __getattr__ = np.void.__getitem__
    __setattr__ = np.void.__setitem__
    base = property(lambda self: self["base"])


def with_rows(kind: Any, row: type[Row] = Row) -> Any:
    """A layout with such rows, also where one lies in another."""
    if not kind.names:
        return kind
    fields = {name: (with_rows(inner, row), at) for name, (inner, at, *_) in kind.fields.items()}
    formats, offsets = zip(*fields.values(), strict=True)
    names = {"names": list(fields), "formats": list(formats), "offsets": list(offsets), "itemsize": kind.itemsize}
    return np.dtype((row, np.dtype(names)))  # type: ignore[call-overload]


def rows(name: str, table: Any) -> Any:
    """A table of the state with such rows."""
    return table.view(with_rows(table.dtype)) if table.dtype.type is np.void else table


def plain_python(seen: Callable[[str, Any], Any] = rows) -> None:
    """Let what is compiled be plain Python from now on; before anything of the model is imported.

    Args:
        seen: gives a table of the state, by its name, as functions of the day are to see it.
    """
    from simsvc.model import compiling

    def records(s: Any) -> Any:
        if isinstance(s, tuple):
            return type(s)(*map(seen, s._fields, s)) if s.p.dtype.type is np.void else s  # type: ignore[attr-defined]
        return rows("", np.array([s]))[0] if type(s) is np.void else s

    def uncompiled(function: Any, **options: Any) -> Any:
        if function.__module__ == "simsvc.model.random" and function.__name__ != "uniforms":
            return numba_jit(function, **options)  # numbers drawn are as ever
        function.py_func = function
        if "cache" not in options:
            return function

        def called(first: Any, *others: Any) -> Any:
            return function(records(getattr(first, "state", first)), *others)  # phases are given the model

        called.py_func = function  # type: ignore[attr-defined]
        called.__name__ = function.__name__
        return called

    numba_jit, compiling._jit = compiling._jit, uncompiled
    from simsvc.model import ahead

    ahead.ask_for = lambda table, row: None  # before anything takes it from there
    from simsvc.model import warm

    warm.compile_all = lambda say: None  # type: ignore[assignment]
