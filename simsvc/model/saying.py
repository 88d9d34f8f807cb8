"""What a user's rules say, in full: compiled code is the same only if this is."""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher


def globals_used(function: Callable[..., Any] | types.CodeType) -> set[str]:
    """Global names in a function; `__code__.co_names` has those of attributes, too, such as `p.needs`."""
    return {one.argval for one in dis.get_instructions(function) if one.opname == "LOAD_GLOBAL"}


def said_by(rules: Mapping[str, Callable[..., Any]], columns: Sequence[str] = ()) -> str:
    """All that a user's rules say and use, with the modules of functions, which have to be there when they are loaded.

    Empty if they use anything that can change without being noticed here, such as a module of the user's.
    """
    try:
        return repr([columns, [(name, _said_function(rules[name], ())) for name in sorted(rules)]]) if rules else ""
    except (LookupError, AttributeError, ValueError):  # the last: a closure's variable that has no value yet
        return ""


def _said(value: Any, within: tuple[Any, ...]) -> Any:
    """What a value means to compiled code, as plain data.

    Raises:
        LookupError: for anything that can change without changing this.
    """
    plain = value is None or isinstance(value, bool | int | float | complex | str | bytes)
    if plain or type(value).__module__.startswith("simsvc.scenario.assumptions."):
        return repr(value)
    if isinstance(value, tuple):
        return str(type(value)), getattr(value, "_fields", ()), [_said(one, within) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        return str(value.dtype), np.shape(value), value.tobytes()
    if isinstance(value, Dispatcher):
        return _said_function(value, within)
    if isinstance(value, types.CodeType):
        constants = tuple(one for one in value.co_consts if not isinstance(one, frozenset))
        if len(constants) < len(value.co_consts):
            raise LookupError
        return value.co_code, value.co_names, value.co_varnames, value.co_freevars, _said(constants, within)
    if isinstance(value, types.BuiltinFunctionType | np.ufunc) or (
        isinstance(value, types.ModuleType) and value.__name__ in ("math", "numpy")
    ):
        return getattr(value, "__module__", ""), value.__name__, np.__version__
    raise LookupError


def _said_function(function: Any, within: tuple[Any, ...]) -> Any:
    """What a rule, or a compiled function that it uses, means; another plain function may mean anything to Numba."""
    options: Any = ()
    if isinstance(function, Dispatcher):
        fixed = () if function._can_compile else function.nopython_signatures  # type: ignore[attr-defined]
        options = sorted(map(repr, [*function.targetoptions.items(), *function.locals.items()])), repr(fixed)
        function = function.py_func
    if function in within:
        return within.index(function)
    if function.__module__ not in sys.modules:
        raise LookupError
    within = (*within, function)
    codes = [function.__code__]
    for code in codes:  # grows
        codes += [one for one in code.co_consts if isinstance(one, types.CodeType)]
    names = sorted(set().union(*map(globals_used, codes)))
    used = tuple((name, function.__globals__[name]) for name in names if name in function.__globals__)
    cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
    means = [_said(one, within) for one in (function.__code__, function.__defaults__, used, cells)]
    return function.__module__, options, means
