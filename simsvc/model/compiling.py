"""How rules and phases become machine code, and how a user's rule takes the place of one of ours.

The decorators of this module are the only way in this package to compile a function. They do three
things beyond `numba.njit`:

* the disk cache lies in a folder named by a hash of this package's compiled sources, because
  Numba itself does not notice a change in a function called from another file;
* it keeps a list of what is compiled, so that `substitute` can rebuild exactly the functions that
  reach a replaced rule, and nothing else; these have a folder of their own in the disk cache, named
  by a hash of what the user's rules say (`kept_as`);
* no two functions have the same symbol, whichever processes compiled them: Numba finds code by name, and
  numbers the functions of each process to make names;
* it releases the interpreter lock, so that runs in threads use all cores.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import functools
import hashlib
import importlib
import inspect
import os
import pkgutil
import re
import secrets
import shutil
import sys
import tempfile
import textwrap
import threading
import time
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from llvmlite.binding import get_host_cpu_name
from numba.core.bytecode import FunctionIdentity
from numba.core.dispatcher import Dispatcher

from simsvc.errors import InputError, nearest
from simsvc.model.handing import with_wide_numbers
from simsvc.model.saying import globals_used, said_by

F = TypeVar("F", bound=Callable[..., Any])

# of a phase and the same phase under own rules, one compiled by an earlier process, Numba would run either for both
FunctionIdentity._unique_ids = iter(lambda: secrets.randbits(63), None)  # type: ignore[assignment]

_MODEL = Path(__file__).parent
_CALENDAR = "scenario/calendar.py"
"""File of the package with constants that compiled code takes over as they are."""
_INTERPRETED = ("agents.py", "engine.py", "phases.py", "warm.py")
"""Files of the model that neither hold compiled code nor anything that compiled code uses."""
COEFFICIENTS = "a"
"""Name of the last argument of a rule that has coefficients: those of its mechanism."""
_ours: dict[str, Dispatcher] = {}
"""Every function of the package compiled so far, by its unique name."""
_options: dict[str, dict[str, Any]] = {}
"""How each was compiled."""
_one_folder_at_a_time = threading.Lock()
"""Numba has one setting for the folder of all functions: threads with other rules must not come in between."""
MOST_KEPT = 8
"""Sets of own rules whose compiled code stays on the disk: those used last."""
RECENT = 86_400.0
"""Seconds for which code of further sets stays after their last use: another process may be writing there."""
_KEPT = "own-"
"""Begins the names of their folders."""


def cache_home() -> Path:
    """Where compiled code of all versions is to be kept: the user's cache folder, or what `SIMSVC_CACHE_DIR` names."""
    return Path(os.environ.get("SIMSVC_CACHE_DIR") or platformdirs.user_cache_dir("simsvc"))


@functools.cache
def cache_folder() -> Path:
    """Where compiled code of exactly this version of the sources is kept.

    A private folder, removed when the program ends, should the cache not be writable: Numba would fall back to
    `__pycache__`, where no hash of the sources guards against stale code.
    """
    name = _fingerprint(_compiled_sources(), numba.__version__)
    try:
        (cache_home() / name).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache_home() / name):
            return cache_home() / name
    except OSError:
        home = tempfile.mkdtemp(prefix="simsvc-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        (Path(home) / name).mkdir()
        return Path(home) / name


def _compiled_sources() -> list[Path]:
    return [_MODEL.parent / _CALENDAR, *(source for source in _MODEL.rglob("*.py") if source.name not in _INTERPRETED)]


@functools.cache
def model_version() -> str:
    """A fingerprint (16 hexadecimal digits) of the sources that turn a configuration into days.

    Runs of the same resolved configuration and luck under the same version give the same days. Settings and
    presets are not part of it: the resolved configuration stands for them. Neither are the metrics, each of
    which is known by itself: see `simsvc.runs.metrics.definitions`.
    """
    return _fingerprint([_MODEL.parent / _CALENDAR, *_MODEL.rglob("*.py")])


def _fingerprint(sources: Iterable[Path], besides: str = "") -> str:
    digest = hashlib.sha256(besides.encode())
    named = {source.relative_to(_MODEL.parent).as_posix(): source for source in sources}
    for name in sorted(named):
        digest.update(name.encode())
        digest.update(named[name].read_text("utf-8").encode())  # the same whatever ends a line on this system
    return digest.hexdigest()[:16]


def is_compiled_before() -> bool:
    """Whether machine code of these sources is on disk as a whole."""
    return _note().exists()


def note_compiled() -> None:
    """Note that everything has been compiled."""
    with contextlib.suppress(OSError):
        _note().touch()


def _note() -> Path:
    """A note that all is compiled; of everything by which Numba tells whether it may take code from the disk.

    That is, besides content: where files lie, when they were written, Python and processor.
    """
    files = [f"{source} {source.stat().st_mtime_ns}" for source in sorted(_compiled_sources())]
    known = "\n".join([str(sys.implementation.cache_tag), get_host_cpu_name(), *files])
    return cache_folder() / f"complete-{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def _jit(
    function: Callable[..., Any], *, cache: bool = False, kept: str = "", allocates: bool = False, **options: Any
) -> Dispatcher:
    options = {"nogil": True, "error_model": "numpy", **options}
    if not allocates:
        # Without Numba's runtime no reference is counted: every call that passes the state would
        # otherwise count one for each of its arrays, which doubles the time of a day.
        options["_nrt"] = False
    if not cache:
        return with_wide_numbers(numba.njit(**options)(function))
    with _one_folder_at_a_time:
        before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
        numba.config.CACHE_DIR = str(cache_folder() / kept)  # type: ignore[attr-defined]
        try:
            return with_wide_numbers(numba.njit(cache=True, **options)(function))
        finally:
            numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def rule(function: F) -> F:
    """Compile a rule: a function of numbers that anybody may call, and may replace by an own one."""
    return _register(function, {"no_cfunc_wrapper": True})


def compiled(function: F) -> F:
    """Compile a function that only compiled code calls; it may change arrays but not make new ones."""
    return _register(function, {"no_cpython_wrapper": True, "no_cfunc_wrapper": True})


def entry(function: F) -> F:
    """Compile a function that Python calls, such as a phase, on first use; keep the code on disk."""
    return _register(function, {"cache": True, "no_cfunc_wrapper": True})


def entry_allocating(function: F) -> F:
    """As `entry`, for the few functions that make new arrays."""
    return _register(function, {"cache": True, "allocates": True, "no_cfunc_wrapper": True})


def _register(function: Any, options: dict[str, Any]) -> Any:
    name = function.__name__
    if name in _ours:
        raise RuntimeError(f"two compiled functions are called {name}")
    _ours[name] = _jit(function, **options)
    _options[name] = options
    return _ours[name]


def rule_names() -> list[str]:
    """Names of the rules that `substitute` can replace, in alphabetical order."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent / "rules")]):
        importlib.import_module(f"{__package__}.rules.{module.name}")  # whoever asks first finds all of them
    return sorted(n for n, f in _ours.items() if ".rules." in f.py_func.__module__)


def our_rule(name: str) -> Dispatcher:
    """Our rule of that name, to be called from Python."""
    return _ours[name]


def called_alone(function: Callable[..., Any]) -> Dispatcher:
    """A user's rule compiled as `substitute` compiles it, to be called from Python."""
    if isinstance(function, Dispatcher):
        return function
    # as it is now: what it uses may be another thing by the time it is compiled
    here, name = dict(function.__globals__), function.__name__
    return _jit(
        types.FunctionType(function.__code__, here, name, function.__defaults__, function.__closure__), allocates=True
    )


def _arguments(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(getattr(function, "py_func", function)).parameters


def kept_as(rules: Mapping[str, Callable[..., Any]], columns: Sequence[str] = ()) -> str:
    """Name of the folder for code compiled under a user's rules, by what they say, all that they use, and their module.

    Two sets of rules with the same name compile to the same code. Empty, and nothing is kept, if `said_by` is.
    """
    said = said_by(rules, columns)
    if not said:
        return ""
    folder = cache_folder() / f"{_KEPT}{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        os.utime(folder)
        used = {one: one.stat().st_mtime for one in cache_folder().glob(f"{_KEPT}*")}
        for one in sorted(used, key=used.__getitem__)[:-MOST_KEPT]:
            if time.time() - used[one] > RECENT:
                shutil.rmtree(one, ignore_errors=True)
    return folder.name


def taking_coefficients(function: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """A user's rule as ours is called: where it leaves out the coefficients, it takes and ignores them."""
    if len(_arguments(function)) == len(_arguments(ours)):
        return function

    def called(*values: Any) -> Any:
        return function(*values[:-1])

    return called


def columns_wanted(
    function: Callable[..., Any], ours: Callable[..., Any], columns: Sequence[str]
) -> tuple[tuple[str, ...], bool] | None:
    """Which own columns of a customer a user's rule takes after the arguments of ours, and whether it leaves out `a`.

    None if it takes other arguments than a rule in place of ours can.
    """
    given, right = list(_arguments(function)), list(_arguments(ours))
    wanted = tuple(name for name in given if name in columns and name not in right)
    plain = len(given) - len(wanted)
    without = COEFFICIENTS in right and plain == len(right) - 1
    fits = given[plain:] == list(wanted) and (plain == len(right) or without)
    return (wanted, without) if fits else None


def _handing_over(python: Callable[..., Any], wanted: Mapping[str, tuple[tuple[str, ...], bool]]) -> types.CodeType:
    """The code of a function of the day that hands own columns of its customer to the rules that want them.

    Raises:
        InputError: if it calls such a rule and works on no customer, or on several.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(python)))
    ast.increment_lineno(tree, python.__code__.co_firstlineno - 1)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    rows = {one.arg for one in function.args.args if one.annotation and ast.unparse(one.annotation) == "CustomerRow"}
    for one in ast.walk(function):
        if isinstance(one, ast.Assign) and re.fullmatch(r"\w+ = \w+\.customers\[.*\]", ast.unparse(one)):
            rows.add(ast.unparse(one.targets[0]))
    for call in ast.walk(function):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in wanted):
            continue
        if len(rows) != 1:
            raise InputError(f"rule '{call.func.id}' is not about one customer: it can take no own columns")
        columns, without = wanted[call.func.id]
        if without:
            del call.args[-1]
        row = next(iter(rows))
        call.args += [ast.Attribute(ast.Name(row, ast.Load()), column, ast.Load()) for column in columns]
    scope = dict(python.__globals__)
    exec(compile(ast.fix_missing_locations(tree), python.__code__.co_filename, "exec"), scope)  # our own source
    code: types.CodeType = scope[function.name].__code__
    return code


def substitute(
    functions: Mapping[str, Any], rules: Mapping[str, Callable[..., Any]], columns: Sequence[str] = ()
) -> dict[str, Any]:
    """Rebuild compiled `functions` so that they call the user's `rules` instead of ours.

    Args:
        functions: compiled functions by any key, usually the phases of a day.
        rules: the user's functions by the name of the rule each replaces; plain Python functions
            of the same signature (they are compiled here) or functions compiled with Numba; the last
            argument, `a`, the coefficients of our rule, may be left out; after it may come arguments with the
            names of own columns, which are those of the customer that the rule is about.
        columns: names of own columns of customers.

    Returns:
        The functions under the same keys. Those that do not reach a replaced rule are the same
        objects as before and keep their cached code; the others are compiled anew at first use,
        and kept on the disk if `kept_as` has a name for the rules.

    Raises:
        InputError: if there is no rule of that name, or it takes other arguments.
    """
    valid = rule_names()
    wanted: dict[str, tuple[tuple[str, ...], bool]] = {}
    for name in rules:
        if name not in valid:
            raise InputError(f"there is no rule '{name}'{nearest(name, valid)}; rules: {', '.join(valid)}")
        ours, given = _arguments(_ours[name]), _arguments(rules[name])
        found = columns_wanted(rules[name], _ours[name], columns)
        if found is None:
            more = f", then own columns ({', '.join(columns)})" if columns else ""
            raise InputError(f"rule '{name}' takes {len(ours)} arguments ({', '.join(ours)}){more}, not {len(given)}")
        if found[0]:
            wanted[name] = found
    new: dict[str, Any] = {}
    kept = kept_as(rules, columns) if rules else ""
    for name, given_rule in rules.items():
        f = called_alone(given_rule)
        called = f if name in wanted else taking_coefficients(f, _ours[name])
        new[name] = f if called is f else _jit(called, allocates=True)

    def rebuilt(function: Dispatcher) -> Dispatcher:
        name = function.py_func.__name__
        if name in new:
            return new[name]
        python = function.py_func
        changed = {}
        for used in globals_used(python):
            callee = python.__globals__.get(used)
            if isinstance(callee, Dispatcher) and rebuilt(callee) is not callee:
                changed[used] = rebuilt(callee)
        if changed:
            code = _handing_over(python, wanted) if wanted.keys() & changed.keys() else python.__code__
            copy = types.FunctionType(code, {**python.__globals__, **changed}, name)
            options = _options[name]
            new[name] = _jit(copy, **{**options, "cache": bool(kept) and "cache" in options, "kept": kept})
        else:
            new[name] = function
        return new[name]

    return {key: rebuilt(f) if isinstance(f, Dispatcher) else f for key, f in functions.items()}
